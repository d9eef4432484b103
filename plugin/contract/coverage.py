"""Coverage: the hours in which a response time runs, counted on instants.

A calendar is written as people write it: a zone, a week of wall times, closed dates. It is read as instants: every
window of every day becomes one interval [opens, closes) in UTC, intervals that touch are merged, and only then is
anything counted. So a change of the clocks, a window past midnight and two windows that overlap need no arithmetic of
their own.

Inside this file an instant or an amount is an int: microseconds, instants since 1970 in UTC.
Obeys C2 (a deadline that ends exactly at closing is due at closing) and C3 (zone, holidays, appointments).
"""

import difflib
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo, available_timezones

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ONE = timedelta(microseconds=1)
_SECOND = 1_000_000
_DAY = 86_400 * _SECOND
_MIDNIGHT = 24 * 60  # minutes
_STRETCH = 32 * _DAY  # worked out in one go and remembered
_KEPT = 64  # stretches remembered per calendar: five years
_IDLE = 3 * 366 * _DAY // _STRETCH + 1  # stretches without one opening that end a search: three years
_FAR = 50 * 366 * _DAY // _STRETCH + 1  # stretches that a search looks at in all: fifty years
_FIRST, _LAST = ((datetime(year, 1, 1, tzinfo=UTC) - _EPOCH) // _ONE for year in (1900, 2200))

_WALL_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])|24:00")
# Offsets in disguise, whatever the server happens to be set to, and clocks that count leap seconds.
_NO_PLACE = re.compile(
    r"(UTC|GMT|UT|Z)?\s*[-+−]?\s*[0-9].*|Etc/(?!UTC$).*|GMT|UT|UCT|Zulu|Z|EST|MST|HST|(right|posix)/.*|"
    r"localtime|posixrules|Factory",
    re.IGNORECASE,
)


class EmptyCalendar(ValueError):
    """A calendar without one opening hour: an error with a name, never read as round the clock."""


class NoCoverageAhead(ValueError):
    """No deadline within the years that are searched: three without one opening, or fifty in all."""


