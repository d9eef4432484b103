"""The four guises: what an administrator and a service account find in each, and that it is as Jira documents it."""

import base64
import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from plugin.sandbox import Guise, Sandbox, running_sandbox, seed
from tests.openapi import validate_traffic
from tests.plugin.sandbox.conftest import MIRA, PLUGIN, Caller, Receiver
from tests.wire.documents import require_documents

INES = "ines.falk@vendor.example"
TEXT = "com.atlassian.jira.plugin.system.customfieldtypes:textfield"
SELECT = "com.atlassian.jira.plugin.system.customfieldtypes:select"
CLOUD = (Guise.COMPANY_MANAGED, Guise.TEAM_MANAGED)


class Clock:
    """A clock that moves when it is told to."""

    now = datetime(2026, 11, 20, 13, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(params=list(Guise))
def guise(request: pytest.FixtureRequest) -> Guise:
    return Guise(request.param)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sandbox(guise: Guise, clock: Clock) -> Iterator[Sandbox]:
    with running_sandbox(seed(guise, bare=True), retry_delays=[0.01], clock=clock) as running:
        yield running


@pytest.fixture
def ines(sandbox: Sandbox) -> Caller:
    """Return Jira's administrator."""
    return Caller(sandbox, INES)


@pytest.fixture
def api(sandbox: Sandbox) -> str:
    return "/rest/api/3" if sandbox.site.cloud else "/rest/api/2"


def made(ines: Caller, api: str, name: str = "Support tier", kind: str = SELECT, **more: Any) -> str:
    """A field that the administrator makes; its id."""
    answer = ines("POST", f"{api}/field", json={"name": name, "type": kind, "description": "ours", **more})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def raise_request(sandbox: Sandbox) -> str:
    mira = sandbox.site.person(MIRA)
    kind = next(iter(sandbox.site.request_types.values()))
    return sandbox.jira.create(mira, mira, kind, {"summary": "It stops"}).key


def editable(caller: Caller, api: str, key: str) -> set[str]:
    return set(caller("GET", f"{api}/issue/{key}/editmeta").json()["fields"])


def test_the_administrators_api_is_as_documented(sandbox: Sandbox, ines: Caller, plugin: Caller, api: str) -> None:
    require_documents()
    field, key = made(ines, api), raise_request(sandbox)
    paths = ["serverInfo", "field", "screens", f"issue/{key}/editmeta", "issue/createmeta/SUP/issuetypes"]
    paths += ["issue/createmeta/SUP/issuetypes/10010", "mypermissions?permissions=ADMINISTER", "project/SUP"]
    if sandbox.site.cloud:
        paths += ["field/search?type=custom", f"field/{field}/context", f"field/{field}/context/projectmapping"]
        paths += ["issuetypescreenscheme/project?projectId=10000", "screenscheme"]
        paths += ["issuetypescreenscheme/mapping?issueTypeScreenSchemeId=10001"]
        context = ines("GET", f"{api}/field/{field}/context").json()["values"][0]["id"]
        options = f"field/{field}/context/{context}/option"
        added = ines("POST", f"{api}/{options}", json={"options": [{"value": "Premium"}, {"value": "Basic"}]})
        paths.append(options)
        ines("DELETE", f"{api}/{options}/{added.json()['options'][0]['id']}")
        ines("PUT", f"{api}/field/{field}", json={"description": "still ours"})
    else:
        paths += ["customFields", f"customFields/{field.removeprefix('customfield_')}/options"]
    for screen, tab in [(1, 10000)] + ([] if sandbox.site.team_managed else [(10001, 10001)]):
        ines("POST", f"{api}/screens/{screen}/tabs/{tab}/fields", json={"fieldId": field})
        paths += [f"screens/{screen}/tabs", f"screens/{screen}/tabs/{tab}/fields"]
    for path in paths:
        assert ines("GET", f"{api}/{path}").status_code == 200, path
    ines("DELETE", f"{api}/screens/1/tabs/10000/fields/{field}")
    ines("PUT", f"{api}/project/SUP/properties/ours", json={"made": [field]})
    ines("GET", f"{api}/project/SUP/properties/ours")
    ines("DELETE", f"{api}/project/SUP/properties/ours")
    if sandbox.site.cloud:
        ines("POST", f"{api}/field/{field}/trash")
        ines("DELETE", f"{api}/field/{made(ines, api)}", allow_redirects=False)
    else:
        ines("DELETE", f"{api}/customFields?ids={field}")
    for path, body in (
        ("field", {"name": "Mine", "type": TEXT}),
        ("screens/1/tabs/10000/fields", {"fieldId": "labels"}),
    ):
        assert plugin("POST", f"{api}/{path}", json=body).status_code in (400, 401, 403)

    exchanges = [asdict(one) for one in sandbox.traffic.all()]
    assert validate_traffic(exchanges, cloud=sandbox.site.cloud) == len(exchanges) > 20
    assert not any(field.configurable for field in sandbox.site.fields.values())


def test_a_field_can_be_set_once_it_is_on_the_screen_unless_the_project_looks_after_its_own(
    sandbox: Sandbox, ines: Caller, plugin: Caller, api: str
) -> None:
    field, key = made(ines, api, kind=TEXT), raise_request(sandbox)
    assert field not in editable(plugin, api, key)

    for screen in ines("GET", f"{api}/screens").json()["values" if sandbox.site.cloud else slice(None)]:
        tab = ines("GET", f"{api}/screens/{screen['id']}/tabs").json()[0]["id"]
        ines("POST", f"{api}/screens/{screen['id']}/tabs/{tab}/fields", json={"fieldId": field})

    assert (field in editable(plugin, api, key)) is not sandbox.site.team_managed
    answer = plugin("PUT", f"/rest/api/2/issue/{key}", json={"fields": {field: "26.2"}})
    assert answer.status_code == (400 if sandbox.site.team_managed else 204)


def test_a_team_managed_project_says_so_and_has_fields_that_no_administrator_reaches(guise: Guise) -> None:
    sandbox = Sandbox(seed(guise))
    with running_sandbox(sandbox.site) as running:
        ines = Caller(running, INES)
        project = ines("GET", "/rest/api/2/project/SUP").json()
        tier = next(each for each in ines("GET", "/rest/api/2/field").json() if each["name"] == "Support tier")
        team = guise is Guise.TEAM_MANAGED
        assert (project.get("style"), project.get("simplified")) == (
            ("next-gen", True) if team else ("classic", False) if guise in CLOUD else (None, None)
        )
        assert tier.get("scope") == ({"type": "PROJECT", "project": {"id": "10000"}} if team else None)
        assert editable(ines, "/rest/api/2", raise_request(running)) >= {tier["id"]}
        if guise in CLOUD:
            found = ines("GET", "/rest/api/3/field/search?query=support%20tier").json()["values"]
            contexts = ines("GET", f"/rest/api/3/field/{tier['id']}/context").status_code
            assert (len(found), contexts) == ((0, 404) if team else (1, 200))


def test_a_field_of_other_projects_is_not_to_be_had_here(sandbox: Sandbox, ines: Caller, api: str) -> None:
    if sandbox.site.cloud:
        field = made(ines, api, kind=SELECT)
        again = ines("POST", f"{api}/field/{field}/context", json={"name": "Again", "projectIds": []})
        assert again.status_code == 400
        return
    field = made(ines, api, kind=TEXT, projectIds=[999])
    ines("POST", f"{api}/screens/10001/tabs/10001/fields", json={"fieldId": field})
    assert field not in editable(ines, api, raise_request(sandbox))


REGISTERED = {
    "name": "Support Contract",
    "events": ["jira:issue_created"],
    "filters": {"issue-related-events-section": 'project in ("SUP")'},
    "secret": "hush",
}


def webhooks_of(guise: Guise) -> str:
    return "/rest/jira-webhook/1.0/webhooks" if guise is Guise.DATACENTER_10 else "/rest/webhooks/1.0/webhook"


def test_a_registered_webhook_is_delivered_to_signed_where_the_guise_signs(
    sandbox: Sandbox, guise: Guise, ines: Caller, receiver: Receiver
) -> None:
    body = {**REGISTERED, "url": receiver.url, "configuration": {"SECRET": "hush", "EXCLUDE_BODY": "false"}}
    told = ines("POST", webhooks_of(guise), json=body)
    assert told.status_code == 201
    assert "hush" not in told.text
    assert told.json().get("isSigned") is (True if guise in CLOUD else None)

    key = raise_request(sandbox)
    sandbox.jira.comment(sandbox.jira.issue(key), sandbox.site.person(MIRA), "Hello?", public=True)
    assert sandbox.webhooks.wait_idle()

    [(headers, payload)] = receiver.got
    digest = "sha256=" + hmac.new(b"hush", payload, hashlib.sha256).hexdigest()
    assert headers.get("X-Hub-Signature") == (None if guise is Guise.DATACENTER_9 else digest)
    assert ("X-Atlassian-Webhook-Identifier" in headers) is (guise in CLOUD)


def test_only_cloud_sends_again_what_was_not_taken(
    sandbox: Sandbox, guise: Guise, ines: Caller, receiver: Receiver
) -> None:
    receiver.answers = [503]
    ines("POST", webhooks_of(guise), json={**REGISTERED, "url": receiver.url})
    raise_request(sandbox)
    assert sandbox.webhooks.wait_idle()
    assert len(receiver.got) == (2 if guise in CLOUD else 1)


def test_a_webhook_can_be_changed_and_removed_by_administrators_at_its_own_address_only(
    sandbox: Sandbox, guise: Guise, ines: Caller, plugin: Caller, receiver: Receiver
) -> None:
    path = webhooks_of(guise)
    told = ines("POST", path, json={**REGISTERED, "url": receiver.url}).json()
    one = f"{path}/{told.get('id') or told['self'].rsplit('/', 1)[1]}"
    other = webhooks_of(Guise.DATACENTER_9 if guise is Guise.DATACENTER_10 else Guise.DATACENTER_10)
    assert ines("GET", other).status_code == 404
    assert plugin("GET", path).status_code == 403
    assert ines("POST", path, json={**REGISTERED, "url": "nowhere"}).status_code == 400
    off = {**REGISTERED, "url": receiver.url, "active": False, "enabled": False}
    assert ines("PUT", one, json=off).status_code == 200
    raise_request(sandbox)
    assert sandbox.webhooks.wait_idle()
    assert receiver.got == []
    assert ines("DELETE", one).status_code == 204
    assert ines("GET", one).status_code == 404
    assert ines("GET", path).json() == []


def test_the_webhook_of_the_start_is_one_of_them(guise: Guise) -> None:
    with running_sandbox(seed(guise), webhook_url="http://receiver.example/", webhook_secret="hush") as running:
        ines = Caller(running, INES)
        [given] = ines("GET", webhooks_of(guise)).json()
        assert given["url"] == "http://receiver.example/"
        ines("DELETE", f"{webhooks_of(guise)}/1")
        assert running.webhooks.url is None


def test_permissions_can_be_withheld_and_are_told(sandbox: Sandbox, ines: Caller, plugin: Caller, api: str) -> None:
    def held(caller: Caller) -> set[str]:
        told = caller("GET", f"{api}/mypermissions?projectKey=SUP&permissions=ADMINISTER,EDIT_ISSUES").json()
        return {key for key, one in told["permissions"].items() if one["havePermission"]}

    assert held(ines) >= {"ADMINISTER", "EDIT_ISSUES"}
    assert not {"ADMINISTER"} & held(plugin)
    answer = requests.post(
        f"{sandbox.url}/sandbox/permissions", json={"who": INES, "withhold": ["ADMINISTER"]}, timeout=5
    )
    assert answer.status_code == 200
    assert not {"ADMINISTER"} & held(ines)
    assert ines("POST", f"{api}/field", json={"name": "Mine", "type": TEXT}).status_code in (400, 403)
    if sandbox.site.cloud:
        assert ines("GET", f"{api}/mypermissions").status_code == 400


def test_a_service_account_goes_through_the_gateway_with_a_token_of_its_own(sandbox: Sandbox) -> None:
    person = sandbox.site.person(PLUGIN)
    told = requests.get(f"{sandbox.url}/_edge/tenant_info", timeout=5)
    if not sandbox.site.cloud:
        assert told.status_code == 404
        return

    def asks(path: str, token: str) -> int:
        basic = base64.b64encode(f"{person.email}:{token}".encode()).decode()
        return requests.get(sandbox.url + path, headers={"Authorization": f"Basic {basic}"}, timeout=5).status_code

    through = f"/ex/jira/{told.json()['cloudId']}"
    assert asks(f"{through}/rest/api/3/myself", person.scoped_token) == 200
    assert asks(f"{through}/rest/api/3/myself", person.token) == 401
    assert asks("/rest/api/3/myself", person.scoped_token) == 401
    assert asks("/ex/jira/another/rest/api/3/myself", person.scoped_token) == 404
    assert asks(f"{through}/rest/webhooks/1.0/webhook", sandbox.site.person(INES).scoped_token) == 401


def test_a_client_gets_a_token_for_an_hour(sandbox: Sandbox, clock: Clock) -> None:
    id, secret = sandbox.site.person(PLUGIN).client

    def grant(**changed: str) -> requests.Response:
        sent = {"grant_type": "client_credentials", "client_id": id, "client_secret": secret, **changed}
        return requests.post(f"{sandbox.url}/oauth/token", json=sent, timeout=5)

    if not sandbox.site.cloud:
        assert grant().status_code == 401
        return
    assert grant(client_secret="guessed").status_code == 401
    assert grant(grant_type="password").status_code == 400
    bearer = grant().json()
    assert bearer["expires_in"] == 3600

    def status() -> int:
        url = f"{sandbox.url}/ex/jira/{sandbox.cloud_id}/rest/api/3/myself"
        headers = {"Authorization": f"Bearer {bearer['access_token']}"}
        return requests.get(url, headers=headers, timeout=5).status_code

    assert status() == 200
    clock.now += timedelta(minutes=61)
    assert status() == 401
