"""When agents are reminded of a response that is due (C2), and how: what the mapping files say of it."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from plugin.contract.steps import amount_text


class Measure(StrEnum):
    """By what a point of a response time is told."""

    PART = "part"
    BEFORE = "before"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Point:
    """A point of a response time: when `percent` of it has gone by, so much of it `before` its end, or its end."""

    measure: Measure
    percent: int = 0
    before: timedelta = timedelta(0)

    def __str__(self) -> str:
        match self.measure:
            case Measure.PART:
                return f"{self.percent} %"
            case Measure.BEFORE:
                return f"{amount_text(self.before)} before"
            case _:
                return self.measure.value

    def of(self, within: timedelta) -> timedelta | None:
        """How much of a response time has gone by at this point; None for a point that it is too short to have."""
        match self.measure:
            case Measure.PART:
                return within * self.percent / 100
            case Measure.BEFORE:
                return within - self.before if self.before < within else None
            case _:
                return within


@dataclass(frozen=True, slots=True)
class Reminding:
    """At which points agents are reminded, and how: by a note, in a field, by another priority (None: it stays)."""

    points: tuple[Point, ...]
    note: bool
    field: bool
    priority: str | None
