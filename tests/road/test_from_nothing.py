"""From a Jira without our fields to a request that is charged, and back: as an admin goes, in all four guises."""

import json
import re
import socket
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import requests
from click.testing import CliRunner

from plugin.jira.setup import clicks
from plugin.sandbox import Guise, Sandbox, running_sandbox, seed
from plugin.sandbox.seed import TYPE_OF
from plugin.sandbox.site import Option
from plugin.sandbox.state import Issue
from plugin.settings import Settings
from tests.openapi import judge
from tests.road.house import ACCOUNT, DOWN, FAULT, MIRA, NEWEST, UNCLEAR
from tests.road.processes import MAPPINGS, running, wait_until
from webhooks.__main__ import main

INES = "ines.falk@vendor.example"
MAY_WARN = {"time zones", "files", "file mode", "balance board"}
"""This machine, the examples' dates, and that Data Center has no organization properties."""

OLD = {"version", "signed", "registered"}
"""That Data Center 9 cannot sign, which a rule makes up for."""

_TEAM = re.compile(
    r"add it to the work type: (?P<kind>.+?\)|a number|a date and time)(?: with (?P<options>.+))?, named '"
)
_OPTIONS = re.compile(r"add the options (?P<options>.+)$")
_HEADER = re.compile(r"to (?P<url>http\S+), .* the header (?P<header>[\w-]+),")


@pytest.fixture(params=list(Guise))
def jira(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    with running_sandbox(seed(Guise(request.param), bare=True)) as sandbox:
        yield sandbox
    judge(sandbox)


@pytest.fixture
def access(jira: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Mapping[str, str]:
    """Return what README.md has an admin set, without who it is."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "secrets").mkdir()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    return {
        "JIRA_URL": jira.url,
        "JIRA_FLAVOUR": str(jira.site.flavour),
        "JIRA_REQUESTS_PER_SECOND": "100",
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "PORT": str(port),
        "SECRETS_DIR": str(tmp_path / "secrets"),
        "DATABASE_URL": f"sqlite:///{tmp_path}/kept.sqlite3",
        "MAPPINGS_DIR": str(MAPPINGS),
    }


def whoever(jira: Sandbox, who: str) -> dict[str, str]:
    token = {"JIRA_TOKEN": jira.site.person(who).token}
    return {"JIRA_EMAIL": who, **token} if jira.site.cloud else token


def told(environment: Mapping[str, str], *arguments: str) -> Any:
    """What a command says to scripts; everything else would be a traceback for whoever sits in front of it."""
    result = CliRunner().invoke(main, [*arguments, "--json"], env=environment)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def state(jira: Sandbox) -> dict[str, Any]:
    """Everything that setup could have changed."""
    fields = {id: field for id, field in jira.site.fields.items() if field.scope is None}
    return {"fields": fields, "properties": dict(jira.site.properties), "screen": list(jira.site.default_screen)}


def click(jira: Sandbox, row: Mapping[str, str], secrets: Path) -> None:
    """Do by hand what a row of setup says, with no more knowledge than it gives."""
    what, said = row["what"], row["told"]
    if what.startswith("request types in "):
        for name in said.partition("of: ")[2].split(", "):
            post(jira, "fields", {"name": name, "portal": True})
    elif found := _TEAM.match(said):
        kind = next(word for word in TYPE_OF if clicks.kind(word) == found["kind"])
        name = re.fullmatch(r"field (.+) in SUP", what)
        assert name, what
        post(jira, "fields", {"name": name[1], "type": kind, "options": (found["options"] or "").split(", ")})
    elif found := _OPTIONS.search(said):
        name = re.fullmatch(r"field (.+) in SUP", what)
        assert name, what
        post(jira, "fields", {"name": name[1], "options": found["options"].split(", ")})
    else:
        found = _HEADER.search(said)
        assert found, f"nobody could do this: {row}"
        secret = (secrets / "webhook_header_secrets").read_text().strip()
        post(jira, "webhooks", {"url": found["url"], "rule": {found["header"]: secret}})


def post(jira: Sandbox, path: str, body: Mapping[str, Any]) -> None:
    answer = requests.post(f"{jira.url}/sandbox/{path}", json=body, timeout=10)
    assert answer.ok, answer.text


def raised(jira: Sandbox, version: str) -> Issue:
    """Mira raises a fault in the portal, with whatever its form asks for."""
    desk, mira = f"{jira.url}/rest/servicedeskapi", jira.site.person(MIRA)
    login: Any = (
        {"auth": (mira.email, mira.token)}
        if jira.site.cloud
        else {"headers": {"Authorization": f"Bearer {mira.token}"}}
    )
    kinds = requests.get(f"{desk}/servicedesk/1/requesttype", timeout=10, **login).json()["values"]
    kind = next(each["id"] for each in kinds if each["name"] == FAULT)
    form = requests.get(f"{desk}/servicedesk/1/requesttype/{kind}/field", timeout=10, **login).json()
    asked = {each["name"]: each["fieldId"] for each in form["requestTypeFields"]}
    values = {
        asked["Summary"]: "All test runs stop at once",
        asked["Product"]: {"value": "expecco"},
        asked["Product version"]: version,
        asked["Usage environment"]: {"value": "Production"},
        asked["Business impact"]: {"value": DOWN},
    }
    body = {"serviceDeskId": "1", "requestTypeId": kind, "requestFieldValues": values}
    answer = requests.post(f"{desk}/request", json=body, timeout=10, **login)
    assert answer.status_code == 201, answer.text
    key = answer.json()["issueKey"]
    return next(issue for issue in jira.jira.issues() if issue.key == key)


def test_from_a_bare_jira_to_a_charged_request_and_back(
    jira: Sandbox, access: Mapping[str, str], tmp_path: Path
) -> None:
    secrets, before = tmp_path / "secrets", state(jira)
    admin, service = {**access, **whoever(jira, INES)}, {**access, **whoever(jira, ACCOUNT)}
    hurried = {**admin, "JIRA_REQUESTS_PER_SECOND": "5000"}

    for row in told(hurried, "setup", "--apply")["rows"]:
        if row["state"] == "by hand":
            click(jira, row, secrets)
    again = told(hurried, "setup")["rows"]
    assert {row["state"] for row in again} <= {"there", "by hand"}
    assert all(row["what"].startswith(("request types", "webhook")) for row in again if row["state"] == "by hand")

    with running(tmp_path, "serve", ["serve"], service):
        clear, unclear = raised(jira, NEWEST), raised(jira, UNCLEAR)

        def shown(name: str) -> Any:
            value = clear.values.get(jira.site.field(name).id)
            return value.value if isinstance(value, Option) else value

        wait_until(lambda: shown("Credits left") is not None, f"{clear.key} shows what is left")
        wait_until(lambda: any(each.public for each in unclear.comments), f"{unclear.key} is asked about")
        assert jira.webhooks.wait_idle()
        names = ("Eligibility", "Support tier", "Ruled severity", "Credits charged", "Response kept")
        assert [shown(name) for name in names] == ["Eligible", "Premium", "Severity 1", 1, "Open"]
        assert shown("Response due") is not None

        found = told(admin, "doctor", "--with", clear.key)
        assert found["counts"]["wrong"] == 0
        warned = {line["probe"]: line["sentence"] for line in found["lines"] if line["verdict"] == "warning"}
        assert warned.keys() - MAY_WARN - (OLD if jira.site.guise is Guise.DATACENTER_9 else set()) == set(), warned

    assert told(hurried, "setup", "--undo", "--apply")["applied"]
    assert state(jira) == before
