"""JSM's own REST API: the portal and the organizations."""

from collections.abc import Callable

import pytest

from plugin.sandbox import Sandbox
from tests.plugin.sandbox.conftest import MIRA, Caller

DESK = "/rest/servicedeskapi"
JONAS = "jonas.feld@aurora-robotics.example"


def test_the_portal_tells_its_request_types_and_fields(mira: Caller) -> None:
    (desk,) = mira("GET", f"{DESK}/servicedesk").json()["values"]
    assert desk == mira("GET", f"{DESK}/servicedesk/1").json()
    assert desk["projectKey"] == "SUP"
    types = mira("GET", f"{DESK}/servicedesk/1/requesttype").json()
    assert types["values"][0]["name"] == "Report a fault"
    assert types["size"] == 6
    told = mira("GET", f"{DESK}/servicedesk/1/requesttype/1/field").json()
    fields = {one["name"]: one for one in told["requestTypeFields"]}
    assert fields["Summary"]["required"]
    assert [one["label"] for one in fields["Usage environment"]["validValues"]] == [
        "Production",
        "Test",
        "Implementation",
    ]
    assert "Support tier" not in fields
    assert mira("GET", f"{DESK}/servicedesk/1/requesttype/9/field").status_code == 404


def test_lists_are_paged(mira: Caller) -> None:
    page = mira("GET", f"{DESK}/servicedesk/1/requesttype?start=2&limit=3").json()

    assert [one["id"] for one in page["values"]] == ["3", "4", "5"]
    assert (page["size"], page["start"], page["limit"], page["isLastPage"]) == (3, 2, 3, False)
    last = mira("GET", page["_links"]["next"].removeprefix(mira.sandbox.url)).json()
    assert ([one["id"] for one in last["values"]], last["isLastPage"]) == (["6"], True)


def test_a_raised_request_is_told_back_with_what_was_filled_in(mira: Caller, raised: str) -> None:
    told = mira("GET", f"{DESK}/request/{raised}").json()

    assert told["reporter"]["emailAddress"] == MIRA
    assert told["currentStatus"]["status"] == "Waiting for support"
    values = {one["label"]: one["value"] for one in told["requestFieldValues"]}
    assert values["Product"]["value"] == "expecco"
    assert values["Product version"] == "25.1"
    assert told["createdDate"]["jira"].endswith("+0000")


def test_a_customer_sees_and_answers_their_own_requests_only(
    mira: Caller, raised: str, calling: Callable[[str], Caller], plugin: Caller
) -> None:
    jonas = calling(JONAS)

    assert jonas("GET", f"{DESK}/request/{raised}").status_code == 404
    assert jonas("GET", f"{DESK}/request/{raised}/comment").status_code == 404
    comment = {"body": "Hello", "public": True}
    assert jonas("POST", f"{DESK}/request/{raised}/comment", json=comment).status_code == 404
    assert jonas("GET", f"{DESK}/request").json()["values"] == []
    assert [one["issueKey"] for one in mira("GET", f"{DESK}/request").json()["values"]] == [raised]
    assert [one["issueKey"] for one in plugin("GET", f"{DESK}/request").json()["values"]] == [raised]


def test_only_an_agent_may_raise_on_behalf_of_somebody(sandbox: Sandbox, mira: Caller, plugin: Caller) -> None:
    jonas = sandbox.site.person(JONAS)
    body = {
        "serviceDeskId": "1",
        "requestTypeId": "2",
        "requestFieldValues": {"summary": "By phone"},
        "raiseOnBehalfOf": jonas.account_id if sandbox.site.cloud else jonas.username,
    }

    assert mira("POST", f"{DESK}/request", json=body).status_code == 403
    assert plugin("POST", f"{DESK}/request", json={**body, "raiseOnBehalfOf": "x"}).status_code == 400
    told = plugin("POST", f"{DESK}/request", json=body).json()
    assert told["reporter"]["emailAddress"] == JONAS
    issue = sandbox.jira.issue(told["issueKey"])
    assert (issue.creator.name, issue.values[sandbox.site.field("Organizations").id]) == ("Support Contract", (11,))


