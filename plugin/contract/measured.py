"""A response time as another clock measures it, held against the contract's: where they differ, and why (C2, C3)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Final

from plugin.contract.coverage import Calendar, NoCoverageAhead
from plugin.contract.decision import Decision
from plugin.contract.policy import Clock, Policy
from plugin.contract.steps import amount_text, day_text, moment_text
from plugin.contract.tables import AsOf

CLOSE: Final = timedelta(minutes=1)
"""Two moments that are not further apart are the same: fields keep minutes."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What another clock says: when it began, how much time it gives, when that is used up, how much of it has been.

    `until` is when it was stopped or, while it runs, when it was read. All moments are aware.
    """

    start: datetime
    goal: timedelta
    due: datetime
    elapsed: timedelta
    until: datetime
    paused: bool = False


class Cause(StrEnum):
    """Why the other clock ends at another moment."""

    NOT_MEASURED = "not measured"
    NOT_DUE = "not due here"
    NOT_WRITTEN = "fields not written yet"
    START = "other start"
    SEVERITY = "goal of another severity"
    GOAL = "other goal"
    PAUSED = "paused"
    HOLIDAY = "holiday missing"
    ROUND_THE_CLOCK = "round the clock"
    APPOINTMENT = "appointment"
    CALENDAR = "different calendar"


@dataclass(frozen=True, slots=True)
class Why:
    """One cause, and a sentence about it."""

    cause: Cause
    sentence: str


def differences(
    decision: Decision, as_of: AsOf, measured: Measured | None, written: bool, policy: Policy
) -> tuple[Why, ...]:
    """Why the other clock ends at another moment than the contract's; nothing where it does not.

    `as_of` are the days by which the request is judged; `written`: the fields that the other clock goes by show what
    was decided.
    """
    due = decision.response_due.value
    if measured is None:
        return (
            ()
            if due is None
            else (Why(Cause.NOT_MEASURED, "No goal fits it, or there is no such clock."), *_stale(written))
        )
    if due is None:
        sentence = decision.response_due.findings[0].sentence
        return (Why(Cause.NOT_DUE, f"It is measured, and here no response is due: {sentence}"), *_stale(written))
    if _same(due, measured.due):
        return ()
    found = [*_stale(written), *_start(decision, measured, policy), *_goal(decision, as_of, measured, policy)]
    found += _calendar(decision, as_of, measured, policy)
    return tuple(found) or (Why(Cause.CALENDAR, "It counts other hours than the contract's calendar."),)


def _stale(written: bool) -> Iterator[Why]:
    if not written:
        yield Why(Cause.NOT_WRITTEN, "Tier, severity or due time on the request are not what was decided.")


def _start(decision: Decision, measured: Measured, policy: Policy) -> Iterator[Why]:
    started = decision.clock_started
    if started is not None and not _same(started, measured.start):
        ours, others = (moment_text(each.astimezone(policy.zone)) for each in (started, measured.start))
        yield Why(Cause.START, f"It began on {others}; the contract's clock on {ours}.")


def _goal(decision: Decision, as_of: AsOf, measured: Measured, policy: Policy) -> Iterator[Why]:
    tier, severity = decision.tier.value or "", decision.severity.value
    targets = {
        each.level: row.value
        for each in policy.severities
        if (row := policy.response_targets.find(as_of, tier=tier, severity=str(each.level)))
    }
    wanted = targets.get(severity)
    if wanted is None or measured.goal == wanted:
        return
    others = [level for level, target in targets.items() if target == measured.goal]
    goal = amount_text(measured.goal)
    if others:
        sentence = f"Its goal is {goal}, that of severity {others[0]}; the request has severity {severity} now."
        yield Why(Cause.SEVERITY, sentence)
    else:
        yield Why(Cause.GOAL, f"Its goal is {goal}; the contract gives {amount_text(wanted)}.")


def _calendar(decision: Decision, as_of: AsOf, measured: Measured, policy: Policy) -> Iterator[Why]:
    """What does not come of its start and its goal: other hours, or time that did not count."""
    coverage = policy.coverage.find(as_of, tier=decision.tier.value or "")
    if coverage is None:
        return
    calendar, elapsed = policy.calendars[coverage.value.calendar], coverage.value.clock is Clock.ELAPSED
    if elapsed:
        if not _same(measured.start.astimezone(UTC) + measured.goal, measured.due):
            yield Why(Cause.CALENDAR, "It counts open hours; the contract's clock runs day and night.")
        return
    if _same(calendar.due(measured.start, measured.goal), measured.due):
        if _booked(decision):
            yield Why(Cause.APPOINTMENT, "An appointment is open time here, and is not known there.")
        return
    missed = calendar.covered(measured.start, measured.until) - measured.elapsed
    if measured.paused or missed > CLOSE:
        yield Why(
            Cause.PAUSED, f"It was paused for {amount_text(_whole(max(missed, timedelta())))}; here nothing pauses."
        )
    elif _same(measured.start.astimezone(UTC) + measured.goal, measured.due):
        yield Why(Cause.ROUND_THE_CLOCK, "It counts day and night.")
    elif missing := _missing(calendar, measured):
        days = ", ".join(f"{day_text(day)} {day.year}" + (f" ({name})" if name else "") for day, name in missing)
        yield Why(Cause.HOLIDAY, f"Its calendar is open on {days}.")
    else:
        yield Why(Cause.CALENDAR, "It counts other hours than the contract's calendar.")


def _missing(calendar: Calendar, measured: Measured) -> Sequence[tuple[date, str]]:
    """The closed days without which the contract's calendar would end where the other one does."""
    last = calendar.due(measured.start, measured.goal)
    days = [
        (day, name)
        for day, name in calendar.closed
        if measured.start.date() <= day <= last.date() and day.weekday() in {each.weekday for each in calendar.week}
    ]
    for several in (*([each] for each in days), days):
        open_then = replace(calendar, closed=tuple(each for each in calendar.closed if each not in several))
        try:
            if several and _same(open_then.due(measured.start, measured.goal), measured.due):
                return several
        except NoCoverageAhead:
            continue
    return ()


def _booked(decision: Decision) -> bool:
    return any(finding.rule == "appointment" for finding in decision.response_due.findings)


def _whole(length: timedelta) -> timedelta:
    """To the minute."""
    return timedelta(minutes=length // timedelta(minutes=1))


def _same(one: datetime, other: datetime) -> bool:
    return abs(one.astimezone(UTC) - other.astimezone(UTC)) <= CLOSE
