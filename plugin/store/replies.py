"""Intents to reply: recorded before a comment is sent, so that a crash in between sends it once."""

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import Connection, select, update

from plugin.store.tables import replies
from plugin.store.upsert import insert_or


@dataclass(frozen=True, slots=True)
class Intent:
    """One comment to a person that has to be on the request once.

    `public`: the customer reads it; otherwise it is a note for agents. `fresh`: nobody can have sent it yet.
    """

    id: str
    body: str
    public: bool
    fresh: bool


def intend(
    tx: Connection,
    request_id: str,
    request_key: str,
    name: str,
    language: str,
    cause: str,
    body: str,
    now: datetime,
    *,
    public: bool = True,
) -> str | None:
    """Record that the request is to get this reply; None where the same cause was replied to before."""
    # One statement: two workers at the same request must not both find that nobody has.
    added = insert_or(tx.dialect.name, replies).values(
        intent=uuid4().hex,
        request_id=request_id,
        request_key=request_key,
        name=name,
        language=language,
        cause=cause,
        body=body,
        public=public,
        created_at=now,
    )
    intent: str | None = tx.scalar(added.on_conflict_do_nothing().returning(replies.c.intent))
    return intent


def pending(tx: Connection, request_id: str, fresh: str | None) -> tuple[Intent, ...]:
    """The replies not known to be sent, oldest first; `fresh` is the one that this very look has recorded."""
    query = select(replies.c.intent, replies.c.body, replies.c.public).where(
        replies.c.request_id == request_id, replies.c.sent_at.is_(None)
    )
    rows = tx.execute(query.order_by(replies.c.created_at, replies.c.intent))
    return tuple(Intent(row.intent, row.body, row.public, row.intent == fresh) for row in rows)


def sent(tx: Connection, intent: str, comment_id: str, now: datetime) -> None:
    """The reply is on the request, as this comment."""
    tx.execute(update(replies).where(replies.c.intent == intent).values(sent_at=now, comment_id=comment_id))
