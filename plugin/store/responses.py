"""Whether the first response to each request was kept, why it was refused, and since when it is on hold: one row a
request, from its newest decision, for reports and for whoever has to act.

It names no person, and is kept when decisions and replies go.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, case, delete, func, select

from plugin.contract.decision import Decision, Eligibility, ResponseKept
from plugin.contract.rules import override, supported_version
from plugin.store.tables import responses
from plugin.store.upsert import insert_or


@dataclass(frozen=True, slots=True)
class Count:
    """How many first responses were kept, missed, are still open, are overdue, and are not due at all.

    Of the requests of one customer, tier and severity that were raised in one month (`2026-11`); `customer` and `tier`
    are None where no agreement applies.
    """

    month: str
    customer: str | None
    tier: str | None
    severity: int
    kept: int
    missed: int
    overdue: int
    open: int
    not_applicable: int


@dataclass(frozen=True, slots=True)
class Refusals:
    """How many of the requests that were raised in one month are refused for that reason: the first that stands in the
    way, `OVERRIDE` where an agent refused it, "" where none is told.
    """

    month: str
    reason: str
    requests: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request that waits for its first response. `customer` and `tier` are ids."""

    request_key: str
    customer: str | None
    tier: str | None
    severity: int
    due: datetime


def waiting(tx: Connection, until: datetime, most: int, since: datetime | None = None) -> tuple[Waiting, ...]:
    """Requests whose response is due before that aware moment and was not given yet, the first one due first.

    With `since`, only those that were not due before that one.
    """
    at = responses.c
    query = select(at.request_key, at.customer, at.tier, at.severity, at.due).where(_unanswered(), at.due < until)
    if since is not None:
        query = query.where(at.due >= since)
    return tuple(Waiting(*row) for row in tx.execute(query.order_by(at.due, at.request_id).limit(most)))


def how_many_wait(tx: Connection, until: datetime) -> int:
    """How many requests `waiting` would tell of, if it told of all."""
    return tx.execute(select(func.count()).where(_unanswered(), responses.c.due < until)).scalar_one()


def _unanswered() -> ColumnElement[bool]:
    return responses.c.kept.in_((ResponseKept.OPEN.value, ResponseKept.OVERDUE.value))


def held(tx: Connection, most: int) -> tuple[str, ...]:
    """The ids of requests that are on hold until an agent decides, the one first that is so longest."""
    at = responses.c
    query = select(at.request_id).where(at.held_since.is_not(None)).order_by(at.held_since, at.request_id)
    return tuple(tx.scalars(query.limit(most)))


def how_many_held(tx: Connection) -> int:
    """How many requests `held` would tell of, if it told of all."""
    return tx.execute(select(func.count()).where(responses.c.held_since.is_not(None))).scalar_one()


def record(tx: Connection, decision: Decision, raised: date, ended: datetime | None = None) -> None:
    """Keep what a decision says. `raised` is the vendor's date on which the request was raised; `ended` the moment at
    which it was resolved, None while it is open.
    """
    on_hold = decision.eligibility.value is Eligibility.ON_HOLD and ended is None
    values = {
        "request_id": decision.request_id,
        "request_key": decision.request_key,
        "customer": decision.customer.value,
        "tier": decision.tier.value,
        "severity": decision.severity.value,
        "month": f"{raised:%Y-%m}",
        "kept": decision.response_kept.value.value,
        "due": decision.response_due.value,
        "responded": decision.first_response.value,
        "refused": _refused(decision),
        "held_since": decision.decided_at if on_hold else None,
        **dict(zip(("product", "line"), _named(decision), strict=True)),
    }
    new = insert_or(tx.dialect.name, responses).values(values)
    others = {name: new.excluded[name] for name in values if name != "request_id"}
    # What was on hold already, and still is, is so since then.
    since = func.coalesce(responses.c.held_since, new.excluded.held_since)
    others["held_since"] = case((new.excluded.held_since.is_not(None), since))
    tx.execute(new.on_conflict_do_update(index_elements=[responses.c.request_id], set_=others))


def _refused(decision: Decision) -> str | None:
    if decision.eligibility.value is not Eligibility.NOT_ELIGIBLE:
        return None
    if override.stands(decision.eligibility.findings):
        return override.RULE
    return next((str(each.reason) for each in decision.reasons), "")


def _named(decision: Decision) -> tuple[str | None, str | None]:
    findings = (each for each in decision.eligibility.findings if each.rule == supported_version.RULE)
    facts = next((each.facts for each in findings if "line" in each.facts), {})
    return facts.get("product"), facts.get("line")


