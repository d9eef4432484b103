"""`atlassian-python-api` drives the sandbox as it would a Jira, on the platform's side and on the service desk's."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from atlassian import Jira, ServiceDesk
from atlassian.jira import JiraCloud, JiraServiceManagement

from plugin.sandbox import Guise, Sandbox
from tests.clients.conftest import AGENT, INES, MIRA, NORA, known_as


def access(sandbox: Sandbox, email: str) -> dict[str, Any]:
    """Cloud takes address and API token, Data Center a personal access token."""
    person = sandbox.site.person(email)
    if sandbox.site.cloud:
        return {"url": sandbox.url, "username": person.email, "password": person.token, "cloud": True}
    return {"url": sandbox.url, "token": person.token}


def people(sandbox: Sandbox, email: str) -> dict[str, list[str]]:
    return {"account_list" if sandbox.site.cloud else "users_list": [known_as(sandbox, email)]}


def names(page: Any) -> list[str]:
    return [each["displayName"] for each in page["values"]]


@pytest.fixture
def jira(sandbox: Sandbox) -> Iterator[Jira]:
    with Jira(**access(sandbox, AGENT)) as connected:
        yield connected


@pytest.fixture
def desk(sandbox: Sandbox) -> Iterator[ServiceDesk]:
    with ServiceDesk(**access(sandbox, AGENT)) as connected:
        yield connected


@pytest.fixture
def raised(sandbox: Sandbox, desk: ServiceDesk) -> str:
    """The key of a request that the agent raised for Mira."""
    values = {"summary": "The arm stops", sandbox.site.field("Product version").id: "26.2"}
    answer = desk.create_customer_request("1", "1", values, raise_on_behalf_of=known_as(sandbox, MIRA))
    return str(answer["issueKey"])


def test_it_finds_its_way_about(sandbox: Sandbox, jira: Jira, desk: ServiceDesk) -> None:
    assert jira.myself()["displayName"] == "Sam Okafor"
    assert {each["name"] for each in jira.get_all_fields()} >= {"Organizations", "Support tier"}
    assert [each["key"] for each in jira.projects()] == ["SUP"]
    assert desk.get_info()["isLicensedForUse"]
    assert [each["projectKey"] for each in desk.get_service_desks()] == ["SUP"]
    assert desk.get_service_desk_by_id("1")["projectName"] == "Support"
    assert len(desk.get_request_types("1")["values"]) == len(sandbox.site.request_types)
    assert desk.get_request_type("1", "1")["name"] == "Report a fault"
    asked = {each["name"] for each in desk.get_request_type_fields("1", "1")["requestTypeFields"]}
    assert asked >= {"Summary", "Product version"}


def test_it_raises_reads_finds_and_edits_a_request(
    sandbox: Sandbox, jira: Jira, desk: ServiceDesk, raised: str
) -> None:
    tier, version = sandbox.site.field("Support tier").id, sandbox.site.field("Product version").id
    request = desk.get_customer_request(raised)
    assert (request["reporter"]["displayName"], request["requestTypeId"]) == ("Mira Castellan", "1")
    assert raised in {each["issueKey"] for each in desk.get_my_customer_requests()}

    jira.update_issue_field(raised, {tier: {"value": "Premium"}})
    jira.edit_issue(raised, {"summary": [{"set": "The arm stops again"}]})

    fields = jira.issue(raised)["fields"]
    assert (fields[tier]["value"], fields[version], fields["summary"]) == ("Premium", "26.2", "The arm stops again")
    query = "project = SUP AND statusCategory != Done"
    found = jira.enhanced_jql(query) if sandbox.site.cloud else jira.jql(query)
    assert [each["key"] for each in found["issues"]] == [raised]
    made = jira.issue_create(
        {"project": {"key": "SUP"}, "issuetype": {"name": "Service request"}, "summary": "By hand"}
    )
    assert jira.issue_exists(made["key"])
    jira.delete_issue(made["key"])
    assert not jira.issue_exists(made["key"])


def test_it_comments_in_public_and_between_agents(jira: Jira, desk: ServiceDesk, raised: str) -> None:
    public = desk.create_request_comment(raised, "We look into it.", public=True)
    internal = desk.create_request_comment(raised, "A known fault.", public=False)
    jira.issue_add_comment(raised, "Mended in 26.2.")

    assert [each["public"] for each in desk.get_request_comments(raised)] == [True, False, True]
    assert [each["id"] for each in desk.get_request_comments(raised, public=False)] == [internal["id"]]
    assert desk.get_request_comment_by_id(raised, public["id"])["body"] == "We look into it."
    assert jira.issue_get_comments(raised)["total"] == 3


def test_it_moves_a_request_on(jira: Jira, desk: ServiceDesk, raised: str) -> None:
    offered = {each["name"]: each["id"] for each in desk.get_customer_transitions(raised)["values"]}

    desk.perform_transition(raised, offered["Start work"], "We are on it.")
    jira.set_issue_status(raised, "Waiting for customer")

    assert jira.get_issue_status(raised) == "Waiting for customer"
    assert desk.get_customer_request_status(raised) == "Waiting for customer"
    assert [each["body"] for each in desk.get_request_comments(raised)] == ["We are on it."]


def test_it_shares_a_request(sandbox: Sandbox, desk: ServiceDesk, raised: str) -> None:
    assert names(desk.add_request_participants(raised, **people(sandbox, NORA))) == ["Nora Quist"]
    assert [each["displayName"] for each in desk.get_request_participants(raised)] == ["Nora Quist"]
    assert names(desk.remove_request_participants(raised, **people(sandbox, NORA))) == []


def test_it_looks_after_organizations(sandbox: Sandbox, desk: ServiceDesk) -> None:
    assert names(desk.get_users_in_organization(11))[0] == "Mira Castellan"
    id = int(desk.create_organization("Ember Grid")["id"])
    desk.add_organization(1, id)
    desk.add_users_to_organization(id, **people(sandbox, NORA))

    assert desk.get_organization(id)["name"] == "Ember Grid"
    assert "Ember Grid" in {each["name"] for each in desk.get_organisations()["values"]}
    assert "Ember Grid" in {each["name"] for each in desk.get_organisations("1")["values"]}
    assert names(desk.get_users_in_organization(id)) == ["Nora Quist"]
    if sandbox.site.cloud:
        with JiraServiceManagement(**access(sandbox, AGENT)) as cloud:
            of_nora = cloud.get_organizations_organization_get(account_id=known_as(sandbox, NORA))
            assert [each["name"] for each in of_nora["values"]] == ["Ember Grid"]
            cloud.set_property_organization_organization_id_property_property_key_put(id, "tier", data={"is": "Basic"})
            [kept] = cloud.get_properties_keys_organization_organization_id_property_get(id)["keys"]
            property_of = cloud.get_property_organization_organization_id_property_property_key_get
            assert (kept["key"], property_of(id, "tier")["value"]) == ("tier", {"is": "Basic"})
    desk.remove_users_from_organization(id, **people(sandbox, NORA))
    desk.remove_organization(1, id)
    assert names(desk.get_users_in_organization(id)) == []
    assert "Ember Grid" not in {each["name"] for each in desk.get_organisations("1")["values"]}
    desk.delete_organization(id)
    assert "Ember Grid" not in {each["name"] for each in desk.get_organisations()["values"]}


def test_it_reads_how_long_an_answer_may_take(sandbox: Sandbox, jira: Jira, desk: ServiceDesk, raised: str) -> None:
    tier, severity = sandbox.site.field("Support tier").id, sandbox.site.field("Ruled severity").id
    jira.update_issue_field(raised, {tier: {"value": "Premium"}, severity: {"value": "Severity 1"}})

    [running] = desk.get_sla(raised)

    assert running["name"] == "Time to first response"
    assert running["ongoingCycle"]["goalDuration"]["millis"] == 8 * 3_600_000
    assert not running["ongoingCycle"]["breached"]
    desk.create_request_comment(raised, "We look into it.", public=True)
    [stopped] = desk.get_sla(raised)
    assert (len(stopped["completedCycles"]), "ongoingCycle" in stopped) == (1, False)


def test_it_sees_the_queues_and_the_customers(desk: ServiceDesk, raised: str) -> None:
    queues = {each["name"]: each for each in desk.get_queues(1, include_count=True)["values"]}
    queue = queues["Open requests"]

    assert queue["issueCount"] == 1
    assert [each["key"] for each in desk.get_issues_in_queue(1, queue["id"])["values"]] == [raised]
    assert names(desk.get_customers(1, query="mira")) == ["Mira Castellan"]


def test_it_keeps_watchers_and_files(
    sandbox: Sandbox, jira: Jira, desk: ServiceDesk, raised: str, tmp_path: Path
) -> None:
    nora = known_as(sandbox, NORA)
    jira.issue_add_watcher(raised, nora)
    assert jira.issue_get_watchers(raised)["watchCount"] == 1
    jira.issue_delete_watcher(raised, **{"account_id" if sandbox.site.cloud else "user": nora})
    assert jira.issue_get_watchers(raised)["watchCount"] == 0

    trace = tmp_path / "trace.log"
    trace.write_text("12:00 stopped")
    desk.create_attachment("1", raised, str(trace), comment="What it wrote")
    jira.add_attachment(raised, str(trace))
    assert [each["filename"] for each in jira.get_attachments_ids_from_issue(raised)] == ["trace.log"] * 2
    assert "What it wrote" in desk.get_request_comments(raised)[0]["body"]


def test_it_registers_a_webhook_where_this_jira_has_them(sandbox: Sandbox) -> None:
    new = sandbox.site.guise is Guise.DATACENTER_10
    path = "rest/jira-webhook/1.0/webhooks" if new else "rest/webhooks/1.0/webhook"
    hook = {"name": "ours", "url": "https://plugin.example/webhooks/jira", "events": ["jira:issue_created"]}
    with Jira(**access(sandbox, INES)) as jira:
        id = jira.post(path, data=hook).get("id") or jira.get(path)[0]["self"].rpartition("/")[2]
        assert [each["name"] for each in jira.get(path)] == ["ours"]
        jira.delete(f"{path}/{id}")
        assert jira.get(path) == []


def test_it_understands_why_it_is_refused(sandbox: Sandbox, jira: Jira, desk: ServiceDesk, raised: str) -> None:
    def refusal(call: Callable[[], object]) -> tuple[int, str]:
        with pytest.raises(requests.HTTPError) as told:
            call()
        return told.value.response.status_code, str(told.value)

    missing = refusal(lambda: jira.issue("SUP-99"))
    assert (missing[0], missing[1].lower()[:20]) == (404, "issue does not exist")
    assert refusal(lambda: desk.get_customer_request("SUP-99"))[0] == 404
    wrong = refusal(lambda: jira.update_issue_field(raised, {"customfield_1": 1}))
    assert (wrong[0], "customfield_1" in wrong[1]) == (400, True)
    with Jira(**access(sandbox, MIRA)) as customer:
        forbidden = refusal(lambda: customer.issue(raised))
    assert (forbidden[0], "permission" in forbidden[1]) == (403, True)
    sandbox.revoke(AGENT)
    assert refusal(jira.myself) == (401, "Client must be authenticated to access this resource.")


def test_the_client_for_cloud_searches_in_version_3(sandbox: Sandbox, raised: str) -> None:
    if sandbox.site.cloud:
        with JiraCloud(**access(sandbox, AGENT), api_version=3) as cloud:
            [found] = cloud.enhanced_jql("project = SUP")["issues"]
            assert found["key"] == raised
