"""Coverage by example: tables of starts, amounts and what a person with a calendar on the wall would answer."""

import copy
import os
import pickle
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import FrozenInstanceError, replace
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import combinations
from zoneinfo import ZoneInfo

import pytest

from plugin.contract.coverage import Calendar, EmptyCalendar, NoCoverageAhead
from plugin.contract.steps import Step, StepKind, steps_said
from plugin.contract.week import WEEKDAYS
from tests.plugin.contract.calendars import ALWAYS, BERLIN, CHRISTMAS, NIGHTS, OFFICE, at, closed_all, hours


@pytest.fixture(params=["America/Anchorage", "Pacific/Kiritimati", "UTC"])
def server_zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


# --- deadlines in an ordinary week ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "within", "due"),
    [
        pytest.param("2026-11-16 09:00", 8, "2026-11-16 17:00", id="inside one day"),
        pytest.param("2026-11-16 08:00", 8, "2026-11-16 16:00", id="start at opening"),
        pytest.param("2026-11-16 10:00", 8, "2026-11-16 18:00", id="ends exactly at closing: due at closing (C2)"),
        pytest.param("2026-11-16 10:00:01", 8, "2026-11-17 08:00:01", id="a second too late for today"),
        pytest.param("2026-11-16 18:00", 8, "2026-11-17 16:00", id="start at closing"),
        pytest.param("2026-11-16 06:00", 8, "2026-11-16 16:00", id="start before opening"),
        pytest.param("2026-11-16 22:00", 8, "2026-11-17 16:00", id="start in the evening"),
        pytest.param("2026-11-20 16:00", 8, "2026-11-23 14:00", id="over a weekend"),
        pytest.param("2026-11-21 12:00", 8, "2026-11-23 16:00", id="start on Saturday"),
        pytest.param("2026-11-22 23:59:59", 8, "2026-11-23 16:00", id="start on Sunday night"),
        pytest.param("2026-11-20 08:00", 10, "2026-11-20 18:00", id="one whole day"),
        pytest.param("2026-11-16 08:00", 50, "2026-11-20 18:00", id="one whole week, due at its closing"),
        pytest.param("2026-11-20 19:00", 72, "2026-12-02 10:00", id="the longest response time of the contract"),
        pytest.param("2026-12-24 16:00", 8, "2026-12-28 14:00", id="over Christmas"),
        pytest.param("2026-12-25 10:00", 8, "2026-12-28 16:00", id="start on a holiday"),
        pytest.param("2028-02-28 16:00", 8, "2028-02-29 14:00", id="into a leap day"),
        pytest.param("2028-02-29 16:00", 8, "2028-03-01 14:00", id="out of a leap day"),
        pytest.param("2027-02-26 16:00", 8, "2027-03-01 14:00", id="no leap day"),
        pytest.param("2026-12-31 16:00", 8, "2027-01-01 14:00", id="over New Year when nobody closed it"),
    ],
)
def test_a_deadline_counts_office_hours_only(office: Calendar, start: str, within: float, due: str) -> None:
    assert office.due(at(start), hours(within)) == at(due)


@pytest.mark.parametrize(
    ("start", "due"),
    [
        pytest.param("2026-11-16 09:30", "2026-11-16 09:30", id="open: at once"),
        pytest.param("2026-11-16 08:00", "2026-11-16 08:00", id="at opening: at once"),
        pytest.param("2026-11-16 18:00", "2026-11-16 18:00", id="at closing: at once"),
        pytest.param("2026-11-16 18:00:00.000001", "2026-11-17 08:00", id="just after closing: next opening"),
        pytest.param("2026-11-16 07:59:59.999999", "2026-11-16 08:00", id="just before opening: the opening"),
        pytest.param("2026-11-20 20:00", "2026-11-23 08:00", id="Friday night: Monday"),
        pytest.param("2026-12-25 10:00", "2026-12-28 08:00", id="holiday: the next working day"),
    ],
)
def test_no_time_at_all_is_due_at_once_or_at_the_next_opening(office: Calendar, start: str, due: str) -> None:
    assert office.due(at(start), timedelta(0)) == at(due)


