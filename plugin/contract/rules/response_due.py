"""C2, C3: when the first response is due, in covered time; the clock is never paused."""

from collections.abc import Iterable
from datetime import UTC, datetime

from plugin.contract.case import Case
from plugin.contract.decision import Eligibility, Finding, Outcome, Ruling
from plugin.contract.policy import Clock, ClockStart
from plugin.contract.saying import Several, say
from plugin.contract.steps import Moment, amount_text, steps_said

RULE = "response_due"


def clock_started(case: Case, eligibility: Eligibility, now: datetime) -> datetime | None:
    """The moment from which the response time runs, None where it never has.

    A request that had to wait starts its clock with the customer's change since then, else (the agreement or the
    policy changed) at `now`. Once started it keeps its start, even through a later wait: a slip of anybody's pen
    must not move a promise that was made.
    """
    request, standing = case.request, case.request.standing
    if not _waits_for_the_customer(case):
        return request.raised
    if standing is not None and standing.clock_started is not None:
        return standing.clock_started
    if eligibility.waits:
        return None
    if standing is None or not standing.waited:
        return request.raised
    amended = request.amended or now
    # As instants: two times of one zone compare by the clock on the wall, which shows an hour twice in autumn.
    decided, change, present = (each.astimezone(UTC) for each in (standing.decided_at, amended, now))
    return amended if decided <= change <= present else now


def clock_runs(case: Case, eligibility: Eligibility) -> bool:
    """Does the response time run, or has the customer to do something first?"""
    return not (eligibility.waits and _waits_for_the_customer(case))


def _waits_for_the_customer(case: Case) -> bool:
    starts = case.policy.clock_starts.find(case.as_of)
    return starts is not None and starts.value is ClockStart.ELIGIBLE


def response_due(
    case: Case,
    tier: str | None,
    severity: int,
    started: datetime | None,
    booked: Iterable[tuple[datetime, datetime]] = (),
) -> Ruling[datetime | None]:
    """When the first response is due, in the calendar's zone. None where none is promised, or not yet.

    `booked` are windows that are open time for this deadline beside the calendar's own hours.

    Raises:
        NoCoverageAhead: when the calendar has no opening for years to come.
    """
    if tier is None:
        return Ruling(None, (case.finding(RULE, Outcome.NOT_MET, say("Without a tier no response time is promised.")),))
    target = case.policy.response_targets.find(case.as_of, tier=tier, severity=str(severity))
    coverage = case.policy.coverage.find(case.as_of, tier=tier)
    if target is None or target.value is None or coverage is None:
        sentence = say("The tier promises no response time for severity {severity}.", severity=severity)
        return Ruling(None, (case.finding(RULE, Outcome.LIMITED, sentence, *([target.cites] if target else [])),))
    hours = amount_text(target.value)
    if started is None:
        sentence = say(
            "The {hours} for severity {severity} run once the customer has done what is asked.",
            hours=hours,
            severity=severity,
        )
        return Ruling(None, (case.finding(RULE, Outcome.UNKNOWN, sentence, target.cites),))
    if coverage.value.clock is Clock.ELAPSED:
        due = (started.astimezone(UTC) + target.value).astimezone(case.policy.zone)
        sentence = say(
            "{hours} by the clock for severity {severity} from {moment}.",
            hours=hours,
            severity=severity,
            moment=Moment(started.astimezone(due.tzinfo)),
        )
        return Ruling(due, (case.finding(RULE, Outcome.MET, sentence, target.cites, coverage.cites),))
    calendar = case.policy.calendars[coverage.value.calendar].with_appointments(booked)
    due = calendar.due(started, target.value)
    steps = steps_said(calendar.steps(started, target.value))
    local = started.astimezone(due.tzinfo)
    sentence = say(
        "{hours} of covered time for severity {severity} from {moment}: {steps}.",
        hours=hours,
        severity=severity,
        moment=Moment(local),
        steps=steps,
    )
    findings: list[Finding] = [
        case.finding(RULE, Outcome.MET, sentence, target.cites, coverage.cites, steps=str(steps))
    ]
    if missing := calendar.years_without_holidays(started, due):
        sentence = say(
            "The calendar {calendar} has no public holidays for {years}; the deadline may be too early.",
            calendar=calendar.name,
            years=Several.of(map(str, missing)),
        )
        findings.append(case.finding(RULE, Outcome.LIMITED, sentence, coverage.cites))
    return Ruling(due, tuple(findings))
