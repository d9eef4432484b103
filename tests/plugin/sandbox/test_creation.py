"""Issues that agents create past the portal."""

import pytest

from tests.plugin.sandbox.conftest import MIRA, Caller

ISSUE = "/rest/api/2/issue"
PLACE = {"project": {"key": "SUP"}, "issuetype": {"name": "Service request"}}


def test_an_issue_with_a_request_type_is_a_request_of_its_reporter(plugin: Caller, mira: Caller) -> None:
    site = plugin.sandbox.site
    kind, tier = site.custom("vp-origin").id, site.field("Support tier").id
    person = site.person(MIRA)
    reporter = {"accountId": person.account_id} if site.cloud else {"name": person.username}
    told = {**PLACE, "summary": "It stops", "reporter": reporter, kind: "2", tier: {"value": "Basic"}}

    made = plugin("POST", ISSUE, json={"fields": told})

    assert made.status_code == 201
    seen = mira("GET", f"/rest/servicedeskapi/request/{made.json()['key']}").json()
    assert (seen["requestTypeId"], seen["reporter"]["displayName"]) == ("2", "Mira Castellan")


def test_an_issue_without_one_is_on_no_portal(plugin: Caller) -> None:
    key = plugin("POST", ISSUE, json={"fields": {**PLACE, "summary": "By hand"}}).json()["key"]

    assert plugin("GET", f"/rest/servicedeskapi/request/{key}").status_code == 404
    assert plugin("GET", "/rest/servicedeskapi/request").json()["values"] == []
    fields = plugin("GET", f"{ISSUE}/{key}").json()["fields"]
    assert fields[plugin.sandbox.site.custom("vp-origin").id] is None
    assert plugin("GET", "/agent/" + key).status_code == 200


@pytest.mark.parametrize(
    ("wrong", "at"),
    [
        ({"project": {"key": "OTHER"}}, "project"),
        ({"issuetype": {"name": "Epic"}}, "issuetype"),
        ({"issuetype": "Service request"}, "issuetype"),
        ({"summary": ""}, "summary"),
        ({"reporter": {"accountId": "nobody", "name": "nobody"}}, "reporter"),
        ({"weather": "fine"}, "weather"),
    ],
)
def test_the_field_at_fault_is_named(plugin: Caller, wrong: dict[str, object], at: str) -> None:
    answer = plugin("POST", ISSUE, json={"fields": {**PLACE, "summary": "x", **wrong}})

    assert (answer.status_code, list(answer.json()["errors"])) == (400, [at])


def test_customers_create_nothing_past_the_portal(mira: Caller) -> None:
    assert mira("POST", ISSUE, json={"fields": {**PLACE, "summary": "x"}}).status_code == 403