@dataclass(frozen=True, slots=True, order=True)
class CoverageWindow:
    """Opening hours on one weekday, in wall time.

    `weekday` counts from 0, Monday. `opens` and `closes` are minutes after that day's midnight; a window that runs past
    midnight closes later than 1440 and belongs to the day it opens on. Raises ValueError for what no clock can show.
    """

    weekday: int
    opens: int
    closes: int

    def __post_init__(self) -> None:
        """Refuse a window outside the day, without length, or of 24 hours and more that do not start at midnight."""
        if not 0 <= self.weekday < len(WEEKDAYS) or not 0 <= self.opens < _MIDNIGHT:
            raise ValueError(f"weekday {self.weekday}, opening minute {self.opens}: expected 0 to 6 and 0 to 1439")
        if not self.opens < self.closes <= max(_MIDNIGHT, self.opens + _MIDNIGHT - 1):
            raise ValueError(
                f"{WEEKDAYS[self.weekday]}, minute {self.opens} to {self.closes}: expected closing after opening and "
                "less than 24 hours later; 24 hours is 00:00-24:00"
            )

    @classmethod
    def parse(cls, weekday: str, opens: str, closes: str) -> "CoverageWindow":
        """Read `("fri", "22:00", "06:00")`: closing before opening means the next morning; `24:00` is a closing time.

        Raises ValueError, saying what was expected, for an unknown weekday, a bad time or a window without length.
        """
        number = _weekday_number(weekday)
        first, last = _minutes(weekday, opens), _minutes(weekday, closes)
        if first == _MIDNIGHT:
            raise ValueError(f"{weekday}: 24:00 is a closing time only; open at 00:00 of the next day instead")
        if first == last:
            raise ValueError(f"{weekday} {opens}-{closes} has no length; 24 hours is 00:00-24:00")
        return cls(number, first, last if last > first else last + _MIDNIGHT)


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
    _weekly: "_Line" = field(init=False, repr=False, compare=False)
    _open: "_Line" = field(init=False, repr=False, compare=False)

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
        tz = _zone(self.zone)
        booked = sorted({_booked(label, start, end) for start, end in self.appointments})
        week = tuple(sorted(set(self.week)))
        weekly = _weekly_line(tz, week, frozenset(day for day, _ in self.closed))
        derived = {
            "week": week,
            "closed": tuple(sorted(self.closed)),
            "appointments": tuple((_time(start, UTC), _time(end, UTC)) for start, end in booked),
            "_tz": tz,
            "_closed": dict(self.closed),
            "_weekly": weekly,
            "_open": _line_with(weekly, booked) if booked else weekly,
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
            _weekday_number(weekday)
            for window in hours:
                if isinstance(window, str) or len(window) != 2:
                    raise ValueError(f"{weekday}: {window!r} is no window; expected two times like ('08:00', '18:00')")
                windows.append(CoverageWindow.parse(weekday, *window))
        names = closed if isinstance(closed, Mapping) else dict.fromkeys(closed, "")
        years = None if known_years is None else frozenset(known_years)
        return cls(zone, tuple(windows), tuple(names.items()), name, years)

    def with_appointments(self, appointments: Iterable[tuple[datetime, datetime]]) -> "Calendar":
        """Add booked [start, end) intervals, open time in the returned calendar only (C3)."""
        return replace(self, appointments=(*self.appointments, *appointments))

    def due(self, start: datetime, within: timedelta) -> datetime:
        """Find the first moment with `within` of covered time behind it since `start`, in the calendar's zone.

        An amount that ends exactly at closing is due at closing (C2). No amount at all is due at once when open or just
        closing, else at the next opening. Python compares and subtracts two times of one zone by the clock on the wall:
        convert results to UTC for that.

        Raises ValueError for a negative amount, NoCoverageAhead where no deadline is found.
        """
        amount = within // _ONE
        if amount < 0:
            raise ValueError(f"covered time cannot be negative; expected 0 or more, got {within!r}")
        begin = _instant(start)
        if amount:
            return _time(self._reach(begin, amount), self._tz)
        at_closing = self._open.covered(begin - 1, begin)
        return _time(begin if at_closing else self._reach(begin, 1) - 1, self._tz)

    def next_opening(self, moment: datetime) -> datetime:
        """Return `moment` itself when open, else the next opening, in the calendar's zone; raises NoCoverageAhead."""
        return _time(self._reach(_instant(moment), 1) - 1, self._tz)

    def is_open(self, moment: datetime) -> bool:
        """Tell whether `moment` is covered; the moment of closing is not."""
        instant = _instant(moment)
        return self._open.covered(instant, instant + 1) > 0

    def covered(self, start: datetime, end: datetime) -> timedelta:
        """Measure the covered time in [start, end); none when `end` is not after `start`."""
        return timedelta(microseconds=self._open.covered(_instant(start), _instant(end)))

    def years_without_holidays(self, start: datetime, end: datetime) -> tuple[int, ...]:
        """Name the years that [start, end) touches in the calendar's zone and whose public holidays nobody entered.

        A deadline in such a year may be a holiday too early. Empty where the calendar keeps no public holidays.
        """
        if self.known_years is None:
            return ()
        first, last = _instant(start), max(_instant(start), _instant(end) - 1)
        years = range(_time(first, self._tz).year, _time(last, self._tz).year + 1)
        return tuple(year for year in years if year not in self.known_years)

    def steps(self, start: datetime, within: timedelta) -> tuple[Step, ...]:
        """Tell day by day how `due(start, within)` comes about; the amounts add up to `within`.

        Raises what `due` raises.
        """
        steps: list[Step] = []
        for step in self._days(_instant(start), _instant(self.due(start, within))):
            before = steps[-1] if steps else None
            if before and (before.kind, before.name) == (step.kind, step.name) and step.kind in _RUNS:
                steps[-1] = replace(before, last=step.last)
            else:
                steps.append(step)
        return tuple(steps)

    def _days(self, start: int, due: int) -> Iterator[Step]:
        day = _time(start, self._tz).date()
        dawn = _wall(day, 0, self._tz)
        while dawn < due:
            dusk = _wall(day + timedelta(1), 0, self._tz)
            first, last = max(start, dawn), min(due, dusk)
            amount = self._open.covered(first, last)
            hours = self._weekly.covered(first, last)
            if day in self._closed and any(window.weekday == day.weekday() for window in self.week):
                yield Step(StepKind.CLOSED_DAY, day, day, name=self._closed[day])
            elif first < last and not amount and dusk <= due:
                was_open = self._open.covered(dawn, dusk)
                yield Step(StepKind.AFTER_HOURS if was_open else StepKind.CLOSED, day, day)
            if hours:
                yield Step(StepKind.OPEN, day, day, timedelta(microseconds=hours))
            if amount > hours:
                yield Step(StepKind.APPOINTMENT, day, day, timedelta(microseconds=amount - hours))
            day, dawn = day + timedelta(1), dusk

    def _reach(self, start: int, amount: int) -> int:
        reached = self._open.reach(start, amount)
        if reached is None:
            what = "opens" if amount == 1 else f"reaches {amount_text(timedelta(microseconds=amount))} of coverage"
            raise NoCoverageAhead(
                f"calendar {self.name or self.zone} never {what} after {_time(start, self._tz).isoformat()}; looked on "
                "until three years without an opening, or fifty in all; check its opening hours and closed days"
            )
        return reached


_RUNS = (StepKind.CLOSED, StepKind.CLOSED_DAY)


def steps_text(steps: Iterable[Step]) -> str:
    """Say steps in one line: `Thu 2 h, closed Fri 25 Dec (Christmas Day), closed Sat-Sun, Mon 6 h`, or `at once`."""
    return ", ".join(map(_step_text, steps)) or "at once"


def amount_text(amount: timedelta) -> str:
    """Say an amount of 0 or more exactly, as `72 h`, `1 h 30 min` or `45 s`."""
    minutes, rest = divmod(amount // _ONE, 60 * _SECOND)
    hours, minutes = divmod(minutes, 60)
    seconds = f"{rest // _SECOND}.{rest % _SECOND:06}".rstrip("0").rstrip(".")
    parts = ((hours, f"{hours} h"), (minutes, f"{minutes} min"), (rest, f"{seconds} s"))
    return " ".join(text for number, text in parts if number) or "0 h"


def _step_text(step: Step) -> str:
    # From a week on, bare weekdays would not say how long.
    dated = step.kind is StepKind.CLOSED_DAY or step.last - step.first >= timedelta(7)
    days = "-".join(_day_text(day, dated) for day in dict.fromkeys((step.first, step.last)))
    match step.kind:
        case StepKind.OPEN:
            return f"{days} {amount_text(step.amount)}"
        case StepKind.APPOINTMENT:
            return f"by appointment {days} {amount_text(step.amount)}"
        case StepKind.AFTER_HOURS:
            return f"{days} after hours"
        case _:
            return f"closed {days}" + (f" ({step.name})" if step.name else "")


def _day_text(day: date, dated: bool) -> str:
    weekday = WEEKDAYS[day.weekday()].capitalize()  # strftime would speak the server's language
    return f"{weekday} {day.day} {MONTHS[day.month - 1]}" if dated else weekday


class _Stretch(NamedTuple):
    """The open intervals of some weeks, in order, and the open time from the beginning to the end of each."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    sums: tuple[int, ...]
    total: int

    def until(self, instant: int) -> int:
        """Open time from the beginning of the stretch to `instant`."""
        i = bisect_right(self.starts, instant) - 1
        return self.sums[i] - max(0, self.ends[i] - instant) if i >= 0 else 0

    def reach(self, amount: int) -> int:
        """First instant with so much open time before it; 0 < amount <= total."""
        i = bisect_left(self.sums, amount)
        return self.ends[i] - (self.sums[i] - amount)


class _Line:
    """All the open time of a calendar. What it remembers is bounded and never differs, so threads may share it."""

    __slots__ = ("_known", "_spans")

    def __init__(self, spans: Callable[[int], Iterable[tuple[int, int]]]) -> None:
        self._spans = spans  # gives at least the intervals that touch a stretch, in any order
        self._known: dict[int, _Stretch] = {}

    def stretch(self, number: int) -> _Stretch:
        known = self._known.get(number)
        if known is None:
            known = _merged(number * _STRETCH, (number + 1) * _STRETCH, self._spans(number))
            if len(self._known) >= _KEPT:
                self._known.clear()
            self._known[number] = known
        return known

    def covered(self, start: int, end: int) -> int:
        if end <= start:
            return 0
        first, last = start // _STRETCH, end // _STRETCH
        whole = sum(self.stretch(number).total for number in range(first, last))
        return whole + self.stretch(last).until(end) - self.stretch(first).until(start)

    def reach(self, start: int, amount: int) -> int | None:
        """First instant with `amount` > 0 of open time between it and `start`; None when the search ends without."""
        first, idle = start // _STRETCH, 0
        amount += self.stretch(first).until(start)
        for number in range(first, first + _FAR):
            stretch = self.stretch(number)
            if amount <= stretch.total:
                return stretch.reach(amount)
            amount -= stretch.total
            idle = 0 if stretch.total else idle + 1
            if idle > _IDLE:
                break
        return None


def _merged(low: int, high: int, spans: Iterable[tuple[int, int]]) -> _Stretch:
    starts: list[int] = []
    ends: list[int] = []
    for start, end in sorted((max(low, start), min(high, end)) for start, end in spans):
        if start >= end:
            continue
        if ends and start <= ends[-1]:
            ends[-1] = max(ends[-1], end)
        else:
            starts.append(start)
            ends.append(end)
    sums: list[int] = []
    total = 0
    for start, end in zip(starts, ends, strict=True):
        total += end - start
        sums.append(total)
    return _Stretch(tuple(starts), tuple(ends), tuple(sums), total)


@lru_cache(maxsize=64)
def _weekly_line(tz: ZoneInfo, week: tuple[CoverageWindow, ...], closed: frozenset[date]) -> _Line:
    """Shared by equal calendars, so that a calendar made for one request's appointment starts warm."""

    def spans(number: int) -> Iterator[tuple[int, int]]:
        # Three days around: a window lasts into the next day, and zones are up to a day away from UTC.
        first = _time(number * _STRETCH, UTC).date() - timedelta(3)
        for day in (first + timedelta(n) for n in range(_STRETCH // _DAY + 6)):
            if day not in closed:
                for window in week:
                    if window.weekday == day.weekday():
                        yield _wall(day, window.opens, tz), _wall(day, window.closes, tz, closing=True)

    return _Line(spans)


def _line_with(weekly: _Line, booked: list[tuple[int, int]]) -> _Line:
    def spans(number: int) -> Iterator[tuple[int, int]]:
        yield from zip(*weekly.stretch(number)[:2], strict=True)
        yield from booked

    return _Line(spans)


def _wall(day: date, minutes: int, tz: ZoneInfo, closing: bool = False) -> int:
    """The instant of a wall time, `minutes` after the midnight that `day` begins with."""
    wall = datetime.combine(day, time(), tz) + timedelta(minutes=minutes)
    once, again = (wall - _EPOCH) // _ONE, (wall.replace(fold=1) - _EPOCH) // _ONE
    if once <= again:
        # A date ends where the next begins: 24:00 is the first of two midnights, else it would leak into a closed day.
        return again if closing and minutes != _MIDNIGHT else once
    # The clocks jump over this wall time (PEP 495: fold=1 is then the earlier reading). Find the second they jump at.
    before = _time(again, tz).utcoffset()
    seconds = range(again // _SECOND, once // _SECOND + 1)
    jump = bisect_left(seconds, True, key=lambda second: _time(second * _SECOND, tz).utcoffset() != before)
    return seconds[jump] * _SECOND


def _instant(moment: datetime) -> int:
    try:
        instant = (moment - _EPOCH) // _ONE
    except TypeError:
        raise ValueError(f"{moment!r} is no time with a zone; give one like 2026-12-24T17:30:00+01:00") from None
    if not _FIRST <= instant < _LAST:
        raise ValueError(f"{moment.isoformat()} lies outside the years 1900 to 2199; give the time that is meant")
    return instant


def _time(instant: int, tz: ZoneInfo | timezone) -> datetime:
    return (_EPOCH + timedelta(microseconds=instant)).astimezone(tz)


def _booked(label: str, start: datetime, end: datetime) -> tuple[int, int]:
    first, last = _instant(start), _instant(end)
    if first >= last:
        raise ValueError(
            f"{label}: appointment {start.isoformat()} to {end.isoformat()} has no length; "
            "expected its end after its start"
        )
    return first, last


def _zone(name: str) -> ZoneInfo:
    if _NO_PLACE.fullmatch(name):
        raise ValueError(
            f"{name!r} is no named time zone and would not follow the clock changes; "
            "name a place such as Europe/Berlin, or UTC"
        )
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        near = difflib.get_close_matches(name, available_timezones(), 1)
        hint = f"did you mean {near[0]}?" if near else "name an IANA zone such as Europe/Berlin"
        raise ValueError(f"unknown time zone {name!r}; {hint}") from None


def _weekday_number(weekday: str) -> int:
    if weekday not in WEEKDAYS:
        raise ValueError(f"unknown weekday {weekday!r}; expected one of {', '.join(WEEKDAYS)}")
    return WEEKDAYS.index(weekday)


def _minutes(weekday: str, text: str) -> int:
    if not _WALL_TIME.fullmatch(str(text)):
        raise ValueError(f"{weekday}: {text!r} is no time of day; expected 00:00 to 23:59, or 24:00 for closing")
    hours, minutes = str(text).split(":")
    return int(hours) * 60 + int(minutes)
