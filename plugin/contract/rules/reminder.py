"""C2: when agents are reminded of a response that nobody has given yet: while support is on duty."""

from collections.abc import Iterator
from datetime import UTC, datetime

from plugin.contract.case import Case
from plugin.contract.coverage import Calendar
from plugin.contract.decision import Outcome, Reminder, ResponseKept, Ruling
from plugin.contract.instants import instant_of
from plugin.contract.policy import Clock
from plugin.contract.reminding import Measure, Point, Reminding
from plugin.contract.rules.appointment import Windows
from plugin.contract.rules.response_kept import PAST
from plugin.contract.saying import say
from plugin.contract.steps import Moment

RULE = "reminder"

_RUNS = (ResponseKept.OPEN, ResponseKept.OVERDUE)


def response_reminder(
    case: Case,
    tier: str | None,
    severity: int,
    started: datetime | None,
    booked: Windows,
    kept: ResponseKept,
    followed_since: datetime,
    now: datetime,
) -> tuple[Ruling[Reminder | None], datetime | None]:
    """The last reminder that is due by `now`, None where there is none; and the moment of the next one.

    `started` is when the response time began to run, `booked` the windows that are open time for it. What would have
    been due by `followed_since` is passed over: whoever sees a request for the first time sees it for themselves.

    Raises:
        LookupError: when no row fits; the check of the mapping files makes sure that one does.
    """
    if kept not in _RUNS or tier is None or started is None:
        return Ruling(
            None, (case.finding(RULE, Outcome.MET, say("Nobody is reminded: the response is {kept}.", kept=kept)),)
        ), None
    if case.request.backfill is not None and not case.request.backfill.replies:
        sentence = say("Nobody is reminded: it was raised before requests were served, and taken up without a word.")
        return Ruling(None, (case.finding(RULE, Outcome.MET, sentence),)), None
    row = case.policy.reminders.find(case.as_of, tier=tier, severity=str(severity))
    if row is None:
        raise LookupError(f"no row of the reminders fits tier {tier}, severity {severity}")
    moments = list(_moments(case, tier, severity, started, booked, row.value))
    coming = [moment for moment, _ in moments if instant_of(now) < instant_of(moment)]
    following = min(coming, key=instant_of, default=None)
    reached = [
        (moment, point)
        for moment, point in moments
        if instant_of(followed_since) < instant_of(moment) <= instant_of(now)
    ]
    if not reached:
        return Ruling(None, (case.finding(RULE, Outcome.MET, say("Nobody is reminded yet."), row.cites),)), following
    moment, point = reached[-1]
    by = row.value
    reminder = Reminder(str(point), moment.astimezone(UTC), by.note, by.field, by.priority)
    sentence = say(
        "Agents are reminded since {moment} ({point}): nobody has responded.",
        moment=Moment(moment.astimezone(case.policy.zone)),
        point=point,
    )
    return Ruling(reminder, (case.finding(RULE, Outcome.LIMITED, sentence, row.cites),)), following


def _moments(
    case: Case, tier: str, severity: int, started: datetime, booked: Windows, by: Reminding
) -> Iterator[tuple[datetime, Point]]:
    """The moment of each point, in the order of the response time."""
    target = case.policy.response_targets.find(case.as_of, tier=tier, severity=str(severity))
    coverage = case.policy.coverage.find(case.as_of, tier=tier)
    if target is None or target.value is None or coverage is None:
        return
    elapsed = coverage.value.clock is Clock.ELAPSED
    calendar = case.policy.calendars[coverage.value.calendar].with_appointments(booked)
    gone = [(amount, point) for point in by.points if (amount := point.of(target.value)) is not None]
    for amount, point in sorted(gone, key=lambda each: each[0]):
        moment = started.astimezone(UTC) + amount if elapsed else calendar.due(started, amount)
        on_duty = _on_duty(calendar, moment, point, started)
        if on_duty is not None:
            yield on_duty, point


def _on_duty(calendar: Calendar, moment: datetime, point: Point, started: datetime) -> datetime | None:
    """When somebody is there to be reminded: the last open moment before; of what is overdue, the next one.

    None where support was not open any more since the time began to run.
    """
    if point.measure is Measure.OVERDUE:
        return calendar.next_opening(moment.astimezone(UTC) + PAST)
    last = calendar.last_open(moment)
    return last if instant_of(started) < instant_of(last) else None
