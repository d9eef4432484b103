"""What can stand at a place of a mapping file that is being typed: keys and words of its schema, with what they mean.

Pure, and lenient: what is typed is hardly ever YAML before it is finished, so the place is found by indentation, dashes
and brackets alone.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from plugin.mappings.document import Path
from plugin.mappings.reads import WORDS
from plugin.mappings.schemas import schema_of
from plugin.mappings.words import Words

Schema: TypeAlias = Mapping[str, Any]

_KEY: Final = re.compile(
    r"(?:\"((?:[^\"\\]|\\.)*)\"|'((?:[^']|'')*)'|([^\s#\[\]{},\"'&*!|>%@`-][^#\[\]{},]*?|-[^\s,]+?))\s*:(?=\s|$)"
)
_WORD: Final = re.compile(r"[\w.%-]*")


@dataclass(frozen=True, slots=True)
class Offer:
    """What can be written, and what it means."""

    text: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Completion:
    """What can stand instead of what is `typed` before the cursor and the `rest` of it behind; `about` the place."""

    typed: str
    rest: str
    about: str
    offers: tuple[Offer, ...]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the cursor is. `key`: a key is typed there, where there are keys; else the value at `path`."""

    path: Path
    typed: str
    key: bool
    block: bool
    present: frozenset[str]


def completion(name: str, text: str, offset: int, words: Words | None) -> Completion | None:
    """What can stand at that character of a file's text; None where nothing is known of it."""
    whole = schema_of(name)
    place = _place(text, offset)
    if whole is None or place is None:
        return None
    schema = _at(whole, place.path)
    found = _WORD.match(text, offset)
    rest = found[0] if found else ""
    if schema is None:
        return None
    if place.key and "properties" in schema:
        offers = tuple(_keys(whole, schema, place))
        return Completion(place.typed, rest, schema.get("description", ""), _fitting(offers, place.typed))
    if place.key and schema.get("type") == "object":
        return None
    about = schema.get("description", "")
    listed = _resolved(whole, schema["items"]) if schema.get("type") == "array" and "items" in schema else schema
    return Completion(place.typed, rest, about, _fitting(tuple(map(Offer, _words(listed, words))), place.typed))


def _keys(whole: Schema, schema: Schema, place: _Place) -> Iterator[Offer]:
    """The keys that are not there yet, those that are needed first."""
    needed = schema.get("required", ())
    for key in (*needed, *(each for each in schema["properties"] if each not in needed)):
        if key not in place.present:
            own = schema["properties"][key]
            inside = _resolved(whole, own)
            deep = place.block and (inside.get("type") == "object" or _is_table(whole, inside))
            about = own.get("description") or inside.get("description", "")
            yield Offer(f"{key}:" if deep else f"{key}: ", about)


def _is_table(whole: Schema, schema: Schema) -> bool:
    return schema.get("type") == "array" and _resolved(whole, schema.get("items", {})).get("type") == "object"


def _words(schema: Schema, words: Words | None) -> tuple[str, ...]:
    """Every word that is known for a value."""
    listed = schema.get("enum") or next((each["enum"] for each in schema.get("anyOf", ()) if "enum" in each), ())
    named = getattr(words, schema[WORDS], None) if words and WORDS in schema else None
    return tuple(dict.fromkeys((*listed, *(named.ids if named else ()), *schema.get("examples", ()))))


def _fitting(offers: tuple[Offer, ...], typed: str) -> tuple[Offer, ...]:
    """Those that begin with what is typed, then those that hold it."""
    wanted = typed.casefold()
    begins = [each for each in offers if each.text.casefold().startswith(wanted)]
    return (*begins, *(each for each in offers if each not in begins and wanted in each.text.casefold()))


def _resolved(whole: Schema, schema: Schema) -> Schema:
    found = schema.get("$ref", "")
    return whole["definitions"][found.rpartition("/")[2]] if found else schema


def _at(whole: Schema, path: Path) -> Schema | None:
    """The schema of what stands at a place."""
    schema: Schema = whole
    for step in path:
        inside = schema.get("items") if isinstance(step, int) else schema.get("properties", {}).get(step)
        if inside is None and isinstance(step, str) and isinstance(schema.get("additionalProperties"), dict):
            inside = schema["additionalProperties"]
        if inside is None:
            return None
        own, schema = inside, _resolved(whole, inside)
        if "description" in own and own is not schema:
            schema = {**schema, "description": own["description"]}
    return schema


