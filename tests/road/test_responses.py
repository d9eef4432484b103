"""The first response: an agent answers in public, and the fields say whether it was in time; agents are reminded."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, select

from plugin.sandbox import Flavour, Kind, seed
from plugin.sandbox.records import Comment, Issue
from plugin.store import Store, responses
from plugin.store.tables import doors
from tests.road.house import ACCOUNT, AGENT, EMIL, JONAS, MIRA, House, house
from tests.road.play import PIA

DUE = datetime(2026, 11, 23, 11, 30, tzinfo=UTC)
"""8 hours from Friday 14:30 in Berlin: Monday 12:30."""


def says(home: House, issue: Issue, who: str = AGENT, public: bool = True, text: str = "We are on it.") -> Comment:
    return home.sandbox.jira.comment(issue, home.person(who), text, public)


def shown(home: House, issue: Issue) -> tuple[object, ...]:
    return tuple(home.shows(issue, name) for name in ("First response", "Response kept", "Response reminder"))


@pytest.mark.parametrize("flavour", Flavour)
def test_an_agents_public_answer_stops_the_clock_and_nothing_else_does(store: Store, flavour: Flavour) -> None:
    with house(store, seed(flavour)) as home:
        issue = home.raised(MIRA)
        home.settle()
        assert shown(home, issue) == (None, "Open", None)
        home.clock.advance(minutes=10)
        says(home, issue, MIRA, text="It is urgent.")
        says(home, issue, public=False)
        says(home, issue, ACCOUNT, public=False)
        home.settle()
        assert shown(home, issue) == (None, "Open", None)
        home.clock.advance(minutes=10)
        answered = says(home, issue)
        home.settle()
        assert shown(home, issue) == (answered.created, "Kept", None)
        home.forget_traffic()
        home.knock(issue)
        home.settle()
        assert home.writes() == []


@pytest.mark.parametrize("flavour", Flavour)
def test_agents_are_reminded_once_at_each_point_and_when_it_is_overdue(store: Store, flavour: Flavour) -> None:
    with house(store, seed(flavour)) as home:
        issue = home.raised(MIRA)
        home.settle()
        first = len(home.notes(issue))
        seen = []
        for _ in range(8):
            # Nobody knocks: the door comes up by itself.
            home.settle_until_reminded()
            seen.append((shown(home, issue)[1:], len(home.notes(issue)) - first))
        assert [each for number, each in enumerate(seen) if each not in seen[:number]] == [
            (("Open", "50 %"), 1),
            (("Open", "80 %"), 2),
            (("Open overdue", "overdue"), 3),
        ]
        assert home.clock() > DUE
        told = home.notes(issue)[-1].body.replace("\N{WORD JOINER}", "")
        assert "*The first response is overdue: it was due Mon 23 Nov 2026 12:30 CET.*" in told
        assert (home.replies(issue), home.status(issue)) == ([], "Waiting for support")
        answered = says(home, issue)
        home.settle()
        assert shown(home, issue) == (answered.created, "Missed", None)
        with home.store.reading() as tx:
            assert doors_of(tx) == []


def doors_of(tx: Connection) -> list[str]:
    return list(tx.scalars(select(doors.c.request_id)))


def test_a_reminder_that_was_sent_before_that_was_noted_is_not_sent_again(home: House) -> None:
    issue = home.raised(MIRA)
    home.settle()
    before = len(home.notes(issue))
    # Jira writes the comment, and its answer is lost.
    home.fault(Kind.RESET_AFTER, "POST", f"/issue/{issue.id}/comment")
    home.settle_until_reminded()
    assert not home.sandbox.faults.waiting(), "the fault never happened"
    assert home.shows(issue, "Response reminder") == "50 %"
    assert len(home.notes(issue)) == before + 1
    home.knock(issue)
    home.settle()
    assert len(home.notes(issue)) == before + 1


def test_what_is_answered_deleted_or_hidden_in_jira_is_followed_there_and_back(home: House) -> None:
    issue = home.raised(MIRA)
    home.settle()
    home.clock.advance(minutes=30)
    answer = says(home, issue)
    home.settle()
    assert shown(home, issue)[:2] == (answer.created, "Kept")

    answer.public = False
    home.knock(issue)
    home.settle()
    assert shown(home, issue)[:2] == (None, "Open")

    answer.public = True
    home.knock(issue)
    home.settle()
    assert shown(home, issue)[:2] == (answer.created, "Kept")

    # Graver than thought: it was due before.
    issue.comments.remove(answer)
    home.clock.advance(days=5)
    late = says(home, issue)
    home.settle()
    assert shown(home, issue)[:2] == (late.created, "Missed")


@pytest.mark.parametrize("flavour", Flavour)
def test_whoever_is_no_agent_of_the_project_does_not_respond(store: Store, flavour: Flavour) -> None:
    with house(store, seed(flavour)) as home:
        issue = home.raised(MIRA)
        home.settle()
        home.clock.advance(minutes=5)
        for who in (JONAS, EMIL, PIA):
            says(home, issue, who)
        home.settle()
        assert shown(home, issue) == (None, "Open", None)
        machine = home.person(AGENT)
        account = machine.account_id if home.sandbox.site.cloud else machine.username
        declared = replace(home.mappings.declared, machines=(account,))
        home.mappings = replace(home.mappings, declared=declared)
        says(home, issue)
        home.settle()
        assert shown(home, issue) == (None, "Open", None)


def test_whoever_has_no_account_for_the_product_alone_answers_with_the_same_one(home: House) -> None:
    issue = home.raised(MIRA)
    home.settle()
    by_hand = says(home, issue, ACCOUNT)
    home.settle()
    assert shown(home, issue)[:2] == (by_hand.created, "Kept")


def test_an_agent_who_has_left_has_still_answered(home: House) -> None:
    issue = home.raised(MIRA)
    home.settle()
    says(home, issue)
    home.fault(Kind.FORBIDDEN, "GET", "/user/assignable/search", times=100)
    home.settle()
    assert home.shows(issue, "Response kept") == "Kept"


def test_a_request_that_is_deleted_is_in_no_report_any_more(home: House) -> None:
    issue = home.raised(MIRA)
    home.settle()
    with home.store.reading() as tx:
        [count] = responses.counts(tx, home.clock())
    assert (count.month, count.customer, count.tier, count.severity, count.open) == (
        "2026-11",
        "aurora-robotics",
        "premium",
        1,
        1,
    )
    home.delete(issue)
    home.settle()
    with home.store.reading() as tx:
        assert responses.counts(tx, home.clock()) == ()
