"""A customer's monthly statement: put together from the ledger, the decisions that were kept, and the agreement.

The ledger is the one source of every amount. What the calendar has given or taken by now and nobody has booked yet
(the next look does) is told as it will be booked.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection

from plugin.contract.books import matter_of, request_of
from plugin.contract.decision import ResponseKept
from plugin.contract.grants import UNITS, book_grants, grants
from plugin.contract.lifecycle import lifecycle
from plugin.contract.model import Entitlement, NamedContact, SupportAgreement
from plugin.contract.policy import Policy, Quantity
from plugin.contract.seats import contact_limit, serving
from plugin.contract.statement import Month, Moved, Section, StatementLine, Tally, counted, pending, tally
from plugin.mappings.load import Mappings
from plugin.store import decisions, ledger, responses
from plugin.store.decisions import Kept

RECENT: Final = 12
"""Months whose requests tell which versions a customer uses, the last one of them included."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it is ruled by now. `clauses` are those that its charge rests on. `response_kept` is None where that
    was not ruled on yet."""

    key: str
    raised: datetime
    kind: str
    severity: int
    product: str | None
    version: str | None
    eligibility: str
    response_due: datetime | None
    response_kept: ResponseKept | None
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Used:
    """What a request used in the month, by unit; negative is given back. `asked` is None where nothing else of it is
    known any more, or it is another customer's by now."""

    key: str
    units: Mapping[str, int]
    asked: Asked | None


@dataclass(frozen=True, slots=True)
class Left:
    """What is left of one grant at the end of the month, and the last day on which it can be used, if that is known."""

    unit: str
    lot: str
    units: int
    last: date | None


@dataclass(frozen=True, slots=True)
class VersionInUse:
    """A release line that requests of the last year named, how many, and until when it is supported (None: open)."""

    product: str
    line: str
    requests: int
    supported: bool
    last_day: date | None


@dataclass(frozen=True, slots=True)
class Responses:
    """How the first responses to the month's requests of one severity stand: how many of each."""

    severity: int
    counts: Mapping[ResponseKept, int]


@dataclass(frozen=True, slots=True)
class Statement:
    """One customer's month. `on` is its last day, or today while it is not over: agreement, contacts, entitlements and
    versions are those of that day. `limit` is how many seats there are; None where no paid entitlement is in force."""

    agreement: SupportAgreement
    month: Month
    made: datetime
    on: date
    is_over: bool
    tallies: Mapping[str, Tally]
    left: tuple[Left, ...]
    used: tuple[Used, ...]
    requests: tuple[Asked, ...]
    responses: tuple[Responses, ...]
    entitlements: tuple[Entitlement, ...]
    contacts: tuple[NamedContact, ...]
    limit: Quantity | None
    versions: tuple[VersionInUse, ...]


def statement(
    tx: Connection, agreement: SupportAgreement, mappings: Mappings, month: Month, now: datetime
) -> Statement:
    """Put together one customer's month. Writes nothing; reads nothing of anybody else's.

    Raises:
        ValueError: when the month has not begun.
    """
    policy, customer = mappings.policy, agreement.customer
    today = policy.day(now)
    if today < month.first:
        raise ValueError(f"{month} has not begun")
    on = min(month.last, today)
    moved = {unit: counted(lines, policy.zone) for unit, lines in movements(tx, agreement, policy, now).items()}
    tallies = {unit: tally(unit, moved[unit], month) for unit in UNITS}
    # Only what the month is about is opened: what else is told of other requests is counted without.
    about = {*responses.raised_in(tx, customer, str(month)), *_users(tallies)}
    kept = decisions.of_customer(tx, customer, about)
    asked = {matter_of(each.content["request"]["id"]): found for each in kept if (found := _asked(each))}
    raised = sorted((each for each in asked.values() if _within(each, month, policy)), key=lambda each: each.raised)
    limit = contact_limit(agreement, policy.contact_limits, on)
    return Statement(
        agreement=agreement,
        month=month,
        made=now,
        on=on,
        is_over=today > month.last,
        tallies=tallies,
        left=tuple(_left(agreement, policy, moved, month, on)),
        used=tuple(_used(tallies, asked)),
        requests=tuple(raised),
        responses=tuple(_responses(tx, customer, month, now)),
        entitlements=agreement.entitlements_on(on),
        contacts=serving(agreement, on),
        limit=limit.value if limit else None,
        versions=versions_in_use(tx, customer, policy, on),
    )


