"""What another policy would decide otherwise: value by value, each with its reason, and in sum."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import given

from plugin.contract.changes import changes
from plugin.contract.decide import decide
from plugin.contract.decision import Eligibility
from plugin.contract.explain import as_json
from plugin.contract.ledger import Account
from plugin.contract.model import Author, Comment, SupportAgreement, SupportRequest
from plugin.contract.policy import Policy, Verdict
from plugin.contract.preview import Difference, differences, more_charged, sums
from plugin.contract.tables import ANY
from tests.plugin.contract.builders import (
    JONAS,
    NOON,
    POLICY,
    agreement,
    at,
    contact,
    entitlement,
    policy,
    request,
    table,
)
from tests.plugin.contract.test_decide_laws import Given, cases

SPENT = {("credit 2026-01-01", Account.CONSUMED): 32}
FAULT = request(kind="fault", environment="production", impact="down")


def different(
    asked: SupportRequest,
    signed: SupportAgreement,
    then: SupportAgreement,
    under: Policy = POLICY,
    now: Policy = POLICY,
) -> dict[str, tuple[Any, Any, str]]:
    """What is different by another agreement or policy, the last sentence of its reason beside it."""
    before = json.loads(json.dumps(as_json(decide(asked, signed, under, NOON))))
    found = differences(before, decide(asked, then, now, NOON))
    return {each.name: (each.before, each.after, each.why[-1]) for each in found}


def test_a_shorter_response_time_is_due_earlier_by_its_row() -> None:
    shorter = policy(response_targets=table("C2", "tiers.yaml", ({"tier": ANY, "severity": ANY}, timedelta(hours=2))))
    assert different(FAULT, agreement(), agreement(), now=shorter) == {
        "response due": (
            "2026-11-23T17:00:00+01:00",
            "2026-11-23T11:00:00+01:00",
            "2 h of covered time for severity 1 from Mon 23 Nov 2026 09:00 CET: Mon 2 h. "
            "[C2 tiers.yaml:1; C3 coverage.yaml:1]",
        )
    }


def test_that_an_answer_in_time_would_have_been_late_is_told() -> None:
    answered = replace(FAULT, comments=(Comment("1", at("2026-11-23 11:30"), Author.AGENT, public=True),))
    shorter = policy(response_targets=table("C2", "tiers.yaml", ({"tier": ANY, "severity": ANY}, timedelta(hours=2))))
    assert different(answered, agreement(), agreement(), now=shorter)["response kept"] == (
        "kept",
        "missed",
        "The response of Mon 23 Nov 2026 11:30 CET came after it was due (Mon 23 Nov 2026 11:00 CET). "
        "[C2 tiers.yaml:1, eligibility.yaml:59; C3 coverage.yaml:1]",
    )


def test_a_refusal_names_the_new_reason_and_an_acceptance_the_one_that_is_gone() -> None:
    mine, his = agreement(), agreement(contacts=[contact("Jonas Falk", ("acc-jonas",), ())])
    refused, accepted = different(request(), mine, his), different(request(), his, mine)
    sentence = "Mira Vogt is not a named contact of Aurora Robotics."
    assert refused["eligibility"] == (
        "eligible",
        "not eligible",
        f"{sentence} [C4 agreements/aurora.yaml:1; C24 eligibility.yaml:42]",
    )
    assert accepted["eligibility"] == ("not eligible", "eligible", f"No longer: {sentence}")
    assert refused["credits charged"][:2] == (1, 0)
    assert "reasons" not in refused | accepted


def test_another_reason_for_the_same_eligibility_is_a_difference_too() -> None:
    asked = request("24.1", raised_by=JONAS)
    found = different(asked, agreement(), agreement(contacts=[contact("Jonas Falk", ("acc-jonas",), ())]))
    assert found == {
        "reasons": (
            "contact_not_named, version_too_old",
            "version_too_old",
            "No longer: Jonas Falk is not a named contact of Aurora Robotics.",
        )
    }
    back = different(asked, agreement(contacts=[contact("Jonas Falk", ("acc-jonas",), ())]), agreement())
    assert back == {
        "reasons": (
            "version_too_old",
            "contact_not_named, version_too_old",
            "Jonas Falk is not a named contact of Aurora Robotics. "
            "[C4 agreements/aurora.yaml:1; C24 eligibility.yaml:42]",
        )
    }


def test_other_reasons_are_told_beside_other_values() -> None:
    basic = agreement(entitlement("basic"), contacts=[contact("Jonas Falk", ("acc-jonas",), ())])
    assert different(request("24.1", raised_by=JONAS), agreement(), basic).keys() >= {"tier", "reasons"}


def test_a_reason_with_another_consequence_is_told_once_more() -> None:
    rows = {row.when[0][1]: row.cited.value for row in POLICY.verdicts.rows}
    rows["third_party"] = Verdict(Eligibility.ON_HOLD, reply=False)
    harder = policy(verdicts=table("C28", "eligibility.yaml", *(({"reason": each}, rows[each]) for each in rows)))
    found = different(request(third_party="Selenium"), agreement(), agreement(), now=harder)
    assert found["eligibility"] == (
        "limited",
        "on hold",
        "It concerns third-party software (Selenium): its maker's warranty is passed through, no more. "
        "[C26 releases.yaml:1, eligibility.yaml:50]",
    )


def test_another_balance_place_or_sentence_is_none() -> None:
    moved = policy(severity_table=table("C18", "other.yaml", *((dict(row.when), row.cited.value) for row in ROWS)))
    before = as_json(decide(request(), agreement(), POLICY, NOON))
    assert differences(before, decide(request(), agreement(), moved, NOON, {**SPENT})) != ()  # no credits are left
    assert differences(before, decide(request(), agreement(entitlement(licenses=9)), moved, NOON)) == ()


ROWS = POLICY.severity_table.rows


def test_a_ruling_that_did_not_exist_yet_is_not_compared() -> None:
    before = as_json(decide(FAULT, agreement(), POLICY, NOON))
    del before["rulings"]["patch_eligibility"]
    assert differences(before, decide(FAULT, agreement(), POLICY, NOON)) == ()


@given(cases(), cases())
def test_there_is_a_difference_exactly_where_a_person_sees_another_decision(one: Given, two: Given) -> None:
    asked, *rest = one
    before, after = as_json(decide(*one)), decide(asked, two[1], two[2], *rest[2:3], two[4])
    found = differences(before, after)
    assert bool(found) == bool(changes(before, as_json(after), POLICY))
    assert all(each.before != each.after and each.why for each in found)


def test_in_sum_values_are_counted_by_how_they_differ() -> None:
    noon, one = "2026-11-23T12:00:00+01:00", "2026-11-23T13:00:00+02:00"  # an hour on the wall, and no time between
    later = "2026-11-23T13:00:00+01:00"
    told = [
        Difference("response due", later, noon, ()),
        Difference("response due", later, one, ()),
        Difference("response due", noon, later, ()),
        Difference("response due", noon, None, ()),
        Difference("response due", later, None, ()),
        Difference("response due", None, noon, ()),
        Difference("severity", 3, 1, ()),
        Difference("severity", 1, 2, ()),
        Difference("credits charged", 0, 2, ()),
        Difference("credits charged", 1, 0, ()),
        Difference("tier", None, "basic", ()),
        Difference("eligibility", "eligible", "on hold", ()),
        Difference("eligibility", "eligible", "on hold", ()),
        Difference("reasons", None, "resources", ()),
    ]
    assert sums(told) == {
        "response due": {"earlier": 2, "later": 1, "none any more": 2, "set for the first time": 1},
        "severity": {"graver": 1, "less grave": 1},
        "credits charged": {"more": 1, "fewer": 1},
        "tier": {"basic instead of none": 1},
        "eligibility": {"on hold instead of eligible": 2},
        "reasons": {"others": 1},
    }
    assert (more_charged(told, "credits charged"), more_charged(told, "severity")) == (1, 0)


def test_what_is_charged_more_is_told_by_the_row_that_costs_more() -> None:
    dear = policy(costs=table("C9", "credits.yaml", ({"unit": "credit"}, 5), ({"unit": ANY}, 0)))
    assert different(request(), agreement(), agreement(), now=dear)["credits charged"] == (
        1,
        5,
        "A request of kind question costs 5 credits. [C9 credits.yaml:1]",
    )


def test_a_deleted_entitlement_takes_the_tier() -> None:
    ended = replace(agreement(), entitlements=())
    assert different(request(), agreement(), ended)["tier"][:2] == ("premium", None)
