"""Double-entry bookkeeping of credits (C9): units move between accounts, every entry sums to zero, nothing is edited.

A *lot* is what one grant gave: units with a first and a last day. Within a lot units stand on one of six accounts:
GRANTED and CORRECTED are the vendor's side (what was given is negative there), AVAILABLE, CONSUMED and EXPIRED are the
customer's. CARRIED is between lots: what one passed on to another, so that over all lots it comes to nothing.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Account(StrEnum):
    """Where units of a lot can stand."""

    GRANTED = "granted"
    CORRECTED = "corrected"
    CARRIED = "carried"
    AVAILABLE = "available"
    CONSUMED = "consumed"
    EXPIRED = "expired"


class EntryKind(StrEnum):
    """Why units moved."""

    GRANT = "grant"
    CHARGE = "charge"
    REFUND = "refund"
    EXPIRE = "expire"
    CARRY_OVER = "carry over"
    CORRECT = "correct"


@dataclass(frozen=True, slots=True)
class Posting:
    """One leg of an entry: so many whole units onto (or, negative, off) an account of a lot."""

    lot: str
    account: Account
    units: int


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """Units that moved. Its postings sum to zero in every lot; it is never edited, only balanced by another entry.

    `matter` is what it settles: `request:<id>` or `lot:<lot>`. `effective` is the day it counts for.

    Raises:
        ValueError: when the postings of a lot do not sum to zero, or when there are none.
    """

    customer: str
    unit: str
    matter: str
    kind: EntryKind
    effective: date
    booked_at: datetime
    revision: str
    memo: str
    postings: tuple[Posting, ...]
    request_key: str | None = None

    def __post_init__(self) -> None:
        lots: Counter[str] = Counter()
        for posting in self.postings:
            lots[posting.lot] += posting.units
        if not lots or any(lots.values()):
            raise ValueError(f"the postings of an entry for {self.matter} must sum to zero: {self.postings}")


@dataclass(frozen=True, slots=True)
class Lot:
    """A lot that can be burnt on the day in question, and what is available in it."""

    id: str
    last: date
    available: int


Places = Mapping[tuple[str, Account], int]
"""Where units stand: how many, by lot and account."""


def balance(lots: Iterable[Lot]) -> int:
    """What is available in all of them together, in whole units."""
    return sum(lot.available for lot in lots)


def burn(lots: Iterable[Lot], units: int, held: Mapping[str, int]) -> dict[str, int]:
    """How many units a request takes from each lot, given what it holds already (`held`).

    What is held stays where it is as far as the lot still has it; more is taken from the lot that expires first, too
    much is given back to the lot that expires last. `lots` are without what this request holds; what it holds of a lot
    that is not among them (withdrawn meanwhile) moves to one that is.

    Raises:
        ValueError: when the lots do not have as many units: a balance never goes below zero by itself.
    """
    ordered = sorted(lots, key=lambda lot: (lot.last, lot.id))
    taken = {lot.id: max(0, min(held.get(lot.id, 0), lot.available)) for lot in ordered}
    missing = units - sum(taken.values())
    for lot in ordered:
        more = max(0, min(missing, lot.available - taken[lot.id]))
        taken[lot.id] += more
        missing -= more
    for lot in reversed(ordered):
        less = max(0, min(-missing, taken[lot.id]))
        taken[lot.id] -= less
        missing += less
    if missing:
        raise ValueError(f"{units} units are wanted, {missing} more than are available")
    return {lot: amount for lot, amount in taken.items() if amount}


def consumption(taken: Mapping[str, int]) -> dict[tuple[str, Account], int]:
    """Where a request's units stand once they are consumed."""
    stands: dict[tuple[str, Account], int] = {}
    for lot, units in taken.items():
        stands[lot, Account.AVAILABLE] = -units
        stands[lot, Account.CONSUMED] = units
    return stands


def settle(wanted: Places, booked: Places) -> tuple[Posting, ...]:
    """The postings that lead from what is booked to what is wanted; none where they agree.

    >>> settle({("a", Account.CONSUMED): 2}, {("a", Account.CONSUMED): 2})
    ()
    """
    differences = Counter(wanted)
    differences.subtract(booked)
    return tuple(Posting(lot, account, units) for (lot, account), units in sorted(differences.items()) if units)


def added(*several: Places) -> Places:
    """Where units stand when these are taken together."""
    total: Counter[tuple[str, Account]] = Counter()
    for each in several:
        total.update(each)
    return {place: units for place, units in total.items() if units}


def without(places: Places, part: Places) -> Places:
    """Where units stand without a part of them."""
    return added(places, {place: -units for place, units in part.items()})


def places_of(postings: Iterable[Posting]) -> dict[tuple[str, Account], int]:
    """Where the units of these postings stand, lots and accounts without any left out."""
    stands: Counter[tuple[str, Account]] = Counter()
    for posting in postings:
        stands[posting.lot, posting.account] += posting.units
    return {place: units for place, units in stands.items() if units}
