"""The six requests of the demo on both kinds of Jira, looked at on a Friday afternoon."""

from datetime import UTC, datetime

import pytest

from plugin.demo import STORIES
from plugin.sandbox import Flavour, seed
from plugin.store import Store
from tests.road.clauses import due, shown, to_the_minute, verdict, wanted
from tests.road.house import BOARD, FRIDAY, MIRA, TOO_OLD, house

LINES = ["24.2", "25.1", "25.2", "26.1", "26.2"]
DUE = {
    # Friday 14:30 in Berlin; 3.5 hours of that day are left
    "a supported version": datetime(2026, 11, 23, 11, 30, tzinfo=UTC),  # 8 h: Monday 12:30
    "one version back": datetime(2026, 11, 25, 7, 30, tzinfo=UTC),  # 24 h: 10 each on Monday and Tuesday, 0.5 more
}


@pytest.mark.parametrize("flavour", Flavour)
def test_six_requests_end_as_the_contract_says(store: Store, flavour: Flavour) -> None:
    with house(store, seed(flavour)) as home:
        raised = {}
        for story in STORIES:
            email = next(each.email for each in home.sandbox.site.people if each.username == story.who)
            version = story.version if isinstance(story.version, str) else LINES[story.version]
            issue = home.raised(email, story.type, version, story.impact, story.environment)
            customer = email.partition("@")[2].partition(".")[0]
            said = verdict(email, customer, story.type, version, story.environment, story.impact, FRIDAY.date())
            raised[story.shows] = issue, said
        home.settle()
        for shows, (issue, said) in raised.items():
            names = ("Support tier", "Ruled severity", "Eligibility", "Credits charged")
            assert shown({name: home.shows(issue, name) for name in names}) == wanted(said), shows
            assert to_the_minute(home.shows(issue, "Response due")) == DUE.get(shows)
            assert DUE.get(shows) == (due(FRIDAY, said.hours) if said.hours else None)
            assert len(home.replies(issue)) == bool(said.told)
            assert home.status(issue) == ("Waiting for customer" if said.told else "Waiting for support")
        boards = home.sandbox.jira.organization_properties
        # This Data Center has no organization properties: the ledger is the truth without them.
        assert {id for id, key in boards if key == BOARD} == ({11, 12, 13, 14} if home.sandbox.site.cloud else set())
        assert (home.available("aurora-robotics"), home.available("brennhaus-medical")) == (191, 95)
        home.forget_traffic()
        for issue, _ in raised.values():
            home.knock(issue)
        home.settle()
        assert home.writes() == []


@pytest.mark.parametrize("flavour", Flavour)
def test_a_comment_event_without_an_issue_leads_to_the_request_all_the_same(store: Store, flavour: Flavour) -> None:
    with house(store, seed(flavour)) as home:
        issue = home.raised(version=TOO_OLD)
        home.sent()  # lost
        home.sandbox.jira.comment(issue, home.person(MIRA), "Is anybody there?", public=True)
        [comment] = [each for each in home.sent() if each.event == "comment_created"]
        assert (b'"issue":' in comment.body) == (flavour is Flavour.CLOUD)
        home.receive(comment)
        home.settle()
        assert home.shows(issue, "Eligibility") == "Not eligible"
