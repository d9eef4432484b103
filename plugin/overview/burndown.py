"""A balance over an agreement year, as it burnt down: what was granted, used, corrected, and what expired. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo
from itertools import groupby

from plugin.contract.ledger import Lot
from plugin.contract.model import SupportAgreement, Term
from plugin.contract.statement import Moved, Section, StatementLine, counted


@dataclass(frozen=True, slots=True)
class Step:
    """What moved on one day under one heading of a statement, and the balance after it, in whole units."""

    day: date
    section: Section
    units: int
    balance: int


@dataclass(frozen=True, slots=True)
class BurnDown:
    """One unit's balance in an agreement year: before its first day, at each step up to `today`, and what of today's
    lots will expire within the year if nobody uses it: the last day, and how many units.
    """

    year: Term
    today: date
    opening: int
    steps: tuple[Step, ...]
    balance: int
    expiring: tuple[tuple[date, int], ...]

    @property
    def highest(self) -> int:
        """The most there ever was in the year."""
        return max((self.opening, *(step.balance for step in self.steps)))

    @property
    def lowest(self) -> int:
        """The least; below zero only after a correction."""
        return min((self.opening, *(step.balance for step in self.steps)))

    @property
    def used(self) -> int:
        """What requests used in the year."""
        return -sum(step.units for step in self.steps if step.section is Section.USED)

    @property
    def granted(self) -> int:
        """What was granted in the year, packages and what was carried over included."""
        given = (Section.GRANTED, Section.CARRIED_OVER)
        return sum(step.units for step in self.steps if step.section in given)


def agreement_year(agreement: SupportAgreement, day: date) -> Term:
    """The agreement year that covers a day (C9); before the first the first one, between and after them the last."""
    years = sorted((year for term in agreement.terms for year in term.years()), key=lambda year: year.first)
    begun = [year for year in years if year.first <= day]
    return begun[-1] if begun else years[0]


def burn_down(lines: Sequence[StatementLine], year: Term, today: date, lots: Iterable[Lot], zone: tzinfo) -> BurnDown:
    """Draw up a year from all lines of one unit, which come in the order in which they were booked.

    `lots` are those that can be used today. A year that is over ends with its last day, whatever moved since.
    """
    until = min(today, year.last)
    every = sorted(counted(lines, zone), key=lambda each: (each.day, each.line.sequence, each.line.lot))
    # What a year left over expires with its last day: the first day of the next one begins without it.
    opening = sum(each.line.units for each in every if each.day < year.first)
    steps, balance = [], opening
    within = (each for each in every if year.first <= each.day <= until)
    for (day, section), moved in groupby(within, key=_heading):
        units = sum(each.line.units for each in moved)
        balance += units
        if units:
            steps.append(Step(day, section, units, balance))
    ends: dict[date, int] = {}
    for lot in lots:
        if lot.available > 0 and today <= lot.last <= year.last:
            ends[lot.last] = ends.get(lot.last, 0) + lot.available
    return BurnDown(year, until, opening, tuple(steps), balance, tuple(sorted(ends.items())))


def _heading(moved: Moved) -> tuple[date, Section]:
    return moved.day, moved.section
