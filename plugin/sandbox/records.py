"""A request of the sandbox and what belongs to it, and what happens to it, as records."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from plugin.sandbox.site import Named, Person
from plugin.sandbox.values import Value


@dataclass(frozen=True, slots=True)
class Item:
    """One field's change, as a changelog tells it."""

    field_id: str
    field: str
    custom: bool
    before: tuple[str | None, str | None]
    after: tuple[str | None, str | None]


@dataclass(frozen=True, slots=True)
class Change:
    """What one edit changed: one entry of the history."""

    id: str
    at: datetime
    author: Person
    items: tuple[Item, ...]


@dataclass(slots=True)
class Comment:
    """A comment on a request; the customer sees it only when it is `public`."""

    id: str
    author: Person
    update_author: Person
    body: str
    created: datetime
    updated: datetime
    public: bool
    properties: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file on a request."""

    id: str
    name: str
    kind: str
    content: bytes
    author: Person
    created: datetime


@dataclass(slots=True)
class Issue:
    """One request; without a request type it is an issue that no portal shows."""

    id: str
    key: str
    request_type: Named | None
    reporter: Person
    creator: Person
    created: datetime
    updated: datetime
    status: str
    status_since: datetime
    values: dict[str, Value]
    resolution: Named | None = None
    resolved: datetime | None = None
    comments: list[Comment] = field(default_factory=list)
    properties: dict[str, Any] = field(default_factory=dict)
    history: list[Change] = field(default_factory=list)
    watchers: list[Person] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)

    @property
    def project_key(self) -> str:
        """The key of the project that it is in."""
        return self.key.rpartition("-")[0]


@dataclass(frozen=True, slots=True)
class Event:
    """Something happened to `issue`; `name` is the webhook's, `type_name` its `issue_event_type_name`."""

    name: str
    type_name: str | None
    at: datetime
    actor: Person
    issue: Issue
    change: Change | None = None
    comment: Comment | None = None
