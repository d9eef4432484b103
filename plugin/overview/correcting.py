"""A correction of a balance by hand (C9): what it would book, and the booking, which nothing may have come before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from plugin.contract.books import correction
from plugin.contract.grants import book_grants, grants, usable
from plugin.contract.ledger import LedgerEntry, Lot, Places, added, balance, places_of
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
    """What would be booked: `entry`, after what the next look would book anyway (`due`), such as a grant.

    `lot` is the one that is corrected, with what is available in it before; `implied`: it was not named, but follows
    from the contract. `before` and `after` are the balances of today; `seen` is the number of the newest entry that
    they were reckoned with.
    """

    entry: LedgerEntry
    due: tuple[LedgerEntry, ...]
    lot: Lot
    implied: bool
    units: int
    before: int
    after: int
    seen: int


def implied(lots: Sequence[Lot], units: int) -> Lot | None:
    """The lot that is corrected where none is named, of those that can be used, the first to expire first (C17).

    As with what requests use: units are taken from what expires first, where it has that many, and given to what
    expires last. None where there is none.
    """
    enough = (lot for lot in lots if units < 0 and lot.available >= -units)
    return next(enough, lots[-1] if lots else None)


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
    """What giving these units (negative: taking) would book: on that lot, else on the one that is `implied`.

    `memo` is the reason, and who gave it.

    Raises:
        NoLotError: when none is named, and none can be used today.
        RefusedError: when there is no such lot.
    """
    today, customer = policy.day(now), agreement.customer
    places, seen = ledger.places(tx, customer, unit), ledger.sequence(tx, customer)
    given = grants(agreement, policy, today, unit)
    known = {grant.lot: grant.term.last for grant in given}
    if lot is not None and lot not in known:
        raise RefusedError(
            f"{agreement.name} has no lot {lot!r}; {expected(lot, known) if known else 'nothing is granted'}."
        )

    def lots(standing: Places, day: date) -> tuple[Lot, ...]:
        return usable(given, standing, day)

    present = lots(places, today)
    # A lot that is over is corrected as it stood on its last day.
    of = present if lot is None else lots(places, min(today, known[lot]))
    chosen = implied(present, units) if lot is None else next(each for each in of if each.id == lot)
    if chosen is None:
        raise NoLotError(f"{agreement.name} has no lot that can be used today.")
    entry = correction(customer, unit, chosen.id, units, policy, now, memo)
    return Proposal(
        entry=entry,
        due=book_grants(agreement, policy, ledger.places(tx, customer), now),
        lot=chosen,
        implied=lot is None,
        units=units,
        before=balance(present),
        after=balance(lots(added(places, places_of(entry.postings)), today)),
        seen=seen,
    )


def book(tx: Connection, proposal: Proposal) -> bool:
    """Book it; False where something else was booked for the customer since, and then nothing is. Locks the account."""
    ledger.lock(tx, [proposal.entry.customer])
    if ledger.sequence(tx, proposal.entry.customer) != proposal.seen:
        return False
    # A grant that came after it would count on its day in statements, not on its own.
    ledger.book(tx, [*proposal.due, proposal.entry])
    return True
