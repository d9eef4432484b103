"""Drawings as numbers, for SVG in a template: the browser takes no style from a page, so all stands in attributes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from plugin.overview.strip import Day

WIDTH: Final = 600
HEIGHT: Final = 64
NAMES: Final = 84
HOUR: Final = 12
ROW: Final = 26
HEADING: Final = 18


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar, from the upper left corner down to the ground."""

    x: float
    y: float
    width: float
    height: float
    value: int


@dataclass(frozen=True, slots=True)
class Bars:
    """A small chart: bars of one width side by side in a box; `highest` is what the highest one stands for."""

    width: int
    height: int
    bars: tuple[Bar, ...]
    highest: int
    total: int


def bars(values: Sequence[int]) -> Bars:
    """Draw counts, 0 or more each; the highest fills the box."""
    highest, step = max(values, default=0), WIDTH / max(len(values), 1)
    drawn = []
    for number, value in enumerate(values):
        # One that is there at all can be seen.
        height = max(value / highest * HEIGHT, 2.0) if value else 0.0
        drawn.append(
            Bar(round(number * step, 2), round(HEIGHT - height, 2), round(step * 0.7, 2), round(height, 2), value)
        )
    return Bars(WIDTH, HEIGHT, tuple(drawn), highest, sum(values))


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of one day, from left to right."""

    x: float
    width: float
    kind: str


@dataclass(frozen=True, slots=True)
class Line:
    """Something at a moment of the day."""

    x: float
    what: str


@dataclass(frozen=True, slots=True)
class Row:
    """One day: its blocks, and the lines across it."""

    day: Day
    y: int
    blocks: tuple[Block, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Days:
    """Days one below the other, each 24 hours wide; `begins` is where the hours begin."""

    width: int
    height: int
    begins: int
    hour: float
    row: int
    rows: tuple[Row, ...]


def days(shown: Sequence[Day]) -> Days:
    """Draw days: closed or a holiday all over, open time and appointments upon it, moments across."""
    rows = []
    for number, day in enumerate(shown):
        ground = Block(NAMES, 24 * HOUR, "closed" if day.closed is None else "holiday")
        spans = [
            Block(round(NAMES + each.begins * HOUR, 1), round((each.ends - each.begins) * HOUR, 1), kind)
            for each in day.spans
            for kind in ["appointment" if each.by_appointment else "open"]
        ]
        lines = tuple(Line(round(NAMES + each.hour * HOUR, 1), each.what) for each in day.marks)
        rows.append(Row(day, HEADING + number * ROW, (ground, *spans), lines))
    return Days(NAMES + 24 * HOUR, HEADING + len(rows) * ROW, NAMES, HOUR, ROW, tuple(rows))
