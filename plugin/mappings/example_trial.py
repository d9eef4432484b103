"""Run the admins' examples: each is decided, and whatever is not as they expect is a problem at its line."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from plugin.contract.coverage import NoCoverageAhead
from plugin.contract.decide import NOTHING_BOOKED, decide, standing_after
from plugin.contract.decision import AccountRepresentative, Decision, Finding, Reminder, Ruling
from plugin.contract.grants import CREDIT, TRAINING, grants, usable
from plugin.contract.ledger import Places, added, burn, consumption
from plugin.contract.matching import find_agreement
from plugin.contract.model import (
    Answer,
    Appointment,
    Comment,
    NoAgreement,
    Organization,
    Person,
    SupportAgreement,
    SupportRequest,
)
from plugin.contract.policy import Mode, Policy
from plugin.mappings.appointments import moment_of
from plugin.mappings.examples import ExamplesFile, ExampleShape, ExpectShape
from plugin.mappings.problem import Report, expected
from plugin.mappings.shape import Shape
from plugin.mappings.values import NONE
from plugin.mappings.words import Words, resolved


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
            credits_used, sessions_used = example.credits_used, example.sessions_used
            booked_units = units_used(
                request, agreement, policy, credits_used=credits_used, sessions_used=sessions_used
            )
            twice = "response_reminder" in example.expect.model_fields_set
            decision = decided(request, agreement, policy, now, booked_units, twice)
        except (LookupError, NoCoverageAhead, ValueError) as error:
            report.problem(example.place("name"), f"{example.name}: it cannot be decided: {error}")
        else:
            _compare(example, decision, policy, report)


def decided(
    request: SupportRequest,
    agreement: SupportAgreement | NoAgreement,
    policy: Policy,
    now: datetime,
    booked: Places,
    twice: bool = False,
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


def units_used(
    request: SupportRequest,
    agreement: SupportAgreement | NoAgreement,
    policy: Policy,
    *,
    credits_used: int,
    sessions_used: int = 0,
) -> Places:
    """Where the units of a customer stand, on the day in question, once other requests have used so many."""
    if not isinstance(agreement, SupportAgreement):
        return NOTHING_BOOKED
    day = policy.day(request.raised)
    return added(
        *(
            consumption(burn(usable(grants(agreement, policy, day, unit), {}, day), used, {}))
            for unit, used in ((CREDIT, credits_used), (TRAINING, sessions_used))
        )
    )


def _compare(example: ExampleShape, decision: Decision, policy: Policy, report: Report) -> None:
    expect = example.expect
    if not expect.model_fields_set:
        report.problem(example.key_place("expect"), f"{example.name}: nothing is expected; expected at least one key")
    for key in ExpectShape.model_fields:
        if key not in expect.model_fields_set:
            continue
        wanted = _wanted(key, getattr(expect, key), policy)
        got, findings = _got(key, decision, policy.zone)
        if wanted != got:
            why = "; ".join(f"{each.sentence} {each.cites[-1]}" for each in findings[:3])
            sentence = f"{example.name}: {key}: expected {_said(wanted)}, got {_said(got)}"
            report.problem(expect.place(key), f"{sentence}{f' ({why})' if why else ''}")


_RULINGS: Final = {"left": "credits_left", "sessions": "sessions_charged"}
"""Expectations that are called otherwise than the rulings of a decision."""


def _got(key: str, decision: Decision, zone: ZoneInfo) -> tuple[Any, Sequence[Finding]]:
    """What was decided, as an expectation says it, and the findings that say how it came to that."""
    match key:
        case "eligibility":
            return decision.eligibility.value, decision.reasons
        case "reasons":
            return {finding.reason for finding in decision.reasons}, decision.reasons
        case "reply":
            return Mode.DRAFT if decision.drafted else Mode.SEND if decision.told else None, decision.reasons
    ruling: Ruling[Any] = getattr(decision, _RULINGS.get(key, key))
    match ruling.value:
        case datetime() as moment:
            return moment.astimezone(UTC).astimezone(zone).replace(tzinfo=None), ruling.findings
        case AccountRepresentative(name=name):
            return name, ruling.findings
        case Reminder(point=point):
            return point, ruling.findings
    return ruling.value, ruling.findings


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
