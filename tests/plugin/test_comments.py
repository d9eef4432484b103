"""What is said on a request, and what it is said once for."""

from dataclasses import replace

from plugin.comments import Comment, comments
from plugin.contract.decide import decide
from plugin.contract.model import SupportAgreement, SupportRequest
from plugin.contract.policy import Policy
from tests.plugin.contract.builders import JONAS, NOON, POLICY, agreement, contact, policy_with_lines, request
from tests.road.house import shipped


def said(asked: SupportRequest, signed: SupportAgreement | None = None, under: Policy = POLICY) -> tuple[Comment, ...]:
    signed = signed or agreement()
    return comments(decide(asked, signed, under, NOON), asked, signed, shipped())


def test_nothing_is_said_where_all_is_well() -> None:
    assert said(request()) == ()


def test_all_reasons_are_said_in_one_comment_that_the_customer_reads() -> None:
    [one] = said(request("2.9", raised_by=JONAS))
    assert (one.name, one.language, one.public, one.again) == ("reasons", "en", True, False)
    assert "update to 25.1" in one.body
    assert "named contacts" in one.body


def test_the_same_reasons_about_the_same_things_are_one_cause_in_whatever_language_and_words() -> None:
    old = request("2.9", raised_by=JONAS)
    [first] = said(old)
    [german] = said(replace(old, language="de"))
    [helped] = said(old, agreement(contacts=[contact("Somebody Else", ("acc-else",), ())]))
    [released] = said(old, under=policy_with_lines({"2.9": "2016-05-05", "25.1": "2026-05-19", "25.2": "2026-11-20"}))
    assert len({each.body for each in (first, german, helped, released)}) == 4
    assert {each.cause for each in (german, helped, released)} == {first.cause}


def test_another_version_or_one_reason_less_is_another_cause() -> None:
    causes = [said(each)[0].cause for each in (request("2.9"), request("2.8"), request("2.9", raised_by=JONAS))]
    assert len(set(causes)) == 3
