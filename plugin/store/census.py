"""The queue looked at from outside: for metrics, the admin's pages and the command line. Changes nothing."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, case, func, or_, select

from plugin.store.doors import Door, claimable, reminds
from plugin.store.tables import doors


@dataclass(frozen=True, slots=True)
class Census:
    """How many doors are in which state; each that nobody discarded is in exactly one, but reminders still to come."""

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
    counts = select(
        func.count(case((due, 1))).label("due"),
        func.count(case((leased, 1))).label("leased"),
        func.count(case((doors.c.parked, 1))).label("parked"),
        func.count().label("all"),
        func.min(case((due, doors.c.due))).label("oldest_due"),
    )
    to_come = and_(reminds(), doors.c.due > now)
    row = tx.execute(counts.where(doors.c.discarded.is_(None), ~to_come)).one()
    later = row.all - row.due - row.leased - row.parked
    return Census(due=row.due, later=later, leased=row.leased, parked=row.parked, oldest_due=row.oldest_due)


def open_doors(tx: Connection, limit: int = 100) -> list[Door]:
    """Return doors that are neither parked nor reminders, the next one first."""
    return _read(
        tx, select(doors).where(~doors.c.parked, ~reminds()).order_by(doors.c.due, doors.c.request_id).limit(limit)
    )


def parked(tx: Connection, limit: int = 100) -> list[Door]:
    """Return doors that wait for a person, the one parked longest first."""
    statement = select(doors).where(doors.c.parked, doors.c.discarded.is_(None))
    return _read(tx, statement.order_by(doors.c.due, doors.c.request_id).limit(limit))


def in_trouble(tx: Connection, limit: int = 1000) -> list[Door]:
    """Return doors whose last look failed, and that nobody discarded: those that wait for a person first."""
    statement = select(doors).where(doors.c.trouble.is_not(None), doors.c.discarded.is_(None))
    return _read(tx, statement.order_by(doors.c.parked.desc(), doors.c.due, doors.c.request_id).limit(limit))


def discarded(tx: Connection, limit: int = 1000) -> list[Door]:
    """Return doors that a person discarded and at which nobody knocked since."""
    statement = select(doors).where(doors.c.discarded.is_not(None))
    return _read(tx, statement.order_by(doors.c.due, doors.c.request_id).limit(limit))


def door_of(tx: Connection, key_or_id: str) -> Door | None:
    """Return the door of the request with this key (in any case) or id; None where it has none."""
    named = or_(doors.c.request_id == key_or_id, func.upper(doors.c.request_key) == key_or_id.upper())
    return next(iter(_read(tx, select(doors).where(named).limit(1))), None)


def waiting(tx: Connection, request_ids: Collection[str], parked_before: datetime) -> set[str]:
    """Return which of these requests have a door that comes up by itself, or that is to be left to a person.

    That is every door but those parked since before `parked_before`, which may be tried once more, those that a worker
    has in hand, whose look may have begun before what there is to see now, and reminders, which may be days away.
    """
    again = or_(
        and_(doors.c.parked, doors.c.discarded.is_(None), doors.c.due < parked_before),
        doors.c.lease.is_not(None),
        reminds(),
    )
    return set(tx.scalars(select(doors.c.request_id).where(doors.c.request_id.in_(request_ids), ~again)))


def with_doors(tx: Connection, request_ids: Collection[str]) -> set[str]:
    """Return which of these requests have a door that is no reminder."""
    return set(tx.scalars(select(doors.c.request_id).where(doors.c.request_id.in_(request_ids), ~reminds())))


def _read(tx: Connection, statement: Select[Any]) -> list[Door]:
    return [Door.of(row) for row in tx.execute(statement)]
