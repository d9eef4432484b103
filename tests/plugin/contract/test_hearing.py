"""Which answers count: newer than the field, while the field is in question, and of the product that it is about."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.contract.case import Case, Heard
from plugin.contract.decide import QUESTIONS, decide, in_question, standing_after
from plugin.contract.decision import Decision, Eligibility, Reason
from plugin.contract.hearing import heard, telling
from plugin.contract.model import Answer, Change, Standing, SupportRequest
from plugin.contract.policy import Platform
from plugin.contract.tables import ANY
from tests.plugin.contract.builders import JONAS, POLICY, agreement, at, entitlement, policy, request, table

SIGNED = agreement(entitlement(), entitlement(product="expecco-alm", tier="basic"))
NOW = at("2026-11-25 12:00")
VERSIONS = ("25.1", "24.2", "24.1", "18.1", "25.2", "99.1", "latest")
TEXTS = (
    "25.1",
    "We use 24.1.",
    "24.2",
    "ALM 2.4",
    "We will update to 25.1.",
    "Windows",
    "25.1?",
    "99.9",
    "It crashes.",
)


def said(*texts: str, first: str = "2026-11-24 10:12") -> tuple[Answer, ...]:
    """Answers an hour apart."""
    return tuple(Answer(text, at(first) + timedelta(hours=number)) for number, text in enumerate(texts))


def case_with(*texts: str, version: str | None = "latest", **more: Any) -> Case:
    return heard(request(version, answers=said(*texts), **more), SIGNED, POLICY, NOW, QUESTIONS)


def decided(asked: SupportRequest) -> Decision:
    return decide(asked, SIGNED, POLICY, NOW)


def test_an_answer_counts_as_if_it_were_typed_into_the_field() -> None:
    case = case_with("We use 25.1.")
    assert (case.request.version, case.request.amended) == ("25.1", at("2026-11-24 10:12"))
    assert case.heard == (Heard("version", "25.1", "latest", at("2026-11-24 10:12")),)
    typed = replace(case, request=replace(case.request, amended=None, answers=()), heard=())
    assert typed == replace(case_with(version="25.1"), heard=())


def test_the_newest_statement_counts_while_none_has_helped() -> None:
    case = case_with("We use 24.1.", "It crashes.", "We have updated to 25.1.")
    assert case.heard == (Heard("version", "25.1", "latest", at("2026-11-24 12:12")),)
    assert case_with("We use 24.1.", "Version 18.1").request.version == "18.1"


def test_answers_are_heard_in_the_order_in_which_they_were_given() -> None:
    answers = said("We use 24.1.", "Version 18.1")
    case = heard(request("latest", answers=answers[::-1]), SIGNED, POLICY, NOW, QUESTIONS)
    assert case.request.version == "18.1"


def test_what_is_not_in_question_is_not_answered() -> None:
    assert case_with("We use 24.1.", version="25.1").heard == ()
    assert case_with("25.1", "24.1").request.version == "25.1"
    assert case_with("It is the ALM.", "Windows").heard == ()


def test_a_doubtful_answer_takes_nothing_back_and_gives_nothing() -> None:
    assert case_with("We will update to 25.1.").heard == ()
    assert case_with("25.1", "No, it is not.").request.version == "25.1"


def test_what_the_field_says_already_is_no_answer() -> None:
    for text in ("24.1", "We use 24.1.", "Version: 24.1 (64 bit)"):
        assert case_with(text, version="expecco 24.1 Build 7").heard == ()
    assert case_with("We use 25.1.", version="25.1 beta").request.version == "25.1"
    only_expecco, without_linux = (
        agreement(),
        policy(
            platforms=table(
                "C29", "releases.yaml", ({"product": ANY, "platform": "Linux"}, Platform("Linux", (), False, None))
            )
        ),
    )
    product = request(product="expecco alm", answers=said("It is the ALM."))
    assert heard(product, only_expecco, POLICY, NOW, QUESTIONS).heard == ()
    platform = request(platform="linux", answers=said("Linux"))
    assert heard(platform, SIGNED, without_linux, NOW, QUESTIONS).heard == ()


@pytest.mark.parametrize(("changed", "counts"), [("10:11", True), ("10:12", False), ("10:13", False)])
def test_an_answer_has_to_be_newer_than_the_fields_last_change(changed: str, counts: bool) -> None:
    changes = (Change("impact", at("2026-11-25 09:00")), Change("version", at(f"2026-11-24 {changed}")))
    case = case_with("25.1", changed=changes)
    assert bool(case.heard) is counts


def test_a_version_of_another_product_is_not_the_one_asked_for() -> None:
    assert case_with("ALM 2.4").heard == ()
    assert case_with("We use expecco 25.1.").request.version == "25.1"
    assert case_with("expecco and ALM, 25.1").heard == ()


def test_a_product_that_is_answered_settles_which_version_is_judged() -> None:
    case = case_with("25.1", "It is expecco.", product="Toaster")
    assert case.product is not None
    assert (case.product.id, case.request.version) == ("expecco", "25.1")
    assert [each.word for each in case.heard] == ["product", "version"]
    assert case.entitlement is not None


def test_a_platform_that_is_answered_is_judged() -> None:
    case = case_with("Windows 11", version="25.1", platform="Other")
    assert case.heard == (Heard("platform", "Windows", "Other", at("2026-11-24 10:12")),)
    assert case.request.platform == "Windows"
    assert case_with("Windows 11", version="25.1").heard == ()


def test_a_later_change_of_something_else_stays_the_last_one() -> None:
    case = case_with("25.1", amended=at("2026-11-24 18:00"))
    assert case.request.amended == at("2026-11-24 18:00")


def test_only_answers_that_say_something_plainly_are_kept() -> None:
    answers = said("25.1", "Our secret project is late.", "We will update to 25.1.", "Windows 11", "expecco and ALM")
    assert [each.text for each in telling(answers, POLICY)] == ["25.1", "Windows 11"]


@given(st.lists(st.sampled_from(TEXTS), max_size=4))
def test_what_is_not_kept_changes_nothing(texts: list[str]) -> None:
    asked = request("latest", answers=said(*texts), platform="Other")
    kept = replace(asked, answers=telling(asked.answers, POLICY))
    assert decided(kept) == decided(asked)


# What the decision makes of it


ASKED = Standing(at("2026-11-23 09:01"), True, None)


def test_an_answer_makes_it_eligible_and_starts_the_clock() -> None:
    decision = decided(request("latest", answers=said("25.1"), standing=ASKED))
    assert decision.eligibility.value is Eligibility.ELIGIBLE
    assert (decision.clock_started, decision.charge.value) == (at("2026-11-24 10:12"), 1)
    assert decision.told == ()


def test_it_goes_on_counting_and_the_clock_keeps_its_start() -> None:
    asked = request("latest", answers=said("25.1"), standing=ASKED)
    first = decided(asked)
    again = replace(asked, standing=standing_after(first, ASKED), answers=said("25.1", "It still crashes.", "24.1"))
    assert decide(again, SIGNED, POLICY, NOW + timedelta(days=9)).clock_started == first.clock_started


def test_an_answer_before_the_first_look_keeps_nobody_waiting() -> None:
    decision = decided(request("latest", answers=said("25.1", first="2026-11-23 09:02")))
    assert decision.clock_started == at("2026-11-23 09:00")
    assert not standing_after(decision, None).waited


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        (request("25.1"), False),
        (request("24.1"), True),
        (request(None), True),
        (request("25.1", platform="Other"), True),
        (request("25.1", product="Toaster"), True),
        (request("latest", answers=said("25.1")), True),
        (request("25.1", raised_by=JONAS, modified=True), False),
        (request("25.1", product=None), True),
    ],
)
def test_only_what_the_fields_leave_open_can_be_answered(asked: SupportRequest, wanted: bool) -> None:
    assert in_question(asked, SIGNED, POLICY, NOW) is wanted


def test_a_product_that_the_agreement_settles_is_not_open() -> None:
    assert not in_question(request("25.1", product=None), agreement(), POLICY, NOW)


def test_an_old_version_is_told_to_update() -> None:
    decision = decided(request("latest", answers=said("24.1"), standing=ASKED))
    assert [each.reason for each in decision.told] == [Reason.VERSION_TOO_OLD]
    assert decision.told[0].facts["version"] == "24.1"


def test_other_reasons_stay() -> None:
    decision = decided(request("latest", answers=said("25.1"), raised_by=JONAS))
    assert [each.reason for each in decision.told] == [Reason.CONTACT_NOT_NAMED]
    assert decision.charge.value == 0


@given(st.sampled_from(VERSIONS), st.lists(st.sampled_from(TEXTS), max_size=4), st.booleans())
def test_an_answer_never_makes_worse_what_was_in_order(version: str, texts: list[str], known: bool) -> None:
    asked = request(version, raised_by=request().raised_by if known else JONAS)
    before, after = decided(asked), decided(replace(asked, answers=said(*texts)))
    if Reason.VERSION_TOO_OLD not in {each.reason for each in after.reasons}:
        order = list(Eligibility)
        assert order.index(after.eligibility.value) <= order.index(before.eligibility.value)
    if not any(str(each.reason).startswith("version") for each in before.reasons):
        assert after.reasons == before.reasons
