"""The road as it runs for a customer: sandbox, receiver and worker as processes of their own, over HTTP."""

from collections.abc import Mapping
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import requests

from plugin.contract.books import matter_of
from plugin.contract.grants import CREDIT
from plugin.contract.ledger import Account
from plugin.demo import STORIES, Story
from plugin.jira.read import PROPERTY
from plugin.jira.reply import REPLY_PROPERTY
from plugin.store import Store, ledger, open_store
from plugin.store.census import open_doors
from tests.openapi import validate_traffic
from tests.road.clauses import CREDITS, Verdict, due, to_the_minute, verdict
from tests.road.house import ACCOUNT, AGENT, BOARD, shipped
from tests.road.processes import MAPPINGS, running, wait_until
from tests.wire.documents import FOLDER

SECRET = "road"
LINES = ["24.2", "25.1", "25.2", "26.1", "26.2"]
RULED = ("Support tier", "Ruled severity", "Response due", "Eligibility", "Eligibility reason")
WRITTEN = (*RULED, "Credits charged", "Credits left")
CHARGED = {"aurora-robotics": 1, "brennhaus-medical": 1}
"""What each customer's requests of the demo cost together."""
COMPANY = {"aurora-robotics": 11, "brennhaus-medical": 12, "cobalt-rail": 13, "delta-foundry": 14}


class Site:
    """The sandbox as people reach it, over HTTP."""

    def __init__(self, url: str) -> None:
        self.url = url
        site = requests.get(f"{url}/sandbox/site", timeout=10).json()
        self.tokens: dict[str, str] = {person["email"]: person["token"] for person in site["people"]}
        self.fields: dict[str, str] = site["fields"]

    def get(self, path: str) -> Any:
        answer = requests.get(self.url + path, auth=(AGENT, self.tokens[AGENT]), timeout=10)
        assert answer.ok, answer.text
        return answer.json()

    def raised(self, who: str, type: str, values: Mapping[str, Any]) -> str:
        auth, desk = (who, self.tokens[who]), f"{self.url}/rest/servicedeskapi"
        types = requests.get(f"{desk}/servicedesk/1/requesttype", auth=auth, timeout=10).json()["values"]
        body = {
            "serviceDeskId": "1",
            "requestTypeId": next(each["id"] for each in types if each["name"] == type),
            "requestFieldValues": {self.fields.get(name, name): value for name, value in values.items()},
        }
        answer = requests.post(f"{desk}/request", json=body, auth=auth, timeout=10)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["issueKey"])

    def issue(self, key: str) -> dict[str, Any]:
        issue: dict[str, Any] = self.get(f"/rest/api/2/issue/{key}?properties={PROPERTY}")
        return issue

    def shows(self, issue: Mapping[str, Any], name: str) -> Any:
        value = issue["fields"][self.fields[name]]
        return value["value"] if isinstance(value, dict) else value


def test_six_requests_of_the_demo_end_as_the_contract_says(tmp_path: Path, postgres_url: str) -> None:
    with ExitStack() as stack:
        site = Site(stack.enter_context(running(tmp_path, "sandbox", ["sandbox", "--port", "0"], {})).url)
        environment = {
            "JIRA_URL": site.url,
            "JIRA_EMAIL": ACCOUNT,
            "JIRA_TOKEN": site.tokens[ACCOUNT],
            "JIRA_FLAVOUR": "cloud",
            "WEBHOOK_SECRETS": SECRET,
            "DATABASE_URL": postgres_url,
            "MAPPINGS_DIR": str(MAPPINGS),
            "PORT": "0",
        }
        serve = stack.enter_context(running(tmp_path, "serve", ["serve"], environment))
        stack.enter_context(running(tmp_path, "worker", ["worker"], environment))
        # Everything three times and not in its order.
        hook = {"url": f"{serve.url}/webhooks/jira", "secret": SECRET, "copies": 3, "shuffle_seconds": 0.2}
        requests.post(f"{site.url}/sandbox/webhooks", json=hook, timeout=10).raise_for_status()
        raised = {story.shows: _raise(site, story) for story in STORIES}
        store = open_store(postgres_url)
        stack.callback(store.close)
        wait_until(lambda: _all_done(site, store, list(raised.values())), "six requests to be done")
        for story in STORIES:
            _is_as_the_contract_says(site, store, story, raised[story.shows])
        for customer, organization in COMPANY.items():
            _balance_is_shown(site, store, customer, organization)
        traffic = requests.get(f"{site.url}/sandbox/traffic", timeout=10).json()
        ours = [one for one in traffic if one["who"] == ACCOUNT]
        edits = [one for one in ours if one["method"] == "PUT" and one["path"].rpartition("/")[0].endswith("/issue")]
        assert len(edits) == len(STORIES), "one edit for each request"
        if FOLDER.is_dir():
            assert validate_traffic(ours) == len(ours)


