"""Answers given as comments: whose word counts, from when on, and what follows from it in Jira."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from plugin.sandbox import Flavour, Kind, seed
from plugin.sandbox.records import Comment, Issue
from plugin.store import Store, decisions
from tests.road.clauses import due, to_the_minute
from tests.road.house import (
    ACCOUNT,
    AGENT,
    JONAS,
    MIRA,
    NEWEST,
    ONE_BACK,
    TOO_OLD,
    UNCLEAR,
    House,
    emptied,
    house,
    sqlite_store,
)

AURORA = "aurora-robotics"
MONDAY = datetime(2026, 11, 23, 9, 12, tzinfo=UTC)
"""When the customer answers: 10:12 in Berlin."""


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with sqlite_store(tmp_path_factory.mktemp("answers")) as store:
        yield store


@pytest.fixture(params=Flavour)
def home(kept: Store, request: pytest.FixtureRequest) -> Iterator[House]:
    with house(emptied(kept), seed(Flavour(request.param))) as built:
        yield built


def asked(home: House, version: str | None = UNCLEAR) -> Issue:
    """A request on Friday whose version is asked about; on Monday the customer looks at it again."""
    issue = home.raised(MIRA, version=version)
    home.settle()
    assert home.status(issue) == "Waiting for customer"
    assert len(home.replies(issue)) == 1
    home.clock.now = MONDAY
    return issue


def says(home: House, issue: Issue, text: str, who: str = MIRA, public: bool = True) -> Comment:
    """Somebody comments, and all that follows from it is done."""
    comment = home.sandbox.jira.comment(issue, home.person(who), text, public)
    home.settle()
    return comment


def why(home: House, issue: Issue) -> list[str]:
    """The sentences of the newest decision that speak of answers."""
    with home.store.reading() as tx:
        newest = decisions.history(tx, issue.id)[-1]
    return [each["sentence"] for each in newest["rulings"]["eligibility"]["findings"] if each["rule"] == "answer"]


def unmoved(home: House, issue: Issue, replies: int = 1) -> bool:
    """Still asked, told no more than before, and a look at it writes nothing."""
    home.forget_traffic()
    home.knock(issue)
    home.settle()
    waits = (home.shows(issue, "Eligibility"), home.status(issue)) == ("Needs information", "Waiting for customer")
    return waits and len(home.replies(issue)) == replies and home.holders(issue) == {} and home.writes() == []


@pytest.mark.parametrize(
    "text",
    [
        "26.2",
        "Hello,\n\nwe have updated to 26.2. It still crashes.\n\nBest regards\nMira Castellan",
        "{quote}Could you tell us the exact version?{quote}\nVersion: 26.2",
        "26.2\n\nAm 20.11.2026 um 14:31 schrieb Support:\n> Which version do you use? We support 26.2, 26.1.",
    ],
)
def test_a_version_named_in_a_comment_is_helped_with_from_then_on(home: House, text: str) -> None:
    issue = asked(home)
    says(home, issue, text)
    assert (home.shows(issue, "Eligibility"), home.status(issue)) == ("Eligible", "Waiting for support")
    assert to_the_minute(home.shows(issue, "Response due")) == to_the_minute(due(MONDAY, 8))
    assert (home.holders(issue), home.shows(issue, "Credits charged")) == ({AURORA: 1}, 1)
    assert len(home.replies(issue)) == 1
    assert why(home, issue) == [
        "The customer answered on Mon 23 Nov 2026 10:12 CET: version 26.2; it counts instead of 'latest'."
    ]
    # It goes on counting, and nothing more comes of it.
    says(home, issue, "Thank you, we are on it.", AGENT)
    home.clock.advance(days=3)
    home.forget_traffic()
    home.knock(issue)
    home.reconcile()
    home.settle()
    assert home.writes() == []
    assert home.sums_to_zero()


def test_an_agents_comment_changes_nothing(home: House) -> None:
    issue = asked(home)
    for public in (True, False):
        says(home, issue, "26.2", AGENT, public)
    assert unmoved(home, issue)


def test_another_customers_comment_changes_nothing(home: House) -> None:
    issue = asked(home)
    says(home, issue, "26.2", JONAS)
    assert unmoved(home, issue)


def test_our_own_notes_and_replies_change_nothing(home: House) -> None:
    issue = asked(home)
    for public in (True, False):
        home.sandbox.jira.comment(
            issue, home.person(ACCOUNT), "26.2", public, {"support-contract.reply": {"intent": str(public)}}
        )
    home.settle()
    home.knock(issue)
    home.settle()
    assert (home.shows(issue, "Eligibility"), home.holders(issue)) == ("Needs information", {})


@pytest.mark.parametrize("who", [AGENT, ACCOUNT])
def test_whoever_raised_it_is_not_believed_where_it_is_an_internal_note_or_ourselves(home: House, who: str) -> None:
    issue = asked(home)
    issue.reporter = home.person(who)
    says(home, issue, "26.2", who, public=who == ACCOUNT)
    assert why(home, issue) == []
    assert home.holders(issue) == {}


def test_a_comment_that_an_agent_has_rewritten_is_not_the_customers_word_any_more(home: House) -> None:
    issue = asked(home)
    comment = says(home, issue, "The newest one.")
    home.sandbox.jira.edit_comment(issue, comment, home.person(AGENT), "26.2")
    home.settle()
    assert unmoved(home, issue)


@pytest.mark.parametrize(
    "text",
    [
        "We will update to 26.2.",
        "You wrote that 26.2 is supported.",
        "We cannot go to 26.2.",
        "26.2 does not work either.",
        "Is 26.2 the right one?",
        "26.2 or 26.1",
        "> Please update to 26.2",
        "Version: 26.2. We only install it next week, though.",
    ],
)
def test_a_doubtful_answer_changes_nothing_and_tells_nobody_anything_again(home: House, text: str) -> None:
    issue = asked(home)
    says(home, issue, text)
    assert unmoved(home, issue)
    says(home, issue, text)
    assert unmoved(home, issue)


def test_whoever_was_told_to_update_is_helped_once_they_say_that_they_have(home: House) -> None:
    issue = asked(home, TOO_OLD)
    says(home, issue, "Wir haben auf 26.2 aktualisiert, das Problem besteht weiterhin.")
    assert (home.shows(issue, "Eligibility"), home.status(issue)) == ("Eligible", "Waiting for support")
    assert to_the_minute(home.shows(issue, "Response due")) == to_the_minute(due(MONDAY, 8))


def test_an_old_version_named_plainly_is_told_to_update_once(home: House) -> None:
    issue = asked(home)
    says(home, issue, f"It is {TOO_OLD}.")
    assert (home.shows(issue, "Eligibility"), home.status(issue)) == ("Not eligible", "Waiting for customer")
    assert f"update to {NEWEST}" in home.replies(issue)[-1].body
    for text in ("It still crashes.", f"Version {TOO_OLD}"):
        says(home, issue, text)
    assert len(home.replies(issue)) == 2
    home.clock.advance(hours=1)
    says(home, issue, "Updated to 26.2.")
    assert (home.shows(issue, "Eligibility"), home.status(issue)) == ("Eligible", "Waiting for support")
    assert to_the_minute(home.shows(issue, "Response due")) == to_the_minute(due(MONDAY + timedelta(hours=1), 8))


def test_who_is_helped_may_talk_of_other_versions(home: House) -> None:
    issue = asked(home)
    says(home, issue, "26.2")
    says(home, issue, "With which version did it last work?", AGENT)
    says(home, issue, TOO_OLD)
    assert home.shows(issue, "Eligibility") == "Eligible"
    assert len(why(home, issue)) == 1
    assert len(home.replies(issue)) == 1


def test_a_later_edit_of_the_field_wins_over_the_answer(home: House) -> None:
    issue = asked(home)
    says(home, issue, "26.2")
    home.clock.advance(minutes=5)
    home.change(issue, Product_version=TOO_OLD)
    home.settle()
    assert (home.shows(issue, "Eligibility"), why(home, issue)) == ("Not eligible", [])
    home.clock.advance(minutes=5)
    home.change(issue, Product_version=ONE_BACK)
    home.settle()
    assert (home.shows(issue, "Eligibility"), why(home, issue)) == ("Eligible", [])


def test_an_answer_older_than_the_field_is_none(home: House) -> None:
    issue = asked(home, TOO_OLD)
    says(home, issue, "The newest one.")
    issue.comments[-1].body = NEWEST  # it had said so before the field was filled in, and nobody looked
    home.clock.advance(minutes=5)
    home.change(issue, Product_version=UNCLEAR)
    home.settle()
    assert (home.shows(issue, "Eligibility"), why(home, issue)) == ("Needs information", [])


def test_a_hundred_later_changes_do_not_hide_when_the_field_was_changed(home: House) -> None:
    issue = asked(home)
    says(home, issue, "26.2")
    home.clock.advance(minutes=5)
    home.change(issue, Product_version=TOO_OLD)
    for one in range(120):
        home.change(issue, Summary=f"Try {one}")
    home.settle()
    assert (home.shows(issue, "Eligibility"), why(home, issue)) == ("Not eligible", [])


def test_an_edited_comment_is_judged_by_what_it_says_now_and_a_deleted_one_not_at_all(home: House) -> None:
    issue = asked(home)
    comment = says(home, issue, "26.")
    assert unmoved(home, issue)
    home.clock.advance(hours=1)
    home.sandbox.jira.edit_comment(issue, comment, home.person(MIRA), "26.2")
    home.settle()
    assert home.shows(issue, "Eligibility") == "Eligible"
    assert to_the_minute(home.shows(issue, "Response due")) == to_the_minute(due(MONDAY + timedelta(hours=1), 8))

    issue.comments.remove(comment)
    home.knock(issue)
    home.settle()
    assert (home.shows(issue, "Eligibility"), home.holders(issue)) == ("Needs information", {})
    assert len(home.replies(issue)) == 1
    assert home.sums_to_zero()


def test_an_answer_given_before_anybody_looked_is_not_asked_for_again(home: House) -> None:
    issue = home.raised(MIRA, version=UNCLEAR)
    home.clock.advance(minutes=2)
    home.sandbox.jira.comment(issue, home.person(MIRA), "Version: 26.2", True)
    home.settle()
    for _ in range(2):
        assert (home.shows(issue, "Eligibility"), home.replies(issue)) == ("Eligible", [])
        assert to_the_minute(home.shows(issue, "Response due")) == to_the_minute(due(issue.created, 8))
        home.knock(issue)
        home.settle()


def test_who_has_answered_already_is_not_asked_when_the_field_becomes_doubtful(home: House) -> None:
    issue = home.raised(MIRA)
    home.settle()
    home.change(issue, Product_version=TOO_OLD)
    home.clock.advance(minutes=2)
    home.sandbox.jira.comment(issue, home.person(MIRA), "Sorry, it is 26.2.", True)
    home.settle()
    assert (home.shows(issue, "Eligibility"), home.replies(issue)) == ("Eligible", [])


def test_a_product_and_a_platform_are_answered_as_well(home: House) -> None:
    issue = home.raised(MIRA, product="expecco LicenseServer", version="25.1")
    home.change(issue, by=MIRA, Platform="Other")
    home.settle()
    assert home.shows(issue, "Eligibility") == "Not eligible"
    home.clock.now = MONDAY
    says(home, issue, "Sorry, it is expecco 26.2.\nWindows 11.")
    assert (home.shows(issue, "Eligibility"), home.status(issue)) == ("Eligible", "Waiting for support")
    assert [each.split(": ", 1)[1] for each in why(home, issue)] == [
        "product expecco; it counts instead of 'expecco LicenseServer'.",
        "platform Windows; it counts instead of 'Other'.",
        "version 26.2; it counts instead of '25.1'.",
    ]


def test_a_lost_database_finds_the_answer_again(home: House) -> None:
    issue = asked(home)
    says(home, issue, "26.2")
    shown = (home.shows(issue, "Eligibility"), home.shows(issue, "Response due"))
    emptied(home.store)
    home.clock.advance(days=1)
    home.rebuild()
    home.knock(issue)
    home.settle()
    assert (home.shows(issue, "Eligibility"), home.shows(issue, "Response due")) == shown
    assert (len(home.replies(issue)), home.holders(issue)) == (1, {AURORA: 1})


def test_an_answer_whose_webhook_was_lost_is_found_by_reconciliation_and_the_clock_started_with_it(home: House) -> None:
    issue = asked(home)
    home.sandbox.jira.comment(issue, home.person(MIRA), "26.2", True)
    home.sent()
    home.clock.advance(hours=2)
    home.reconcile()
    home.settle()
    assert to_the_minute(home.shows(issue, "Response due")) == to_the_minute(due(MONDAY, 8))


def test_a_request_that_never_waited_costs_no_more_calls_whatever_is_written_on_it(home: House) -> None:
    issue = home.raised()
    home.settle()
    home.sandbox.jira.comment(issue, home.person(MIRA), "24.2", True)
    home.receive(*home.sent())
    home.forget_traffic()
    home.settle()
    calls = home.sandbox.traffic.all()
    assert {one.method for one in calls} == {"GET"}
    assert {one.path.rsplit("/", 1)[1] for one in calls} <= {issue.id, "field"}
    assert not any("changelog" in one.query for one in calls)


def test_comments_of_which_data_center_does_not_say_who_sees_them_are_left_to_a_person(kept: Store) -> None:
    with house(emptied(kept), seed(Flavour.DATACENTER)) as home:
        issue = asked(home)
        home.fault(Kind.FORBIDDEN, "GET", "/rest/servicedeskapi/request/")
        says(home, issue, "26.2")
        assert home.shows(issue, "Eligibility") == "Needs information"
        assert [log["request"] for log in home.logs if log["event"] == "comments not heard"] == [issue.key]
        home.knock(issue)
        home.settle()
        assert home.shows(issue, "Eligibility") == "Eligible"
