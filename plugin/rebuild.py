"""The ledger made again from what Jira remembers: charges, corrections, the decisions in force, what was said.

Only what is missing is booked. A request whose newest decision the database knows is left as the ledger has it; so on a
database that knows everything nothing happens, and on one of last night only what happened since.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from sqlalchemy import Connection

from plugin.balances import balance_of, corrections, shown_after
from plugin.contract.books import correction, matter_of, release, request_of, restored, taken_from
from plugin.contract.coverage import NoCoverageAhead
from plugin.contract.decide import standing_after
from plugin.contract.decision import Decision
from plugin.contract.grants import UNITS, book_grants
from plugin.contract.ledger import EntryKind, LedgerEntry, Places, added, places_of
from plugin.contract.model import SupportAgreement
from plugin.contract.replay import inputs_of
from plugin.look import Seen, consider, others_of
from plugin.mappings.load import Mappings
from plugin.remembered import Json, Memory, Remembered, lots_in
from plugin.retold import restore_comments
from plugin.store import decisions, doors, ledger, memory, policies, responses
from plugin.unknowable import unknowable

MEMO: Final = "restored from what Jira shows"

_ORDER: Final = (
    EntryKind.GRANT, EntryKind.CORRECT, EntryKind.CARRY_OVER, EntryKind.CHARGE, EntryKind.REFUND, EntryKind.EXPIRE,
)  # fmt: skip
"""What comes first on the same day."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A lot of which Jira shows another balance than all that is known comes to: by so many units more, or less."""

    customer: str
    lot: str
    units: int


@dataclass
class Rebuilt:
    """What was restored. `charges` and `corrections` are whole units by customer and unit, `behind` the customers of
    whose ledger Jira shows more entries than there are.

    `unknown` says, a sentence each, what could not be known; `differences` of which lots that shows.
    """

    requests: Counter[str] = field(default_factory=Counter)
    charges: Counter[tuple[str, str]] = field(default_factory=Counter)
    corrections: Counter[tuple[str, str]] = field(default_factory=Counter)
    behind: list[str] = field(default_factory=list)
    decisions: int = 0
    comments: int = 0
    differences: list[Difference] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)

    @property
    def customers(self) -> list[str]:
        """Everybody for whom something was booked."""
        return sorted({*self.requests, *(who for who, _ in (*self.charges, *self.corrections))})

    @property
    def nothing(self) -> bool:
        """Was everything known already?"""
        return not (self.customers or self.behind or self.decisions or self.comments or self.differences)


def rebuild(tx: Connection, remembered: Memory, mappings: Mappings, trust_board: bool = False) -> Rebuilt:
    """Restore what is missing, in the caller's one transaction.

    `trust_board`: where a customer's balance in Jira differs from what all that is known comes to, it is made the one
    that they were shown last, by a correction.
    """
    done, found, boards, now = Rebuilt(), remembered.found, remembered.boards, remembered.at
    served = [(each, each.seen) for each in found if isinstance(each.seen, Seen)]
    ahead = {customer: board for customer, board in boards.items() if _is_ahead(tx, customer, board)}
    customers = {*ahead, *(customer for each, seen in served for customer in _customers(tx, each, seen))}
    ledger.lock(tx, customers)
    charges = [entry for each, seen in served for entry in _charge(tx, each, seen, mappings, now, done)]
    agreements = {each.customer: each for each in mappings.agreements}
    done.behind += sorted(ahead)
    for customer in sorted(customers):
        agreement, board = agreements.get(customer), ahead.get(customer)
        own = [entry for entry in charges if entry.customer == customer]
        _book(tx, customer, agreement, own, board, mappings, now, done)
        if board is not None and agreement is not None:
            _compare(tx, agreement, board, mappings, now, trust_board, done)
    decided = {each.id: decision for each, seen in served if (decision := _decide(tx, each, seen, mappings, now, done))}
    for each in found:
        done.comments += restore_comments(tx, each, decided.get(each.id), mappings, remembered.fields)
    if memory.gap(tx) or not done.nothing:
        memory.made_good(tx, now)
        for matter, key in remembered.moved.items():
            doors.knock(tx, request_of(matter), key, now)
    done.unknown += unknowable(tx, remembered, done.requests)
    return done


def _is_ahead(tx: Connection, customer: str, board: Json) -> bool:
    """Does the board show more than the ledger has? One of an earlier release tells only that there was anything."""
    booked = ledger.sequence(tx, customer)
    return shown_after(board) > booked if "entries" in board else not booked and bool(board.get("lots"))


def _customers(tx: Connection, request: Remembered, seen: Seen) -> set[str]:
    """All whose ledger the request may move: who held, or holds, its charge, and whose request it is."""
    found = set(ledger.holders(tx, matter_of(request.id)))
    found |= {request.customer} if request.customer and request.charged else set()
    return found | ({seen.agreement.customer} if isinstance(seen.agreement, SupportAgreement) else set())