@pytest.mark.parametrize(
    ("start", "within", "due"),
    [
        ("2026-11-16 17:59:13.000007", hours(8), "2026-11-17 15:59:13.000007"),
        ("2026-11-16 17:59:13.25", timedelta(seconds=46, microseconds=750_000), "2026-11-16 18:00"),
        ("2026-11-16 17:59:13.25", timedelta(seconds=46, microseconds=750_001), "2026-11-17 08:00:00.000001"),
        ("2026-11-16 17:59:59.999999", timedelta(microseconds=1), "2026-11-16 18:00"),
    ],
)
def test_odd_seconds_and_microseconds_are_kept(office: Calendar, start: str, within: timedelta, due: str) -> None:
    assert office.due(at(start), within) == at(due)


def test_the_deadline_is_given_in_the_calendars_zone_wherever_the_request_came_from(office: Calendar) -> None:
    start = at("2026-11-16 09:00")
    for zone in (UTC, timezone(timedelta(hours=-9)), ZoneInfo("Asia/Kathmandu"), ZoneInfo(BERLIN)):
        due = office.due(start.astimezone(zone), hours(8))
        assert due.isoformat() == "2026-11-16T17:00:00+01:00"
        assert due.tzinfo is ZoneInfo(BERLIN)


def test_the_zone_of_the_server_changes_nothing(server_zone: str) -> None:
    assert os.environ["TZ"] == server_zone
    calendar = Calendar.from_week(BERLIN, OFFICE, closed={date(2026, 11, 18)}, name=f"seen from {server_zone}")
    assert calendar.due(at("2026-11-17 16:00"), hours(8)).isoformat() == "2026-11-19T14:00:00+01:00"
    assert calendar.steps(at("2026-11-17 16:00"), hours(8))[1] == Step(
        StepKind.CLOSED_DAY, date(2026, 11, 18), date(2026, 11, 18)
    )


@pytest.mark.parametrize(
    "days",
    [days for count in range(1, 8) for days in combinations(range(7), count)],
    ids=lambda days: "".join(map(str, days)),
)
def test_every_subset_of_weekdays_works(days: tuple[int, ...]) -> None:
    calendar = Calendar.from_week(BERLIN, {WEEKDAYS[day]: [("08:00", "18:00")] for day in days})
    for start in closed_all(date(2026, 11, 16), date(2026, 11, 22)):
        open_days = [day for day in closed_all(start, start + timedelta(40)) if day.weekday() in days]
        begin = at(f"{start} 06:00")
        assert calendar.due(begin, timedelta(0)) == at(f"{open_days[0]} 08:00")
        assert calendar.due(begin, hours(10)) == at(f"{open_days[0]} 18:00")
        assert calendar.due(begin, hours(24)) == at(f"{open_days[2]} 12:00")
        assert calendar.covered(begin, at(f"{start + timedelta(7)} 06:00")) == hours(10 * len(days))


# --- several windows, midnight ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "within", "due"),
    [
        pytest.param("2026-11-16 11:00", 2, "2026-11-16 14:00", id="over lunch"),
        pytest.param("2026-11-16 11:00", 1, "2026-11-16 12:00", id="due as lunch begins"),
        pytest.param("2026-11-16 12:30", 1, "2026-11-16 14:00", id="start in the lunch break"),
        pytest.param("2026-11-16 08:00", 9, "2026-11-16 18:00", id="the whole day"),
        pytest.param("2026-11-16 08:00", 9.5, "2026-11-17 08:30", id="and half an hour of the next"),
    ],
)
def test_a_lunch_break_is_a_break_and_no_holiday(start: str, within: float, due: str) -> None:
    calendar = Calendar.from_week(BERLIN, {day: [("13:00", "18:00"), ("8:00", "12:00")] for day in WEEKDAYS[:5]})
    assert calendar.due(at(start), hours(within)) == at(due)


@pytest.mark.parametrize(
    ("start", "within", "due"),
    [
        pytest.param("2026-11-19 23:00", 2, "2026-11-20 01:00", id="over midnight"),
        pytest.param("2026-11-19 23:00", 7, "2026-11-20 06:00", id="due at the closing of next morning"),
        pytest.param("2026-11-20 05:00", 2, "2026-11-20 23:00", id="from one night into the next"),
        pytest.param("2026-11-21 01:00", 6, "2026-11-26 23:00", id="Friday's night lasts into Saturday"),
        pytest.param("2026-11-19 12:00", 0, "2026-11-19 22:00", id="nothing before ten"),
    ],
)
def test_a_window_past_midnight_belongs_to_the_day_it_opens_on(start: str, within: float, due: str) -> None:
    assert Calendar.from_week(BERLIN, NIGHTS).due(at(start), hours(within)) == at(due)


