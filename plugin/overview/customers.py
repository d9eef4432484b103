"""Customers: who needs attention first, and one of them as a whole."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import Connection

from plugin.contract.ending import ENDING_SOON
from plugin.contract.grants import CREDIT, TRAINING, grants, usable
from plugin.contract.ledger import EntryKind, Lot, Places, balance
from plugin.contract.lifecycle import lifecycle
from plugin.contract.model import Entitlement, NamedContact, SupportAgreement
from plugin.contract.overview import Overview, overview
from plugin.contract.policy import UNLIMITED, Policy
from plugin.contract.seats import serving
from plugin.contract.statement import StatementLine
from plugin.overview.burndown import BurnDown, agreement_year, burn_down
from plugin.overview.leaving import Leaving
from plugin.overview.lots import lots_today
from plugin.overview.now import Listed
from plugin.statement import VersionInUse, movements, since, versions_in_use
from plugin.store import decisions, ledger, responses

SHORT: Final = 10
"""A balance is short when no more than so many percent of the year's grants are left."""

LATEST: Final = 26
"""Requests of one customer that are read, those that were decided last: one more than is shown."""

NAMED: Final = 5
"""Requests that are named of those that named one release line."""

CORRECTIONS: Final = 10
"""Corrections of one customer that are shown."""


class Attention(StrEnum):
    """Why somebody should look after a customer; the gravest first."""

    ENDED = "ended"
    ENDING = "ends soon"
    EMPTY = "no credits left"
    SHORT = "few credits left"
    SEATS = "more contacts than seats"
    FULL = "all seats taken"
    LEAVING = "falls out at the next release"


@dataclass(frozen=True, slots=True)
class Standing:
    """A customer as it stands today. `available` and `sessions` can be used today; `granted` are the credits of the
    lots that can be.
    """

    seen: Overview
    available: int
    granted: int
    sessions: int
    attention: tuple[Attention, ...]

    @property
    def customer(self) -> str:
        """Its id."""
        return self.seen.agreement.customer

    @property
    def name(self) -> str:
        """Its name."""
        return self.seen.agreement.name


def standings(
    tx: Connection, agreements: Iterable[SupportAgreement], policy: Policy, now: datetime
) -> tuple[Standing, ...]:
    """All customers: those with the gravest reason for attention first, then whose agreement ends first."""
    credits, sessions = ledger.everywhere(tx, CREDIT), ledger.everywhere(tx, TRAINING)
    today = policy.day(now)
    leaving = responses.customers_naming(tx, _ending(policy, today), str(since(today)))

    def standing(each: SupportAgreement) -> Standing:
        own = credits.get(each.customer, {}), sessions.get(each.customer, {})
        return _standing(each, policy, today, *own, leaves=each.customer in leaving)

    found = map(standing, agreements)
    return tuple(sorted(found, key=_urgency))


def matching(found: Iterable[Standing], words: str) -> tuple[Standing, ...]:
    """Those that somebody looks for: every word is part of the customer's name or id, or of a contact's name or
    address.
    """
    wanted = words.casefold().split()
    return tuple(each for each in found if all(word in _known_by(each.seen.agreement) for word in wanted))


@dataclass(frozen=True, slots=True)
class Seat:
    """A named contact, and whether they take a seat today; those who left, or come later, do not."""

    contact: NamedContact
    serving: bool


@dataclass(frozen=True, slots=True)
class Holding:
    """What a customer holds of one unit: the lots that can be used today, and how it burnt down."""

    unit: str
    lots: tuple[Lot, ...]
    burn_down: BurnDown

    @property
    def empty(self) -> bool:
        """Was nothing of it there all year?"""
        return not (self.burn_down.opening or self.burn_down.steps or self.lots)


@dataclass(frozen=True, slots=True)
class Customer:
    """One customer as a whole. `holdings` has every unit that the contract counts; `corrections` are the last ones with
    their units, newest first. `requests` are those decided last, newest first; `versions` and `leaving` rest on those
    of the last twelve months.
    """

    standing: Standing
    today: date
    entitlements: tuple[Entitlement, ...]
    seats: tuple[Seat, ...]
    holdings: tuple[Holding, ...]
    corrections: tuple[tuple[str, StatementLine], ...]
    requests: tuple[Listed, ...]
    versions: tuple[VersionInUse, ...]
    leaving: tuple[Leaving, ...]


