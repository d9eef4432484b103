"""Values, keys and rows as YAML writes them, so that they read back the same, wherever in a file they stand."""

import re
from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

Data: TypeAlias = "str | Sequence[Data] | Mapping[str, Data]"

NOTHING: Final = ("null", "Null", "NULL", "~")
"""What YAML takes for no value where it is not quoted."""

_FIRST: Final = re.compile(r"[^\s\-?:,\[\]{}#&*!|>'\"%@`=<]")
_NOT_PLAIN: Final = re.compile(r":(?:\s|$)|\s#|[,\[\]{}]|[^\S ]|[^\x20-\x7E\xA0-\uD7FF\uE000-\uFEFE\uFF00-\uFFFD]")
_ESCAPED: Final = re.compile(r"[\"\\]|[^\x20-\x7E\xA0-\u2027\u202A-\uD7FF\uE000-\uFEFE\uFF00-\uFFFD]")
_NAMED: Final = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}


def written(value: str, *, quoted: bool = False) -> str:
    """A value or key for any place, also between brackets; `quoted` puts it into quotes where it needs none."""
    plain = (
        _FIRST.match(value) and value == value.strip() and not _NOT_PLAIN.search(value) and value not in NOTHING
    ) and not quoted
    return value if plain else f'"{_ESCAPED.sub(_escape, value)}"'


def in_line(data: Data) -> str:
    """Between brackets, in one line."""
    if isinstance(data, str):
        return written(data)
    if isinstance(data, Mapping):
        return f"{{{', '.join(f'{written(key)}: {in_line(value)}' for key, value in data.items())}}}"
    return f"[{', '.join(map(in_line, data))}]"


def in_lines(name: str, value: Data, indent: int) -> str:
    """A key and its value, with a line for each row where it has rows."""
    rows = not isinstance(value, str | Mapping) and value and all(isinstance(each, Mapping) for each in value)
    if rows:
        return f"{' ' * indent}{written(name)}:\n" + "".join(as_entry(each, indent + 2) for each in value)
    return f"{' ' * indent}{written(name)}: {in_line(value)}\n"


def as_entry(row: Data, indent: int, *, block: bool = False) -> str:
    """An entry of a list, in a line, or `block` with a line for each key."""
    if block and isinstance(row, Mapping) and row:
        lines = "".join(in_lines(key, value, indent + 2) for key, value in row.items())
        return f"{' ' * indent}- {lines[indent + 2 :]}"
    return f"{' ' * indent}- {in_line(row)}\n"


def _escape(found: re.Match[str]) -> str:
    character = found[0]
    return _NAMED.get(character) or (
        f"\\u{ord(character):04X}" if ord(character) < 0x10000 else f"\\U{ord(character):08X}"
    )
