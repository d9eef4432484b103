"""Agreements, which of them applies, and why: what went wrong elsewhere (the numbers are those of README.md here)."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.contract.books import book_charge
from plugin.contract.decision import Outcome
from plugin.contract.explain import rulings
from plugin.contract.grants import UNITS, book_grants, grants
from plugin.contract.ledger import places_of
from plugin.contract.model import Organization, Person, SupportAgreement
from plugin.mappings.check import check
from tests.lessons.shipped import (
    AURORA,
    BRENNHAUS,
    COBALT,
    DELTA,
    PEOPLE,
    agreement_of,
    changed,
    due,
    fault,
    judged,
    reasons,
    sentences,
    shipped,
    told,
)
from tests.plugin.mappings.broken import TODAY, copy_of_shipped, replaced

RENEWAL = ("agreements/delta-foundry.yaml", "\nentitlements:", "\nrenewal: {mode: automatic}\n\nentitlements:")


def test_a_tacit_renewal_does_not_make_an_agreement_run_on_and_the_agent_is_told(tmp_path: Path) -> None:
    """Lesson 36: https://github.com/glpi-project/glpi/pull/9090: a term is one thing, renewing it another."""
    decision = judged(fault(by=DELTA), mappings=changed(tmp_path / "a", RENEWAL))
    assert reasons(decision) == ["agreement_ended"]
    assert "It renews by itself, but no further term is entered" in sentences(decision, "customer")
    term = "  - {from: 2023-01-01, to: 2025-12-31}\n"
    entered = changed(
        tmp_path / "b",
        RENEWAL,
        ("agreements/delta-foundry.yaml", term, term + "  - {from: 2026-01-01, to: 2026-12-31}\n"),
    )
    assert reasons(judged(fault(by=DELTA), mappings=entered)) == []


def test_the_last_day_of_the_agreement_stands_in_the_explanation_of_every_request() -> None:
    """Lesson 37: https://github.com/glpi-project/glpi/pull/23622: when it ends must be visible on the ticket."""
    for customer, last in ((AURORA, "2034-03-31"), (COBALT, "2033-09-30"), (DELTA, "2025-12-31")):
        assert last in told(judged(fault(by=customer)))


def test_an_empty_condition_is_a_mistake_and_matches_nothing(tmp_path: Path) -> None:
    """Lesson 39: https://github.com/frappe/helpdesk/pull/3547: a rule without a condition won over the default."""
    for number, new in enumerate(
        ("{tier: , severity: 1, within: 1 h, cites: C2}", "{severity: 1, within: 1 h, cites: C2}")
    ):
        mappings = copy_of_shipped(tmp_path / str(number))
        row = "response_targets:\n"
        replaced(mappings, "tiers.yaml", row, f"{row}  - {new}\n")
        found = [str(each) for each in check(mappings, TODAY) if not each.warning]
        assert any(each.startswith("tiers.yaml:") and "tier" in each for each in found), found


@pytest.mark.parametrize("customer", [AURORA, BRENNHAUS, COBALT, DELTA])
def test_every_value_says_which_agreement_tier_hours_and_row_it_follows_from(customer: Organization) -> None:
    """Lesson 40: https://github.com/glpi-project/glpi/issues/12489, "rules work half the time".

    Lesson 41: https://github.com/frappe/helpdesk/issues/3235: several agreements, and nobody sees which one applied.
    """
    decision = judged(fault(by=customer))
    assert customer.name in sentences(decision, "customer")
    for name, ruling in rulings(decision).items():
        assert all(each.sentence and each.cites for each in ruling.findings), name
    tier, hours = decision.tier.value, {"premium": "8 h", "advanced": "16 h", "basic": "24 h"}
    if tier is not None:
        assert sentences(decision, "tier").startswith(tier.capitalize())
        assert sentences(decision, "response_due").startswith(f"{hours[tier]} of covered time for severity 1 from ")
        cited = [str(each).rpartition(":")[0] for each in decision.response_due.findings[0].cites]
        assert cited == ["C2, eligibility.yaml", "C2, tiers.yaml", "C3, coverage.yaml"]


def test_what_was_not_looked_at_is_told_apart_from_what_failed_and_from_what_is_in_order() -> None:
    """Lesson 42: https://github.com/abu-bakar-miskat/Support-Ticketing-System/issues/9: failed, skipped, fired."""
    outcomes = {each.rule: each.outcome for each in judged(fault(by=DELTA, version="25.2")).eligibility.findings}
    assert outcomes["agreement_in_force"] is Outcome.NOT_MET
    assert outcomes["covered_product"] is Outcome.UNKNOWN
    assert outcomes["named_contact"] is Outcome.MET


@pytest.mark.parametrize("organizations", [(), (Organization("99", "Nobody's"),), (AURORA, BRENNHAUS)])
def test_no_agreement_is_a_question_and_no_error(organizations: tuple[Organization, ...]) -> None:
    """Lesson 43: https://github.com/upgradeya/redmine-contracts/issues/58: no contract, and the page was an HTTP 500.

    Lesson 47: ServiceNow community 438000: of several entitlements the first was taken. Never guess, ask.
    """
    decision = judged(fault(organizations=organizations, raised_by=Person("Kim", email="kim@elsewhere.example")))
    assert decision.eligibility.value == "needs information"
    assert (decision.customer.value, decision.charge.value, decision.credits_left.value, due(decision)) == (
        None,
        0,
        None,
        "-",
    )
    assert reasons(decision) == ["customer_ambiguous" if len(organizations) == 2 else "customer_unknown"]


ORGANIZATIONS = st.lists(
    st.sampled_from([AURORA, BRENNHAUS, COBALT, DELTA, Organization("99", "Nobody's")]), max_size=3
)


@given(ORGANIZATIONS, st.sampled_from(list(PEOPLE.values())), st.sampled_from(["fault", "training", "question"]))
def test_no_request_is_ever_charged_to_another_customer(
    organizations: list[Organization], person: Person, kind: str
) -> None:
    """Lesson 44: https://github.com/pluginsGLPI/credit/issues/252, one customer's ticket consumed another's voucher."""
    asked = fault(organizations=tuple(organizations), raised_by=person, kind=kind)
    signed, policy = agreement_of(asked), shipped().policy
    decision = judged(asked)
    if not isinstance(signed, SupportAgreement):
        assert (decision.customer.value, decision.charge.value, decision.sessions_charged.value) == (None, 0, 0)
        return
    # Organizations of two customers fit two agreements; none at all leaves the domain of the address.
    known = {each.name for each in organizations} - {"Nobody's"}
    assert known == {signed.name} if organizations else person.email and signed.domains[0] in person.email
    places = places_of(posting for entry in book_grants(signed, policy, {}, asked.raised) for posting in entry.postings)
    entries = book_charge(decision, asked, signed, policy, places, {})
    lots = {each.lot for unit in UNITS for each in grants(signed, policy, TODAY, unit)}
    assert {each.customer for each in entries} <= {signed.customer}
    assert {posting.lot for entry in entries for posting in entry.postings} <= lots
