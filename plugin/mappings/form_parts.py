"""What a form of a mapping file is made of: values and the inputs they are typed into, rows, tables, parts. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeAlias
from urllib.parse import quote

from plugin.mappings.document import Path
from plugin.mappings.problem import Problem

Schema: TypeAlias = Mapping[str, Any]


class Input(StrEnum):
    """What a value is typed into."""

    TEXT = "text"
    LONG = "long"
    LINES = "lines"
    CHOICE = "choice"
    CHECKS = "checks"
    DATE = "date"
    MOMENT = "moment"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Placed:
    """Something that stands at a place of the file: the keys and numbers that lead to it."""

    path: Path

    @property
    def at(self) -> str:
        """What it is called in a form."""
        return pointer(self.path)

    @property
    def anchor(self) -> str:
        """The same as an id, which holds no blanks."""
        return anchor(self.path)


@dataclass(frozen=True, slots=True)
class Cell(Placed):
    """One value. `value` is what the input shows; of a number with a unit, or a word instead of it, that is `unit`.

    `several` are the entries of a list. `words` are what can be chosen, `units` what follows a number. An emptied value
    that is `needed` stands there empty, another one is left out.
    """

    order: tuple[str, ...]
    about: str
    expected: str
    needed: bool
    input: Input = Input.TEXT
    value: str = ""
    unit: str = ""
    several: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    step: str = "1"
    least: int | None = None
    present: bool = False
    problems: tuple[Problem, ...] = ()

    @property
    def name(self) -> str:
        """The last key that leads to it."""
        return next(step for step in reversed(self.path) if isinstance(step, str))

    @property
    def is_list(self) -> bool:
        """Is it a list of values?"""
        return self.input in (Input.LINES, Input.CHECKS)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table."""

    name: str
    about: str


@dataclass(frozen=True, slots=True)
class Row(Placed):
    """One row: a cell for each column, and those that no row uses. `above` and `beside` are comments."""

    cells: tuple[Cell, ...]
    spare: tuple[Cell, ...]
    above: tuple[str, ...]
    beside: str
    problems: tuple[Problem, ...]

    @property
    def every(self) -> tuple[Cell, ...]:
        """All its cells."""
        return (*self.cells, *self.spare)


@dataclass(frozen=True, slots=True)
class Pair(Placed):
    """A key that is free to choose, and its value. Of the one for a new pair the last key is empty."""

    key: str
    value: Cell
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Part(Placed):
    """One key of the file or of a part of it, with what stands there: one of a cell, a table, entries, pairs or parts.

    `schema` is that of its rows or entries. `dated`: its rows are in force from days. `optional`: it may be left out.
    """

    order: tuple[str, ...]
    about: str
    comment: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    optional: bool = False
    present: bool = True
    cell: Cell | None = None
    columns: tuple[Column, ...] = ()
    rows: tuple[Row, ...] | None = None
    entries: "tuple[Part, ...] | None" = None
    pairs: tuple[Pair, ...] | None = None
    parts: "tuple[Part, ...]" = ()
    schema: Schema = field(default_factory=dict, repr=False)
    dated: bool = False

    @property
    def name(self) -> str:
        """Its key, or the number of an entry."""
        return str(self.path[-1]) if self.path else ""

    def cells(self) -> Iterator[Cell]:
        """Every value in it that is typed into one input."""
        if self.cell is not None:
            yield self.cell
        for row in self.rows or ():
            yield from row.every
        for part in (*(self.entries or ()), *self.parts):
            yield from part.cells()

    def wrong(self) -> Iterator[tuple[Path, Problem]]:
        """Every problem, and the innermost place that is shown and that it is about."""
        for part in self.every():
            yield from ((part.path, each) for each in part.problems)
            for row in part.rows or ():
                yield from ((row.path, each) for each in row.problems)
            for pair in part.pairs or ():
                yield from ((pair.path, each) for each in pair.problems)
            values = (*((part.cell,) if part.cell else ()), *(pair.value for pair in part.pairs or ()))
            for cell in (*values, *(cell for row in part.rows or () for cell in row.every)):
                yield from ((cell.path, each) for each in cell.problems)

    def every(self) -> "Iterator[Part]":
        """It and all parts within."""
        yield self
        for part in (*(self.entries or ()), *self.parts):
            yield from part.every()


def pointer(path: Path) -> str:
    """A path as one text (RFC 6901)."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


def anchor(path: Path) -> str:
    """The same as an id of an element, which holds no blanks."""
    return quote(pointer(path), safe="/~").replace("%", ".")
