"""What looking at a running service gives."""

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
