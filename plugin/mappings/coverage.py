"""`coverage.yaml`: the vendor's zone, calendars, and how response times run (C2, C3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Annotated, Final
from zoneinfo import ZoneInfo

import holidays

from plugin.contract.coverage import Calendar
from plugin.contract.policy import AppointmentDays, Clock, ClockStart, CountsAsResponse, Coverage
from plugin.contract.tables import Table
from plugin.contract.week import WEEKDAYS, CoverageWindow
from plugin.mappings.problem import Report
from plugin.mappings.reads import member_of
from plugin.mappings.references import AnyTier, CalendarWord
from plugin.mappings.shape import Rows, RowShape, Shape
from plugin.mappings.tables import table
from plugin.mappings.values import Clause, Date, Id, Region, Text, Windows, YesNo, Zone
from plugin.mappings.words import Names, Words, names_of, resolved

FILE = "coverage.yaml"
KNOWN_YEARS: Final = range(2015, 2051)
"""The years whose public holidays are worked out."""


class ClosedShape(Shape):
    """A day on which the vendor is closed beside public holidays."""

    date: Date
    name: Text
    """Why, for the receipt."""


class WeekShape(Shape):
    """The opening hours of each weekday, in the calendar's wall time."""

    mon: Windows
    tue: Windows
    wed: Windows
    thu: Windows
    fri: Windows
    sat: Windows
    sun: Windows


class CalendarShape(Shape):
    """When support is on duty."""

    id: Id
    """What the table coverage calls it."""
    zone: Zone
    """The zone of its hours."""
    public_holidays: Region
    """The country, or a part of it, whose public holidays are closed days."""
    week: WeekShape
    closed: tuple[ClosedShape, ...] = ()
    """Own closures beside the public holidays."""
    cites: Clause


class CoverageShape(RowShape):
    """The calendar of a tier, and how its response times count."""

    tier: AnyTier
    calendar: CalendarWord
    """The id of a calendar."""
    clock: Annotated[Clock, member_of(Clock)]
    """coverage counts open hours of the calendar, elapsed counts hours by the clock."""


class AppointmentsShape(RowShape):
    """On which days a tier grants booked appointments."""

    tier: AnyTier
    granted: Annotated[AppointmentDays, member_of(AppointmentDays)]


class ClockStartShape(RowShape):
    """From when response times run."""

    value: Annotated[ClockStart, member_of(ClockStart)]
    """eligible: when the customer has done what was asked first; raised: always at once."""


class CountsAsResponseShape(RowShape):
    """What counts as the first response, beside a public comment that an agent writes once the response time runs."""

    early: YesNo
    """A comment that they wrote before it ran: while the customer had to do something first."""
    withdrawn: YesNo
    """One that was deleted since, or hidden from the customer."""
    resolved: YesNo
    """That the request was resolved without one. If not, it is then neither kept nor missed, unless it was late."""
    on_behalf: YesNo
    """That an agent raised it for the customer, after a call for example."""


class CoverageFile(Shape):
    """When support is on duty, and how response times run."""

    zone: Zone
    """The vendor's own zone: every date in these files is a date there."""
    calendars: Rows[CalendarShape]
    """When support is on duty."""
    coverage: Rows[CoverageShape]
    """The calendar of each tier, and how its response times count."""
    appointments: Rows[AppointmentsShape]
    """On which days each tier grants booked appointments."""
    clock_starts: Rows[ClockStartShape]
    """From when response times run."""
    counts_as_response: Rows[CountsAsResponseShape]
    """What counts as the first response."""

    def names(self, report: Report) -> Names:
        """The calendars' ids."""
        return names_of(report, "calendar", self.calendars, "id")


@dataclass(frozen=True, slots=True)
class CoveragePart:
    """What the file gives the policy."""

    zone: ZoneInfo
    calendars: Mapping[str, Calendar]
    coverage: Table[Coverage]
    appointments: Table[AppointmentDays]
    clock_starts: Table[ClockStart]
    counts_as_response: Table[CountsAsResponse]


