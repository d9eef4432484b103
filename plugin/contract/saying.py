"""Sentences that are English, and can be said in other languages as well. Pure.

A finding's sentence is a text like any other, for Jira, the log and the terminal. It also remembers the pattern that it
was made of and what was filled in, so that whoever has the pattern in another language says it in that.

>>> sentence = say("{person} is a named contact of {customer}.", person="Mira", customer="Aurora Robotics")
>>> sentence
'Mira is a named contact of Aurora Robotics.'
>>> sentence.pattern
'{person} is a named contact of {customer}.'
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


class Said(str):
    """A text in English, the pattern that it was made of, and the values in it."""

    __slots__ = ("pattern", "values")

    pattern: str
    values: Mapping[str, object]


def say(pattern: str, **values: object) -> Said:
    """Fill in a pattern. Each value is said in English as `str` has it: days as ISO 8601, others as their types do.

    The pattern stands here in letters, not in a variable: it is looked up where it stands.
    """
    said = Said(pattern.format(**{name: str(value) for name, value in values.items()}))
    said.pattern, said.values = pattern, values
    return said


@dataclass(frozen=True, slots=True)
class Several:
    """Things one after the other: `Mon, Tue`, or with something else between: `26.2 and 26.1`."""

    items: tuple[object, ...]
    between: str = ", "

    @classmethod
    def of(cls, items: Iterable[object], between: str = ", ") -> "Several":
        """These things."""
        return cls(tuple(items), between)

    def __str__(self) -> str:
        return self.between.join(map(str, self.items))


AND = say(" and ")
"""Between things that are meant together."""


def together(sentences: Sequence[str]) -> str:
    """Sentences one after the other, as one text; at least one."""
    first, *more = sentences
    return say("{sentence} {more}", sentence=first, more=Several.of(more, " ")) if more else first
