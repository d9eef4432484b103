"""The command line in this process and as one of its own, in an empty folder and with an empty environment."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests
from click.testing import CliRunner, Result

from plugin.jira.client import JiraClient
from plugin.mappings.load import load
from plugin.sandbox import Sandbox, running_sandbox
from plugin.settings import Settings
from plugin.store import Store, doors
from plugin.worker import Common, Worker
from tests.stores import migrated
from webhooks.__main__ import main

ROOT = Path(__file__).parents[3]
SHIPPED = ROOT / "mappings"
ACCOUNT = "support-contract@vendor.example"
MIRA = "mira.castellan@aurora-robotics.example"

Run = Callable[..., Result]
Spawn = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(autouse=True)
def _elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting is given, and nothing is written into the checkout."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def run() -> Run:
    """Return a function: arguments and settings -> what the command printed and its exit code."""

    def run(*arguments: str, **settings: str) -> Result:
        result = CliRunner().invoke(main, arguments, env={"MAPPINGS_DIR": str(SHIPPED), **settings})
        # Anything but an exit is a traceback for the person in front of it.
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    return run


@pytest.fixture
def spawn() -> Spawn:
    """Return a function: the same as a process of its own, its output piped."""

    def spawn(*arguments: str, **settings: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "webhooks", *arguments],
            env={**os.environ, "PYTHONPATH": str(ROOT), "MAPPINGS_DIR": str(SHIPPED), **settings},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return spawn


@pytest.fixture
def jira() -> Iterator[Sandbox]:
    with running_sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def access(jira: Sandbox) -> Mapping[str, str]:
    """Return the settings of an installation beside that Jira."""
    token = jira.site.person(ACCOUNT).token
    return {"JIRA_URL": jira.url, "JIRA_EMAIL": ACCOUNT, "JIRA_TOKEN": token, "JIRA_FLAVOUR": "cloud"}


@pytest.fixture
def raised(jira: Sandbox) -> str:
    """Return the key of a fault that Mira raised through the portal's API, in order in every respect."""
    mira, fields = jira.site.person(MIRA), {field.name: field.id for field in jira.site.fields.values()}
    values = {
        "summary": "All test runs stop at once",
        fields["Product"]: {"value": "expecco"},
        fields["Product version"]: "26.2",
        fields["Usage environment"]: {"value": "Production"},
        fields["Business impact"]: {"value": "Totally non-operational"},
    }
    answer = requests.post(
        f"{jira.url}/rest/servicedeskapi/request",
        json={"serviceDeskId": "1", "requestTypeId": "1", "requestFieldValues": values},
        auth=(mira.email, mira.token),
        timeout=10,
    )
    answer.raise_for_status()
    return str(answer.json()["issueKey"])


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = migrated(f"sqlite:///{tmp_path}/kept.sqlite3")
    yield opened
    opened.close()


@pytest.fixture
def installation(access: Mapping[str, str], store: Store, jira: Sandbox, raised: str) -> Mapping[str, str]:
    """Return the settings of an installation that has worked the one request."""
    mappings = load(SHIPPED).mappings
    assert mappings is not None
    client = JiraClient(jira.url, ACCOUNT, jira.site.person(ACCOUNT).token, "cloud")
    issue = jira.jira.issue(raised)
    with store.writing() as tx:
        doors.knock(tx, issue.id, issue.key, datetime.now(UTC))
    worker = Worker("one", store, client, lambda: mappings, Common(), timedelta(seconds=60))
    while worker.step():
        pass
    client.close()
    return {**access, "DATABASE_URL": store.engine.url.render_as_string(hide_password=False)}
