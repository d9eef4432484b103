"""Webhooks as they arrive: what they say in each flavour, how they are signed, tried again, lost and held."""

import hashlib
import hmac
import json
import time
from typing import Any

import pytest

from plugin.sandbox import Behaviour, Flavour, Sandbox, running_sandbox, seed
from tests.plugin.sandbox.conftest import MIRA, PLUGIN, Caller, Receiver


def bodies(sandbox: Sandbox, receiver: Receiver) -> list[dict[str, Any]]:
    assert sandbox.webhooks.wait_idle()
    return [json.loads(body) for _, body in receiver.got]


def raise_one(sandbox: Sandbox, summary: str = "Bäder & Küchen") -> None:
    mira = sandbox.site.person(MIRA)
    sandbox.jira.create(mira, mira, sandbox.site.request_types["1"], {"summary": summary})


def test_a_webhook_is_signed_over_its_raw_bytes(sandbox: Sandbox, receiver: Receiver) -> None:
    raise_one(sandbox)
    assert sandbox.webhooks.wait_idle()

    ((headers, body),) = receiver.got
    digest = hmac.new(b"s3cret", body, hashlib.sha256).hexdigest()
    assert headers["X-Hub-Signature"] == f"sha256={digest}"
    assert headers["User-Agent"] == "Atlassian Webhook HTTP Client"
    assert headers["Content-Type"] == "application/json; charset=UTF-8"
    assert "Bäder & Küchen".encode() in body
    if sandbox.site.cloud:
        assert headers["X-Atlassian-Webhook-Identifier"].isdecimal()
        assert headers["X-Atlassian-Webhook-Flow"] == "Primary"
    else:
        assert not [name for name in headers if name.startswith("X-Atlassian")]


def test_without_a_secret_nothing_is_signed(receiver: Receiver) -> None:
    with running_sandbox(webhook_url=receiver.url) as sandbox:
        raise_one(sandbox)
        assert sandbox.webhooks.wait_idle()

    assert "X-Hub-Signature" not in receiver.got[0][0]


def test_creation_names_who_raised_it_and_hides_the_e_mail_on_cloud(sandbox: Sandbox, receiver: Receiver) -> None:
    raise_one(sandbox)

    (body,) = bodies(sandbox, receiver)
    assert body["webhookEvent"] == "jira:issue_created"
    assert body["issue_event_type_name"] == "issue_created"
    assert body["issue"]["key"] == "SUP-1"
    assert isinstance(body["timestamp"], int)
    if sandbox.site.cloud:
        assert body["user"]["accountType"] == "customer"
        assert MIRA not in json.dumps(body)
    else:
        assert body["user"]["name"] == "mira.castellan"
        assert body["user"]["emailAddress"] == MIRA


def test_an_edit_tells_what_changed_with_field_ids_on_cloud_only(sandbox: Sandbox, receiver: Receiver) -> None:
    raise_one(sandbox)
    site, jira = sandbox.site, sandbox.jira
    tier, credits, due = (site.field(name).id for name in ("Support tier", "Credits left", "Response due"))
    written = {tier: {"value": "Premium"}, credits: 32, due: "2026-11-20T14:03:11.000+0000"}
    jira.edit(jira.issue("SUP-1"), site.person(PLUGIN), written)

    body = bodies(sandbox, receiver)[-1]
    items = {item["field"]: item for item in body["changelog"]["items"]}
    assert body["issue_event_type_name"] == "issue_updated"
    assert items["Support tier"]["to"] == site.field("Support tier").options[0].id
    assert items["Support tier"]["toString"] == "Premium"
    assert (items["Credits left"]["to"], items["Credits left"]["toString"]) == (None, "32")
    assert items["Response due"]["to"] == "2026-11-20T14:03:11+0000"
    assert {item["fieldtype"] for item in items.values()} == {"custom"}
    assert ("fieldId" in items["Support tier"]) == site.cloud


def test_an_edit_that_changes_nothing_is_not_told(sandbox: Sandbox, receiver: Receiver) -> None:
    raise_one(sandbox)
    jira, me = sandbox.jira, sandbox.site.person(PLUGIN)
    for _ in range(2):
        jira.edit(jira.issue("SUP-1"), me, {"summary": "Same"}, properties={"k": 1})

    assert [body["webhookEvent"] for body in bodies(sandbox, receiver)] == ["jira:issue_created", "jira:issue_updated"]


def test_a_comment_event_has_no_user_and_on_data_center_not_even_the_issue(
    sandbox: Sandbox, receiver: Receiver
) -> None:
    raise_one(sandbox)
    jira, me = sandbox.jira, sandbox.site.person(PLUGIN)
    comment = jira.comment(jira.issue("SUP-1"), me, "Hello", public=False)
    jira.edit_comment(jira.issue("SUP-1"), comment, me, "Hello again")

    _, created, commented, updated = bodies(sandbox, receiver)
    assert (created["webhookEvent"], updated["webhookEvent"]) == ("comment_created", "comment_updated")
    assert updated["comment"]["body"] == "Hello again"
    assert (commented["webhookEvent"], commented["issue_event_type_name"]) == ("jira:issue_updated", "issue_commented")
    for body in (created, updated):
        assert "user" not in body
        assert body["comment"]["self"] == f"{sandbox.url}/rest/api/2/issue/10001/comment/{comment.id}"
        if sandbox.site.cloud:
            assert body["comment"]["jsdPublic"] is False
            assert set(body["issue"]["fields"]) == {
                "summary",
                "issuetype",
                "project",
                "assignee",
                "priority",
                "status",
            }
        else:
            assert set(body) == {"timestamp", "webhookEvent", "comment"}


