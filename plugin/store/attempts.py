"""What went wrong at a door, each time: kept until it is old, for whoever looks into a request that is parked."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from plugin.store.tables import attempts


@dataclass(frozen=True, slots=True)
class Attempt:
    """A look that failed: when, whose, and what was said."""

    at: datetime
    worker: str | None
    trouble: str


def note(tx: Connection, request_id: str, at: datetime, worker: str | None, trouble: str) -> None:
    """Keep a failure. `trouble` is shown to people: nothing secret may be in it."""
    tx.execute(insert(attempts).values(request_id=request_id, at=at, worker=worker, trouble=trouble))


def latest(tx: Connection, request_id: str, limit: int = 20) -> tuple[Attempt, ...]:
    """The last failures of a request, oldest first."""
    query = select(attempts.c.at, attempts.c.worker, attempts.c.trouble).where(attempts.c.request_id == request_id)
    rows = tx.execute(query.order_by(attempts.c.at.desc(), attempts.c.id.desc()).limit(limit)).all()
    return tuple(Attempt(row.at, row.worker, row.trouble) for row in reversed(rows))


def forget(tx: Connection, before: datetime) -> int:
    """Remove failures from before that moment; returns how many."""
    return tx.execute(delete(attempts).where(attempts.c.at < before)).rowcount
