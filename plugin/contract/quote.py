"""What a support agreement costs (C12, C15, C16, C25): renewal, upgrade within the year, and coming back after a lapse.

Pure arithmetic on exact decimals. Every amount is rounded to whole cents, half a cent up (ROUND_HALF_UP), and the total
is the sum of the rounded lines, so that whoever adds them up by hand gets the same.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Final, TypeVar

from plugin.contract.decision import Citation
from plugin.contract.grants import UNITS, grants
from plugin.contract.model import Entitlement, SupportAgreement, Term, anniversary
from plugin.contract.policy import Policy, Unlimited
from plugin.contract.tables import Cited, Table

T = TypeVar("T")

CENT: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Lapse:
    """Percent of the list price for the first year that was not ordered, and for each that follows it (C16)."""

    first_year: Decimal
    following_years: Decimal


@dataclass(frozen=True, slots=True)
class Prices:
    """What `prices.yaml` says: list price of a licence by product, percent of it a year by tier, and after a lapse."""

    currency: str
    list_prices: Table[Decimal]  # product
    annual_fee: Table[Decimal]  # tier
    lapse: Table[Lapse]  # tier


class QuoteKind(StrEnum):
    """What is offered."""

    UPGRADE = "upgrade"
    RENEWAL = "renewal"
    LAPSE = "lapse"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a quote: the arithmetic in words, what it comes to, and what it rests on."""

    text: str
    amount: Decimal
    cites: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """An offer for a span of days: its lines, their sum, and in `notes` what comes with it."""

    kind: QuoteKind
    term: Term
    lines: tuple[Line, ...]
    notes: tuple[str, ...] = ()

    @property
    def total(self) -> Decimal:
        """The sum of the rounded lines."""
        return sum((line.amount for line in self.lines), Decimal("0.00"))


class NoQuote(Exception):
    """Nothing can be quoted; the text says why, and what to do."""


def quote(
    agreement: SupportAgreement,
    policy: Policy,
    prices: Prices,
    on: date,
    tier: str | None = None,
    licenses: Mapping[str, int] | None = None,
) -> tuple[Quote, ...]:
    """What is to be paid if it is ordered on a day: with a change of `tier` or `licenses` (by product), or without.

    In force on that day: the upgrade for the rest of the agreement year, if more is wanted than there is (C25), and the
    next renewal (C15). Not in force any more: what leads back, with a term that continues the old one (C16).

    Raises:
        NoQuote: when there is nothing to pay for, or not on that day.
    """
    last = max(agreement.terms, key=lambda term: term.last)
    wanted = licenses or {}
    if on > last.last:
        return (_lapse(agreement, policy, prices, on, _wanted(agreement, last.last, tier, wanted)),)
    if agreement.term_on(on) is None:
        raise NoQuote(
            f"{agreement.name} has no agreement in force on {on}, and one that begins later: nothing to quote"
        )
    upgrade = _upgrade(agreement, policy, prices, on, _wanted(agreement, on, tier, wanted))
    renewed = _wanted(agreement, last.last, tier, wanted)
    return (*upgrade, _renewal(policy, prices, last, renewed))


def _wanted(
    agreement: SupportAgreement, day: date, tier: str | None, licenses: Mapping[str, int]
) -> tuple[Entitlement, ...]:
    """What is paid for on that day, with the changes asked for: one entitlement for each product."""
    merged: dict[str, Entitlement] = {}
    for each in agreement.entitlements_on(day):
        if not each.free:
            so_far = merged[each.product].licenses if each.product in merged else 0
            merged[each.product] = replace(each, licenses=so_far + each.licenses)
    if not merged:
        raise NoQuote(f"{agreement.name} has no paid licence on {day}: nothing to quote")
    for product in licenses:
        if product not in merged:
            raise NoQuote(f"{agreement.name} does not cover {product} on {day}; expected {' or '.join(merged)}")
    return tuple(
        replace(each, tier=tier or each.tier, licenses=licenses.get(each.product, each.licenses))
        for each in merged.values()
    )


def _renewal(policy: Policy, prices: Prices, last: Term, wanted: Sequence[Entitlement]) -> Quote:
    first = last.last + timedelta(days=1)
    term = Term(first, anniversary(first, 1) - timedelta(days=1))
    lines = tuple(_fee(each, policy, prices, first) for each in wanted)
    return Quote(QuoteKind.RENEWAL, term, lines, tuple(_contacts(policy, wanted, first)))


