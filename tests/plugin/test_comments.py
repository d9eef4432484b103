"""What is said on a request, and what it is said once for."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from plugin.comments import Cause, Comment, Noted, comments, told_in_notes
from plugin.contract.decide import decide
from plugin.contract.explain import as_json
from plugin.contract.model import SupportAgreement, SupportRequest
from plugin.contract.policy import Policy
from plugin.mappings.eligibility import Receipts
from plugin.store.replies import Intent
from tests.plugin.contract.builders import JONAS, NOON, POLICY, agreement, contact, policy, policy_with_lines, request
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


T1, T2 = Cause("reasons", "one"), Cause("reasons", "two")
R1, R2 = Cause("receipt", "one", latest=True), Cause("receipt", "two", latest=True)


def comment(*causes: Cause) -> Comment:
    return Comment("reasons", "en", causes, "words")


def after(*earlier: tuple[Cause, ...], unsent: int = 0) -> list[Intent]:
    """What is recorded once these were said, the last `unsent` of them not sent yet."""
    known = len(earlier) - unsent
    return [
        Intent(f"{number}", comment(*causes).said_for, "words", public=True, sent=number < known)
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
