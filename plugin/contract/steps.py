"""The steps on the way to a deadline, and how moments and amounts of time are said (C2, C3)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from plugin.contract.instants import MICROSECOND, SECOND
from plugin.contract.saying import Said, Several, say
from plugin.contract.week import WEEKDAYS

MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class StepKind(StrEnum):
    """What one step of a receipt tells."""

    OPEN = "open"
    APPOINTMENT = "appointment"
    CLOSED = "closed"  # no opening hours on that weekday
    CLOSED_DAY = "closed day"  # a holiday or closure on a weekday that has opening hours
    AFTER_HOURS = "after hours"  # the day had been open, but not any more when the time began to run


@dataclass(frozen=True, slots=True)
class Step:
    """A day, or a run of closed days, on the way to a deadline; dates are those of the calendar's zone.

    `amount` is what the step contributes, zero unless `kind` is OPEN or APPOINTMENT. `name` is the closed day's.
    """

    kind: StepKind
    first: date
    last: date
    amount: timedelta = timedelta(0)
    name: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """An aware moment that a sentence names, in the zone in which it is said; in English as `moment_text` has it."""

    at: datetime

    def __str__(self) -> str:
        return moment_text(self.at)


@dataclass(frozen=True, slots=True)
class Days:
    """A day or a run of days that a sentence names: `Sat-Sun`, and `dated` also by date: `Fri 25 Dec`."""

    first: date
    last: date
    dated: bool

    def __str__(self) -> str:
        return "-".join(
            day_text(day) if self.dated else _weekday(day) for day in dict.fromkeys((self.first, self.last))
        )


def steps_said(steps: Iterable[Step]) -> Several | Said:
    """Say steps in one line: `Thu 2 h, closed Fri 25 Dec (Christmas Day), closed Sat-Sun, Mon 6 h`, or `at once`."""
    told = tuple(map(_step_said, steps))
    return Several(told) if told else say("at once")


def amount_text(amount: timedelta) -> str:
    """Say an amount of 0 or more exactly, as `72 h`, `1 h 30 min` or `45 s`."""
    minutes, rest = divmod(amount // MICROSECOND, 60 * SECOND)
    hours, minutes = divmod(minutes, 60)
    seconds = f"{rest // SECOND}.{rest % SECOND:06}".rstrip("0").rstrip(".")
    parts = ((hours, f"{hours} h"), (minutes, f"{minutes} min"), (rest, f"{seconds} s"))
    return " ".join(text for number, text in parts if number) or "0 h"


def day_text(day: date) -> str:
    """Say a day with its weekday: `Mon 23 Nov`."""
    return f"{_weekday(day)} {day.day} {MONTHS[day.month - 1]}"


def moment_text(moment: datetime) -> str:
    """Say a moment with its weekday and zone: `Mon 23 Nov 2026 09:00 CET`."""
    return f"{day_text(moment)} {moment.year} {moment:%H:%M} {moment.tzname()}"


def _step_said(step: Step) -> Said:
    # From a week on, bare weekdays would not say how long.
    dated = step.kind is StepKind.CLOSED_DAY or step.last - step.first >= timedelta(7)
    days, amount = Days(step.first, step.last, dated), amount_text(step.amount)
    match step.kind:
        case StepKind.OPEN:
            return say("{days} {amount}", days=days, amount=amount)
        case StepKind.APPOINTMENT:
            return say("by appointment {days} {amount}", days=days, amount=amount)
        case StepKind.AFTER_HOURS:
            return say("{days} after hours", days=days)
        case _ if step.name:
            return say("closed {days} ({name})", days=days, name=step.name)
        case _:
            return say("closed {days}", days=days)


def _weekday(day: date) -> str:
    return WEEKDAYS[day.weekday()].capitalize()  # strftime would speak the server's language