@dataclass
class _Level:
    """Something that is open at the cursor: a key or an entry in a column, or a pair of brackets (column -1)."""

    column: int
    step: str | int
    keys: set[str] = field(default_factory=set)
    count: int = -1


def _place(text: str, offset: int) -> _Place | None:
    levels: list[_Level] = [_Level(-2, "")]
    lines = text[:offset].split("\n")
    at = 0
    while at < len(lines):
        line, last = lines[at], at == len(lines) - 1
        column = len(line) - len(line.lstrip(" "))
        rest = line[column:]
        if rest.startswith("#"):
            if last:
                return None
            at += 1
            continue
        if not rest and not last:
            at += 1
            continue
        while rest.startswith("- ") or rest == "-":
            while levels[-1].column > column or (levels[-1].column == column and isinstance(levels[-1].step, int)):
                levels.pop()
            levels[-1].count += 1
            levels.append(_Level(column, levels[-1].count))
            inner = rest[1:].lstrip(" ")
            column += len(rest) - len(inner)
            rest = inner
        found = _KEY.match(rest)
        if found:
            key = next(each for each in found.groups() if each is not None)
            _close(levels, column)
            levels[-1].keys.add(key)
            levels.append(_Level(column, key))
            value = rest[found.end() :].lstrip(" ")
            if last and not rest[found.end() :]:
                return None
        else:
            value = rest
            if last and not rest.startswith(("{", "[")):
                _close(levels, column)
                here = levels[-1]
                later = _later(text, offset, column)
                return _Place(_path(levels), rest, key=True, block=True, present=frozenset(here.keys | later))
        if value.startswith(("{", "[")):
            inside, at = _brackets(lines, at, value)
            if inside is not None:
                return _Place(
                    (*_path(levels), *inside.path), inside.typed, inside.key, block=False, present=inside.present
                )
            continue
        if last:
            return None if " #" in f" {value}" else _Place(_path(levels), value.lstrip("\"'"), False, True, frozenset())
        at += 1
    return None


def _close(levels: list[_Level], column: int) -> None:
    """Leave everything that a key in that column does not belong to."""
    while levels[-1].column >= column:
        levels.pop()


def _later(text: str, offset: int, column: int) -> set[str]:
    """The keys that follow in the same column."""
    found = set()
    for line in text[offset:].split("\n")[1:]:
        inside = len(line) - len(line.lstrip(" "))
        if not line.strip() or line.lstrip().startswith("#") or inside > column:
            continue
        key = _KEY.match(line[inside:])
        if inside < column or key is None:
            break
        found.add(next(each for each in key.groups() if each is not None))
    return found


def _path(levels: list[_Level]) -> Path:
    return tuple(each.step for each in levels[1:])


def _brackets(lines: list[str], at: int, value: str) -> tuple[_Place | None, int]:
    """Go through what is between brackets: the cursor's place within, or the line after they are closed."""
    opened: list[_Level] = []
    typed, key, quote = "", None, ""
    while True:
        position = 0
        while position < len(value):
            character = value[position]
            position += 1
            if quote:
                quote = "" if character == quote else quote
                typed += character
            elif character in "\"'" and not typed.strip():
                quote, typed = character, character
            elif character == "#" and value[position - 2 : position - 1] in ("", " "):
                if at == len(lines) - 1:
                    return None, at
                break
            elif character in "{[":
                if opened:
                    opened[-1].step = _step(opened[-1], key)
                opened.append(_Level(0 if character == "{" else 1, ""))
                typed, key = "", None
            elif character in "}]":
                opened.pop()
                typed, key = "", None
                if not opened:
                    return None, at + 1
            elif character == ",":
                opened[-1].count += 1
                typed, key = "", None
            elif character == ":" and value[position : position + 1] in (" ", "") and not opened[-1].column:
                key = typed.strip().strip("\"'")
                opened[-1].keys.add(key)
                typed = ""
            else:
                typed += character
        if at == len(lines) - 1:
            break
        at += 1
        value = lines[at]
    here = opened[-1]
    steps: list[str | int] = [each.step for each in opened[:-1]]
    if here.column or key is not None:
        steps.append(_step(here, key))
    return _Place(tuple(steps), typed.strip().lstrip("\"'"), key is None, False, frozenset(here.keys)), at


def _step(level: _Level, key: str | None) -> str | int:
    return level.count + 1 if level.column else key or ""
