"""What a request's charge and a customer's grants mean for the ledger: the entries to book, only the difference."""

from collections.abc import Mapping
from datetime import date, datetime

from plugin.contract.decision import Decision
from plugin.contract.grants import CREDIT, TRAINING, UNITS, grants, of_unit, usable
from plugin.contract.ledger import Account, EntryKind, LedgerEntry, Places, Posting, burn, consumption, settle
from plugin.contract.model import SupportAgreement, SupportRequest
from plugin.contract.policy import Policy


def matter_of(request_id: str) -> str:
    """The name under which a request's entries are booked."""
    return f"request:{request_id}"


def request_of(matter: str) -> str:
    """The id of the request whose entries are booked under this name."""
    return matter.removeprefix("request:")


def taken_from(held: Places) -> dict[str, int]:
    """What a request holds of each lot."""
    return {lot: units for (lot, account), units in held.items() if account is Account.CONSUMED}


def book_charge(
    decision: Decision,
    request: SupportRequest,
    agreement: SupportAgreement,
    policy: Policy,
    others: Places,
    held: Places,
) -> tuple[LedgerEntry, ...]:
    """The entries that make the request hold exactly what was decided; none where it does.

    `others` is where the customer's units stand without this request, `held` what this request moved.
    """
    day = policy.day(request.raised)
    today = max(day, policy.day(decision.decided_at))
    entries: list[LedgerEntry] = []
    for unit, ruling in ((CREDIT, decision.charge), (TRAINING, decision.sessions_charged)):
        own = of_unit(held, unit)
        lots = usable(grants(agreement, policy, today, unit), others, day)
        postings = settle(consumption(burn(lots, ruling.value, taken_from(own))), own)
        memo, customer, now = ruling.findings[0].sentence, agreement.customer, decision.decided_at
        entries += _entry(customer, unit, request.id, request.key, day, now, policy, memo, postings)
    return tuple(entries)


def release(
    customer: str, request_id: str, key: str | None, held: Places, policy: Policy, now: datetime, memo: str
) -> tuple[LedgerEntry, ...]:
    """The entries that give back everything a request holds of a customer's units."""
    entries: list[LedgerEntry] = []
    for unit in UNITS:
        postings = settle({}, of_unit(held, unit))
        entries += _entry(customer, unit, request_id, key, policy.day(now), now, policy, memo, postings)
    return tuple(entries)


def restored(
    customer: str,
    request_id: str,
    key: str,
    charged: Mapping[str, int],
    held: Places,
    policy: Policy,
    raised: datetime,
    booked: datetime,
    memo: str,
) -> tuple[LedgerEntry, ...]:
    """The entries that make the request hold of each lot what it is known to have been charged; none where it does.

    `raised` and `booked` are aware moments: when the request was raised, and when it was charged.
    """
    entries: list[LedgerEntry] = []
    for unit in UNITS:
        postings = settle(of_unit(consumption(charged), unit), of_unit(held, unit))
        day = policy.day(raised)
        entries += _entry(customer, unit, request_id, key, day, booked, policy, memo, postings)
    return tuple(entries)


def correction(customer: str, unit: str, lot: str, units: int, policy: Policy, now: datetime, memo: str) -> LedgerEntry:
    """The entry by which a person gives units to a lot or (negative) takes them, whatever is left of it then (C9).

    `memo` is the reason, and who gave it. It stays when the lot's own grant is booked anew.
    """
    postings = (Posting(lot, Account.AVAILABLE, units), Posting(lot, Account.CORRECTED, -units))
    day = policy.day(now)
    return LedgerEntry(customer, unit, f"lot:{lot}", EntryKind.CORRECT, day, now, policy.revision, memo, postings)


def _entry(
    customer: str,
    unit: str,
    request_id: str,
    key: str | None,
    effective: date,
    now: datetime,
    policy: Policy,
    memo: str,
    postings: tuple[Posting, ...],
) -> tuple[LedgerEntry, ...]:
    if not postings:
        return ()
    more = sum(each.units for each in postings if each.account is Account.CONSUMED)
    kind = EntryKind.CHARGE if more > 0 else EntryKind.REFUND
    matter = matter_of(request_id)
    return (LedgerEntry(customer, unit, matter, kind, effective, now, policy.revision, memo, postings, key),)
