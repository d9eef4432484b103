"""How often something was tried and was wrong, counted for all processes together.

Each count begins with the first try and is over a while later: so nobody is kept out for long, whoever goes on trying.
A try counts before it is known to be wrong, so that many at once are not all let through, and is taken back when it
was right.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, case, delete, select, update

from plugin.store.tables import admin_tries
from plugin.store.upsert import insert_or

WINDOW: Final = timedelta(minutes=15)
"""How long a count lasts from its first try on."""

_AT_ONCE: Final = 1000


def admit(tx: Connection, limits: Iterable[tuple[str, int]], now: datetime) -> bool:
    """Count one more try of each of these, and say whether none has had more than it may.

    What comes behind the first that is used up is not counted: whoever is kept out uses up nobody else's tries. Name
    those that many share last, so that two nodes do not wait for each other crosswise.
    """
    admitted = all(_count(tx, what, now) <= most for what, most in limits)
    # Last, and only what nobody holds: it waits for nobody.
    over = select(admin_tries.c.what).where(admin_tries.c.since <= now - WINDOW).limit(_AT_ONCE)
    gone = over.with_for_update(skip_locked=True).scalar_subquery()
    tx.execute(delete(admin_tries).where(admin_tries.c.what.in_(gone)))
    return admitted


def take_back(tx: Connection, what: Iterable[str]) -> None:
    """Count one less of each: the try was right."""
    at = admin_tries.c
    for each in what:
        tx.execute(update(admin_tries).where(at.what == each, at.tries > 0).values(tries=at.tries - 1))


def _count(tx: Connection, what: str, now: datetime) -> int:
    at = admin_tries.c
    row = insert_or(tx.dialect.name, admin_tries).values(what=what, since=now, tries=1)
    over = at.since <= now - WINDOW
    kept = row.on_conflict_do_update(
        index_elements=[at.what],
        set_={"tries": case((over, 1), else_=at.tries + 1), "since": case((over, now), else_=at.since)},
    )
    return int(tx.execute(kept.returning(at.tries)).scalar_one())
