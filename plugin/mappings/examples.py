"""`examples/*.yaml`: the admins' own acceptance tests. Given this request, we expect that."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from plugin.contract.coverage import NoCoverageAhead
from plugin.contract.decide import NOTHING_BOOKED, decide, standing_after
from plugin.contract.decision import Decision, Eligibility, Finding, PatchEligibility, Reason, ResponseKept
from plugin.contract.grants import CREDIT, TRAINING, grants, usable
from plugin.contract.ledger import Places, added, burn, consumption
from plugin.contract.matching import find_agreement
from plugin.contract.model import (
    Answer,
    Appointment,
    Author,
    Comment,
    NoAgreement,
    Organization,
    Person,
    SupportAgreement,
    SupportRequest,
)
from plugin.contract.policy import Mode, Policy
from plugin.mappings.appointments import WindowShape, moment_of
from plugin.mappings.problem import Report, expected
from plugin.mappings.reads import member_of, one_word_of
from plugin.mappings.shape import Rows, Shape
from plugin.mappings.values import (
    NONE,
    Clause,
    Email,
    Moment,
    MomentOrNone,
    Number,
    NumberOrNone,
    Positive,
    Text,
    YesNo,
)
from plugin.mappings.words import Words, resolved

FOLDER = "examples"


class AnswerShape(Shape):
    """A comment that the customer writes later on."""

    said: Moment
    """When; in the vendor's zone."""
    text: Text


class CommentShape(Shape):
    """A comment that somebody writes on the request."""

    at: Moment
    """When; in the vendor's zone."""
    by: Annotated[Author, member_of(Author)]
    """machine: this product, or an automation."""
    public: YesNo = True
    """Does the customer see it?"""


class RequestShape(Shape):
    """The request; what is left out the customer did not say."""

    kind: Text
    """A kind of severities.yaml."""
    product: Text | None = None
    version: Text | None = None
    environment: Text | None = None
    impact: Text | None = None
    stated_severity: Positive | None = None
    """The severity that the customer chose."""
    platform: Text | None = None
    third_party: Text | None = None
    """Software of others that it concerns as well."""
    modified: YesNo | None = None
    """Has the customer changed the software?"""
    outcome: Text | None = None
    """How it ended: one of the outcomes of credits.yaml."""
    raised: Moment
    """When; in the vendor's zone."""
    raised_by: Email
    resolved: Moment | None = None
    """When it was resolved."""
    answers: tuple[AnswerShape, ...] = ()
    """What the customer writes when we ask; it is decided again with each."""
    appointments: tuple[WindowShape, ...] = ()
    """Windows that an agent booked on it; in the vendor's zone."""
    comments: tuple[CommentShape, ...] = ()
    """What is written on it by the time it is decided."""
    on_behalf: YesNo = False
    """Has an agent raised it for the customer?"""


class ExpectShape(Shape):
    """What is expected. Only what is given is compared; times are the vendor's; none: there is to be nothing."""

    customer: Text | None = None
    tier: Text | None = None
    severity: Positive | None = None
    response_due: MomentOrNone = None
    eligibility: Annotated[Eligibility, member_of(Eligibility)] | None = None
    reasons: tuple[Annotated[Reason, member_of(Reason)], ...] | None = None
    """All of them, in any order; [] for none."""
    charge: Number | None = None
    """The credits that it costs."""
    left: NumberOrNone = None
    """The credits that are left then."""
    patch_eligibility: Annotated[PatchEligibility, member_of(PatchEligibility)] | None = None
    sessions: Number | None = None
    """The training sessions that it costs."""
    sessions_left: NumberOrNone = None
    """The training sessions that are left then."""
    priority: Text | None = None
    """none where Jira's own stays as it is."""
    account_representative: Text | None = None
    """By name; none where nobody is assigned."""
    first_response: MomentOrNone = None
    response_kept: Annotated[ResponseKept, member_of(ResponseKept)] | None = None
    response_reminder: Text | None = None
    """The point at which agents are reminded, as tiers.yaml has it; it is then looked at when it is raised as well."""
    reply: Annotated[str, one_word_of((NONE, *Mode))] | None = None
    """What the reasons give the customer to read: none, or a letter that is sent or drafted."""


class ExampleShape(Shape):
    """One example: whose request, what it says, and what is expected; decided when it is raised, or as is said."""

    name: Text
    """What it shows, in a sentence."""
    cites: Rows[Clause]
    """The clauses that it is about."""
    customer: Text | None = None
    """Whose request: a file in agreements/, without .yaml. Or else organizations."""
    organizations: tuple[Text, ...] | None = None
    """Whose request: names of organizations in Jira; [] for none. Or else customer."""
    credits_used: Number = 0
    """Credits that other requests have used."""
    sessions_used: Number = 0
    """Training sessions that other requests have used."""
    decided: Moment | None = None
    """When it is decided at last; left out: when it is raised, or answered."""
    request: RequestShape
    expect: ExpectShape


