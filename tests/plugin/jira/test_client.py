"""What can be asked of Jira, against both flavours of the sandbox."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from plugin.contract.model import Organization
from plugin.jira.client import JiraClient
from plugin.jira.errors import JiraGone, JiraRefused
from plugin.jira.fields import FieldMap
from plugin.jira.read import PROPERTY
from plugin.sandbox import Flavour, Sandbox
from tests.plugin.jira.conftest import MIRA, PLUGIN, ClientOf, Server, raise_request

NOW = datetime(2026, 11, 23, 11, tzinfo=UTC)
TOKEN = "ATATT3xFf-s3cret"
ServerOf = Callable[[], Server]


def calls(sandbox: Sandbox, method: str = "*", path: str = "") -> list[tuple[str, str]]:
    """What the sandbox was asked, `method` and `path` permitting."""
    return [(one.method, one.path) for one in sandbox.traffic.all() if method in ("*", one.method) and path in one.path]


# What the calls do, on both flavours.


def test_we_are_who_the_token_says(jira: JiraClient, sandbox: Sandbox) -> None:
    us = sandbox.site.person(PLUGIN)

    assert jira.myself()["accountId" if sandbox.site.cloud else "name"] in (us.account_id, us.username)


def test_the_fields_that_are_asked_for_come_with_our_property(
    jira: JiraClient, sandbox: Sandbox, fields: FieldMap, raised: str
) -> None:
    jira.edit(raised, {}, {PROPERTY: {"schema": 1}})

    issue = jira.issue(raised, ["project", fields["version"].id], [PROPERTY])

    assert issue["key"] == raised
    assert set(issue["fields"]) == {"project", fields["version"].id}
    assert issue["properties"] == {PROPERTY: {"schema": 1}}
    assert "changelog" not in issue
    # Our looks are not to fill the account's list of recently viewed requests.
    assert all(
        "updateHistory=false" in one.query
        for one in sandbox.traffic.all()
        if one.path.endswith(raised) and one.method == "GET"
    )


def test_history_is_there_only_where_it_is_asked_for(jira: JiraClient, fields: FieldMap, raised: str) -> None:
    jira.edit(raised, {fields["version"].id: "24.2"}, {})

    issue = jira.issue(raised, ["project"], [], history=True)

    assert issue["changelog"]["histories"][0]["items"][0]["toString"] == "24.2"


def test_fields_and_property_are_written_in_one_call(
    jira: JiraClient, sandbox: Sandbox, fields: FieldMap, raised: str
) -> None:
    sandbox.traffic.clear()

    jira.edit(raised, {fields["tier"].id: {"value": "Premium"}}, {PROPERTY: {"schema": 1}})

    [edit] = sandbox.traffic.all()
    assert (edit.method, edit.query) == ("PUT", "")
    assert json.loads(edit.body) == {
        "fields": {fields["tier"].id: {"value": "Premium"}},
        "properties": [{"key": PROPERTY, "value": {"schema": 1}}],
    }
    assert jira.issue(raised, [fields["tier"].id], [])["fields"][fields["tier"].id]["value"] == "Premium"


def test_a_comment_is_written_with_its_properties_and_found_again(jira: JiraClient, raised: str) -> None:
    id = jira.comment(raised, "Hello", {"a.b": {"intent": "i1"}})

    assert jira.comment_property(id, "a.b") == {"intent": "i1"}
    assert jira.comment_property(id, "other") is None
    assert jira.comment_property("999999", "a.b") is None
    assert [each["id"] for each in jira.comments(raised)] == [id]


def test_a_request_is_shared_with_somebody_as_often_as_it_is_asked_for(
    jira: JiraClient, sandbox: Sandbox, raised: str
) -> None:
    nora = sandbox.site.person("nora.quist@vendor.example")
    cloud = sandbox.site.cloud
    account = nora.account_id if cloud else nora.username
    assert jira.known_as == ("accountId" if cloud else "name")

    for _ in range(2):
        jira.add_participant(raised, account)

    issue = sandbox.jira.issue(raised)
    assert issue.values[sandbox.site.custom("sd-request-participants").id] == (nora,)
    shared = [json.loads(one.body) for one in sandbox.traffic.all() if one.path.endswith("/participant")]
    assert shared == [{"accountIds": [account]} if cloud else {"usernames": [account]}] * 2
    with pytest.raises(JiraRefused, match="User 'nobody' does not exist"):
        jira.add_participant(raised, "nobody")


def test_transitions_are_those_offered_and_one_is_taken_without_a_comment(
    jira: JiraClient, sandbox: Sandbox, raised: str
) -> None:
    [respond] = [each for each in jira.transitions(raised) if each["to"]["name"] == "Waiting for customer"]

    jira.transition(raised, respond["id"])

    assert jira.issue(raised, ["status"], [])["fields"]["status"]["name"] == "Waiting for customer"
    [taken] = [one for one in sandbox.traffic.all() if one.method == "POST" and one.path.endswith("/transitions")]
    assert json.loads(taken.body) == {"transition": {"id": respond["id"]}}


def test_the_comments_that_the_customer_sees_are_told_by_their_ids(
    jira: JiraClient, sandbox: Sandbox, raised: str
) -> None:
    issue = sandbox.jira.issue(raised)
    ids = [sandbox.jira.comment(issue, issue.reporter, str(each), public=each % 2 == 0).id for each in range(130)]

    assert jira.public_comments(raised) == set(ids[::2])


@pytest.mark.parametrize("flavour", [Flavour.CLOUD], indirect=True)
def test_the_whole_change_log_comes_page_by_page(jira: JiraClient, sandbox: Sandbox, raised: str) -> None:
    issue = sandbox.jira.issue(raised)
    for number in range(230):
        sandbox.jira.edit(issue, issue.reporter, {"summary": f"Try {number}"})

    changes = [each["items"][0]["toString"] for each in jira.changes(raised)]
    assert changes == [f"Try {number}" for number in range(230)]


def test_who_we_are_is_remembered(jira: JiraClient, sandbox: Sandbox) -> None:
    us = sandbox.site.person("support-contract@vendor.example")
    sandbox.traffic.clear()
    assert [jira.account() for _ in range(3)] == [us.account_id if sandbox.site.cloud else us.username] * 3
    assert len(sandbox.traffic.all()) == 1


@pytest.mark.parametrize("flavour", [Flavour.CLOUD], indirect=True)
def test_an_organizations_property_is_absolute_and_none_where_there_is_none(jira: JiraClient) -> None:
    assert jira.organization_property("11", "credits") is None

    jira.set_organization_property("11", "credits", {"left": 3})
    jira.set_organization_property("11", "credits", {"left": 2})

    assert jira.organization_property("11", "credits") == {"left": 2}


@pytest.mark.parametrize("flavour", [Flavour.DATACENTER], indirect=True)
def test_a_data_center_without_organization_properties_says_that_they_are_not_there(jira: JiraClient) -> None:
    assert jira.organization_property("11", "credits") is None
    with pytest.raises(JiraGone, match="no organization properties"):
        jira.set_organization_property("11", "credits", {"left": 3})


def test_a_customers_organizations_are_asked_for_on_cloud_and_remembered(jira: JiraClient, sandbox: Sandbox) -> None:
    account = sandbox.site.person(MIRA).account_id

    assert jira.organizations_of(account) == jira.organizations_of(account)

    if sandbox.site.cloud:
        assert jira.organizations_of(account) == (Organization("11", "Aurora Robotics"),)
    else:
        assert jira.organizations_of(account) == ()
    assert len(calls(sandbox, "GET", "/organization")) == (1 if sandbox.site.cloud else 0)


def test_somebody_without_organizations_is_remembered_as_well(cloud: Sandbox, client_of: ClientOf) -> None:
    jira, account = client_of(cloud), cloud.site.person(PLUGIN).account_id

    assert jira.organizations_of(account) == jira.organizations_of(account) == ()

    assert len(calls(cloud, "GET", "/organization")) == 1


def test_the_catalogue_is_remembered_for_ten_minutes_and_asked_for_afresh_once_for_each_reason(
    sandbox: Sandbox, client_of: ClientOf
) -> None:
    now = [NOW]
    jira = client_of(sandbox, clock=lambda: now[0])

    def asked(seconds: int, afresh: str | None = None) -> int:
        now[0] = NOW + timedelta(seconds=seconds)
        jira.fields(afresh)
        return len(calls(sandbox, "GET", "/field"))

    assert [asked(0), asked(599), asked(601)] == [1, 1, 2]
    assert [asked(602, "why"), asked(631, "why"), asked(633, "why")] == [3, 3, 4]
    assert [asked(634, "and why not"), asked(635, "why"), asked(636)] == [5, 5, 5]


# Pages.


def test_all_comments_come_page_by_page_newest_first_where_the_site_sorts(
    jira: JiraClient, sandbox: Sandbox, raised: str
) -> None:
    issue = sandbox.jira.issue(raised)
    for number in range(230):
        sandbox.jira.comment(issue, sandbox.site.person(MIRA), f"no. {number}", public=True)

    found = list(jira.comments(raised))

    assert len({each["id"] for each in found}) == len(found) == 230
    asked = [one.query for one in sandbox.traffic.all() if one.path.endswith("/comment")]
    assert [query.split("&")[0] for query in asked] == ["startAt=0", "startAt=100", "startAt=200"]
    assert all("orderBy=-created" in query for query in asked)


@pytest.mark.parametrize("count", [0, 1, 100, 101])
def test_a_search_finds_every_request_once_however_many_pages(jira: JiraClient, sandbox: Sandbox, count: int) -> None:
    mira, kind = sandbox.site.person(MIRA), sandbox.site.request_types["1"]
    made = [sandbox.jira.create(mira, mira, kind, {"summary": f"no. {number}"}).key for number in range(count)]

    found = list(jira.search("project = SUP AND statusCategory != Done ORDER BY key", ["status"]))

    assert [each["key"] for each in found] == made
    assert all(set(each["fields"]) == {"status"} for each in found)
    path = "/rest/api/2/search/jql" if sandbox.site.cloud else "/rest/api/2/search"
    assert calls(sandbox, "GET", "/search") == [("GET", path)] * (2 if count == 101 else 1)


@pytest.mark.parametrize("flavour", [Flavour.CLOUD], indirect=True)
def test_many_issues_come_with_one_call_and_their_properties(jira: JiraClient, sandbox: Sandbox) -> None:
    first, second = raise_request(sandbox), raise_request(sandbox)
    jira.edit(second, {}, {PROPERTY: {"of": "ours"}})
    ids = [jira.issue(key, ["summary"], [])["id"] for key in (first, second)]
    sandbox.traffic.clear()

    found = jira.issues([*reversed(ids), "999"], ["summary"], [PROPERTY])

    assert [(each["key"], each["properties"]) for each in found] == [(first, {}), (second, {PROPERTY: {"of": "ours"}})]
    assert len(sandbox.traffic.all()) == 1


def test_a_request_that_is_not_there_is_gone(jira: JiraClient) -> None:
    for call in (
        lambda: jira.issue("SUP-404", ["status"], []),
        lambda: jira.edit("SUP-404", {}, {}),
        lambda: jira.comment("SUP-404", "Hello", {}),
        lambda: list(jira.comments("SUP-404")),
        lambda: jira.transitions("SUP-404"),
    ):
        with pytest.raises(JiraGone, match="404"):
            call()


def test_what_goes_into_a_path_stays_in_its_part(servers: ServerOf) -> None:
    server = servers()
    server.answers = [(200, {}, b'{"value": 1, "transitions": [], "id": "7"}')] * 7
    jira = JiraClient(server.url + "/jira/", None, TOKEN, "datacenter")
    bad = "../a b?c=d#e/ü"
    quoted = "..%2Fa%20b%3Fc%3Dd%23e%2F%C3%BC"

    jira.issue(bad, [], [])
    jira.edit(bad, {}, {})
    jira.comment(bad, "x", {})
    jira.transitions(bad)
    jira.transition(bad, "11")
    jira.comment_property(bad, bad)
    jira.organization_property(bad, bad)
    jira.close()

    assert [path.partition("?")[0] for _, path, _ in server.got] == [
        f"/jira/rest/api/2/issue/{quoted}",
        f"/jira/rest/api/2/issue/{quoted}",
        f"/jira/rest/api/2/issue/{quoted}/comment",
        f"/jira/rest/api/2/issue/{quoted}/transitions",
        f"/jira/rest/api/2/issue/{quoted}/transitions",
        f"/jira/rest/api/2/comment/{quoted}/properties/{quoted}",
        f"/jira/rest/servicedeskapi/organization/{quoted}/property/{quoted}",
    ]
