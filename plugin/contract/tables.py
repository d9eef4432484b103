"""Decision tables: rows that are read from the top, each with the words that it fits and its value.

Every value is `Cited`: it knows its clause, its place in the mapping files and the day from which it is in force.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, Generic, TypeVar

from plugin.contract.decision import Citation

T = TypeVar("T")

ANY: Final = "any"
"""The word that stands for every value of a condition. Leaving a condition out is an error, never `any`."""


class AppliesTo(StrEnum):
    """Which requests a value applies to from its first day on: those raised since, or those still open as well."""

    RAISED = "raised"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class AsOf:
    """The days by which a request is judged: the one on which it was raised, and the last on which it was open.

    `open_until` is the day of the decision while the request is open, then for ever the day on which it was resolved.
    """

    raised: date
    open_until: date

    @classmethod
    def of(cls, day: "date | AsOf") -> "AsOf":
        """A plain day is one on which no request is judged: raised then, and open no longer than then."""
        return day if isinstance(day, AsOf) else cls(day, day)


@dataclass(frozen=True, slots=True)
class Cited(Generic[T]):
    """A value of the policy, what it rests on, the first day on which it is in force, and for which requests."""

    value: T
    cites: Citation
    since: date = date.min
    applies_to: AppliesTo = AppliesTo.RAISED

    def in_force(self, when: date | AsOf) -> bool:
        """Does it apply to a request judged as of these days?"""
        as_of = AsOf.of(when)
        return self.since <= (as_of.open_until if self.applies_to is AppliesTo.OPEN else as_of.raised)


@dataclass(frozen=True, slots=True)
class Row(Generic[T]):
    """One row of a table: the words it fits, and its value."""

    when: tuple[tuple[str, str], ...]
    cited: Cited[T]

    def fits(self, words: Mapping[str, str]) -> bool:
        """Does every condition say `any` or the word asked for?"""
        return all(word in (ANY, words[name]) for name, word in self.when)


@dataclass(frozen=True, slots=True)
class Table(Generic[T]):
    """Rows read from the top: the first that fits wins, and among rows for the same words the newest in force."""

    rows: tuple[Row[T], ...]

    def find(self, when: date | AsOf, **words: str) -> Cited[T] | None:
        """The value in force for these words, or None where no row fits: as of the days of a request, or on a day."""
        as_of = AsOf.of(when)
        fitting = [row for row in self.rows if row.cited.in_force(as_of) and row.fits(words)]
        if len(fitting) <= 1:
            return fitting[0].cited if fitting else None
        first = dict(fitting[0].when)
        return max((row.cited for row in fitting if dict(row.when) == first), key=lambda cited: cited.since)
