"""Reports over many requests: responses by tier, refusals by reason, units used by customer; each by month."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar

from sqlalchemy import Connection

from plugin.contract.decision import ResponseKept
from plugin.contract.statement import Month
from plugin.store import ledger, responses

K = TypeVar("K")

MOST: Final = 36
"""Months at most in one report."""


@dataclass(frozen=True, slots=True)
class Period:
    """Months from one to another, both included.

    Raises:
        ValueError: when it ends before it begins, or has more than `MOST` months.
    """

    first: Month
    last: Month

    def __post_init__(self) -> None:
        if not 1 <= self._length <= MOST:
            raise ValueError(f"{self.first} to {self.last} is no period of 1 to {MOST} months")

    @staticmethod
    def until(last: Month, months: int) -> "Period":
        """So many months, that one the last."""
        return Period(last.before(months - 1), last)

    @property
    def months(self) -> tuple[Month, ...]:
        """All of them, in order."""
        return tuple(self.last.before(back) for back in reversed(range(self._length)))

    @property
    def _length(self) -> int:
        return (self.last.year - self.first.year) * 12 + self.last.number - self.first.number + 1


@dataclass(frozen=True, slots=True)
class Responses:
    """How first responses stand: how many were kept, missed, are overdue, open, and not due at all."""

    kept: int = 0
    missed: int = 0
    overdue: int = 0
    open: int = 0
    not_applicable: int = 0

    @property
    def due(self) -> int:
        """Those that were due by now."""
        return self.kept + self.missed + self.overdue

    @property
    def requests(self) -> int:
        """All of them."""
        return self.due + self.open + self.not_applicable

    def __add__(self, other: "Responses") -> "Responses":
        return Responses(
            self.kept + other.kept,
            self.missed + other.missed,
            self.overdue + other.overdue,
            self.open + other.open,
            self.not_applicable + other.not_applicable,
        )


def responses_kept(tx: Connection, period: Period, now: datetime) -> Mapping[str | None, Mapping[Month, Responses]]:
    """By tier's id (None: no agreement applies) and by the month in which requests were raised."""
    found: dict[str | None, dict[Month, Responses]] = {}
    for month, tier, stands, count in responses.by_tier(tx, now, str(period.first), str(period.last)):
        of_tier, read = found.setdefault(tier, {}), Month.read(month)
        of_tier[read] = of_tier.get(read, Responses()) + _counted(stands, count)
    return found


def _counted(stands: ResponseKept, count: int) -> Responses:
    return {
        ResponseKept.KEPT: Responses(kept=count),
        ResponseKept.MISSED: Responses(missed=count),
        ResponseKept.OVERDUE: Responses(overdue=count),
        ResponseKept.OPEN: Responses(open=count),
        ResponseKept.NOT_APPLICABLE: Responses(not_applicable=count),
    }[stands]


def refused(tx: Connection, period: Period) -> Mapping[str, Mapping[Month, int]]:
    """Refused requests by reason and by the month in which they were raised, the most frequent reason first."""
    found = responses.refusals(tx, str(period.first), str(period.last))
    return _by_size(found, lambda each: each.reason, lambda each: (Month.read(each.month), each.requests))


def units_used(tx: Connection, unit: str, period: Period) -> Mapping[str, Mapping[Month, int]]:
    """Units by customer's id and by the month in which requests were raised, whoever used most first."""
    found = ledger.used(tx, unit, period.first.first, period.last.last)
    return _by_size(found, lambda each: each.customer, lambda each: (Month.read(each.month), each.units))


def _by_size(
    found: Iterable[K], named: Callable[[K], str], counted: Callable[[K], tuple[Month, int]]
) -> dict[str, dict[Month, int]]:
    rows: dict[str, dict[Month, int]] = {}
    for each in found:
        month, count = counted(each)
        rows.setdefault(named(each), {})[month] = count
    return dict(sorted(rows.items(), key=lambda row: (-sum(row[1].values()), row[0])))
