"""The queue looked at from outside: for metrics, the admin's pages and the command line. Changes nothing."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, case, func, select

from plugin.store.doors import Door, claimable
from plugin.store.tables import doors


@dataclass(frozen=True, slots=True)
class Census:
    """How many doors are in which state; each open door is in exactly one."""

    due: int
    """Could be claimed now."""
    later: int
    leased: int
    parked: int
    oldest_due: datetime | None
    """Since when the first of the due ones waits."""


def census(tx: Connection, now: datetime) -> Census:
    """Count the doors at `now`."""
    due = claimable(now)
    leased = and_(~doors.c.parked, doors.c.leased_until > now)
    row = tx.execute(
        select(
            func.count(case((due, 1))).label("due"),
            func.count(case((leased, 1))).label("leased"),
            func.count(case((doors.c.parked, 1))).label("parked"),
            func.count().label("all"),
            func.min(case((due, doors.c.due))).label("oldest_due"),
        )
    ).one()
    later = row.all - row.due - row.leased - row.parked
    return Census(due=row.due, later=later, leased=row.leased, parked=row.parked, oldest_due=row.oldest_due)


def open_doors(tx: Connection, limit: int = 100) -> list[Door]:
    """Return doors that are not parked, the next one first."""
    statement = select(doors).where(~doors.c.parked).order_by(doors.c.due, doors.c.request_id).limit(limit)
    return [Door.of(row) for row in tx.execute(statement)]


def parked(tx: Connection, limit: int = 100) -> list[Door]:
    """Return doors that wait for a person, the one parked longest first."""
    statement = select(doors).where(doors.c.parked).order_by(doors.c.due, doors.c.request_id).limit(limit)
    return [Door.of(row) for row in tx.execute(statement)]


def waiting(tx: Connection, request_ids: Collection[str], parked_too: bool) -> set[str]:
    """Return which of these requests have a door; `parked_too` counts those that wait for a person."""
    statement = select(doors.c.request_id).where(doors.c.request_id.in_(request_ids))
    return set(tx.scalars(statement if parked_too else statement.where(~doors.c.parked)))