def customer(tx: Connection, agreement: SupportAgreement, policy: Policy, now: datetime) -> Customer:
    """Look at one customer. Reads nothing of anybody else's."""
    today, who = policy.day(now), agreement.customer
    lots, lines = lots_today(tx, agreement, policy, now), movements(tx, agreement, policy, now)
    year, places = agreement_year(agreement, today), ledger.places(tx, who)
    versions = versions_in_use(tx, who, policy, today)
    leaving = tuple(_leaving(tx, who, policy, today, versions))
    seated = set(serving(agreement, today))
    return Customer(
        standing=_standing(agreement, policy, today, places, places, leaves=bool(leaving)),
        today=today,
        entitlements=agreement.entitlements_on(today),
        seats=tuple(Seat(each, each in seated) for each in agreement.named_contacts),
        holdings=tuple(
            Holding(unit, held, burn_down(lines[unit], year, today, held, policy.zone)) for unit, held in lots.items()
        ),
        corrections=_corrections(lines),
        requests=tuple(map(Listed.of, decisions.latest_of(tx, who, LATEST))),
        versions=versions,
        leaving=leaving,
    )


def _corrections(lines: Mapping[str, Iterable[StatementLine]]) -> tuple[tuple[str, StatementLine], ...]:
    found = [(unit, each) for unit, own in lines.items() for each in own if each.kind is EntryKind.CORRECT]
    return tuple(sorted(found, key=lambda each: -each[1].sequence)[:CORRECTIONS])


def _ending(policy: Policy, today: date) -> frozenset[tuple[str, str]]:
    """The release lines, each with its product, that the next release ends."""
    lives = (lifecycle(product, policy, today) for product in policy.products)
    return frozenset((life.product.name, state.line.name) for life in lives for state in life.states if state.leaves)


def _leaving(
    tx: Connection, customer: str, policy: Policy, today: date, versions: Iterable[VersionInUse]
) -> Iterator[Leaving]:
    ending = _ending(policy, today)
    for each in versions:
        if (each.product, each.line) in ending:
            keys = responses.naming(tx, customer, each.product, each.line, str(since(today)), NAMED)
            yield Leaving(customer, each.product, each.line, keys)


def _standing(
    agreement: SupportAgreement, policy: Policy, today: date, credits: Places, sessions: Places, *, leaves: bool
) -> Standing:
    seen = overview(agreement, policy, today)
    given = grants(agreement, policy, today)
    lots = usable(given, credits, today)
    granted = sum(each.units for each in given if each.term.covers(today))
    left = balance(lots)
    return Standing(
        seen=seen,
        available=left,
        granted=granted,
        sessions=balance(usable(grants(agreement, policy, today, TRAINING), sessions, today)),
        attention=tuple(_attention(seen, left, granted, leaves)),
    )


def _attention(seen: Overview, left: int, granted: int, leaves: bool) -> Iterable[Attention]:
    if seen.days_left <= 0:
        # Whatever else is short is of no use before it is renewed.
        yield Attention.ENDED
        return
    if seen.begun and seen.days_left <= ENDING_SOON:
        yield Attention.ENDING
    if granted and left <= 0:
        yield Attention.EMPTY
    elif granted and left * 100 <= granted * SHORT:
        yield Attention.SHORT
    if seen.limit is not UNLIMITED and seen.limit is not None and seen.contacts >= seen.limit:
        yield Attention.SEATS if seen.contacts > seen.limit else Attention.FULL
    if leaves:
        yield Attention.LEAVING


def _urgency(each: Standing) -> tuple[int, int, str]:
    order = list(Attention)
    gravest = min((order.index(one) for one in each.attention), default=len(order))
    return gravest, each.seen.days_left, each.customer


def _known_by(agreement: SupportAgreement) -> str:
    contacts = (text for each in agreement.named_contacts for text in (each.name, *each.emails))
    return " ".join((agreement.customer, agreement.name, *contacts)).casefold()
