"""C3: which booked appointments are open time for a request, and what is said of those that are not."""

from dataclasses import replace
from datetime import UTC, timedelta

import pytest

from plugin.contract.decide import decide
from plugin.contract.decision import Decision, Finding, Outcome, Source
from plugin.contract.model import Appointment
from plugin.contract.policy import Clock, Coverage, Policy
from plugin.contract.rules.appointment import RULE, appointments
from plugin.contract.tables import ANY
from tests.plugin.contract.builders import POLICY, agreement, at, booked, case, entitlement, policy, request, table

FRIDAY = "2026-11-20 16:00"  # 8 hours from then: two on Friday, six on Monday
SATURDAY = booked("2026-11-21 09:00", "2026-11-21 13:00")
IN_THE_FILE = Source("agreements/aurora.yaml", 30)
ELAPSED = policy(coverage=table("C3", "coverage.yaml", ({"tier": ANY}, Coverage("business", Clock.ELAPSED))))
NO_TARGET = policy(response_targets=table("C2", "tiers.yaml", ({"tier": ANY, "severity": ANY}, None)))
WORST = {"kind": "fault", "environment": "production", "impact": "down"}


def decided(
    *on_request: Appointment,
    signed: tuple[Appointment, ...] = (),
    raised: str = FRIDAY,
    tier: str = "premium",
    version: str = "25.1",
    under: Policy = POLICY,
) -> Decision:
    """What is decided on a fault of severity 1: a response within 8 hours for Premium, 16 for Advanced."""
    asked = request(version, raised, appointments=on_request, **WORST)
    return decide(asked, agreement(entitlement(tier), appointments=signed), under, asked.raised)


def told(decision: Decision) -> list[tuple[Outcome, str]]:
    return [(each.outcome, each.sentence) for each in said(decision)]


def said(decision: Decision) -> list[Finding]:
    """What was found about appointments."""
    return [each for each in decision.response_due.findings if each.rule == RULE]


def used(decision: Decision) -> list[str]:
    """The values that the findings about appointments rest on."""
    return [str(each) for finding in said(decision) for each in finding.cites[1:]]


def test_an_appointment_is_open_time_and_the_receipt_shows_it() -> None:
    assert decided().response_due.value == at("2026-11-23 14:00")
    decision = decided(SATURDAY)
    assert decision.response_due.value == at("2026-11-23 10:00")
    assert "Fri 2 h, by appointment Sat 4 h, closed Sun, Mon 2 h." in decision.response_due.findings[0].sentence
    assert told(decision) == [
        (
            Outcome.MET,
            "The appointment from Sat 21 Nov 2026 09:00 CET to Sat 21 Nov 2026 13:00 CET counts as open time.",
        )
    ]
    [finding] = said(decision)
    assert [str(each) for each in finding.cites] == [str(POLICY.rules[RULE]), "C3, coverage.yaml:1"]


@pytest.mark.parametrize("tier", ["premium", "advanced", "basic"])
def test_an_appointment_stands_in_nobodys_way_and_no_customer_is_told(tier: str) -> None:
    for each in (SATURDAY, booked("2026-11-21 09:00", None)):
        decision = decided(each, tier=tier)
        assert decision.eligibility == decided(tier=tier).eligibility
        assert decision.told == ()
        assert all(finding.reason is None for finding in said(decision))


# What the tier grants


def test_a_tier_that_grants_none_counts_none() -> None:
    decision = decided(booked("2026-11-23 06:00", "2026-11-23 08:00"), tier="basic")
    assert decision.response_due.value == decided(tier="basic").response_due.value
    [(outcome, sentence)] = told(decision)
    assert outcome is Outcome.LIMITED
    assert sentence.endswith("CET does not count: Basic grants no appointments.")
    assert used(decision) == ["C3, coverage.yaml:3"]


def test_a_weekend_is_no_day_with_opening_hours() -> None:
    decision = decided(SATURDAY, tier="advanced")
    assert decision.response_due.value == decided(tier="advanced").response_due.value
    [(outcome, sentence)] = told(decision)
    assert outcome is Outcome.LIMITED
    assert sentence.endswith("does not count on Sat 21 Nov: Advanced grants it on days with opening hours only.")
    assert used(decision) == ["C3, coverage.yaml:2"]


def test_a_window_over_midnight_counts_on_the_days_that_are_granted() -> None:
    night = booked("2026-11-20 22:00", "2026-11-21 02:00")
    assert decided(night).response_due.value == at("2026-11-23 10:00")

    decision = decided(night, tier="advanced")  # 16 h: two on Friday and two in the night, ten on Monday, two more
    assert decision.response_due.value == at("2026-11-24 10:00")
    assert "by appointment Fri 2 h, closed Sat-Sun" in decision.response_due.findings[0].sentence
    name = "The appointment from Fri 20 Nov 2026 22:00 CET to Sat 21 Nov 2026 02:00 CET"
    only = "Advanced grants it on days with opening hours only"
    assert told(decision) == [
        (Outcome.MET, f"{name} counts as open time on Fri 20 Nov."),
        (Outcome.LIMITED, f"{name} does not count on Sat 21 Nov: {only}."),
    ]