def test_a_closed_day_takes_its_own_night_along_and_leaves_the_night_before() -> None:
    calendar = Calendar.from_week(BERLIN, NIGHTS, closed={date(2026, 11, 20)})
    assert calendar.is_open(at("2026-11-20 05:59"))
    assert not calendar.is_open(at("2026-11-20 23:00"))
    assert not calendar.is_open(at("2026-11-21 01:00"))


def test_sundays_night_lasts_into_monday() -> None:
    calendar = Calendar.from_week(BERLIN, {"sun": [("20:00", "04:00")]})
    assert calendar.due(at("2026-11-22 19:00"), hours(8)) == at("2026-11-23 04:00")


def test_midnight_closes_as_24_00_and_as_00_00() -> None:
    for closing in ("24:00", "00:00"):
        calendar = Calendar.from_week(BERLIN, {"fri": [("18:00", closing)]})
        assert calendar.covered(at("2026-11-20 00:00"), at("2026-11-22 00:00")) == hours(6)
        assert calendar.due(at("2026-11-20 12:00"), hours(6)) == at("2026-11-21 00:00")


def test_round_the_clock_is_seven_days_of_00_00_to_24_00() -> None:
    calendar = Calendar.from_week(BERLIN, ALWAYS)
    assert calendar.due(at("2026-11-20 13:07"), hours(72)) == at("2026-11-23 13:07")
    assert calendar.covered(at("2026-01-01 00:00"), at("2027-01-01 00:00")) == timedelta(365)


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago", "UTC"])
@pytest.mark.parametrize(
    ("window", "length"), [(("00:00", "24:00"), 24), (("12:00", "11:59"), 24), (("20:00", "08:00"), 12)]
)
def test_years_of_days_and_nights_are_covered_without_a_seam(zone: str, window: tuple[str, str], length: int) -> None:
    calendar = Calendar.from_week(zone, {day: [window, ("11:00", "12:00")] for day in WEEKDAYS})
    first, days = at("2024-01-01 12:00", zone), 3 * 365
    expected = timedelta(hours=length if length == 24 else length + 1) * days
    assert calendar.covered(first, first + timedelta(days)) == expected
    assert calendar.due(first, expected) == first + timedelta(days)


@pytest.mark.parametrize(
    "windows",
    [
        pytest.param([("08:00", "14:00"), ("12:00", "18:00")], id="overlapping"),
        pytest.param([("08:00", "18:00"), ("09:00", "10:00")], id="one inside the other"),
        pytest.param([("08:00", "12:00"), ("12:00", "18:00")], id="touching"),
        pytest.param([("08:00", "18:00"), ("08:00", "18:00")], id="the same twice"),
    ],
)
def test_overlapping_windows_are_counted_once(windows: list[tuple[str, str]]) -> None:
    calendar = Calendar.from_week(BERLIN, {"mon": windows})
    assert calendar.covered(at("2026-11-16 00:00"), at("2026-11-17 00:00")) == hours(10)
    assert calendar.due(at("2026-11-16 07:00"), hours(10)) == at("2026-11-16 18:00")


def test_a_night_that_reaches_into_the_next_days_hours_is_counted_once() -> None:
    calendar = Calendar.from_week(BERLIN, {"mon": [("20:00", "10:00")], "tue": [("08:00", "18:00")]})
    assert calendar.covered(at("2026-11-16 00:00"), at("2026-11-18 00:00")) == hours(22)


