"""A customer's month in the ledger (C9, C10, C17): what there was, what moved, what is left. Pure.

What the calendar gives and takes (grants, what is carried over, what expires) counts on its own day, whenever it was
booked. What people do (charges, refunds, corrections, and whatever follows from an edited agreement) counts on the day
on which it was booked: so no statement that was sent is ever changed by what happens later, and each movement stands in
exactly one of them.
"""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum
from itertools import groupby
from typing import Final

from plugin.contract.ledger import Account, EntryKind, LedgerEntry


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One entry as a customer reads it: `units` are those that came to (or, negative, left) what is available."""

    customer: str
    sequence: int
    effective: date
    booked_at: datetime
    kind: EntryKind
    matter: str
    request_key: str | None
    memo: str
    lot: str
    units: int


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month, in the vendor's zone.

    >>> str(Month.of(date(2026, 10, 31))), Month(2026, 12).following
    ('2026-10', Month(year=2027, number=1))
    """

    year: int
    number: int

    @staticmethod
    def of(day: date) -> "Month":
        """The month of a day."""
        return Month(day.year, day.month)

    @staticmethod
    def read(text: str) -> "Month":
        """A month as people write it, `2026-10`. Raises ValueError for what is none."""
        return Month.of(date.fromisoformat(f"{text}-01"))

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.number, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return date(self.year, self.number, calendar.monthrange(self.year, self.number)[1])

    @property
    def following(self) -> "Month":
        """The month after it."""
        return Month.of(self.last + timedelta(days=1))

    def before(self, months: int) -> "Month":
        """The month so many months before it."""
        year, number = divmod(self.year * 12 + self.number - 1 - months, 12)
        return Month(year, number + 1)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"


class Section(StrEnum):
    """Under which heading of a statement a movement stands."""

    GRANTED = "granted"
    CARRIED_OVER = "carried over"
    USED = "used"
    CORRECTED = "corrected"
    EXPIRED = "expired"


SECTIONS: Final = {
    EntryKind.GRANT: Section.GRANTED,
    EntryKind.CARRY_OVER: Section.CARRIED_OVER,
    EntryKind.CHARGE: Section.USED,
    EntryKind.REFUND: Section.USED,
    EntryKind.CORRECT: Section.CORRECTED,
    EntryKind.EXPIRE: Section.EXPIRED,
}
_OF_THE_CALENDAR: Final = (EntryKind.GRANT, EntryKind.CARRY_OVER, EntryKind.EXPIRE)


@dataclass(frozen=True, slots=True)
class Moved:
    """A movement, and the day that it counts on in statements."""

    day: date
    line: StatementLine

    @property
    def section(self) -> Section:
        """Its heading."""
        return SECTIONS[self.line.kind]


@dataclass(frozen=True, slots=True)
class Tally:
    """One unit's month: the balance before its first day, every movement in order, and the balance after its last."""

    unit: str
    opening: int
    moved: tuple[Moved, ...]

    @property
    def closing(self) -> int:
        """What is left at the end."""
        return self.opening + sum(each.line.units for each in self.moved)

    def total(self, section: Section) -> int:
        """What all movements of one heading come to."""
        return sum(each.line.units for each in self.moved if each.section is section)

    def used(self) -> dict[str, int]:
        """Units by the matter (`books.matter_of`) of the request that used them; negative ones were given back."""
        units: dict[str, int] = {}
        for each in self.moved:
            if each.section is Section.USED:
                units[each.line.matter] = units.get(each.line.matter, 0) - each.line.units
        return units


def pending(entries: Iterable[LedgerEntry], after: int) -> tuple[StatementLine, ...]:
    """Entries that are still to be booked as they will read then; `after` is the number of the newest that is."""
    return tuple(
        StatementLine(
            entry.customer,
            after + number,
            entry.effective,
            entry.booked_at,
            entry.kind,
            entry.matter,
            entry.request_key,
            entry.memo,
            posting.lot,
            posting.units,
        )
        for number, entry in enumerate(entries, start=1)
        for posting in entry.postings
        if posting.account is Account.AVAILABLE
    )


def tally(unit: str, every: Iterable[Moved], month: Month) -> Tally:
    """One month of everything that moved of one unit, as `counted` has it."""
    opening, within = 0, list[Moved]()
    for each in every:
        if each.day < month.first:
            opening += each.line.units
        elif each.day <= month.last:
            within.append(each)
    return Tally(unit, opening, tuple(sorted(within, key=lambda each: (each.day, each.line.sequence, each.line.lot))))


def counted(lines: Iterable[StatementLine], zone: tzinfo) -> list[Moved]:
    """Each line with the day that it counts on, in the order in which they were booked.

    An entry of the calendar's that follows from what was moved before it counts no earlier than that: what is given
    back of a lot that is over expires on the day on which it is given back.
    """
    moved: dict[str, date] = {}
    found = []
    for _, entry in groupby(lines, key=lambda each: each.sequence):
        legs = tuple(entry)
        first = legs[0]
        day = first.booked_at.astimezone(zone).date()
        if first.kind in _OF_THE_CALENDAR:
            day = max(first.effective, *(moved.get(each.lot, first.effective) for each in legs))
        moved |= {each.lot: day for each in legs}
        found += [Moved(day, each) for each in legs]
    return found
