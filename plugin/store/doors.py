"""The queue: a table of doors, one row per request that somebody has to look at.

A knock says "look at this request, at `due` or before"; a worker claims a door for a lease, looks, and then closes it
or leaves it for later. Closing deletes the row. Every time is given by the caller and aware; the clocks of several
nodes have to agree to well within a lease.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    and_,
    case,
    delete,
    exists,
    false,
    func,
    literal_column,
    null,
    or_,
    select,
    true,
    update,
)

from plugin.store.rows import RowsInsert
from plugin.store.tables import decisions, doors
from plugin.store.upsert import insert_or

_FREE = {"worker": None, "lease": None, "leased_until": None}


@dataclass(frozen=True, slots=True)
class Door:
    """One request's place in the queue, as it was when it was read."""

    request_id: str
    request_key: str | None
    due: datetime
    knocks: int
    attempts: int
    """Failures in a row, a worker that never came back among them."""
    trouble: str | None
    parked: bool
    worker: str | None
    lease: str | None
    leased_until: datetime | None
    discarded: str | None
    """Who decided that a parked door is not tried any more, and why; the next knock opens it all the same."""

    @classmethod
    def of(cls, row: Row[Any]) -> "Door":
        """Read a row of the table `doors`."""
        return cls(**row._mapping)


def claimable(now: datetime) -> ColumnElement[bool]:
    """Return the condition on `doors` for "may be claimed at `now`"."""
    return and_(doors.c.due <= now, ~doors.c.parked, or_(doors.c.leased_until.is_(None), doors.c.leased_until <= now))


def knock(tx: Connection, request_id: str, request_key: str | None, at: datetime) -> None:
    """Ask for a look at `at` or before; knocks coalesce, and one at a parked or discarded door opens it again.

    A knock while a worker is inside is remembered: that worker's look may have come too early to see why.
    """
    knock_all(tx, [(request_id, request_key, at)])


def knock_all(tx: Connection, knocks: Iterable[tuple[str, str | None, datetime]]) -> None:
    """Knock at many doors (see `knock`): for each the request's id, its key where known, and when."""
    rows: dict[str, dict[str, Any]] = {}
    for request_id, key, at in knocks:
        row = rows.setdefault(request_id, _FRESH | {"request_id": request_id, "due": at})
        row["request_key"] = key or row["request_key"]
        row["due"] = min(at, row["due"])
        row["knocks"] += 1
    # In one order everywhere, so that two nodes with the same doors do not wait for each other crosswise.
    _knocking.run(tx, [rows[request_id] for request_id in sorted(rows)])


def _joined(new: Any) -> Any:
    return new.on_conflict_do_update(
        index_elements=[doors.c.request_id],
        set_={
            "request_key": func.coalesce(new.excluded.request_key, doors.c.request_key),
            "due": case((and_(doors.c.due < new.excluded.due, ~doors.c.parked), doors.c.due), else_=new.excluded.due),
            "knocks": doors.c.knocks + new.excluded.knocks,
            "attempts": case((doors.c.parked, literal_column("0")), else_=doors.c.attempts),
            "parked": false(),
            "discarded": null(),
        },
    )


_FRESH = {"request_key": None, "knocks": 0, "attempts": 0, "parked": False}
_knocking = RowsInsert(doors, ("request_id", "due", *_FRESH), _joined)


def claim(tx: Connection, worker: str, now: datetime, lease: timedelta) -> Door | None:
    """Lease the door that has been due longest, or None; one statement, so that no two workers get the same.

    A claim over a lease that ran out counts as an attempt of the worker that never came back.
    """
    oldest = select(doors.c.request_id).where(claimable(now)).order_by(doors.c.due, doors.c.request_id).limit(1)
    dead = doors.c.lease.is_not(None)
    gone = func.coalesce(doors.c.worker, "a worker") + " did not come back within its lease"
    statement = (
        update(doors)
        # SQLite has one writer and leaves the FOR UPDATE out.
        .where(doors.c.request_id == oldest.with_for_update(skip_locked=True).scalar_subquery())
        .values(
            worker=worker,
            lease=uuid4().hex,
            leased_until=now + lease,
            # Due again when the lease ends: a knock meanwhile is earlier, and a dead worker's door queues behind.
            due=now + lease,
            attempts=doors.c.attempts + case((dead, 1), else_=0),
            trouble=case((dead, gone), else_=doors.c.trouble),
        )
        .returning(*doors.c)
    )
    row = tx.execute(statement).first()
    return None if row is None else Door.of(row)


def claim_many(tx: Connection, worker: str, now: datetime, lease: timedelta, least: int, most: int) -> tuple[Door, ...]:
    """Lease up to `most` doors of requests that were decided before, and that nothing is the matter with, those first
    that have been due longest; none where there are not at least `least`. Each is as it was, but for its lease: `close`
    it, or `give_back`.
    """
    untroubled = and_(claimable(now), doors.c.lease.is_(None), doors.c.attempts == 0, doors.c.trouble.is_(None))
    decided = exists().where(decisions.c.request_id == doors.c.request_id)
    oldest = select(doors).where(untroubled, decided).order_by(doors.c.due, doors.c.request_id).limit(most)
    found = [Door.of(row) for row in tx.execute(oldest.with_for_update(skip_locked=True))]
    if len(found) < least:
        return ()
    token, until = uuid4().hex, now + lease
    ours = doors.c.request_id.in_([each.request_id for each in found])
    tx.execute(update(doors).where(ours).values(worker=worker, lease=token, leased_until=until, due=until))
    return tuple(replace(each, worker=worker, lease=token, leased_until=until) for each in found)