# --- clocks that change -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "window", "opens", "closes", "length"),
    [
        # spring in Berlin: 02:00 becomes 03:00
        (BERLIN, ("00:00", "24:00"), "2026-03-29T00:00+01:00", "2026-03-30T00:00+02:00", 23),
        (BERLIN, ("01:00", "04:00"), "2026-03-29T01:00+01:00", "2026-03-29T04:00+02:00", 2),
        (BERLIN, ("02:00", "04:00"), "2026-03-29T03:00+02:00", "2026-03-29T04:00+02:00", 1),
        (BERLIN, ("02:30", "04:00"), "2026-03-29T03:00+02:00", "2026-03-29T04:00+02:00", 1),
        (BERLIN, ("01:00", "02:30"), "2026-03-29T01:00+01:00", "2026-03-29T03:00+02:00", 1),
        # autumn in Berlin: 03:00 becomes 02:00
        (BERLIN, ("00:00", "24:00"), "2026-10-25T00:00+02:00", "2026-10-26T00:00+01:00", 25),
        (BERLIN, ("01:00", "04:00"), "2026-10-25T01:00+02:00", "2026-10-25T04:00+01:00", 4),
        (BERLIN, ("02:30", "04:00"), "2026-10-25T02:30+02:00", "2026-10-25T04:00+01:00", 2.5),
        (BERLIN, ("01:00", "02:30"), "2026-10-25T01:00+02:00", "2026-10-25T02:30+01:00", 2.5),
        (BERLIN, ("02:15", "02:45"), "2026-10-25T02:15+02:00", "2026-10-25T02:45+01:00", 1.5),
        # half an hour on Lord Howe: 02:00 becomes 02:30, and 02:00 becomes 01:30
        ("Australia/Lord_Howe", ("02:00", "04:00"), "2026-10-04T02:30+11:00", "2026-10-04T04:00+11:00", 1.5),
        ("Australia/Lord_Howe", ("01:45", "04:00"), "2026-04-05T01:45+11:00", "2026-04-05T04:00+10:30", 2.75),
        # no midnight in Cairo, and two in St. John's, where 00:01 became 23:01
        ("Africa/Cairo", ("00:00", "02:00"), "2026-04-24T01:00+03:00", "2026-04-24T02:00+03:00", 1),
        ("America/St_Johns", ("00:00", "24:00"), "2006-10-29T00:00-02:30", "2006-10-30T00:00-03:30", 25),
    ],
)
def test_windows_follow_the_clock_on_the_wall_but_last_as_long_as_they_really_last(
    zone: str, window: tuple[str, str], opens: str, closes: str, length: float
) -> None:
    first, last = at(opens, zone), at(closes, zone)
    calendar = Calendar.from_week(zone, {WEEKDAYS[first.weekday()]: [window]})
    day_before, day_after = first - timedelta(days=1), last + timedelta(days=1)
    assert calendar.next_opening(day_before).astimezone(UTC) == first.astimezone(UTC)
    assert calendar.covered(day_before, day_after) == hours(length)
    assert calendar.due(day_before, hours(length)).astimezone(UTC) == last.astimezone(UTC)


def test_a_window_that_the_clocks_jump_over_does_not_exist_that_day() -> None:
    calendar = Calendar.from_week(BERLIN, {"sun": [("02:15", "02:45")]})
    assert calendar.due(at("2026-03-28 12:00"), timedelta(minutes=30)) == at("2026-04-05 02:45")


def test_windows_that_meet_in_the_repeated_hour_count_it_once() -> None:
    calendar = Calendar.from_week(BERLIN, {"sun": [("00:00", "02:30"), ("02:30", "06:00")]})
    assert calendar.covered(at("2026-10-25 00:00"), at("2026-10-26 00:00")) == hours(7)


def test_a_start_in_the_repeated_hour_is_told_apart_by_its_offset() -> None:
    calendar = Calendar.from_week(BERLIN, ALWAYS)
    assert calendar.due(at("2026-10-25T02:30+02:00"), hours(1)).isoformat() == "2026-10-25T02:30:00+01:00"
    assert calendar.due(at("2026-10-25T02:30+01:00"), hours(1)).isoformat() == "2026-10-25T03:30:00+01:00"
    assert calendar.covered(at("2026-10-25T02:30+02:00"), at("2026-10-25T02:30+01:00")) == hours(1)


def test_a_deadline_over_the_change_keeps_office_hours_not_the_offset_of_the_start(office: Calendar) -> None:
    assert office.due(at("2026-03-27 16:00"), hours(8)).isoformat() == "2026-03-30T14:00:00+02:00"
    assert office.due(at("2026-10-23 16:00"), hours(8)).isoformat() == "2026-10-26T14:00:00+01:00"