def _charge(
    tx: Connection, request: Remembered, seen: Seen, mappings: Mappings, now: datetime, done: Rebuilt
) -> Iterator[LedgerEntry]:
    """What leads from the request's charge in the ledger to the one that it shows."""
    charged, customer = request.charged, request.customer
    if charged is None or (charged and customer is None):
        done.unknown.append(
            f"What {request.key} was charged cannot be read: our property on it was changed by somebody else. The next "
            "look at it charges it by the contract."
        )
        doors.knock(tx, request.id, request.key, now)
        return
    matter, policy, booked = matter_of(request.id), mappings.policy, request.decided or seen.request.raised
    for former in ledger.holders(tx, matter):
        if former != customer:
            held, why = ledger.held(tx, former, matter), f"{request.key} is no longer a request of {former}: {MEMO}"
            yield from release(former, request.id, request.key, held, policy, booked, why)
    if customer:
        held = ledger.held(tx, customer, matter)
        why = f"{request.key}: {MEMO}"
        entries = restored(customer, request.id, request.key, charged, held, policy, seen.request.raised, booked, why)
        if entries:
            done.requests[customer] += 1
        for entry in entries:
            moved = taken_from(places_of(entry.postings))
            done.charges[customer, entry.unit] += sum(moved.values())
        yield from entries


def _book(
    tx: Connection,
    customer: str,
    agreement: SupportAgreement | None,
    charges: Sequence[LedgerEntry],
    board: Json | None,
    mappings: Mappings,
    now: datetime,
    done: Rebuilt,
) -> None:
    """Book a customer's charges, the corrections that a board tells of, and what the agreement grants, in order."""
    places = ledger.places(tx, customer)
    by_hand = _corrections(customer, board, places, mappings, now, done) if board is not None else []
    entries = [*charges, *by_hand]
    if agreement is None:
        if charges:
            done.unknown.append(
                f"There is no agreement of {customer} in the mapping files: what it was granted is not booked."
            )
    else:
        standing = added(places, *(places_of(entry.postings) for entry in entries))
        entries += book_grants(agreement, mappings.policy, standing, now)
    if board is not None:
        ledger.number_after(tx, customer, shown_after(board))
    ledger.book(tx, sorted(entries, key=lambda entry: (entry.effective, _ORDER.index(entry.kind))))


def _corrections(
    customer: str, board: Json, places: Places, mappings: Mappings, now: datetime, done: Rebuilt
) -> list[LedgerEntry]:
    told = board.get("corrections")
    wanted, present = lots_in(told), corrections(places)
    if wanted is None:
        if "entries" in board:
            done.unknown.append(f"The corrections that Jira shows of {customer} cannot be read: they are not restored.")
        return []
    entries = []
    for lot in sorted({*wanted, *present}):
        if units := wanted.get(lot, 0) - present.get(lot, 0):
            memo = f"by hand, for a reason that is not known any more: {MEMO}"
            entries.append(_correction(customer, lot, units, memo, mappings, now, done))
    return entries


def _correction(
    customer: str, lot: str, units: int, memo: str, mappings: Mappings, now: datetime, done: Rebuilt
) -> LedgerEntry:
    unit = next(each for each in UNITS if lot.startswith(f"{each} "))
    done.corrections[customer, unit] += units
    return correction(customer, unit, lot, units, mappings.policy, now, memo)


def _compare(
    tx: Connection,
    agreement: SupportAgreement,
    board: Json,
    mappings: Mappings,
    now: datetime,
    trust_board: bool,
    done: Rebuilt,
) -> None:
    """Hold the balance that Jira shows against the ledger, lot by lot, as far as both have the lot today."""
    customer, policy = agreement.customer, mappings.policy
    today = policy.day(now)
    shown, booked = _lots(board, today), _lots(balance_of(tx, agreement, policy, today), today)
    different = {lot: shown[lot] - booked[lot] for lot in shown if lot in booked and shown[lot] != booked[lot]}
    if trust_board:
        memo = f"so that the balance is the one that {agreement.name} was shown last: {MEMO}"
        entries = [_correction(customer, lot, units, memo, mappings, now, done) for lot, units in different.items()]
        ledger.book(tx, entries)
        # What a lot has left decides what of it is carried over, or expires.
        ledger.book(tx, book_grants(agreement, policy, ledger.places(tx, customer), now))
        return
    done.differences += [Difference(customer, lot, units) for lot, units in different.items()]


def _lots(board: Json, today: date) -> dict[str, int]:
    """What is available in each lot that can still be used, as far as it can be read."""
    found = dict[str, int]()
    lots = board.get("lots")
    for each in lots if isinstance(lots, Sequence) else ():
        if isinstance(each, Mapping) and isinstance(each.get("last_day"), str) and each["last_day"] >= str(today):
            found |= lots_in({each.get("lot"): each.get("available")}) or {}
    return found


def _decide(
    tx: Connection, request: Remembered, seen: Seen, mappings: Mappings, now: datetime, done: Rebuilt
) -> Decision | None:
    """Decide as the next look will, from what the last decision left behind, and keep it; nothing else follows yet."""
    try:
        decision = consider(tx, seen, mappings, now)
    except (LookupError, NoCoverageAhead) as trouble:
        done.unknown.append(f"{request.key} could not be decided again ({trouble}): its next look does it.")
        doors.knock(tx, request.id, request.key, now)
        return None
    customer = seen.agreement.customer if isinstance(seen.agreement, SupportAgreement) else None
    inputs = inputs_of(seen.request, now, customer, others_of(tx, seen))
    if decisions.record(tx, decision, standing_after(decision, seen.request.standing), inputs):
        responses.record(tx, decision, mappings.policy.day(seen.request.raised), seen.request.ended)
        policies.record(tx, mappings.policy.revision, mappings.files, now)
    done.decisions += 1
    return decision
