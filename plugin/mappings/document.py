"""YAML read as text: every scalar is what was written, and every value knows its line and column.

YAML's own types are not used: YAML 1.1 turns `17:00` into 1020, `4.10` into 4.1 and `no` into False. What a value
means is decided by the type that its place declares (`values.py`).
"""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from plugin.mappings.problem import Place, Problem, Report
from plugin.mappings.written import NOTHING

Path = tuple[str | int, ...]
"""The keys and list positions that lead to a value."""

_MOST_VALUES: Final = 100_000  # anchors let a small file name billions
_MOST_FILES: Final = 10_000  # some 14 KB each; beyond it a change of one file costs reading them all
_HINTS: Final = {
    "'\\t'": "indent with spaces, not with tabs",
    "mapping values are not allowed here": "quote a value that holds ': ', and check the indentation",
    "could not find expected ':'": "write key: value, with a space after the colon",
    "found undefined alias": "quote a value that begins with *",
    "found unexpected end of stream": "a quote is not closed",
}


@dataclass(slots=True)
class Places:
    """Where each value and each key of one file stands."""

    file: str
    values: dict[Path, tuple[int, int]] = field(default_factory=dict)
    keys: dict[Path, tuple[int, int]] = field(default_factory=dict)

    def value(self, path: Path) -> Place:
        """Where the value at `path` begins, or else the nearest value around it."""
        while path and path not in self.values:
            path = path[:-1]
        return Place(self.file, *self.values.get(path, (1, 1)))

    def key(self, path: Path) -> Place:
        """Where the key that `path` ends with stands."""
        return Place(self.file, *self.keys[path]) if path in self.keys else self.value(path)


class Mapped(dict[str, Any]):
    """Keys and values as written, together with where they stand."""

    def __init__(self, places: Places, path: Path) -> None:
        super().__init__()
        self.places = places
        self.path = path


@dataclass(frozen=True, slots=True)
class Document:
    """One file, read: its data (`Mapped`, list and str), or None where there are problems."""

    places: Places
    data: Any
    problems: tuple[Problem, ...]


@lru_cache(maxsize=_MOST_FILES)
def read_document(file: str, content: bytes) -> Document:
    """Read a file's bytes. Never raises: what cannot be read is a problem.

    The answer is remembered, so that reading a directory again costs only what has changed.
    """
    report, places = Report(), Places(file)
    data = None
    try:
        node = YAML(typ="safe", pure=True).compose(content.decode("utf-8-sig"))
        if node is None:
            report.problem(Place(file), "the file is empty; restore it, or remove it if it is not wanted")
        else:
            data = _Walk(places, report).value(node, ())
    except UnicodeDecodeError as error:
        before = content[: error.start]
        place = Place(file, before.count(b"\n") + 1, len(before.rpartition(b"\n")[2].decode("utf-8", "replace")) + 1)
        report.problem(place, f"byte 0x{content[error.start]:02X} is not UTF-8; save the file as UTF-8")
    except YAMLError as error:
        report.problem(*_what_yaml_says(file, content, error))
    except RecursionError:
        report.problem(Place(file), "the values are nested too deeply; remove brackets")
    return Document(places, None if report.problems else data, report.problems)


class _Walk:
    """From nodes to plain values, noting positions on the way."""

    def __init__(self, places: Places, report: Report) -> None:
        self.places, self.report = places, report
        self.around: list[Node] = []
        self.count = 0

    def value(self, node: Node, path: Path) -> Any:
        place = _place(self.places.file, node)
        self.places.values[path] = place[1:]
        self.count += 1
        if self.count > _MOST_VALUES or any(node is each for each in self.around):
            if not self.report.problems:
                self.report.problem(place, "an alias holds itself or repeats too much; write the values out")
            return ""
        if isinstance(node, ScalarNode):
            if not node.style and node.value in NOTHING:
                text = f"{node.value} says nothing; leave the key out, or write the value that is meant, such as none"
                self.report.problem(place, text)
            return str(node.value)
        self.around.append(node)
        read = (
            [self.value(each, (*path, number)) for number, each in enumerate(node.value)]
            if isinstance(node, SequenceNode)
            else self.mapping(node.value, path)
        )
        self.around.pop()
        return read

    def mapping(self, pairs: list[tuple[Node, Node]], path: Path) -> Mapped:
        read = Mapped(self.places, path)
        for key, value in pairs:
            place = _place(self.places.file, key)
            if not isinstance(key, ScalarNode) or not key.value:
                self.report.problem(place, "this key is no word; expected key: value")
                continue
            name = str(key.value)
            if name in read:
                first = self.places.keys[*path, name][0]
                self.report.problem(place, f"key {name} is written twice, first in line {first}; keep one")
                continue
            self.places.keys[*path, name] = place[1:]
            read[name] = self.value(value, (*path, name))
        return read


def _place(file: str, node: Node) -> Place:
    return Place(file, node.start_mark.line + 1, node.start_mark.column + 1)


def _what_yaml_says(file: str, content: bytes, error: YAMLError) -> tuple[Place, str]:
    if isinstance(error, ReaderError):
        before = content.decode("utf-8-sig")[: error.position]
        place = Place(file, before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1)
        return place, "a control character is in the way; delete it"
    if not isinstance(error, MarkedYAMLError):
        return Place(file), f"this is not YAML: {error}"
    mark = error.problem_mark or error.context_mark
    place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file)
    said = error.problem or error.context or "it cannot be read"
    if "found another document" in said:
        return place, "a second document begins here; expected one document, without ---"
    began = error.context_mark
    since = f" {error.context} that begins in line {began.line + 1}" if began and error.context else ""
    hint = next((hint for words, hint in _HINTS.items() if words in said), None)
    return place, f"this is not YAML: {said}{since}" + (f"; {hint}" if hint else "")
