"""C2, C3: when the first response is due; from when the clock runs."""

from datetime import datetime, timedelta

import pytest

from plugin.contract.decision import Eligibility, Outcome
from plugin.contract.model import Standing
from plugin.contract.policy import Clock, ClockStart, Coverage, Policy
from plugin.contract.rules.response_due import clock_runs, clock_started, response_due
from plugin.contract.tables import ANY
from tests.plugin.contract.builders import NOON, RESPONSE_HOURS, always, at, case, policy, request, table

RAISED = at("2026-11-23 09:00")
DECIDED = at("2026-11-23 09:05")
LATER = at("2026-11-24 11:00")
FROM_RAISING = policy(clock_starts=always(ClockStart.RAISED))
LONG = policy(response_targets=table("C2", "tiers.yaml", ({"tier": ANY, "severity": ANY}, timedelta(hours=3000))))
ELAPSED = policy(coverage=table("C3", "coverage.yaml", ({"tier": ANY}, Coverage("business", Clock.ELAPSED))))


def waited(started: datetime | None = None) -> Standing:
    return Standing(DECIDED, waited=True, clock_started=started)


@pytest.mark.parametrize(
    ("tier", "severity", "due"),
    [
        ("premium", 1, "2026-11-23 17:00"),
        ("premium", 2, "2026-11-24 11:00"),
        ("premium", 3, "2026-11-25 13:00"),
        ("advanced", 1, "2026-11-24 15:00"),
        ("advanced", 2, "2026-11-25 13:00"),
        ("advanced", 3, "2026-11-26 15:00"),
        ("basic", 1, "2026-11-25 13:00"),
        ("basic", 2, "2026-11-27 17:00"),
        ("basic", 3, "2026-12-02 11:00"),
    ],
)
def test_the_contracts_hours_run_in_covered_time(tier: str, severity: int, due: str) -> None:
    ruled = response_due(case(), tier, severity, RAISED)
    assert ruled.value == at(due)
    assert ruled.findings[0].outcome is Outcome.MET
    row = 1 + list(RESPONSE_HOURS).index(tier) * 3 + severity - 1
    assert [str(each) for each in ruled.findings[0].cites] == [
        "C2, eligibility.yaml:47",
        f"C2, tiers.yaml:{row}",
        "C3, coverage.yaml:1",
    ]


def test_the_sentence_tells_the_hours_the_start_and_every_step() -> None:
    finding = response_due(case(), "premium", 2, RAISED).findings[0]
    start = "12 h of covered time for severity 2 from Mon 23 Nov 2026 09:00 CET"
    assert finding.sentence == f"{start}: Mon 9 h, Tue 3 h."
    assert finding.facts == {"steps": "Mon 9 h, Tue 3 h"}


def test_elapsed_hours_run_by_the_clock_even_through_a_change_of_the_clocks() -> None:
    ruled = response_due(case(under=ELAPSED), "premium", 3, at("2026-10-24 12:00"))
    assert ruled.value == at("2026-10-25 11:00")
    assert ruled.value.tzname() == "CET"
    assert ruled.findings[0].sentence == "24 h by the clock for severity 3 from Sat 24 Oct 2026 12:00 CEST."
    assert [str(each) for each in ruled.findings[0].cites][1:] == ["C2, tiers.yaml:3", "C3, coverage.yaml:1"]


def test_a_year_without_entered_holidays_is_pointed_at() -> None:
    ruled = response_due(case(), "basic", 3, at("2027-12-30 09:00"))
    assert [finding.outcome for finding in ruled.findings] == [Outcome.MET, Outcome.LIMITED]
    assert "no public holidays for 2028" in ruled.findings[1].sentence
    assert [str(each) for each in ruled.findings[1].cites][1:] == ["C3, coverage.yaml:1"]
    years = response_due(case(under=LONG), "premium", 1, at("2027-12-30 09:00")).findings[1]
    assert "no public holidays for 2028, 2029;" in years.sentence
    assert len(response_due(case(), "basic", 3, at("2027-06-30 09:00")).findings) == 1


def test_without_a_tier_no_response_time_is_promised() -> None:
    ruled = response_due(case(), None, 1, RAISED)
    assert (ruled.value, ruled.findings[0].outcome) == (None, Outcome.NOT_MET)
    assert ruled.findings[0].sentence == "Without a tier no response time is promised."


@pytest.mark.parametrize(
    ("none", "cites"),
    [
        (
            policy(response_targets=table("C2", "tiers.yaml", ({"tier": ANY, "severity": ANY}, None))),
            ["C2, tiers.yaml:1"],
        ),
        (
            policy(response_targets=table("C2", "tiers.yaml", ({"tier": "gold", "severity": ANY}, timedelta(hours=1)))),
            [],
        ),
        (
            policy(coverage=table("C3", "coverage.yaml", ({"tier": "gold"}, Coverage("business", Clock.COVERAGE)))),
            ["C2, tiers.yaml:1"],
        ),
    ],
    ids=["none", "no target", "no coverage"],
)
def test_a_tier_may_promise_no_response_time(none: Policy, cites: list[str]) -> None:
    ruled = response_due(case(under=none), "premium", 1, RAISED)
    assert (ruled.value, ruled.findings[0].outcome) == (None, Outcome.LIMITED)
    assert [str(each) for each in ruled.findings[0].cites][1:] == cites


