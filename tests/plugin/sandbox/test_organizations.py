"""Organizations: their members, the service desk that serves them, and what follows for requests."""

from typing import Any

from plugin.sandbox import Sandbox
from tests.plugin.sandbox.conftest import MIRA, Caller

DESK = "/rest/servicedeskapi"


def named(sandbox: Sandbox, email: str) -> dict[str, Any]:
    person = sandbox.site.person(email)
    return {"accountIds": [person.account_id]} if sandbox.site.cloud else {"usernames": [person.username]}


def shared_with(plugin: Caller, mira: Caller) -> list[str]:
    """The organizations of a request that Mira raises now."""
    sent = {"serviceDeskId": "1", "requestTypeId": "1", "requestFieldValues": {"summary": "It stops"}}
    key = mira("POST", f"{DESK}/request", json=sent).json()["issueKey"]
    field = plugin.sandbox.site.custom("sd-customer-organizations").id
    return [each["name"] for each in plugin("GET", f"/rest/api/2/issue/{key}").json()["fields"][field]]


def test_a_request_is_shared_with_the_organization_that_somebody_is_in_now(plugin: Caller, mira: Caller) -> None:
    path, who = f"{DESK}/organization/12/user", named(plugin.sandbox, MIRA)
    assert shared_with(plugin, mira) == ["Aurora Robotics"]

    assert plugin("POST", path, json=who).status_code == 204
    assert plugin("POST", path, json=who).status_code == 204
    assert [each["displayName"] for each in plugin("GET", path).json()["values"]].count("Mira Castellan") == 1
    assert shared_with(plugin, mira) == []  # who is in two says which

    assert plugin("DELETE", f"{DESK}/organization/11/user", json=who).status_code == 204
    assert shared_with(plugin, mira) == ["Brennhaus Medical"]


def test_an_organization_that_is_new_has_nobody_and_is_served_once_it_is_added(plugin: Caller) -> None:
    made = plugin("POST", f"{DESK}/organization", json={"name": "Ember Grid"}).json()
    served = f"{DESK}/servicedesk/1/organization"

    assert plugin("GET", f"{DESK}/organization/{made['id']}/user").json()["values"] == []
    assert made["id"] not in {each["id"] for each in plugin("GET", served).json()["values"]}
    plugin("POST", served, json={"organizationId": int(made["id"])})
    assert made["id"] in {each["id"] for each in plugin("GET", served).json()["values"]}
    plugin("DELETE", f"{DESK}/organization/{made['id']}")
    assert made["id"] not in {each["id"] for each in plugin("GET", served).json()["values"]}


def test_an_organization_inherits_nobody_from_one_that_is_gone(plugin: Caller) -> None:
    def made() -> str:
        return str(plugin("POST", f"{DESK}/organization", json={"name": "Ember Grid"}).json()["id"])

    first = made()
    plugin("POST", f"{DESK}/organization/{first}/user", json=named(plugin.sandbox, MIRA))
    plugin("DELETE", f"{DESK}/organization/{first}")
    assert plugin("GET", f"{DESK}/organization/{made()}/user").json()["values"] == []


def test_what_is_not_there_is_refused(plugin: Caller, mira: Caller) -> None:
    nobody = {"accountIds": ["nobody"], "usernames": ["nobody"]}
    assert plugin("POST", f"{DESK}/organization", json={"name": " "}).status_code == 400
    assert plugin("POST", f"{DESK}/organization/11/user", json=nobody).status_code == 400
    assert plugin("POST", f"{DESK}/servicedesk/1/organization", json={"organizationId": 99}).status_code == 404
    for path in ("", "/user", "/property"):
        assert plugin("GET", f"{DESK}/organization/99{path}").status_code == 404
    assert mira("GET", f"{DESK}/organization/11/user").status_code == 403