@pytest.mark.parametrize(
    ("tier", "due", "without"),
    [
        # Thursday 16:00, two hours are left of it; Friday is Christmas Day, then the weekend
        ("premium", "2026-12-28 10:00", "2026-12-28 14:00"),
        ("advanced", "2026-12-29 12:00", "2026-12-29 12:00"),
    ],
)
def test_a_holiday_is_granted_on_any_day_and_is_no_opening_day(tier: str, due: str, without: str) -> None:
    holiday = booked("2026-12-25 09:00", "2026-12-25 13:00")
    assert decided(holiday, raised="2026-12-24 16:00", tier=tier).response_due.value == at(due)
    assert decided(raised="2026-12-24 16:00", tier=tier).response_due.value == at(without)


def test_a_long_window_is_cut_at_what_matters_and_only_those_days_are_named() -> None:
    years = booked("2020-01-01 00:00", "2039-01-01 00:00")
    assert decided(years).response_due.value == at("2026-11-21 00:00")
    counts, does_not = (sentence for _, sentence in told(decided(years, tier="advanced")))
    assert counts.endswith("counts as open time on Fri 20 Nov, Mon 23 Nov, Tue 24 Nov.")
    assert "does not count on Sat 21 Nov, Sun 22 Nov:" in does_not


# Nights in which the clocks change


@pytest.mark.parametrize(
    ("raised", "night", "hours"),
    [
        ("2026-10-23 16:00", ("2026-10-25 01:00", "2026-10-25 04:00"), 4),
        ("2026-03-27 16:00", ("2026-03-29 01:00", "2026-03-29 04:00"), 2),
    ],
)
def test_a_night_in_which_the_clocks_change_is_as_long_as_it_really_is(
    raised: str, night: tuple[str, str], hours: int
) -> None:
    decision = decided(booked(*night), raised=raised, version="24.2")
    without = decided(raised=raised, version="24.2").response_due.value
    assert without is not None
    assert decision.response_due.value == without - timedelta(hours=hours)
    assert f"by appointment Sun {hours} h" in decision.response_due.findings[0].sentence


def test_an_end_before_its_beginning_is_told_by_the_moment_and_not_by_the_wall() -> None:
    # 02:30 summer time until 02:15 winter time: three quarters of an hour
    start, end = at("2026-10-25 02:30"), at("2026-10-25 02:15").replace(fold=1)
    decision = decided(Appointment(start, end), raised="2026-10-23 16:00", version="24.2")
    assert "by appointment Sun 45 min" in decision.response_due.findings[0].sentence
    backwards = Appointment(end.replace(hour=2, minute=45, fold=1), end)
    assert "has to end after it begins" in told(decided(backwards))[0][1]


# Windows that change nothing


@pytest.mark.parametrize(
    ("appointment", "sentence"),
    [
        (("2026-11-21 09:00", None), "appointment from Sat 21 Nov 2026 09:00 CET does not count: it has no end."),
        (
            (None, "2026-11-21 13:00"),
            "appointment to Sat 21 Nov 2026 13:00 CET does not count: it has no beginning.",
        ),
        (("2026-11-21 13:00", "2026-11-21 09:00"), "does not count: it has to end after it begins."),
        (("2026-11-21 09:00", "2026-11-21 09:00"), "does not count: it has to end after it begins."),
        (("2026-11-19 20:00", "2026-11-19 22:00"), "it ended before the response time began to run."),
        (("2026-11-20 06:00", "2026-11-20 16:00"), "it ended before the response time began to run."),
        (("2026-11-23 14:00", "2026-11-23 20:00"), "changes nothing: the response is due before it begins."),
        (("2026-11-28 09:00", "2026-11-28 12:00"), "changes nothing: the response is due before it begins."),
        (("2026-11-20 15:00", "2026-11-20 18:00"), "changes nothing: support is open then anyway."),
    ],
)
def test_a_window_that_changes_nothing_says_why(appointment: tuple[str | None, str | None], sentence: str) -> None:
    decision = decided(booked(*appointment))
    assert decision.response_due.value == at("2026-11-23 14:00")
    [(outcome, found)] = told(decision)
    assert outcome is Outcome.LIMITED
    assert found.endswith(sentence)
    assert used(decision) == (
        ["C3, coverage.yaml:1"] if "changes nothing" in sentence or "ended before" in sentence else []
    )


def test_a_window_that_begins_before_the_request_was_raised_counts_from_then_on() -> None:
    assert decided(SATURDAY, raised="2026-11-21 11:00").response_due.value == at("2026-11-23 14:00")


