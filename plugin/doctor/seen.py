"""What looking at a running service, and letting Jira knock at it, gives."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody answered over HTTP: a status, or why there was none."""

    status: int = 0
    text: str = ""
    trouble: str | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """What a process tells of itself. `reconciled`: aware; None before its first reconciliation."""

    reconciled: datetime | None


@dataclass(frozen=True, slots=True)
class Change:
    """A request that changed, and when the last webhook about it was kept, if any is; both aware."""

    key: str
    changed: datetime
    heard: datetime | None


@dataclass(frozen=True, slots=True)
class Arrival:
    """What came of a note on a request. `seconds` until its webhook was kept, None where none was within `waited`;
    `left` is why the note could not be removed again, None where it was.
    """

    key: str
    waited: float
    seconds: float | None
    left: str | None = None
