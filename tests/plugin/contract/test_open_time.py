"""What the line of open time remembers; what it answers is tried where it is used, in the tests of coverage."""

from collections.abc import Iterator

from plugin.contract.instants import DAY
from plugin.contract.open_time import STRETCH, Line


def test_a_stretch_is_worked_out_once_and_forgotten_when_there_are_many() -> None:
    worked_out: list[int] = []

    def spans(number: int) -> Iterator[tuple[int, int]]:
        worked_out.append(number)
        yield number * STRETCH, number * STRETCH + DAY

    line = Line(spans)
    for number in (*range(64), *range(64)):
        assert line.covered(number * STRETCH, number * STRETCH + 2 * DAY) == DAY
    assert worked_out == [*range(64)]
    line.covered(64 * STRETCH, 64 * STRETCH + DAY)
    line.covered(0, DAY)
    assert worked_out == [*range(65), 0]
