"""Every call that the product can send, against the sandbox, each exchange judged by what describes it."""

import ast
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

import plugin
from plugin.jira import inquiries
from plugin.jira.admin import Admin
from plugin.jira.client import JiraClient
from plugin.jira.errors import JiraGone
from plugin.jira.gateway import ClientCredentials
from plugin.jira.transport import TIMEOUT, Transport
from plugin.sandbox import Guise, Sandbox, running_sandbox, seed
from tests.openapi import validate_traffic
from tests.wire.calls import CALLS, CLOUD_ONLY, Known, administer, register
from tests.wire.documents import operation, require_documents
from tests.wire.undocumented import CALLED, OUTSIDE

PLUGIN, MIRA, INES = (
    "support-contract@vendor.example",
    "mira.castellan@aurora-robotics.example",
    "ines.falk@vendor.example",
)
CLIENTS = (Transport, JiraClient, Admin)
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
    return Known(issue.key, "SUP", comment.id, "11", "11", account, {tier: {"value": "Basic"}, left: 3})


def client(sandbox: Sandbox, email: str = PLUGIN) -> JiraClient:
    us, cloud = sandbox.site.person(email), sandbox.site.cloud
    return JiraClient(sandbox.url, us.email if cloud else None, us.token, "cloud" if cloud else "datacenter")


def call_everything(sandbox: Sandbox) -> None:
    """All calls but those about webhooks and tokens, which no document has."""
    jira, there = client(sandbox), known(sandbox)
    for name, call in CALLS.items():
        if sandbox.site.cloud or name not in CLOUD_ONLY:
            with suppress(JiraGone):  # what Data Center does not have, and properties that nobody has set
                call(jira, there)
    jira.close()
    administer(_admin(sandbox), there)


def test_every_line_that_sends_something_to_jira_is_run(monkeypatch: pytest.MonkeyPatch) -> None:
    run: set[Place] = set()
    for owner in CLIENTS:
        for sender in _senders() & vars(owner).keys():
            monkeypatch.setattr(owner, sender, _noting(getattr(owner, sender), run))
    for guise in Guise:
        with running_sandbox(seed(guise)) as sandbox:
            call_everything(sandbox)
            register(_admin(sandbox))
            with suppress(JiraGone):  # Cloud has none
                inquiries.tokens(client(sandbox))

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


def test_what_is_sent_outside_of_the_api_is_told_from_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: set[str] = set()

    def noting(method: str, send: Callable[..., requests.Response]) -> Callable[..., requests.Response]:
        def noted(url: str, **options: Any) -> requests.Response:
            sent.add(f"{method} {urlsplit(url).path}")
            return send(url, **options)

        return noted

    for method in ("get", "post"):
        monkeypatch.setattr(requests, method, noting(method.upper(), getattr(requests, method)))
    with running_sandbox(seed()) as sandbox:
        id, secret = sandbox.site.person(PLUGIN).client
        credentials = ClientCredentials(sandbox.url, id, secret, sandbox.clock, TIMEOUT)
        jira = JiraClient(sandbox.url, None, secret, "cloud", credentials=credentials, gateway=sandbox.url)
        jira.myself()
        jira.close()

    assert sent == OUTSIDE.keys()
    # The transport sends all the rest, but for a stranger's greeting: GET /rest/api/2/serverInfo.
    senders = {Path(file).name for file, text in _sources().items() if "= requests." in text}
    assert senders == {"transport.py", "gateway.py", "greeting.py"}


def _admin(sandbox: Sandbox) -> Admin:
    admin = Admin(client(sandbox, INES))
    admin.major = sandbox.site.guise.version[0]
    return admin


@cache
def _sources() -> dict[str, str]:
    [root] = plugin.__path__
    jira = Path(root) / "jira"
    return {str(file): file.read_text(encoding="utf-8") for file in sorted(jira.rglob("*.py"))}


@cache
def _senders() -> frozenset[str]:
    """The methods by which the others send: `call`, `pages`, and whatever private one comes to them."""
    functions = [
        node
        for text in _sources().values()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("_")
    ]
    senders, before = {"call", "pages"}, set[str]()
    while senders != before:
        before = set(senders)
        senders |= {each.name for each in functions if any(_is_call_of(node, before) for node in ast.walk(each))}
    return frozenset(senders)


def _sending_lines() -> set[Place]:
    """Where the product calls one of the senders."""
    return {
        (file, node.lineno)
        for file, text in _sources().items()
        for node in ast.walk(ast.parse(text))
        if _is_call_of(node, _senders()) and isinstance(node, ast.Call)
    }


def _is_call_of(node: ast.AST, names: frozenset[str] | set[str]) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in names


def _noting(sender: Callable[..., Any], run: set[Place]) -> Callable[..., Any]:
    def noted(*arguments: Any, **named: Any) -> Any:
        caller = sys._getframe(1)
        run.add((caller.f_code.co_filename, caller.f_lineno))
        return sender(*arguments, **named)

    return noted
