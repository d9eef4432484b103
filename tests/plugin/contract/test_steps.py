"""The steps of a receipt, and how times are said."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from plugin.contract.coverage import Calendar
from plugin.contract.steps import Step, StepKind, amount_text, moment_text, steps_said
from tests.plugin.contract.calendars import ALWAYS, BERLIN, NIGHTS, OFFICE, at, closed_all, hours


@pytest.mark.parametrize(
    ("start", "within", "text"),
    [
        ("2026-11-20 16:00", hours(8), "Fri 2 h, closed Sat-Sun, Mon 6 h"),
        ("2026-11-16 09:00", hours(8), "Mon 8 h"),
        ("2026-11-20 16:00", hours(2), "Fri 2 h"),
        ("2026-11-20 18:00", hours(1), "Fri after hours, closed Sat-Sun, Mon 1 h"),
        ("2026-11-21 09:00", hours(1), "closed Sat-Sun, Mon 1 h"),
        ("2026-11-22 09:00", hours(1), "closed Sun, Mon 1 h"),
        ("2026-11-16 06:00", hours(1), "Mon 1 h"),
        ("2026-11-20 17:29:15", hours(2), "Fri 30 min 45 s, closed Sat-Sun, Mon 1 h 29 min 15 s"),
        ("2026-12-24 16:00", hours(8), "Thu 2 h, closed Fri 25 Dec (Christmas Day), closed Sat-Sun, Mon 6 h"),
        ("2026-12-25 16:00", hours(8), "closed Fri 25 Dec (Christmas Day), closed Sat-Sun, Mon 8 h"),
        ("2026-11-16 09:00", timedelta(0), "at once"),
        ("2026-11-16 18:00", timedelta(0), "at once"),
        ("2026-11-16 06:00", timedelta(0), "at once"),
        ("2026-11-20 19:00", timedelta(0), "Fri after hours, closed Sat-Sun"),
        ("2026-12-24 18:30", timedelta(0), "Thu after hours, closed Fri 25 Dec (Christmas Day), closed Sat-Sun"),
    ],
)
def test_the_receipt_reads_like_a_person_wrote_it(office: Calendar, start: str, within: timedelta, text: str) -> None:
    assert str(steps_said(office.steps(at(start), within))) == text


def test_steps_are_values_with_dates_in_the_calendars_zone(office: Calendar) -> None:
    assert office.steps(at("2026-11-20 16:00").astimezone(ZoneInfo("Pacific/Kiritimati")), hours(8)) == (
        Step(StepKind.OPEN, date(2026, 11, 20), date(2026, 11, 20), hours(2)),
        Step(StepKind.CLOSED, date(2026, 11, 21), date(2026, 11, 22)),
        Step(StepKind.OPEN, date(2026, 11, 23), date(2026, 11, 23), hours(6)),
    )


def test_a_closure_of_many_days_is_one_step_and_a_weekend_within_stays_a_weekend() -> None:
    closure = dict.fromkeys(closed_all(date(2026, 12, 21), date(2026, 12, 29)), "winter break")
    calendar = Calendar.from_week(BERLIN, OFFICE, closed=closure | {date(2026, 12, 25): "Christmas Day"})
    assert str(steps_said(calendar.steps(at("2026-12-18 17:00"), hours(2)))) == (
        "Fri 1 h, closed Sat-Sun, closed Mon 21 Dec-Thu 24 Dec (winter break), closed Fri 25 Dec (Christmas Day), "
        "closed Sat-Sun, closed Mon 28 Dec-Tue 29 Dec (winter break), Wed 1 h"
    )


def test_a_closed_day_without_a_name_shows_its_date() -> None:
    calendar = Calendar.from_week(BERLIN, OFFICE, closed={date(2026, 11, 18)})
    assert str(steps_said(calendar.steps(at("2026-11-17 17:00"), hours(2)))) == "Tue 1 h, closed Wed 18 Nov, Thu 1 h"


def test_a_day_that_ends_as_the_deadline_comes_is_told_and_the_next_one_is_not() -> None:
    calendar = Calendar.from_week(
        BERLIN, {"mon": [("00:00", "24:00")], "tue": [("00:00", "24:00")]}, closed={date(2026, 11, 24)}
    )
    assert str(steps_said(calendar.steps(at("2026-11-22 12:00"), timedelta(0)))) == "closed Sun"
    assert str(steps_said(calendar.steps(at("2026-11-23 00:00"), hours(24)))) == "Mon 24 h"


@pytest.mark.parametrize(
    ("last", "text"),
    [(date(2026, 11, 22), "closed Mon-Sun"), (date(2026, 11, 23), "closed Mon 16 Nov-Mon 23 Nov")],
)
def test_a_run_of_a_week_shows_weekdays_and_a_longer_one_its_dates(last: date, text: str) -> None:
    assert str(steps_said([Step(StepKind.CLOSED, date(2026, 11, 16), last)])) == text


def test_a_run_of_a_week_and_more_shows_its_dates() -> None:
    calendar = Calendar.from_week(BERLIN, {"sun": [("02:15", "02:45")]})  # jumped over on 29 March 2026
    assert str(steps_said(calendar.steps(at("2026-03-22 02:00"), hours(1)))) == (
        "Sun 30 min, closed Mon 23 Mar-Sat 4 Apr, Sun 30 min"
    )


def test_appointments_are_marked_in_the_receipt(office: Calendar) -> None:
    booked = office.with_appointments(
        [(at("2026-11-21 08:00"), at("2026-11-21 10:00")), (at("2026-12-25 09:00"), at("2026-12-25 10:30"))]
    )
    assert str(steps_said(booked.steps(at("2026-11-20 16:00"), hours(8)))) == (
        "Fri 2 h, by appointment Sat 2 h, closed Sun, Mon 4 h"
    )
    assert str(steps_said(booked.steps(at("2026-12-24 17:00"), hours(2.5)))) == (
        "Thu 1 h, closed Fri 25 Dec (Christmas Day), by appointment Fri 1 h 30 min"
    )


def test_an_appointment_that_begins_before_closing_is_marked_for_its_extra_time_only(office: Calendar) -> None:
    booked = office.with_appointments([(at("2026-11-16 17:00"), at("2026-11-16 20:00"))])
    assert str(steps_said(booked.steps(at("2026-11-16 16:00"), hours(5)))) == (
        "Mon 2 h, by appointment Mon 2 h, Tue 1 h"
    )


def test_hours_past_midnight_are_told_on_the_date_they_fall_on() -> None:
    calendar = Calendar.from_week(BERLIN, NIGHTS)
    assert str(steps_said(calendar.steps(at("2026-11-20 23:00"), hours(8)))) == (
        "Fri 1 h, Sat 6 h, closed Sun-Wed, Thu 1 h"
    )
    assert (
        str(steps_said(calendar.steps(at("2026-11-21 07:00"), hours(1)))) == "Sat after hours, closed Sun-Wed, Thu 1 h"
    )


def test_the_receipt_adds_up_where_midnight_comes_twice() -> None:
    calendar = Calendar.from_week("America/St_Johns", ALWAYS)  # 00:01 became 23:01 on 29 October 2006
    start = datetime(2006, 10, 29, 2, 31, 30, tzinfo=UTC)  # 23:01:30 on Saturday, for the second time
    for amount in (timedelta(minutes=20), hours(2), hours(30)):
        assert sum((step.amount for step in calendar.steps(start, amount)), timedelta(0)) == amount


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (timedelta(0), "0 h"),
        (hours(72), "72 h"),
        (hours(1.5), "1 h 30 min"),
        (timedelta(minutes=5), "5 min"),
        (timedelta(seconds=45), "45 s"),
        (timedelta(seconds=60), "1 min"),
        (hours(1) + timedelta(seconds=1), "1 h 1 s"),
        (timedelta(seconds=10), "10 s"),
        (timedelta(milliseconds=59_500), "59.5 s"),
        (timedelta(microseconds=1), "0.000001 s"),
        (timedelta(seconds=59, microseconds=999_999), "59.999999 s"),
    ],
)
def test_amounts_are_said_exactly(amount: timedelta, text: str) -> None:
    assert amount_text(amount) == text


def test_a_moment_is_said_with_its_weekday_and_the_name_of_its_clock() -> None:
    assert moment_text(at("2026-11-23 09:00")) == "Mon 23 Nov 2026 09:00 CET"
    assert moment_text(at("2026-07-04 17:05")) == "Sat 4 Jul 2026 17:05 CEST"