def _upgrade(
    agreement: SupportAgreement, policy: Policy, prices: Prices, on: date, wanted: Sequence[Entitlement]
) -> Iterator[Quote]:
    """The difference for the rest of the year; nothing is refunded where less is wanted, that waits for the renewal."""
    year = next(year for term in agreement.terms for year in term.years() if year.covers(on))
    rest = Term(on, year.last)
    days, whole = (rest.last - rest.first).days + 1, (year.last - year.first).days + 1
    before = {each.product: each for each in _wanted(agreement, on, None, {})}
    lines = []
    for after in wanted:
        old, new = (_fee(each, policy, prices, on) for each in (before[after.product], after))
        if new.amount <= old.amount:
            continue
        more = new.amount - old.amount
        amount = (more * days / whole).quantize(CENT, ROUND_HALF_UP)
        text = (
            f"{new.text} instead of {old.text}: {_money(more, prices)} more a year, "
            f"x {days} of {whole} days = {_money(amount, prices)}"
        )
        cites = (Citation("C25", agreement.source), *dict.fromkeys((*new.cites, *old.cites)))
        lines.append(Line(text, amount, cites))
    if lines:
        notes = (*_contacts(policy, wanted, on), *_units_gained(agreement, policy, rest, wanted))
        yield Quote(QuoteKind.UPGRADE, rest, tuple(lines), notes)


def _lapse(
    agreement: SupportAgreement, policy: Policy, prices: Prices, on: date, wanted: Sequence[Entitlement]
) -> Quote:
    """Every year since the last term ended, up to the one that covers the day: the first costs more than the others."""
    first = max(term.last for term in agreement.terms) + timedelta(days=1)
    years: list[Term] = []
    while not years or years[-1].last < on:
        begins = anniversary(first, len(years))
        years.append(Term(begins, anniversary(first, len(years) + 1) - timedelta(days=1)))
    lines, notes = [], list(_contacts(policy, wanted, on))
    for each in wanted:
        percent = _found(prices.lapse.find(on, tier=each.tier), f"lapse of tier {each.tier}")
        for number, year in enumerate(years):
            share = percent.value.following_years if number else percent.value.first_year
            fee = _share(each, policy, prices, on, share, percent.cites)
            lines.append(replace(fee, text=f"{year}: {fee.text}"))
        following = _share(each, policy, prices, on, percent.value.following_years, percent.cites)
        notes.append(f"each following year: {following.text}")
    return Quote(QuoteKind.LAPSE, Term(first, years[-1].last), tuple(lines), tuple(notes))


def _fee(each: Entitlement, policy: Policy, prices: Prices, day: date) -> Line:
    """A year of an entitlement: licences x list price x percent of the tier (C12)."""
    percent = _found(prices.annual_fee.find(day, tier=each.tier), f"annual fee of tier {each.tier}")
    return _share(each, policy, prices, day, percent.value, percent.cites, f" ({policy.tier(each.tier).name})")


def _share(
    each: Entitlement, policy: Policy, prices: Prices, day: date, percent: Decimal, cites: Citation, named: str = ""
) -> Line:
    """A percentage of the list price of an entitlement's licences, on a day."""
    price = _found(prices.list_prices.find(day, product=each.product), f"list price of {each.product}")
    product = policy.product_named(each.product)
    licences = (
        f"{each.licenses} licence{'' if each.licenses == 1 else 's'} of {product.name if product else each.product}"
    )
    amount = (each.licenses * price.value * percent / 100).quantize(CENT, ROUND_HALF_UP)
    text = f"{licences} x {_money(price.value, prices)} x {percent:f} %{named} = {_money(amount, prices)}"
    return Line(text, amount, (cites, price.cites))


def _contacts(policy: Policy, wanted: Sequence[Entitlement], day: date) -> Iterator[str]:
    """How many named contacts the best of the tiers allows (C4, C25)."""
    best = next(tier for tier in policy.tiers if tier.id in {each.tier for each in wanted})
    limit = policy.contact_limits.find(day, tier=best.id)
    if limit is not None:
        count = limit.value.value if isinstance(limit.value, Unlimited) else limit.value or 0
        yield f"named contacts with {best.name}: {count} ({limit.cites})"


def _units_gained(
    agreement: SupportAgreement, policy: Policy, rest: Term, wanted: Sequence[Entitlement]
) -> Iterator[str]:
    """What the upgrade grants on its day: the difference for the rest of the year (C25)."""
    day_before = rest.first - timedelta(days=1)
    kept = [
        replace(each, term=Term(each.term.first, day_before)) if each.term.covers(rest.first) else each
        for each in agreement.entitlements
        if each.free or each.term.first != rest.first
    ]
    upgraded = replace(agreement, entitlements=(*kept, *(replace(each, term=rest) for each in wanted)))
    for unit in UNITS:
        before, after = (
            sum(each.units for each in grants(which, policy, rest.first, unit)) for which in (agreement, upgraded)
        )
        if after > before:
            name = f"{unit.replace('_', ' ')}{'' if after - before == 1 else 's'}"
            yield f"{after - before} {name} more from {rest.first} to {rest.last}"


def _found(row: Cited[T] | None, what: str) -> Cited[T]:
    if row is None:
        raise LookupError(f"prices.yaml has no {what}")
    return row


def _money(amount: Decimal, prices: Prices) -> str:
    return f"{amount:,.2f} {prices.currency}"
