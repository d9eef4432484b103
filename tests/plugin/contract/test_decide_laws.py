"""What holds for every decision, whatever was asked, signed and spent."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from plugin.contract.decide import decide, standing_after
from plugin.contract.decision import Decision, Eligibility, Outcome, PatchEligibility, Reason
from plugin.contract.explain import rulings
from plugin.contract.grants import grants, usable
from plugin.contract.ledger import Account, balance
from plugin.contract.model import NoAgreement, Person, SupportAgreement, SupportRequest
from plugin.contract.policy import AppointmentDays, ClockStart, Policy, Shortage, Verdict
from tests.plugin.contract.builders import (
    JONAS,
    MIRA,
    NOON,
    POLICY,
    TIERS,
    agreement,
    always,
    entitlement,
    policy,
    request,
)
from tests.plugin.contract.strategies import POLICIES, REQUESTS, Given, cases, fair_policies, policies

ORDER = list(Eligibility)
ANY_CASE = cases(POLICIES | policies())
"""Under the usual policy, and under one that says anything at all."""


def ruled(decision: Decision) -> tuple[object, ...]:
    """The decision without the moment at which it was made."""
    return tuple(getattr(decision, name) for name in Decision.__slots__ if name != "decided_at")


@given(ANY_CASE)
def test_deciding_twice_is_deciding_once(given_: Given) -> None:
    asked, signed, under, now, booked = given_
    first = decide(asked, signed, under, now, booked)
    assert decide(asked, signed, under, now, booked) == first
    again = replace(asked, standing=standing_after(first, asked.standing))
    assert decide(again, signed, under, now, booked) == first


@given(ANY_CASE, st.timedeltas(timedelta(0), timedelta(days=900)))
def test_looking_again_later_never_moves_a_clock_that_has_started(given_: Given, later: timedelta) -> None:
    asked, signed, under, now, booked = given_
    first = decide(asked, signed, under, now, booked)
    again = replace(asked, standing=standing_after(first, asked.standing))
    second = decide(again, signed, under, now + later, booked)
    if first.clock_started is not None:
        assert second.clock_started == first.clock_started
    if second.eligibility.value is first.eligibility.value and first.clock_started is not None:
        assert second.response_due.value == first.response_due.value


@given(ANY_CASE)
def test_every_value_has_a_finding_and_every_finding_a_clause_and_a_place(given_: Given) -> None:
    decision = decide(*given_)
    findings = [finding for ruling in rulings(decision).values() for finding in ruling.findings]
    # Nobody here overrules or answers: rules/test_override.py, rules/test_answer.py.
    silent = {"override", "answer"} if given_[0].appointments else {"override", "answer", "appointment"}
    assert {finding.rule for finding in findings} == set(POLICY.rules) - silent
    for finding in findings:
        assert finding.sentence.endswith(".")
        assert all(each.clause.startswith("C") and each.source.line > 0 for each in finding.cites)
        assert finding.cites[0].source.file == "eligibility.yaml"
        assert all(isinstance(value, str) for value in finding.facts.values())


@given(ANY_CASE)
def test_the_values_of_a_decision_agree_with_each_other(given_: Given) -> None:
    asked, signed, under, now, booked = given_
    decision = decide(*given_)
    eligibility, day = decision.eligibility.value, under.day(asked.raised)
    verdicts = {each.reason: verdict(under, given_, each.reason) for each in decision.reasons if each.reason}
    assert eligibility is Eligibility.worst([each.eligibility for each in verdicts.values()])
    assert [each.reason for each in decision.told] == [reason for reason, each in verdicts.items() if each.reply]
    if decision.charge.value or decision.sessions_charged.value:
        assert eligibility in (Eligibility.ELIGIBLE, Eligibility.LIMITED)
        assert not asked.deleted
        refund = under.refunds.find(day, outcome=asked.outcome) if asked.outcome else None
        assert refund is None or not refund.value
        assert isinstance(signed, SupportAgreement)
    if decision.response_due.value is not None:
        assert decision.clock_started is not None
        assert decision.response_due.value.astimezone(UTC) >= decision.clock_started.astimezone(UTC)
    if decision.priority.value is not None:
        row = under.priorities.find(day, tier=decision.tier.value or "", severity=str(decision.severity.value))
        assert row is not None
        assert (row.value, decision.eligibility.value.waits) == (decision.priority.value, False)
    if decision.account_representative.value is not None:
        assert isinstance(signed, SupportAgreement)
        assert decision.account_representative.value == signed.account_representative
        included = under.representatives.find(day, tier=decision.tier.value or "")
        assert included is not None
        assert included.value
    if decision.credits_left.value is not None:
        assert isinstance(signed, SupportAgreement)
        available = balance(usable(grants(signed, under, max(day, under.day(now))), booked, day))
        assert decision.credits_left.value == available - decision.charge.value
        assert decision.credits_left.value >= min(0, available)


def verdict(under: Policy, given_: Given, reason: Reason) -> Verdict:
    """What the policy's table says to a reason, for the request of the case."""
    row = under.verdicts.find(under.day(given_[0].raised), reason=reason)
    assert row is not None
    return row.value


