"""What an agreement grants (C9, C10, C15, C17, C25), which of it can be used on a day, and what is booked for it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import takewhile
from typing import Final

from plugin.contract.decision import Citation
from plugin.contract.ledger import Account, EntryKind, LedgerEntry, Lot, Places, settle
from plugin.contract.model import SupportAgreement, Term, months_after
from plugin.contract.policy import UNLIMITED, Policy

CREDIT: Final = "credit"
TRAINING: Final = "training_session"
UNITS: Final = (CREDIT, TRAINING)
"""The units of the ledger: support credits (C9) and online training sessions of 30 minutes (C10)."""


@dataclass(frozen=True, slots=True)
class Grant:
    """What an agreement grants: a lot, its units, and the days on which they can be used.

    A carry-over has no units of its own: it gets what is left of the lots in `carries`, at most `most` of it (None:
    all).
    """

    lot: str
    units: int
    term: Term
    cites: Citation
    carries: tuple[str, ...] = ()
    most: int | None = None


def grants(agreement: SupportAgreement, policy: Policy, until: date, unit: str = CREDIT) -> tuple[Grant, ...]:
    """What the agreement grants up to and including `until`, oldest first (C9).

    Each agreement year grants licences x amount of the tier, by the amounts in force on the year's first day. Where
    licences or tier grow within the year, the day they do so grants the difference for the rest of the year, rounded up
    to whole units (C25); where they shrink, nothing is taken back until the next year. What is left at the end of a
    year may be carried over. A package grants its credits on the day it was bought (C17).
    """
    found = []
    for term in sorted(agreement.terms, key=lambda term: term.first):
        for year in takewhile(lambda year: year.first <= until, term.years()):
            yearly = tuple(_of_year(agreement, policy, year, until, unit))
            found += [*yearly, *_carry_over(agreement, policy, year, yearly, until, unit)]
    if unit == CREDIT:
        for package in agreement.packages:
            if package.term.first <= until:
                lot = f"{unit} package {package.name}"
                found.append(Grant(lot, package.credits, package.term, Citation("C17", package.source)))
    return tuple(sorted(found, key=lambda grant: grant.term.first))


def _of_year(agreement: SupportAgreement, policy: Policy, year: Term, until: date, unit: str) -> Iterator[Grant]:
    granted = 0
    for day in takewhile(lambda day: day <= until, _change_days(agreement, year)):
        level, cites = _level(agreement, policy, day, year.first, unit)
        if cites is None or level <= granted:
            continue
        rest, whole = (year.last - day).days + 1, (year.last - year.first).days + 1
        units = -((granted - level) * rest // whole)
        # Named by its first day alone: a term that is prolonged or cut short keeps its lots, and what is consumed of
        # them.
        yield Grant(f"{unit} {day}", units, Term(day, year.last), cites)
        granted = level


def _carry_over(
    agreement: SupportAgreement, policy: Policy, year: Term, yearly: Sequence[Grant], until: date, unit: str
) -> Iterator[Grant]:
    """The lot that gets what is left of a year that is over, by the row in force on its last day for its best tier."""
    paid = {each.tier for each in agreement.entitlements_on(year.last) if not each.free}
    tier = next((tier.id for tier in policy.tiers if tier.id in paid), None)
    row = policy.carry_over.find(year.last, tier=tier, unit=unit) if tier else None
    if row is None or row.value.most is None or not yearly or year.last >= until:
        return
    first = year.last + timedelta(days=1)
    term = Term(first, months_after(first, row.value.months) - timedelta(days=1))
    most = None if row.value.most is UNLIMITED else row.value.most
    yield Grant(f"{unit} carry-over {year.first}", 0, term, row.cites, tuple(each.lot for each in yearly), most)


def _change_days(agreement: SupportAgreement, year: Term) -> list[date]:
    begins = {each.term.first for each in agreement.entitlements if year.covers(each.term.first)}
    return sorted({year.first} | begins)


def _level(
    agreement: SupportAgreement, policy: Policy, day: date, amounts: date, unit: str
) -> tuple[int, Citation | None]:
    """What the entitlements of a day come to, by the amounts in force on another."""
    level, cites = 0, None
    for each in agreement.entitlements_on(day):
        amount = policy.grants.find(amounts, tier=each.tier, unit=unit)
        if amount is not None and not each.free:
            level += each.licenses * amount.value
            cites = cites or amount.cites
    return level, cites


def usable(given: Iterable[Grant], standing: Places, day: date) -> tuple[Lot, ...]:
    """The lots that can be burnt on `day`, earliest expiry first (C17).

    What has expired by now still counts for a request that was raised while the lot could be used: the day decides.
    What was carried over and consumed since does not: `given` has to be what is granted up to today, not up to `day`.
    """
    known = {grant.lot: grant for grant in given}
    moved, spent = _carried(known, standing), _spent_elsewhere(known, standing)
    lots = []
    for grant in known.values():
        if grant.term.covers(day):
            gone = moved[grant.lot] if grant.carries else spent.get(grant.lot, 0)
            lots.append(Lot(grant.lot, grant.term.last, _left(grant, standing) - gone))
    return tuple(sorted(lots, key=lambda lot: (lot.last, lot.id)))


def _left(grant: Grant, standing: Places) -> int:
    """What is left of a lot, before anything is carried over from or to it."""
    corrected = -standing.get((grant.lot, Account.CORRECTED), 0)
    return grant.units + corrected - standing.get((grant.lot, Account.CONSUMED), 0)


def _carried(given: Mapping[str, Grant], standing: Places) -> dict[str, int]:
    """How many units each lot that takes part in a carry-over passes on; for the one that gets them it is negative."""
    moved: dict[str, int] = {}
    for grant in given.values():
        if grant.carries:
            left = {lot: _left(given[lot], standing) for lot in grant.carries}
            total = max(0, sum(left.values()))
            moved |= _from_the_last(left, total if grant.most is None else min(total, grant.most))
            moved[grant.lot] = -sum(moved[lot] for lot in grant.carries)
    return moved


def _spent_elsewhere(given: Mapping[str, Grant], standing: Places) -> dict[str, int]:
    """What of each lot was carried over and consumed there: no late charge can have it any more."""
    spent: dict[str, int] = {}
    for grant in given.values():
        if grant.carries:
            left = {lot: _left(given[lot], standing) for lot in grant.carries}
            spent |= _from_the_last(left, max(0, -_left(grant, standing)))
    return spent


def _from_the_last(left: Mapping[str, int], units: int) -> dict[str, int]:
    """Take so many units from these lots, oldest first, beginning with the last; what none of them has, from the first.

    The first can be used on every day of the year: what is taken of it is missing whenever the request was raised.
    """
    taken = {}
    for lot, available in reversed(tuple(left.items())):
        taken[lot] = max(0, min(units, available))
        units -= taken[lot]
    taken[next(iter(left))] += units
    return taken


@dataclass(frozen=True, slots=True)
class _Stand:
    """Where the units of one lot stand, as positive numbers: what was given, passed on, used; the rest is available."""

    granted: int = 0
    corrected: int = 0
    carried: int = 0
    consumed: int = 0
    expired: int = 0

    @staticmethod
    def of(lot: str, places: Places) -> "_Stand":
        def units(account: Account) -> int:
            return places.get((lot, account), 0)

        return _Stand(
            -units(Account.GRANTED),
            -units(Account.CORRECTED),
            units(Account.CARRIED),
            units(Account.CONSUMED),
            units(Account.EXPIRED),
        )

    @property
    def rest(self) -> int:
        """What is available or has expired."""
        return self.granted + self.corrected - self.carried - self.consumed

    def places(self, lot: str) -> dict[tuple[str, Account], int]:
        """Where units stand on the accounts that a step moves; what is consumed or corrected it leaves where it is."""
        return {
            (lot, Account.GRANTED): -self.granted,
            (lot, Account.CARRIED): self.carried,
            (lot, Account.AVAILABLE): self.rest - self.expired,
            (lot, Account.EXPIRED): self.expired,
        }


@dataclass(frozen=True, slots=True)
class _Step:
    """One entry that may have to be booked: the lots it moves, and where their units stand then."""

    effective: date
    kind: EntryKind
    lot: str
    memo: str
    stands: Mapping[str, _Stand]


_ORDER: Final = (EntryKind.GRANT, EntryKind.CORRECT, EntryKind.CARRY_OVER, EntryKind.EXPIRE)
"""What comes first on the same day."""


def book_grants(
    agreement: SupportAgreement, policy: Policy, places: Places, now: datetime, units: Sequence[str] = UNITS
) -> tuple[LedgerEntry, ...]:
    """The entries that bring the customer's lots to what the agreement grants today; none where they agree.

    At the end of an agreement year what is left is carried over, where a row says so; a lot past its last day expires.
    What a lot no longer in the agreement had left is withdrawn; what was consumed of it stays consumed. `places` is
    where all of the customer's units stand.
    """
    entries = []
    for unit in units:
        own = of_unit(places, unit)
        stands = {lot: _Stand.of(lot, own) for lot, _ in own}
        for step in _steps(agreement, policy, own, stands, policy.day(now), unit):
            booked = {lot: stands.get(lot, _Stand()) for lot in step.stands}
            if postings := settle(_places(step.stands), _places(booked)):
                who, matter, day = agreement.customer, f"lot:{step.lot}", step.effective
                entries.append(
                    LedgerEntry(who, unit, matter, step.kind, day, now, policy.revision, step.memo, postings)
                )
            stands |= step.stands
    return tuple(entries)


def of_unit(places: Places, unit: str) -> Places:
    """The places of one unit's lots."""
    return {(lot, account): units for (lot, account), units in places.items() if lot.startswith(f"{unit} ")}


