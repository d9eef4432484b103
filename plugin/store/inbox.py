"""The inbox: every webhook as it was received, once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, and_, delete, exists, func, select, update

from plugin.store.rows import RowsInsert
from plugin.store.tables import deliveries, doors

AUTOMATION: Final = "automation"
"""The event of what an automation rule sends: an issue, and not what happened to it."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One webhook as received; `identity` is the same for every repetition of it."""

    identity: str
    event: str
    request_id: str
    request_key: str | None
    received_at: datetime
    """Aware; when we took it, not when Jira sent it."""
    retries: int
    """How often Jira says that it has tried before."""
    deleted: bool
    """This delivery says that the request was deleted."""
    body: str


def keep(tx: Connection, delivery: Delivery) -> bool:
    """Keep a delivery; False when its identity was already there (then nothing changes)."""
    return keep_all(tx, [delivery])[0]


def keep_all(tx: Connection, batch: Sequence[Delivery]) -> list[bool]:
    """Keep deliveries; tells for each what `keep` would."""
    # In the order of their identities, so that two nodes that keep the same ones do not wait for each other crosswise.
    rows = [{name: getattr(each, name) for name in Delivery.__slots__} for each in sorted(batch, key=_identity)]
    new = set(_keeping.run(tx, rows))
    kept = []
    for each in batch:
        kept.append(each.identity in new)
        # Of several with one identity, one was kept.
        new.discard(each.identity)
    return kept


def _identity(delivery: Delivery) -> str:
    return delivery.identity


_keeping = RowsInsert(
    deliveries, Delivery.__slots__, lambda new: new.on_conflict_do_nothing().returning(deliveries.c.identity)
)


def reported_deleted(tx: Connection, request_id: str) -> bool:
    """Tell whether Jira ever said that this request was deleted: what "not found" alone does not prove."""
    told = exists().where(deliveries.c.request_id == request_id, deliveries.c.deleted)
    return bool(tx.execute(select(told)).scalar_one())


def latest(tx: Connection, request_id: str, limit: int = 10) -> tuple[Delivery, ...]:
    """The last deliveries about a request that are still kept, oldest first."""
    query = select(deliveries).where(deliveries.c.request_id == request_id)
    rows = tx.execute(query.order_by(deliveries.c.received_at.desc()).limit(limit)).all()
    return tuple(Delivery(**row._mapping) for row in reversed(rows))


def by_minute(tx: Connection, since: datetime, minutes: int) -> tuple[int, ...]:
    """How many deliveries came in each of so many minutes, the first one beginning at an aware moment."""
    at, minute = deliveries.c.received_at, timedelta(minutes=1)
    # A walk along the index for each: no row is read, and no moment worked out.
    counts = [
        select(func.count())
        .where(at >= since + number * minute, at < since + (number + 1) * minute)
        .scalar_subquery()
        .label(f"minute_{number}")
        for number in range(minutes)
    ]
    return tuple(tx.execute(select(*counts)).one())


def forget(tx: Connection, before: datetime) -> int:
    """Remove worked deliveries received before `before`; returns how many were removed or emptied.

    A delivery is worked when its request has no door any more. A notice of deletion stays, without its body: it is
    the only proof that the request is gone. Keep `before` some days back, since Jira repeats for up to 75 minutes.
    """
    old = and_(deliveries.c.received_at < before, ~exists().where(doors.c.request_id == deliveries.c.request_id))
    removed = tx.execute(delete(deliveries).where(old, ~deliveries.c.deleted))
    emptied = tx.execute(update(deliveries).where(old, deliveries.c.deleted, deliveries.c.body != "").values(body=""))
    return removed.rowcount + emptied.rowcount
