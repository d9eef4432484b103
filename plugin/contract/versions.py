"""What a customer wrote into the version field, read with care: tidy what is only spelling, guess nothing.

Known spellings: `v25.1`, `expecco 25.1`, `25,1`, `25.1.3 (64 bit)`, `25.1 Build 3121`, `2.9.x`, backticks, a version
repeated.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

_PRERELEASE = re.compile(
    r"(?<![a-z])(?:alpha|beta|release[- ]candidate|preview|pre[- ]?ga|pre[- ]?release|nightly|snapshot|rc)"
    r"(?![a-z])(?:[-. ]?\d+(?![.,]?\d))?"
    r"|(?<=\d)[-.]?(?:(?:rc|a|b|beta|alpha)\d+|dev\d*)(?!\w)",
)
_NOISE = re.compile(
    r"\(?\b(?:32|64)[- ]?bits?\b\)?|\bx(?:64|86)(?: 64)?\b|\bwin(?:dows)?[- ]?(?:32|64)\b"
    r"|\b(?:build|rev(?:ision)?|patch|sp|service pack|hotfix)[. #:]*\d+(?!\w|[.,]\d)|(?<=\d)\.[x*](?!\w)"
)
# German dates, which a release line such as 20.1 would otherwise swallow: 20.1.2026 is a day, not a patch of 20.1.
_DATE = re.compile(r"(?<![\w.,])\d{1,2}\.\d{1,2}\.(?:19|20)\d\d(?![\w]|[.,]\d)")
_PREFIX = re.compile(r"(?<![\w.,])(?:versions?|vers?|v|release|rel|r)[.:=]? ?(?=\d)")
_WORDS = re.compile(r"\b(?:versions?|vers?|v|release|rel|product|the|is|we|use|using|on|currently)\b")
# Parts are bounded: Python refuses to read a number of thousands of digits.
_DOTTED = re.compile(r"(?<![\w.,])\d{1,9}(?:\.\d{1,9})+(?![\w]|[.,]\d)")
_COMMA = re.compile(r"(?<![\w.,])\d{1,9},\d{1,9}(?![\w]|[.,]\d)")
_PADDED = re.compile(r"(?<!\d)0\d")
# Left out on purpose: ? + * ! < > ~ say something about a version, so they are words and not punctuation.
_PUNCTUATION = re.compile(r"['\"()\[\]{}:;=,/&-]|(?<!\d)\.|\.(?!\d)")


@dataclass(frozen=True, slots=True)
class StatedVersion:
    """A version field, read. Each number is a tuple of its parts, so that 2.10 and 2.1 stay two different versions.

    `versions` are the different ones with at least two parts; a number standing alone, such as 25, is none.
    `prerelease` says that the words call it a beta, a release candidate or the like. `plain` says that nothing else
    was written: what is not plain may be accepted, but is never ground for refusing.
    """

    versions: tuple[tuple[int, ...], ...]
    prerelease: bool
    plain: bool


def read_version(text: str, product_names: Iterable[str] = ()) -> StatedVersion:
    """Read what somebody wrote. `product_names` are words to pass over. Takes time in proportion to the text."""
    rest = " ".join(text.casefold().replace("`", " ").replace("_", " ").split())
    for name in sorted(product_names, key=len, reverse=True):
        rest = re.sub(rf"(?<!\w){re.escape(name.casefold())}(?![a-z])", " ", rest)
    rest = _NOISE.sub(" ", rest)
    rest, prereleases = _PRERELEASE.subn(" ", rest)
    rest = _DATE.sub(" date ", rest)
    rest = _PREFIX.sub(" ", rest)
    rest = re.sub(r"(?<=\d)(\.\d+),(?=\d+\.\d)", r"\1, ", rest)
    versions: dict[tuple[int, ...], None] = {}
    padded = _PADDED.search(rest)
    for pattern in (_DOTTED, _COMMA):
        for number in pattern.findall(rest):
            versions.setdefault(tuple(int(part) for part in re.split(r"[.,]", number)))
        rest = pattern.sub(" ", rest)
    rest = _PUNCTUATION.sub(" ", _WORDS.sub(" ", rest))
    return StatedVersion(tuple(versions), bool(prereleases), plain=not rest.strip() and not padded)


@lru_cache(maxsize=1_000)
def parts(name: str) -> tuple[int, ...]:
    """The parts of a release line's name.

    >>> parts("2.10")
    (2, 10)

    Raises:
        ValueError: when the name is not numbers with dots between.
    """
    if not re.fullmatch(r"\d+(\.\d+)*", name):
        raise ValueError(f"{name!r} is not a release line: write numbers with dots between, such as 25.1")
    return tuple(int(part) for part in name.split("."))
