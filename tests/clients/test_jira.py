"""The python `jira` client drives the sandbox as it would a Jira."""

import io
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from jira import JIRA, Issue, JIRAError

from plugin.sandbox import Guise, Sandbox
from tests.clients.conftest import AGENT, INES, MIRA, NORA, known_as


def client(sandbox: Sandbox, email: str) -> JIRA:
    """Cloud takes address and API token, Data Center a personal access token."""
    person = sandbox.site.person(email)
    if sandbox.site.cloud:
        return JIRA(sandbox.url, basic_auth=(person.email, person.token), max_retries=0)
    return JIRA(sandbox.url, token_auth=person.token, max_retries=0)


@pytest.fixture
def jira(sandbox: Sandbox) -> Iterator[JIRA]:
    with closing(client(sandbox, AGENT)) as connected:
        yield connected


@pytest.fixture
def raised(sandbox: Sandbox, jira: JIRA) -> Issue:
    """A request that the agent raised for Mira."""
    version = sandbox.site.field("Product version").id
    return jira.create_customer_request(
        {
            "serviceDeskId": "1",
            "requestTypeId": "Report a fault",
            "requestFieldValues": {"summary": "The arm stops", version: "26.2"},
            "raiseOnBehalfOf": known_as(sandbox, MIRA),
        }
    )


def search(sandbox: Sandbox, jira: JIRA, jql: str) -> list[str]:
    found: Any = jira.enhanced_search_issues(jql) if sandbox.site.cloud else jira.search_issues(jql)
    return [each.key for each in found]


def test_it_learns_where_it_is_and_who_it_is(sandbox: Sandbox, jira: JIRA) -> None:
    assert jira.server_info()["deploymentType"] == ("Cloud" if sandbox.site.cloud else "Server")
    assert jira._version == sandbox.site.guise.version
    assert jira.myself()["displayName"] == "Sam Okafor"
    assert jira.current_user() == known_as(sandbox, AGENT)
    assert {each["name"] for each in jira.fields()} >= {"Organizations", "Support tier"}
    assert jira.my_permissions(permissions="EDIT_ISSUES")["permissions"]["EDIT_ISSUES"]["havePermission"]


def test_it_finds_what_there_is_to_choose_from(jira: JIRA) -> None:
    [desk] = jira.service_desks()
    assert "Report a fault" in {each.name for each in jira.request_types(desk)}
    assert [each.key for each in jira.projects()] == ["SUP"]
    assert [each.name for each in jira.issue_types()] == ["Service request"]
    assert "Waiting for customer" in {each.name for each in jira.statuses()}
    assert "High" in {each.name for each in jira.priorities()}
    assert "Done" in {each.name for each in jira.resolutions()}


def test_it_raises_reads_finds_and_edits_a_request(sandbox: Sandbox, jira: JIRA, raised: Issue) -> None:
    site = sandbox.site
    tier = site.field("Support tier").id
    assert raised.fields.reporter.displayName == "Mira Castellan"
    assert raised.get_field(site.custom("vp-origin").id).requestType.name == "Report a fault"

    raised.update(fields={tier: {"value": "Premium"}})
    raised.update(summary="The arm stops again")
    raised.add_field_value("labels", "arm")

    again = jira.issue(raised.key, expand="changelog")
    assert (again.get_field(tier).value, again.fields.summary) == ("Premium", "The arm stops again")
    assert again.fields.labels == ["arm"]
    assert {item.field for each in again.changelog.histories for item in each.items} >= {"Support tier", "summary"}
    assert search(sandbox, jira, f"project = SUP AND key = {raised.key}") == [raised.key]
    assert search(sandbox, jira, "project = SUP AND statusCategory != Done") == [raised.key]
    raised.delete()
    assert search(sandbox, jira, "project = SUP") == []


