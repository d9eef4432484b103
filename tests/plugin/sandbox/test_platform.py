"""The platform REST API, as the plugin uses it, in both flavours."""

from typing import Any

import pytest

from plugin.sandbox import Sandbox
from tests.plugin.sandbox.conftest import PLUGIN, Caller

ISSUE = "/rest/api/2/issue/SUP-1"


def field(caller: Caller, name: str) -> str:
    return caller.sandbox.site.field(name).id


def fields(caller: Caller) -> dict[str, Any]:
    shown: dict[str, Any] = caller("GET", ISSUE).json()["fields"]
    return shown


def test_the_server_tells_strangers_what_it_is(plugin: Caller) -> None:
    told = plugin("GET", "/rest/api/2/serverInfo", auth=None).json()

    assert told["deploymentType"] == ("Cloud" if plugin.sandbox.site.cloud else "Server")
    assert told["baseUrl"] == plugin.sandbox.url


def test_myself_is_spelled_as_the_flavour_does(plugin: Caller) -> None:
    me = plugin("GET", "/rest/api/2/myself").json()

    assert me["emailAddress"] == PLUGIN
    if plugin.sandbox.site.cloud:
        assert me["accountId"]
        assert me["accountType"] == "atlassian"
        assert "name" not in me
    else:
        assert me["name"] == "support-contract"
        assert me["key"].startswith("JIRAUSER")
        assert "accountId" not in me


@pytest.mark.parametrize("header", ["", "Basic bm9ib2R5Om5vbmU=", "Basic ???", "Bearer wrong", "Digest x"])
def test_whoever_has_no_valid_token_is_told_so_in_jiras_shape(plugin: Caller, header: str) -> None:
    answer = plugin("GET", "/rest/api/2/myself", auth=None, headers={"Authorization": header} if header else {})

    assert answer.status_code == 401
    assert answer.json() == {"errorMessages": ["Client must be authenticated to access this resource."], "errors": {}}


def test_a_bearer_token_is_as_good_as_basic(plugin: Caller) -> None:
    answer = plugin("GET", "/rest/api/2/myself", auth=None, headers={"Authorization": "Bearer token-support-contract"})

    assert answer.json()["displayName"] == "Support Contract"


def test_a_revoked_token_is_refused_until_it_is_restored(sandbox: Sandbox, plugin: Caller) -> None:
    sandbox.revoke(PLUGIN)
    assert plugin("GET", "/rest/api/2/myself").status_code == 401

    sandbox.restore(PLUGIN)
    assert plugin("GET", "/rest/api/2/myself").status_code == 200


def test_customers_may_not_use_the_platform_api(mira: Caller, raised: str) -> None:
    assert mira("GET", f"/rest/api/2/issue/{raised}").status_code == 403


def test_fields_are_listed_with_their_schema(plugin: Caller) -> None:
    listed = {one["name"]: one for one in plugin("GET", "/rest/api/2/field").json()}

    assert listed["Organizations"]["schema"]["custom"] == "com.atlassian.servicedesk:sd-customer-organizations"
    assert listed["Organizations"]["schema"]["items"] == "sd-customerorganization"
    assert listed["Request Type"]["schema"]["custom"] == "com.atlassian.servicedesk:vp-origin"
    assert listed["Response due"]["schema"]["type"] == "datetime"
    assert listed["Credits left"]["id"] == f"customfield_{listed['Credits left']['schema']['customId']}"
    assert listed["Summary"]["schema"] == {"type": "string", "system": "summary"}


def test_an_issue_is_found_by_key_and_by_number(plugin: Caller, raised: str) -> None:
    by_key = plugin("GET", f"/rest/api/2/issue/{raised}").json()

    assert plugin("GET", f"/rest/api/2/issue/{by_key['id']}").json() == by_key
    assert plugin("GET", "/rest/api/2/issue/SUP-99").status_code == 404


@pytest.mark.usefixtures("raised")
def test_an_issue_shows_organization_request_type_and_dates_as_jsm_does(plugin: Caller) -> None:
    shown = fields(plugin)

    (organization,) = shown[field(plugin, "Organizations")]
    assert (organization["id"], organization["name"]) == ("11", "Aurora Robotics")
    request_type = shown[field(plugin, "Request Type")]
    assert request_type["requestType"]["name"] == "Report a fault"
    assert request_type["currentStatus"]["statusCategory"] == "NEW"
    assert str(shown["created"]).endswith("+0000")
    assert shown["created"] == shown["updated"]
    assert shown[field(plugin, "Credits left")] is None
    assert shown[field(plugin, "Request participants")] == []


