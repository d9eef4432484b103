"""What a request's charge and a customer's grants mean for the ledger: the entries to book, only the difference."""

from datetime import date, datetime

from plugin.contract.decision import Decision
from plugin.contract.grants import CREDIT, grants, usable
from plugin.contract.ledger import Account, EntryKind, LedgerEntry, Places, Posting, burn, consumption, settle
from plugin.contract.model import SupportAgreement, SupportRequest
from plugin.contract.policy import Policy


def matter_of(request_id: str) -> str:
    """The name under which a request's entries are booked."""
    return f"request:{request_id}"


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
    lots = usable(grants(agreement, policy, day), others, day)
    taken = burn(lots, decision.charge.value, taken_from(held))
    memo = decision.charge.findings[0].sentence
    postings = settle(consumption(taken), held)
    return _entry(agreement.customer, request.id, request.key, day, decision.decided_at, policy, memo, postings)


def release(
    customer: str, request_id: str, key: str | None, held: Places, policy: Policy, now: datetime, memo: str
) -> tuple[LedgerEntry, ...]:
    """The entries that give back everything a request holds of a customer's units."""
    return _entry(customer, request_id, key, policy.day(now), now, policy, memo, settle({}, held))


def _entry(
    customer: str,
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
    return (LedgerEntry(customer, CREDIT, matter, kind, effective, now, policy.revision, memo, postings, key),)