def movements(
    tx: Connection, agreement: SupportAgreement, policy: Policy, now: datetime
) -> dict[str, tuple[StatementLine, ...]]:
    """Every movement of a customer's units, by unit, those that the next look books at the end."""
    customer = agreement.customer
    after, due = ledger.sequence(tx, customer), book_grants(agreement, policy, ledger.places(tx, customer), now)
    return {
        unit: (
            *ledger.statement(tx, customer, unit),
            *pending((each for each in due if each.unit == unit), after),
        )
        for unit in UNITS
    }


def _left(
    agreement: SupportAgreement,
    policy: Policy,
    moved: Mapping[str, Iterable[Moved]],
    month: Month,
    on: date,
) -> Iterator[Left]:
    for unit in UNITS:
        last = {each.lot: each.term.last for each in grants(agreement, policy, on, unit)}
        units = Counter[str]()
        for each in moved[unit]:
            if each.day <= month.last:
                units[each.line.lot] += each.line.units
        found = (Left(unit, lot, amount, last.get(lot)) for lot, amount in units.items() if amount)
        yield from sorted(found, key=lambda each: (each.last or date.max, each.lot))


def _users(tallies: Mapping[str, Tally]) -> Iterator[str]:
    """The ids of the requests that used or got back anything in the month."""
    for one in tallies.values():
        yield from (request_of(each.line.matter) for each in one.moved if each.section is Section.USED)


def _used(tallies: Mapping[str, Tally], asked: Mapping[str, Asked]) -> Iterator[Used]:
    """One row for each request that used or got back anything in the month, in the order of their first movement."""
    keys: dict[str, str] = {}
    for each in sorted((moved for one in tallies.values() for moved in one.moved), key=lambda each: each.line.sequence):
        if each.section is Section.USED:
            keys[each.line.matter] = each.line.request_key or keys.get(each.line.matter) or "?"
    used = {unit: one.used() for unit, one in tallies.items()}
    for matter, key in keys.items():
        known = asked.get(matter)
        units = {unit: amounts[matter] for unit, amounts in used.items() if matter in amounts}
        yield Used(known.key if known else key, units, known)


def _asked(kept: Kept) -> Asked | None:
    """None where what the request said was not kept."""
    if kept.inputs is None:
        return None
    rulings, request = kept.content["rulings"], kept.inputs["request"]
    due = rulings["response_due"]["value"]
    return Asked(
        key=kept.content["request"]["key"],
        raised=datetime.fromisoformat(request["raised"]),
        kind=request["kind"],
        severity=rulings["severity"]["value"],
        product=request["product"],
        version=request["version"],
        eligibility=rulings["eligibility"]["value"],
        response_due=datetime.fromisoformat(due) if due else None,
        response_kept=ResponseKept(kept_so["value"]) if (kept_so := rulings.get("response_kept")) else None,
        clauses=tuple(_clauses(rulings["credits_charged"])),
    )


def _responses(tx: Connection, customer: str, month: Month, now: datetime) -> Iterator[Responses]:
    """Of requests raised in the month, by severity, the gravest first."""
    counts: dict[int, Counter[ResponseKept]] = {}
    for each in responses.counts(tx, now, str(month), str(month), customer):
        counts.setdefault(each.severity, Counter()).update(
            {
                ResponseKept.KEPT: each.kept,
                ResponseKept.MISSED: each.missed,
                ResponseKept.OVERDUE: each.overdue,
                ResponseKept.OPEN: each.open,
                ResponseKept.NOT_APPLICABLE: each.not_applicable,
            }
        )
    for severity in sorted(counts):
        yield Responses(severity, counts[severity])


def _clauses(ruling: Mapping[str, Any]) -> Iterable[str]:
    """The clauses of the values that a charge was made by; the rule's own where there were none."""
    cites = [each["clause"] for each in ruling["findings"][0]["cites"]]
    return dict.fromkeys(cites[1:] or cites)


def _within(asked: Asked, month: Month, policy: Policy) -> bool:
    return month.first <= policy.day(asked.raised) <= month.last


def since(on: date) -> Month:
    """The first of the months whose requests tell which versions a customer uses on a day."""
    return Month.of(on).before(RECENT - 1)


def versions_in_use(tx: Connection, customer: str, policy: Policy, on: date) -> tuple[VersionInUse, ...]:
    """The release lines that a customer's requests named lately, by product, the newest first."""
    named = {
        (each.product, each.line): each.requests
        for each in responses.lines_named(tx, customer, str(since(on)), str(Month.of(on)))
    }
    return tuple(
        VersionInUse(product.name, state.line.name, requests, state.supported, state.last_day)
        for product in policy.products
        for state in reversed(lifecycle(product, policy, on).states)
        if (requests := named.get((product.name, state.line.name)))
    )
