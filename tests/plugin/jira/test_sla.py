"""Jira's native SLAs: what is to be entered, what cannot be, and how their cycles are read."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from plugin.contract.coverage import Calendar
from plugin.contract.policy import Clock, ClockStart, Coverage, Severity
from plugin.contract.tables import ANY
from plugin.jira.sla import ALWAYS, MOST_GOALS, as_text, measured, recipe
from tests.plugin.contract.builders import POLICY, always, policy, table
from tests.plugin.jira.builders import DECLARED

DAY = date(2026, 11, 26)
READ = datetime(2026, 11, 26, 12, tzinfo=UTC)


def date_of(moment: datetime) -> dict[str, Any]:
    return {"epochMillis": int(moment.timestamp() * 1000), "friendly": "Today"}


def cycle(start: datetime, stop: datetime | None = None, **more: Any) -> dict[str, Any]:
    told = {
        "startTime": date_of(start),
        "breachTime": date_of(start + timedelta(hours=8)),
        "goalDuration": {"millis": 8 * 3_600_000},
        "elapsedTime": {"millis": 60_000},
        **more,
    }
    return told if stop is None else {**told, "stopTime": date_of(stop)}


def test_each_tier_and_severity_has_a_goal_by_the_fields_that_are_written() -> None:
    told = recipe(POLICY, DECLARED, DAY)
    assert len(told.goals) == 9
    first = told.goals[0]
    assert first.jql == '"Support tier" = "Premium" AND "Ruled severity" = "Severity 1"'
    assert (first.within, first.calendar) == (timedelta(hours=8), "business")
    [hours] = told.calendars
    assert hours.week[0] == ("mon", "08:00-18:00")
    assert hours.holidays == (
        (date(2026, 12, 25), "Christmas Day"),
        (date(2027, 1, 1), "New Year's Day"),
        (date(2027, 1, 6), "Epiphany"),
    )


def test_what_jsm_cannot_count_is_said() -> None:
    limits = " ".join(recipe(POLICY, DECLARED, DAY).limits)
    assert "The contract's clock starts later" in limits
    assert "Appointments (Premium, Advanced)" in limits
    assert "the replies of this product among them" in limits
    from_raising = policy(clock_starts=always(ClockStart.RAISED), appointments=table("C3", "coverage.yaml"))
    assert len(recipe(from_raising, DECLARED, DAY).limits) == 1


def test_several_zones_nights_and_hours_by_the_clock_are_said_apart() -> None:
    night = Calendar.from_week("America/Havana", {"fri": [("22:00", "06:00")]}, name="night")
    coverage = table(
        "C3",
        "coverage.yaml",
        ({"tier": "premium"}, Coverage("night", Clock.COVERAGE)),
        ({"tier": "advanced"}, Coverage("business", Clock.ELAPSED)),
        ({"tier": ANY}, Coverage("business", Clock.COVERAGE)),
    )
    told = recipe(policy(coverage=coverage, calendars={**POLICY.calendars, "night": night}), DECLARED, DAY)
    assert [each.calendar for each in told.goals] == ["night"] * 3 + [ALWAYS] * 3 + ["business"] * 3
    limits = " ".join(told.limits)
    assert "A window past midnight" in limits
    assert "several time zones" in limits


def test_more_goals_than_an_sla_can_have_and_other_times_to_come_are_said() -> None:
    many = tuple(Severity(level, str(level)) for level in range(1, 40))
    rows = [({"tier": ANY, "severity": ANY}, timedelta(hours=8))]
    later = ({"tier": ANY, "severity": ANY}, timedelta(hours=6), date(2027, 7, 1))
    under = policy(severities=many, response_targets=table("C2", "tiers.yaml", *rows, later))
    told = recipe(under, DECLARED, DAY)
    assert len(told.goals) > MOST_GOALS
    assert any("one SLA can have 90" in each for each in told.limits)
    assert any("Other response times begin on 2027-07-01" in each for each in told.limits)
    assert told.goals[0].within == timedelta(hours=8)
    assert recipe(under, DECLARED, date(2027, 7, 1)).goals[0].within == timedelta(hours=6)


def test_nothing_is_promised_where_a_tier_promises_nothing() -> None:
    under = policy(response_targets=always(None, "C2", "tiers.yaml"))
    assert recipe(under, DECLARED, DAY).goals == ()
    assert "3. Its goals" in as_text(recipe(under, DECLARED, DAY))


def test_the_first_cycle_counts_whether_it_goes_on_or_not() -> None:
    early, late = READ - timedelta(hours=5), READ - timedelta(hours=1)
    sla = {"name": "Time to first response", "completedCycles": [cycle(early, late)], "ongoingCycle": cycle(late)}
    found = measured([{"name": "Another", "completedCycles": []}, sla], "time to First response", READ)
    assert found is not None
    assert (found.start, found.due, found.until) == (early, early + timedelta(hours=8), late)
    assert (found.goal, found.elapsed, found.paused) == (timedelta(hours=8), timedelta(minutes=1), False)


def test_an_sla_without_a_cycle_and_one_of_another_name_measure_nothing() -> None:
    assert measured([{"name": "X", "completedCycles": []}], "X", READ) is None
    assert measured([], "X", READ) is None
    paused = {"name": "X", "completedCycles": [], "ongoingCycle": cycle(READ, paused=True)}
    found = measured([paused], "X", READ)
    assert found is not None
    assert (found.paused, found.until) == (True, READ)
