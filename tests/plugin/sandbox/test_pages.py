"""The pages for people, without a browser: forms, refusals, and that nothing a person typed becomes markup."""

from datetime import UTC, datetime

import pytest
import requests
from markupsafe import escape

from plugin.sandbox import Sandbox
from tests.plugin.sandbox.conftest import MIRA, PLUGIN, Caller

NASTY = "<script>alert('x')</script>\"'&"


def get(sandbox: Sandbox, path: str) -> requests.Response:
    return requests.get(sandbox.url + path, timeout=5)


def post(sandbox: Sandbox, path: str, /, **form: str) -> requests.Response:
    return requests.post(sandbox.url + path, data=form, timeout=5)


def test_whatever_a_person_typed_is_shown_as_text(sandbox: Sandbox) -> None:
    version = sandbox.site.field("Product version").id
    form = {"as": MIRA, "summary": NASTY, "description": NASTY, version: NASTY}
    post(sandbox, "/portal/new/1", **form)
    post(sandbox, "/portal/SUP-1/comment", body=NASTY)
    post(sandbox, "/agent/SUP-1/comment", body=NASTY)

    for path in ("/agent", "/agent/SUP-1", "/portal/SUP-1", f"/portal?as={MIRA}", "/agent/SUP-1%3Cscript%3Ex"):
        assert "<script>" not in get(sandbox, path).text
    for path in ("/agent.json", "/agent/SUP-1.json", "/portal/SUP-1.json"):
        assert all("<script>" not in part for part in get(sandbox, path).json().values())
    assert str(escape(NASTY)) in get(sandbox, "/agent/SUP-1").text


def test_a_wrong_form_is_shown_again_with_what_was_typed(sandbox: Sandbox) -> None:
    product = sandbox.site.field("Product").id
    form = {"as": MIRA, "summary": "", "description": "kept", product: "expecco 3000"}
    page = post(sandbox, "/portal/new/1", **form).text

    assert "Product: Option value &#39;expecco 3000&#39; is not valid" in page
    assert ">kept</textarea>" in page
    assert sandbox.jira.issues() == []


def test_without_knowing_who_you_are_nothing_can_be_raised(sandbox: Sandbox) -> None:
    assert "Who are you?" in post(sandbox, "/portal/new/1", summary="x").text
    assert "Who are you?" in get(sandbox, f"/portal/new/1?as={PLUGIN}").text
    assert sandbox.jira.issues() == []


def test_the_agent_can_do_all_of_the_work(sandbox: Sandbox, raised: str) -> None:
    jira, site = sandbox.jira, sandbox.site
    issue = jira.issue(raised)
    environment = site.field("Usage environment").id

    post(sandbox, f"/agent/{raised}/fields", **{environment: "Production"})
    assert jira.issue(raised).values[environment] == site.field("Usage environment").options[0]
    post(sandbox, f"/agent/{raised}/fields", **{environment: ""})
    assert jira.issue(raised).values[environment] is None
    post(sandbox, f"/agent/{raised}/comment", body="For us", internal="on")
    post(sandbox, f"/agent/{raised}/comment", body="For you")
    assert [(one.body, one.public, one.author.name) for one in issue.comments] == [
        ("For us", False, "Sam Okafor"),
        ("For you", True, "Sam Okafor"),
    ]
    seen = get(sandbox, f"/portal/{raised}").text
    assert "For you" in seen
    assert "For us" not in seen
    assert "For us" not in get(sandbox, f"/portal/{raised}.json").text
    post(sandbox, f"/agent/{raised}/transition/31", resolution="Product defect")
    assert issue.resolution
    assert issue.resolution.name == "Product defect"
    post(sandbox, f"/agent/{raised}/delete")
    assert jira.issues() == []