class ExamplesFile(Shape):
    """Your own tests: given this request, we expect that."""

    examples: Rows[ExampleShape]
    """Read and run by check."""


def run(
    file: ExamplesFile, policy: Policy, agreements: Sequence[SupportAgreement], words: Words, report: Report
) -> None:
    """Decide every example, and report every difference at the line of the expectation."""
    for example in file.examples:
        times = _times(example, policy, report)
        request = _request(example, times, agreements, words, report)
        booked = _appointments(example, policy.zone, report)
        if request is None or booked is None:
            continue
        request = replace(request, appointments=booked)
        said = max((each.said_at for each in request.answers), default=request.raised)
        now, agreement = times.get("decided", said), find_agreement(request, agreements)
        try:
            booked_units = _booked(example, request, agreement, policy)
            twice = "response_reminder" in example.expect.model_fields_set
            decision = _decided(request, agreement, policy, now, booked_units, twice)
        except (LookupError, NoCoverageAhead, ValueError) as error:
            report.problem(example.place("name"), f"{example.name}: it cannot be decided: {error}")
        else:
            _compare(example, decision, policy, report)


def _decided(
    request: SupportRequest,
    agreement: SupportAgreement | NoAgreement,
    policy: Policy,
    now: datetime,
    booked: Places,
    twice: bool,
) -> Decision:
    """What is decided at last, after a look when it was raised (`twice`, or to be answered) and one at each answer."""
    asked, said = request, sorted(each.said_at for each in request.answers)
    for moment in (request.raised, *said) if said or twice else ():
        seen = replace(asked, answers=tuple(each for each in request.answers if each.said_at <= moment))
        standing = standing_after(decide(seen, agreement, policy, moment, booked), asked.standing)
        asked = replace(asked, standing=standing)
    return decide(asked, agreement, policy, now, booked)


def _request(
    example: ExampleShape,
    times: Mapping[str, datetime],
    agreements: Sequence[SupportAgreement],
    words: Words,
    report: Report,
) -> SupportRequest | None:
    shape = example.request
    kind = resolved(report, shape.place("kind"), "kind", shape.kind, words.kinds)
    given = {
        "environment": (shape.environment, words.environments),
        "impact": (shape.impact, words.impacts),
        "outcome": (shape.outcome, words.outcomes),
    }
    answers = {
        name: resolved(report, shape.place(name), name, word, known)
        for name, (word, known) in given.items()
        if word is not None
    }
    organizations = _organizations(example, agreements, report)
    if not times or kind is None or None in answers.values() or organizations is None:
        return None
    return SupportRequest(
        id=example.name,
        key=example.name,
        raised=times["raised"],
        raised_by=Person(shape.raised_by, email=shape.raised_by),
        kind=kind,
        organizations=organizations,
        product=shape.product,
        version=shape.version,
        stated_severity=shape.stated_severity,
        environment=answers.get("environment"),
        impact=answers.get("impact"),
        outcome=answers.get("outcome"),
        platform=shape.platform,
        third_party=shape.third_party,
        modified=shape.modified,
        ended=times.get("resolved"),
        answers=tuple(Answer(each.text, times[f"said {number}"]) for number, each in enumerate(shape.answers)),
        comments=tuple(
            Comment(str(number), times[f"comment {number}"], each.by, each.public)
            for number, each in enumerate(shape.comments)
        ),
        on_behalf=shape.on_behalf,
    )


def _times(example: ExampleShape, policy: Policy, report: Report) -> Mapping[str, datetime]:
    """The times that the example gives, as moments; none, and a problem, where the vendor's clocks leave one out."""
    times = {}
    given: list[tuple[Shape, str, str]] = [
        (example.request, "raised", "raised"),
        (example.request, "resolved", "resolved"),
        (example, "decided", "decided"),
        *((each, "said", f"said {number}") for number, each in enumerate(example.request.answers)),
        *((each, "at", f"comment {number}") for number, each in enumerate(example.request.comments)),
    ]
    for shape, name, key in given:
        written: datetime | None = getattr(shape, name)
        if written is None:
            continue
        moment = moment_of(written, name, shape.place(name), policy.zone, report)
        if moment is None:
            return {}
        times[key] = moment
    return times


def _appointments(example: ExampleShape, zone: ZoneInfo, report: Report) -> tuple[Appointment, ...] | None:
    """The windows that are booked on the request; None, and a problem, where the vendor's clocks leave an end out."""
    booked = []
    for shape in example.request.appointments:
        ends = {"from": (shape.start, False), "to": (shape.end, True)}
        moments = {
            name: moment_of(written, name, shape.place(name), zone, report, closing=closing)
            for name, (written, closing) in ends.items()
            if written is not None
        }
        if None in moments.values():
            return None
        booked.append(Appointment(moments.get("from"), moments.get("to")))
    return tuple(booked)


