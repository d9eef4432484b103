"""Intents to comment: recorded before a comment is sent, so that a crash in between sends it once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import uuid4

from sqlalchemy import Connection, select, update

from plugin.store.tables import replies
from plugin.store.upsert import insert_or


@dataclass(frozen=True, slots=True)
class Intent:
    """One comment to a person that has to be on the request once, and what it is there for (`causes`).

    `public`: the customer reads it; otherwise it is a note for agents. `sent`: it is known to be on the request.
    """

    id: str
    causes: tuple[str, ...]
    body: str
    public: bool
    sent: bool


def intend(
    tx: Connection,
    request_id: str,
    request_key: str,
    name: str,
    language: str,
    causes: tuple[str, ...],
    body: str,
    now: datetime,
    *,
    public: bool = True,
    after: int = 0,
) -> str | None:
    """Record that the request is to get this comment, as the next one `after` so many that are recorded for it.

    None where another worker has recorded the same after as many. A cause holds no blank.
    """
    # One statement: two workers at the same request must not both find that nobody has.
    added = insert_or(tx.dialect.name, replies).values(
        intent=uuid4().hex,
        request_id=request_id,
        request_key=request_key,
        name=name,
        language=language,
        cause=_BLANK.join((str(after), *causes)),
        body=body,
        public=public,
        created_at=now,
    )
    intent: str | None = tx.scalar(added.on_conflict_do_nothing().returning(replies.c.intent))
    return intent


def recorded(tx: Connection, request_id: str) -> tuple[Intent, ...]:
    """Every comment that the request was to get, in the order in which they were recorded."""
    rows = tx.execute(select(replies).where(replies.c.request_id == request_id).order_by(replies.c.intent))
    numbered = sorted((each for each in rows), key=lambda row: int(row.cause.partition(_BLANK)[0]))
    return tuple(
        Intent(row.intent, tuple(row.cause.split(_BLANK)[1:]), row.body, row.public, row.sent_at is not None)
        for row in numbered
    )


def sent(tx: Connection, intent: str, comment_id: str, now: datetime) -> None:
    """The comment is on the request, under this id."""
    tx.execute(update(replies).where(replies.c.intent == intent).values(sent_at=now, comment_id=comment_id))


_BLANK: Final = " "
