"""The sandbox against Atlassian's OpenAPI documents: what it takes and answers, and that wrong calls are caught."""

from dataclasses import asdict
from typing import Any

import pytest

from plugin.sandbox import Flavour, Sandbox
from tests.openapi import NotAsDocumented, validate_request, validate_response, validate_traffic
from tests.plugin.sandbox.conftest import MIRA, Caller
from tests.wire.documents import require_documents

ISSUE = "/rest/api/2/issue/SUP-1"
DESK = "/rest/servicedeskapi"
JSON = {"Content-Type": "application/json"}


@pytest.fixture(autouse=True)
def documents() -> None:
    require_documents()


def tour(plugin: Caller, mira: Caller) -> None:
    """Every call that the sandbox knows, with and without what it can be asked."""
    site = plugin.sandbox.site
    tier, credits = site.field("Support tier").id, site.field("Credits left").id
    sam = site.person("sam.okafor@vendor.example")
    who = {"accountId": sam.account_id} if site.cloud else {"username": sam.username}
    for project in ("SUP", "NONE"):
        plugin("GET", "/rest/api/2/user/assignable/search", params={**who, "project": project})
    decision = {"key": "decision", "value": {"revision": "r1"}}
    for path in ("serverInfo", "myself", "field"):
        plugin("GET", f"/rest/api/2/{path}")
    plugin("PUT", ISSUE, json={"fields": {tier: {"value": "Basic"}, credits: 3}, "properties": [decision]})
    plugin("PUT", ISSUE, json={"update": {"comment": [{"add": {"body": "x"}}]}})
    plugin("PUT", ISSUE, json={"fields": {"customfield_1": 1}})
    plugin("PUT", f"{ISSUE}/properties/k", json={"n": 1})
    plugin("PUT", f"{ISSUE}/properties/k", json={"n": 2})
    for path in ("", "?fields=summary,comment&properties=k&expand=changelog", "/properties", "/properties/k"):
        plugin("GET", ISSUE + path)
    plugin("DELETE", f"{ISSUE}/properties/k")
    internal = {"key": "sd.public.comment", "value": {"internal": True}}
    id = plugin("POST", f"{ISSUE}/comment", json={"body": "x", "properties": [internal]}).json()["id"]
    plugin("PUT", f"{ISSUE}/comment/{id}", json={"body": "y"})
    plugin("GET", f"{ISSUE}/comment?startAt=0&maxResults=1")
    plugin("GET", f"/rest/api/2/comment/{id}/properties/sd.public.comment")
    plugin("GET", f"{ISSUE}/transitions")
    plugin("POST", f"{ISSUE}/transitions", json={"transition": {"id": "99"}})
    plugin(
        "POST", f"{ISSUE}/transitions", json={"transition": {"id": "31"}, "fields": {"resolution": {"name": "Done"}}}
    )
    search: dict[str, Any] = {"jql": "project = SUP", "fields": ["summary"], "maxResults": 1}
    plugin("POST", f"/rest/api/2/search{'/jql' if site.cloud else ''}", json=search)
    plugin("GET", f"/rest/api/2/search{'/jql' if site.cloud else ''}?jql=project%20%3D%20SUP&fields=*all")
    if site.cloud:
        for many in ({"issueIdsOrKeys": ["SUP-1", "404"]}, {"issueIdsOrKeys": ["10001"], "fields": ["summary"]}):
            plugin("POST", "/rest/api/3/issue/bulkfetch", json=many)
    for path in ("", "/1", "/1/requesttype", "/1/requesttype/1/field"):
        mira("GET", f"{DESK}/servicedesk{path}")
    for caller in (mira, plugin):
        caller("GET", f"{DESK}/request")
        caller("GET", f"{DESK}/request/SUP-1")
        caller("GET", f"{DESK}/request/SUP-1/comment")
        caller("GET", f"{DESK}/request/SUP-1/participant")
        caller("GET", f"{DESK}/request/SUP-1/sla")
        caller("GET", f"{DESK}/request/SUP-1/sla/1")
        caller("POST", f"{DESK}/request/SUP-1/comment", json={"body": "Hello", "public": True})
    mira("POST", f"{DESK}/request", json={"serviceDeskId": "1", "requestTypeId": "1", "requestFieldValues": {}})
    nora = site.person("nora.quist@vendor.example")
    plugin("PUT", ISSUE, json={"fields": {"priority": {"name": "High"}}})
    for account in (nora.account_id if site.cloud else nora.username, "nobody"):
        share = {"accountIds": [account]} if site.cloud else {"usernames": [account]}
        plugin("POST", f"{DESK}/request/SUP-1/participant", json=share)
    plugin("GET", f"{DESK}/request/SUP-1/participant?start=0&limit=1")
    plugin("GET", f"{DESK}/organization", params={"accountId": site.person(MIRA).account_id})
    board = f"{DESK}/organization/11/property/board"
    plugin("PUT", board, json={"left": 3})
    plugin("GET", board)
    plugin("DELETE", board)
    if site.cloud:
        for path in ("serverInfo", "myself", "field", "issue/SUP-1", "issue/SUP-1/transitions"):
            plugin("GET", f"/rest/api/3/{path}")
        plugin("POST", "/rest/api/3/search/jql", json={**search, "fields": ["*all"]})
    plugin("DELETE", ISSUE)