def test_the_agent_books_times_of_utc_and_finds_them_again_in_the_form(sandbox: Sandbox, raised: str) -> None:
    issue, field = sandbox.jira.issue(raised), sandbox.site.field("Appointment from")
    post(sandbox, f"/agent/{raised}/fields", **{field.id: "2026-11-21T09:00"})
    assert issue.values[field.id] == datetime(2026, 11, 21, 9, tzinfo=UTC)
    page = get(sandbox, f"/agent/{raised}").text
    assert f'name="{field.id}" type="datetime-local" value="2026-11-21T09:00"' in page
    assert "Appointment from (UTC)" in page
    assert "Sat 21 Nov 2026, 09:00 UTC" in page

    refused = post(sandbox, f"/agent/{raised}/fields", **{field.id: "tomorrow"})
    assert refused.status_code == 400
    assert "Appointment from: Error parsing date string: tomorrow" in refused.text
    post(sandbox, f"/agent/{raised}/fields", **{field.id: ""})
    assert issue.values[field.id] is None


def test_the_customer_can_answer_and_correct_the_version(sandbox: Sandbox, raised: str) -> None:
    post(sandbox, f"/portal/{raised}/comment", body="It is 25.2")
    post(sandbox, f"/portal/{raised}/version", version="25.2")

    issue = sandbox.jira.issue(raised)
    assert [(one.body, one.author.email) for one in issue.comments] == [("It is 25.2", MIRA)]
    assert issue.values[sandbox.site.field("Product version").id] == "25.2"
    assert issue.history[-1].author.email == MIRA


def test_the_agent_sees_and_changes_the_priority(sandbox: Sandbox, raised: str) -> None:
    assert '<dd data-key="Priority">Medium</dd>' in get(sandbox, f"/agent/{raised}.json").json()["contract"]
    assert "<option selected>Medium</option>" in get(sandbox, f"/agent/{raised}").text

    post(sandbox, f"/agent/{raised}/fields", priority="Low")

    assert '<dd data-key="Priority">Low</dd>' in get(sandbox, f"/agent/{raised}.json").json()["contract"]
    assert "Priority" not in get(sandbox, f"/portal/{raised}").text


@pytest.mark.parametrize("path", ["/agent/SUP-9", "/portal/SUP-9", "/agent/SUP-9.json"])
def test_a_request_that_is_gone_is_told_in_a_sentence(sandbox: Sandbox, path: str) -> None:
    answer = get(sandbox, path)

    assert answer.status_code == 404
    assert "That did not work" in answer.text


def test_the_pages_need_nothing_from_elsewhere(sandbox: Sandbox, raised: str) -> None:
    for path in ("/", "/portal", "/agent", f"/agent/{raised}", f"/portal/{raised}"):
        page = get(sandbox, path).text.replace(sandbox.webhooks.url or "", "")
        assert "http://" not in page
        assert "https://" not in page
    for path in ("/static/sandbox.css", "/static/live.js"):
        assert "http" not in get(sandbox, path).text


def test_what_the_plugin_writes_is_in_the_next_look(plugin: Caller, raised: str) -> None:
    site = plugin.sandbox.site
    written = {site.field("Response due").id: "2026-11-20T14:03:11.000+0000", site.field("Credits left").id: 31.5}
    plugin("PUT", f"/rest/api/2/issue/{raised}", json={"fields": written})

    parts = get(plugin.sandbox, f"/agent/{raised}.json").json()
    assert "Fri 20 Nov 2026, 14:03 UTC" in parts["contract"]
    assert "31.5" in parts["contract"]
    assert "Fri 20 Nov 2026, 14:03 UTC" in get(plugin.sandbox, "/agent.json").json()["queue"]


def test_a_comment_is_shown_as_jira_renders_it(sandbox: Sandbox) -> None:
    post(sandbox, "/portal/new/1", **{"as": MIRA, "summary": "Stops"})
    post(sandbox, "/agent/SUP-1/comment", body=r"ended on 2025\-12\-31, C:\Temp")

    assert r"ended on 2025-12-31, C:\Temp" in get(sandbox, "/portal/SUP-1").text
