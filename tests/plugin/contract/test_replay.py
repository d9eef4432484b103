"""A decision made once more: the same under the same policy, and what another one would say of it."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given

from plugin.contract.decide import decide, standing_after
from plugin.contract.decision import Eligibility
from plugin.contract.ledger import Account
from plugin.contract.matching import find_agreement
from plugin.contract.model import SupportAgreement
from plugin.contract.replay import at_next_look, inputs_of, replay
from tests.plugin.contract.builders import NOON, POLICY, agreement, entitlement, policy, request, table
from tests.plugin.contract.test_decide_laws import Given, cases

SPENT = {("credit 2026-01-01", Account.CONSUMED): 32}


@given(cases())
def test_what_was_decided_is_decided_again(given_: Given) -> None:
    asked, signed, under, now, booked = given_
    agreements = [signed] if isinstance(signed, SupportAgreement) else []
    found = find_agreement(asked, agreements)
    customer = found.customer if isinstance(found, SupportAgreement) else None
    decision = decide(asked, found, under, now, booked if customer else {})
    assert replay(inputs_of(asked, now, customer, booked), under, agreements) == decision


def test_another_policy_decides_by_its_own_rows_and_says_which_it_is() -> None:
    inputs = inputs_of(request(), NOON, "aurora", SPENT)
    free = policy(revision="r2", costs=table("C9", "credits.yaml", ({}, 0)))
    before, after = (replay(inputs, each, [agreement()]) for each in (POLICY, free))
    assert (before.revision, before.eligibility.value) == ("r1", Eligibility.ON_HOLD)
    assert (after.revision, after.eligibility.value) == ("r2", Eligibility.ELIGIBLE)
    assert before.decided_at == after.decided_at == NOON


def test_the_agreement_is_looked_for_anew() -> None:
    inputs = inputs_of(request(), NOON, "aurora", {})
    assert replay(inputs, POLICY, []).eligibility.value is Eligibility.NEEDS_INFORMATION
    upgraded = agreement(entitlement("basic"))
    assert replay(inputs, POLICY, [upgraded]).tier.value == "basic"


def test_the_units_of_one_customer_are_never_counted_for_another() -> None:
    """The organization belongs to a customer of another name now, of whose credits nothing is known."""
    inputs = inputs_of(request(), NOON, "aurora", SPENT)
    renamed = replay(inputs, POLICY, [agreement(customer="borealis")])
    assert (renamed.customer.value, renamed.credits_left.value) == ("borealis", 31)


def test_another_moment_of_deciding_is_another_decision() -> None:
    asked = request("25.2")
    inputs = inputs_of(asked, NOON, "aurora", {})
    later = replace(inputs, now=NOON + timedelta(days=30))
    assert [replay(each, POLICY, [agreement()]).eligibility.value for each in (inputs, later)] == [
        Eligibility.NOT_ELIGIBLE,
        Eligibility.ELIGIBLE,
    ]


def test_the_next_look_comes_later_and_finds_what_the_last_one_left_behind_unless_all_is_done() -> None:
    asked = request("24.1")
    inputs = inputs_of(asked, NOON, "aurora", {})
    left = standing_after(decide(asked, agreement(), POLICY, NOON), None)
    hour = timedelta(hours=1)
    following = at_next_look(inputs, left, NOON + hour)
    assert (following.request.standing, following.now) == (left, NOON + hour)
    assert at_next_look(inputs, left, NOON - hour).now == NOON  # a clock that goes wrong
    done = inputs_of(replace(asked, ended=NOON), NOON, "aurora", {})
    assert at_next_look(done, left, NOON + hour) == done