@pytest.mark.usefixtures("raised")
def test_everything_the_sandbox_takes_and_answers_is_as_documented(
    sandbox: Sandbox, plugin: Caller, mira: Caller
) -> None:
    tour(plugin, mira)

    exchanges = [asdict(one) for one in sandbox.traffic.all()]
    assert len(exchanges) > 40
    assert validate_traffic(exchanges, cloud=sandbox.site.cloud) == len(exchanges)
    statuses = {one["status"] for one in exchanges}
    assert {200, 201, 204, 400} <= statuses


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", ISSUE, b'{"fields": []}'),
        ("PUT", ISSUE, b"no JSON"),
        ("PUT", ISSUE, b'{"properties": {"key": "decision"}}'),
        ("POST", f"{ISSUE}/transitions", b'{"transition": "31"}'),
        ("POST", f"{DESK}/request/SUP-1/comment", b'{"body": "x", "public": "yes"}'),
        ("POST", f"{DESK}/request", b'{"serviceDeskId": 1}'),
        ("POST", "/rest/api/2/search/jql", b'{"jql": "project = SUP", "fields": "summary"}'),
        ("GET", f"{ISSUE}/comment?startAt=first", b""),
        ("POST", f"{DESK}/request/SUP-1/participant", b'{"accountIds": "x"}'),
        ("POST", f"{DESK}/request/SUP-1/participant", b'{"accounts": ["x"]}'),
        ("GET", f"{ISSUE}/weather", b""),
        ("PATCH", ISSUE, b"{}"),
    ],
)
def test_a_wrong_request_is_caught_on_cloud(method: str, path: str, body: bytes) -> None:
    with pytest.raises(NotAsDocumented):
        validate_request(method, path, JSON, body)


def test_data_center_has_its_own_document() -> None:
    search = ("POST", "/rest/api/2/search/jql", JSON, b'{"jql": "project = SUP"}')

    validate_request(*search, cloud=True)
    with pytest.raises(NotAsDocumented):
        validate_request(*search, cloud=False)


@pytest.mark.parametrize("flavour", list(Flavour))
def test_a_wrong_answer_is_caught(flavour: Flavour) -> None:
    cloud = flavour is Flavour.CLOUD

    validate_response("GET", f"{ISSUE}/comment", 200, JSON, b'{"total": 1}', cloud=cloud)
    with pytest.raises(NotAsDocumented):
        validate_response("GET", f"{ISSUE}/comment", 200, JSON, b'{"total": "one"}', cloud=cloud)
    with pytest.raises(NotAsDocumented):
        validate_response("PUT", ISSUE, 302, JSON, b"", cloud=cloud)
    validate_response("PUT", ISSUE, 429, JSON, b"{}", cloud=cloud)
