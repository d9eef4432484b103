"""Coverage by law, and against a second model that counts minutes and shares no arithmetic with the first."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, cached_property
from itertools import accumulate
from zoneinfo import ZoneInfo

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from plugin.contract.coverage import Calendar
from plugin.contract.steps import StepKind
from plugin.contract.week import WEEKDAYS

MINUTE = timedelta(minutes=1)
ZERO = timedelta(0)
SPAN = 20 * 24 * 60  # minutes of the model's world
FIRST_START, LAST_START = 3 * 24 * 60, 10 * 24 * 60

# A zone, and the first UTC day of a world in which its clocks change, or do not.
WORLDS = [
    ("Europe/Berlin", date(2026, 11, 10)),
    ("Europe/Berlin", date(2026, 3, 22)),
    ("Europe/Berlin", date(2026, 10, 18)),
    ("Australia/Lord_Howe", date(2026, 3, 29)),
    ("Australia/Lord_Howe", date(2026, 9, 27)),
    ("Africa/Cairo", date(2026, 4, 17)),
    ("America/Havana", date(2026, 10, 25)),
    ("America/St_Johns", date(2006, 10, 22)),
    ("Pacific/Apia", date(2011, 12, 23)),
    ("Asia/Kathmandu", date(2028, 2, 22)),
    ("UTC", date(2026, 12, 24)),
]


@cache
def walls(zone: str, first: date) -> tuple[list[datetime], list[datetime]]:
    """For each UTC minute of a world: the latest wall time shown so far, and the earliest shown from then on."""
    begin = datetime.combine(first, time(), UTC)
    shown = [(begin + n * MINUTE).astimezone(ZoneInfo(zone)).replace(tzinfo=None) for n in range(SPAN)]
    return list(accumulate(shown, max)), list(accumulate(reversed(shown), min))[::-1]


@dataclass(frozen=True)
class Case:
    """A calendar written down, and the world it is looked at in."""

    zone: str
    first: date
    week: dict[str, list[tuple[str, str]]]
    closed: frozenset[date]
    booked: tuple[tuple[int, int], ...]  # minutes of the world

    @property
    def begin(self) -> datetime:
        return datetime.combine(self.first, time(), UTC)

    def calendar(self) -> Calendar:
        calendar = Calendar.from_week(self.zone, self.week, closed=self.closed)
        return calendar.with_appointments((self.begin + a * MINUTE, self.begin + b * MINUTE) for a, b in self.booked)

    @cached_property
    def open_minutes(self) -> bytearray:
        """One byte a minute: open from the first time that its opening is shown until the last time its closing is."""
        so_far, from_then = walls(self.zone, self.first)
        minutes = bytearray(SPAN)
        for n in range(-3, SPAN // 1440 + 3):
            day = self.first + timedelta(n)
            for opens, closes in [] if day in self.closed else self.week.get(WEEKDAYS[day.weekday()], []):
                midnight = datetime.combine(day, time())
                opening, closing = midnight + since_midnight(opens), midnight + since_midnight(closes)
                if closing <= opening:
                    closing += timedelta(days=1)
                low, high = bisect_left(so_far, opening), bisect_left(from_then, closing)
                last = bisect_right(from_then, closing) - 1
                if closing == midnight + timedelta(days=1):
                    high = bisect_left(so_far, closing)  # the next date has begun, even if midnight comes once more
                elif from_then[last] == closing:
                    high = last
                if low < high:
                    minutes[low:high] = b"\1" * (high - low)
        for low, high in self.booked:
            minutes[low:high] = b"\1" * (high - low)
        return minutes


def since_midnight(text: str) -> timedelta:
    return timedelta(hours=int(text[:2]), minutes=int(text[3:]))


def model_due(case: Case, start: datetime, within: timedelta) -> datetime | None:
    """Walk minute by minute; None where the world ends first."""
    minutes = case.open_minutes
    for n in range((start - case.begin) // MINUTE, SPAN):
        if minutes[n]:
            now = max(start, case.begin + n * MINUTE)
            left = case.begin + (n + 1) * MINUTE - now
            if within <= left:
                return now + within
            within -= left
    return None


def model_covered(case: Case, start: datetime, end: datetime) -> timedelta:
    minutes = case.open_minutes
    total = ZERO
    for n in range((start - case.begin) // MINUTE, (end - case.begin) // MINUTE + 1):
        if minutes[n]:
            total += max(ZERO, min(end, case.begin + (n + 1) * MINUTE) - max(start, case.begin + n * MINUTE))
    return total


TIMES = st.one_of(
    st.sampled_from(["00:00", "01:30", "02:00", "02:30", "03:00", "08:00", "12:00", "13:00", "18:00", "22:00"]),
    st.builds("{:02}:{:02}".format, st.integers(0, 23), st.integers(0, 59)),
)
WINDOWS = st.tuples(TIMES, st.one_of(TIMES, st.just("24:00"))).filter(lambda pair: pair[0] != pair[1])


@st.composite
def cases(draw: st.DrawFn) -> Case:
    zone, first = draw(st.sampled_from(WORLDS))
    week = draw(
        st.dictionaries(st.sampled_from(WEEKDAYS), st.lists(WINDOWS, min_size=1, max_size=3), min_size=1, max_size=7)
    )
    closed = draw(st.frozensets(st.integers(0, SPAN // 1440).map(lambda n: first + timedelta(n)), max_size=5))
    appointments = st.tuples(st.integers(FIRST_START, LAST_START), st.integers(1, 3000))
    booked = draw(st.lists(appointments.map(lambda pair: (pair[0], sum(pair))), max_size=2))
    return Case(zone, first, week, closed, tuple(booked))


def moments(draw: st.DrawFn, case: Case) -> datetime:
    """Any moment, with a liking for openings and closings and the moments beside them."""
    minutes = case.open_minutes
    edges = [n for n in range(FIRST_START, LAST_START) if minutes[n] != minutes[n - 1]]
    anywhere = st.integers(FIRST_START * 60_000_000, LAST_START * 60_000_000)
    beside = st.builds(lambda n, off: n * 60_000_000 + off, st.sampled_from(edges or [FIRST_START]), st.integers(-1, 1))
    return case.begin + timedelta(microseconds=draw(st.one_of(anywhere, beside)))


@st.composite
def questions(draw: st.DrawFn) -> tuple[Case, datetime, datetime]:
    case = draw(cases())
    one, two = moments(draw, case), moments(draw, case)
    return case, one.astimezone(ZoneInfo(case.zone)), two


AMOUNTS = st.one_of(
    st.just(ZERO),
    st.integers(1, 72).map(lambda n: timedelta(hours=n)),
    st.timedeltas(timedelta(microseconds=1), timedelta(hours=30)),
)


TWICE = Case("Europe/Berlin", date(2026, 10, 18), {"sun": [("02:00", "02:45")]}, frozenset(), ())
MIDNIGHT = Case("America/Havana", date(2026, 10, 25), {"sat": [("00:00", "24:00")]}, frozenset(), ())


@settings(max_examples=80)
@given(questions(), AMOUNTS)
@example((TWICE, datetime(2026, 10, 24, 12, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)), 90 * MINUTE)
@example((MIDNIGHT, datetime(2026, 10, 27, 12, tzinfo=UTC), datetime(2026, 11, 1, 4, 30, tzinfo=UTC)), 1440 * MINUTE)
def test_due_and_covered_agree_with_counting_minutes(
    question: tuple[Case, datetime, datetime], within: timedelta
) -> None:
    case, start, other = question
    calendar = case.calendar()
    assert calendar.covered(start, other) == model_covered(case, start.astimezone(UTC), other)
    assert calendar.is_open(other) == bool(case.open_minutes[(other - case.begin) // MINUTE])
    expected = model_due(case, start.astimezone(UTC), within)
    assume(expected is not None)
    due = calendar.due(start, within).astimezone(UTC)
    if within or not calendar.covered(start.astimezone(UTC) - timedelta(microseconds=1), start):
        assert due == expected
    else:  # nothing to wait for, and just closing
        assert due == start.astimezone(UTC)


@settings(max_examples=80)
@given(questions(), AMOUNTS, AMOUNTS)
def test_amounts_add_up(question: tuple[Case, datetime, datetime], one: timedelta, two: timedelta) -> None:
    case, start, _ = question
    calendar = case.calendar()
    middle, due = calendar.due(start, one), calendar.due(start, one + two)
    assert calendar.covered(start, middle) == one
    assert calendar.due(middle, two).astimezone(UTC) == due.astimezone(UTC)
    assert middle.astimezone(UTC) <= due.astimezone(UTC)
    if two > ZERO:
        assert middle.astimezone(UTC) < due.astimezone(UTC)


@settings(max_examples=80)
@given(questions(), AMOUNTS)
def test_a_deadline_is_inside_coverage_or_at_its_closing_and_no_earlier_moment_will_do(
    question: tuple[Case, datetime, datetime], within: timedelta
) -> None:
    case, start, _ = question
    calendar = case.calendar()
    due = calendar.due(start, within)
    before = due.astimezone(UTC) - timedelta(microseconds=1)
    assert calendar.is_open(due) or calendar.is_open(before)
    assert due.astimezone(UTC) >= start.astimezone(UTC)
    assert due.tzinfo is ZoneInfo(case.zone)
    if within:
        assert calendar.covered(start, before) == within - timedelta(microseconds=1)


@settings(max_examples=80)
@given(questions(), st.floats(0, 1))
def test_covered_time_is_additive(question: tuple[Case, datetime, datetime], share: float) -> None:
    case, one, two = question
    calendar = case.calendar()
    first, last = sorted((one.astimezone(UTC), two))
    middle = first + (last - first) * share
    assert calendar.covered(first, last) == calendar.covered(first, middle) + calendar.covered(middle, last)
    assert calendar.covered(last, first) == ZERO
    assert ZERO <= calendar.covered(first, last) <= last - first


@settings(max_examples=80)
@given(questions(), AMOUNTS)
def test_the_steps_add_up_in_order_and_leave_no_day_out(
    question: tuple[Case, datetime, datetime], within: timedelta
) -> None:
    case, start, _ = question
    calendar = case.calendar()
    steps = calendar.steps(start, within)
    assert sum((step.amount for step in steps), ZERO) == within
    for step in steps:
        assert (step.amount > ZERO) == (step.kind in (StepKind.OPEN, StepKind.APPOINTMENT))
        assert step.first <= step.last
        if step.kind is StepKind.CLOSED_DAY:
            assert {step.first, step.last} <= case.closed
    told = [step.first + timedelta(n) for step in steps for n in range((step.last - step.first).days + 1)]
    skipped = {date(2011, 12, 30)} if case.zone == "Pacific/Apia" else set()
    if told:
        every = {told[0] + timedelta(n) for n in range((told[-1] - told[0]).days + 1)}
        assert told == sorted(told)
        assert every - set(told) <= skipped


@settings(max_examples=80)
@given(questions(), AMOUNTS)
def test_an_appointment_never_makes_a_deadline_later(
    question: tuple[Case, datetime, datetime], within: timedelta
) -> None:
    case, start, end = question
    calendar = case.calendar()
    assume(start.astimezone(UTC) < end)
    booked = calendar.with_appointments([(start, end)])
    assert booked.covered(start, end) == end - start.astimezone(UTC)
    assert booked.due(start, within).astimezone(UTC) <= calendar.due(start, within).astimezone(UTC)
