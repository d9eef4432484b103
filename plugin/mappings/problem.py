"""What is wrong in the admins' files: values with a place, collected until everything has been looked at."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from plugin.contract.decision import Source


class Place(NamedTuple):
    """A place in a mapping file. `file` is relative to the mappings directory; line and column count from 1."""

    file: str
    line: int = 1
    column: int = 1

    @property
    def source(self) -> Source:
        """The same place as the contract cites it: without the column."""
        return Source(self.file, self.line)


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong, or (`warning`) that an admin should know although the files can be used.

    Its text is `file:line:column: sentence`, a form that editors and terminals make clickable.
    """

    file: str
    line: int
    column: int
    sentence: str
    warning: bool = False

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {'warning: ' if self.warning else ''}{self.sentence}"


class Report:
    """Collects problems and warnings while the files are read."""

    def __init__(self) -> None:
        self._found: set[Problem] = set()

    def problem(self, place: Place, sentence: str) -> None:
        """Note something that keeps the files from being used."""
        self._found.add(Problem(*place, sentence))

    def warning(self, place: Place, sentence: str) -> None:
        """Note something that an admin should look at; the files are used all the same."""
        self._found.add(Problem(*place, sentence, warning=True))

    def add(self, problems: Iterable[Problem]) -> None:
        """Note what somebody else found."""
        self._found.update(problems)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The problems, sorted by file, line and column."""
        return tuple(sorted(each for each in self._found if not each.warning))

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """The warnings, sorted likewise."""
        return tuple(sorted(each for each in self._found if each.warning))


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that looks most like this one, in any case; None where none does."""
    spelled = {each.casefold(): each for each in known}
    near = difflib.get_close_matches(word.casefold(), spelled, n=1)
    return spelled[near[0]] if near else None


def expected(word: str, known: Iterable[str]) -> str:
    """The end of a sentence about an unknown word: what was expected, and the nearest known word.

    >>> expected("premum", ["premium", "basic"])
    'expected premium or basic (nearest: premium)'
    """
    words = tuple(known)
    near = nearest(word, words)
    return f"expected {one_of(words)}" + (f" (nearest: {near})" if near else "")


def one_of(words: Iterable[str]) -> str:
    """
    >>> one_of(["a", "b", "c"])
    'a, b or c'
    """
    *others, last = words
    return f"{', '.join(others)} or {last}" if others else last
