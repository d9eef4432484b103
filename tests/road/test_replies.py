"""What customers and agents read on the request: letters sent and drafted, receipts, each once, whatever goes wrong."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from plugin.mappings.load import Mappings, load
from plugin.sandbox import Flavour, Kind, seed
from plugin.sandbox.records import Comment, Issue
from plugin.store import Store
from tests.plugin.mappings.broken import copy_of_shipped, replaced
from tests.road.house import (
    DOWN,
    EMIL,
    IMPAIRED,
    MIRA,
    NEWEST,
    TOO_OLD,
    UNCLEAR,
    YUSUF,
    House,
    emptied,
    house,
    sqlite_store,
)

OLD = "reason: version_too_old, eligibility: not eligible, reply: yes"
DRAFT = (OLD, f"{OLD}, mode: draft")
RECEIPTS = ("customer: no}", "customer: send}")

Edited = Callable[[str, str], Mappings]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with sqlite_store(tmp_path_factory.mktemp("replies")) as store:
        yield store


@pytest.fixture
def home(kept: Store) -> Iterator[House]:
    with house(emptied(kept)) as built:
        yield built


@pytest.fixture
def edited(tmp_path: Path) -> Edited:
    """Edit eligibility.yaml, one change after the other; the mappings then."""
    directory = copy_of_shipped(tmp_path)

    def edit(old: str, new: str) -> Mappings:
        replaced(directory, "eligibility.yaml", old, new)
        loaded = load(directory)
        assert loaded.mappings is not None, loaded.problems
        return loaded.mappings

    return edit


def drafts(home: House, issue: Issue) -> list[Comment]:
    """The notes that are drafts, and not receipts for agents."""
    return [each for each in home.notes(issue) if each.body.startswith("This is a draft of a reply to the customer")]


def looked_again(home: House, issue: Issue) -> None:
    home.knock(issue)
    home.settle()


@pytest.mark.parametrize("flavour", Flavour)
def test_a_draft_is_for_agents_asks_nothing_of_the_customer_and_is_written_once(
    store: Store, flavour: Flavour, edited: Edited
) -> None:
    with house(store, seed(flavour)) as home:
        home.mappings = home.accounted(edited(*DRAFT))
        issue = home.raised(version=TOO_OLD)
        home.settle()
        for _ in range(3):
            looked_again(home, issue)
        [note] = drafts(home, issue)
        assert "draft of a reply to the customer, written in English" in note.body
        assert "please update to 26.2 first" in note.body
        assert home.replies(issue) == []
        assert (home.shows(issue, "Eligibility"), home.status(issue)) == ("Not eligible", "Waiting for support")


def test_a_letter_whose_answer_was_lost_counts_as_said_when_there_is_another_reason_meanwhile(home: House) -> None:
    issue = home.raised(version=TOO_OLD)
    home.fault(Kind.RESET_AFTER, "POST", r"/comment$")
    home.receive(*home.sent())
    home.worker().step()
    for version in (UNCLEAR, TOO_OLD):
        home.change(issue, Product_version=version)
        home.settle()
    update, unclear = [each.body for each in home.replies(issue)]
    assert "please update to 26.2 first" in update
    assert f'you wrote "{UNCLEAR}"' in unclear


def test_a_draft_whose_answer_was_lost_is_not_written_twice(home: House, edited: Edited) -> None:
    home.mappings = home.accounted(edited(*DRAFT))
    issue = home.raised(version=TOO_OLD)
    home.fault(Kind.RESET_AFTER, "POST", r"/comment$")
    home.settle()
    assert (len(drafts(home, issue)), home.replies(issue)) == (1, [])


def test_what_was_drafted_is_not_sent_when_the_row_says_send_later_but_what_is_new_is(
    home: House, edited: Edited
) -> None:
    home.mappings = home.accounted(edited(*DRAFT))
    issue = home.raised(version=TOO_OLD)
    home.settle()
    home.mappings = home.accounted(edited(DRAFT[1], DRAFT[0]))
    looked_again(home, issue)
    assert (len(drafts(home, issue)), home.replies(issue)) == (1, [])
    home.change(issue, Product_version="24.1")
    home.settle()
    assert (len(drafts(home, issue)), len(home.replies(issue))) == (1, 1)
    assert home.status(issue) == "Waiting for customer"


def test_what_could_not_be_drafted_yet_stays_a_draft_when_the_row_says_send_meanwhile(
    home: House, edited: Edited
) -> None:
    home.mappings = home.accounted(edited(*DRAFT))
    issue = home.raised(version=TOO_OLD)
    home.receive(*home.sent())
    home.fault(Kind.BROKEN, "POST", r"/comment$")
    home.worker().step()
    home.mappings = home.accounted(edited(DRAFT[1], DRAFT[0]))
    home.settle()
    assert (len(drafts(home, issue)), home.replies(issue)) == (1, [])


def test_what_was_sent_is_not_drafted_when_the_row_says_draft_later(home: House, edited: Edited) -> None:
    issue = home.raised(version=TOO_OLD)
    home.settle()
    home.mappings = home.accounted(edited(*DRAFT))
    looked_again(home, issue)
    assert (drafts(home, issue), len(home.replies(issue))) == ([], 1)


@pytest.mark.parametrize("mode", ["send", "draft"])
def test_the_clock_is_the_same_whether_the_customer_was_told_by_us_or_is_to_be_by_an_agent(
    home: House, edited: Edited, mode: str
) -> None:
    home.mappings = home.accounted(edited(OLD, f"{OLD}, mode: {mode}"))
    issue = home.raised(version=TOO_OLD)
    home.settle()
    assert home.shows(issue, "Response due") is None
    home.clock.advance(hours=1)
    home.change(issue, Product_version=NEWEST)
    home.settle()
    due = home.shows(issue, "Response due")
    assert due is not None
    # 8 h from 15:30 on Friday in Berlin: 2.5 that day, the rest on Monday. In UTC:
    assert f"{due:%a %H:%M}" == "Mon 12:30"


def test_a_receipt_is_sent_once_and_again_when_severity_or_due_time_have_changed(home: House, edited: Edited) -> None:
    home.mappings = home.accounted(edited(*RECEIPTS))
    issue = home.raised(impact=IMPAIRED)
    home.settle()
    for _ in range(2):
        looked_again(home, issue)
    [first] = home.replies(issue)
    assert "with severity 2, and you will hear from us by Monday, 23 November 2026, 16:30 (CET)" in first.body
    assert "It uses 1 support credit of your agreement; 191 are left." in first.body
    home.change(issue, Business_impact=DOWN)
    home.settle()
    home.change(issue, Business_impact=IMPAIRED)
    home.settle()
    looked_again(home, issue)
    said = [each.body for each in home.replies(issue)]
    assert ["severity 2" in said[0], "severity 1" in said[1], "severity 2" in said[2]] == [True] * 3
    assert len(said) == 3
    assert home.status(issue) == "Waiting for support"


def test_a_receipt_in_german_names_the_moment_as_germans_do(home: House, edited: Edited) -> None:
    home.mappings = home.accounted(edited(*RECEIPTS))
    issue = home.raised(EMIL, impact=IMPAIRED)
    home.settle()
    [letter] = home.replies(issue)
    assert "bis spätestens Mittwoch, 25. November 2026, 08:30 Uhr (MEZ) von uns" in letter.body


def test_a_receipt_comes_once_the_customer_has_done_what_was_asked(home: House, edited: Edited) -> None:
    home.mappings = home.accounted(edited(*RECEIPTS))
    issue = home.raised(version=TOO_OLD)
    home.settle()
    home.change(issue, MIRA, Product_version=NEWEST)
    home.settle()
    asked, receipt = home.replies(issue)
    assert "please update to 26.2 first" in asked.body
    assert "We have taken it up with severity 1" in receipt.body


def test_receipts_that_are_switched_on_late_promise_nothing_that_is_past(home: House, edited: Edited) -> None:
    early, late = home.raised(), home.raised(YUSUF)
    home.settle()
    home.clock.advance(days=3)  # past the 8 h of the first, not past the 24 h of the second
    home.mappings = home.accounted(edited(*RECEIPTS))
    for issue in (early, late):
        looked_again(home, issue)
    assert (home.replies(early), len(home.replies(late))) == ([], 1)


def test_the_agreements_language_is_spoken_where_the_portal_told_none(home: House) -> None:
    languages = home.sandbox.site.custom("sd-request-language").id
    home.mappings = replace(
        home.mappings,
        agreements=tuple(
            replace(each, language="de" if each.customer == "aurora-robotics" else None)
            for each in home.mappings.agreements
        ),
    )
    german, english = home.raised(MIRA, version=TOO_OLD), home.raised(YUSUF, version=TOO_OLD)
    for issue in (german, english):
        issue.values[languages] = None
    home.settle()
    assert home.replies(german)[0].body.startswith("Guten Tag Mira Castellan,")
    assert home.replies(english)[0].body.startswith("Hello Yusuf Adeyemi,")
