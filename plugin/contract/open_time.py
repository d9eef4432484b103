"""Open time as a line of intervals: how much of it lies between two instants, and where so much of it has gone by.

An instant or an amount is an int: microseconds, instants since 1970 in UTC. What is worked out is kept by stretches of
32 days.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from plugin.contract.instants import DAY

STRETCH: Final = 32 * DAY
"""Worked out in one go and remembered."""

_KEPT = 64  # stretches remembered per line: five years
_IDLE = 3 * 366 * DAY // STRETCH + 1  # stretches without one opening that end a search: three years
_FAR = 50 * 366 * DAY // STRETCH + 1  # stretches that a search looks at in all: fifty years


class Stretch(NamedTuple):
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


class Line:
    """All the open time of a calendar. What it remembers is bounded and never differs, so threads may share it."""

    __slots__ = ("_known", "_spans")

    def __init__(self, spans: Callable[[int], Iterable[tuple[int, int]]]) -> None:
        self._spans = spans  # gives at least the intervals that touch a stretch, in any order
        self._known: dict[int, Stretch] = {}

    def joined_with(self, booked: Sequence[tuple[int, int]]) -> "Line":
        """This line's open time and that of these intervals."""

        def spans(number: int) -> Iterator[tuple[int, int]]:
            yield from zip(*self.stretch(number)[:2], strict=True)
            yield from booked

        return Line(spans)

    def stretch(self, number: int) -> Stretch:
        """The open time from `number * STRETCH` on."""
        known = self._known.get(number)
        if known is None:
            known = _merged(number * STRETCH, (number + 1) * STRETCH, self._spans(number))
            if len(self._known) >= _KEPT:
                self._known.clear()
            self._known[number] = known
        return known

    def covered(self, start: int, end: int) -> int:
        """Open time in [start, end); none when `end` is not after `start`."""
        if end <= start:
            return 0
        first, last = start // STRETCH, end // STRETCH
        whole = sum(self.stretch(number).total for number in range(first, last))
        return whole + self.stretch(last).until(end) - self.stretch(first).until(start)

    def between(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """The open intervals within [start, end), in order; one over the end of a stretch comes in two parts."""
        for number in range(start // STRETCH, end // STRETCH + 1):
            for opens, closes in zip(*self.stretch(number)[:2], strict=True):
                if max(start, opens) < min(end, closes):
                    yield max(start, opens), min(end, closes)

    def reach(self, start: int, amount: int) -> int | None:
        """First instant with `amount` > 0 of open time between it and `start`; None when the search ends without."""
        first, idle = start // STRETCH, 0
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

    def reach_back(self, end: int) -> int | None:
        """The last instant up to `end` that is open, or the end of open time; None when the search ends without."""
        last = end // STRETCH
        for number in range(last, last - _IDLE, -1):
            stretch = self.stretch(number)
            i = bisect_right(stretch.starts, end) - 1
            if i >= 0:
                return min(end, stretch.ends[i])
        return None


def _merged(low: int, high: int, spans: Iterable[tuple[int, int]]) -> Stretch:
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
    return Stretch(tuple(starts), tuple(ends), tuple(sums), total)