def test_it_creates_an_issue_that_is_no_request(sandbox: Sandbox, jira: JIRA) -> None:
    version = sandbox.site.field("Product version").id

    issue = jira.create_issue(project="SUP", issuetype="Service request", summary="By hand", **{version: "26.1"})

    assert (issue.fields.summary, issue.get_field(version)) == ("By hand", "26.1")
    assert issue.get_field(sandbox.site.custom("vp-origin").id) is None
    assert jira.editmeta(issue.key)["fields"]["summary"]["required"]


def test_it_comments_in_public_and_between_agents(sandbox: Sandbox, jira: JIRA, raised: Issue) -> None:
    public = jira.add_comment(raised.key, "We look into it.")
    internal = jira.add_comment(raised.key, "A known fault.", is_internal=True)

    assert [each.body for each in jira.comments(raised)] == ["We look into it.", "A known fault."]
    assert {one.id: one.public for one in sandbox.jira.issue(raised.key).comments} == {
        public.id: True,
        internal.id: False,
    }
    internal.update(body="A fault known since May.")
    assert jira.comment(raised.key, internal.id).body == "A fault known since May."
    internal.delete()
    assert [each.id for each in jira.comments(raised)] == [public.id]


def test_it_moves_a_request_on(jira: JIRA, raised: Issue) -> None:
    assert {each["name"] for each in jira.transitions(raised)} >= {"Start work", "Resolve this issue"}

    jira.transition_issue(raised, "Start work")
    jira.transition_issue(raised, "Resolve this issue", fields={"resolution": {"name": "Done"}})

    done = jira.issue(raised.key)
    assert (done.fields.status.name, done.fields.resolution.name) == ("Resolved", "Done")


def test_it_keeps_properties_watchers_and_files(sandbox: Sandbox, jira: JIRA, raised: Issue) -> None:
    jira.add_issue_property(raised.key, "seen", {"times": 1})
    assert jira.issue_property(raised.key, "seen").value.times == 1
    assert [each.key for each in jira.issue_properties(raised.key)] == ["seen"]

    jira.add_watcher(raised, known_as(sandbox, NORA))
    assert [each.displayName for each in jira.watchers(raised).watchers] == ["Nora Quist"]
    jira.remove_watcher(raised, known_as(sandbox, NORA))
    assert jira.watchers(raised).watchCount == 0

    attached = jira.add_attachment(raised, io.BytesIO(b"12:00 stopped"), filename="trace.log")
    [shown] = jira.issue(raised.key).fields.attachment
    assert (shown.filename, shown.size, jira.attachment(attached.id).get()) == ("trace.log", 13, b"12:00 stopped")


def test_it_registers_a_webhook_as_an_administrator(sandbox: Sandbox) -> None:
    with closing(client(sandbox, INES)) as jira:
        new = sandbox.site.guise is Guise.DATACENTER_10
        url = f"{sandbox.url}/rest/{'jira-webhook/1.0/webhooks' if new else 'webhooks/1.0/webhook'}"
        hook = {"name": "ours", "url": "https://plugin.example/webhooks/jira", "events": ["jira:issue_created"]}
        assert jira._session.post(url, json=hook).status_code == 201
        assert [each["name"] for each in jira._session.get(url).json()] == ["ours"]


def test_it_understands_why_it_is_refused(sandbox: Sandbox, jira: JIRA, raised: Issue) -> None:
    def refusal(call: Any) -> JIRAError:
        with pytest.raises(JIRAError) as told:
            call()
        return told.value

    missing = refusal(lambda: jira.issue("SUP-99"))
    assert missing.status_code == 404
    assert "issue does not exist" in missing.text.lower()
    wrong = refusal(lambda: raised.update(fields={"customfield_1": 1}))
    assert (wrong.status_code, wrong.text.partition("'")[2][:14]) == (400, "customfield_1'")
    assert refusal(lambda: jira.transition_issue(raised, "99")).status_code == 400
    with closing(client(sandbox, MIRA)) as customer:
        forbidden = refusal(lambda: customer.issue(raised.key))
    assert (forbidden.status_code, "permission" in forbidden.text) == (403, True)
    sandbox.revoke(AGENT)
    assert refusal(jira.myself).status_code == 401