def test_a_date_that_a_zone_skipped_is_no_working_day() -> None:
    calendar = Calendar.from_week("Pacific/Apia", OFFICE)  # crossed the date line: no 30 December 2011
    assert calendar.due(at("2011-12-29 17:00", "Pacific/Apia"), hours(2)) == at("2012-01-02 09:00", "Pacific/Apia")
    assert str(steps_said(calendar.steps(at("2011-12-29 17:00", "Pacific/Apia"), hours(2)))) == (
        "Thu 1 h, closed Sat-Sun, Mon 1 h"
    )


def test_a_day_ends_where_the_next_begins_even_if_midnight_comes_twice() -> None:
    calendar = Calendar.from_week("America/Havana", ALWAYS, closed={date(2026, 11, 1)})  # at 01:00 it is 00:00 again
    assert calendar.is_open(at("2026-10-31T23:59:59-04:00", "America/Havana"))
    assert not calendar.is_open(at("2026-11-01T00:00-04:00", "America/Havana"))
    assert calendar.covered(at("2026-11-01T00:00-04:00"), at("2026-11-02T00:00-05:00")) == timedelta(0)


# --- closed days ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kathmandu", BERLIN, "UTC"])
def test_a_closed_date_is_that_date_in_the_calendars_zone_and_no_other(zone: str) -> None:
    calendar = Calendar.from_week(zone, ALWAYS, closed={date(2026, 12, 25)})
    assert calendar.is_open(at("2026-12-24 23:59:59.999999", zone))
    assert not calendar.is_open(at("2026-12-25 00:00", zone))
    assert not calendar.is_open(at("2026-12-25 23:59:59.999999", zone))
    assert calendar.is_open(at("2026-12-26 00:00", zone))


def test_closed_days_may_be_a_set_or_have_names() -> None:
    plain = Calendar.from_week(BERLIN, OFFICE, closed=set(CHRISTMAS))
    named = Calendar.from_week(BERLIN, OFFICE, closed=CHRISTMAS)
    assert dict(plain.closed) == dict.fromkeys(CHRISTMAS, "")
    assert dict(named.closed) == CHRISTMAS
    assert plain.due(at("2026-12-24 16:00"), hours(8)) == named.due(at("2026-12-24 16:00"), hours(8))


@pytest.mark.parametrize(
    "midnight", [datetime(2026, 12, 25, tzinfo=UTC), "2026-12-25", 20261225], ids=["timestamp", "text", "number"]
)
def test_a_closed_day_that_is_no_plain_date_is_refused(midnight: object) -> None:
    with pytest.raises(
        ValueError, match=r"calendar office: closed day .* no plain date; expected .*date\(2026, 12, 25\)"
    ):
        Calendar.from_week(BERLIN, OFFICE, closed=[midnight], name="office")


@pytest.mark.parametrize(
    ("start", "end", "missing"),
    [
        ("2026-12-30 10:00", "2026-12-31 10:00", ()),
        ("2026-12-30 10:00", "2027-01-04 10:00", (2027,)),
        ("2026-12-31 10:00", "2027-01-01 00:00", ()),
        ("2026-12-31 10:00", "2027-01-01 00:00:00.000001", (2027,)),
        ("2024-12-31 10:00", "2028-01-01 10:00", (2024, 2027, 2028)),
        ("2027-05-05 10:00", "2027-05-05 10:00", (2027,)),
        ("2026-12-31T23:30+00:00", "2026-12-31T23:45+00:00", (2027,)),
    ],
)
def test_years_whose_holidays_nobody_entered_are_named(start: str, end: str, missing: tuple[int, ...]) -> None:
    calendar = Calendar.from_week(BERLIN, OFFICE, known_years=[2025, 2026])
    assert calendar.years_without_holidays(at(start), at(end)) == missing


def test_a_calendar_that_keeps_no_public_holidays_misses_none_and_one_without_years_misses_all() -> None:
    start, end = at("2026-05-05 10:00"), at("2027-05-05 10:00")
    assert Calendar.from_week(BERLIN, OFFICE).years_without_holidays(start, end) == ()
    assert Calendar.from_week(BERLIN, OFFICE, known_years=()).years_without_holidays(start, end) == (2026, 2027)


# --- calendars that hardly open, or never -----------------------------------------------------------------------------


