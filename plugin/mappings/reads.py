"""How the text of a scalar becomes a value, and what an editor should expect to see there.

Every scalar is text to us. An editor's YAML parser makes numbers, booleans or dates of some of it, so its JSON Schema
allows these too wherever such a text would be good here.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from plugin.mappings.problem import nearest, one_of

A_TEXT: Final = "a text"
NUMBER: Final = "number"
INTEGER: Final = "integer"
BOOLEAN: Final = "boolean"
_OTHERS: Final = ("string", NUMBER, "null", "array", "object")
_BOOLEANS: Final = frozenset(("yes", "no", "on", "off", "true", "false", "y", "n"))
"""What YAML 1.1 takes for a boolean, in any case. In 1.2 only true and false are."""


ENTRY: Final = "x-entry"
UNITS: Final = "x-units"
WORDS: Final = "x-words"
"""Keys of ours in the schemas, which editors pass over: how a form asks for a value, and which words it can be."""


class Entry(StrEnum):
    """How a form asks for a value."""

    TEXT = "text"
    DATE = "date"
    MOMENT = "moment"
    WHOLE = "whole"
    DECIMAL = "decimal"


class Unread(ValueError):
    """A text that cannot be read, with a sentence of its own."""


@dataclass(frozen=True, slots=True)
class Reads:
    """How a scalar's text becomes a value: `expected` completes "expected ...".

    `parse` gets text that is not empty; it raises ValueError, or Unread with a sentence of its own. The rest is for
    editors: every text that is good matches `pattern` whole (a space in it is any space), or is one of `words` where
    these are all there are. `types` are the JSON types beside string that such a text can be taken for, numbers from
    `least` on. `suggests` are words that an editor may offer.
    """

    expected: str
    parse: Callable[[str], Any]
    pattern: str = ""
    types: tuple[str, ...] = ()
    least: int | None = None
    suggests: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    entry: Entry = Entry.TEXT
    units: tuple[str, ...] = ()

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Read text with `parse`, whatever the declared type is."""
        return core_schema.no_info_plain_validator_function(self._read)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """What may stand here. `errorMessage` is what editors with the YAML language server then say."""
        told = {"errorMessage": f"expected {self.expected}"}
        if not self.words:
            spaced = self.pattern.replace(" ?", r"\s*").replace(" ", r"\s+")
            pattern = rf"^\s*(?:{spaced})\s*$" if spaced else r"\S"
            allowed: JsonSchemaValue = {"type": ["string", *self.types], "pattern": pattern}
            if self.least is not None:
                allowed["minimum"] = self.least
            offered: JsonSchemaValue = {"examples": list(self.suggests)} if self.suggests else {}
            if self.entry is not Entry.TEXT:
                offered[ENTRY] = self.entry.value
            if self.units:
                offered[UNITS] = list(self.units)
            return allowed | offered | told
        words = {"enum": list(self.words), **told}
        if _BOOLEANS.isdisjoint(map(str.casefold, self.words)):
            return words
        # Anything but the other types is a boolean, said so that an editor does not offer true and false.
        return {"anyOf": [words, {"not": {"type": list(_OTHERS)}}], **told}

    def _read(self, written: object) -> Any:
        if not isinstance(written, str):
            raise Unread(f"{'a list' if isinstance(written, list) else 'keys and values'} cannot stand here")
        text = written if self.words else " ".join(written.split())
        if not text.strip():
            raise Unread("is empty")
        try:
            return self.parse(text)
        except Unread:
            raise
        except (ValueError, OverflowError):
            raise Unread(f"{text} is not understood") from None


@dataclass(frozen=True, slots=True)
class Of:
    """Tells forms and editors that a text is one of the words that mapping files define: a field of `words.Words`."""

    words: str

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """The same, with the name of the words."""
        return handler(schema) | {WORDS: self.words}


def one_word_of(words: Iterable[str]) -> Reads:
    """One of these words, exactly as written here."""
    known = tuple(map(str, words))

    def parse(text: str) -> str:
        if text in known:
            return text
        near = nearest(text, known)
        raise Unread(f"{text} is not known" + (f" (nearest: {near})" if near else ""))

    return Reads(one_of(known), parse, words=known)


def member_of(enum: type[StrEnum]) -> Reads:
    """One member of an enumeration, by its word."""
    words = one_word_of(enum)
    return Reads(words.expected, lambda text: enum(words.parse(text)), words=words.words)


def matched(pattern: str, text: str) -> re.Match[str]:
    """The match of a whole text; raises ValueError where it does not fit."""
    found = re.fullmatch(pattern, text)
    if found is None:
        raise ValueError(text)
    return found


def text_like(expected: str, pattern: str, types: tuple[str, ...] = ()) -> Reads:
    """Text that matches the pattern whole, and stays text."""
    return Reads(expected, lambda text: matched(pattern, text).group(), pattern, types)
