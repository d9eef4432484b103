"""A mapping file as a page that people read: tables as tables, comments beside what they are about. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from plugin.mappings.document import Mapped, Path, Places, read_document

_MOST_FILES: Final = 1_000

Comments = dict[int, str]
"""What is said in a comment, by its line; one that begins with a line of its own is about what follows."""


@dataclass(frozen=True, slots=True)
class Value:
    """A value: a text, several values, or keys with values each. `line` is where it stands, if nothing else of the page
    stands for that line.
    """

    line: int | None = None
    text: str = ""
    several: tuple["Value", ...] = ()
    keys: tuple[tuple[str, "Value"], ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: a cell for each column, None where nothing stands. `above` are comments before it."""

    line: int | None
    cells: tuple[Value | None, ...]
    above: tuple[str, ...] = ()
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """One key of a file: a table where it has rows, else a value. `about` is the comment before it."""

    name: str
    line: int | None
    about: tuple[str, ...]
    columns: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    value: Value | None = None
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Readable:
    """A file: what is said at its head, its sections, and what is said at its end."""

    head: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()
    foot: tuple[str, ...] = ()


@lru_cache(maxsize=_MOST_FILES)
def readable(name: str, content: bytes) -> Readable | None:
    """A YAML file as a page; None where it is not YAML, or broken. The answer is remembered."""
    document = read_document(name, content)
    if not name.endswith(".yaml") or not isinstance(document.data, Mapped):
        return None
    whole, beside = comments(content.decode("utf-8-sig"))
    return _Page(document.places, dict(whole), dict(beside)).read(document.data)


@lru_cache(maxsize=_MOST_FILES)
def comments(text: str) -> tuple[Comments, Comments]:
    """The comments that have a line of their own, and those that stand behind something."""
    lines = text.splitlines()
    ends: dict[int, int] = {}
    inside: set[int] = set()
    try:
        for token in YAML(typ="safe", pure=True).scan(text):
            start, end = token.start_mark, token.end_mark
            ends[end.line] = max(end.column, ends.get(end.line, 0))
            inside.update(range(start.line, end.line))
    except YAMLError:
        return {}, {}
    whole: Comments = {}
    beside: Comments = {}
    for number, line in enumerate(lines):
        rest = line[ends.get(number, 0) :].strip()
        if number in inside or not rest.startswith("#") or "yaml-language-server" in rest:
            continue
        (beside if line[: ends.get(number, 0)].strip() else whole)[number + 1] = rest.lstrip("#").strip()
    return whole, beside


@dataclass
class _Page:
    places: Places
    whole: Comments
    beside: Comments
    taken: set[int] = field(default_factory=set)

    def read(self, data: Mapped) -> Readable:
        firsts = [self.places.keys[(name,)][0] for name in data]
        head, sections = tuple(self._head(firsts[0] if firsts else 1)), tuple(self._sections(data))
        return Readable(head, sections, tuple(self.whole[line] for line in sorted(self.whole)))

    def _head(self, first: int) -> Iterator[str]:
        """The comments at the beginning that an empty line parts from the first key; all, where none does."""
        about = self._above(first)
        yield from (self.whole.pop(line) for line in sorted(self.whole) if line < first and line not in about)

    def _above(self, line: int) -> list[int]:
        """The lines of the comment that stands directly above a line."""
        lines = []
        while line - 1 in self.whole:
            line -= 1
            lines.append(line)
        return sorted(lines)

    def _about(self, line: int) -> tuple[str, ...]:
        """What is said before a line, and after what stands before it."""
        return tuple(self.whole.pop(each) for each in sorted(self.whole) if each < line)

    def _within(self, path: Path, line: int) -> tuple[tuple[str, ...], str]:
        """What is said within the lines of a value that begins in that line: on lines of their own, and beside it."""
        ends = (where[0] for each, where in self.places.values.items() if each[: len(path)] == path)
        lines = range(line, max(ends, default=line) + 1)
        inside = tuple(self.whole.pop(each) for each in lines if each in self.whole)
        return inside, " ".join(self.beside.pop(each) for each in lines if each in self.beside)

    def _line(self, line: int) -> int | None:
        """The line, for the first that stands for it."""
        if line in self.taken:
            return None
        self.taken.add(line)
        return line

    def _sections(self, data: Mapped) -> Iterator[Section]:
        for name, value in data.items():
            path, line = (name,), self.places.keys[(name,)][0]
            about = self._about(line)
            rows = _rows(value)
            if rows is None:
                inside, beside = self._within(path, line)
                made = self._value(value, path)
                yield Section(name, self._line(line), (*about, *inside), value=made, beside=beside)
                continue
            heading = None if line == self.places.value((*path, rows[0][0])).line else self._line(line)
            columns = tuple(dict.fromkeys(key for _, row in rows for key in row))
            named = isinstance(value, Mapped)
            drawn = tuple(self._row((*path, at), row, columns, str(at) if named else None) for at, row in rows)
            yield Section(name, heading, about, ("", *columns) if named else columns, drawn, beside=self._beside(line))

    def _row(self, path: Path, row: Mapped, columns: Sequence[str], called: str | None) -> Row:
        line = (self.places.key(path) if called else self.places.value(path)).line
        above = self._about(line)
        anchor = self._line(line)
        cells = [self._value(row[key], (*path, key)) if key in row else None for key in columns]
        inside, beside = self._within(path, line)
        first = [Value(text=called)] if called else []
        return Row(anchor, (*first, *cells), (*above, *inside), beside)

    def _beside(self, line: int) -> str:
        return self.beside.pop(line, "")

    def _value(self, value: object, path: Path) -> Value:
        line = self._line(self.places.value(path).line)
        if isinstance(value, Mapped):
            return Value(line, keys=tuple((key, self._value(each, (*path, key))) for key, each in value.items()))
        if isinstance(value, list):
            return Value(line, several=tuple(self._value(each, (*path, at)) for at, each in enumerate(value)))
        return Value(line, text=str(value))


def _rows(value: object) -> list[tuple[str | int, Mapped]] | None:
    """The rows of what is a table: a list of rows, or words with a row each."""
    pairs: list[tuple[str | int, object]] = []
    if isinstance(value, list):
        pairs = list(enumerate(value))
    elif isinstance(value, Mapped):
        pairs = list(value.items())
    rows = [(at, row) for at, row in pairs if isinstance(row, Mapped)]
    return rows if rows and len(rows) == len(pairs) else None
