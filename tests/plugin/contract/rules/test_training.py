"""C10: training sessions, the second unit: charged, short and left as credits are, and each unit for itself."""

from dataclasses import replace

import pytest

from plugin.contract.books import book_charge, release, taken_from
from plugin.contract.decide import decide
from plugin.contract.decision import Decision, Eligibility, Reason
from plugin.contract.grants import CREDIT, TRAINING
from plugin.contract.ledger import EntryKind, Places, consumption, places_of
from plugin.contract.policy import Policy, Shortage
from plugin.contract.rules.credits import units
from tests.plugin.contract.builders import NOON, WITH_TRAINING, agreement, always, entitlement, request, table

LOT, CREDITS = "training_session 2026-01-01", "credit 2026-01-01"
ASKED = request(kind="training")
BOTH = replace(
    WITH_TRAINING,
    costs=table(
        "C9",
        "credits.yaml",
        ({"kind": "any", "severity": "any", "unit": CREDIT}, 2),
        ({"kind": "any", "severity": "any", "unit": TRAINING}, 1),
    ),
)
"""Requests that cost some of each unit."""


def decided(tier: str = "premium", rules: Policy = WITH_TRAINING, used: Places | None = None) -> Decision:
    return decide(ASKED, agreement(entitlement(tier)), rules, NOON, used or {})


@pytest.mark.parametrize(("tier", "left"), [("premium", 2), ("advanced", 0)])
def test_a_training_costs_one_session_and_no_credits(tier: str, left: int) -> None:
    decision = decided(tier)
    assert (decision.eligibility.value, decision.charge.value) == (Eligibility.ELIGIBLE, 0)
    assert (decision.sessions_charged.value, decision.sessions_left.value) == (1, left)
    assert decision.sessions_charged.findings[0].sentence == "A request of kind training costs 1 training session."


def test_other_requests_cost_no_session_and_say_so() -> None:
    decision = decide(request(), agreement(), WITH_TRAINING, NOON)
    assert (decision.sessions_charged.value, decision.sessions_left.value, decision.charge.value) == (0, 3, 1)
    assert "training" not in " ".join(finding.sentence for finding in decision.eligibility.findings)


@pytest.mark.parametrize(
    ("mode", "eligibility", "reason"),
    [
        (Shortage.ACCEPT_AND_FLAG, Eligibility.LIMITED, Reason.SESSIONS_FLAGGED),
        (Shortage.HOLD, Eligibility.ON_HOLD, Reason.SESSIONS_HELD),
        (Shortage.REFUSE, Eligibility.NOT_ELIGIBLE, Reason.SESSIONS_REFUSED),
    ],
)
def test_what_happens_when_no_session_is_left_is_the_tables(
    mode: Shortage, eligibility: Eligibility, reason: Reason
) -> None:
    decision = decided(rules=replace(WITH_TRAINING, shortage=always(mode)), used=consumption({LOT: 3}))
    assert (decision.eligibility.value, [each.reason for each in decision.reasons]) == (eligibility, [reason])
    assert (decision.sessions_charged.value, decision.sessions_left.value) == (0, 0)
    assert decision.reasons[0].facts == {"needed": "1", "left": "0"}
    assert decision.reasons[0].sentence.startswith("1 training session needed, 0 training sessions left: ")


def test_sessions_used_by_others_are_left_out_and_credits_do_not_help() -> None:
    decision = decided(used=consumption({LOT: 3}))
    assert (decision.sessions_charged.value, decision.sessions_left.value) == (0, 0)
    assert decision.sessions_left.findings[0].sentence == (
        "0 training sessions without this request, 0 training sessions with it."
    )
    assert decision.credits_left.value == 32


def test_a_training_that_is_accepted_without_a_session_left_says_what_there_was() -> None:
    flagging = replace(WITH_TRAINING, shortage=always(Shortage.ACCEPT_AND_FLAG))
    assert decided(rules=flagging, used=consumption({LOT: 3})).sessions_charged.findings[0].sentence == (
        "There are not enough training sessions: 0 training sessions charged."
    )


def test_without_an_agreement_in_force_no_sessions_are_counted() -> None:
    decision = decide(request(kind="training", raised="2027-02-01 09:00"), agreement(), WITH_TRAINING, NOON)
    assert (decision.sessions_charged.value, decision.sessions_left.value) == (0, None)


def test_a_request_holds_some_of_both_units_in_an_entry_each() -> None:
    decision, signed = decided(rules=BOTH), agreement()
    entries = book_charge(decision, ASKED, signed, BOTH, {}, {})
    assert [(entry.unit, entry.kind, entry.matter) for entry in entries] == [
        (CREDIT, EntryKind.CHARGE, "request:10001"),
        (TRAINING, EntryKind.CHARGE, "request:10001"),
    ]
    held = places_of(posting for entry in entries for posting in entry.postings)
    assert taken_from(held) == {CREDITS: 2, LOT: 1}
    assert book_charge(decision, ASKED, signed, BOTH, {}, held) == ()


def test_both_units_are_given_back_when_the_request_is_released() -> None:
    held = consumption({CREDITS: 2, LOT: 1})
    entries = release("aurora", "10001", "SUP-1", held, BOTH, NOON, "SUP-1 was deleted")
    assert [(entry.unit, entry.kind) for entry in entries] == [
        (CREDIT, EntryKind.REFUND),
        (TRAINING, EntryKind.REFUND),
    ]
    assert places_of(posting for entry in entries for posting in entry.postings) == {
        place: -amount for place, amount in held.items()
    }


def test_a_request_refused_for_want_of_sessions_is_charged_no_credits_either() -> None:
    refusing = replace(BOTH, shortage=always(Shortage.REFUSE))
    decision = decided(rules=refusing, used=consumption({LOT: 3}))
    assert (decision.charge.value, decision.sessions_charged.value) == (0, 0)


@pytest.mark.parametrize(
    ("amount", "unit", "said"),
    [(1, CREDIT, "1 credit"), (0, TRAINING, "0 training sessions"), (-1, TRAINING, "-1 training session")],
)
def test_units_are_said_in_words(amount: int, unit: str, said: str) -> None:
    assert units(amount, unit) == said
