"""Another clock held against the contract's: where it ends at another moment, and why."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.contract.decide import decide
from plugin.contract.decision import Decision
from plugin.contract.measured import Cause, Measured, differences
from plugin.contract.policy import Clock, Coverage, Policy
from plugin.contract.tables import ANY, AsOf
from tests.plugin.contract.builders import CALENDAR, JONAS, POLICY, agreement, at, policy, request, table

RAISED = at("2026-12-23 15:00")
"""Severity 1 of Premium is due on Thursday at 13:00."""
FAULT = request(kind="fault", environment="production", impact="down", raised=RAISED)
AS_OF = AsOf(RAISED.date(), RAISED.date())
HOURS = timedelta(hours=8)


def clock(due: str | datetime, **changes: Any) -> Measured:
    """One that began when the request was raised, and was stopped at once."""
    moment = at(due) if isinstance(due, str) else due
    return replace(Measured(RAISED, HOURS, moment, timedelta(0), RAISED), **changes)


def causes(measured: Measured | None, under: Policy = POLICY, written: bool = True, **changes: Any) -> list[Cause]:
    decision: Decision = decide(replace(FAULT, **changes), agreement(), under, RAISED)
    return [each.cause for each in differences(decision, AS_OF, measured, written, under)]


def test_the_same_moment_to_the_minute_is_no_difference() -> None:
    assert causes(clock("2026-12-24 13:00")) == causes(clock("2026-12-24 13:00:59")) == []
    assert causes(clock("2026-12-24 13:02")) == [Cause.CALENDAR]


def test_what_is_measured_on_one_side_only_is_told() -> None:
    assert causes(None) == [Cause.NOT_MEASURED]
    assert causes(None, written=False) == [Cause.NOT_MEASURED, Cause.NOT_WRITTEN]
    assert causes(None, raised_by=JONAS) == []
    assert causes(clock("2026-12-24 13:00"), raised_by=JONAS) == [Cause.NOT_DUE]


@pytest.mark.parametrize(
    ("measured", "cause"),
    [
        (clock("2026-12-24 14:00", start=RAISED + timedelta(hours=1)), Cause.START),
        (clock("2026-12-24 11:00", goal=timedelta(hours=6)), Cause.GOAL),
        (clock("2026-12-24 17:00", goal=timedelta(hours=12)), Cause.SEVERITY),
        (clock("2026-12-23 23:00"), Cause.ROUND_THE_CLOCK),
        (clock("2026-12-24 15:00", until=at("2026-12-23 17:00")), Cause.PAUSED),
        (clock("2026-12-24 14:00", paused=True), Cause.PAUSED),
        (clock("2026-12-24 13:30"), Cause.CALENDAR),
    ],
)
def test_each_cause_is_told_by_itself(measured: Measured, cause: Cause) -> None:
    assert causes(measured) == [cause]


def test_a_holiday_that_is_missing_is_named_and_so_are_several() -> None:
    decision = decide(replace(FAULT, impact="minor"), agreement(), POLICY, RAISED)
    open_at_christmas = replace(CALENDAR, closed=CALENDAR.closed[1:])
    measured = replace(
        clock(open_at_christmas.due(RAISED, timedelta(hours=24))),
        goal=timedelta(hours=24),
    )
    [why] = differences(decision, AS_OF, measured, True, POLICY)
    assert (why.cause, why.sentence) == (
        Cause.HOLIDAY,
        "Its calendar is open on Fri 25 Dec 2026 (Christmas Day).",
    )


def test_where_the_contract_runs_by_the_clock_open_hours_are_another_calendar() -> None:
    elapsed = policy(coverage=table("C3", "coverage.yaml", ({"tier": ANY}, Coverage("business", Clock.ELAPSED))))
    assert causes(clock("2026-12-23 23:00"), elapsed) == []
    assert causes(clock("2026-12-24 13:00"), elapsed) == [Cause.CALENDAR]


@given(
    st.timedeltas(timedelta(0), timedelta(days=9)),
    st.timedeltas(timedelta(hours=1), timedelta(hours=80)),
    st.timedeltas(timedelta(0), timedelta(days=20)),
    st.booleans(),
    st.booleans(),
)
def test_whatever_is_measured_a_cause_is_told_just_when_it_ends_at_another_moment(
    began: timedelta, goal: timedelta, gone: timedelta, paused: bool, written: bool
) -> None:
    start = RAISED.astimezone(UTC) + began
    measured = Measured(start, goal, start + gone, timedelta(0), start, paused)
    decision = decide(FAULT, agreement(), POLICY, RAISED)
    due = decision.response_due.value
    assert due is not None
    apart = abs(due.astimezone(UTC) - measured.due) > timedelta(minutes=1)
    assert bool(differences(decision, AS_OF, measured, written, POLICY)) == apart