@pytest.mark.parametrize("week", [{}, {"mon": []}, {day: [] for day in WEEKDAYS}])
def test_a_calendar_without_opening_hours_is_an_error_and_not_round_the_clock(
    week: dict[str, list[tuple[str, str]]],
) -> None:
    with pytest.raises(
        EmptyCalendar,
        match=r"^calendar night shift has no opening hours; give at least one window.*; 24 hours is 00:00-24:00$",
    ):
        Calendar.from_week(BERLIN, week, name="night shift")
    with pytest.raises(EmptyCalendar, match="calendar Europe/Berlin has no opening hours"):
        Calendar.from_week(BERLIN, week)


def test_a_calendar_that_is_closed_for_years_ends_in_an_error_and_not_in_a_loop() -> None:
    calendar = Calendar.from_week(BERLIN, OFFICE, closed=closed_all(date(2026, 1, 1), date(2030, 1, 1)), name="asleep")
    for search, what in (
        (lambda: calendar.due(at("2026-01-02 09:00"), hours(8)), "reaches 8 h of coverage"),
        (lambda: calendar.next_opening(at("2026-01-02 09:00")), "opens"),
    ):
        with pytest.raises(
            NoCoverageAhead,
            match=rf"^calendar asleep never {what} after 2026-01-02T09:00:00\+01:00; looked on until .* closed days$",
        ):
            search()
    assert calendar.covered(at("2026-01-02 09:00"), at("2029-12-31 00:00")) == timedelta(0)


def test_a_calendar_that_opens_again_within_three_years_is_waited_for() -> None:
    calendar = Calendar.from_week(BERLIN, OFFICE, closed=closed_all(date(2026, 1, 1), date(2028, 12, 29)))
    assert calendar.due(at("2026-01-02 09:00"), hours(8)) == at("2029-01-01 16:00")


def test_a_few_hours_a_week_add_up_over_years() -> None:
    calendar = Calendar.from_week(BERLIN, {"wed": [("09:00", "10:00")]})
    assert calendar.due(at("2026-11-18 08:00"), hours(521)) == at("2036-11-05 10:00")


def test_an_amount_beyond_all_reason_ends_in_an_error() -> None:
    calendar = Calendar.from_week(BERLIN, {"wed": [("09:00", "10:00")]}, name="wednesdays")
    with pytest.raises(NoCoverageAhead, match="calendar wednesdays never reaches 5000 h of coverage"):
        calendar.due(at("2026-11-18 08:00"), hours(5000))


# --- what is refused --------------------------------------------------------------------------------------------------


def test_a_negative_amount_is_refused(office: Calendar) -> None:
    with pytest.raises(ValueError, match="covered time cannot be negative"):
        office.due(at("2026-11-16 09:00"), timedelta(microseconds=-1))


def test_a_time_without_a_zone_is_refused_everywhere(office: Calendar) -> None:
    aware = at("2026-11-16 09:00")
    naive = aware.replace(tzinfo=None)
    for call in (
        lambda: office.due(naive, hours(8)),
        lambda: office.covered(aware, naive),
        lambda: office.is_open(naive),
        lambda: office.next_opening(naive),
        lambda: office.steps(naive, hours(8)),
        lambda: replace(office, known_years=frozenset({2026})).years_without_holidays(aware, naive),
        lambda: office.with_appointments([(naive, aware)]),
    ):
        with pytest.raises(ValueError, match="is no time with a zone; give one like"):
            call()


@pytest.mark.parametrize("moment", [datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC)])
def test_a_time_that_nobody_can_mean_is_refused(office: Calendar, moment: datetime) -> None:
    with pytest.raises(ValueError, match="outside the years 1900 to 2199"):
        office.covered(at("2026-11-16 09:00"), moment)