def test_no_response_time_at_all_is_due_at_once_and_not_never() -> None:
    zero = policy(response_targets=table("C2", "tiers.yaml", ({"tier": ANY, "severity": ANY}, timedelta(0))))
    assert response_due(case(under=zero), "premium", 1, RAISED).value == RAISED


def test_while_the_customer_has_something_to_do_first_nothing_is_due() -> None:
    ruled = response_due(case(), "premium", 1, None)
    assert (ruled.value, ruled.findings[0].outcome) == (None, Outcome.UNKNOWN)
    assert ruled.findings[0].sentence == "The 8 h for severity 1 run once the customer has done what is asked."
    assert [str(each) for each in ruled.findings[0].cites][1:] == ["C2, tiers.yaml:1"]


# From when the clock runs


@pytest.mark.parametrize("eligibility", [Eligibility.ELIGIBLE, Eligibility.LIMITED, Eligibility.ON_HOLD])
def test_a_request_that_never_waited_for_the_customer_runs_from_raising(eligibility: Eligibility) -> None:
    assert clock_started(case(), eligibility, NOON) == RAISED
    for started in (RAISED, None):
        standing = Standing(DECIDED, waited=False, clock_started=started)
        assert clock_started(case(request(standing=standing)), eligibility, NOON) == RAISED
    assert clock_runs(case(), eligibility)


@pytest.mark.parametrize("eligibility", [Eligibility.NEEDS_INFORMATION, Eligibility.NOT_ELIGIBLE])
def test_while_the_customer_has_something_to_do_the_clock_does_not_run(eligibility: Eligibility) -> None:
    assert clock_started(case(), eligibility, NOON) is None
    assert clock_started(case(request(standing=waited())), eligibility, NOON) is None
    assert not clock_runs(case(), eligibility)


def test_the_clock_starts_with_what_the_customer_changed() -> None:
    amended = at("2026-11-23 15:00")
    asked = case(request(standing=waited(), amended=amended))
    assert clock_started(asked, Eligibility.ELIGIBLE, LATER) == amended


def test_the_clock_starts_now_where_the_agreement_or_the_policy_changed() -> None:
    assert clock_started(case(request(standing=waited())), Eligibility.ELIGIBLE, LATER) == LATER


@pytest.mark.parametrize(
    ("amended", "started"),
    [
        (DECIDED - timedelta(seconds=1), LATER),
        (DECIDED, DECIDED),
        (LATER, LATER),
        (LATER + timedelta(seconds=1), LATER),
    ],
)
def test_only_a_change_between_the_last_decision_and_now_starts_it(amended: datetime, started: datetime) -> None:
    asked = case(request(standing=waited(), amended=amended))
    assert clock_started(asked, Eligibility.ELIGIBLE, LATER) == started


def test_a_change_in_the_hour_that_comes_twice_is_told_apart_by_its_instant() -> None:
    """On 25 October it is 02:35 CET three quarters of an hour after it was 02:50 CEST."""
    decided, amended = at("2026-10-25 02:50"), at("2026-10-25 02:35").replace(fold=1)
    standing = Standing(decided, waited=True, clock_started=None)
    asked = case(request(standing=standing, amended=amended))
    assert clock_started(asked, Eligibility.ELIGIBLE, at("2026-10-25 09:00")) is amended


def test_a_clock_that_has_started_keeps_its_start_whatever_is_changed_later() -> None:
    start = at("2026-11-23 15:00")
    asked = case(request(standing=waited(start), amended=LATER))
    assert clock_started(asked, Eligibility.ELIGIBLE, NOON + timedelta(days=9)) == start


def test_a_later_wait_does_not_forget_the_start() -> None:
    asked = case(request(standing=Standing(DECIDED, waited=False, clock_started=RAISED)))
    assert clock_started(asked, Eligibility.NOT_ELIGIBLE, LATER) == RAISED
    assert not clock_runs(asked, Eligibility.NOT_ELIGIBLE)


@pytest.mark.parametrize("eligibility", list(Eligibility))
def test_a_clock_that_always_runs_from_raising_waits_for_nobody(eligibility: Eligibility) -> None:
    asked = case(request(standing=waited(LATER)), under=FROM_RAISING)
    assert clock_started(asked, eligibility, LATER) == RAISED
    assert clock_runs(asked, eligibility)


def test_a_policy_silent_about_the_start_counts_from_raising() -> None:
    silent = case(under=policy(clock_starts=table("C2", "coverage.yaml")))
    assert clock_started(silent, Eligibility.NOT_ELIGIBLE, LATER) == RAISED
