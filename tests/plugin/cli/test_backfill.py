"""backfill: the report before anything is written, the question, the run, and how it goes on after a kill."""

import csv
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from plugin.sandbox import Sandbox
from plugin.sandbox.faults import Fault, Kind
from plugin.store import Store, backfills
from plugin.store.census import open_doors
from tests.plugin.cli.conftest import ACCOUNT, ROOT, SHIPPED, Run
from tests.stores import migrated

ALL = ("--jql", "created >= -900d")
DONE = "Done: every request shows what it should.\n"
LETTERS = "2 requests found: 2 to be written to, 0 left out, 0 as they should be."


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = migrated(f"sqlite:///{tmp_path}/kept.sqlite3")
    yield opened
    opened.close()


@pytest.fixture
def installation(access: Mapping[str, str], store: Store, jira: Sandbox) -> Mapping[str, str]:
    """Return the settings of an installation; Jira has two requests that were done before it was there."""
    mira, kind = jira.site.person("mira.castellan@aurora-robotics.example"), jira.site.request_types["1"]
    fields = {field.name: field.id for field in jira.site.fields.values()}
    for version in ("26.2", "=cmd<b>"):
        values = {
            "summary": "An old one",
            fields["Product"]: {"value": "expecco"},
            fields["Product version"]: version,
            fields["Usage environment"]: {"value": "Production"},
            fields["Business impact"]: {"value": "Seriously impaired"},
        }
        issue = jira.jira.create(mira, mira, kind, values)
        jira.jira.transition(issue, jira.site.person(ACCOUNT), "31", {"resolution": {"name": "Done"}})
    return {**access, "DATABASE_URL": store.engine.url.render_as_string(hide_password=False)}


def _writes(jira: Sandbox) -> list[str]:
    return [one.path for one in jira.traffic.all() if one.method != "GET"]


def _tier(jira: Sandbox, key: str) -> object:
    return jira.jira.issue(key).values.get(jira.site.field("Support tier").id)


def test_a_dry_run_writes_only_the_report(
    run: Run, installation: Mapping[str, str], jira: Sandbox, store: Store, tmp_path: Path
) -> None:
    result = run("backfill", *ALL, "--dry-run", "--report", "reports", **installation)
    assert result.exit_code == 0
    assert LETTERS in result.stdout
    assert "No credits are charged; nobody is written to, no status moved." in result.stdout
    assert _writes(jira) == []
    with store.reading() as tx:
        assert (open_doors(tx), backfills.under_way(tx)) == ([], None)
    sheet, page = sorted((tmp_path / "reports").iterdir())
    rows = list(csv.DictReader(sheet.read_text().splitlines()))
    tier = next(row for row in rows if (row["request"], row["what"]) == ("SUP-1", "Support tier"))
    assert (tier["before"], tier["after"], tier["open"], tier["customer"]) == (
        "none",
        "Premium",
        "no",
        "aurora-robotics",
    )
    assert "[C1 " in tier["why"]
    assert "Support tier" in page.read_text()


def test_what_a_customer_typed_works_neither_in_the_page_nor_in_the_sheet(
    run: Run, installation: Mapping[str, str], tmp_path: Path
) -> None:
    run("backfill", *ALL, "--dry-run", "--report", str(tmp_path / "reports"), **installation)
    sheet, page = sorted((tmp_path / "reports").iterdir())
    assert "<b>" in sheet.read_text()
    assert "<b>" not in page.read_text()
    assert "http" not in page.read_text().replace("http-equiv", "")
    cells = [cell for row in csv.reader(sheet.read_text().splitlines()) for cell in row]
    assert [cell for cell in cells if cell.startswith(("=", "@", "+"))] == []


def test_it_asks_before_it_writes(run: Run, installation: Mapping[str, str], jira: Sandbox, store: Store) -> None:
    refused = run("backfill", *ALL, **installation)
    assert (refused.exit_code, refused.stdout.splitlines()[-1]) == (1, "Write this to 2 requests? [y/N]: ")
    assert _writes(jira) == []
    with store.reading() as tx:
        assert backfills.under_way(tx) is None
    done = run("backfill", *ALL, "--yes", "--per-minute", "6000", **installation)
    assert (done.exit_code, done.stdout.endswith(DONE), done.stderr) == (0, True, "")
    assert "request_id=" not in done.stdout
    assert str(_tier(jira, "SUP-1")) == str(_tier(jira, "SUP-2")) != "None"
    before = len(_writes(jira))
    again = run("backfill", *ALL, "--yes", **installation)
    assert (again.exit_code, "0 to be written to" in again.stdout) == (0, True)
    assert len(_writes(jira)) == before