@pytest.mark.parametrize(("zone", "why"), [("UTC+1", "is no named time zone"), ("Europe/Berlinn", "did you mean")])
def test_a_zone_has_to_be_a_named_one(zone: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        Calendar.from_week(zone, OFFICE)


@pytest.mark.parametrize(
    ("week", "sentence"),
    [
        (
            {"funday": [("08:00", "18:00")]},
            r"unknown weekday 'funday'; expected one of mon, tue, wed, thu, fri, sat, sun",
        ),
        ({"Mon": []}, r"unknown weekday 'Mon'"),
        (
            {"mon": [("25:00", "18:00")]},
            r"mon: '25:00' is no time of day; expected 00:00 to 23:59, or 24:00 for closing",
        ),
        ({"mon": [("08:00", "18:60")]}, r"mon: '18:60' is no time of day"),
        ({"mon": [("08:00", "24:01")]}, r"mon: '24:01' is no time of day"),
        ({"mon": [("08:00", "18")]}, r"mon: '18' is no time of day"),
        ({"mon": [("08:00", 1080)]}, r"mon: 1080 is no time of day"),
        ({"mon": [("24:00", "06:00")]}, r"mon: 24:00 is a closing time only"),
        ({"mon": [("08:00", "08:00")]}, r"mon 08:00-08:00 has no length; 24 hours is 00:00-24:00"),
        ({"mon": [("00:00", "00:00")]}, r"mon 00:00-00:00 has no length; 24 hours is 00:00-24:00"),
        ({"mon": ["08:00-18:00"]}, r"mon: '08:00-18:00' is no window; expected two times like \('08:00', '18:00'\)"),
        ({"mon": [("08:00", "12:00", "13:00")]}, r"is no window; expected two times"),
    ],
)
def test_a_week_that_makes_no_sense_is_refused_with_what_was_expected(
    week: dict[str, list[tuple[str, str]]], sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        Calendar.from_week(BERLIN, week)


# --- appointments -----------------------------------------------------------------------------------------------------


def test_an_appointment_is_open_time_even_on_a_closed_day_and_only_in_its_own_calendar(office: Calendar) -> None:
    booked = office.with_appointments([(at("2026-12-26 08:00"), at("2026-12-26 10:00"))])
    assert booked.due(at("2026-12-24 16:00"), hours(8)) == at("2026-12-28 12:00")
    assert office.due(at("2026-12-24 16:00"), hours(8)) == at("2026-12-28 14:00")
    assert booked.is_open(at("2026-12-26 09:59"))
    assert not booked.is_open(at("2026-12-26 10:00"))
    assert not office.is_open(at("2026-12-26 09:59"))


def test_an_appointment_inside_opening_hours_adds_nothing_and_two_that_overlap_count_once(office: Calendar) -> None:
    inside = office.with_appointments([(at("2026-11-16 09:00"), at("2026-11-16 11:00"))])
    assert inside.due(at("2026-11-16 08:00"), hours(10)) == at("2026-11-16 18:00")
    twice = inside.with_appointments(
        [(at("2026-11-16 17:00"), at("2026-11-16 20:00")), (at("2026-11-16 19:00"), at("2026-11-16 21:00"))]
    )
    assert len(twice.appointments) == 3
    assert twice.covered(at("2026-11-16 00:00"), at("2026-11-17 00:00")) == hours(13)


@pytest.mark.parametrize("end", ["2026-11-21 08:00", "2026-11-21 07:00"])
def test_an_appointment_without_length_is_refused(office: Calendar, end: str) -> None:
    sentence = (
        r"calendar office hours: appointment 2026-11-21T08:00:00\+01:00 to .* has no length; "
        "expected its end after its start$"
    )
    with pytest.raises(ValueError, match=sentence):
        office.with_appointments([(at("2026-11-21 08:00"), at(end))])


def test_the_next_opening_is_the_moment_itself_when_open(office: Calendar) -> None:
    assert office.next_opening(at("2026-11-16 09:00")) == at("2026-11-16 09:00")
    assert office.next_opening(at("2026-11-16 18:00")) == at("2026-11-17 08:00")
    assert office.next_opening(at("2026-12-25 00:00")) == at("2026-12-28 08:00")


def test_nothing_is_covered_when_the_end_is_not_after_the_start(office: Calendar) -> None:
    assert office.covered(at("2026-11-16 12:00"), at("2026-11-16 12:00")) == timedelta(0)
    assert office.covered(at("2026-11-17 12:00"), at("2026-11-16 12:00")) == timedelta(0)


def test_a_span_is_cut_at_the_midnights_of_the_calendars_zone(office: Calendar) -> None:
    first, midnight, last = at("2026-11-16 00:00"), at("2026-11-17 00:00"), at("2026-11-17 09:00")
    assert list(office.by_date(first, last)) == [
        (date(2026, 11, 16), first, midnight),
        (date(2026, 11, 17), midnight, last),
    ]
    assert list(office.by_date(first.astimezone(UTC), midnight)) == [(date(2026, 11, 16), first, midnight)]
    assert list(office.by_date(last, last)) == list(office.by_date(last, first)) == []


# --- a value ----------------------------------------------------------------------------------------------------------


def test_a_calendar_is_an_immutable_value(office: Calendar) -> None:
    booked = office.with_appointments([(at("2026-11-21 08:00"), at("2026-11-21 10:00"))])
    booked.due(at("2026-11-20 16:00"), hours(8))
    for calendar in (office, booked):
        for twin in (pickle.loads(pickle.dumps(calendar)), copy.deepcopy(calendar)):
            assert twin == calendar
            assert hash(twin) == hash(calendar)
            assert twin.due(at("2026-11-20 16:00"), hours(8)) == calendar.due(at("2026-11-20 16:00"), hours(8))
    assert office != booked
    with pytest.raises(FrozenInstanceError):
        office.zone = "UTC"


def test_the_order_in_which_a_calendar_was_written_does_not_matter() -> None:
    one = Calendar.from_week(BERLIN, {"mon": [("08:00", "12:00"), ("13:00", "18:00")], "tue": []}, closed=CHRISTMAS)
    two = Calendar.from_week(
        BERLIN, {"mon": [("13:00", "18:00"), ("08:00", "12:00")]}, closed=dict(reversed(CHRISTMAS.items()))
    )
    assert one == two
    assert Calendar(BERLIN, one.week[::-1] * 2) == Calendar(BERLIN, one.week)
    booked = [(at("2026-11-21 08:00"), at("2026-11-21 10:00")), (at("2026-11-22 08:00"), at("2026-11-22 10:00"))]
    assert one.with_appointments(booked) == two.with_appointments(booked[::-1]).with_appointments(booked)


def test_what_is_given_may_change_afterwards_without_changing_the_calendar() -> None:
    week, closed = {"mon": [("08:00", "18:00")]}, dict(CHRISTMAS)
    calendar = Calendar.from_week(BERLIN, week, closed=closed)
    week["tue"] = [("08:00", "18:00")]
    closed[date(2026, 11, 16)] = "too late"
    assert calendar.due(at("2026-11-16 08:00"), hours(11)) == at("2026-11-23 09:00")


def test_threads_share_a_calendar_and_it_forgets_what_it_worked_out_long_ago() -> None:
    calendar = Calendar.from_week(BERLIN, OFFICE, name="shared")
    mondays = [at("1970-01-05 16:00") + timedelta(weeks=4 * n) for n in range(300)]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda start: calendar.due(start, hours(8)), mondays * 2))
    assert answers == [start.replace(hour=14) + timedelta(days=1) for start in mondays] * 2
    assert len(calendar._open._known) <= 64


