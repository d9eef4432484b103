"""Comments, webhooks and echoes: what went wrong elsewhere (the numbers are those of README.md here)."""

from collections.abc import Iterator

import pytest

from plugin.store import Store
from tests.road.house import AGENT, MIRA, NEWEST, TOO_OLD, House, emptied, house, sqlite_store


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with sqlite_store(tmp_path_factory.mktemp("lessons")) as store:
        yield store


@pytest.fixture
def home(kept: Store) -> Iterator[House]:
    with house(emptied(kept)) as built:
        yield built


def test_no_comment_moves_a_deadline_be_it_an_agents_a_note_or_our_own_reply(home: House) -> None:
    """Lesson 1: https://github.com/zammad/zammad/issues/1620, an internal note stopped the response clock.

    Lesson 34: https://github.com/hackclub/slacker/issues/135: what a program says is no response of a person.
    """
    issue = home.raised(impact="Seriously impaired")
    home.change(issue, MIRA, **{"Third-party software": "Selenium 4", "Stated severity": "Severity 1"})
    home.settle()
    first = home.shows(issue, "Response due")
    assert first is not None
    assert len(home.replies(issue)) == 1
    for who, public in ((AGENT, False), (AGENT, True), (MIRA, True)):
        home.clock.advance(hours=20)
        home.sandbox.jira.comment(issue, home.person(who), "Thank you, we are looking into it.", public)
        home.settle()
        assert home.shows(issue, "Response due") == first


def test_one_event_delivered_five_times_is_answered_once(home: House) -> None:
    """Lesson 65: https://github.com/freescout-help-desk/freescout/issues/2362: five webhooks, five comments."""
    issue = home.raised(version=TOO_OLD)
    for delivery in home.sent():
        for _ in range(5):
            home.receive(delivery)
            home.settle()
    assert len(home.replies(issue)) == 1


def test_what_we_write_ourselves_comes_back_and_leads_to_nothing_more(home: House) -> None:
    """Lesson 68: https://github.com/ManoManoTech/firefighter-incident/pull/312: own changes came back as events."""
    issues = [home.raised(version=version) for version in (NEWEST, TOO_OLD, None)]
    home.settle()
    statuses = [home.status(issue) for issue in issues]
    home.forget_traffic()
    for _ in range(3):
        for issue in issues:
            home.knock(issue)
        home.clock.advance(minutes=20)
        home.settle()
    assert home.writes() == []
    assert [home.status(issue) for issue in issues] == statuses


def test_an_automations_change_counts_like_a_persons(home: House) -> None:
    """Lesson 68: https://github.com/atlassian/github-for-jira/pull/403: but not every program is an echo of ours."""
    issue = home.raised(version=TOO_OLD)
    home.settle()
    assert home.shows(issue, "Eligibility") == "Not eligible"
    home.change(issue, AGENT, Product_version=NEWEST)
    home.settle()
    assert home.shows(issue, "Eligibility") == "Eligible"


def test_a_change_that_came_with_no_event_counts_from_when_it_was_made(home: House) -> None:
    """Lesson 67: https://github.com/documenso/documenso/issues/3204: work from the history, not from the event."""
    issue, prompt = home.raised(version=TOO_OLD), home.raised(version=TOO_OLD)
    home.settle()
    home.clock.advance(hours=1)
    for each in (issue, prompt):
        home.change(each, MIRA, Product_version=NEWEST)
    lost, heard = home.sent()
    assert (issue.id.encode() in lost.body, prompt.id.encode() in heard.body) == (True, True)
    home.receive(heard)
    home.settle()
    home.clock.advance(hours=3)
    home.reconcile()
    home.settle()
    assert home.shows(issue, "Response due") == home.shows(prompt, "Response due")