def _said(story: Story) -> str:
    return story.version if isinstance(story.version, str) else LINES[story.version]


def _email(site: Site, story: Story) -> str:
    return next(email for email in site.tokens if email.startswith(f"{story.who}@"))


def _raise(site: Site, story: Story) -> str:
    values = {
        "summary": story.summary,
        "Product": {"value": "expecco"},
        "Product version": _said(story),
        "Usage environment": {"value": story.environment},
        "Business impact": {"value": story.impact},
    }
    return site.raised(_email(site, story), story.type, values)


def _all_done(site: Site, store: Store, keys: list[str]) -> bool:
    webhooks = requests.get(f"{site.url}/sandbox/webhooks", timeout=10).json()
    with store.reading() as tx:
        waiting = open_doors(tx)
    return not waiting and not webhooks["pending"] and all(PROPERTY in site.issue(key)["properties"] for key in keys)


def _is_as_the_contract_says(site: Site, store: Store, story: Story, key: str) -> None:
    issue, email = site.issue(key), _email(site, story)
    raised = datetime.fromisoformat(issue["fields"]["created"])
    customer = email.partition("@")[2].partition(".")[0]
    said = verdict(email, customer, story.type, _said(story), story.environment, story.impact, raised.date())
    shows = {name: site.shows(issue, name) for name in WRITTEN}
    assert (shows["Support tier"], shows["Ruled severity"]) == (said.tier, said.severity), story.shows
    assert (shows["Eligibility"], shows["Credits charged"]) == (said.eligibility, said.charged), story.shows
    # A reading of the moment: the customer's other request may have been worked before this one, or after it.
    granted = CREDITS.get(customer)
    left = {None} if granted is None else {granted - said.charged, granted - CHARGED.get(customer, 0)}
    assert shows["Credits left"] in left, story.shows
    wanted = due(raised, said.hours) if said.hours else None
    shown = datetime.fromisoformat(shows["Response due"]) if shows["Response due"] else None
    assert to_the_minute(shown) == to_the_minute(wanted), story.shows
    for reason in said.told:
        assert reason.split()[-1] in shows["Eligibility reason"] or reason == "contact"
    assert (shows["Eligibility reason"] == "All conditions of the support contract are met.") == (
        said.eligibility == "Eligible"
    )
    _property_says_the_same(issue, said, customer)
    _reply_is_there_once(site, issue, said)
    assert issue["fields"]["status"]["name"] == ("Waiting for customer" if said.told else "Waiting for support")
    with store.reading() as tx:
        held = {each: ledger.held(tx, each, matter_of(issue["id"])) for each in COMPANY}
    consumed = {
        who: sum(units for (_, at), units in places.items() if at is Account.CONSUMED) for who, places in held.items()
    }
    assert {who: units for who, units in consumed.items() if units} == (
        {customer: said.charged} if said.charged else {}
    )
    assert all(sum(places.values()) == 0 for places in held.values())


def _property_says_the_same(issue: Mapping[str, Any], said: Verdict, customer: str) -> None:
    own = issue["properties"][PROPERTY]
    assert own["revision"] == shipped().policy.revision
    assert own["customer"] == customer
    assert own["eligibility"] == said.eligibility.casefold()
    assert sum(own["charged"].values()) == said.charged
    assert own["waited"] is bool(said.told)


def _reply_is_there_once(site: Site, issue: Mapping[str, Any], said: Verdict) -> None:
    comments = site.get(f"/rest/api/2/issue/{issue['id']}/comment")["comments"]
    for comment in comments:
        assert comment["author"]["emailAddress"] == ACCOUNT
        assert site.get(f"/rest/api/2/comment/{comment['id']}/properties/{REPLY_PROPERTY}")["value"]["intent"]
    replies = [comment["body"].replace("\\", "") for comment in comments if comment["jsdPublic"]]
    assert len(replies) == (1 if said.told else 0)
    for text in replies:
        assert all(word in text.casefold() for word in said.told), text
    # One note for agents, whatever is told to the customer.
    assert len(comments) == len(replies) + 1


def _balance_is_shown(site: Site, store: Store, customer: str, organization: int) -> None:
    with store.reading() as tx:
        places = ledger.places(tx, customer, CREDIT)
    available = sum(units for (_, at), units in places.items() if at is Account.AVAILABLE)
    board = site.get(f"/rest/servicedeskapi/organization/{organization}/property/{BOARD}")["value"]
    charged = CHARGED.get(customer, 0)
    assert board["available"] == available == CREDITS.get(customer, 0) - charged
    assert board["consumed"] == charged
    assert sum(places.values()) == 0


@pytest.fixture(autouse=True)
def _posix_locale(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing that is shown may depend on the language of the machine."""
    monkeypatch.setenv("LC_ALL", "C")
