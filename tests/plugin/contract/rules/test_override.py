"""An agent's override wins over every rule, with a reason, until it is cleared."""

from dataclasses import replace

import pytest

from plugin.contract.decide import decide, standing_after
from plugin.contract.decision import Eligibility, Reason
from plugin.contract.explain import reason_text
from plugin.contract.model import Override
from tests.plugin.contract.builders import JONAS, POLICY, agreement, at, request

NOW = at("2026-11-23 12:00")
WHY = "Goodwill: the update is planned for January."
HELPED = Override(Eligibility.ELIGIBLE, WHY)


def test_an_override_wins_over_every_reason_and_all_of_them_stay_visible() -> None:
    refused = request("2.8", raised_by=JONAS)
    decision = decide(replace(refused, override=HELPED), agreement(), POLICY, NOW)
    assert decision.eligibility.value is Eligibility.ELIGIBLE
    assert {finding.reason for finding in decision.reasons} == {Reason.CONTACT_NOT_NAMED, Reason.VERSION_TOO_OLD}
    first, *rest = reason_text(decision).splitlines()
    assert first == f"Overruled by an agent: eligible instead of not eligible. {WHY} (C28)"
    assert len(rest) == 2


def test_who_overrules_speaks_to_the_customer_in_person() -> None:
    refused = request("2.8")
    assert decide(refused, agreement(), POLICY, NOW).told
    assert not decide(replace(refused, override=HELPED), agreement(), POLICY, NOW).told


def test_an_overruled_request_is_charged_and_due_like_any_other() -> None:
    decision = decide(request("2.8", override=HELPED), agreement(), POLICY, NOW)
    assert decision.charge.value == 1
    assert decision.response_due.value is not None


def test_an_agent_may_refuse_what_the_rules_allow() -> None:
    refused = Override(Eligibility.NOT_ELIGIBLE, "Abuse, see the account's history.")
    decision = decide(request(override=refused), agreement(), POLICY, NOW)
    assert decision.eligibility.value is Eligibility.NOT_ELIGIBLE
    assert decision.charge.value == 0


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_an_override_without_a_reason_does_not_count_and_says_so(reason: str) -> None:
    decision = decide(request("2.8", override=Override(Eligibility.ELIGIBLE, reason)), agreement(), POLICY, NOW)
    assert decision.eligibility.value is Eligibility.NOT_ELIGIBLE
    assert decision.told
    assert "An agent's override to eligible does not count: it gives no reason." in reason_text(decision)


def test_the_clock_starts_with_the_override_and_the_rules_are_back_when_it_is_cleared() -> None:
    refused = request("2.8")
    waiting = standing_after(decide(refused, agreement(), POLICY, NOW), None)
    when = at("2026-11-23 13:00")
    helped = replace(refused, override=HELPED, amended=when, standing=waiting)
    decision = decide(helped, agreement(), POLICY, at("2026-11-23 13:01"))
    assert decision.clock_started == when
    cleared = replace(helped, override=None, standing=standing_after(decision, waiting))
    assert decide(cleared, agreement(), POLICY, at("2026-11-23 14:00")).eligibility.value is Eligibility.NOT_ELIGIBLE
