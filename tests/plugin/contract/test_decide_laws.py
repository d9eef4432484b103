"""What holds for every decision, whatever was asked, signed and spent."""

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from plugin.contract.decide import decide, standing_after
from plugin.contract.decision import AccountRepresentative, Decision, Eligibility, PatchEligibility, Source
from plugin.contract.explain import rulings
from plugin.contract.grants import grants, usable
from plugin.contract.ledger import Account, Places, balance
from plugin.contract.model import NoAgreement, Person, Standing, SupportAgreement, SupportRequest
from plugin.contract.policy import ClockStart, Policy, Shortage
from tests.plugin.contract.builders import (
    AURORA_ORG,
    BIRCH_ORG,
    JONAS,
    KINDS,
    MIRA,
    NOON,
    POLICY,
    TIERS,
    VERDICTS,
    agreement,
    always,
    at,
    contact,
    entitlement,
    policy,
    request,
)

ORDER = list(Eligibility)
MOMENTS = st.timedeltas(timedelta(0), timedelta(days=3 * 365)).map(lambda passed: at("2025-01-01 00:00") + passed)
STANDINGS = st.builds(Standing, MOMENTS, st.booleans(), st.none() | MOMENTS)

REQUESTS = st.builds(
    SupportRequest,
    id=st.just("10001"),
    key=st.just("SUP-1"),
    raised=MOMENTS,
    raised_by=st.sampled_from([MIRA, JONAS, Person("Ada Brandt")]),
    kind=st.sampled_from(KINDS),
    organizations=st.sampled_from([(), (AURORA_ORG,), (AURORA_ORG, BIRCH_ORG)]),
    product=st.sampled_from([None, "expecco", "ALM", "Toaster"]),
    version=st.sampled_from([None, "25.1", "24.2", "24.1", "25.2", "25", "latest", "2.3", "24.2 beta", "99.1"]),
    environment=st.sampled_from([None, "production", "test"]),
    impact=st.sampled_from([None, "down", "impaired", "minor"]),
    stated_severity=st.sampled_from([None, 1, 2, 3]),
    outcome=st.sampled_from([None, "product_defect", "solved"]),
    amended=st.none() | MOMENTS,
    deleted=st.booleans(),
    standing=st.none() | STANDINGS,
    platform=st.sampled_from([None, "Windows", "Linux, Windows", "Other"]),
    third_party=st.sampled_from([None, "Selenium", "JUnit"]),
    modified=st.sampled_from([None, True, False]),
)
ENTITLEMENTS = st.builds(
    entitlement,
    tier=st.sampled_from(TIERS),
    licenses=st.integers(1, 3),
    product=st.sampled_from(["expecco", "expecco-alm"]),
    during=st.sampled_from(["2026", "2025", "2026-07-01 2026-12-31", "2025-01-01 2027-12-31"]),
    free=st.booleans(),
)
AGREEMENTS = st.builds(
    lambda entitlements, terms, contacts, named: replace(
        agreement(*entitlements, terms=terms, contacts=contacts), account_representative=named
    ),
    st.lists(ENTITLEMENTS, min_size=1, max_size=3),
    st.sampled_from([["2026"], ["2025", "2026"], ["2025-07-01 2027-06-30"]]),
    st.sampled_from([[], [contact()], [contact(during="2026-06-01 2026-11-30")]]),
    st.sampled_from([None, AccountRepresentative("Nora Quist", "nora", Source("agreements/aurora.yaml", 25))]),
)
SIGNED = AGREEMENTS | st.just(NoAgreement()) | st.just(NoAgreement(("Aurora Robotics", "Birch"))) | st.none()
POLICIES = st.builds(
    lambda start, mode: policy(clock_starts=always(start), shortage=always(mode)),
    st.sampled_from(list(ClockStart)),
    st.sampled_from(list(Shortage)),
)


@st.composite
def spent(draw: st.DrawFn, signed: SupportAgreement | NoAgreement | None) -> Places:
    """Some of what is granted is consumed by other requests, at times more than there is (after a correction)."""
    if not isinstance(signed, SupportAgreement):
        return {}
    lots = [each.lot for each in grants(signed, POLICY, at("2027-12-31 00:00").date())]
    return {(lot, Account.CONSUMED): draw(st.sampled_from([0, 1, 16, 31, 32, 40, 96])) for lot in lots}


Given = tuple[SupportRequest, SupportAgreement | NoAgreement | None, Policy, datetime, Places]
"""What `decide` takes, in its order."""


@st.composite
def cases(draw: st.DrawFn) -> Given:
    asked, signed = draw(REQUESTS), draw(SIGNED)
    now = asked.raised + draw(st.timedeltas(timedelta(0), timedelta(days=400)))
    return asked, signed, draw(POLICIES), now, draw(spent(signed))