def test_transitions_and_deletion_are_told(sandbox: Sandbox, receiver: Receiver) -> None:
    raise_one(sandbox)
    jira, me = sandbox.jira, sandbox.site.person(PLUGIN)
    issue = jira.issue("SUP-1")
    jira.transition(issue, me, "21", {})
    jira.transition(issue, me, "31", {"resolution": {"name": "Done"}})
    jira.transition(issue, me, "51", {})
    jira.delete(issue, me)

    told = bodies(sandbox, receiver)[1:]
    assert [body.get("issue_event_type_name") for body in told] == [
        "issue_generic",
        "issue_resolved",
        "issue_reopened",
        None,
    ]
    resolved = {item["field"]: item for item in told[1]["changelog"]["items"]}
    assert (resolved["status"]["fromString"], resolved["status"]["toString"]) == ("In progress", "Resolved")
    assert (resolved["resolution"]["from"], resolved["resolution"]["to"]) == (None, "10000")
    assert told[3]["webhookEvent"] == "jira:issue_deleted"
    assert told[3]["issue"]["key"] == "SUP-1"


@pytest.mark.parametrize("trouble", [408, 409, 425, 429, 500, 503])
def test_cloud_tries_again_with_the_same_identifier_and_data_center_does_not(
    sandbox: Sandbox, receiver: Receiver, trouble: int
) -> None:
    receiver.answers = [trouble, trouble]
    raise_one(sandbox)
    assert sandbox.webhooks.wait_idle()

    headers = [headers for headers, _ in receiver.got]
    if sandbox.site.cloud:
        assert len({one["X-Atlassian-Webhook-Identifier"] for one in headers}) == 1
        assert [one.get("X-Atlassian-Webhook-Retry") for one in headers] == [None, "1", "2"]
        assert len({body for _, body in receiver.got}) == 1
    else:
        assert len(headers) == 1


def test_cloud_gives_up_after_five_more_attempts(receiver: Receiver) -> None:
    receiver.answers = [500] * 20
    with running_sandbox(webhook_url=receiver.url, retry_delays=[0.01] * 5) as sandbox:
        raise_one(sandbox)
        assert sandbox.webhooks.wait_idle()
        assert sandbox.webhooks.state()["deliveries"][0]["answers"] == [500] * 6

    assert len(receiver.got) == 6


def test_a_refusal_is_final(sandbox: Sandbox, receiver: Receiver) -> None:
    receiver.answers = [401]
    raise_one(sandbox)
    assert sandbox.webhooks.wait_idle()

    assert len(receiver.got) == 1


def test_a_receiver_that_is_not_there_is_tried_again_until_it_is(receiver: Receiver) -> None:
    with running_sandbox(seed(Flavour.CLOUD), webhook_url="http://127.0.0.1:1/", retry_delays=[0.05] * 5) as sandbox:
        raise_one(sandbox)
        deadline = time.monotonic() + 5
        while not sandbox.webhooks.state()["deliveries"][0]["answers"] and time.monotonic() < deadline:
            time.sleep(0.01)
        sandbox.webhooks.url = receiver.url
        assert sandbox.webhooks.wait_idle()
        answers = sandbox.webhooks.state()["deliveries"][0]["answers"]

    assert answers[0] == 0
    assert answers[-1] == 202


def test_webhooks_can_arrive_twice_or_not_at_all(sandbox: Sandbox, receiver: Receiver) -> None:
    sandbox.webhooks.behaviour = Behaviour(copies=3)
    raise_one(sandbox)
    assert sandbox.webhooks.wait_idle()
    assert len(receiver.got) == 3
    assert len({(headers.get("X-Atlassian-Webhook-Identifier"), body) for headers, body in receiver.got}) == 1

    sandbox.webhooks.behaviour = Behaviour(drop=True)
    raise_one(sandbox)
    assert sandbox.webhooks.wait_idle()
    assert len(receiver.got) == 3


def test_webhooks_can_be_held_and_released_in_any_order(sandbox: Sandbox, receiver: Receiver) -> None:
    sandbox.webhooks.behaviour = Behaviour(hold=True)
    for number in range(20):
        raise_one(sandbox, f"Number {number}")
    assert sandbox.webhooks.wait_idle()
    assert receiver.got == []
    assert sandbox.webhooks.state()["held"] == 20

    sandbox.webhooks.behaviour.shuffle_seconds = 0.2
    sandbox.webhooks.release()
    arrived = [body["issue"]["key"] for body in bodies(sandbox, receiver)]
    assert set(arrived) == {f"SUP-{number}" for number in range(1, 21)}
    assert arrived != sorted(arrived, key=lambda key: int(key[4:]))  # by chance: once in 20! runs


def test_what_the_plugin_writes_comes_back_as_a_webhook(plugin: Caller, receiver: Receiver, raised: str) -> None:
    credits = plugin.sandbox.site.field("Credits left").id
    plugin("PUT", f"/rest/api/2/issue/{raised}", json={"fields": {credits: 3}})

    echo = bodies(plugin.sandbox, receiver)[-1]
    assert echo["user"]["displayName"] == "Support Contract"
