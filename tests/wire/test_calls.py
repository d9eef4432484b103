"""Every call of the client against the sandbox, each exchange judged by the document that describes it."""

import ast
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

import plugin
from plugin.jira.client import JiraClient
from plugin.jira.errors import JiraGone
from plugin.sandbox import Guise, Sandbox, running_sandbox, seed
from tests.openapi import validate_traffic
from tests.wire.calls import CALLS, CLOUD_ONLY, Known
from tests.wire.documents import operation, require_documents
from tests.wire.undocumented import CALLED

PLUGIN, MIRA = "support-contract@vendor.example", "mira.castellan@aurora-robotics.example"
SENDERS = ("_call", "_pages")
Place = tuple[str, int]


@pytest.fixture(params=list(Guise))
def site(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    with running_sandbox(seed(Guise(request.param))) as sandbox:
        yield sandbox


def known(sandbox: Sandbox) -> Known:
    """A request of Mira's, with a comment, and what else there is."""
    here, jira = sandbox.site, sandbox.jira
    mira, nora = here.person(MIRA), here.person("nora.quist@vendor.example")
    issue = jira.create(mira, mira, here.request_types["1"], {"summary": "The arm stops"})
    comment = jira.comment(issue, mira, "Since Monday", public=True)
    tier, left = here.field("Support tier").id, here.field("Credits left").id
    account = nora.account_id if here.cloud else nora.username
    return Known(issue.key, comment.id, "11", "11", account, {tier: {"value": "Basic"}, left: 3})


def client(sandbox: Sandbox) -> JiraClient:
    us, cloud = sandbox.site.person(PLUGIN), sandbox.site.cloud
    return JiraClient(sandbox.url, us.email if cloud else None, us.token, "cloud" if cloud else "datacenter")


def call_everything(sandbox: Sandbox) -> None:
    jira, there = client(sandbox), known(sandbox)
    for name, call in CALLS.items():
        if sandbox.site.cloud or name not in CLOUD_ONLY:
            with suppress(JiraGone):  # what Data Center does not have, and properties that nobody has set
                call(jira, there)
    jira.close()


def test_every_line_that_sends_something_to_jira_is_run(monkeypatch: pytest.MonkeyPatch) -> None:
    run: set[Place] = set()
    for sender in SENDERS:
        monkeypatch.setattr(JiraClient, sender, _noting(getattr(JiraClient, sender), run))

    for guise in Guise:
        with running_sandbox(seed(guise)) as sandbox:
            call_everything(sandbox)

    assert _sending_lines() - run == set()


def test_every_call_and_every_answer_is_as_the_documents_say(site: Sandbox) -> None:
    require_documents()

    call_everything(site)

    traffic, cloud = site.traffic.all(), site.site.cloud
    assert validate_traffic(map(asdict, traffic), cloud=cloud) == len(traffic)
    operations = {operation(each.method, each.path, cloud) for each in traffic}
    assert None not in operations
    by_page = {str(each) for each in operations if each and not each.is_described(cloud)}
    assert by_page == CALLED[site.site.flavour].keys()


def _sending_lines() -> set[Place]:
    """Where the product calls one of the senders."""
    [root] = plugin.__path__
    return {
        (str(file), node.lineno)
        for file in Path(root).rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in SENDERS
    }


def _noting(sender: Callable[..., Any], run: set[Place]) -> Callable[..., Any]:
    def noted(*arguments: Any, **named: Any) -> Any:
        caller = sys._getframe(1)
        run.add((caller.f_code.co_filename, caller.f_lineno))
        return sender(*arguments, **named)

    return noted
