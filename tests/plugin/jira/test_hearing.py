"""What has to be known of comments before one of them can be the customer's word: all of them, and who sees each."""

from typing import Any

import pytest

from plugin.contract.model import Answer, SupportRequest
from plugin.jira.client import JiraClient
from plugin.jira.fields import FieldMap
from plugin.jira.hearing import listen
from plugin.jira.read import COMMENT, by_reporter, read
from plugin.sandbox import Fault, Flavour, Kind, Sandbox
from plugin.sandbox.records import Issue
from tests.plugin.jira.builders import DECLARED
from tests.plugin.jira.conftest import MIRA, PLUGIN

AGENT = "sam.okafor@vendor.example"


@pytest.fixture
def issue(sandbox: Sandbox, raised: str) -> Issue:
    return sandbox.jira.issue(raised)


def says(sandbox: Sandbox, issue: Issue, text: str, who: str = MIRA, public: bool = True) -> str:
    return sandbox.jira.comment(issue, sandbox.site.person(who), text, public).id


def asked(jira: JiraClient, issue: Issue, history: bool = True) -> dict[str, Any]:
    return jira.issue(issue.id, ["reporter", COMMENT], [], history=history)


def answers(jira: JiraClient, issue: Issue, fields: FieldMap) -> tuple[Answer, ...]:
    wanted = ["project", "created", "reporter", COMMENT, *(field.id for field in fields.values())]
    request = read(listen(jira, jira.issue(issue.id, wanted, [], history=True)), fields, DECLARED)
    assert isinstance(request, SupportRequest)
    return request.answers


def test_the_reporters_public_comments_are_answers_and_nothing_else_is(
    jira: JiraClient, sandbox: Sandbox, issue: Issue, fields: FieldMap
) -> None:
    for who in (MIRA, AGENT, PLUGIN, "jonas.feld@aurora-robotics.example"):
        for public in (True, False):
            says(sandbox, issue, f"{who} {public}", who, public)
    assert [each.text for each in answers(jira, issue, fields)] == [f"{MIRA} True"]


def test_an_answer_was_said_when_it_was_last_changed(
    jira: JiraClient, sandbox: Sandbox, issue: Issue, fields: FieldMap
) -> None:
    says(sandbox, issue, "26.")
    comment = issue.comments[0]
    sandbox.jira.edit_comment(issue, comment, sandbox.site.person(MIRA), "26.2")
    assert answers(jira, issue, fields) == (Answer("26.2", comment.updated),)


def test_what_an_agent_changed_is_not_the_reporters_word(
    jira: JiraClient, sandbox: Sandbox, issue: Issue, fields: FieldMap
) -> None:
    says(sandbox, issue, "26.1")
    sandbox.jira.edit_comment(issue, issue.comments[0], sandbox.site.person(AGENT), "26.2")
    assert answers(jira, issue, fields) == ()


def test_nobody_answers_themselves(jira: JiraClient, sandbox: Sandbox, issue: Issue, fields: FieldMap) -> None:
    issue.reporter = sandbox.site.person(PLUGIN)
    says(sandbox, issue, "26.2", PLUGIN)
    assert answers(jira, issue, fields) == ()


def test_without_a_comment_of_the_reporters_nothing_more_is_asked(
    jira: JiraClient, sandbox: Sandbox, issue: Issue
) -> None:
    says(sandbox, issue, "Which version?", AGENT)
    seen = asked(jira, issue)
    sandbox.traffic.clear()
    assert by_reporter(listen(jira, seen)) == []
    assert sandbox.traffic.all() == []


def test_only_data_center_is_asked_who_sees_a_comment(jira: JiraClient, sandbox: Sandbox, issue: Issue) -> None:
    public, note = says(sandbox, issue, "26.2"), says(sandbox, issue, "26.2", public=False)
    seen = asked(jira, issue)
    jira.account()
    sandbox.traffic.clear()
    heard = listen(jira, seen)
    assert note != public
    assert [each["id"] for each in by_reporter(heard)] == [public]
    assert len(sandbox.traffic.all()) == (0 if sandbox.site.cloud else 1)
    assert all("jsdPublic" not in each for each in seen["fields"][COMMENT]["comments"]) is not sandbox.site.cloud


@pytest.mark.parametrize("flavour", [Flavour.DATACENTER], indirect=True)
def test_comments_that_servicedeskapi_keeps_from_us_are_nobodys_word(
    jira: JiraClient, sandbox: Sandbox, issue: Issue
) -> None:
    says(sandbox, issue, "26.2")
    seen = asked(jira, issue)
    sandbox.faults.add(Fault(Kind.FORBIDDEN, "GET", "/servicedeskapi/request/"))
    assert by_reporter(listen(jira, seen)) == []


def test_a_change_log_that_did_not_fit_is_fetched_where_somebody_answered(
    jira: JiraClient, sandbox: Sandbox, issue: Issue
) -> None:
    for number in range(230):
        sandbox.jira.edit(issue, sandbox.site.person(AGENT), {"summary": f"Try {number}"})
    silent = listen(jira, asked(jira, issue))
    assert len(silent["changelog"]["histories"]) == (100 if sandbox.site.cloud else 230)
    says(sandbox, issue, "26.2")
    assert len(listen(jira, asked(jira, issue))["changelog"]["histories"]) == 230


def test_listening_does_not_change_the_issue_that_was_seen(jira: JiraClient, sandbox: Sandbox, issue: Issue) -> None:
    says(sandbox, issue, "26.2")
    seen = asked(jira, issue)
    before = repr(seen)
    listen(jira, seen)
    assert repr(seen) == before
