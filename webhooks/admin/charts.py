"""Charts as numbers, for SVG in a template: what a balance burnt down to, and columns over months."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from plugin.contract.statement import Month, Section
from plugin.overview.burndown import BurnDown

WIDTH: Final = 720
HEIGHT: Final = 240
LEFT, RIGHT, TOP, BOTTOM = 52, 708, 14, 206
"""The box that values are drawn in; beside and below it is what the axes say."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A place on an axis, and the value that stands there."""

    at: float
    value: int


@dataclass(frozen=True, slots=True)
class Mark:
    """A day of a chart: where it is, and whether a narrow screen has room to name it."""

    at: float
    day: date
    spare: bool


@dataclass(frozen=True, slots=True)
class Dot:
    """Where something happened: `kind` says what it looks like."""

    x: float
    y: float
    kind: str


@dataclass(frozen=True, slots=True)
class Slope:
    """A burn-down. `line` is what was, `area` what is below it, `ahead` what will be if nobody uses anything: paths as
    SVG writes them. `zero` is the height of nothing, `today` where today is.
    """

    line: str
    area: str
    ahead: str
    dots: tuple[Dot, ...]
    ticks: tuple[Tick, ...]
    months: tuple[Mark, ...]
    zero: float
    today: float


def slope(told: BurnDown) -> Slope:
    """Draw an agreement year."""
    year, length = told.year, (told.year.last - told.year.first).days + 1
    ticks = _ticks(min(0, told.lowest), max(1, told.highest))
    low, high = ticks[0], ticks[-1]

    def x(day: date) -> float:
        return round(LEFT + (RIGHT - LEFT) * (day - year.first).days / length, 1)

    def y(units: int) -> float:
        return round(BOTTOM - (BOTTOM - TOP) * (units - low) / (high - low), 1)

    # What the last day of a lot takes, it takes at its end.
    places = [x(_felt(step.day, step.section)) for step in told.steps]
    here = max(x(told.today), *places, LEFT)
    path = [f"M{x(year.first)} {y(told.opening)}"]
    path += [f"H{at}V{y(step.balance)}" for at, step in zip(places, told.steps, strict=True)]
    path.append(f"H{here}")
    ahead, left = [f"M{here} {y(told.balance)}"], told.balance
    for last, units in told.expiring:
        left -= units
        ahead.append(f"H{x(last + timedelta(days=1))}V{y(left)}")
    return Slope(
        line="".join(path),
        area="".join((*path, f"V{y(0)}H{LEFT}Z")),
        ahead="".join(ahead) if told.expiring else "",
        dots=tuple(_dots(told, x, y)),
        ticks=tuple(Tick(y(value), value) for value in ticks),
        months=tuple(Mark(x(day), day, bool(number % 3)) for number, day in enumerate(_firsts(year.first, year.last))),
        zero=y(0),
        today=here,
    )


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a column: `row` counts the rows of the table that the chart is of."""

    x: float
    y: float
    width: float
    height: float
    row: int


@dataclass(frozen=True, slots=True)
class Columns:
    """Stacked columns, one a month."""

    blocks: tuple[Block, ...]
    ticks: tuple[Tick, ...]
    months: tuple[Mark, ...]


def columns(months: Sequence[Month], rows: Sequence[Mapping[Month, int]]) -> Columns:
    """Draw a table of counts, 0 or more: each month a column, in which the first row stands at the bottom."""
    ticks = _ticks(0, max(1, *(sum(row.get(month, 0) for row in rows) for month in months)))
    step, scale = (RIGHT - LEFT) / len(months), (BOTTOM - TOP) / ticks[-1]
    blocks, marks, most = [], [], max(1, -(-len(months) // 4))
    for number, month in enumerate(months):
        left, stacked = LEFT + number * step + step * 0.15, 0
        for row, values in enumerate(rows):
            if value := values.get(month, 0):
                stacked += value
                top = BOTTOM - stacked * scale
                blocks.append(Block(round(left, 1), round(top, 1), round(step * 0.7, 1), round(value * scale, 1), row))
        if not number % max(1, -(-len(months) // 12)):
            marks.append(Mark(round(LEFT + (number + 0.5) * step, 1), month.first, bool(number % most)))
    return Columns(tuple(blocks), tuple(Tick(round(BOTTOM - each * scale, 1), each) for each in ticks), tuple(marks))


def _felt(day: date, section: Section) -> date:
    return day + timedelta(days=1) if section is Section.EXPIRED else day


def _dots(told: BurnDown, x: Callable[[date], float], y: Callable[[int], float]) -> Iterator[Dot]:
    looks = {
        Section.GRANTED: "granted",
        Section.CARRIED_OVER: "granted",
        Section.CORRECTED: "corrected",
        Section.EXPIRED: "expired",
    }
    for step in told.steps:
        if (kind := looks.get(step.section)) is not None:
            yield Dot(x(_felt(step.day, step.section)), y(step.balance), kind)


def _firsts(first: date, last: date) -> Iterable[date]:
    """The first days of the months within."""
    month = Month.of(first)
    while month.first <= last:
        if month.first >= first:
            yield month.first
        month = month.following


def _ticks(low: int, high: int) -> tuple[int, ...]:
    """Round values, a handful of them, from one that is at most `low` to one that is at least `high`."""
    step = 1
    while (high - low) / step > 5:
        # 1, 2, 5, 10, 20, 50, ...
        step = step * 5 // 2 if str(step).startswith("2") else step * 2
    return tuple(range(low // step * step, -(-high // step) * step + 1, step))
