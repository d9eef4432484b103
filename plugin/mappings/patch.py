"""YAML changed by position: a value, a key or a row, and not a letter else. Comments and order stay as they are. Pure.

A place is a path of keys and list positions, as in `document.py`. Rows are the entries of a list.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Final

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import CollectionNode, MappingNode, Node, ScalarNode, SequenceNode

from plugin.mappings.document import Path
from plugin.mappings.written import Data, as_entry, in_line, in_lines, written

_MOST_TEXTS: Final = 64


class Unchangeable(Exception):
    """The text cannot be changed by position: it is no YAML, or says things that only a person can change."""


@dataclass(frozen=True, slots=True, order=True)
class _Splice:
    """What takes the place of a span of the text."""

    start: int
    end: int
    number: int
    text: str = field(compare=False)


@dataclass
class Patch:
    """Changes of one text, each by its place in the text as it is now; `done` makes them all."""

    text: str
    root: Node = field(init=False)
    splices: list[_Splice] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.text and not self.text.endswith("\n"):
            self.text += "\n"
        self.root = _composed(self.text)

    def done(self) -> str:
        """The text with all changes made."""
        parts, position = [], 0
        for each in sorted(self.splices):
            parts += [self.text[position : each.start], each.text]
            position = max(position, each.end)
        return "".join((*parts, self.text[position:]))

    def put(self, path: Path, value: str, order: Sequence[str] = ()) -> None:
        """Write a value where one stands, or none yet. A key that is new comes after those before it in `order`."""
        node = self.at(path)
        if node is None:
            self._add_key(path, value, order)
        elif isinstance(node, ScalarNode):
            start, end = self._span(path, node)
            gap = " " if start == end else ""
            self._splice(start, end, gap + written(value, quoted=bool(node.value) and node.style in ("'", '"')))

    def put_list(self, path: Path, values: Sequence[str], order: Sequence[str] = ()) -> None:
        """Write a list of values; those that stay are not touched."""
        node = self.at(path)
        if node is None:
            self._add_key(path, values, order)
        elif isinstance(node, SequenceNode):
            stood = [str(each.value) for each in node.value]
            if not values or not stood:
                start, end = node.start_mark.index, self._end(node)
                self._splice(start, end, in_line(values)) if node.flow_style else self._empty(path, node, values)
                return
            for what, i1, i2, j1, j2 in SequenceMatcher(None, stood, values, autojunk=False).get_opcodes():
                if what == "equal":
                    continue
                same = min(i2 - i1, j2 - j1)
                for at in range(same):
                    self.put((*path, i1 + at), values[j1 + at])
                if j2 - j1 > same:
                    self._insert(node, i1 + same, values[j1 + same : j2])
                elif i2 - i1 > same:
                    self._remove_run(node, i1 + same, i2)

    def put_new(self, path: Path, value: Data, order: Sequence[str] = ()) -> None:
        """Write a key that is not there yet, with all that belongs to it."""
        self._add_key(path, value, order)

    def drop(self, paths: Iterable[Path]) -> None:
        """Take keys away, with their values."""
        groups: dict[Path, list[int]] = {}
        for path in paths:
            around = self.at(path[:-1])
            if isinstance(around, MappingNode):
                keys = [str(key.value) for key, _ in around.value]
                groups.setdefault(path[:-1], []).append(keys.index(str(path[-1])))
        for path, numbers in groups.items():
            around = self.at(path)
            if isinstance(around, MappingNode):
                for first, last in _runs(sorted(numbers)):
                    self._remove_run(around, first, last)

    def rename(self, path: Path, name: str) -> None:
        """Give a key another name."""
        key = self._key(path)
        if key is not None:
            self._splice(key.start_mark.index, key.end_mark.index, written(name, quoted=key.style in ("'", '"')))

    def add_row(self, path: Path, row: Data, order: Sequence[str] = (), after: int | None = None) -> None:
        """Add a row at the end of a list, or after one of its rows; the list may not be there yet, or be empty."""
        node = self.at(path)
        if node is None:
            self._add_key(path, [row], order)
        elif isinstance(node, SequenceNode):
            if node.value:
                self._insert(node, len(node.value) if after is None else after + 1, [row])
            else:
                self._empty(path, node, [row])

    def copy_row(self, path: Path) -> None:
        """Write a row once more, below itself; without what is said beside it."""
        node, around = self.at(path), self.at(path[:-1])
        if node is None or not isinstance(around, SequenceNode):
            return
        source = self.text[node.start_mark.index : self._end(node)]
        if around.flow_style:
            self._splice(self._end(node), self._end(node), f", {source}")
        else:
            begins, place = self._line_start(node.start_mark.index), self._line_end(self._end(node))
            self._splice(place, place, f"{self.text[begins : node.start_mark.index]}{source}\n")

    def source(self, path: Path) -> str:
        """A value or row as it is written; "" where nothing stands."""
        node = self.at(path)
        return "" if node is None else self.text[node.start_mark.index : self._end(node)]

    def put_above(self, path: Path, source: str) -> None:
        """Write a row, as `source` has it from the same place, in the place of one, which moves below it."""
        node = self.at(path)
        if node is not None:
            self.copy_row(path)
            self._splice(node.start_mark.index, self._end(node), source)

    def remove_row(self, path: Path) -> None:
        """Take a row out of a list. What is said above it stays."""
        around, number = self.at(path[:-1]), path[-1]
        if isinstance(around, SequenceNode) and isinstance(number, int) and number < len(around.value):
            self._remove_run(around, number, number + 1)
            if len(around.value) == 1 and not around.flow_style:
                after = self._after_colon(path[:-1])
                self._splice(after, after, " []")

    def move_row(self, path: Path, by: int) -> None:
        """Exchange a row with the one before (-1) or after it (1), each with what is said right above it."""
        around, number = self.at(path[:-1]), path[-1]
        if not isinstance(around, SequenceNode) or not isinstance(number, int):
            return
        first, second = sorted((number, number + by))
        if first < 0 or second >= len(around.value):
            return
        one, other = (self._row(around, each) for each in (first, second))
        self._splice(*one, self.text[slice(*other)])
        self._splice(*other, self.text[slice(*one)])

    def at(self, path: Path) -> Node | None:
        """The node at a place; None where nothing stands."""
        node: Node | None = self.root
        for step in path:
            if isinstance(node, MappingNode):
                node = next((value for key, value in node.value if key.value == step), None)
            elif isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
                node = node.value[step]
            else:
                return None
        return node

    def _splice(self, start: int, end: int, text: str) -> None:
        self.splices.append(_Splice(start, end, len(self.splices), text))

    def _key(self, path: Path) -> ScalarNode | None:
        around = self.at(path[:-1])
        keys = (key for key, _ in around.value) if isinstance(around, MappingNode) else ()
        return next((key for key in keys if key.value == path[-1]), None)

    def _after_colon(self, path: Path) -> int:
        key = self._key(path)
        return self.text.index(":", key.end_mark.index if key else 0) + 1

    def _span(self, path: Path, node: Node) -> tuple[int, int]:
        """Where a value stands; right after the colon where none does."""
        if node.start_mark.index == node.end_mark.index and isinstance(path[-1], str):
            return (self._after_colon(path),) * 2
        return node.start_mark.index, self._end(node)

    def _end(self, node: Node) -> int:
        """Where it really ends: what follows a block, blank lines and comments, is none of it."""
        if not isinstance(node, CollectionNode) or node.flow_style:
            start, end = int(node.start_mark.index), int(node.end_mark.index)
            return start + len(self.text[start:end].rstrip()) if end > start else start
        last = node.value[-1]
        return self._pair_end(last) if isinstance(last, tuple) else self._end(last)

    def _line_start(self, index: int) -> int:
        return self.text.rfind("\n", 0, index) + 1

    def _line_end(self, index: int) -> int:
        """The beginning of the next line."""
        found = self.text.find("\n", index)
        return len(self.text) if found < 0 else found + 1

    def _row(self, around: SequenceNode, number: int) -> tuple[int, int]:
        """The span of a row that is moved: itself between brackets, else its lines with the comment right above."""
        node = around.value[number]
        start, end = node.start_mark.index, self._end(node)
        if around.flow_style:
            return start, end
        start = self._line_start(start)
        while (above := self._line_start(start - 1)) < start and self.text[above:start].lstrip().startswith("#"):
            start = above
        return start, self._line_end(end)

    def _add_key(self, path: Path, value: Data, order: Sequence[str]) -> None:
        around, name = self.at(path[:-1]), str(path[-1])
        if not isinstance(around, MappingNode):
            return
        wanted = set(order[: order.index(name)]) if name in order else None
        before = [pair for pair in around.value if wanted is None or pair[0].value in wanted]
        last = before[-1] if before else None
        if around.flow_style:
            text = f"{written(name)}: {in_line(value)}"
            if last is not None:
                end = self._pair_end(last)
                self._splice(end, end, f", {text}")
            else:
                start = around.start_mark.index + 1
                self._splice(start, start, f"{text}, " if around.value else text)
            return
        indent = around.value[0][0].start_mark.column
        lines = in_lines(name, value, indent)
        if last is None:
            start = around.value[0][0].start_mark.index
            self._splice(start, start, lines[indent:] + " " * indent)
            return
        place = self._line_end(self._pair_end(last))
        parted = "\n" if not path[:-1] and not isinstance(value, str) else ""
        self._splice(place, place, parted + lines)

    def _pair_end(self, pair: tuple[Node, Node]) -> int:
        key, value = pair
        if value.start_mark.index == value.end_mark.index:
            return self.text.index(":", key.end_mark.index) + 1
        return self._end(value)

    def _empty(self, path: Path, node: SequenceNode, values: Sequence[Data]) -> None:
        """Fill a list that is empty, or empty one. Rows get a line each, words stand between brackets."""
        start, end = node.start_mark.index, self._end(node)
        around = self.at(path[:-1])
        if not node.flow_style:
            self._splice(self._line_start(start), self._line_end(end), "")
            after = self._after_colon(path)
            self._splice(after, after, " []")
        elif _isin_line(around) or not any(isinstance(each, Mapping) for each in values):
            self._splice(start, end, in_line(values))
        else:
            key, place = self._key(path), self._line_end(end)
            indent = key.start_mark.column + 2 if key else 0
            self._splice(self._after_colon(path), end, "")
            self._splice(place, place, "".join(as_entry(each, indent) for each in values))

    def _insert(self, node: SequenceNode, number: int, values: Sequence[Data]) -> None:
        """Put entries before that position of a list that has some."""
        before = node.value[number - 1] if number else None
        if node.flow_style:
            place = self._end(before) if before is not None else node.value[0].start_mark.index
            listed = ", ".join(map(in_line, values))
            self._splice(place, place, f", {listed}" if before is not None else f"{listed}, ")
            return
        model = before if before is not None else node.value[0]
        dash = self.text.rindex("-", 0, model.start_mark.index)
        indent = dash - self._line_start(dash)
        blocks = isinstance(model, MappingNode) and not model.flow_style
        place = self._line_end(self._end(before)) if before is not None else self._line_start(model.start_mark.index)
        parted = "\n" if self._parted(node) else ""
        self._splice(place, place, "".join(parted + as_entry(each, indent, block=blocks) for each in values))

    def _parted(self, node: SequenceNode) -> bool:
        """Do blank lines stand between its rows?"""
        pairs = zip(node.value, node.value[1:], strict=False)
        return any("\n\n" in self.text[self._end(one) : other.start_mark.index] for one, other in pairs)

    def _remove_run(self, around: CollectionNode, first: int, last: int) -> None:
        """Take entries away, from one up to another."""
        pairs = isinstance(around, MappingNode)
        starts = [(each[0] if pairs else each).start_mark.index for each in around.value]
        ends = [self._pair_end(each) if pairs else self._end(each) for each in around.value]
        if around.flow_style:
            whole = first == 0 and last < len(starts)
            start = starts[first] if first == 0 else ends[first - 1]
            self._splice(start, starts[last] if whole else ends[last - 1], "")
        elif pairs and first == 0 and self.text[self._line_start(starts[0]) : starts[0]].strip():
            # Its first key stands in the line of a dash.
            rest = last < len(starts)
            self._splice(starts[0], starts[last] if rest else ends[-1], "" if rest else "{}")
        elif pairs and first == 0 and last == len(starts):
            self._splice(starts[0], ends[-1], "{}")
        else:
            for number in range(first, last):
                self._splice(self._line_start(starts[number]), self._line_end(ends[number]), "")


@lru_cache(maxsize=_MOST_TEXTS)
def _composed(text: str) -> Node:
    """The nodes of a text that can be changed by position. Remembered: an edit asks for the same text over and over."""
    try:
        root = YAML(typ="safe", pure=True).compose(text)
    except (YAMLError, RecursionError):
        raise Unchangeable from None
    if not isinstance(root, MappingNode) or root.flow_style or _says_more(text, root):
        raise Unchangeable
    return root


def _isin_line(node: Node | None) -> bool:
    return isinstance(node, CollectionNode) and bool(node.flow_style)


def _says_more(text: str, root: Node) -> bool:
    """Does it use anchors, aliases or tags? These only a person can change."""
    seen: set[int] = set()

    def within(node: Node) -> bool:
        if (
            id(node) in seen
            or node.anchor
            or (node.tag and text[node.start_mark.index : node.start_mark.index + 1] == "!")
        ):
            return True
        seen.add(id(node))
        if isinstance(node, ScalarNode):
            return False
        return any(within(part) for each in node.value for part in (each if isinstance(each, tuple) else (each,)))

    return within(root)


def _runs(numbers: Sequence[int]) -> Iterable[tuple[int, int]]:
    """Numbers that follow one another, as first and one past the last."""
    first = 0
    for at in range(1, len(numbers) + 1):
        if at == len(numbers) or numbers[at] != numbers[at - 1] + 1:
            yield numbers[first], numbers[at - 1] + 1
            first = at