@pytest.mark.usefixtures("raised")
def test_only_the_fields_and_properties_that_are_asked_for_are_shown(plugin: Caller) -> None:
    plugin("PUT", f"{ISSUE}/properties/one", json={"n": 1})

    asked = plugin("GET", f"{ISSUE}?fields=summary,comment&properties=one,none").json()
    assert set(asked["fields"]) == {"summary", "comment"}
    assert asked["properties"] == {"one": {"n": 1}}
    assert "comment" not in plugin("GET", f"{ISSUE}?fields=*all,-comment").json()["fields"]


@pytest.mark.usefixtures("raised")
def test_an_edit_sets_fields_and_properties_in_one_call(plugin: Caller) -> None:
    answer = plugin(
        "PUT",
        ISSUE,
        json={
            "fields": {
                field(plugin, "Support tier"): {"value": "Premium"},
                field(plugin, "Response due"): "2026-11-20T15:03:11.000+0100",
                field(plugin, "Credits left"): 31,
                field(plugin, "Eligibility reason"): "a\nb",
                field(plugin, "Organizations"): [12],
            },
            "update": {"summary": [{"set": "Stops"}], "comment": [{"add": {"body": "Changed"}}]},
            "properties": [{"key": "decision", "value": {"revision": "r1"}}],
        },
    )

    assert (answer.status_code, answer.content) == (204, b"")
    shown = fields(plugin)
    assert shown[field(plugin, "Support tier")]["value"] == "Premium"
    assert shown[field(plugin, "Response due")] == "2026-11-20T14:03:11.000+0000"
    assert shown[field(plugin, "Credits left")] == 31.0
    assert shown[field(plugin, "Eligibility reason")] == "a\nb"
    assert shown[field(plugin, "Organizations")][0]["name"] == "Brennhaus Medical"
    assert shown["summary"] == "Stops"
    assert shown["comment"]["comments"][0]["body"] == "Changed"
    assert plugin("GET", f"{ISSUE}/properties/decision").json() == {"key": "decision", "value": {"revision": "r1"}}


@pytest.mark.usefixtures("raised")
def test_one_wrong_field_refuses_the_whole_edit_and_every_wrong_one_is_told(plugin: Caller) -> None:
    tier, credits = field(plugin, "Support tier"), field(plugin, "Credits left")

    answer = plugin(
        "PUT",
        ISSUE,
        json={
            "fields": {"customfield_1": 1, tier: {"value": "Gold"}, credits: "3", "summary": "Other", "status": "x"},
            "properties": [{"key": "decision", "value": 1}],
        },
    )

    assert answer.status_code == 400
    unknown = "Field '{}' cannot be set. It is not on the appropriate screen, or unknown."
    assert answer.json() == {
        "errorMessages": [],
        "errors": {
            "customfield_1": unknown.format("customfield_1"),
            "status": unknown.format("status"),
            tier: "Option value 'Gold' is not valid",
            credits: "Operation value must be a number",
        },
    }
    assert fields(plugin)["summary"] == "The robot arm stops"
    assert plugin("GET", f"{ISSUE}/properties/decision").status_code == 404


@pytest.mark.usefixtures("raised")
@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("Support tier", "Premium", "Could not find valid 'id' or 'value' in the Parent Option object."),
        ("Support tier", {"id": "1"}, "Option id '1' is not valid"),
        ("Credits left", True, "Operation value must be a number"),
        ("Response due", "2026-11-20T15:03:11Z", "Error parsing date string"),
        ("Response due", "2026-13-20T15:03:11.000+0000", "Error parsing date string"),
        ("Response due", 5, "Operation value must be a string"),
        ("Product version", 25.1, "Operation value must be a string"),
        ("Product version", "9" * 256, "exceeds the allowed limit of 255 characters"),
        ("Eligibility reason", "9" * 32_768, "exceeds the allowed limit of 32,767 characters"),
        ("Organizations", ["11"], "Organization id '11' is not valid"),
        ("Organizations", 11, "data was not an array"),
        ("Request participants", [{"emailAddress": "x"}], "Specify a valid"),
        ("Request participants", [{"accountId": "x", "name": "x"}], "User 'x' does not exist."),
        ("Request Type", "1", "cannot be set"),
        ("Priority", "High", "Specify the Priority (id or name) in the string format"),
        ("Priority", {"name": "Urgent"}, "Priority name 'Urgent' is not valid"),
        ("Priority", {"id": "77"}, "Priority id is not valid"),
        ("Priority", {"id": "1", "name": "Low"}, "Priority name 'Low' is not valid"),
        ("Technical account representative", {"accountId": "x", "name": "x"}, "User 'x' does not exist."),
    ],
)
def test_a_value_that_the_field_cannot_hold_is_refused(plugin: Caller, name: str, value: object, told: str) -> None:
    answer = plugin("PUT", ISSUE, json={"fields": {field(plugin, name): value}})

    assert answer.status_code == 400
    assert told in answer.json()["errors"][field(plugin, name)]


