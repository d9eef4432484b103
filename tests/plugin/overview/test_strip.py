"""The way to a deadline, day by day."""

from datetime import UTC, date, datetime

from plugin.contract.coverage import Calendar
from plugin.overview.strip import LONGEST, Mark, Span, strip

WEEK = {day: [("08:00", "12:00"), ("13:00", "18:00")] for day in ("mon", "tue", "wed", "thu", "fri")}
BERLIN = Calendar.from_week("Europe/Berlin", WEEK, closed={date(2026, 12, 25): "Christmas Day"})


def at(day: int, hour: int, month: int = 12) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


def test_each_day_has_its_open_time_and_what_fell_on_it() -> None:
    drawn = strip(BERLIN, (), {"started": at(24, 15), "due": at(28, 10)})
    assert [each.day.day for each in drawn.days] == [24, 25, 26, 27, 28]
    thursday, friday, saturday, _, monday = drawn.days
    assert thursday.spans == (Span(8, 12, False), Span(13, 18, False))
    assert thursday.marks == (Mark("started", 16),)
    assert (friday.closed, friday.spans) == ("Christmas Day", ())
    assert (saturday.closed, saturday.spans) == (None, ())
    assert monday.marks == (Mark("due", 11),)
    assert drawn.left_out == 0


def test_an_appointment_over_midnight_is_on_both_days() -> None:
    drawn = strip(BERLIN, [(at(25, 21), at(26, 5))], {"started": at(25, 10), "due": at(26, 4)})
    friday, saturday = drawn.days
    assert friday.spans == (Span(22, 24, True),)
    assert saturday.spans == (Span(0, 6, True),)


def test_of_a_long_way_the_last_day_is_drawn_all_the_same() -> None:
    drawn = strip(BERLIN, (), {"started": at(1, 9, 10), "due": at(28, 10)})
    assert len(drawn.days) == LONGEST
    assert drawn.days[-1].day == date(2026, 12, 28)
    assert drawn.left_out == 89 - LONGEST


def test_a_day_on_which_the_clocks_change_ends_at_midnight() -> None:
    day_and_night = Calendar.from_week("Europe/Berlin", {"sun": [("00:00", "24:00")]})
    drawn = strip(day_and_night, (), {"started": datetime(2026, 10, 25, 1, tzinfo=UTC), "due": at(25, 20, 10)})
    [sunday] = drawn.days
    assert sunday.spans == (Span(0, 24, False),)