@given(cases(), st.sampled_from(["24.1", "24.2 beta", "latest", None]))
def test_a_patch_needs_a_grave_fault_on_a_supported_line_and_another_version_never_brings_one(
    given_: Given, version: str | None
) -> None:
    asked, *rest = given_
    better, worse = decide(asked, *rest), decide(replace(asked, version=version, raised=NOON), *rest)
    if better.patch_eligibility.value is PatchEligibility.PATCH:
        assert (asked.kind, better.severity.value in (1, 2), better.tier.value is None) == ("fault", True, False)
    assert worse.patch_eligibility.value is not PatchEligibility.PATCH


@given(REQUESTS, fair_policies(), st.sampled_from(["2026", "2025-01-01 2027-12-31"]), st.timedeltas(timedelta(0)))
def test_a_higher_tier_is_never_due_later(asked: SupportRequest, under: Policy, during: str, later: timedelta) -> None:
    now = asked.raised + later % timedelta(days=100)
    dues = [
        decide(asked, agreement(entitlement(tier, during=during), terms=[during]), under, now).response_due.value
        for tier in TIERS
    ]
    # A kind of request that a tier refuses is due never, which is later than any day.
    never = datetime(2190, 1, 1, tzinfo=UTC)
    moments = [due.astimezone(UTC) if due else never for due in dues]
    assert moments == sorted(moments)


WORSE: dict[str, Callable[[SupportRequest], SupportRequest]] = {
    "contact": lambda asked: replace(asked, raised_by=Person("Ada Brandt")),
    "platform": lambda asked: replace(asked, platform="Other"),
    "third party": lambda asked: replace(asked, third_party="Selenium"),
    "modified": lambda asked: replace(asked, modified=True),
    "stated": lambda asked: replace(asked, stated_severity=1),
}
"""Changes that add a reason, or change nothing; none of them takes one away."""


@given(ANY_CASE, st.sets(st.sampled_from(sorted(WORSE)), min_size=1))
def test_whatever_is_wrong_more_of_it_never_turns_a_refusal_into_an_acceptance(given_: Given, wrong: set[str]) -> None:
    asked, *rest = given_
    worse = asked
    for name in sorted(wrong):
        worse = WORSE[name](worse)
    before, after = decide(asked, *rest), decide(worse, *rest)
    assert {each.reason for each in before.reasons} <= {each.reason for each in after.reasons}
    assert ORDER.index(before.eligibility.value) <= ORDER.index(after.eligibility.value)
    if before.eligibility.value.waits:
        assert (after.eligibility.value.waits, after.charge.value) == (True, 0)


OF_THE_RESPONSE = ("response_due", "response_kept", "next_look")
"""What goes by when a response is due."""

GRANTED = {days: always(days, "C3", "coverage.yaml") for days in AppointmentDays}


