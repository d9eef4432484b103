"""What an agreement grants (C9, C15, C25), which of it can be used on a day, and what is booked for it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import takewhile

from plugin.contract.decision import Citation
from plugin.contract.ledger import Account, EntryKind, LedgerEntry, Lot, Places, settle
from plugin.contract.model import SupportAgreement, Term
from plugin.contract.policy import Policy

CREDIT = "credit"


@dataclass(frozen=True, slots=True)
class Grant:
    """What an agreement grants: a lot, its units, and the days on which they can be used."""

    lot: str
    units: int
    term: Term
    cites: Citation


def grants(agreement: SupportAgreement, policy: Policy, until: date, unit: str = CREDIT) -> tuple[Grant, ...]:
    """What the agreement grants up to and including `until`, oldest first (C9).

    Each agreement year grants licences x amount of the tier, by the amounts in force on the year's first day. Where
    licences or tier grow within the year, the day they do so grants the difference for the rest of the year, rounded up
    to whole units (C25); where they shrink, nothing is taken back until the next year.
    """
    found = []
    for term in sorted(agreement.terms, key=lambda term: term.first):
        for year in takewhile(lambda year: year.first <= until, term.years()):
            granted = 0
            for day in takewhile(lambda day: day <= until, _change_days(agreement, year)):
                level, cites = _level(agreement, policy, day, year.first, unit)
                if cites is None or level <= granted:
                    continue
                rest, whole = (year.last - day).days + 1, (year.last - year.first).days + 1
                units = -((granted - level) * rest // whole)
                # Named by its first day alone: a term that is prolonged or cut short keeps its lots, and what is
                # consumed of them.
                found.append(Grant(f"{unit} {day}", units, Term(day, year.last), cites))
                granted = level
    return tuple(found)


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
    """
    lots = []
    for grant in given:
        if grant.term.covers(day):
            consumed = standing.get((grant.lot, Account.CONSUMED), 0)
            lots.append(Lot(grant.lot, grant.term.last, grant.units - consumed))
    return tuple(sorted(lots, key=lambda lot: (lot.last, lot.id)))


def book_grants(
    agreement: SupportAgreement, policy: Policy, places: Places, now: datetime, unit: str = CREDIT
) -> tuple[LedgerEntry, ...]:
    """The entries that bring the customer's lots to what the agreement grants today; none where they agree.

    A lot past its last day expires. What a lot no longer in the agreement had left is withdrawn; what was consumed of
    it stays consumed. `places` is where all of the customer's units stand.
    """
    today = policy.day(now)
    given = {grant.lot: grant for grant in grants(agreement, policy, today, unit)}
    entries = []
    for lot in sorted(given.keys() | {lot for lot, _ in places if lot.startswith(f"{unit} ")}):
        booked = {place: units for place, units in places.items() if place[0] == lot}
        consumed, expired = booked.get((lot, Account.CONSUMED), 0), booked.get((lot, Account.EXPIRED), 0)
        grant = given.get(lot)
        if grant is None:
            steps = [(EntryKind.CORRECT, today, consumed + expired, expired)]
        else:
            kind = EntryKind.CORRECT if (lot, Account.GRANTED) in booked else EntryKind.GRANT
            past = grant.term.last < today
            steps = [(kind, grant.term.first, grant.units, expired if past else 0)]
            if past:
                steps.append((EntryKind.EXPIRE, grant.term.last, grant.units, max(0, grant.units - consumed)))
        memo = str(grant.cites) if grant else "no longer in the agreement"
        for kind, effective, units, lapsed in steps:
            wanted = {
                (lot, Account.GRANTED): -units,
                (lot, Account.AVAILABLE): units - consumed - lapsed,
                (lot, Account.CONSUMED): consumed,
                (lot, Account.EXPIRED): lapsed,
            }
            if postings := settle(wanted, booked):
                matter = f"lot:{lot}"
                entries.append(
                    LedgerEntry(agreement.customer, unit, matter, kind, effective, now, policy.revision, memo, postings)
                )
            booked = wanted
    return tuple(entries)
