"""What is said on a request, and what it is said once for."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from plugin.comments import Cause, Comment, Noted, comments, told_in_notes
from plugin.contract.decide import decide
from plugin.contract.decision import Eligibility, Reason
from plugin.contract.explain import as_json
from plugin.contract.model import Override, SupportAgreement, SupportRequest
from plugin.contract.policy import Mode, Policy
from plugin.contract.tables import Table
from plugin.mappings.eligibility import Receipts
from plugin.mappings.load import Mappings
from plugin.store.replies import Intent
from tests.plugin.contract.builders import (
    JONAS,
    NOON,
    POLICY,
    agreement,
    always,
    at,
    contact,
    entitlement,
    policy,
    policy_with_lines,
    request,
)
from tests.road.house import shipped

QUIET = replace(shipped(), receipts=Receipts(agent=False))
"""The shipped mappings with replies only."""


def said(asked: SupportRequest, signed: SupportAgreement | None = None, under: Policy = POLICY) -> tuple[Comment, ...]:
    signed = signed or agreement()
    return comments(decide(asked, signed, under, NOON), "now", asked, signed, QUIET)


def noted(asked: SupportRequest, *earlier: Noted, **changed: Any) -> Comment:
    """The note that agents get; `changed` are the parts of the policy that are others."""
    signed, under = agreement(), policy(**changed)
    decision = decide(asked, signed, under, NOON)
    [note] = [
        each
        for each in comments(decision, "now", asked, signed, replace(shipped(), policy=under), earlier)
        if not each.public
    ]
    return note


def told(digest: str, asked: SupportRequest, sent: bool = True) -> Noted:
    """An earlier decision that a note told of, as it comes out of the store."""
    content = as_json(decide(asked, agreement(), POLICY, NOON - timedelta(days=3)))
    return Noted(digest, json.loads(json.dumps(content)), sent)


def test_nothing_is_said_where_all_is_well() -> None:
    assert said(request()) == ()


def test_all_reasons_are_said_in_one_comment_that_the_customer_reads() -> None:
    [one] = said(request("2.9", raised_by=JONAS))
    assert (one.name, one.language, one.public) == ("reasons", "en", True)
    assert "update to 25.1" in one.body
    assert "named contacts" in one.body


def test_the_same_reasons_about_the_same_things_are_one_cause_in_whatever_language_and_words() -> None:
    old = request("2.9", raised_by=JONAS)
    [first] = said(old)
    [german] = said(replace(old, language="de"))
    [helped] = said(old, agreement(contacts=[contact("Somebody Else", ("acc-else",), ())]))
    [released] = said(old, under=policy_with_lines({"2.9": "2016-05-05", "25.1": "2026-05-19", "25.2": "2026-11-20"}))
    assert len({each.body for each in (first, german, helped, released)}) == 4
    assert {each.causes for each in (german, helped, released)} == {first.causes}


def test_another_version_or_one_reason_less_is_another_cause() -> None:
    causes = [said(each)[0].causes for each in (request("2.9"), request("2.8"), request("2.9", raised_by=JONAS))]
    assert len(set(causes)) == 3


OLD, SERVED = request("2.9", kind="fault"), request(kind="fault")
UNCLEAR = request("latest", kind="fault")


def test_agents_are_told_where_all_is_well_too_and_only_they_see_it() -> None:
    note = noted(SERVED)
    assert (note.name, note.public, note.causes) == ("note", False, (Cause("note", "now", latest=True),))
    assert note.body.startswith("*SUP\\-1 is eligible for support")
    assert "Changed" not in note.body


def test_a_second_note_says_at_its_top_what_changed_since_the_last_one() -> None:
    note = noted(SERVED, told("before", OLD))
    assert note.causes == (Cause("note", "now", latest=True),)
    top = note.body.replace("\\", "").replace("\N{WORD JOINER}", "").partition("*Agreement:*")[0]
    assert "*Changed since the decision of Fri 20 Nov 2026 12:00 CET*\n* Eligibility: eligible instead of not" in top


def test_a_decision_that_a_person_would_call_the_same_is_the_same_cause_whatever_its_digest() -> None:
    assert noted(SERVED, told("before", SERVED)).causes == (Cause("note", "before", latest=True),)
    # A note that could not be sent yet is not outdated by another sentence.
    assert noted(SERVED, told("read", OLD), told("unsent", SERVED, sent=False)).causes == (
        Cause("note", "unsent", latest=True),
    )
    assert noted(SERVED, told("read", SERVED), told("unsent", OLD, sent=False)).causes == (
        Cause("note", "read", latest=True),
    )


def test_what_changed_is_counted_from_what_agents_have_read_not_from_what_was_never_sent() -> None:
    note = noted(SERVED, told("read", OLD), told("unsent", UNCLEAR, sent=False)).body
    assert "eligible instead of not eligible" in note
    assert "needs information" not in note
    assert "Changed" not in noted(SERVED, told("unsent", OLD, sent=False)).body


def test_the_notes_among_all_comments_are_found_with_what_became_of_them() -> None:
    recorded = after((T1,), (Cause("note", "a"),), (T2, Cause("note", "b")), unsent=1)
    assert told_in_notes(recorded) == [("a", True), ("b", False)]


# Language


def test_the_portals_language_comes_first_then_the_agreements_then_the_default_one() -> None:
    old, german = request("2.9"), replace(agreement(), language="de")
    assert [each.language for each in said(replace(old, language="en"), german)] == ["en"]
    assert [each.language for each in said(old, german)] == ["de"]
    assert [each.language for each in said(old)] == ["en"]
    assert said(old, german)[0].body.startswith("Guten Tag Mira Vogt,")


def test_a_language_without_templates_is_passed_over() -> None:
    old = replace(request("2.9"), language="ko")
    assert [each.language for each in said(old, replace(agreement(), language="de"))] == ["de"]
    assert [each.language for each in said(old, replace(agreement(), language="fr"))] == ["en"]


# Drafts


def drafting(*reasons: Reason) -> Policy:
    """The policy with a draft for each of these reasons."""
    rows = (
        replace(row, cited=replace(row.cited, value=replace(row.cited.value, mode=Mode.DRAFT)))
        if dict(row.when)["reason"] in reasons
        else row
        for row in POLICY.verdicts.rows
    )
    return replace(POLICY, verdicts=Table(tuple(rows)))


def test_where_one_reason_is_to_be_told_by_an_agent_all_of_the_letter_is_theirs() -> None:
    [sent] = said(request("2.9", raised_by=JONAS, language="de"))
    [draft] = said(request("2.9", raised_by=JONAS, language="de"), under=drafting(Reason.VERSION_TOO_OLD))
    first, _, letter = draft.body.partition("\n\n----\n\n")
    assert (draft.public, draft.language, letter) == (False, "de", sent.body)
    assert "a draft of a reply to the customer, written in German." in first
    assert "version\\_too\\_old \\(eligibility.yaml:\N{WORD JOINER}14\\)" in first
    assert "contact" not in first


def test_every_reason_that_makes_a_draft_of_it_is_named() -> None:
    [draft] = said(request("2.9", raised_by=JONAS), under=drafting(*Reason))
    assert "contact\\_not\\_named" in draft.body
    assert "version\\_too\\_old" in draft.body


def test_a_draft_and_the_same_letter_sent_have_one_cause() -> None:
    [sent], [draft] = said(request("2.9")), said(request("2.9"), under=drafting(Reason.VERSION_TOO_OLD))
    assert draft.causes == sent.causes
    assert not sent.is_news([Intent("1", 0, draft.said_for, draft.body, public=False, sent=True)])
    assert not draft.is_news([Intent("1", 0, sent.said_for, sent.body, public=True, sent=True)])


# The receipt


FAULT = request(kind="fault", environment="production", impact="impaired")


def receipts(mode: Mode | None) -> Mappings:
    return replace(QUIET, receipts=replace(QUIET.receipts, customer=mode))


def received(
    asked: SupportRequest = FAULT, mode: Mode | None = Mode.SEND, under: Policy = POLICY, now: datetime = NOON
) -> tuple[Comment, ...]:
    return comments(decide(asked, agreement(), under, now), "now", asked, agreement(), receipts(mode))


def topics(*said_: Comment) -> list[list[str]]:
    return [[cause.topic for cause in each.causes] for each in said_]


def test_a_receipt_is_sent_only_where_it_is_switched_on() -> None:
    assert received(mode=None) == ()
    [one] = received()
    assert (one.name, one.public, topics(one)) == ("receipt", True, [["receipt"]])
    assert "Tuesday, 24 November 2026, 11:00 (CET)" in one.body


def test_a_receipt_may_be_left_to_an_agent() -> None:
    [one] = received(mode=Mode.DRAFT)
    assert not one.public
    assert "receipt \\(eligibility.yaml:" in one.body
    assert "Tuesday, 24 November 2026, 11:00 (CET)" in one.body


def test_where_receipts_are_drafted_what_is_asked_of_the_customer_is_sent_all_the_same() -> None:
    assert [each.public for each in received(request("2.9"), Mode.DRAFT)] == [True]


def test_what_is_to_be_told_besides_is_in_the_same_letter() -> None:
    [one] = received(replace(FAULT, third_party="Selenium"))
    assert topics(one) == [["reasons", "receipt"]]
    assert "Selenium" in one.body
    assert "support credit" in one.body


def test_where_either_is_left_to_an_agent_both_are() -> None:
    selenium = replace(FAULT, third_party="Selenium")
    assert [each.public for each in received(selenium)] == [True]
    assert [each.public for each in received(selenium, Mode.DRAFT)] == [False]
    assert [each.public for each in received(selenium, under=drafting(Reason.THIRD_PARTY))] == [False]


@pytest.mark.parametrize(
    "asked",
    [
        request("2.9", kind="fault"),
        replace(FAULT, product=None, version=None, third_party=None, raised_by=JONAS),
        replace(FAULT, override=Override(Eligibility.ELIGIBLE, "Goodwill")),
        replace(FAULT, ended=NOON),
    ],
    ids=["refused", "redirected", "overruled by an agent, who speaks to the customer", "resolved"],
)
def test_there_is_no_receipt_where_the_request_is_not_taken_up_by_us(asked: SupportRequest) -> None:
    assert all("receipt" not in each for each in topics(*received(asked)))


def test_a_request_on_hold_gets_none_yet() -> None:
    short = replace(agreement(entitlement("basic")))
    asked = request(kind="question")
    decision = decide(asked, short, POLICY, NOON)
    assert decision.eligibility.value is Eligibility.ON_HOLD
    assert comments(decision, "now", asked, short, receipts(Mode.SEND)) == ()


def test_once_the_promised_moment_is_past_nothing_is_promised_any_more() -> None:
    due = at("2026-11-24 11:00")
    assert received(now=due - timedelta(seconds=1)) != ()
    assert received(now=due) == ()


def test_where_no_response_is_promised_there_is_nothing_to_write_a_receipt_about() -> None:
    under = replace(POLICY, response_targets=always(None, "C2", "tiers.yaml"))
    assert received(under=under) == ()


def test_a_receipt_is_the_same_until_severity_or_due_time_change() -> None:
    [first] = received()
    [cheaper] = received(under=replace(POLICY, costs=always(0)))
    [later] = received(now=NOON + timedelta(hours=1))
    [graver] = received(replace(FAULT, impact="down"))
    [sooner] = received(under=replace(POLICY, response_targets=always(timedelta(hours=8), "C2", "tiers.yaml")))
    assert cheaper.body != first.body
    assert cheaper.causes == later.causes == first.causes
    assert len({first.causes, graver.causes, sooner.causes}) == 3


def test_a_receipt_is_written_again_for_what_was_said_before_something_else() -> None:
    [first], [graver] = received(), received(replace(FAULT, impact="down"))
    recorded = [Intent("1", 0, first.said_for, "", public=True, sent=True)]
    assert (first.is_news(recorded), graver.is_news(recorded)) == (False, True)
    recorded.append(Intent("2", 1, graver.said_for, "", public=True, sent=True))
    assert (first.is_news(recorded), graver.is_news(recorded)) == (True, False)


def test_reasons_that_a_receipt_told_are_not_told_again_when_receipts_are_switched_off_or_over() -> None:
    selenium = replace(FAULT, third_party="Selenium")
    [whole] = received(selenium)
    recorded = [Intent("1", 0, whole.said_for, "", public=True, sent=True)]
    [switched_off], [over] = received(selenium, None), received(selenium, now=at("2026-12-01 09:00"))
    assert topics(switched_off, over) == [["reasons"], ["reasons"]]
    assert not switched_off.is_news(recorded)
    assert not over.is_news(recorded)


# What is news


T1, T2 = Cause("reasons", "one"), Cause("reasons", "two")
R1, R2 = Cause("receipt", "one", latest=True), Cause("receipt", "two", latest=True)


def comment(*causes: Cause) -> Comment:
    return Comment("reasons", "en", causes, "words")


def after(*earlier: tuple[Cause, ...], unsent: int = 0) -> list[Intent]:
    """What is recorded once these were said, the last `unsent` of them not sent yet."""
    known = len(earlier) - unsent
    return [
        Intent(f"{number}", number, comment(*causes).said_for, "words", public=True, sent=number < known)
        for number, causes in enumerate(earlier)
    ]


@pytest.mark.parametrize(
    ("causes", "earlier", "news"),
    [
        ((T1,), [], True),
        ((T1,), [(T1,)], False),
        ((T1,), [(T1,), (T2,)], False),
        ((R1,), [(R1,)], False),
        ((R1,), [(R1,), (R2,)], True),
        ((R1,), [(R1,), (R2,), (R1,)], False),
        ((R1,), [(R1,), (T1,)], False),
        ((T1, R1), [(T1,)], True),
        ((T1, R1), [(T1,), (R1,)], False),
        ((T1,), [(T1, R1)], False),
        ((T2, R1), [(T1, R1)], True),
    ],
)
def test_a_comment_is_news_where_anything_of_it_is_not_said_yet(
    causes: tuple[Cause, ...], earlier: list[tuple[Cause, ...]], news: bool
) -> None:
    assert comment(*causes).is_news(after(*earlier)) is news


def test_what_was_never_sent_was_not_said_unless_it_is_this_very_comment() -> None:
    assert not comment(T1).is_news(after((T1,), unsent=1))
    assert not comment(T1, R1).is_news(after((T1, R1), unsent=1))
    assert comment(T1).is_news(after((T1, R1), unsent=1))
    assert comment(R1).is_news(after((R1,), (R2,), unsent=0))
    assert not comment(R1).is_news(after((R1,), (R2,), unsent=1))