@given(REQUESTS, st.sampled_from(TIERS), POLICIES | policies())
def test_an_appointment_never_makes_a_response_later_and_changes_nothing_else(
    asked: SupportRequest, tier: str, under: Policy
) -> None:
    under = replace(under, clock_starts=always(ClockStart.RAISED))
    during = "2024-01-01 2029-12-31"
    signed = agreement(entitlement(tier, during=during), terms=[during])
    booked = decide(asked, signed, under, asked.raised)
    without = decide(replace(asked, appointments=()), signed, under, asked.raised)
    earlier, plain = booked.response_due.value, without.response_due.value
    assert (earlier is None) == (plain is None)
    if earlier is not None and plain is not None:
        assert earlier.astimezone(UTC) <= plain.astimezone(UTC)
        counts = any(each.outcome is Outcome.MET for each in booked.response_due.findings if each.rule == "appointment")
        assert counts or earlier == plain
    assert replace(booked, **{name: getattr(without, name) for name in OF_THE_RESPONSE}) == without


@given(ANY_CASE)
def test_an_appointment_that_no_tier_grants_changes_nothing(given_: Given) -> None:
    asked, signed, under, now, booked = given_
    never = replace(under, appointments=GRANTED[AppointmentDays.NONE])
    decision = decide(asked, signed, never, now, booked)
    without = decide(replace(asked, appointments=()), signed, never, now, booked)
    assert decision.response_due.value == without.response_due.value
    assert replace(decision, response_due=without.response_due) == without


@given(ANY_CASE)
def test_booking_twice_is_booking_once(given_: Given) -> None:
    asked, *rest = given_
    assert decide(replace(asked, appointments=asked.appointments * 2), *rest) == decide(asked, *rest)


@given(ANY_CASE)
def test_without_an_appointment_it_does_not_matter_which_ones_are_granted(given_: Given) -> None:
    asked, signed, under, now, booked = given_
    asked = replace(asked, appointments=())
    always_granted = replace(under, appointments=GRANTED[AppointmentDays.ANY_DAY])
    assert decide(asked, signed, always_granted, now, booked) == decide(asked, signed, under, now, booked)


WRONGS = (
    "contact",
    "version",
    "product",
    "free",
    "ended",
    "spent",
    "platform",
    "third_party",
    "modified",
    "service",
    "unknown",
)


def with_wrongs(wrongs: set[str], mode: Shortage) -> Eligibility:
    """What becomes of a request that is in order but for these."""
    asked = request(
        "24.1" if "version" in wrongs else "25.1",
        raised_by=JONAS if "contact" in wrongs else MIRA,
        product="Toaster" if "product" in wrongs else "expecco",
        stated_severity=1,
        platform="Other" if "platform" in wrongs else None,
        third_party="Selenium" if "third_party" in wrongs else None,
        modified="modified" in wrongs,
        kind="training" if "service" in wrongs else "question",
    )
    term = "2025" if "ended" in wrongs else "2026"
    tier = "basic" if "service" in wrongs else "premium"
    signed = agreement(entitlement(tier, free="free" in wrongs, during=term), terms=[term])
    booked = {("credit 2026-01-01", Account.CONSUMED): 32 if "spent" in wrongs else 0}
    found = NoAgreement() if "unknown" in wrongs else signed
    return decide(asked, found, policy(shortage=always(mode)), NOON, booked).eligibility.value


@given(
    st.sets(st.sampled_from([each for each in WRONGS if each not in ("product", "unknown")])),
    st.sets(st.sampled_from([each for each in WRONGS if each not in ("product", "unknown")])),
    st.sampled_from(list(Shortage)),
)
def test_more_reasons_never_make_anything_better(some: set[str], more: set[str], mode: Shortage) -> None:
    assert ORDER.index(with_wrongs(some, mode)) <= ORDER.index(with_wrongs(some | more, mode))


@given(st.sets(st.sampled_from(WRONGS), min_size=1), st.sampled_from(list(Shortage)))
def test_a_request_with_something_wrong_is_never_simply_eligible(wrongs: set[str], mode: Shortage) -> None:
    assert with_wrongs(wrongs, mode) is not Eligibility.ELIGIBLE
