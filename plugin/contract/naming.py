"""Which things a text written by a customer names: read with care, guess nothing."""

import re
from collections.abc import Iterable
from typing import TypeVar

T = TypeVar("T")

SHOWN = 80
"""Characters of what the customer wrote that a sentence repeats."""


def named(text: str, known: Iterable[tuple[T, tuple[str, ...]]]) -> list[T]:
    """The things whose name, or one of whose other names, stands in the text; `known` are things with their names.

    In any case. The longest name goes first, so that `Windows 7` is not also `Windows`. A number may follow at once, as
    in `Win11`; a letter may not.

    >>> named("Win11 and Ubuntu", [("windows", ("Windows", "Win")), ("linux", ("Linux", "Ubuntu")), ("w", ("and u",))])
    ['linux', 'windows']
    """
    return taken_out(text, known)[1]


def taken_out(text: str, known: Iterable[tuple[T, tuple[str, ...]]], behind: str = "") -> tuple[str, list[T]]:
    """The text in lower case without the names, and the things that they name, as `named` finds them.

    `behind` is a regular expression for what goes with a name where it follows one.
    """
    rest, found = text.casefold(), []
    words = [(word, thing) for thing, names in known for word in names]
    for word, thing in sorted(words, key=lambda pair: len(pair[0]), reverse=True):
        rest, times = re.subn(rf"(?<!\w){re.escape(word.casefold())}(?![^\W\d_]){behind}", " ", rest)
        if times and thing not in found:
            found.append(thing)
    return rest, found


def shortened(text: str) -> str:
    """What the customer wrote, as far as a sentence repeats it."""
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
