"""The client and the whole road against Prism, which plays Jira by Atlassian's documents: not by what we believe."""

import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from plugin.jira.admin import Admin
from plugin.jira.client import JiraClient
from plugin.sandbox import Flavour, running_sandbox, seed
from plugin.sandbox.wire import Exchange
from tests.road.house import NEWEST, TOO_OLD, emptied, house, sqlite_store
from tests.wire.calls import CALLS, CLOUD_ONLY, Known, administer
from tests.wire.documents import Json, Operation, cut, operation, require_documents
from tests.wire.prism import Mock, prism, require_prism
from tests.wire.test_calls import call_everything

EXAMPLE = Known("ED-1", "ED", "10000", "5", "1", "5b10a2844c20165700ede21g", {"customfield_10010": {"value": "Basic"}})


@pytest.fixture(autouse=True)
def needed() -> None:
    require_documents()
    require_prism()


@pytest.mark.parametrize("flavour", Flavour)
def test_every_call_is_accepted_and_every_example_is_understood(flavour: Flavour, tmp_path: Path) -> None:
    cloud = flavour is Flavour.CLOUD
    with running_sandbox(seed(flavour)) as sandbox:
        call_everything(sandbox)
        operations = _operations(sandbox.traffic.all(), cloud)
    with prism(cut(operations), tmp_path) as mock:
        jira = _client(mock, cloud)
        for name, call in CALLS.items():
            if cloud or name not in CLOUD_ONLY:
                call(jira, EXAMPLE)
        administer(Admin(jira), EXAMPLE)
        jira.close()
        assert mock.objections == []
        assert {operation(*asked, cloud) for asked in mock.asked} == operations


@pytest.mark.parametrize("flavour", Flavour)
@pytest.mark.parametrize("version", [NEWEST, TOO_OLD], ids=["a charge and a board", "a reply and a transition"])
def test_a_look_sends_nothing_that_prism_objects_to(flavour: Flavour, version: str, tmp_path: Path) -> None:
    cloud = flavour is Flavour.CLOUD
    with sqlite_store(tmp_path) as store, house(store, seed(flavour)) as home:
        issue = home.raised(version=version)
        home.settle()
        seen = home.sandbox.traffic.all()
        document = cut(_operations(seen, cloud))
        _answer_as(document, seen, cloud)
        emptied(store)
        with prism(document, tmp_path) as mock:
            jira = _client(mock, cloud)
            home.knock(issue)
            home.worker(jira=jira).step()
            jira.close()
            assert mock.objections == []
            assert {operation(*asked, cloud) for asked in mock.asked} == _operations(seen, cloud)


def _client(mock: Mock, cloud: bool) -> JiraClient:
    return JiraClient(mock.url, "us@vendor.example" if cloud else None, "t", "cloud" if cloud else "datacenter")


def _operations(exchanges: Iterable[Exchange], cloud: bool) -> set[Operation]:
    found = {operation(each.method, each.path, cloud) for each in exchanges}
    return {each for each in found if each}


def _answer_as(document: Json, exchanges: Iterable[Exchange], cloud: bool) -> None:
    """Let the mock answer what was answered first: Atlassian's examples know no field of ours."""
    for each in reversed(list(exchanges)):
        asked = operation(each.method, each.path, cloud)
        if asked and each.answer and each.status < 300:
            responses = document["paths"][asked.path][asked.method.lower()]["responses"]
            responses[str(each.status)]["content"]["application/json"]["example"] = json.loads(each.answer)
