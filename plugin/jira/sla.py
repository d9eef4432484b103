"""Jira's native SLAs: what to enter for the policy, since no API sets them, and what they measure.

https://support.atlassian.com/jira-service-management-cloud/docs/create-sla-goals/
https://developer.atlassian.com/cloud/jira/service-desk/rest/api-group-request/#api-rest-servicedeskapi-request-issueidorkey-sla-get
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from plugin.contract.coverage import Calendar
from plugin.contract.instants import MIDNIGHT
from plugin.contract.measured import Measured
from plugin.contract.policy import AppointmentDays, Clock, ClockStart, Policy
from plugin.contract.steps import amount_text
from plugin.contract.week import WEEKDAYS
from plugin.jira.fields import Declared

Json = Mapping[str, Any]

MOST_GOALS: Final = 90
"""What one SLA of JSM can have."""

ALWAYS: Final = "24/7"
"""JSM's own calendar without a closed hour, for times that run by the clock."""


@dataclass(frozen=True, slots=True)
class Goal:
    """One row of an SLA: which requests it is for, how much time they have, in which calendar."""

    jql: str
    within: timedelta
    calendar: str


@dataclass(frozen=True, slots=True)
class Hours:
    """A calendar to enter: its zone, the hours of each weekday, and its holidays from a day on."""

    name: str
    zone: str
    week: tuple[tuple[str, str], ...]
    holidays: tuple[tuple[date, str], ...]


@dataclass(frozen=True, slots=True)
class Recipe:
    """What an administrator enters. `limits` says what JSM cannot count as the contract does, a sentence each."""

    calendars: tuple[Hours, ...]
    goals: tuple[Goal, ...]
    limits: tuple[str, ...]


def recipe(policy: Policy, declared: Declared, day: date) -> Recipe:
    """The calendars and goals for requests raised on a day. Holidays are those until the end of the next year."""
    goals: list[Goal] = []
    for tier in policy.tiers:
        coverage = policy.coverage.find(day, tier=tier.id)
        for severity in policy.severities:
            target = policy.response_targets.find(day, tier=tier.id, severity=str(severity.level))
            if target is not None and target.value is not None and coverage is not None:
                calendar = ALWAYS if coverage.value.clock is Clock.ELAPSED else coverage.value.calendar
                words = {"tier": tier.id, "severity": str(severity.level)}
                jql = " AND ".join(_equals(declared, word, value) for word, value in words.items())
                goals.append(Goal(jql, target.value, calendar))
    used = [name for name in dict.fromkeys(goal.calendar for goal in goals) if name != ALWAYS]
    hours = tuple(_hours(policy.calendars[name], day) for name in used)
    return Recipe(hours, tuple(goals), tuple(_limits(policy, goals, hours, day)))


def _equals(declared: Declared, word: str, value: str) -> str:
    """A condition of JQL on one of our fields, by its name; one that is declared by its schema alone has none."""
    spec = declared.fields[word]
    option = next((name for name, ours in (spec.values or {}).items() if ours == value), value)
    return f"{_quoted(spec.name or word)} = {_quoted(option)}"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _hours(calendar: Calendar, day: date) -> Hours:
    week = []
    for number, weekday in enumerate(WEEKDAYS):
        windows = [f"{_clock(each.opens)}-{_clock(each.closes)}" for each in calendar.week if each.weekday == number]
        week.append((weekday, ", ".join(windows) or "closed"))
    ahead = tuple((closed, name) for closed, name in calendar.closed if day <= closed <= date(day.year + 1, 12, 31))
    return Hours(calendar.name, calendar.zone, tuple(week), ahead)


def _clock(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return f"{hours:02}:{rest:02}"


def _limits(policy: Policy, goals: Sequence[Goal], hours: Sequence[Hours], day: date) -> Iterator[str]:
    if len(goals) > MOST_GOALS:
        yield f"These are {len(goals)} goals, and one SLA can have {MOST_GOALS}: make several SLAs, by tier."
    starts = policy.clock_starts.find(day)
    if starts is not None and starts.value is ClockStart.ELIGIBLE:
        yield (
            "JSM starts when a request is created. The contract's clock starts later where the customer has to do "
            "something first: there JSM's breach time is too early."
        )
    granted = [each for each in policy.tiers if _grants(policy, each.id, day)]
    if granted:
        names = ", ".join(each.name for each in granted)
        yield f"Appointments ({names}) are in no JSM calendar: a night that is booked moves the due time here only."
    used = {goal.calendar for goal in goals} - {ALWAYS}
    if any(each.closes > MIDNIGHT for name in used for each in policy.calendars[name].week):
        yield "A window past midnight is entered as two: until 24:00, and from 0:00 on the next day."
    if len({each.zone for each in hours}) > 1:
        yield "The calendars have several time zones: JSM has one for each calendar, so enter each by itself."
    yield (
        "JSM stops with any public comment of an agent's account, the replies of this product among them; the "
        "contract's clock stops with a person's."
    )
    dated = sorted({row.cited.since for row in policy.response_targets.rows if row.cited.since > day})
    if dated:
        yield f"Other response times begin on {', '.join(map(str, dated))}: enter this recipe anew on that day (--on)."


def _grants(policy: Policy, tier: str, day: date) -> bool:
    row = policy.appointments.find(day, tier=tier)
    return row is not None and row.value is not AppointmentDays.NONE


def as_text(told: Recipe) -> str:
    """The recipe as steps for a person."""
    lines = ["1. Project settings > SLAs > Calendars: add", ""]
    for each in told.calendars:
        lines += [f"   {each.name}, time zone {each.zone}", *(f"     {day}  {open_}" for day, open_ in each.week)]
        lines += ["     holidays:", *(f"       {closed}  {name}".rstrip() for closed, name in each.holidays), ""]
    lines += [
        "2. SLAs > Create SLA: Time to first response",
        "     start counting: Issue created",
        "     pause counting: never",
        "     stop counting: Comment: for customers",
        "",
        "3. Its goals, in this order; all remaining requests: no target",
        "",
    ]
    for goal in told.goals:
        lines += [f"   {goal.jql}", f"     within {amount_text(goal.within)}, calendar {goal.calendar}"]
    lines += ["", "What JSM cannot count as the contract does:", *(f"   - {each}" for each in told.limits)]
    return "\n".join(lines)


def measured(slas: Iterable[Json], name: str, now: datetime) -> Measured | None:
    """The first cycle of the SLA with this name, in any case; None where there is none. `now` is when it was read."""
    found = next((each for each in slas if str(each.get("name")).strip().casefold() == name.strip().casefold()), None)
    if found is None:
        return None
    cycles = [*(found.get("completedCycles") or ()), *([found["ongoingCycle"]] if found.get("ongoingCycle") else ())]
    started = [each for each in cycles if each.get("breachTime") and each.get("goalDuration")]
    if not started:
        return None
    first = min(started, key=lambda each: int(each["startTime"]["epochMillis"]))
    stop = first.get("stopTime")
    return Measured(
        start=_moment(first["startTime"]),
        goal=_length(first["goalDuration"]),
        due=_moment(first["breachTime"]),
        elapsed=_length(first.get("elapsedTime") or {"millis": 0}),
        until=_moment(stop) if stop else now,
        paused=first.get("paused") is True,
    )


def _moment(told: Json) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=int(told["epochMillis"]))


def _length(told: Json) -> timedelta:
    return timedelta(milliseconds=int(told["millis"]))
