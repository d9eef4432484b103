"""C5, C6, C7, C10, C14: what each tier may ask for."""

import pytest

from plugin.contract.decide import decide
from plugin.contract.decision import Decision, Eligibility, Finding, Outcome, Reason
from plugin.contract.ledger import Account
from plugin.contract.policy import Inclusion, Service, Shortage
from plugin.contract.rules.service import service
from plugin.contract.tables import ANY, AppliesTo
from tests.plugin.contract.builders import (
    KINDS,
    NOON,
    POLICY,
    TIERS,
    VERDICTS,
    agreement,
    case,
    entitlement,
    policy,
    request,
    table,
)


def judged(tier: str, kind: str, free: bool = False) -> Finding:
    (finding,) = service(case(request(kind=kind), agreement(entitlement(tier, free=free))))
    return finding


def decided(tier: str, kind: str, spent: int = 0) -> Decision:
    signed = agreement(entitlement(tier))
    return decide(request(kind=kind), signed, POLICY, NOON, {("credit 2026-01-01", Account.CONSUMED): spent})


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize("kind", KINDS)
def test_every_tier_may_ask_for_everything_but_sessions_and_training_on_basic(tier: str, kind: str) -> None:
    refused = {"remote_session": Reason.SERVICE_NOT_IN_TIER, "training": Reason.SERVICE_REFUSED}
    guided = {"installation": Reason.RESOURCES}

    assert len(judged(tier, kind).cites) == 2  # the rule's own row, and that of the table
    assert judged(tier, kind).reason is ((refused | guided) if tier == "basic" else guided).get(kind)


def test_a_remote_session_on_basic_is_helped_with_as_the_other_kind_and_the_session_refused() -> None:
    finding = judged("basic", "remote_session")

    assert finding.outcome is Outcome.LIMITED
    assert finding.sentence == "Basic does not include Remote session; it is helped with as Fault."
    assert finding.facts["tiers"] == "Premium; Advanced"
    assert [str(each) for each in finding.cites][1:] == ["C7, tiers.yaml:1"]


def test_what_is_given_instead_costs_what_it_costs_and_is_short_as_it_is_short() -> None:
    granting = policy(
        grants=table("C9", "credits.yaml", ({"tier": ANY, "unit": "credit"}, 32), ({"tier": ANY, "unit": ANY}, 0)),
        shortage=table(
            "C9", "credits.yaml", ({"kind": "fault"}, Shortage.ACCEPT_AND_FLAG), ({"kind": ANY}, Shortage.HOLD)
        ),
    )
    asked, signed = request(kind="remote_session"), agreement(entitlement("basic"))
    enough = decide(asked, signed, granting, NOON)
    short = decide(asked, signed, granting, NOON, {("credit 2026-01-01", Account.CONSUMED): 32})

    assert (enough.charge.value, enough.eligibility.value) == (1, Eligibility.LIMITED)
    assert (short.charge.value, short.eligibility.value) == (0, Eligibility.LIMITED)
    assert [each.reason for each in short.reasons] == [Reason.SERVICE_NOT_IN_TIER, Reason.CREDITS_FLAGGED]
    assert decided("premium", "remote_session").charge.value == 2


def test_training_on_basic_is_refused_and_costs_nothing() -> None:
    decision = decided("basic", "training")

    assert (decision.eligibility.value, decision.charge.value) == (Eligibility.NOT_ELIGIBLE, 0)
    (told,) = decision.told
    assert told.reason is Reason.SERVICE_REFUSED
    assert told.facts == {
        "service": "Training",
        "tier": "Basic",
        "product": "expecco",
        "tiers": "Premium; Advanced",
    }
    assert [str(each) for each in decision.charge.findings[0].cites][1:] == ["C7, tiers.yaml:2"]


def test_what_is_refused_is_not_also_said_to_be_short_of_credits() -> None:
    dear = policy(costs=table("C9", "credits.yaml", ({"kind": ANY, "severity": ANY, "unit": ANY}, 1)))
    decision = decide(request(kind="training"), agreement(entitlement("basic")), dear, NOON)

    assert [each.reason for each in decision.reasons] == [Reason.SERVICE_REFUSED]
    assert "does not include" in decision.charge.findings[0].sentence


@pytest.mark.parametrize("tier", TIERS)
def test_an_installation_is_eligible_as_guidance_and_the_customer_is_told_only_where_the_table_says_so(
    tier: str,
) -> None:
    finding = judged(tier, "installation")
    assert finding.sentence.endswith("as guidance, not as step-by-step assistance.")
    assert finding.facts == {"service": "Installation", "tier": tier.capitalize(), "product": "expecco"}
    decision = decided("premium", "installation")
    assert (decision.eligibility.value, decision.told) == (Eligibility.ELIGIBLE, ())
    assert VERDICTS[Reason.RESOURCES] == (Eligibility.ELIGIBLE, False)


@pytest.mark.parametrize("kind", ["training", "question"])
def test_without_a_tier_nothing_is_said_about_services(kind: str) -> None:
    finding = judged("basic", kind, free=True)

    assert (finding.outcome, finding.reason) == (Outcome.UNKNOWN, None)


def test_a_table_without_a_row_is_a_mistake_in_the_mapping_files() -> None:
    partly = policy(services=table("C7", "tiers.yaml", ({"tier": "basic", "kind": ANY}, Service(Inclusion.YES, None))))

    with pytest.raises(LookupError, match="no row of the services fits tier premium, kind question"):
        service(case(under=partly))


def test_the_tiers_that_are_named_are_those_that_include_it_for_this_request() -> None:
    gone = Service(Inclusion.NO, "question")
    since, words = NOON.date(), {"tier": "advanced", "kind": "remote_session"}
    rows = [(dict(row.when), row.cited.value) for row in POLICY.services.rows]
    under = policy(services=table("C7", "tiers.yaml", (words, gone, since, AppliesTo.OPEN), *rows))
    asked = request(raised="2026-11-20 09:00", kind="remote_session")
    (finding,) = service(case(asked, agreement(entitlement("basic")), under))

    assert finding.facts["tiers"] == "Premium"
