"""Intents to reply: recorded before a comment is sent, so that a crash in between sends it once."""

from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import uuid4

from sqlalchemy import Connection, select, update

from plugin.store.tables import replies
from plugin.store.upsert import insert_or


@dataclass(frozen=True, slots=True)
class Intent:
    """One comment to a person that has to be on the request once.

    `name` is the sort of comment, `cause` what it is said once for. `public`: the customer reads it; otherwise it is a
    note for agents. `fresh`: nobody can have sent it yet.
    """

    id: str
    name: str
    cause: str
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
    again: bool = False,
) -> str | None:
    """Record that the request is to get this comment; None where the same was said before for the same cause.

    `again`: it is said once more where another cause was spoken of under that name since.
    """
    key = _next(tx, request_id, name, cause) if again else cause
    if key is None:
        return None
    # One statement: two workers at the same request must not both find that nobody has.
    added = insert_or(tx.dialect.name, replies).values(
        intent=uuid4().hex,
        request_id=request_id,
        request_key=request_key,
        name=name,
        language=language,
        cause=key,
        body=body,
        public=public,
        created_at=now,
    )
    intent: str | None = tx.scalar(added.on_conflict_do_nothing().returning(replies.c.intent))
    return intent


def pending(tx: Connection, request_id: str, fresh: Container[str | None] = ()) -> tuple[Intent, ...]:
    """The comments not known to be sent, oldest first; `fresh` are those that this very look has recorded."""
    query = select(replies).where(replies.c.request_id == request_id, replies.c.sent_at.is_(None))
    rows = tx.execute(query.order_by(replies.c.created_at, replies.c.intent))
    return tuple(
        Intent(row.intent, row.name, _cause(row.cause), row.body, row.public, row.intent in fresh) for row in rows
    )


def sent(tx: Connection, intent: str, comment_id: str, now: datetime) -> None:
    """The reply is on the request, as this comment."""
    tx.execute(update(replies).where(replies.c.intent == intent).values(sent_at=now, comment_id=comment_id))


def _next(tx: Connection, request_id: str, name: str, cause: str) -> str | None:
    """The cause with its number in the row of causes under this name; None where it is the last one already."""
    query = select(replies.c.cause).where(replies.c.request_id == request_id, replies.c.name == name)
    earlier = sorted(tx.scalars(query), key=lambda key: int(key.partition(_NUMBERED)[0]))
    if earlier and _cause(earlier[-1]) == cause:
        return None
    return f"{len(earlier)}{_NUMBERED}{cause}"


def _cause(key: str) -> str:
    return key.rpartition(_NUMBERED)[2]


_NUMBERED: Final = ":"
