"""A correction of a balance by hand (C9): what it would book, and the booking, which nothing may have come before."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from plugin.contract.books import correction
from plugin.contract.grants import book_grants, grants, usable
from plugin.contract.ledger import LedgerEntry, added, balance, places_of
from plugin.contract.model import SupportAgreement
from plugin.contract.policy import Policy
from plugin.mappings.problem import expected
from plugin.store import ledger


class RefusedError(Exception):
    """Why a correction cannot be booked, as a sentence."""


class NoLotError(RefusedError):
    """None was named, and there is none that can be used today."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What would be booked: `entry`, after what the next look would book anyway (`due`), such as a grant. `before` and
    `after` are the balances of today; `seen` is the number of the newest entry that they were reckoned with.
    """

    entry: LedgerEntry
    due: tuple[LedgerEntry, ...]
    lot: str
    units: int
    before: int
    after: int
    seen: int


def propose(
    tx: Connection,
    agreement: SupportAgreement,
    policy: Policy,
    now: datetime,
    unit: str,
    units: int,
    memo: str,
    lot: str | None = None,
) -> Proposal:
    """What giving these units (negative: taking) would book: on that lot, else on the one of today's that expires last.

    `memo` is the reason, and who gave it.

    Raises:
        NoLotError: when none is named, and none can be used today.
        RefusedError: when there is no such lot.
    """
    today, customer = policy.day(now), agreement.customer
    given = grants(agreement, policy, today, unit)
    places, seen = ledger.places(tx, customer, unit), ledger.sequence(tx, customer)
    usable_today = usable(given, places, today)
    chosen = lot or (usable_today[-1].id if usable_today else None)
    if chosen is None:
        raise NoLotError(f"{agreement.name} has no lot that can be used today.")
    known = [grant.lot for grant in given]
    if chosen not in known:
        raise RefusedError(
            f"{agreement.name} has no lot {chosen!r}; {expected(chosen, known) if known else 'nothing is granted'}."
        )
    entry = correction(customer, unit, chosen, units, policy, now, memo)
    standing = added(places, places_of(entry.postings))
    due = book_grants(agreement, policy, ledger.places(tx, customer), now)
    return Proposal(entry, due, chosen, units, balance(usable_today), balance(usable(given, standing, today)), seen)


def book(tx: Connection, proposal: Proposal) -> bool:
    """Book it; False where something else was booked for the customer since, and then nothing is. Locks the account."""
    ledger.lock(tx, [proposal.entry.customer])
    if ledger.sequence(tx, proposal.entry.customer) != proposal.seen:
        return False
    # A grant that came after it would count on its day in statements, not on its own.
    ledger.book(tx, [*proposal.due, proposal.entry])
    return True