@pytest.mark.usefixtures("raised")
def test_a_field_may_not_be_in_both_fields_and_update(plugin: Caller) -> None:
    answer = plugin("PUT", ISSUE, json={"fields": {"summary": "a"}, "update": {"summary": [{"set": "b"}]}})

    assert answer.status_code == 400
    assert fields(plugin)["summary"] == "The robot arm stops"


@pytest.mark.usefixtures("raised")
@pytest.mark.parametrize("empty", [None, ""])
def test_null_and_empty_clear_a_field(plugin: Caller, empty: object) -> None:
    version = field(plugin, "Product version")

    assert plugin("PUT", ISSUE, json={"fields": {version: empty}}).status_code == 204
    assert fields(plugin)[version] is None


@pytest.mark.usefixtures("raised")
def test_an_edit_that_is_no_json_is_refused(plugin: Caller) -> None:
    assert plugin("PUT", ISSUE, data="{}").status_code == 415
    assert plugin("PUT", ISSUE, json=[]).status_code == 400
    assert plugin("PUT", ISSUE, json={"fields": []}).status_code == 400


@pytest.mark.usefixtures("raised")
def test_issue_properties_come_and_go(plugin: Caller) -> None:
    path = f"{ISSUE}/properties/k"

    assert plugin("GET", path).status_code == 404
    assert plugin("PUT", path, json=[1]).status_code == 201
    assert plugin("PUT", path, json=[2]).status_code == 200
    assert plugin("GET", path).json() == {"key": "k", "value": [2]}
    assert [one["key"] for one in plugin("GET", f"{ISSUE}/properties").json()["keys"]] == ["k"]
    assert plugin("PUT", path, json="x" * 32_768).status_code == 400
    assert plugin("DELETE", path).status_code == 204
    assert plugin("DELETE", path).status_code == 404


@pytest.mark.usefixtures("raised")
def test_a_comment_is_public_unless_its_property_says_internal(plugin: Caller, mira: Caller) -> None:
    def add(internal: object) -> object:
        properties = [{"key": "sd.public.comment", "value": {"internal": internal}}]
        return plugin("POST", f"{ISSUE}/comment", json={"body": f"{internal}", "properties": properties}).json()

    add(True)
    add(False)
    add("true")  # Jira wants a JSON boolean; a word is no "internal"
    plugin("POST", f"{ISSUE}/comment", json={"body": "plain"})

    seen = mira("GET", "/rest/servicedeskapi/request/SUP-1/comment").json()["values"]
    assert [one["body"] for one in seen] == ["False", "true", "plain"]
    assert plugin("GET", f"{ISSUE}/comment").json()["total"] == 4


@pytest.mark.usefixtures("raised")
def test_a_comments_properties_can_be_read_again(plugin: Caller) -> None:
    intent = {"key": "support-contract.reply", "value": {"intent": "i1"}}
    id = plugin("POST", f"{ISSUE}/comment", json={"body": "Hello", "properties": [intent]}).json()["id"]

    assert plugin("GET", f"/rest/api/2/comment/{id}/properties/{intent['key']}").json() == intent
    assert plugin("GET", f"/rest/api/2/comment/{id}/properties/other").status_code == 404
    assert plugin("GET", "/rest/api/2/comment/1/properties/other").status_code == 404
    (listed,) = plugin("GET", f"{ISSUE}/comment?expand=properties").json()["comments"]
    assert listed["properties"] == [intent]