def _organizations(
    example: ExampleShape, agreements: Sequence[SupportAgreement], report: Report
) -> tuple[Organization, ...] | None:
    """The organizations by which Jira says whose the request is."""
    if (example.customer is None) == (example.organizations is None):
        sentence = "whose request is it? expected customer (a file in agreements/) or organizations (Jira's names)"
        report.problem(example.place(), sentence)
        return None
    if example.organizations is not None:
        return tuple(Organization("", name) for name in example.organizations)
    known = {each.customer: each for each in agreements}
    if example.customer not in known:
        sentence = f"customer: there is no agreement of {example.customer}; {expected(str(example.customer), known)}"
        report.problem(example.place("customer"), sentence)
        return None
    agreement = known[example.customer]
    ids, names = agreement.organization_ids or ("",), agreement.organization_names or (agreement.name,)
    return (Organization(ids[0], names[0]),)


def _booked(
    example: ExampleShape, request: SupportRequest, agreement: SupportAgreement | NoAgreement, policy: Policy
) -> Places:
    """The credits and training sessions that other requests have used, on the day in question."""
    if not isinstance(agreement, SupportAgreement):
        return NOTHING_BOOKED
    day = policy.day(request.raised)
    return added(
        *(
            consumption(burn(usable(grants(agreement, policy, day, unit), {}, day), used, {}))
            for unit, used in ((CREDIT, example.credits_used), (TRAINING, example.sessions_used))
        )
    )


@dataclass(frozen=True, slots=True)
class _Difference:
    key: str
    wanted: str
    got: str


def _compare(example: ExampleShape, decision: Decision, policy: Policy, report: Report) -> None:
    expect = example.expect
    if not expect.model_fields_set:
        report.problem(example.key_place("expect"), f"{example.name}: nothing is expected; expected at least one key")
    for difference in _differences(expect, decision, policy):
        sentence = f"{example.name}: {difference.key}: expected {difference.wanted}, got {difference.got}"
        why = _why(difference.key, decision)
        report.problem(expect.place(difference.key), f"{sentence}{f' ({why})' if why else ''}")


def _differences(expect: ExpectShape, decision: Decision, policy: Policy) -> Iterable[_Difference]:
    due, responded = decision.response_due.value, decision.first_response.value
    reminder = decision.response_reminder.value
    representative = decision.account_representative.value
    got: dict[str, Any] = {
        "customer": decision.customer.value,
        "tier": decision.tier.value,
        "severity": decision.severity.value,
        "response_due": due and _wall(due, policy.zone),
        "eligibility": decision.eligibility.value,
        "reasons": {finding.reason for finding in decision.reasons},
        "charge": decision.charge.value,
        "left": decision.credits_left.value,
        "patch_eligibility": decision.patch_eligibility.value,
        "sessions": decision.sessions_charged.value,
        "sessions_left": decision.sessions_left.value,
        "priority": decision.priority.value,
        "account_representative": representative and representative.name,
        "first_response": responded and _wall(responded, policy.zone),
        "response_kept": decision.response_kept.value,
        "response_reminder": reminder and reminder.point,
        "reply": Mode.DRAFT if decision.drafted else Mode.SEND if decision.told else None,
    }
    for key in ExpectShape.model_fields:
        wanted = _wanted(key, getattr(expect, key), policy)
        if key in expect.model_fields_set and wanted != got[key]:
            yield _Difference(key, _said(wanted), _said(got[key]))


def _wanted(key: str, written: Any, policy: Policy) -> Any:
    if written == NONE:
        return None
    if key == "tier" and written is not None:
        tier = policy.tier_named(written)
        return tier.id if tier else written
    return set(written or ()) if key == "reasons" else written


def _said(value: Any) -> str:
    if isinstance(value, set):
        return ", ".join(sorted(value)) or "no reason"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}" if not value.second else f"{value:%Y-%m-%d %H:%M:%S}"
    return NONE if value is None else str(value)


def _wall(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(UTC).astimezone(zone).replace(tzinfo=None)


def _why(key: str, decision: Decision) -> str:
    """The first sentence that says how the decision came to its value."""
    rulings: dict[str, tuple[Finding, ...]] = {
        "customer": decision.customer.findings,
        "tier": decision.tier.findings,
        "severity": decision.severity.findings,
        "response_due": decision.response_due.findings,
        "charge": decision.charge.findings,
        "left": decision.credits_left.findings,
        "patch_eligibility": decision.patch_eligibility.findings,
        "sessions": decision.sessions_charged.findings,
        "sessions_left": decision.sessions_left.findings,
        "priority": decision.priority.findings,
        "account_representative": decision.account_representative.findings,
        "first_response": decision.first_response.findings,
        "response_kept": decision.response_kept.findings,
        "response_reminder": decision.response_reminder.findings,
    }
    findings = rulings.get(key, decision.reasons)
    return "; ".join(f"{each.sentence} {each.cites[-1]}" for each in findings[:3])