def _places(stands: Mapping[str, _Stand]) -> Places:
    return {place: units for lot, stand in stands.items() for place, units in stand.places(lot).items()}


def _steps(
    agreement: SupportAgreement, policy: Policy, places: Places, booked: Mapping[str, _Stand], today: date, unit: str
) -> list[_Step]:
    """What the lots go through, in the order of the days on which it counts."""
    given = {grant.lot: grant for grant in grants(agreement, policy, today, unit)}
    moved, stands, steps = _carried(given, places), dict(booked), list[_Step]()

    def step(effective: date, kind: EntryKind, lot: str, memo: str, changed: Mapping[str, _Stand]) -> None:
        stands.update(changed)
        steps.append(_Step(effective, kind, lot, memo, changed))

    for lot in sorted(given.keys() | booked.keys()):
        stand = stands.get(lot, _Stand())
        if (grant := given.get(lot)) is None:
            kept = stand.consumed + stand.expired - stand.corrected
            gone = replace(stand, granted=kept, carried=0)
            step(today, EntryKind.CORRECT, lot, "no longer in the agreement", {lot: gone})
            continue
        kind = EntryKind.CORRECT if stand.granted or grant.carries else EntryKind.GRANT
        expired = stand.expired if grant.term.last < today else 0
        carried = stand.carried if lot in moved else 0
        fresh = replace(stand, granted=grant.units, carried=carried, expired=expired)
        step(_begins(grant), kind, lot, str(grant.cites), {lot: fresh})
    for grant in (each for each in given.values() if each.carries):
        memo = f"left over at the end of the agreement year ({grant.cites})"
        carried_over = {lot: replace(stands[lot], carried=moved[lot]) for lot in (*grant.carries, grant.lot)}
        step(_begins(grant), EntryKind.CARRY_OVER, grant.lot, memo, carried_over)
    for grant in (each for each in given.values() if each.term.last < today):
        stand = stands[grant.lot]
        lapsed = {grant.lot: replace(stand, expired=max(0, stand.rest))}
        step(grant.term.last, EntryKind.EXPIRE, grant.lot, str(grant.cites), lapsed)
    # No lot's own steps change places: it begins before it is carried over, and is carried over before it expires.
    return sorted(steps, key=lambda each: (each.effective, _ORDER.index(each.kind), each.lot))


def _begins(grant: Grant) -> date:
    """The day on which a lot gets its units: for a carry-over the last day of the year that they are left of."""
    return grant.term.first - timedelta(days=1) if grant.carries else grant.term.first
