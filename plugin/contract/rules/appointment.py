"""C3: which booked appointments are open time for a request: those that its tier grants, on the days that it grants.

An appointment makes a response due earlier, or changes nothing. It stands in nobody's way, and no customer is told.
"""

from datetime import UTC, datetime

from plugin.contract.case import Case
from plugin.contract.decision import Citation, Finding, Outcome
from plugin.contract.model import Appointment
from plugin.contract.policy import AppointmentDays, Clock
from plugin.contract.saying import Said, Several, say
from plugin.contract.steps import Days, Moment

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

    def found(outcome: Outcome, says: Said, *cites: Citation) -> Finding:
        return case.finding(RULE, outcome, say("{appointment} {says}.", appointment=name, says=says), *source, *cites)

    def nothing(says: Said, *cites: Citation) -> tuple[Windows, tuple[Finding, ...]]:
        return (), (found(Outcome.LIMITED, says, *cites),)

    if appointment.start is None or appointment.end is None:
        no_beginning = say("does not count: it has no beginning")
        return nothing(no_beginning if appointment.start is None else say("does not count: it has no end"))
    start, end = appointment.start.astimezone(UTC), appointment.end.astimezone(UTC)
    if end <= start:
        return nothing(say("does not count: it has to end after it begins"))
    if tier is None:
        return nothing(say("does not count: there is no tier to grant it"))
    row = case.policy.appointments.find(case.as_of, tier=tier)
    if row is None:
        raise LookupError(f"no row of the appointments fits tier {tier}")
    granting = case.policy.tier(tier).name
    if row.value is AppointmentDays.NONE:
        return nothing(say("does not count: {tier} grants no appointments", tier=granting), row.cites)
    coverage = case.policy.coverage.find(case.as_of, tier=tier)
    if coverage is not None and coverage.value.clock is Clock.ELAPSED:
        return nothing(say("changes nothing: the response time runs day and night"), coverage.cites)
    if coverage is None or started is None or due is None:
        return nothing(say("changes nothing: no response time runs"), row.cites)
    if end <= started:
        return nothing(say("changes nothing: it ended before the response time began to run"), row.cites)
    if start >= due:
        return nothing(say("changes nothing: the response is due before it begins"), row.cites)
    calendar = case.policy.calendars[coverage.value.calendar]
    first, last = max(start, started), min(end, due)
    if calendar.covered(first, last) == last - first:
        return nothing(say("changes nothing: support is open then anyway"), coverage.cites)
    parts = list(calendar.by_date(first, last))
    counting = {day: (begins, ends) for day, begins, ends in parts if row.value.include(day, calendar)}
    refused = Several.of(Days(day, day, dated=True) for day, *_ in parts if day not in counting)
    findings = []
    if counting:
        only = Several.of(Days(day, day, dated=True) for day in counting)
        says = say("counts as open time on {days}", days=only) if refused.items else say("counts as open time")
        findings.append(found(Outcome.MET, says, row.cites))
    if refused.items:
        says = say(
            "does not count on {days}: {tier} grants it on days with opening hours only", days=refused, tier=granting
        )
        findings.append(found(Outcome.LIMITED, says, row.cites))
    return tuple(counting.values()), tuple(findings)


def _name(case: Case, appointment: Appointment) -> Said:
    """What the appointment is called in a sentence: `The appointment from ... to ... (PO 17)`."""
    begins, ends = (
        Moment(moment.astimezone(case.policy.zone)) if moment else None
        for moment in (appointment.start, appointment.end)
    )
    if begins and ends:
        name = say("The appointment from {begins} to {ends}", begins=begins, ends=ends)
    elif begins:
        name = say("The appointment from {begins}", begins=begins)
    elif ends:
        name = say("The appointment to {ends}", ends=ends)
    else:
        name = say("The appointment")
    return (
        say("{appointment} ({reference})", appointment=name, reference=appointment.reference)
        if appointment.reference
        else name
    )
