"""The receipt that agents get as a note: once a decision, not once a look, and it stops and starts nothing."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
import requests

from plugin.mappings.eligibility import Receipts
from plugin.sandbox import Flavour, Kind, seed
from plugin.sandbox.records import Issue
from plugin.store import Store
from tests.road.house import DOWN, IMPAIRED, JONAS, MIRA, NEWEST, TOO_OLD, UNCLEAR, House, house


@pytest.fixture(params=Flavour)
def either(store: Store, request: pytest.FixtureRequest) -> Iterator[House]:
    """A house on each kind of Jira, over both databases."""
    with house(store, seed(request.param)) as built:
        yield built


def notes(home: House, issue: Issue) -> list[str]:
    """The notes as an agent reads them."""
    return [note.body.replace("\\", "").replace("\N{WORD JOINER}", "") for note in home.notes(issue)]


def changed(note: str) -> list[str]:
    """What a note says at its top has changed."""
    lines = note.partition("*Agreement:*")[0].splitlines()
    return [line.removeprefix("* ") for line in lines if line.startswith("* ")]


def test_a_note_is_written_once_however_often_anybody_looks_and_its_echo_writes_nothing(either: House) -> None:
    served, refused = either.raised(MIRA), either.raised(JONAS, version=TOO_OLD)
    either.settle()
    assert [len(either.notes(each)) for each in (served, refused)] == [1, 1]
    assert [len(either.replies(each)) for each in (served, refused)] == [0, 1]
    assert (either.status(served), either.status(refused)) == ("Waiting for support", "Waiting for customer")

    either.forget_traffic()
    either.clock.advance(hours=3)
    for each in (served, refused):
        own = next(comment for comment in each.comments if not comment.public)
        either.sandbox.jira.edit_comment(each, own, own.author, own.body)
    echoes = [each for each in either.sent() if each.event == "comment_updated"]
    assert len(echoes) == 2
    either.receive(*echoes)
    assert either.settle() >= 2
    either.reconcile()
    either.settle()
    assert either.writes() == []
    assert (either.status(served), either.status(refused)) == ("Waiting for support", "Waiting for customer")


def test_the_customer_does_not_see_a_note(either: House) -> None:
    issue = either.raised()
    either.settle()
    assert "is eligible for support" in requests.get(f"{either.sandbox.url}/agent/{issue.key}", timeout=5).text
    assert "is eligible for support" not in requests.get(f"{either.sandbox.url}/portal/{issue.key}", timeout=5).text


def test_a_second_note_says_what_changed_and_going_back_is_told_again(home: House) -> None:
    issue = home.raised()
    home.settle()
    home.clock.advance(minutes=5)
    home.change(issue, Business_impact=IMPAIRED)
    home.settle()
    home.clock.advance(minutes=5)
    home.change(issue, Business_impact="Totally non-operational")
    home.settle()
    first, second, third = notes(home, issue)
    assert changed(first) == []
    assert (
        changed(second)
        == [
            "Severity: 2 instead of 1",
            "Response due: Tue 24 Nov 2026 16:30 CET instead of Mon 23 Nov 2026 12:30 CET",
        ]
        or changed(second)[0] == "Severity: 2 instead of 1"
    )
    assert changed(third)[0] == "Severity: 1 instead of 2"
    assert (
        third.partition("*Agreement:*")[2].rpartition("Decided")[0]
        == (first.partition("*Agreement:*")[2].rpartition("Decided")[0])
    )


def test_what_other_requests_cost_is_no_reason_for_a_note(home: House) -> None:
    issue = home.raised()
    home.settle()
    for _ in range(3):
        home.raised(JONAS)
    home.settle()
    home.knock(issue)
    home.settle()
    assert len(home.notes(issue)) == 1


def test_another_sentence_is_no_reason_for_a_note(home: House) -> None:
    issue = home.raised(version=TOO_OLD)
    home.settle()
    home.change(issue, Product_version="25.1")
    home.settle()
    # The customer is told that this one is too old as well; of the decision nothing has changed.
    assert (len(home.replies(issue)), len(home.notes(issue))) == (2, 1)


def test_an_override_is_the_first_thing_in_its_note(home: House) -> None:
    issue = home.raised(version=TOO_OLD)
    home.settle()
    home.change(issue, Contract_override="Eligible", Contract_override_reason="Goodwill until January")
    home.settle()
    note = notes(home, issue)[-1]
    assert note.splitlines()[2].startswith("Overruled by an agent: eligible instead of not eligible. Goodwill until")
    assert note.index("*Eligibility:*") < note.index("*Agreement:*")


def test_a_note_whose_answer_was_lost_is_not_written_again(either: House) -> None:
    issue = either.raised()
    either.fault(Kind.RESET_AFTER, "POST", r"/comment$")
    either.settle()
    assert len(either.notes(issue)) == 1


def test_a_note_that_nobody_noted_as_sent_is_what_the_next_one_starts_from(either: House) -> None:
    issue = either.raised()
    either.fault(Kind.RESET_AFTER, "POST", r"/comment$")
    either.receive(*either.sent())
    either.worker().step()
    either.change(issue, Product_version=TOO_OLD)
    either.settle()
    first, second = notes(either, issue)
    assert "*Changed" not in first
    assert changed(second)[0] == "Eligibility: not eligible instead of eligible"


def test_a_note_that_nobody_noted_as_sent_is_taken_back_by_another_once_all_is_as_before(home: House) -> None:
    issue = home.raised()
    home.settle()
    home.change(issue, Business_impact=IMPAIRED)
    home.fault(Kind.RESET_AFTER, "POST", r"/comment$")
    home.receive(*home.sent())
    home.worker().step()
    home.change(issue, Business_impact=DOWN)
    home.settle()
    said = [changed(note)[:1] for note in notes(home, issue)]
    assert said == [[], ["Severity: 2 instead of 1"], ["Severity: 1 instead of 2"]]


def test_a_note_that_could_not_be_sent_is_outdated_by_the_next_decision(home: House) -> None:
    issue = home.raised()
    home.settle()
    home.change(issue, Product_version=UNCLEAR)
    home.fault(Kind.BROKEN, "POST", r"/comment$", times=2)
    home.receive(*home.sent())
    home.worker().step()
    assert len(home.notes(issue)) == 1

    home.change(issue, Product_version=TOO_OLD)
    home.settle()
    _, last = notes(home, issue)
    # From what agents have read, not from what never reached them.
    assert changed(last)[0] == "Eligibility: not eligible instead of eligible"


def test_what_was_not_sent_and_is_as_before_again_is_not_told(home: House) -> None:
    issue = home.raised()
    home.settle()
    home.change(issue, Product_version=UNCLEAR)
    home.fault(Kind.BROKEN, "POST", r"/comment$", times=2)
    home.receive(*home.sent())
    home.worker().step()
    home.change(issue, Product_version=NEWEST)
    home.settle()
    assert len(home.notes(issue)) == 1


def test_agents_who_want_no_receipts_get_none_and_all_once_they_do(home: House) -> None:
    home.mappings = replace(home.mappings, receipts=Receipts(agent=False))
    served, refused = home.raised(), home.raised(version=TOO_OLD)
    home.settle()
    assert home.notes(served) == home.notes(refused) == []
    assert len(home.replies(refused)) == 1
    home.mappings = replace(home.mappings, receipts=Receipts(agent=True))
    home.reconcile()
    home.settle()
    assert [len(home.notes(each)) for each in (served, refused)] == [1, 1]
    assert len(home.replies(refused)) == 1


def test_whole_logs_typed_into_fields_without_a_limit_make_no_note_that_jira_refuses(home: House) -> None:
    issue = home.raised()
    home.change(issue, Contract_override="Eligible")
    for name in ("Product version", "Third-party software", "Contract override reason"):
        issue.values[home.field(name)] = "error: [~mira] {panel} 😀\n" * 1_000
    home.settle()
    [note] = home.notes(issue)
    assert "Overruled by an agent" in note.body
    assert len(note.body) < 12_000
    assert home.parked() == []