def ruled(decision: Decision) -> tuple[object, ...]:
    """The decision without the moment at which it was made."""
    return tuple(getattr(decision, name) for name in Decision.__slots__ if name != "decided_at")


@given(cases())
def test_deciding_twice_is_deciding_once(given_: Given) -> None:
    asked, signed, under, now, booked = given_
    first = decide(asked, signed, under, now, booked)
    assert decide(asked, signed, under, now, booked) == first
    again = replace(asked, standing=standing_after(first, asked.standing))
    assert decide(again, signed, under, now, booked) == first


@given(cases(), st.timedeltas(timedelta(0), timedelta(days=900)))
def test_looking_again_later_never_moves_a_clock_that_has_started(given_: Given, later: timedelta) -> None:
    asked, signed, under, now, booked = given_
    first = decide(asked, signed, under, now, booked)
    again = replace(asked, standing=standing_after(first, asked.standing))
    second = decide(again, signed, under, now + later, booked)
    if first.clock_started is not None:
        assert second.clock_started == first.clock_started
    if second.eligibility.value is first.eligibility.value and first.clock_started is not None:
        assert second.response_due.value == first.response_due.value


@given(cases())
def test_every_value_has_a_finding_and_every_finding_a_clause_and_a_place(given_: Given) -> None:
    decision = decide(*given_)
    findings = [finding for ruling in rulings(decision).values() for finding in ruling.findings]
    # Nobody here overrules or answers: rules/test_override.py, rules/test_answer.py.
    assert {finding.rule for finding in findings} == set(POLICY.rules) - {"override", "answer"}
    for finding in findings:
        assert finding.sentence.endswith(".")
        assert all(each.clause.startswith("C") and each.source.line > 0 for each in finding.cites)
        assert finding.cites[0].source.file == "eligibility.yaml"
        assert all(isinstance(value, str) for value in finding.facts.values())


@given(cases())
def test_the_values_of_a_decision_agree_with_each_other(given_: Given) -> None:
    asked, signed, under, _, booked = given_
    decision = decide(*given_)
    eligibility = decision.eligibility.value
    assert eligibility is Eligibility.worst([VERDICTS[each.reason][0] for each in decision.reasons if each.reason])
    assert all(each in decision.reasons for each in decision.told)
    if decision.charge.value:
        assert eligibility in (Eligibility.ELIGIBLE, Eligibility.LIMITED)
        assert not asked.deleted
        assert asked.outcome != "product_defect"
        assert isinstance(signed, SupportAgreement)
        assert decision.tier.value is not None
    if decision.response_due.value is not None:
        assert decision.clock_started is not None
        assert decision.response_due.value >= decision.clock_started
    if decision.priority.value is not None:
        assert decision.tier.value in ("premium", "advanced")
        assert not decision.eligibility.value.waits
    if decision.account_representative.value is not None:
        assert isinstance(signed, SupportAgreement)
        assert (decision.tier.value, decision.account_representative.value) == (
            "premium",
            signed.account_representative,
        )
    if decision.credits_left.value is not None:
        assert isinstance(signed, SupportAgreement)
        day = under.day(asked.raised)
        available = balance(usable(grants(signed, under, day), booked, day))
        assert decision.credits_left.value == available - decision.charge.value
        assert decision.credits_left.value >= min(0, available)


@given(cases(), st.sampled_from(["24.1", "24.2 beta", "latest", None]))
def test_a_patch_needs_a_grave_fault_on_a_supported_line_and_another_version_never_brings_one(
    given_: Given, version: str | None
) -> None:
    asked, *rest = given_
    better, worse = decide(asked, *rest), decide(replace(asked, version=version, raised=NOON), *rest)
    if better.patch_eligibility.value is PatchEligibility.PATCH:
        assert (asked.kind, better.severity.value in (1, 2), better.tier.value is None) == ("fault", True, False)
    assert worse.patch_eligibility.value is not PatchEligibility.PATCH


@given(REQUESTS, st.sampled_from(["2026", "2025-01-01 2027-12-31"]))
def test_a_higher_tier_is_never_due_later(asked: SupportRequest, during: str) -> None:
    now = asked.raised + timedelta(days=1)
    dues = [
        decide(asked, agreement(entitlement(tier, during=during), terms=[during]), POLICY, now).response_due.value
        for tier in TIERS
    ]
    # A kind of request that a tier refuses is due never, which is later than any day.
    never = at("2099-01-01 00:00")
    assert sorted(due or never for due in dues) == [due or never for due in dues]


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
