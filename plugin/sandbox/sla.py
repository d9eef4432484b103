"""The service desk's own SLA, "Time to first response", as JSM counts it: a calendar, goals by two fields, pauses.

Its calendar, goals and pauses can be set, so that it counts otherwise than the contract does. It starts when a request
is created and stops with the first public comment of an agent, whoever that is: JSM does not tell people from machines.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import holidays

from plugin.sandbox.records import Issue
from plugin.sandbox.site import Option, Site

NAME = "Time to first response"
ID = "1"
_HOURS = {"Premium": (8, 12, 24), "Advanced": (16, 24, 36), "Basic": (24, 48, 72)}
_YEARS = range(2024, 2031)

Span = tuple[datetime, datetime | None]


def _closed() -> dict[date, str]:
    return dict(holidays.country_holidays("DE", subdiv="BW", years=_YEARS, language="en_US"))


def _goals() -> dict[tuple[str, str], timedelta]:
    return {
        (tier, f"Severity {severity}"): timedelta(hours=hours)
        for tier, several in _HOURS.items()
        for severity, hours in enumerate(several, start=1)
    }


@dataclass(frozen=True, slots=True)
class Cycle:
    """One measurement, as JSM tells it; `stop` is None while it goes on."""

    start: datetime
    stop: datetime | None
    breach: datetime
    goal: timedelta
    elapsed: timedelta
    paused: bool
    open_now: bool


@dataclass(slots=True)
class Sla:
    """What an administrator has entered. `closed` are the calendar's holidays, `pauses` spans by a request's key."""

    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Europe/Berlin"))
    opens: time = time(8)
    closes: time = time(18)
    closed: dict[date, str] = field(default_factory=_closed)
    goals: dict[tuple[str, str], timedelta] = field(default_factory=_goals)
    pauses: dict[str, list[Span]] = field(default_factory=dict)
    starts: dict[str, datetime] = field(default_factory=dict)

    def cycle(self, site: Site, issue: Issue, now: datetime) -> Cycle | None:
        """The measurement of this request; None where no goal fits it."""
        chosen = [issue.values.get(site.field(name).id) for name in ("Support tier", "Ruled severity")]
        words = tuple(each.value for each in chosen if isinstance(each, Option))
        goal = self.goals.get(words) if len(words) == 2 else None
        if goal is None:
            return None
        start = self.starts.get(issue.key, issue.created)
        answered = [each.created for each in issue.comments if each.public and each.author.agent]
        stop = min((each for each in answered if each >= start), default=issue.resolved)
        until, pauses = stop or now, self.pauses.get(issue.key, [])
        elapsed = sum((ends - begins for begins, ends in self._counted(start, until, pauses)), timedelta())
        return Cycle(
            start=start,
            stop=stop,
            breach=self._breach(start, goal, until, pauses),
            goal=goal,
            elapsed=elapsed,
            paused=stop is None and any(begins <= now and (ends is None or now < ends) for begins, ends in pauses),
            open_now=any(begins <= now < ends for begins, ends in self._open(now, now + timedelta(minutes=1))),
        )

    def _breach(self, start: datetime, goal: timedelta, until: datetime, pauses: Iterable[Span]) -> datetime:
        """When the goal is, or would have been, used up. Paused time is counted up to `until` only."""
        rest = goal
        known = [(begins, until if ends is None else ends) for begins, ends in pauses]
        for begins, ends in self._counted(start, start + timedelta(days=400), known):
            if begins + rest <= ends:
                return begins + rest
            rest -= ends - begins
        raise ValueError(f"no breach of {goal} within 400 days")

    def _counted(self, start: datetime, end: datetime, pauses: Iterable[Span]) -> Iterator[tuple[datetime, datetime]]:
        """The open time between two moments that is not paused."""
        for begins, ends in self._open(start, end):
            parts = [(begins, ends)]
            for pause, resume in pauses:
                resumes = resume or end
                parts = [
                    part
                    for one, other in parts
                    for part in ((one, min(other, pause)), (max(one, resumes), other))
                    if part[0] < part[1]
                ]
            yield from parts

    def _open(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        day = start.astimezone(self.zone).date()
        while (opens := datetime.combine(day, self.opens, self.zone).astimezone(UTC)) < end:
            closes = datetime.combine(day, self.closes, self.zone).astimezone(UTC)
            begins, ends = max(opens, start), min(closes, end)
            if day.weekday() < 5 and day not in self.closed and begins < ends:
                yield begins, ends
            day += timedelta(days=1)