def test_a_script_gets_the_whole_report(run: Run, installation: Mapping[str, str]) -> None:
    assert run("backfill", *ALL, "--json", **installation).stderr == (
        "Error: With --json nobody is asked: add --dry-run or --yes.\n"
    )
    data = json.loads(run("backfill", *ALL, "--dry-run", "--charge", "--json", **installation).stdout)
    assert (data["requests"], [each["request"] for each in data["to_do"]]) == (2, ["SUP-1", "SUP-2"])
    assert data["terms"] == {"charges": True, "replies": False}
    assert data["charges"] == [{"customer": "aurora-robotics", "unit": "credit", "more": 1, "left": 192}]


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        ((), 2, "Say which requests"),
        (("--jql", " "), 1, "JQL is missing"),
        (("--jql", "key = SUP-1 ORDER BY created"), 1, "Leave out ORDER BY"),
        (("--jql", "sprint = 4"), 1, "Jira does not search for that: "),
        ((*ALL, "--fields-only", "--charge"), 2, "--fields-only goes with neither"),
        (("--abandon",), 1, "No backfill is under way."),
    ],
)
def test_what_cannot_be_done_is_said(
    run: Run, installation: Mapping[str, str], options: tuple[str, ...], code: int, said: str
) -> None:
    result = run("backfill", *options, **installation)
    assert (result.exit_code, said in result.stderr) == (code, True), result.stderr


def test_an_account_that_may_not_edit_is_told_of_each_request(
    run: Run, installation: Mapping[str, str], jira: Sandbox
) -> None:
    jira.faults.add(Fault(Kind.FORBIDDEN, "PUT", "/issue/", 1000, 0))
    result = run("backfill", *ALL, "--yes", "--per-minute", "6000", **installation)
    assert result.exit_code == 1
    assert "SUP-1: " in result.stderr
    assert "2 requests could not be written to as they should be; the same command tries them again." in result.stderr


def test_a_run_that_was_killed_goes_on_and_no_other_begins(
    run: Run, installation: Mapping[str, str], jira: Sandbox, store: Store
) -> None:
    command = [sys.executable, "-m", "webhooks", "backfill", *ALL, "--yes", "--per-minute", "15"]
    env = {**os.environ, "PYTHONPATH": str(ROOT), "MAPPINGS_DIR": str(SHIPPED), **installation, "LEASE_SECONDS": "2"}
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        while _tier(jira, "SUP-1") is None:
            assert running.poll() is None
            time.sleep(0.02)
        running.send_signal(signal.SIGKILL)
    assert _tier(jira, "SUP-2") is None
    other = run("backfill", "--jql", "key = SUP-2", "--yes", **installation)
    assert (other.exit_code, "support-contract backfill --jql 'created >= -900d'" in other.stderr) == (1, True)
    going = run("backfill", *ALL, "--yes", "--per-minute", "6000", **{**installation, "LEASE_SECONDS": "2"})
    assert going.exit_code == 0
    assert "Going on with the backfill of" in going.stderr
    assert _tier(jira, "SUP-2") is not None
    with store.reading() as tx:
        assert backfills.under_way(tx) is None
    before = len(_writes(jira))
    assert "0 to be written to" in run("backfill", *ALL, "--yes", **installation).stdout
    assert len(_writes(jira)) == before


def test_a_run_can_be_given_up(run: Run, installation: Mapping[str, str], jira: Sandbox, store: Store) -> None:
    jira.faults.add(Fault(Kind.UNAUTHORIZED, "PUT", "", 1000, 0))
    ended = run("backfill", *ALL, "--yes", "--per-minute", "6000", **installation)
    assert ended.exit_code == 1
    with store.reading() as tx:
        assert backfills.under_way(tx) is not None
    given_up = run("backfill", "--abandon", **installation)
    assert given_up.stdout == "Given up: 0 of 2 requests were done, and stay as they are.\n"
    with store.reading() as tx:
        assert backfills.under_way(tx) is None
