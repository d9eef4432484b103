"""C8: priority case handling."""

import pytest

from plugin.contract.decide import decide
from plugin.contract.decision import Eligibility, Outcome, Ruling
from plugin.contract.model import Override, SupportAgreement, SupportRequest
from plugin.contract.tables import AppliesTo
from tests.plugin.contract.builders import JONAS, NOON, POLICY, agreement, entitlement, on, policy, request, table

IMPACTS = {1: "down", 2: "impaired", 3: None}


def fault(severity: int, **changes: object) -> SupportRequest:
    return request(kind="fault", environment="production", impact=IMPACTS[severity], **changes)


def ruled(asked: SupportRequest, tier: str = "premium") -> Ruling[str | None]:
    return decide(asked, agreement(entitlement(tier)), POLICY, NOON).priority


@pytest.mark.parametrize("tier", ["premium", "advanced"])
@pytest.mark.parametrize(("severity", "priority"), [(1, "highest"), (2, "high"), (3, "medium")])
def test_premium_and_advanced_go_one_step_up(tier: str, severity: int, priority: str) -> None:
    ruling = ruled(fault(severity), tier)

    assert (ruling.value, ruling.findings[0].outcome) == (priority, Outcome.MET)


@pytest.mark.parametrize("severity", [1, 2, 3])
def test_basic_leaves_the_priority_as_it_is(severity: int) -> None:
    ruling = ruled(fault(severity), "basic")

    assert (ruling.value, ruling.findings[0].sentence) == (None, "Basic leaves the priority as it is.")
    assert [str(each) for each in ruling.findings[0].cites][1:] == ["C8, tiers.yaml:7"]


@pytest.mark.parametrize(
    ("changes", "eligibility"),
    [({"version": None}, Eligibility.NEEDS_INFORMATION), ({"raised_by": JONAS}, Eligibility.NOT_ELIGIBLE)],
)
def test_while_the_customer_is_waited_for_the_priority_is_left_as_it_is(
    changes: dict[str, object], eligibility: Eligibility
) -> None:
    ruling = ruled(fault(1, **changes))

    assert ruling.value is None
    assert ruling.findings[0].sentence == f"The request is {eligibility}: its priority is left as it is."


def test_an_agents_override_gives_the_priority_that_the_tier_gives() -> None:
    asked = fault(1, raised_by=JONAS, override=Override(Eligibility.ELIGIBLE, "Mira is on leave"))

    assert ruled(asked).value == "highest"


@pytest.mark.parametrize("signed", [agreement(entitlement(free=True)), agreement(terms=["2025"])])
def test_without_a_tier_the_priority_is_left_as_it_is_even_for_an_override(signed: SupportAgreement) -> None:
    asked = fault(1, override=Override(Eligibility.ELIGIBLE, "Goodwill"))

    ruling = decide(asked, signed, POLICY, NOON).priority

    assert (ruling.value, ruling.findings[0].sentence) == (None, "Without a tier the priority is left as it is.")


def test_the_row_that_decided_is_cited() -> None:
    assert [str(each) for each in ruled(fault(2)).findings[0].cites][1:] == ["C8, tiers.yaml:2"]


def test_another_table_applies_from_its_day_on_and_to_open_requests_where_it_says_so() -> None:
    row = {"tier": "premium", "severity": "1"}
    for applies_to, priority in ((AppliesTo.RAISED, "high"), (AppliesTo.OPEN, "highest")):
        changed = policy(
            priorities=table("C8", "tiers.yaml", (row, "high"), (row, "highest", on("2026-11-23"), applies_to))
        )
        asked = fault(1, raised="2026-11-20 09:00")
        assert decide(asked, agreement(), changed, NOON).priority.value == priority


def test_a_table_without_a_row_is_a_mistake_in_the_mapping_files() -> None:
    partly = policy(priorities=table("C8", "tiers.yaml", ({"tier": "basic", "severity": "1"}, "high")))

    with pytest.raises(LookupError, match="no row of the priorities fits tier premium, severity 3"):
        decide(request(), agreement(), partly, NOON)
