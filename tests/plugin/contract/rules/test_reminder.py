"""C2: when agents are reminded of a response that nobody has given yet."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.contract.decide import decide, standing_after
from plugin.contract.decision import Backfill, Decision
from plugin.contract.instants import instant_of
from plugin.contract.model import Author, Comment
from plugin.contract.policy import Clock, Coverage, Policy
from plugin.contract.tables import ANY
from tests.plugin.contract.builders import (
    CALENDAR,
    JONAS,
    POLICY,
    agreement,
    at,
    booked,
    policy,
    reminding,
    request,
    table,
)

RAISED = "2026-11-20 16:00"
"""A Friday: of the eight hours of severity 1, two are left on it; they end on Monday at 14:00."""
FAULT = request(kind="fault", environment="production", impact="down", raised=RAISED)
ELAPSED = table("C3", "coverage.yaml", ({"tier": ANY}, Coverage("business", Clock.ELAPSED)))


def reminded_at(*points: str, **more: Any) -> Policy:
    reminders = table("C2", "tiers.yaml", ({"tier": ANY, "severity": ANY}, reminding(*points, **more)))
    return policy(reminders=reminders)


def later(now: str | datetime, under: Policy = POLICY, **changes: Any) -> Decision:
    """The decision after one when it was raised."""
    asked = replace(FAULT, **changes)
    first = decide(asked, agreement(), under, asked.raised)
    moment = at(now) if isinstance(now, str) else now
    return decide(replace(asked, standing=standing_after(first, None)), agreement(), under, moment)


def point(now: str, under: Policy = POLICY, **changes: Any) -> str | None:
    reminder = later(now, under, **changes).response_reminder.value
    return reminder.point if reminder else None


@pytest.mark.parametrize(("terms", "told"), [(Backfill(), None), (Backfill(replies=True), "25 %"), (None, "25 %")])
def test_nobody_is_reminded_of_a_request_that_was_taken_up_without_a_word(
    terms: Backfill | None, told: str | None
) -> None:
    assert point("2026-11-20 18:00", reminded_at("25 %"), backfill=terms) == told


@pytest.mark.parametrize(
    ("now", "told"),
    [
        ("2026-11-20 17:59", None),
        ("2026-11-20 18:00", "25 %"),
        ("2026-11-23 09:59", "25 %"),
        ("2026-11-23 10:00", "50 %"),
        ("2026-11-23 12:00", "2 h before"),
        ("2026-11-23 14:00", "2 h before"),
        ("2026-11-23 14:00:01", "overdue"),
        ("2026-12-23 14:00", "overdue"),
    ],
)
def test_the_last_point_that_was_reached_is_told(now: str, told: str | None) -> None:
    assert point(now, reminded_at("50 %", "25 %", "2 h before", "overdue")) == told


def test_the_next_look_is_at_the_next_point_and_a_second_after_it_is_due() -> None:
    under = reminded_at("50 %", "overdue")
    moments = [later(now, under).next_look for now in (RAISED, "2026-11-23 10:00", "2026-11-23 14:00")]
    assert moments == [at("2026-11-23 10:00"), at("2026-11-23 14:00:01"), at("2026-11-23 14:00:01")]
    assert later("2026-11-23 14:00:01", under).next_look is None


@pytest.mark.parametrize(
    "changes",
    [
        {"comments": (Comment("1", at("2026-11-20 17:00"), Author.AGENT, public=True),)},
        {"ended": at("2026-11-20 17:00")},
        {"raised_by": JONAS},
    ],
    ids=["answered", "done", "refused"],
)
def test_nobody_is_reminded_of_what_is_answered_done_or_refused(changes: dict[str, Any]) -> None:
    decision = later("2026-11-24 09:00", **changes)
    assert (decision.response_reminder.value, decision.next_look) == (None, None)


def test_what_is_due_at_closing_is_told_as_overdue_when_support_opens_again() -> None:
    under, raised = reminded_at("overdue"), at("2026-11-23 10:00")
    assert point("2026-11-23 18:00", under, raised=raised) is None
    assert later("2026-11-23 18:01", under, raised=raised).next_look == at("2026-11-24 08:00")
    assert point("2026-11-24 08:00", under, raised=raised) == "overdue"


def test_where_hours_run_by_the_clock_a_night_is_told_at_the_last_open_moment_before() -> None:
    under = replace(reminded_at("50 %", "80 %"), coverage=ELAPSED)
    assert later("2026-11-20 17:59", under).next_look == at("2026-11-20 18:00")
    assert point("2026-11-20 18:00", under) == "80 %"


def test_where_support_was_not_open_since_the_time_began_nobody_is_reminded_before_it_is_overdue() -> None:
    under = replace(reminded_at("50 %", "overdue"), coverage=ELAPSED)
    saturday = at("2026-11-21 10:00")
    assert point("2026-11-21 15:00", under, raised=saturday) is None
    assert point("2026-11-23 08:00", under, raised=saturday) == "overdue"


def test_an_appointment_brings_the_points_forward() -> None:
    morning = (booked("2026-11-21 09:00", "2026-11-21 13:00"),)
    assert point("2026-11-21 11:00", reminded_at("50 %"), appointments=morning) == "50 %"


def test_a_point_longer_before_the_end_than_the_time_is_left_out() -> None:
    assert point("2026-11-23 13:00", reminded_at("8 h before", "40 h before")) is None


def test_whoever_sees_a_request_for_the_first_time_is_not_reminded_of_what_was_before() -> None:
    first = decide(FAULT, agreement(), POLICY, at("2026-11-24 09:00"))
    assert first.response_reminder.value is None
    again = replace(FAULT, standing=standing_after(first, None))
    assert decide(again, agreement(), POLICY, at("2026-11-25 09:00")).response_reminder.value is None


def test_a_reminder_raises_the_priority_until_there_is_a_response() -> None:
    under = reminded_at("50 %", priority="blocker")
    assert later("2026-11-23 09:00", under).priority.value == "highest"
    raised = later("2026-11-23 10:00", under).priority
    assert (raised.value, raised.findings[0].sentence) == (
        "blocker",
        "The priority is blocker until there is a response (50 %).",
    )
    answered = Comment("1", at("2026-11-23 11:00"), Author.AGENT, public=True)
    assert later("2026-11-23 12:00", under, comments=(answered,)).priority.value == "highest"


def test_where_there_are_no_points_nobody_is_reminded() -> None:
    decision = later("2026-11-24 09:00", reminded_at())
    assert decision.response_reminder.value is None
    assert [str(each) for each in decision.response_reminder.findings[0].cites] == [
        "C2, eligibility.yaml:60",
        "C2, tiers.yaml:1",
    ]


@given(
    st.timedeltas(timedelta(0), timedelta(days=9)),
    st.timedeltas(timedelta(0), timedelta(days=9)),
    st.sampled_from(list(Clock)),
)
def test_a_reminder_is_given_on_duty_only_and_the_next_look_is_ahead(
    since: timedelta, gone: timedelta, clock: Clock
) -> None:
    coverage = table("C3", "coverage.yaml", ({"tier": ANY}, Coverage("business", clock)))
    under = replace(reminded_at("10 %", "50 %", "1 h before", "overdue"), coverage=coverage)
    raised = at(RAISED) + since
    decision = later(raised + gone, under, raised=raised)
    if reminder := decision.response_reminder.value:
        instant = instant_of(reminder.at)
        assert instant_of(raised) < instant <= instant_of(raised + gone)
        last = CALENDAR.last_open(reminder.at)
        assert instant_of(last) == instant
    if decision.next_look is not None:
        assert instant_of(decision.next_look) > instant_of(raised + gone)
