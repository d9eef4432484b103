"""Coverage: the hours in which a response time runs, counted on instants.

A calendar is written as people write it: a zone, a week of wall times, closed dates. It is read as instants: every
window of every day becomes one interval [opens, closes) in UTC, intervals that touch are merged, and only then is
anything counted. So a change of the clocks, a window past midnight and two windows that overlap need no arithmetic of
their own.

Obeys C2 (a deadline that ends exactly at closing is due at closing) and C3 (zone, holidays, appointments).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from plugin.contract.instants import DAY, MICROSECOND, instant_of, moment_at, named_zone, wall_instant
from plugin.contract.open_time import STRETCH, Line
from plugin.contract.steps import Step, StepKind, amount_text
from plugin.contract.week import CoverageWindow, weekday_number


class EmptyCalendar(ValueError):
    """A calendar without one opening hour: an error with a name, never read as round the clock."""


class NoCoverageAhead(ValueError):
    """No deadline within the years that are searched: three without one opening, or fifty in all."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """When support is on duty: a zone, a week, closed dates and booked appointments (C3). Build it with `from_week`.

    `zone` names an IANA zone; offsets are refused, since they are wrong for half the year. `closed` holds (date, name),
    name "" where there is none; a window past midnight is dropped with the date it opens on, not with the one it ends
    on. `appointments` are [start, end) with a zone, open even on a closed date. `known_years` are the years whose
    public holidays are among `closed`; None means that this calendar keeps no public holidays.

    Where the clocks change, a wall time that does not exist is the moment they jump; of a wall time that comes twice
    the earlier one opens and the later one closes, except that 24:00 is where the next date begins.
    Immutable, hashable, picklable, safe to share between threads.

    Raises EmptyCalendar without any window; ValueError for an unknown zone, a closed day that is no plain date, an
    appointment without zone or length. All methods raise ValueError for a time without a zone or outside 1900 to 2199.
    """

    zone: str
    week: tuple[CoverageWindow, ...]
    closed: tuple[tuple[date, str], ...] = ()
    name: str = ""
    known_years: frozenset[int] | None = None
    appointments: tuple[tuple[datetime, datetime], ...] = ()
    _tz: ZoneInfo = field(init=False, repr=False, compare=False)
    _closed: Mapping[date, str] = field(init=False, repr=False, compare=False)
    _weekly: Line = field(init=False, repr=False, compare=False)
    _open: Line = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Check everything, then prepare the line of open time."""
        label = f"calendar {self.name or self.zone}"
        if not self.week:
            raise EmptyCalendar(
                f"{label} has no opening hours; give at least one window, such as mon 08:00-18:00; "
                "24 hours is 00:00-24:00"
            )
        for day, _ in self.closed:
            if not isinstance(day, date) or isinstance(day, datetime):
                raise ValueError(f"{label}: closed day {day!r} is no plain date; expected one like date(2026, 12, 25)")
        tz = named_zone(self.zone)
        booked = sorted({_booked(label, start, end) for start, end in self.appointments})
        week = tuple(sorted(set(self.week)))
        weekly = _weekly_line(tz, week, frozenset(day for day, _ in self.closed))
        derived = {
            "week": week,
            "closed": tuple(sorted(self.closed)),
            "appointments": tuple((moment_at(start, UTC), moment_at(end, UTC)) for start, end in booked),
            "_tz": tz,
            "_closed": dict(self.closed),
            "_weekly": weekly,
            "_open": weekly.joined_with(booked) if booked else weekly,
        }
        for attribute, value in derived.items():
            object.__setattr__(self, attribute, value)

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle and copy what was given; the rest is worked out again."""
        return Calendar, (self.zone, self.week, self.closed, self.name, self.known_years, self.appointments)

    @classmethod
    def from_week(
        cls,
        zone: str,
        week: Mapping[str, Sequence[tuple[str, str]]],
        closed: Mapping[date, str] | Iterable[date] = (),
        name: str = "",
        known_years: Iterable[int] | None = None,
    ) -> "Calendar":
        """Build a calendar from plain values: `from_week("Europe/Berlin", {"mon": [("08:00", "18:00")]})`.

        A weekday that is left out or has no windows is closed. `closed` are dates, with their names if it is a mapping.
        Raises EmptyCalendar and ValueError as the class and `CoverageWindow.parse` do.
        """
        windows = []
        for weekday, hours in week.items():
            weekday_number(weekday)
            for window in hours:
                if isinstance(window, str) or len(window) != 2:
                    raise ValueError(f"{weekday}: {window!r} is no window; expected two times like ('08:00', '18:00')")
                windows.append(CoverageWindow.parse(weekday, *window))
        names = closed if isinstance(closed, Mapping) else dict.fromkeys(closed, "")
        years = None if known_years is None else frozenset(known_years)
        return cls(zone, tuple(windows), tuple(names.items()), name, years)

    def with_appointments(self, appointments: Iterable[tuple[datetime, datetime]]) -> "Calendar":
        """Add booked [start, end) intervals, open time in the returned calendar only (C3)."""
        added = tuple(appointments)
        return replace(self, appointments=(*self.appointments, *added)) if added else self

    def due(self, start: datetime, within: timedelta) -> datetime:
        """Find the first moment with `within` of covered time behind it since `start`, in the calendar's zone.

        An amount that ends exactly at closing is due at closing (C2). No amount at all is due at once when open or just
        closing, else at the next opening. Python compares and subtracts two times of one zone by the clock on the wall:
        convert results to UTC for that.

        Raises ValueError for a negative amount, NoCoverageAhead where no deadline is found.
        """
        amount = within // MICROSECOND
        if amount < 0:
            raise ValueError(f"covered time cannot be negative; expected 0 or more, got {within!r}")
        begin = instant_of(start)
        if amount:
            return moment_at(self._reach(begin, amount), self._tz)
        at_closing = self._open.covered(begin - 1, begin)
        return moment_at(begin if at_closing else self._reach(begin, 1) - 1, self._tz)

    def next_opening(self, moment: datetime) -> datetime:
        """Return `moment` itself when open, else the next opening, in the calendar's zone; raises NoCoverageAhead."""
        return moment_at(self._reach(instant_of(moment), 1) - 1, self._tz)

    def last_open(self, moment: datetime) -> datetime:
        """Return `moment` itself when open or just closing, else the last closing before, in the calendar's zone.

        Raises NoCoverageAhead where there was no opening for years.
        """
        reached = self._open.reach_back(instant_of(moment))
        if reached is None:
            raise NoCoverageAhead(f"calendar {self.name or self.zone} was never open before {moment.isoformat()}")
        return moment_at(reached, self._tz)

    def is_open(self, moment: datetime) -> bool:
        """Tell whether `moment` is covered; the moment of closing is not."""
        instant = instant_of(moment)
        return self._open.covered(instant, instant + 1) > 0

    def covered(self, start: datetime, end: datetime) -> timedelta:
        """Measure the covered time in [start, end); none when `end` is not after `start`."""
        return timedelta(microseconds=self._open.covered(instant_of(start), instant_of(end)))

    def opens_on(self, day: date) -> bool:
        """Tell whether a date has opening hours of its own: its weekday has some, and it is no closed day."""
        return day not in self._closed and self._has_hours(day)

    def openings(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The open time in [start, end), one interval after the other, in the calendar's zone."""
        for first, last in self._open.between(instant_of(start), instant_of(end)):
            yield moment_at(first, self._tz), moment_at(last, self._tz)

    def by_date(self, start: datetime, end: datetime) -> Iterator[tuple[date, datetime, datetime]]:
        """Cut [start, end) at the midnights of the calendar's zone; each part with its date."""
        begin, finish = instant_of(start), instant_of(end)
        for day, dawn, dusk in self._dates(begin, finish):
            first, last = max(begin, dawn), min(finish, dusk)
            if first < last:
                yield day, moment_at(first, self._tz), moment_at(last, self._tz)

    def years_without_holidays(self, start: datetime, end: datetime) -> tuple[int, ...]:
        """Name the years that [start, end) touches in the calendar's zone and whose public holidays nobody entered.

        A deadline in such a year may be a holiday too early. Empty where the calendar keeps no public holidays.
        """
        if self.known_years is None:
            return ()
        first, last = instant_of(start), max(instant_of(start), instant_of(end) - 1)
        years = range(moment_at(first, self._tz).year, moment_at(last, self._tz).year + 1)
        return tuple(year for year in years if year not in self.known_years)

    def steps(self, start: datetime, within: timedelta) -> tuple[Step, ...]:
        """Tell day by day how `due(start, within)` comes about; the amounts add up to `within`.

        Raises what `due` raises.
        """
        steps: list[Step] = []
        for step in self._days(instant_of(start), instant_of(self.due(start, within))):
            before = steps[-1] if steps else None
            if before and (before.kind, before.name) == (step.kind, step.name) and step.kind in _RUNS:
                steps[-1] = replace(before, last=step.last)
            else:
                steps.append(step)
        return tuple(steps)

    def _days(self, start: int, due: int) -> Iterator[Step]:
        for day, dawn, dusk in self._dates(start, due):
            first, last = max(start, dawn), min(due, dusk)
            amount = self._open.covered(first, last)
            hours = self._weekly.covered(first, last)
            if day in self._closed and self._has_hours(day):
                yield Step(StepKind.CLOSED_DAY, day, day, name=self._closed[day])
            elif first < last and not amount and dusk <= due:
                was_open = self._open.covered(dawn, dusk)
                yield Step(StepKind.AFTER_HOURS if was_open else StepKind.CLOSED, day, day)
            if hours:
                yield Step(StepKind.OPEN, day, day, timedelta(microseconds=hours))
            if amount > hours:
                yield Step(StepKind.APPOINTMENT, day, day, timedelta(microseconds=amount - hours))

    def _dates(self, start: int, end: int) -> Iterator[tuple[date, int, int]]:
        """The dates from that of `start` on that begin before `end`, each with where it begins and ends."""
        day = moment_at(start, self._tz).date()
        dawn = wall_instant(day, 0, self._tz)
        while dawn < end:
            following = day + timedelta(1)
            dusk = wall_instant(following, 0, self._tz)
            yield day, dawn, dusk
            day, dawn = following, dusk

    def _has_hours(self, day: date) -> bool:
        return any(window.weekday == day.weekday() for window in self.week)

    def _reach(self, start: int, amount: int) -> int:
        reached = self._open.reach(start, amount)
        if reached is None:
            what = "opens" if amount == 1 else f"reaches {amount_text(timedelta(microseconds=amount))} of coverage"
            when = moment_at(start, self._tz).isoformat()
            raise NoCoverageAhead(
                f"calendar {self.name or self.zone} never {what} after {when}; looked on "
                "until three years without an opening, or fifty in all; check its opening hours and closed days"
            )
        return reached


_RUNS = (StepKind.CLOSED, StepKind.CLOSED_DAY)


@lru_cache(maxsize=64)
def _weekly_line(tz: ZoneInfo, week: tuple[CoverageWindow, ...], closed: frozenset[date]) -> Line:
    """Shared by equal calendars, so that a calendar made for one request's appointment starts warm."""

    def spans(number: int) -> Iterator[tuple[int, int]]:
        # Three days around: a window lasts into the next day, and zones are up to a day away from UTC.
        first = moment_at(number * STRETCH, UTC).date() - timedelta(3)
        for day in (first + timedelta(n) for n in range(STRETCH // DAY + 6)):
            if day not in closed:
                for window in week:
                    if window.weekday == day.weekday():
                        yield wall_instant(day, window.opens, tz), wall_instant(day, window.closes, tz, closing=True)

    return Line(spans)


def _booked(label: str, start: datetime, end: datetime) -> tuple[int, int]:
    first, last = instant_of(start), instant_of(end)
    if first >= last:
        raise ValueError(
            f"{label}: appointment {start.isoformat()} to {end.isoformat()} has no length; "
            "expected its end after its start"
        )
    return first, last
