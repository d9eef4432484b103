"""Points of a response time."""

from datetime import timedelta

import pytest

from plugin.contract.reminding import Measure, Point


@pytest.mark.parametrize(
    ("point", "said", "gone"),
    [
        (Point(Measure.PART, percent=50), "50 %", timedelta(hours=4)),
        (Point(Measure.BEFORE, before=timedelta(minutes=90)), "1 h 30 min before", timedelta(hours=6, minutes=30)),
        (Point(Measure.BEFORE, before=timedelta(hours=8)), "8 h before", None),
        (Point(Measure.OVERDUE), "overdue", timedelta(hours=8)),
    ],
)
def test_a_point_is_said_as_it_is_written_and_is_so_far_into_the_time(
    point: Point, said: str, gone: timedelta | None
) -> None:
    assert (str(point), point.of(timedelta(hours=8))) == (said, gone)
