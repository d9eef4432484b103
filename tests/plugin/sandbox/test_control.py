"""What people do by hand in a Jira, done over the sandbox's own addresses: fields, and a rule instead of a webhook."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from plugin.sandbox import Guise, Sandbox, running_sandbox, seed
from tests.plugin.sandbox.conftest import Receiver


@pytest.fixture(params=[Guise.COMPANY_MANAGED, Guise.TEAM_MANAGED])
def jira(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    with running_sandbox(seed(Guise(request.param), bare=True), retry_delays=[]) as sandbox:
        yield sandbox


def post(jira: Sandbox, path: str, **body: Any) -> requests.Response:
    return requests.post(f"{jira.url}/sandbox/{path}", json=body, timeout=10)


def test_a_field_is_made_in_the_project_and_put_on_the_portal(jira: Sandbox) -> None:
    assert post(jira, "fields", name="Tier", type="select", options=["Premium"], portal=True).ok
    field = jira.site.field("Tier")
    assert (jira.site.editable(field.id), field.on_portal) == (True, True)
    assert field.scope == (jira.site.project.id if jira.site.team_managed else None)
    assert [option.value for option in field.options] == ["Premium"]


def test_options_are_added_once_and_the_rest_stays_as_it_is(jira: Sandbox) -> None:
    post(jira, "fields", name="Tier", type="select", options=["Premium"], portal=True)
    before = jira.site.field("Tier")
    assert post(jira, "fields", name="Tier", options=["Premium", "Basic"]).ok
    after = jira.site.field("Tier")
    assert [option.value for option in after.options] == ["Premium", "Basic"]
    assert (after.id, after.options[0], after.on_portal) == (before.id, before.options[0], True)


@pytest.mark.parametrize("body", [{"name": "Tier"}, {"name": "Tier", "type": "colour"}, {"name": ["Tier"]}])
def test_what_cannot_be_made_is_said(jira: Sandbox, body: dict[str, Any]) -> None:
    answer = post(jira, "fields", **body)
    assert answer.status_code == 400
    assert answer.json()["errorMessages"]


def test_a_rule_stands_in_for_the_webhook_and_tells_the_issue_alone(jira: Sandbox, receiver: Receiver) -> None:
    assert post(jira, "webhooks", url=receiver.url, secret="hush", rule={"X-Secret": "hush"}).ok
    mira = jira.site.person("mira.castellan@aurora-robotics.example")
    issue = jira.jira.create(mira, mira, jira.site.request_types["1"], {"summary": "It stops"})
    jira.jira.comment(issue, mira, "Still so.", public=True)
    assert jira.webhooks.wait_idle()
    assert receiver.got
    for headers, body in receiver.got:
        assert (headers["X-Secret"], headers.get("X-Hub-Signature")) == ("hush", None)
        told = json.loads(body)
        assert (list(told), told["issue"]["key"]) == (["issue"], issue.key)
