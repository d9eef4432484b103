"""Intents to comment: recorded before a comment is sent, so that a crash in between sends it once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import Connection, Row, delete, select, update

from plugin.store.tables import replies
from plugin.store.upsert import insert_or


@dataclass(frozen=True, slots=True)
class Intent:
    """One comment to a person that has to be on the request once, and what it is there for (`causes`).

    `place`: its number among those that are recorded for the request. `public`: the customer reads it; otherwise it is
    a note for agents. `sent`: it is known to be on the request.
    """

    id: str
    place: int
    causes: tuple[str, ...]
    body: str
    public: bool
    sent: bool


@dataclass(frozen=True, slots=True)
class Written:
    """A comment as it is kept. `body` is what it says, "" where only Jira has the text.

    `name`: which texts it was made of. `comment_id` is Jira's; `sent_at` and it are None while it is not sent.
    """

    name: str
    language: str
    body: str
    public: bool
    created_at: datetime
    sent_at: datetime | None
    comment_id: str | None


def written(tx: Connection, request_id: str) -> tuple[Written, ...]:
    """Every comment that is kept for the request, oldest first."""
    at = replies.c
    query = select(at.name, at.language, at.body, at.public, at.created_at, at.sent_at, at.comment_id)
    rows = tx.execute(query.where(at.request_id == request_id).order_by(at.created_at, at.intent))
    return tuple(Written(*row) for row in rows)


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
    place: int = 0,
) -> str | None:
    """Record that the request is to get this comment, at this `place`, which is behind all that are recorded for it.

    None where another worker has recorded the same at that place. A cause holds no blank.
    """
    # One statement: two workers at the same request must not both find that nobody has.
    added = insert_or(tx.dialect.name, replies).values(
        intent=uuid4().hex,
        request_id=request_id,
        request_key=request_key,
        name=name,
        language=language,
        cause=_BLANK.join((str(place), *causes)),
        body=body,
        public=public,
        created_at=now,
    )
    intent: str | None = tx.scalar(added.on_conflict_do_nothing().returning(replies.c.intent))
    return intent


def recorded(tx: Connection, request_id: str) -> tuple[Intent, ...]:
    """Every comment that the request was to get, in the order in which they were recorded."""
    rows = tx.execute(select(replies).where(replies.c.request_id == request_id).order_by(replies.c.intent))
    return tuple(sorted((_intent(row) for row in rows), key=lambda intent: intent.place))


def _intent(row: Row[Any]) -> Intent:
    place, *causes = row.cause.split(_BLANK)
    return Intent(row.intent, int(place), tuple(causes), row.body, row.public, row.sent_at is not None)


def unsent(tx: Connection, request_id: str) -> tuple[str, ...]:
    """The ids of those comments that are not known to be on the request: none, unless a look broke off before."""
    rows = select(replies.c.intent).where(replies.c.request_id == request_id, replies.c.sent_at.is_(None))
    return tuple(tx.scalars(rows))


def comment_ids(tx: Connection, request_id: str) -> set[str]:
    """The comments on the request that are known to be ours."""
    rows = select(replies.c.comment_id).where(replies.c.request_id == request_id, replies.c.comment_id.is_not(None))
    return {each for each in tx.scalars(rows) if each}


def restore(
    tx: Connection,
    request_id: str,
    request_key: str,
    intent: str,
    causes: tuple[str, ...],
    public: bool,
    comment_id: str,
    written_at: datetime,
) -> bool:
    """Record a comment that is on the request already, behind all that are recorded; False where its intent is known.

    What it says stands in Jira, and is not kept once more.
    """
    if tx.scalar(select(replies.c.intent).where(replies.c.intent == intent)) is not None:
        return False
    before = recorded(tx, request_id)
    place = before[-1].place + 1 if before else 0
    topics = "+".join(dict.fromkeys(cause.partition("=")[0] for cause in causes))
    values = {
        "intent": intent,
        "request_id": request_id,
        "request_key": request_key,
        "name": topics or "unknown",
        "language": "und",  # undetermined
        "cause": _BLANK.join((str(place), *causes)),
        "body": "",
        "public": public,
        "created_at": written_at,
        "sent_at": written_at,
        "comment_id": comment_id,
    }
    tx.execute(replies.insert().values(values))
    return True


def sent(tx: Connection, intent: str, comment_id: str, now: datetime) -> None:
    """The comment is on the request, under this id."""
    tx.execute(update(replies).where(replies.c.intent == intent).values(sent_at=now, comment_id=comment_id))


def forget(tx: Connection, intent: str) -> None:
    """The comment is not on the request and is not to be any more; one that was sent meanwhile stays recorded."""
    tx.execute(delete(replies).where(replies.c.intent == intent, replies.c.sent_at.is_(None)))


_BLANK: Final = " "
