"""C26: software of others is accepted with a limit."""

from dataclasses import replace

import pytest

from plugin.contract.decide import decide
from plugin.contract.decision import Eligibility, Finding, Outcome, Reason
from plugin.contract.policy import ThirdParty
from plugin.contract.rules.third_party import third_party
from plugin.contract.tables import AppliesTo
from tests.plugin.contract.builders import NOON, POLICY, agreement, at, case, policy, request, table


def judged(stated: str | None) -> Finding:
    (finding,) = third_party(case(request(third_party=stated)))
    return finding


@pytest.mark.parametrize(
    ("stated", "software", "line"),
    [("Selenium", "Selenium", 1), ("the webdriver of chrome", "Selenium", 1), ("appium 2.1", "Appium", 2)],
)
def test_software_of_others_is_accepted_with_a_limit_and_its_row_cited(stated: str, software: str, line: int) -> None:
    finding = judged(stated)

    assert (finding.outcome, finding.reason) == (Outcome.LIMITED, Reason.THIRD_PARTY)
    assert finding.facts == {"software": software}
    assert [str(each) for each in finding.cites][1:] == [f"C26, releases.yaml:{line}"]


def test_several_are_all_named_once() -> None:
    finding = judged("Appium, Selenium, WebDriver, selenium")
    assert finding.facts == {"software": "Selenium; Appium"}
    assert finding.sentence.startswith("It concerns third-party software (Selenium, Appium): ")


@pytest.mark.parametrize("stated", [None, "", " ", "none", "-", "JUnit", "Seleniumlike"])
def test_what_the_table_does_not_know_is_no_objection(stated: str | None) -> None:
    finding = judged(stated)

    assert (finding.outcome, finding.reason) == (Outcome.MET, None)


def test_the_customer_is_told_and_helped_at_the_same_time() -> None:
    decision = decide(request(third_party="Selenium"), agreement(), POLICY, NOON)

    assert decision.eligibility.value is Eligibility.LIMITED
    assert [finding.reason for finding in decision.told] == [Reason.THIRD_PARTY]
    assert (decision.charge.value, decision.response_due.value) == (1, at("2026-11-25 13:00"))


def test_a_row_counts_from_its_day_on() -> None:
    later = policy(third_party=table("C26", "releases.yaml", ({}, ThirdParty("Selenium", ()), NOON.date())))

    for day, reason in (("2026-11-22 09:00", None), ("2026-11-23 09:00", Reason.THIRD_PARTY)):
        (finding,) = third_party(case(request(third_party="Selenium", raised=day), under=later))
        assert finding.reason is reason


def test_a_row_for_open_requests_limits_one_that_was_raised_before_its_day() -> None:
    row = ({}, ThirdParty("Selenium", ()), NOON.date(), AppliesTo.OPEN)
    asked = request(third_party="Selenium", raised="2026-11-20 09:00")
    for ended, reason in ((None, Reason.THIRD_PARTY), (at("2026-11-22 23:59"), None)):
        under = policy(third_party=table("C26", "releases.yaml", row))
        (finding,) = third_party(case(replace(asked, ended=ended), under=under))
        assert finding.reason is reason