@pytest.mark.usefixtures("raised")
def test_comments_come_the_newest_first_where_that_is_asked_for(plugin: Caller) -> None:
    for text in ("one", "two", "three"):
        plugin("POST", f"{ISSUE}/comment", json={"body": text})

    page = plugin("GET", f"{ISSUE}/comment?orderBy=-created&maxResults=2").json()
    assert [one["body"] for one in page["comments"]] == ["three", "two"]


@pytest.mark.usefixtures("raised")
def test_comments_are_paged_and_can_be_edited(plugin: Caller) -> None:
    ids = [plugin("POST", f"{ISSUE}/comment", json={"body": body}).json()["id"] for body in "abc"]

    page = plugin("GET", f"{ISSUE}/comment?startAt=1&maxResults=1").json()
    assert [one["body"] for one in page["comments"]] == ["b"]
    assert (page["startAt"], page["maxResults"], page["total"]) == (1, 1, 3)
    assert plugin("PUT", f"{ISSUE}/comment/{ids[0]}", json={"body": "A"}).json()["body"] == "A"
    assert plugin("POST", f"{ISSUE}/comment", json={"body": " "}).status_code == 400


@pytest.mark.usefixtures("raised")
def test_only_transitions_that_lead_away_from_the_status_are_offered(plugin: Caller) -> None:
    def offered() -> dict[str, str]:
        return {one["name"]: one["id"] for one in plugin("GET", f"{ISSUE}/transitions").json()["transitions"]}

    def move(name: str) -> None:
        answer = plugin("POST", f"{ISSUE}/transitions", json={"transition": {"id": offered()[name]}})
        assert answer.status_code == 204, answer.text

    assert set(offered()) == {"Respond to customer", "Start work", "Resolve this issue"}
    move("Respond to customer")
    assert fields(plugin)["status"]["name"] == "Waiting for customer"
    assert set(offered()) == {"Respond to support", "Start work", "Resolve this issue"}
    move("Respond to support")
    move("Start work")
    assert set(offered()) == {"Respond to customer", "Resolve this issue"}

    refused = plugin("POST", f"{ISSUE}/transitions", json={"transition": {"id": "51"}})
    assert refused.status_code == 400
    assert refused.json()["errorMessages"] == ["Transition id '51' is not valid for this issue."]
    assert plugin("POST", f"{ISSUE}/transitions", json={"transition": {"id": "x"}}).status_code == 400


@pytest.mark.usefixtures("raised")
def test_resolving_needs_a_resolution_and_reopening_takes_it_away(plugin: Caller) -> None:
    def resolve(**fields: object) -> tuple[int, str]:
        answer = plugin("POST", f"{ISSUE}/transitions", json={"transition": {"id": "31"}, "fields": fields})
        return answer.status_code, answer.text

    assert resolve()[0] == 400
    assert "Resolution name 'Gone' is not valid" in resolve(resolution={"name": "Gone"})[1]
    assert "cannot be set" in resolve(resolution={"name": "Done"}, summary="x")[1]
    assert resolve(resolution={"name": "Product defect"}) == (204, "")
    shown = fields(plugin)
    assert shown["resolution"]["name"] == "Product defect"
    assert "2020" < shown["resolutiondate"] <= shown["updated"]

    assert plugin("POST", f"{ISSUE}/transitions", json={"transition": {"id": "51"}}).status_code == 204
    assert (fields(plugin)["resolution"], fields(plugin)["resolutiondate"]) == (None, None)


@pytest.mark.usefixtures("raised")
def test_a_comment_inside_a_transition_vanishes_without_a_word(plugin: Caller) -> None:
    answer = plugin(
        "POST",
        f"{ISSUE}/transitions",
        json={"transition": {"id": "11"}, "update": {"comment": [{"add": {"body": "Please update"}}]}},
    )

    assert answer.status_code == 204
    assert plugin("GET", f"{ISSUE}/comment").json()["comments"] == []


@pytest.mark.usefixtures("raised")
def test_the_history_tells_changes_as_the_flavour_does(plugin: Caller) -> None:
    credits = field(plugin, "Credits left")
    plugin("PUT", ISSUE, json={"fields": {credits: 32}})
    plugin("PUT", ISSUE, json={"fields": {credits: 31.5}})

    newest, oldest = plugin("GET", f"{ISSUE}?expand=changelog").json()["changelog"]["histories"]
    (item,) = newest["items"]
    assert (item["from"], item["fromString"], item["to"], item["toString"]) == (None, "32", None, "31.5")
    assert item["field"] == "Credits left"
    assert item.get("fieldId") == (credits if plugin.sandbox.site.cloud else None)
    assert newest["author"]["displayName"] == "Support Contract"
    assert oldest["items"][0]["fromString"] is None


