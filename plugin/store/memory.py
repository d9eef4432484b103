"""What this database knows that it must know: and that it does not, once Jira shows more than it remembers.

A database that was lost, or restored from last night's back-up, does not know what it has forgotten. Jira does: each
request carries the moment of its newest decision, each balance board the number of the entry that it was shown after.
"""

from datetime import datetime
from typing import Final

from sqlalchemy import Connection, select

from plugin.store.tables import memory
from plugin.store.upsert import insert_or

_ROW: Final = 1


def gap(tx: Connection) -> str | None:
    """What Jira shows and this database does not know, and what to do about it; None where all is well.

    While there is a gap nothing is worked: whatever would be written to Jira would rest on a ledger with holes.
    """
    found: str | None = tx.scalar(select(memory.c.gap))
    return found


def found_gap(tx: Connection, sentence: str) -> None:
    """Something was found that this database should know; the first finding is kept."""
    if gap(tx) is None:
        _put(tx, gap=sentence)


def made_good(tx: Connection, until: datetime) -> None:
    """What Jira shows of the time before that aware moment is known (again), and there is no gap any more."""
    _put(tx, gap=None)
    known(tx, until)


def known(tx: Connection, until: datetime) -> None:
    """What was decided before that aware moment, and is not kept, was forgotten on purpose."""
    before = known_until(tx)
    if before is None or before < until:
        _put(tx, known_until=until)


def known_until(tx: Connection) -> datetime | None:
    """Of the time before this moment nothing is missing; None where only what is kept is known."""
    found: datetime | None = tx.scalar(select(memory.c.known_until))
    return found


def _put(tx: Connection, **values: object) -> None:
    row = insert_or(tx.dialect.name, memory).values(id=_ROW, **values)
    tx.execute(row.on_conflict_do_update(index_elements=[memory.c.id], set_=values))