def test_a_deadline_may_end_with_the_appointment_or_within() -> None:
    assert decided(booked("2026-11-21 09:00", "2026-11-21 15:00")).response_due.value == at("2026-11-21 15:00")
    assert decided(booked("2026-11-21 09:00", "2026-11-21 20:00")).response_due.value == at("2026-11-21 15:00")


def test_by_the_clock_on_the_wall_an_appointment_changes_nothing_and_it_is_said() -> None:
    decision = decided(SATURDAY, under=ELAPSED)
    assert decision.response_due.value == at("2026-11-21 00:00")
    assert told(decision)[0][1].endswith("changes nothing: the response time runs day and night.")
    assert used(decision) == ["C3, coverage.yaml:1"]


def test_where_no_response_time_runs_there_is_nothing_to_change() -> None:
    for decision in (decided(SATURDAY, version="24.1"), decided(SATURDAY, under=NO_TARGET)):
        assert decision.response_due.value is None
        assert told(decision)[0][1].endswith("changes nothing: no response time runs.")
        assert used(decision) == ["C3, coverage.yaml:1"]


def test_without_a_tier_nothing_is_granted() -> None:
    decision = decided(SATURDAY, raised="2027-11-20 16:00")
    assert told(decision)[0][1].endswith("does not count: there is no tier to grant it.")


def test_a_policy_that_is_silent_about_a_tier_is_an_error_and_no_grant() -> None:
    with pytest.raises(LookupError, match="no row of the appointments fits tier premium"):
        decided(SATURDAY, under=policy(appointments=table("C3", "coverage.yaml")))


def test_of_nothing_booked_nothing_is_said() -> None:
    assert appointments(case(), "premium", at(FRIDAY), at("2026-11-23 14:00")) == ((), ())


# Booked in the agreement


@pytest.mark.parametrize(("key", "counts"), [(None, True), ("SUP-1", True), ("SUP-10", False), ("SUP-2", False)])
def test_an_agreements_appointment_is_for_all_requests_or_for_one(key: str | None, counts: bool) -> None:
    weekend = booked("2026-11-21 09:00", "2026-11-21 13:00", request=key, reference="PO 17", source=IN_THE_FILE)
    decision = decided(signed=(weekend,))
    assert decision.request_key == "SUP-1"
    assert decision.response_due.value == at("2026-11-23 10:00" if counts else "2026-11-23 14:00")
    assert [str(each) for finding in said(decision) for each in finding.cites] == (
        [str(POLICY.rules[RULE]), "C3, agreements/aurora.yaml:30", "C3, coverage.yaml:1"] if counts else []
    )
    assert all("13:00 CET (PO 17) counts" in sentence for _, sentence in told(decision))


def test_of_an_agreements_windows_at_other_times_nothing_is_said_unless_they_are_for_this_request() -> None:
    last_year, next_year = (
        booked(f"{year}-11-21 09:00", f"{year}-11-21 13:00", source=IN_THE_FILE) for year in (2025, 2027)
    )
    assert told(decided(signed=(last_year, next_year))) == []
    before, after = booked("2026-11-20 06:00", "2026-11-20 16:00"), booked("2026-11-23 14:00", "2026-11-23 20:00")
    assert told(decided(signed=(before, after))) == []
    assert told(decided(signed=(last_year,), version="24.1")) == []
    assert len(told(decided(signed=(replace(last_year, request="SUP-1"),)))) == 1
    now = booked("2026-11-21 09:00", "2026-11-21 13:00", source=IN_THE_FILE)
    assert "Basic grants no appointments" in told(decided(signed=(now,), tier="basic"))[0][1]
    assert told(decided(signed=(now,), version="24.1")) == []


def test_several_windows_add_up_and_what_is_booked_twice_counts_once() -> None:
    sunday = booked("2026-11-22 09:00", "2026-11-22 10:00", source=IN_THE_FILE)
    assert decided(SATURDAY, signed=(sunday,)).response_due.value == at("2026-11-23 09:00")
    twice = booked("2026-11-21 10:00", "2026-11-21 13:00", source=IN_THE_FILE)
    assert decided(SATURDAY, SATURDAY, signed=(twice,)).response_due.value == at("2026-11-23 10:00")
    assert len(said(decided(SATURDAY, SATURDAY))) == 1


def test_the_clock_that_started_late_is_what_counts() -> None:
    asked = case(request(raised=FRIDAY, appointments=(SATURDAY,)))
    windows, findings = appointments(asked, "premium", at("2026-11-21 12:00"), at("2026-11-23 16:00"))
    assert [(start.astimezone(UTC), end.astimezone(UTC)) for start, end in windows] == [
        (at("2026-11-21 12:00"), at("2026-11-21 13:00"))
    ]
    assert [each.outcome for each in findings] == [Outcome.MET]
