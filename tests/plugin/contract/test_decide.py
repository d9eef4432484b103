"""The contract on one page: all checks, one decision."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from plugin.contract.decide import CHECKS, decide, standing_after
from plugin.contract.decision import Decision, Eligibility, Reason, Source
from plugin.contract.explain import as_json
from plugin.contract.ledger import Account, Places
from plugin.contract.model import NoAgreement, Organization, Override, Standing, SupportAgreement, SupportRequest
from plugin.contract.policy import Clock, ClockStart, Coverage, Mode, Shortage, Verdict
from tests.plugin.contract.builders import (
    JONAS,
    NOON,
    POLICY,
    VERDICTS,
    agreement,
    always,
    at,
    entitlement,
    policy,
    request,
    table,
)

LOT = "credit 2026-01-01"
AURORA = agreement()
PREMIUM_FAULT = request(kind="fault", environment="production", impact="down")


def consumed(units: int) -> Places:
    return {(LOT, Account.AVAILABLE): 32 - units, (LOT, Account.CONSUMED): units, (LOT, Account.GRANTED): -32}


def reasons(decision: Decision) -> list[Reason | None]:
    return [finding.reason for finding in decision.reasons]


def test_a_request_in_order_gets_everything_the_contract_promises() -> None:
    decision = decide(PREMIUM_FAULT, AURORA, POLICY, NOON)
    assert (decision.request_id, decision.request_key, decision.decided_at, decision.revision) == (
        "10001",
        "SUP-1",
        NOON,
        "r1",
    )
    assert (decision.customer.value, decision.tier.value, decision.severity.value) == ("aurora", "premium", 1)
    assert decision.eligibility.value is Eligibility.ELIGIBLE
    assert decision.response_due.value == at("2026-11-23 17:00")
    assert (decision.charge.value, decision.credits_left.value) == (1, 31)
    assert decision.clock_started == at("2026-11-23 09:00")
    assert (decision.reasons, decision.told) == ((), ())


def test_every_check_leaves_a_finding() -> None:
    rules = [finding.rule for finding in decide(request(), AURORA, POLICY, NOON).eligibility.findings]
    assert rules == [*(check.__name__ for check in CHECKS), "credits"]


def test_all_reasons_are_told_at_once() -> None:
    signed = agreement(entitlement(free=True))
    asked = request("24.1", raised_by=JONAS)
    decision = decide(asked, signed, POLICY, NOON)
    assert reasons(decision) == [
        Reason.FREE_LICENSE,
        Reason.CONTACT_NOT_NAMED,
        Reason.VERSION_TOO_OLD,
        Reason.CREDITS_HELD,
    ]
    assert decision.eligibility.value is Eligibility.NOT_ELIGIBLE
    assert [finding.reason for finding in decision.told] == reasons(decision)[:3]


def test_an_agreement_that_has_ended_is_not_also_said_to_be_short_of_credits() -> None:
    decision = decide(request(), agreement(terms=["2025"]), POLICY, NOON)
    assert reasons(decision) == [Reason.AGREEMENT_ENDED]
    assert (decision.credits_left.value, decision.charge.value, decision.response_due.value) == (None, 0, None)
    assert decision.customer.value == "aurora"


@pytest.mark.parametrize("nobody", [None, NoAgreement(), NoAgreement(("Aurora Robotics", "Birch"))])
def test_without_an_agreement_there_is_a_question_and_no_error(nobody: NoAgreement | None) -> None:
    decision = decide(request(), nobody, POLICY, NOON)
    assert decision.eligibility.value is Eligibility.NEEDS_INFORMATION
    assert (decision.customer.value, decision.tier.value, decision.credits_left.value) == (None, None, None)
    assert reasons(decision) == [Reason.CUSTOMER_AMBIGUOUS if nobody and nobody.candidates else Reason.CUSTOMER_UNKNOWN]


@pytest.mark.parametrize(
    ("reason", "asked", "signed"),
    [
        (Reason.AGREEMENT_NOT_BEGUN, request(), agreement(terms=["2027"])),
        (Reason.PRODUCT_MISSING, request(product=None), agreement(entitlement(), entitlement(product="expecco-alm"))),
        (Reason.PRODUCT_UNKNOWN, request(product="Toaster"), AURORA),
        (Reason.PRODUCT_NOT_COVERED, request("2.4", product="ALM"), AURORA),
        (Reason.VERSION_MISSING, request(None), AURORA),
        (Reason.VERSION_UNCLEAR, request("latest"), AURORA),
        (Reason.VERSION_UNLISTED, request("2.91"), AURORA),
        (Reason.VERSION_TOO_NEW, request("26.1"), AURORA),
        (Reason.VERSION_TOO_OLD, request("24.1"), AURORA),
        (Reason.VERSION_PRERELEASE, request("25.2"), AURORA),
        (Reason.PLATFORM_UNKNOWN, request(platform="macOS"), AURORA),
        (Reason.THIRD_PARTY, request(third_party="Selenium 4"), AURORA),
        (Reason.MODIFICATION, request(modified=True), AURORA),
        (Reason.RESOURCES, request(kind="installation"), AURORA),
        (Reason.SERVICE_REFUSED, request(kind="training"), agreement(entitlement("basic"))),
        (Reason.CONTACT_NOT_NAMED, request(raised_by=JONAS), AURORA),
    ],
)
def test_what_follows_from_a_reason_is_what_the_table_says(
    reason: Reason, asked: SupportRequest, signed: SupportAgreement
) -> None:
    decision = decide(asked, signed, POLICY, NOON)
    assert reasons(decision) == [reason]
    assert decision.eligibility.value is VERDICTS[reason][0]
    assert [finding.reason for finding in decision.told] == ([reason] if VERDICTS[reason][1] else [])


def test_a_reason_without_a_row_is_a_mistake_in_the_mapping_files() -> None:
    silent = policy(verdicts=table("C28", "eligibility.yaml", ({"reason": "version_missing"}, None)))
    with pytest.raises(LookupError, match="does not say what follows from version_too_old"):
        decide(request("24.1"), AURORA, silent, NOON)


def test_a_request_is_judged_by_the_vendors_day_and_not_by_that_of_utc() -> None:
    new_year = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    assert reasons(decide(request(raised=new_year), AURORA, POLICY, new_year)) == [Reason.AGREEMENT_ENDED]
    assert reasons(decide(request(raised=new_year - timedelta(hours=1)), AURORA, POLICY, new_year)) == []


# Credits


def test_the_last_credit_can_be_spent() -> None:
    decision = decide(request(), AURORA, POLICY, NOON, consumed(31))
    assert (decision.eligibility.value, decision.charge.value, decision.credits_left.value) == (
        Eligibility.ELIGIBLE,
        1,
        0,
    )


def test_a_fault_beyond_the_last_credit_is_accepted_and_flagged() -> None:
    decision = decide(PREMIUM_FAULT, AURORA, POLICY, NOON, consumed(32))
    assert (decision.eligibility.value, reasons(decision)) == (Eligibility.LIMITED, [Reason.CREDITS_FLAGGED])
    assert (decision.charge.value, decision.credits_left.value) == (0, 0)
    assert decision.response_due.value == at("2026-11-23 17:00")


@pytest.mark.parametrize(
    ("mode", "eligibility", "due"),
    [(Shortage.HOLD, Eligibility.ON_HOLD, at("2026-11-25 13:00")), (Shortage.REFUSE, Eligibility.NOT_ELIGIBLE, None)],
)
def test_a_shortage_may_hold_or_refuse_and_only_a_refusal_stops_the_clock(
    mode: Shortage, eligibility: Eligibility, due: datetime | None
) -> None:
    decision = decide(request(), AURORA, policy(shortage=always(mode)), NOON, consumed(32))
    assert (decision.eligibility.value, decision.charge.value) == (eligibility, 0)
    assert decision.response_due.value == due


def test_credits_are_those_of_the_day_the_request_was_raised() -> None:
    two_years = agreement(entitlement(during="2025-01-01 2026-12-31"), terms=["2025", "2026"])
    spent = {("credit 2025-01-01", Account.CONSUMED): 32}
    late = decide(request("24.2", raised="2025-12-31 17:00", kind="fault"), two_years, POLICY, NOON, spent)
    assert (reasons(late), late.credits_left.value) == ([Reason.CREDITS_FLAGGED], 0)
    fresh = decide(request(), two_years, POLICY, NOON, spent)
    assert fresh.credits_left.value == 31


def test_a_defect_is_free_even_when_others_have_spent_everything_meanwhile() -> None:
    defect = replace(PREMIUM_FAULT, outcome="product_defect")
    decision = decide(defect, AURORA, POLICY, NOON, consumed(32))
    assert (decision.eligibility.value, decision.charge.value) == (Eligibility.ELIGIBLE, 0)
    assert decision.charge.findings[0].sentence == "The request turned out to be a product defect: nothing is charged."


def test_a_deleted_request_costs_nothing() -> None:
    decision = decide(request(deleted=True), AURORA, POLICY, NOON, consumed(32))
    assert (decision.charge.value, decision.eligibility.value) == (0, Eligibility.ELIGIBLE)


def test_a_refused_request_costs_nothing() -> None:
    assert decide(request("24.1"), AURORA, POLICY, NOON).charge.value == 0


# Severity


def test_a_lowered_severity_is_told_and_takes_nothing_away() -> None:
    asked = replace(PREMIUM_FAULT, environment="test", stated_severity=1)
    decision = decide(asked, AURORA, POLICY, NOON)
    assert (decision.severity.value, decision.stated_severity, decision.eligibility.value) == (
        3,
        1,
        Eligibility.ELIGIBLE,
    )
    assert [finding.reason for finding in decision.told] == reasons(decision) == [Reason.SEVERITY_LOWERED]
    assert (decision.charge.value, decision.response_due.value) == (1, at("2026-11-25 13:00"))
    assert as_json(decision)["stated_severity"] == 1


def test_a_severity_that_is_raised_later_counts_and_costs_from_the_first_moment() -> None:
    dear = policy(
        costs=table(
            "C9",
            "credits.yaml",
            ({"severity": "1", "unit": "credit"}, 5),
            ({"severity": "any", "unit": "credit"}, 1),
            ({}, 0),
        )
    )
    asked = replace(PREMIUM_FAULT, environment="test", stated_severity=1)
    first = decide(asked, AURORA, dear, at("2026-11-23 09:01"))
    assert (first.response_due.value, first.charge.value, first.credits_left.value) == (at("2026-11-25 13:00"), 1, 31)

    corrected = replace(
        asked, environment="production", amended=at("2026-11-24 15:00"), standing=standing_after(first, None)
    )
    second = decide(corrected, AURORA, dear, at("2026-11-24 15:01"))
    assert (second.severity.value, second.clock_started) == (1, at("2026-11-23 09:00"))
    assert (second.response_due.value, second.charge.value) == (at("2026-11-23 17:00"), 5)
    assert (second.credits_left.value, second.told) == (27, ())


# The clock, from look to look


def test_a_customer_who_answers_starts_the_clock_with_the_answer_and_it_stays_there() -> None:
    raised = request(None, raised="2026-11-23 09:00")
    first = decide(raised, AURORA, POLICY, at("2026-11-23 09:01"))
    standing = standing_after(first, None)
    assert (first.response_due.value, first.clock_started) == (None, None)
    seen = at("2026-11-23 09:01")
    assert standing == Standing(seen, waited=True, clock_started=None, followed_since=seen)

    answered = replace(raised, version="25.1", amended=at("2026-11-23 14:00"), standing=standing)
    second = decide(answered, AURORA, POLICY, at("2026-11-23 14:02"))
    assert second.clock_started == at("2026-11-23 14:00")
    assert second.response_due.value == at("2026-11-25 18:00")

    later = replace(answered, amended=at("2026-11-24 10:00"), standing=standing_after(second, standing))
    third = decide(later, AURORA, POLICY, at("2026-11-24 10:01"))
    assert (third.clock_started, third.response_due.value) == (second.clock_started, second.response_due.value)


def test_an_agreement_that_is_put_right_starts_the_clock_when_that_is_seen() -> None:
    raised = request(raised_by=JONAS, organizations=(Organization("101", "Aurora Robotics"),))
    first = decide(raised, AURORA, POLICY, at("2026-11-23 09:01"))
    named = agreement(contacts=[replace(AURORA.named_contacts[0], accounts=("acc-jonas",))])
    asked = replace(raised, standing=standing_after(first, None))
    assert decide(asked, named, POLICY, at("2026-11-24 08:30")).clock_started == at("2026-11-24 08:30")


def test_a_slip_that_makes_a_request_wait_for_a_while_does_not_move_its_promise() -> None:
    raised = request()
    first = decide(raised, AURORA, POLICY, at("2026-11-23 09:01"))
    slipped = replace(raised, version="24.1", standing=standing_after(first, None))
    second = decide(slipped, AURORA, POLICY, at("2026-11-23 10:00"))
    assert second.response_due.value is None
    righted = replace(raised, amended=at("2026-11-23 11:00"), standing=standing_after(second, slipped.standing))
    third = decide(righted, AURORA, POLICY, at("2026-11-23 11:01"))
    assert (third.clock_started, third.response_due.value) == (first.clock_started, first.response_due.value)


def test_having_waited_once_is_remembered() -> None:
    waiting = standing_after(decide(request(None), AURORA, POLICY, NOON), None)
    since = standing_after(decide(replace(request(), standing=waiting), AURORA, POLICY, NOON), waiting)
    assert since == Standing(NOON, waited=True, clock_started=NOON, followed_since=NOON)
    assert standing_after(decide(request(), AURORA, POLICY, NOON), None).waited is False


def test_a_policy_may_let_the_clock_run_from_raising_even_for_a_refusal() -> None:
    running = policy(clock_starts=always(ClockStart.RAISED))
    decision = decide(request("24.1", raised="2026-11-23 09:00"), AURORA, running, NOON)
    assert decision.eligibility.value is Eligibility.NOT_ELIGIBLE
    assert decision.response_due.value == at("2026-11-25 13:00")


def test_hours_by_the_clock_are_due_in_the_vendors_zone() -> None:
    elapsed = policy(coverage=table("C3", "coverage.yaml", ({"tier": "any"}, Coverage("business", Clock.ELAPSED))))
    decision = decide(PREMIUM_FAULT, AURORA, elapsed, NOON)
    assert str(decision.response_due.value) == "2026-11-23 17:00:00+01:00"


def test_a_reason_that_an_agent_is_to_tell_is_told_as_a_draft_with_the_row_that_says_so() -> None:
    rows = [({"reason": each}, Verdict(*VERDICTS[each])) for each in Reason if each is not Reason.VERSION_TOO_OLD]
    draft = ({"reason": Reason.VERSION_TOO_OLD}, Verdict(Eligibility.NOT_ELIGIBLE, True, Mode.DRAFT))
    under = policy(verdicts=table("C28", "eligibility.yaml", draft, *rows))
    decision = decide(request("2.9", raised_by=JONAS), agreement(), under, NOON)
    assert {finding.reason for finding in decision.told} == {Reason.CONTACT_NOT_NAMED, Reason.VERSION_TOO_OLD}
    assert decision.drafted == {Reason.VERSION_TOO_OLD: Source("eligibility.yaml", 1)}
    assert decide(request(), agreement(), under, NOON).drafted == {}


def test_whoever_overrules_the_rules_has_no_draft_to_send() -> None:
    rows = [({"reason": each}, Verdict(VERDICTS[each][0], True, Mode.DRAFT)) for each in Reason]
    under = policy(verdicts=table("C28", "eligibility.yaml", *rows))
    asked = request("2.9", override=Override(Eligibility.ELIGIBLE, "Goodwill"))
    decision = decide(asked, agreement(), under, NOON)
    assert (decision.told, decision.drafted) == ((), {})
