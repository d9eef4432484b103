"""Every change that a person made from the admin's pages: who, when, what, why, and what was there before and after."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, null, select

from plugin.store.tables import admin_changes

FORM: Final = "form"
"""In `after`: what tells the form of a change from any other, so that it is done once."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change. `action` is a word such as `request.retry`, `subject` what was changed: a request's key, a customer,
    a file, a person. `before` and `after` are plain data; None where there was, or is, nothing.
    """

    id: int
    at: datetime
    person: str
    action: str
    subject: str
    reason: str | None
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


def record(
    tx: Connection,
    person: str,
    action: str,
    subject: str,
    at: datetime,
    *,
    reason: str | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Write down a change, in the transaction that makes it where it is one of this database."""
    values = {
        "at": at,
        "person": person,
        "action": action,
        "subject": subject,
        "reason": reason,
        "before": null() if before is None else dict(before),
        "after": null() if after is None else dict(after),
    }
    tx.execute(admin_changes.insert().values(values))


def is_done(tx: Connection, subject: str, form: str) -> bool:
    """Was the change that this form asks for made already?"""
    asked = admin_changes.c.subject == subject, admin_changes.c.after[FORM].as_string() == form
    return tx.scalar(select(admin_changes.c.id).where(*asked).limit(1)) is not None


def newest(tx: Connection, subject: str, actions: Collection[str], after: int) -> Change | None:
    """The last of these actions on a subject whose number is higher than `after`; None where there is none."""
    at = admin_changes.c
    asked = at.subject == subject, at.action.in_(actions), at.id > after
    row = tx.execute(select(admin_changes).where(*asked).order_by(at.id.desc()).limit(1)).first()
    return Change(**row._mapping) if row else None


def changes(tx: Connection, most: int, subject: str | None = None, before: int | None = None) -> tuple[Change, ...]:
    """The last changes, newest first: of one subject or of all, and only those with a lower number than `before`."""
    query = select(admin_changes).order_by(admin_changes.c.id.desc()).limit(most)
    if subject is not None:
        query = query.where(admin_changes.c.subject == subject)
    if before is not None:
        query = query.where(admin_changes.c.id < before)
    return tuple(Change(**row._mapping) for row in tx.execute(query))
