"""A text as YAML writes it, so that it reads back the same, wherever in a file it stands."""

import re
from typing import Final

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


def _escape(found: re.Match[str]) -> str:
    character = found[0]
    return _NAMED.get(character) or (
        f"\\u{ord(character):04X}" if ord(character) < 0x10000 else f"\\U{ord(character):08X}"
    )