@pytest.mark.usefixtures("raised")
def test_cloud_tells_the_newest_hundred_changes_and_the_rest_elsewhere(plugin: Caller) -> None:
    for number in range(105):
        plugin("PUT", ISSUE, json={"fields": {"summary": f"Try {number}"}})

    cloud = plugin.sandbox.site.cloud
    log = plugin("GET", f"{ISSUE}?expand=changelog").json()["changelog"]
    assert (len(log["histories"]), log["total"]) == (100 if cloud else 105, 105)
    assert log["histories"][0]["items"][0]["toString"] == "Try 104"
    answer = plugin("GET", f"{ISSUE}/changelog?startAt=100")
    assert answer.status_code == (200 if cloud else 404)
    if cloud:
        page = answer.json()
        assert [one["items"][0]["toString"] for one in page["values"]] == [
            f"Try {number}" for number in range(100, 105)
        ]
        assert (page["isLast"], page["total"]) == (True, 105)


@pytest.mark.usefixtures("raised")
def test_a_priority_is_there_from_the_beginning_and_can_be_changed_by_name_or_id(plugin: Caller) -> None:
    (priority,) = [one for one in plugin("GET", "/rest/api/2/field").json() if one["id"] == "priority"]
    assert priority["schema"] == {"type": "priority", "system": "priority"}
    assert fields(plugin)["priority"]["name"] == "Medium"

    for wanted, name in (({"name": "High"}, "High"), ({"id": "5"}, "Lowest")):
        assert plugin("PUT", ISSUE, json={"fields": {"priority": wanted}}).status_code == 204
        assert fields(plugin)["priority"]["name"] == name
    newest = plugin("GET", f"{ISSUE}?expand=changelog").json()["changelog"]["histories"][0]
    (item,) = newest["items"]
    assert (item["field"], item["fieldtype"], item["from"], item["fromString"], item["to"], item["toString"]) == (
        *("priority", "jira"),
        *("2", "High"),
        *("5", "Lowest"),
    )


@pytest.mark.usefixtures("raised")
def test_a_user_picker_holds_one_person_and_is_emptied_by_null(plugin: Caller) -> None:
    site, picker = plugin.sandbox.site, field(plugin, "Technical account representative")
    nora = site.person("nora.quist@vendor.example")
    known = {"accountId": nora.account_id} if site.cloud else {"name": nora.username}

    assert plugin("PUT", ISSUE, json={"fields": {picker: known}}).status_code == 204
    assert known.items() <= fields(plugin)[picker].items()
    assert plugin("PUT", ISSUE, json={"fields": {picker: None}}).status_code == 204
    newest = plugin("GET", f"{ISSUE}?expand=changelog").json()["changelog"]["histories"][0]
    assert [(each["fromString"], each["toString"]) for each in newest["items"]] == [("Nora Quist", None)]
    assert fields(plugin)[picker] is None


@pytest.mark.usefixtures("raised")
def test_a_deleted_issue_is_gone(plugin: Caller) -> None:
    assert plugin("DELETE", ISSUE).status_code == 204
    assert plugin("GET", ISSUE).status_code == 404
    assert plugin("DELETE", ISSUE).status_code == 404


def test_what_the_sandbox_does_not_have_is_a_404_that_says_so(plugin: Caller) -> None:
    answer = plugin("GET", "/rest/api/2/dashboard")

    assert answer.status_code == 404
    assert answer.json()["message"] == "The sandbox has no GET /rest/api/2/dashboard"


@pytest.mark.usefixtures("raised")
def test_version_3_is_clouds_alone_and_tells_long_texts_as_documents(plugin: Caller) -> None:
    answer = plugin("GET", "/rest/api/3/issue/SUP-1")

    if plugin.sandbox.site.cloud:
        document = answer.json()["fields"]["description"]
        assert document["content"][0]["content"][0]["text"] == "Since <b>Monday</b>"
    else:
        assert answer.status_code == 404
