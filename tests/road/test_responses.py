"""The first response: an agent answers in public, and the fields say whether it was in time; agents are reminded."""

from datetime import UTC, datetime

import pytest

from plugin.sandbox import Flavour, seed
from plugin.sandbox.state import Comment, Issue
from plugin.store import Store
from tests.road.house import ACCOUNT, AGENT, MIRA, House, house

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
