"""Drawings as numbers, for SVG in a template: the browser takes no style from a page, so all stands in attributes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

WIDTH: Final = 600
HEIGHT: Final = 64


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
