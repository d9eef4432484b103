"""The way to a deadline as days side by side: when support was open, by appointment or not, and what fell where."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from plugin.contract.case import case_of
from plugin.contract.coverage import Calendar
from plugin.contract.decision import Decision
from plugin.contract.matching import find_agreement
from plugin.contract.model import SupportAgreement
from plugin.contract.policy import Clock
from plugin.contract.replay import Inputs
from plugin.contract.rules.appointment import Windows, appointments
from plugin.contract.rules.response_due import response_due
from plugin.mappings.load import Mappings

LONGEST: Final = 21
"""Days that are drawn at most: of a longer way the first ones, and the last."""


@dataclass(frozen=True, slots=True)
class Span:
    """A time of one day, in hours by the clock on the wall: 8.5 is half past eight."""

    begins: float
    ends: float
    by_appointment: bool


@dataclass(frozen=True, slots=True)
class Mark:
    """Something at a moment of the day: `started`, `due` or `responded`."""

    what: str
    hour: float


@dataclass(frozen=True, slots=True)
class Day:
    """A date of the calendar's zone. `closed` is the name of the holiday or closure, None where it is none."""

    day: date
    closed: str | None
    spans: tuple[Span, ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Strip:
    """The days from when the response time began to run until it was due, or given; `left_out` are not among them."""

    days: tuple[Day, ...]
    left_out: int


def strip_of(decision: Decision, inputs: Inputs, mappings: Mappings) -> Strip | None:
    """The way to the deadline of a decision; None where none is due, or its time runs day and night."""
    started, due, tier = decision.clock_started, decision.response_due.value, decision.tier.value
    if started is None or due is None or tier is None:
        return None
    agreement = find_agreement(inputs.request, mappings.agreements)
    case = case_of(inputs.request, agreement, mappings.policy, inputs.now)
    coverage = mappings.policy.coverage.find(case.as_of, tier=tier)
    if coverage is None or coverage.value.clock is Clock.ELAPSED:
        return None
    booked: Windows = ()
    if inputs.request.appointments or (isinstance(agreement, SupportAgreement) and agreement.appointments):
        by_hours = response_due(case, tier, decision.severity.value, started)
        booked, _ = appointments(case, tier, started, by_hours.value)
    moments = {"started": started, "due": due}
    if responded := decision.first_response.value:
        moments["responded"] = responded
    return strip(mappings.policy.calendars[coverage.value.calendar], booked, moments)


def strip(calendar: Calendar, booked: Iterable[tuple[datetime, datetime]], moments: dict[str, datetime]) -> Strip:
    """Draw a calendar's days from the first of these moments to the last."""
    local = {what: moment.astimezone(ZoneInfo(calendar.zone)) for what, moment in moments.items()}
    first, last = min(local.values()).date(), max(local.values()).date()
    count = (last - first).days + 1
    numbers = [*range(count)] if count <= LONGEST else [*range(LONGEST - 1), count - 1]
    windows = tuple(booked)
    days = tuple(_day(calendar, windows, first + timedelta(number), local) for number in numbers)
    return Strip(days, count - len(numbers))


def _day(calendar: Calendar, booked: Windows, day: date, moments: dict[str, datetime]) -> Day:
    zone = ZoneInfo(calendar.zone)
    dawn, dusk = (datetime.combine(each, time(), tzinfo=zone) for each in (day, day + timedelta(1)))
    spans = [Span(*_hours(day, *each), by_appointment=False) for each in calendar.openings(dawn, dusk)]
    for begins, ends in booked:
        first, last = max(begins.astimezone(zone), dawn), min(ends.astimezone(zone), dusk)
        if first < last:
            spans.append(Span(*_hours(day, first, last), by_appointment=True))
    marks = tuple(Mark(what, _hour(moment)) for what, moment in moments.items() if moment.date() == day)
    return Day(day, dict(calendar.closed).get(day), tuple(spans), marks)


def _hours(day: date, begins: datetime, ends: datetime) -> tuple[float, float]:
    return _hour(begins), _hour(ends) if ends.date() == day else 24.0


def _hour(moment: datetime) -> float:
    return moment.hour + moment.minute / 60 + moment.second / 3600