def test_a_request_with_a_wrong_field_is_refused_in_jsms_shape(mira: Caller) -> None:
    tier = mira.sandbox.site.field("Support tier").id
    body = {"serviceDeskId": "1", "requestTypeId": "1", "requestFieldValues": {tier: {"value": "Premium"}}}

    answer = mira("POST", f"{DESK}/request", json=body)
    assert answer.status_code == 400
    assert f"{tier}: Field '{tier}' cannot be set." in answer.json()["errorMessage"]
    assert "summary: You must specify a summary of the issue." in answer.json()["errorMessage"]
    assert mira("POST", f"{DESK}/request", json={**body, "serviceDeskId": 1}).status_code == 404
    assert mira("POST", f"{DESK}/request", json={**body, "requestTypeId": "9"}).status_code == 404


def test_agents_comment_in_public_or_not_and_customers_always_in_public(
    mira: Caller, plugin: Caller, raised: str
) -> None:
    path = f"{DESK}/request/{raised}/comment"

    assert plugin("POST", path, json={"body": "inside", "public": False}).json()["public"] is False
    assert plugin("POST", path, json={"body": "outside", "public": True}).status_code == 201
    assert mira("POST", path, json={"body": "answer", "public": True}).status_code == 201
    assert mira("POST", path, json={"body": "answer", "public": False}).status_code == 403
    assert mira("POST", path, json={"body": "answer"}).status_code == 400
    assert [one["body"] for one in mira("GET", path).json()["values"]] == ["outside", "answer"]
    assert [one["body"] for one in plugin("GET", path).json()["values"]] == ["inside", "outside", "answer"]


def test_organizations_are_for_agents_and_on_cloud_found_by_account(
    sandbox: Sandbox, mira: Caller, plugin: Caller
) -> None:
    assert mira("GET", f"{DESK}/organization").status_code == 403
    assert plugin("GET", f"{DESK}/organization").json()["size"] == 4
    account = sandbox.site.person(MIRA).account_id
    found = plugin("GET", f"{DESK}/organization", params={"accountId": account}).json()["values"]
    if sandbox.site.cloud:
        assert [(one["id"], one["name"]) for one in found] == [("11", "Aurora Robotics")]
        assert plugin("GET", f"{DESK}/organization?accountId=x").status_code == 400
    else:
        assert len(found) == 4


def test_organization_properties_are_clouds(sandbox: Sandbox, plugin: Caller) -> None:
    path = f"{DESK}/organization/11/property/board"

    if not sandbox.site.cloud:
        assert plugin("PUT", path, json={"left": 1}).status_code == 404
        return
    assert plugin("GET", path).status_code == 404
    assert plugin("PUT", path, json={"left": 1}).status_code == 201
    assert plugin("PUT", path, json={"left": 2}).status_code == 200
    assert plugin("GET", path).json() == {"key": "board", "value": {"left": 2}}
    assert plugin("PUT", f"{DESK}/organization/99/property/board", json=1).status_code == 404
    assert plugin("DELETE", path).status_code == 204
    assert plugin("DELETE", path).status_code == 404


@pytest.mark.usefixtures("raised")
def test_a_stranger_is_told_nothing(mira: Caller) -> None:
    answer = mira("GET", f"{DESK}/request/SUP-1", auth=("mira", "x"))

    assert answer.status_code == 401
    assert answer.json()["errorMessage"]


def test_people_are_added_to_a_request_once_and_those_there_stay(plugin: Caller, raised: str) -> None:
    site, path = plugin.sandbox.site, f"{DESK}/request/{raised}/participant"
    people = [site.person(email) for email in ("nora.quist@vendor.example", JONAS)]
    accounts = [one.account_id if site.cloud else one.username for one in people]
    named = "accountIds" if site.cloud else "usernames"
    changes = len(plugin.sandbox.jira.issue(raised).history)

    assert plugin("GET", path).json()["values"] == []
    for sent in ([accounts[0]], accounts, accounts):
        answer = plugin("POST", path, json={named: sent})
        assert (answer.status_code, answer.json()["size"]) == (200, len(sent))
    told = plugin("GET", path).json()["values"]
    assert [one["displayName"] for one in told] == ["Nora Quist", "Jonas Feld"]
    assert len(plugin.sandbox.jira.issue(raised).history) == changes + 2


def test_a_participant_who_does_not_exist_is_refused_and_nobody_added(plugin: Caller, raised: str) -> None:
    site, path = plugin.sandbox.site, f"{DESK}/request/{raised}/participant"
    nora = site.person("nora.quist@vendor.example")
    sent = {"accountIds": [nora.account_id, "x"]} if site.cloud else {"usernames": [nora.username, "x"]}

    answer = plugin("POST", path, json=sent)

    assert answer.status_code == 400
    assert "User 'x' does not exist." in answer.json()["errorMessage"]
    assert plugin("GET", path).json()["size"] == 0
