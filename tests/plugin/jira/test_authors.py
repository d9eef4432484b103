"""Who wrote which comment: told by Jira where it tells, asked where it has to be, and never more than that."""

from dataclasses import replace

import pytest

from plugin.contract.model import Author, Comment, Person
from plugin.jira.authors import People, comments_of, whole
from plugin.jira.client import JiraClient
from plugin.jira.read import COMMENT
from plugin.jira.reply import REPLY_PROPERTY
from plugin.sandbox import Fault, Flavour, Kind, Sandbox
from plugin.sandbox.records import Issue
from tests.plugin.jira.conftest import MIRA, PLUGIN

AGENT, NORA = "sam.okafor@vendor.example", "nora.quist@vendor.example"
JONAS, EMIL = "jonas.feld@aurora-robotics.example", "emil.sandor@brennhaus-medical.example"
NOBODY = People(ours=(), agents=(), machines=(), is_customer=lambda _: False)


@pytest.fixture
def issue(sandbox: Sandbox, raised: str) -> Issue:
    return sandbox.jira.issue(raised)


def says(sandbox: Sandbox, issue: Issue, who: str, public: bool = True, ours: bool = False) -> str:
    properties = {REPLY_PROPERTY: {"intent": "1"}} if ours else None
    return sandbox.jira.comment(issue, sandbox.site.person(who), "Hello", public, properties).id


def heard(jira: JiraClient, issue: Issue, people: People = NOBODY) -> dict[str, Author]:
    shown = whole(jira, jira.issue(issue.id, ["project", "reporter", COMMENT], []))
    found: tuple[Comment, ...] = comments_of(jira, shown, people)
    assert all(each.public for each in found)
    return {each.id: each.by for each in found}


def account(sandbox: Sandbox, email: str) -> str:
    person = sandbox.site.person(email)
    return person.account_id if sandbox.site.cloud else person.username


def test_agents_are_those_to_whom_the_project_assigns_and_notes_are_not_asked_about(
    jira: JiraClient, sandbox: Sandbox, issue: Issue
) -> None:
    agent, customer = says(sandbox, issue, AGENT), says(sandbox, issue, JONAS)
    says(sandbox, issue, AGENT, public=False)
    says(sandbox, issue, MIRA)
    assert heard(jira, issue) == {agent: Author.AGENT, customer: Author.CUSTOMER}


def test_our_own_replies_are_known_by_their_property_and_not_asked_about_twice(
    jira: JiraClient, sandbox: Sandbox, issue: Issue
) -> None:
    reply, by_hand = says(sandbox, issue, PLUGIN, ours=True), says(sandbox, issue, PLUGIN)
    assert heard(jira, issue) == {reply: Author.MACHINE, by_hand: Author.AGENT}
    assert heard(jira, issue, replace(NOBODY, ours=(reply,))) == {by_hand: Author.AGENT}


def test_what_the_mapping_files_say_of_somebody_comes_before_what_jira_allows_them(
    jira: JiraClient, sandbox: Sandbox, issue: Issue
) -> None:
    machine, contact, representative = (says(sandbox, issue, who) for who in (AGENT, NORA, EMIL))

    def is_customer(person: Person) -> bool:
        return person.account == account(sandbox, NORA)

    people = People((), (account(sandbox, EMIL),), (account(sandbox, AGENT),), is_customer)
    assert heard(jira, issue, people) == {
        machine: Author.MACHINE,
        contact: Author.CUSTOMER,
        representative: Author.AGENT,
    }


def test_where_we_may_not_ask_whoever_does_not_share_the_request_counts_as_an_agent(
    jira: JiraClient, sandbox: Sandbox, issue: Issue
) -> None:
    sandbox.faults.add(Fault(Kind.FORBIDDEN, "GET", "/user/assignable/search", 100))
    agent = says(sandbox, issue, AGENT)
    assert heard(jira, issue) == {agent: Author.AGENT}


def test_an_author_is_asked_about_once_in_ten_minutes(jira: JiraClient, sandbox: Sandbox, issue: Issue) -> None:
    for _ in range(3):
        says(sandbox, issue, AGENT)
    heard(jira, issue)
    heard(jira, issue)
    asked = [one for one in sandbox.traffic.all() if one.path.endswith("/user/assignable/search")]
    assert len(asked) == 1


def test_comments_that_did_not_fit_into_the_issue_are_fetched(jira: JiraClient, sandbox: Sandbox, issue: Issue) -> None:
    for _ in range(130):
        says(sandbox, issue, MIRA)
    seen = jira.issue(issue.id, [COMMENT], [])
    seen["fields"][COMMENT]["comments"] = seen["fields"][COMMENT]["comments"][:20]
    assert len(whole(jira, seen)["fields"][COMMENT]["comments"]) == 130


@pytest.mark.parametrize("flavour", [Flavour.DATACENTER], indirect=True)
def test_comments_of_which_data_center_does_not_say_who_sees_them_are_nobodys(
    jira: JiraClient, sandbox: Sandbox, issue: Issue
) -> None:
    says(sandbox, issue, AGENT)
    sandbox.faults.add(Fault(Kind.FORBIDDEN, "GET", "/servicedeskapi/request/"))
    assert heard(jira, issue) == {}