@pytest.mark.parametrize(
    ("moment", "last"),
    [
        ("2026-11-23T08:00:00+01:00", "2026-11-23T08:00:00+01:00"),
        ("2026-11-23T12:30:00+01:00", "2026-11-23T12:30:00+01:00"),
        ("2026-11-23T18:00:00+01:00", "2026-11-23T18:00:00+01:00"),
        ("2026-11-23T18:00:01+01:00", "2026-11-23T18:00:00+01:00"),
        ("2026-11-23T07:59:59+01:00", "2026-11-20T18:00:00+01:00"),
        ("2026-11-01T03:00:00+01:00", "2026-10-30T18:00:00+01:00"),
    ],
)
def test_the_last_open_moment_is_the_moment_itself_or_the_closing_before(moment: str, last: str) -> None:
    week = {day: [("08:00", "18:00")] for day in ("mon", "tue", "wed", "thu", "fri")}
    calendar = Calendar.from_week("Europe/Berlin", week)
    assert calendar.last_open(datetime.fromisoformat(moment)) == datetime.fromisoformat(last)


def test_a_calendar_that_was_never_open_before_says_so() -> None:
    mondays = [date(2020, 1, 6) + timedelta(weeks=number) for number in range(340)]
    shut = Calendar.from_week("UTC", {"mon": [("08:00", "09:00")]}, closed=mondays, name="shut")
    with pytest.raises(NoCoverageAhead, match="shut was never open before 2026-01-02"):
        shut.last_open(datetime(2026, 1, 2, tzinfo=UTC))