def raised_in(tx: Connection, customer: str, month: str) -> tuple[str, ...]:
    """The ids of a customer's requests that were raised in a month, such as `2026-11`."""
    theirs = responses.c.customer == customer, responses.c.month == month
    return tuple(tx.scalars(select(responses.c.request_id).where(*theirs).order_by(responses.c.request_id)))


@dataclass(frozen=True, slots=True)
class Line:
    """A release line that requests named, and how many."""

    product: str
    line: str
    requests: int


def lines_named(tx: Connection, customer: str, first: str, last: str) -> tuple[Line, ...]:
    """The release lines that a customer's requests named which were raised from one month to another, both included."""
    at = responses.c
    theirs = at.customer == customer, at.month.between(first, last), at.line.is_not(None)
    query = select(at.product, at.line, func.count()).where(*theirs)
    return tuple(Line(*row) for row in tx.execute(query.group_by(at.product, at.line).order_by(at.product, at.line)))


def naming(tx: Connection, customer: str, product: str, line: str, first: str, most: int) -> tuple[str, ...]:
    """The keys of at most so many of a customer's requests that named a release line and were raised in that month or
    later, newest first.
    """
    at = responses.c
    theirs = at.customer == customer, at.month >= first, at.product == product, at.line == line
    query = select(at.request_key).where(*theirs).order_by(at.month.desc(), at.request_id.desc())
    return tuple(tx.scalars(query.limit(most)))


def customers_naming(tx: Connection, lines: Collection[tuple[str, str]], first: str) -> frozenset[str]:
    """The customers with requests that named one of these release lines (product and line), raised in that month or
    later.
    """
    at, found = responses.c, set[str]()
    for product, line in lines:
        named = at.product == product, at.line == line, at.month >= first, at.customer.is_not(None)
        found.update(tx.scalars(select(at.customer).where(*named).distinct()))
    return frozenset(found)


def refusals(tx: Connection, first: str, last: str) -> tuple[Refusals, ...]:
    """Count refused requests by month and reason; `first` and `last` are months, both included."""
    at = responses.c
    query = select(at.month, at.refused, func.count()).where(at.refused.is_not(None), at.month.between(first, last))
    rows = tx.execute(query.group_by(at.month, at.refused).order_by(at.month, at.refused))
    return tuple(Refusals(*row) for row in rows)


def is_counted(tx: Connection, request_id: str) -> bool:
    """Is the request in any report?"""
    return tx.scalar(select(responses.c.request_id).where(responses.c.request_id == request_id)) is not None


def forget(tx: Connection, request_id: str) -> None:
    """Leave a request out of every report: it is gone, or not served any more."""
    tx.execute(delete(responses).where(responses.c.request_id == request_id))


def by_tier(
    tx: Connection, now: datetime, first: str, last: str
) -> tuple[tuple[str, str | None, ResponseKept, int], ...]:
    """Count by month, tier and how the response stands; otherwise as `counts`, but of an index alone."""
    by = (responses.c.month, responses.c.tier, _stands(now))
    query = select(*by, func.count()).where(responses.c.month.between(first, last)).group_by(*by)
    return tuple((month, tier, ResponseKept(kept), count) for month, tier, kept, count in tx.execute(query))


def _stands(now: datetime) -> ColumnElement[str]:
    late = (responses.c.kept == ResponseKept.OPEN.value) & (responses.c.due < now)
    return case((late, ResponseKept.OVERDUE.value), else_=responses.c.kept)


def counts(
    tx: Connection, now: datetime, first: str | None = None, last: str | None = None, customer: str | None = None
) -> tuple[Count, ...]:
    """Count by month, customer, tier and severity, in that order; `first` and `last` are months, both included.

    What is open and was due before `now` is overdue, whether anybody has looked at it since or not.
    """
    stands = _stands(now)
    by = (responses.c.month, responses.c.customer, responses.c.tier, responses.c.severity)
    several = [
        func.count(case((stands == each.value, 1)))
        for each in (
            ResponseKept.KEPT,
            ResponseKept.MISSED,
            ResponseKept.OVERDUE,
            ResponseKept.OPEN,
            ResponseKept.NOT_APPLICABLE,
        )
    ]
    query = select(*by, *several).group_by(*by)
    if first is not None:
        query = query.where(responses.c.month >= first)
    if last is not None:
        query = query.where(responses.c.month <= last)
    if customer is not None:
        query = query.where(responses.c.customer == customer)
    found = [Count(*row) for row in tx.execute(query)]
    return tuple(sorted(found, key=lambda each: (each.month, each.customer or "", each.tier or "", each.severity)))
