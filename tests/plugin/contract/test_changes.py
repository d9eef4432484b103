"""What a person would call the decision, and what is different about it since the one before."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import given

from plugin.contract.changes import changes
from plugin.contract.decide import decide
from plugin.contract.decision import AccountRepresentative, Eligibility, Source
from plugin.contract.explain import FOLLOWED, READINGS, as_json, rulings
from plugin.contract.ledger import Account
from plugin.contract.model import Override, SupportAgreement, SupportRequest
from plugin.contract.policy import Policy
from tests.plugin.contract.builders import NOON, POLICY, agreement, contact, policy_with_lines, request
from tests.plugin.contract.strategies import Given, cases

FAULT = request(kind="fault", environment="production", impact="down")
SPENT = {("credit 2026-01-01", Account.CONSUMED): 5}


def kept(asked: SupportRequest, signed: SupportAgreement | None = None, under: Policy = POLICY, **more: Any) -> Any:
    """The decision as it comes out of a database."""
    return json.loads(json.dumps(as_json(decide(asked, signed or agreement(), under, NOON, **more))))


def test_what_is_left_on_the_balance_the_moment_and_the_revision_make_no_other_decision() -> None:
    later = as_json(decide(FAULT, agreement(), replace(POLICY, revision="r2"), NOON + timedelta(days=2), SPENT))
    assert later["rulings"]["credits_left"] != kept(FAULT)["rulings"]["credits_left"]
    assert changes(kept(FAULT), later, POLICY) == ()


def test_another_sentence_about_the_same_reason_makes_no_other_decision() -> None:
    old = replace(FAULT, version="2.9")
    released = policy_with_lines({"2.9": "2016-05-05", "25.1": "2026-05-19", "25.2": "2026-11-20"})
    assert kept(old)["rulings"]["eligibility"] != kept(old, under=released)["rulings"]["eligibility"]
    assert changes(kept(old), kept(old, under=released), POLICY) == ()
    full = agreement(contacts=[contact("Somebody Else", ("acc-else",), ())])
    assert changes(kept(FAULT, full), kept(FAULT, agreement(contacts=[])), POLICY) == ()


def test_a_value_that_changed_is_told_with_what_it_was_before() -> None:
    mild = replace(FAULT, impact="minor")
    assert changes(kept(mild), kept(FAULT), POLICY) == (
        "Severity: 1 instead of 3",
        "Response due: Mon 23 Nov 2026 17:00 CET instead of Wed 25 Nov 2026 13:00 CET",
        "Patch eligibility: patch instead of scheduled",
        "Priority: highest instead of medium",
    )


def test_another_representative_is_told_by_name() -> None:
    nora, ivo = (
        replace(
            agreement(),
            account_representative=AccountRepresentative(name, account, Source("agreements/aurora.yaml", 25)),
        )
        for name, account in (("Nora Quist", "nora"), ("Ivo Berg", "ivo"))
    )
    assert changes(kept(FAULT, nora), kept(FAULT, ivo), POLICY) == (
        "Account representative: Ivo Berg instead of Nora Quist",
    )


def test_a_reason_that_is_gone_and_one_that_is_new_are_told_in_their_sentences() -> None:
    old, modified = replace(FAULT, version="2.9"), replace(FAULT, modified=True)
    told = changes(kept(old), kept(modified), POLICY)
    assert told[-2:] == (
        "No longer: expecco 2.9 is older than what is supported on 2026-11-23: 25.1 and 24.2.",
        "New: The customer modified the software, and no authorization of that is on file.",
    )


def test_an_override_and_another_reason_for_it_are_new() -> None:
    override = Override(Eligibility.ELIGIBLE, "Goodwill")
    first, second = (replace(FAULT, version="2.9", override=each) for each in (None, override))
    third = replace(second, override=replace(override, reason="Update is planned"))
    assert "New: Overruled by an agent: eligible instead of not eligible. Goodwill" in changes(
        kept(first), kept(second), POLICY
    )
    assert changes(kept(second), kept(third), POLICY) == (
        "No longer: Overruled by an agent: eligible instead of not eligible. Goodwill",
        "New: Overruled by an agent: eligible instead of not eligible. Update is planned",
    )


def test_customers_and_tiers_are_told_by_their_names() -> None:
    other = agreement(customer="birch", name="Birch Instruments")
    assert changes(kept(FAULT), kept(FAULT, other), POLICY) == (
        "Agreement: Birch Instruments instead of Aurora Robotics",
    )
    ended = agreement(terms=["2024"])
    told = changes(kept(FAULT), kept(FAULT, ended), POLICY)
    assert "Tier: none instead of Premium" in told


def test_a_decision_kept_before_there_was_a_value_is_compared_without_it() -> None:
    before = kept(FAULT)
    del before["rulings"]["patch_eligibility"]
    assert changes(before, kept(FAULT), POLICY) == ()


@given(cases(), cases())
def test_nothing_changed_exactly_where_values_and_objections_are_the_same(one: Given, other: Given) -> None:
    decisions = [decide(asked, signed, under, now, booked) for asked, signed, under, now, booked in (one, other)]
    before, now = (json.loads(json.dumps(as_json(each))) for each in decisions)
    beside = {name.replace("_", " ") for name in (*READINGS, *FOLLOWED)}
    same = [
        (
            [ruling.value for name, ruling in rulings(each).items() if name not in beside],
            {reason.reason for reason in each.reasons},
        )
        for each in decisions
    ]
    assert (changes(before, now, POLICY) == ()) == (same[0] == same[1])
    assert changes(before, before, POLICY) == changes(now, now, POLICY) == ()
