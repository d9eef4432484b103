"""What is said on a request, and what it is said once for."""

from dataclasses import replace

import pytest

from plugin.comments import Cause, Comment, comments
from plugin.contract.decide import decide
from plugin.contract.model import SupportAgreement, SupportRequest
from plugin.contract.policy import Policy
from plugin.store.replies import Intent
from tests.plugin.contract.builders import JONAS, NOON, POLICY, agreement, contact, policy_with_lines, request
from tests.road.house import shipped


def said(asked: SupportRequest, signed: SupportAgreement | None = None, under: Policy = POLICY) -> tuple[Comment, ...]:
    signed = signed or agreement()
    return comments(decide(asked, signed, under, NOON), asked, signed, shipped())


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
