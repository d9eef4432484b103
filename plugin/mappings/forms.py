"""A mapping file as a form: its tables as rows and cells, each with the input that its JSON Schema asks for. Pure.

The text stays what is edited: a form shows it, and what is filled in is written into it where it stands (`filled.py`).
What a new sort of file says in its shape is a form by itself. What no form can show is edited as a text.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from plugin.mappings.document import Document, Mapped, Path, read_document
from plugin.mappings.form_parts import Cell, Column, Input, Pair, Part, Row, Schema
from plugin.mappings.patch import Patch, Unchangeable
from plugin.mappings.problem import Problem
from plugin.mappings.readable import Comments, comments
from plugin.mappings.reads import ENTRY, UNITS, WORDS, Entry
from plugin.mappings.schemas import schema_of
from plugin.mappings.words import Words

FROM: Final = "from"
APPLIES_TO: Final = "applies_to"

FEW: Final = 4
"""So many columns a table has at least, of those that its rows may have."""

_LONG: Final = 60
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}) +([0-9]{2}:[0-9]{2})")
_NUMBERS: Final = {Entry.WHOLE: r"([0-9]+)", Entry.DECIMAL: r"([0-9]+(?:\.[0-9]+)?)"}


def form(name: str, text: str, words: Words | None, problems: Iterable[Problem] = ()) -> Part | None:
    """The form of a file with this text; None where it can only be edited as a text.

    `words` are those that the files define, which choices are made of; `problems` are shown where they are.
    """
    schema, document = schema_of(name), read_document(name, text.encode())
    if schema is None or not isinstance(document.data, Mapped):
        return None
    try:
        Patch(text)
        return _Made(schema["definitions"], words, _Marks(document, problems), *comments(text)).group(
            (), schema, document.data, ()
        )
    except Unchangeable:
        return None


class _Marks:
    """Problems by the place that they are about; each is told once, at the innermost place that is shown."""

    def __init__(self, document: Document, problems: Iterable[Problem]) -> None:
        places: dict[tuple[int, int], Path] = {}
        for path, where in (*document.places.values.items(), *document.places.keys.items()):
            if where not in places or len(path) < len(places[where]):
                places[where] = path
        self.document = document
        self._left = [(places.get((each.line, each.column), ()), each) for each in problems]

    def take(self, path: Path) -> tuple[Problem, ...]:
        """Those about a place and what is in it that were not told yet."""
        found = tuple(each for where, each in self._left if where[: len(path)] == path)
        self._left = [(where, each) for where, each in self._left if where[: len(path)] != path]
        return found

    def line(self, path: Path) -> int:
        return (self.document.places.key(path) if isinstance(path[-1], str) else self.document.places.value(path)).line


@dataclass
class _Made:
    definitions: Schema
    words: Words | None
    marks: _Marks
    whole: Comments
    beside: Comments

    def group(self, path: Path, schema: Schema, data: Any, order: tuple[str, ...], **more: Any) -> Part:
        if not isinstance(data, Mapped):
            raise Unchangeable
        properties = schema.get("properties", {})
        if set(data) - set(properties):
            # A key that nobody knows is put right in the text.
            raise Unchangeable
        inside = (*data, *(key for key in properties if key not in data))
        parts = [
            self.part((*path, key), properties[key], data.get(key), tuple(properties), schema) for key in properties
        ]
        ordered = sorted(parts, key=lambda part: inside.index(part.name)) if path == () else parts
        return Part(
            path, order, schema.get("description", ""), parts=tuple(ordered), problems=self.marks.take(path), **more
        )

    def part(self, path: Path, schema: Schema, data: Any, order: tuple[str, ...], around: Schema) -> Part:
        own, schema = schema, self.resolved(schema)
        needed = path[-1] in around.get("required", ())
        about = own.get("description") or schema.get("description", "")
        said: dict[str, Any] = {
            "path": path,
            "order": order,
            "about": about,
            "comment": self.above(path) if data is not None else (),
            "optional": not needed,
            "present": data is not None,
        }
        items = self.resolved(schema.get("items", {}))
        if schema.get("type") == "object" and "properties" in schema:
            made = self.group(path, schema, Mapped(self.marks.document.places, path) if data is None else data, order)
            return Part(**said, parts=made.parts, problems=made.problems, schema=schema)
        if schema.get("type") == "object":
            return Part(**said, **self.pairs(path, schema, data))
        if schema.get("type") == "array" and items.get("type") == "object":
            return Part(**said, schema=items, **self.rows(path, items, data))
        cell = self.cell(path, own, data, order, needed=needed)
        return Part(**said, cell=cell, problems=self.marks.take(path))

    def rows(self, path: Path, schema: Schema, data: Any) -> dict[str, Any]:
        rows = [] if data is None else data
        if not isinstance(rows, list) or not all(isinstance(each, Mapped) for each in rows):
            raise Unchangeable
        properties = {name: self.resolved(each) for name, each in schema["properties"].items()}
        if any(set(each) - set(properties) for each in rows):
            raise Unchangeable
        if any(_nested(self, each) for each in properties.values()):
            entries = [self.group((*path, at), schema, row, ()) for at, row in enumerate(rows)]
            return {"entries": tuple(entries), "problems": self.marks.take(path)}
        names = dict.fromkeys((*(key for row in rows for key in row), *schema.get("required", ()), *properties))
        used = [key for key in names if key in schema.get("required", ()) or any(key in row for row in rows)]
        used += [key for key in names if key not in used][: max(0, FEW - len(used))]
        order = _in_order(used, [key for key in names if key not in used])
        made = tuple(self.row((*path, at), schema, row, used, order) for at, row in enumerate(rows))
        return {
            "rows": made,
            "columns": tuple(Column(key, self.about(schema["properties"][key])) for key in used),
            "dated": FROM in properties and self.since_beginning(schema),
            "problems": self.marks.take(path),
        }

    def row(self, path: Path, schema: Schema, data: Mapped, used: Sequence[str], order: tuple[str, ...]) -> Row:
        def cell(key: str) -> Cell:
            needed = key in schema.get("required", ())
            return self.cell((*path, key), schema["properties"][key], data.get(key), order, needed=needed)

        cells = tuple(map(cell, used))
        spare = tuple(cell(key) for key in order if key not in used)
        line = self.marks.line(path)
        return Row(path, cells, spare, self.above(path), self.beside.get(line, ""), self.marks.take(path))

    def pairs(self, path: Path, schema: Schema, data: Any) -> dict[str, Any]:
        given = Mapped(self.marks.document.places, path) if data is None else data
        if not isinstance(given, Mapped):
            raise Unchangeable
        made = []
        for key, value in (*given.items(), ("", None)):
            cell = self.cell((*path, key), schema["additionalProperties"], value, (), needed=False)
            made.append(Pair((*path, key), key, cell, self.marks.take((*path, key)) if key else ()))
        return {"pairs": tuple(made), "problems": self.marks.take(path)}

    def cell(self, path: Path, schema: Schema, data: Any, order: tuple[str, ...], *, needed: bool) -> Cell:
        own, schema = schema, self.resolved(schema)
        said: dict[str, Any] = {
            "path": path,
            "order": order,
            "about": self.about(own),
            "expected": schema.get("errorMessage", ""),
            "needed": needed,
            "present": data is not None,
            "problems": self.marks.take(path),
        }
        if schema.get("type") == "array":
            entry = self.resolved(schema["items"])
            several = () if data is None else data
            if not isinstance(several, list | tuple) or not all(isinstance(each, str) for each in several):
                raise Unchangeable
            words = _enumerated(entry)
            shown = Input.CHECKS if words and set(several) <= set(words) else Input.LINES
            expected = entry.get("errorMessage", "")
            return Cell(**said | {"expected": expected}, input=shown, several=tuple(several), words=words)
        if data is not None and not isinstance(data, str):
            raise Unchangeable
        return Cell(**said, **self.typed(schema, data or ""))

    def typed(self, schema: Schema, text: str) -> dict[str, Any]:
        """The input for a value, and what it shows; a text where what stands there fits no other."""
        suggested = tuple(schema.get("examples", ()))
        words = _enumerated(schema)
        if not words and WORDS in schema:
            named = getattr(self.words, schema[WORDS]) if self.words else None
            words = (*named.ids, *suggested) if named else ()
        if words:
            own = () if text in ("", *words) else (text,)
            return {"input": Input.CHOICE, "value": text, "words": (*own, *words)}
        entry = Entry(schema.get(ENTRY, Entry.TEXT))
        if entry is Entry.DATE and (not text or _DATE.fullmatch(text)):
            return {"input": Input.DATE, "value": text}
        if entry is Entry.MOMENT and (not text or _MOMENT.fullmatch(text)):
            return {"input": Input.MOMENT, "value": _MOMENT.sub(r"\1T\2", text)}
        if entry in _NUMBERS and (split := _split(entry, text, schema.get(UNITS, ()), suggested)):
            step = "1" if entry is Entry.WHOLE else "any"
            units, least = tuple(schema.get(UNITS, ())), schema.get("minimum")
            made = {"input": Input.NUMBER, "value": split[0], "unit": split[1], "units": units, "words": suggested}
            return made | {"step": step, "least": least}
        return {"input": Input.LONG if len(text) > _LONG or "\n" in text else Input.TEXT, "value": text}

    def resolved(self, schema: Schema) -> Schema:
        found = schema.get("$ref", "")
        return self.definitions[found.rpartition("/")[2]] if found else schema

    def about(self, schema: Schema) -> str:
        return str(schema.get("description") or self.resolved(schema).get("description", ""))

    def since_beginning(self, schema: Schema) -> bool:
        """Do its rows take the place of one another, by a day from which each is in force?"""
        return "in force" in self.about(schema["properties"][FROM])

    def above(self, path: Path) -> tuple[str, ...]:
        """The comment right above."""
        line, said = self.marks.line(path), []
        while (line := line - 1) in self.whole:
            said.append(self.whole[line])
        return tuple(reversed(said))


def _in_order(used: Sequence[str], spare: Sequence[str]) -> tuple[str, ...]:
    """Where keys come that are new in a row: the day from which it is in force, and for whom, at the end."""
    every = (*used, *spare)
    last = [key for key in (FROM, APPLIES_TO) if key in spare]
    return (*(key for key in every if key not in last), *last)


def _nested(made: _Made, schema: Schema) -> bool:
    """Does it hold more than a value or a list of values?"""
    items = made.resolved(schema.get("items", {}))
    return schema.get("type") == "object" or items.get("type") == "object"


def _enumerated(schema: Schema) -> tuple[str, ...]:
    """All words that there are, where the schema lists them."""
    return tuple(schema.get("enum") or next((each["enum"] for each in schema.get("anyOf", ()) if "enum" in each), ()))


def _split(entry: Entry, text: str, units: Sequence[str], words: Sequence[str]) -> tuple[str, str] | None:
    """A number and its unit, or no number and a word; None where it is neither."""
    if not text:
        return "", units[0] if units else ""
    if text in words:
        return "", text
    for unit in units or ("",):
        ending = rf" ?{unit.removesuffix('s')}s?" if unit.endswith("s") else rf" ?{unit}" if unit else ""
        if found := re.fullmatch(_NUMBERS[entry] + ending, text):
            return found[1], unit
    return None
