"""Opening hours of a weekday: which are refused, and how times are read."""

import pytest

from plugin.contract.week import CoverageWindow


@pytest.mark.parametrize(
    ("weekday", "opens", "closes"),
    [(7, 480, 1080), (-1, 480, 1080), (0, 1440, 1500), (0, 480, 480), (0, 480, 1920), (0, 0, 1441)],
)
def test_a_window_that_no_clock_can_show_is_refused(weekday: int, opens: int, closes: int) -> None:
    with pytest.raises(ValueError, match="expected"):
        CoverageWindow(weekday, opens, closes)


def test_a_window_without_length_says_what_was_expected() -> None:
    sentence = "closing after opening and less than 24 hours later; 24 hours is 00:00-24:00"
    with pytest.raises(ValueError, match=f"^mon, minute 480 to 480: expected {sentence}$"):
        CoverageWindow(0, 480, 480)


def test_a_window_is_read_as_minutes_of_its_day() -> None:
    assert CoverageWindow.parse("mon", "8:00", "18:00") == CoverageWindow(0, 480, 1080)
    assert CoverageWindow.parse("fri", "22:00", "06:00") == CoverageWindow(4, 1320, 1800)
    assert CoverageWindow.parse("sun", "00:00", "24:00") == CoverageWindow(6, 0, 1440)
    assert CoverageWindow.parse("sun", "08:00", "07:59") == CoverageWindow(6, 480, 1919)