def enter(
    tx: Connection, request_id: str, request_key: str, worker: str, now: datetime, lease: timedelta
) -> Door | None:
    """Lease the door of this one request, due or not, and make one where there is none; None while a worker is inside.

    Nobody knocked at one that is made: `leave` it, and it is gone again. Another is as it was, but for its lease.
    """
    new = {
        "request_id": request_id,
        "request_key": request_key,
        "due": now,
        "knocks": 0,
        "attempts": 0,
        "parked": False,
    }
    made = insert_or(tx.dialect.name, doors).values(new)
    # Written as it is, so that it is locked.
    kept = made.on_conflict_do_update(index_elements=[doors.c.request_id], set_={"knocks": doors.c.knocks})
    this = doors.c.request_id == request_id
    found = Door.of(tx.execute(kept.returning(*doors.c)).one())
    if found.leased_until is not None and found.leased_until > now:
        return None
    token, until = uuid4().hex, now + lease
    tx.execute(update(doors).where(this).values(worker=worker, lease=token, leased_until=until, due=until))
    return replace(found, worker=worker, lease=token, leased_until=until)


def leave(tx: Connection, door: Door) -> bool:
    """Leave a door of `enter` as it was; False when the claim was no longer ours."""
    unknocked = and_(_ours(door), doors.c.knocks == 0)
    return bool(tx.execute(delete(doors).where(unknocked)).rowcount) or give_back(tx, door)


def give_back(tx: Connection, door: Door) -> bool:
    """Leave a door of `claim_many`, or one that `enter` found, as it was; False when the claim was no longer ours."""
    return bool(tx.execute(update(doors).where(_ours(door)).values(**_FREE, due=door.due)).rowcount)


def hold(tx: Connection, door: Door, until: datetime) -> bool:
    """Lengthen the lease of a claimed door to `until`; False when the claim is no longer ours."""
    return bool(tx.execute(update(doors).where(_ours(door)).values(leased_until=until)).rowcount)


def close(tx: Connection, door: Door) -> bool:
    """Close a claimed door, or leave it due when it was knocked since; False when the claim was no longer ours."""
    ours = _ours(door)
    if tx.execute(delete(doors).where(ours, doors.c.knocks == door.knocks)).rowcount:
        return True
    return bool(tx.execute(update(doors).where(ours).values(**_FREE, attempts=0, trouble=None)).rowcount)


def done(tx: Connection, door: Door, again: datetime | None) -> bool:
    """Close a claimed door whose request was looked at, or leave it for a look `again` at that moment though nobody
    knocks; False when the claim was no longer ours.
    """
    return close(tx, door) if again is None else later(tx, door, again)


def reminds() -> ColumnElement[bool]:
    """Return the condition on `doors` for a reminder: nobody has knocked since the last look, and all was well then."""
    return and_(doors.c.knocks == 0, doors.c.lease.is_(None), doors.c.trouble.is_(None), ~doors.c.parked)


def later(tx: Connection, door: Door, due: datetime, trouble: str | None = None, max_attempts: int | None = 8) -> bool:
    """Leave a claimed door for another look at `due`; False when the claim was no longer ours.

    Without `trouble` it is a reminder, no attempt: nobody has knocked, and it is due then all the same. A knock since
    the claim still brings the look forward. With
    `trouble` it is an attempt that failed: `due` is what the back-off asks for, and after `max_attempts` in a row
    the door is parked, unless it was knocked since. None as `max_attempts`: the request is not at fault, and the
    failure does not count as an attempt.
    """
    knocked = doors.c.knocks > door.knocks
    if trouble is None:
        values = {
            "due": case((and_(knocked, doors.c.due < due), doors.c.due), else_=due),
            "knocks": case((knocked, doors.c.knocks), else_=0),
            "attempts": 0,
        }
    elif max_attempts is None:
        values = {"due": due}
    elif door.attempts + 1 < max_attempts:
        values = {"due": due, "attempts": door.attempts + 1}
    else:
        values = {
            "due": due,
            "attempts": case((knocked, 0), else_=door.attempts + 1),
            "parked": case((knocked, false()), else_=true()),
        }
    return bool(tx.execute(update(doors).where(_ours(door)).values(**_FREE, **values, trouble=trouble)).rowcount)


def release(tx: Connection, request_id: str, at: datetime) -> bool:
    """Open a parked door by hand, with all its attempts again; False when it is not parked."""
    parked_door = and_(doors.c.request_id == request_id, doors.c.parked)
    opened = {"parked": False, "attempts": 0, "due": at, "discarded": None}
    return bool(tx.execute(update(doors).where(parked_door).values(**opened)).rowcount)


def discard(tx: Connection, request_id: str, why: str) -> bool:
    """Leave a parked door alone until somebody knocks again; False when it is not parked. `why` is kept with it."""
    parked_door = and_(doors.c.request_id == request_id, doors.c.parked)
    return bool(tx.execute(update(doors).where(parked_door).values(discarded=why)).rowcount)


def _ours(door: Door) -> ColumnElement[bool]:
    # The lease is a token used once: a worker that comes back too late matches no row.
    return and_(doors.c.request_id == door.request_id, doors.c.lease == door.lease)