def coverage(file: CoverageFile, words: Words, report: Report, today: date | None) -> CoveragePart:
    """Build the policy's part, and check it."""
    for row in file.coverage:
        resolved(report, row.place("calendar"), "calendar", row.calendar, words.calendars)
    calendars = {each.id: _calendar(each, report, today) for each in file.calendars}
    return CoveragePart(
        file.zone,
        MappingProxyType({id_: calendar for id_, calendar in calendars.items() if calendar is not None}),
        table(
            report,
            file.key_place("coverage"),
            file.coverage,
            {"tier": words.tiers},
            lambda row: Coverage(row.calendar, row.clock),
        ),
        table(
            report,
            file.key_place("appointments"),
            file.appointments,
            {"tier": words.tiers},
            lambda row: row.granted,
        ),
        table(report, file.key_place("clock_starts"), file.clock_starts, {}, lambda row: row.value),
        table(
            report,
            file.key_place("counts_as_response"),
            file.counts_as_response,
            {},
            lambda row: CountsAsResponse(row.early, row.withdrawn, row.resolved, row.on_behalf),
        ),
    )


def _calendar(shape: CalendarShape, report: Report, today: date | None) -> Calendar | None:
    closed: dict[date, str] = {}
    years = None
    if shape.public_holidays is None:
        sentence = "this calendar keeps no public holidays: deadlines run on every one; name a region such as DE-BW"
        report.warning(shape.place("public_holidays"), sentence)
    else:
        closed.update(public_holidays(*shape.public_holidays))
        years = KNOWN_YEARS
        if today is not None and not {today.year, today.year + 1} <= set(KNOWN_YEARS):
            sentence = f"public holidays are known from {KNOWN_YEARS[0]} to {KNOWN_YEARS[-1]} only; update the program"
            report.warning(shape.place("public_holidays"), sentence)
    own: dict[date, int] = {}
    for number, day in enumerate(shape.closed):
        if day.date in own:
            report.problem(shape.place("closed", number, "date"), f"{day.date} is closed twice; remove one")
        own[day.date] = number
        closed[day.date] = day.name
    week = {weekday: getattr(shape.week, weekday) for weekday in WEEKDAYS}
    if not _fits_together(shape, week, report):
        return None
    return Calendar.from_week(shape.zone.key, week, closed, shape.id, years)


def _fits_together(shape: CalendarShape, week: Mapping[str, tuple[tuple[str, str], ...]], report: Report) -> bool:
    """Are there hours, all of them times of day, none of them within others?"""
    windows: list[tuple[int, int, str]] = []
    good = True
    for number, weekday in enumerate(WEEKDAYS):
        for opens, closes in week[weekday]:
            try:
                window = CoverageWindow.parse(weekday, opens, closes)
            except ValueError as error:
                report.problem(shape.place("week", weekday), str(error))
                good = False
            else:
                begins = number * _DAY
                windows.append((begins + window.opens, begins + window.closes, weekday))
    if not windows and good:
        report.problem(shape.place("week"), "the calendar has no opening hours; 24 hours is 00:00-24:00 on each day")
        return False
    windows.sort()
    following = [*windows[1:], *((begin + 7 * _DAY, end + 7 * _DAY, day) for begin, end, day in windows[:1])]
    for (_, ends, _), (begins, _, weekday) in zip(windows, following, strict=True):
        if begins < ends:
            report.problem(shape.place("week", weekday), f"{weekday}: hours overlap with those before; join them")
            good = False
    return good


_DAY: Final = 24 * 60


@lru_cache(maxsize=64)
def public_holidays(country: str, part: str | None) -> Mapping[date, str]:
    """The public holidays of a region in the known years, with English names where there are some."""
    days = holidays.country_holidays(country, subdiv=part, years=KNOWN_YEARS, language="en_US")
    return MappingProxyType(dict(sorted(days.items())))
