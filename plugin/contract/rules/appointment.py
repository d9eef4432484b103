"""C3: which booked appointments are open time for a request: those that its tier grants, on the days that it grants.

An appointment makes a response due earlier, or changes nothing. It stands in nobody's way, and no customer is told.
"""

from datetime import UTC, datetime

from plugin.contract.case import Case
from plugin.contract.decision import Citation, Finding, Outcome
from plugin.contract.model import Appointment
from plugin.contract.policy import AppointmentDays, Clock
from plugin.contract.steps import day_text, moment_text

RULE = "appointment"

Windows = tuple[tuple[datetime, datetime], ...]
"""Spans of open time, each with its end not included."""


def appointments(
    case: Case, tier: str | None, started: datetime | None, due: datetime | None
) -> tuple[Windows, tuple[Finding, ...]]:
    """The windows that count, and what is to be said of each appointment; nothing at all where none is booked.

    `started` is when the response time began to run, `due` when it would end without appointments; None where no
    response time runs.

    Raises:
        LookupError: when no row fits the tier; the check of the mapping files makes sure that one does.
    """
    windows: Windows = ()
    findings: tuple[Finding, ...] = ()
    started, due = (moment.astimezone(UTC) if moment else None for moment in (started, due))
    for appointment in _booked(case, started, due):
        counting, told = _weighed(case, appointment, tier, started, due)
        windows, findings = windows + counting, findings + told
    return windows, findings


def _booked(case: Case, started: datetime | None, due: datetime | None) -> tuple[Appointment, ...]:
    """What was booked for the request, and what was booked for all of the agreement's in the time in question.

    Of the others nothing is to be said: every request would tell of windows years ago. The same twice is said once.
    """
    signed = case.agreement.appointments if case.agreement else ()
    fitting = [each for each in signed if each.request == case.request.key or _for_all(each, started, due)]
    return tuple(dict.fromkeys((*case.request.appointments, *fitting)))


def _for_all(appointment: Appointment, started: datetime | None, due: datetime | None) -> bool:
    start, end = appointment.start, appointment.end
    if appointment.request is not None or start is None or end is None or started is None or due is None:
        return False
    return start < due and started < end


def _weighed(
    case: Case, appointment: Appointment, tier: str | None, started: datetime | None, due: datetime | None
) -> tuple[Windows, tuple[Finding, ...]]:
    name = _name(case, appointment)
    source = [Citation("C3", appointment.source)] if appointment.source else []

    def found(outcome: Outcome, says: str, *cites: Citation) -> Finding:
        return case.finding(RULE, outcome, f"{name} {says}.", *source, *cites)

    def nothing(says: str, *cites: Citation) -> tuple[Windows, tuple[Finding, ...]]:
        return (), (found(Outcome.LIMITED, says, *cites),)

    if appointment.start is None or appointment.end is None:
        missing = "beginning" if appointment.start is None else "end"
        return nothing(f"does not count: it has no {missing}")
    start, end = appointment.start.astimezone(UTC), appointment.end.astimezone(UTC)
    if end <= start:
        return nothing("does not count: it has to end after it begins")
    if tier is None:
        return nothing("does not count: there is no tier to grant it")
    row = case.policy.appointments.find(case.as_of, tier=tier)
    if row is None:
        raise LookupError(f"no row of the appointments fits tier {tier}")
    granting = case.policy.tier(tier).name
    if row.value is AppointmentDays.NONE:
        return nothing(f"does not count: {granting} grants no appointments", row.cites)
    coverage = case.policy.coverage.find(case.as_of, tier=tier)
    if coverage is not None and coverage.value.clock is Clock.ELAPSED:
        return nothing("changes nothing: the response time runs day and night", coverage.cites)
    if coverage is None or started is None or due is None:
        return nothing("changes nothing: no response time runs", row.cites)
    if end <= started:
        return nothing("changes nothing: it ended before the response time began to run", row.cites)
    if start >= due:
        return nothing("changes nothing: the response is due before it begins", row.cites)
    calendar = case.policy.calendars[coverage.value.calendar]
    first, last = max(start, started), min(end, due)
    if calendar.covered(first, last) == last - first:
        return nothing("changes nothing: support is open then anyway", coverage.cites)
    parts = list(calendar.by_date(first, last))
    counting = {day: (begins, ends) for day, begins, ends in parts if row.value.include(day, calendar)}
    refused = ", ".join(day_text(day) for day, *_ in parts if day not in counting)
    findings = []
    if counting:
        only = f" on {', '.join(map(day_text, counting))}" if refused else ""
        findings.append(found(Outcome.MET, f"counts as open time{only}", row.cites))
    if refused:
        says = f"does not count on {refused}: {granting} grants it on days with opening hours only"
        findings.append(found(Outcome.LIMITED, says, row.cites))
    return tuple(counting.values()), tuple(findings)


def _name(case: Case, appointment: Appointment) -> str:
    """What the appointment is called in a sentence: `The appointment from ... to ... (PO 17)`."""
    start, end = appointment.start, appointment.end
    words = [
        "The appointment",
        *([f"from {moment_text(start.astimezone(case.policy.zone))}"] if start else []),
        *([f"to {moment_text(end.astimezone(case.policy.zone))}"] if end else []),
        *([f"({appointment.reference})"] if appointment.reference else []),
    ]
    return " ".join(words)
