"""Backfills as kept: what was ordered, and which requests are still to be gone through. One is under way at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select, update

from plugin.contract.decision import Backfill
from plugin.store.tables import backfill_requests, backfills


@dataclass(frozen=True, slots=True)
class Ordered:
    """One request of a backfill. `takes_up`: on its terms; otherwise it is served already, and is only looked at."""

    request_id: str
    request_key: str
    takes_up: bool


@dataclass(frozen=True, slots=True)
class Order:
    """A backfill that was ordered over the requests that fit `jql`, on these terms."""

    id: int
    jql: str
    terms: Backfill
    begun_at: datetime


def begin(tx: Connection, jql: str, terms: Backfill, requests: Sequence[Ordered], now: datetime) -> Order:
    """Order a backfill over these requests. From now on the terms count for those that it takes up, whoever looks."""
    row = {"jql": jql, "charges": terms.charges, "replies": terms.replies, "begun_at": now}
    number = tx.execute(insert(backfills).values(row).returning(backfills.c.id)).scalar_one()
    rows = [
        {
            "backfill_id": number,
            "place": place,
            "request_id": each.request_id,
            "request_key": each.request_key,
            "takes_up": each.takes_up,
        }
        for place, each in enumerate(requests)
    ]
    if rows:
        tx.execute(insert(backfill_requests), rows)
    return Order(number, jql, terms, now)


def under_way(tx: Connection) -> Order | None:
    """The backfill that was ordered and has not ended; None where there is none."""
    row = tx.execute(select(backfills).where(backfills.c.ended_at.is_(None)).order_by(backfills.c.id)).first()
    return Order(row.id, row.jql, Backfill(row.charges, row.replies), row.begun_at) if row else None


def to_do(tx: Connection, order: Order) -> list[Ordered]:
    """The requests that it has not gone through yet, in order."""
    at = backfill_requests.c
    query = select(at.request_id, at.request_key, at.takes_up).where(at.backfill_id == order.id, at.done_at.is_(None))
    return [Ordered(*row) for row in tx.execute(query.order_by(at.place))]


def size(tx: Connection, order: Order) -> int:
    """How many requests it is over in all."""
    rows = select(func.count()).select_from(backfill_requests)
    return tx.scalar(rows.where(backfill_requests.c.backfill_id == order.id)) or 0


def terms_for(tx: Connection, request_id: str) -> Backfill | None:
    """On what terms a backfill under way is to take this request up; None where none is, or it has done so."""
    at = backfill_requests.c
    query = (
        select(backfills.c.charges, backfills.c.replies)
        .join_from(backfill_requests, backfills)
        .where(at.request_id == request_id, at.takes_up, at.done_at.is_(None))
    )
    row = tx.execute(query.limit(1)).first()
    return Backfill(*row) if row else None


def done(tx: Connection, order: Order, request_id: str, now: datetime) -> None:
    """It has gone through this request."""
    one = backfill_requests.c.backfill_id == order.id, backfill_requests.c.request_id == request_id
    tx.execute(update(backfill_requests).where(*one).values(done_at=now))


def end(tx: Connection, order: Order, now: datetime) -> None:
    """It is over. What it has taken up says so itself (`Standing.backfill`); the list of its requests goes."""
    tx.execute(delete(backfill_requests).where(backfill_requests.c.backfill_id == order.id))
    tx.execute(update(backfills).where(backfills.c.id == order.id).values(ended_at=now))
