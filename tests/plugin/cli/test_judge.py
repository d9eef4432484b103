"""check, decide, explain: what they print, and what they say when something is missing."""

import json
import os
import pty
import re
import shutil
import subprocess
import sys
import termios
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from plugin.contract.decide import decide, standing_after
from plugin.contract.ledger import Account, EntryKind, LedgerEntry, Posting
from plugin.contract.receipt_schema import receipt_schema
from plugin.sandbox import Fault, Kind, Sandbox
from plugin.store import ledger
from plugin.store.decisions import record
from tests.plugin.cli.conftest import ROOT, SHIPPED, Run, Spawn
from tests.plugin.contract import builders
from tests.stores import migrated

PAYLOAD = SHIPPED / "examples" / "payload.json"
WEBHOOK = ROOT / "tests" / "payloads" / "cloud-issue-created.json"


def _copied(folder: Path) -> Path:
    return Path(shutil.copytree(SHIPPED, folder / "mappings"))


def _replaced(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_the_shipped_files_are_good(run: Run) -> None:
    result = run("check")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines()[-1] == f"{SHIPPED}: all good."


def test_without_a_setting_it_is_the_folder_mappings_here(run: Run, tmp_path: Path) -> None:
    _copied(tmp_path)
    assert run("check", MAPPINGS_DIR="").stdout.splitlines()[-1] == "mappings: all good."


def test_a_warning_alone_is_good(run: Run) -> None:
    result = run("check")
    assert "delta-foundry.yaml:7:28: warning: the agreement of Delta Foundry ended" in result.stdout
    assert result.exit_code == 0


def test_every_problem_is_told_with_its_place_and_counted(run: Run, tmp_path: Path) -> None:
    mappings = _copied(tmp_path)
    _replaced(mappings / "tiers.yaml", "{tier: premium, severity: 1", "{tier: premum, severity: 1")
    _replaced(mappings / "coverage.yaml", "fri: 08:00-18:00", "fri: 08:00-25:00")
    result = run("check", MAPPINGS_DIR=str(mappings))
    assert result.exit_code == 1
    first, *_, last = (line for line in result.stdout.splitlines() if "warning" not in line)
    assert re.match(rf"{re.escape(str(mappings))}/coverage\.yaml:\d+:12: fri: '25:00' is no time of day", first)
    assert "(nearest: premium)" in result.stdout
    assert last == "2 problems; nothing of this is used until all is good."


def test_one_problem_is_counted_as_one(run: Run, tmp_path: Path) -> None:
    mappings = _copied(tmp_path)
    _replaced(mappings / "tiers.yaml", "within: 8 h", "within: 8 parsecs")
    assert run("check", MAPPINGS_DIR=str(mappings)).stdout.splitlines()[-1].startswith("1 problem;")


def test_an_example_that_fails_is_a_problem(run: Run, tmp_path: Path) -> None:
    mappings = _copied(tmp_path)
    _replaced(mappings / "examples" / "credits.yaml", "charge: 1, left: 191", "charge: 7, left: 191")
    result = run("check", MAPPINGS_DIR=str(mappings))
    assert result.exit_code == 1
    assert "charge: expected 7, got 1" in result.stdout
    assert result.stdout.splitlines()[-1] == (
        "Only examples fail: where you meant the change, correct what they expect."
    )


@pytest.mark.parametrize("command", ["check", "worker"])
def test_a_directory_that_is_not_there_is_told_in_one_sentence(run: Run, command: str) -> None:
    # A worker asks for its Jira before it looks at any file.
    access = {"JIRA_URL": "https://jira.example", "JIRA_TOKEN": "t"}
    result = run(command, MAPPINGS_DIR="nowhere", **access)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        f"Error: The mappings directory {Path.cwd() / 'nowhere'} does not exist: run this in the folder that holds "
        "it, or set MAPPINGS_DIR to the one to use.\n"
    )


def test_a_file_where_a_directory_should_be_is_told(run: Run) -> None:
    assert "mappings/tiers.yaml is no directory" in run("check", MAPPINGS_DIR=str(SHIPPED / "tiers.yaml")).stderr


def test_the_shipped_payload_is_decided_and_explained(run: Run) -> None:
    result = run("decide", "--file", str(PAYLOAD), "--at", "2026-11-20T16:31")
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert lines[:3] == [
        "SUP-42 is eligible for support under the agreement of Aurora Robotics (Premium), severity 1 "
        "(the customer stated 2).",
        "The first response is due Mon 23 Nov 2026 14:30 CET. It costs 1 credit; 191 left.",
        "All conditions of the support contract are met.",
    ]
    assert [line for line in lines[4:] if line and not line.startswith(" ")][:-2] == [
        "Agreement: Aurora Robotics",
        "Tier: Premium",
        "Severity: 1 (the customer stated 2)",
        "Eligibility: eligible",
        "Response due: Mon 23 Nov 2026 14:30 CET",
        "Credits: 1 charged, 191 left",
        "Patch eligibility: patch",
        "Priority: highest",
        "Account representative: Nora Quist",
        "What the contract says",
    ]
    assert "  C1  Tiers. Support is bought as Premium, Advanced or Basic." in lines


def test_every_line_cites_clauses_and_the_places_that_there_are(run: Run) -> None:
    cited = re.findall(r"^  [+!?-] .* \[(.+)\]$", run("decide", "--file", str(PAYLOAD)).stdout, re.MULTILINE)
    assert len(cited) > 10
    for citation in "; ".join(cited).split("; "):
        clause, _, sources = citation.partition(" ")
        assert clause.startswith("C")
        for source in sources.split(", "):
            file, number = source.split(":")
            assert (SHIPPED / file).read_text("utf-8").splitlines()[int(number) - 1].strip()


def _in_a_terminal(columns: int, *arguments: str) -> list[str]:
    """What a terminal of that width gets to show."""
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (40, columns))
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "MAPPINGS_DIR": str(SHIPPED)}
    child = subprocess.Popen([sys.executable, "-m", "webhooks", *arguments], stdout=theirs, env=environment)
    os.close(theirs)
    shown = b""
    # Linux says that the other end is closed by an error.
    with suppress(OSError):
        while more := os.read(ours, 4096):
            shown += more
    os.close(ours)
    assert child.wait() == 0
    return shown.decode().replace("\r", "").splitlines()


def test_in_a_terminal_lines_end_where_it_ends_and_nowhere_within_a_place(run: Run) -> None:
    piped = run("decide", "--file", str(PAYLOAD)).stdout
    narrow, wide = (_in_a_terminal(columns, "decide", "--file", str(PAYLOAD)) for columns in (60, 300))
    assert max(map(len, narrow)) <= 60
    assert "    [C1 agreements/aurora-robotics.yaml:9]" in narrow
    assert 100 < max(map(len, wide)) <= 120 < max(map(len, piped.splitlines()))
    # But for the moment at which it was decided, the same words.
    said = [" ".join(shown.split()).partition("Decided")[0] for shown in (piped, "\n".join(narrow), "\n".join(wide))]
    assert said[0] == said[1] == said[2]


def _unwrapped(lines: Iterable[str]) -> list[str]:
    """Lines with what belongs to them, without line numbers of mapping files and the revision of all of them."""
    whole = re.sub(r"\n {4,}(?=\S)", " ", "\n".join(lines))
    return [re.sub(r"(?<=yaml:)\d+|(?<= under policy )\w+", "_", line) for line in whole.splitlines() if line]


def test_the_receipt_that_the_readme_shows_is_what_is_printed() -> None:
    """In its order; a line of dots stands for some that are left out."""
    _, _, shown = (ROOT / "README.md").read_text("utf-8").partition("\n$ support-contract decide --file")
    command, *lines = shown.partition("```")[0].splitlines()
    printed = iter(_unwrapped(_in_a_terminal(120, "decide", "--file", str(PAYLOAD), *command.split()[-2:])))
    wanted = [line for line in _unwrapped(lines) if line != "  ..."]
    assert len(wanted) > 15
    assert [line for line in wanted if line not in printed] == []


def test_json_is_the_same_and_nothing_else_is_printed(spawn: Spawn) -> None:
    result = spawn("decide", "--file", str(PAYLOAD), "--json", "--at", "2026-11-20T16:31")
    assert result.stderr == ""
    decided = json.loads(result.stdout)
    assert decided["schema"] == 1
    assert {name: ruling["value"] for name, ruling in decided["rulings"].items()} == {
        "agreement": "aurora-robotics",
        "tier": "premium",
        "severity": 1,
        "eligibility": "eligible",
        "response_due": "2026-11-23T14:30:00+01:00",
        "credits_charged": 1,
        "credits_left": 191,
        "sessions_charged": 0,
        "sessions_left": 18,
        "patch_eligibility": "patch",
        "priority": "highest",
        "account_representative": {"name": "Nora Quist", "account": "712020:953c97ad-e8ce-52a5-8b5c-8b004c009bf9"},
        "first_response": None,
        "response_kept": "open",
        "response_reminder": None,
    }


@pytest.mark.parametrize("at", ["2026-11-20T17:00", "2026-11-20 17:00", "2026-11-20T17:00+01:00", "2026-11-20T16:00Z"])
def test_a_moment_can_be_given_and_is_the_vendors_unless_it_says_otherwise(run: Run, at: str) -> None:
    result = run("decide", "--file", str(PAYLOAD), "--json", "--at", at)
    decided = datetime.fromisoformat(json.loads(result.stdout)["decided_at"])
    assert decided == datetime(2026, 11, 20, 16, tzinfo=UTC)


@pytest.mark.parametrize("at", ["yesterday", "20.11.2026", "", "2026-13-01"])
def test_a_moment_that_is_none_is_answered_with_how_to_write_it(run: Run, at: str) -> None:
    result = run("decide", "--file", str(PAYLOAD), "--at", at)
    assert (result.exit_code, result.stdout) == (1, "")
    assert f"--at {at!r} is no moment: write it like 2026-11-20T16:30" in result.stderr


def test_a_webhook_is_decided_with_the_sites_list_of_fields(run: Run, tmp_path: Path) -> None:
    issue = json.loads(PAYLOAD.read_text())
    names, schemas = issue.pop("names"), issue.pop("schema")
    catalogue = [{"id": id, "name": name, "schema": schemas[id]} for id, name in names.items()]
    (tmp_path / "hook.json").write_text(json.dumps({"webhookEvent": "jira:issue_created", "issue": issue}))
    (tmp_path / "fields.json").write_text(json.dumps(catalogue))
    result = run("decide", "--file", "hook.json", "--fields", "fields.json")
    assert result.exit_code == 0
    assert "Eligibility: eligible" in result.stdout


def test_a_webhook_alone_does_not_name_its_fields_and_the_way_out_is_told(run: Run) -> None:
    result = run("decide", "--file", str(WEBHOOK))
    assert result.exit_code == 1
    assert "--fields" in result.stderr
    assert "expand=names,schema" in result.stderr


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("no JSON at all", "this is no JSON"),
        ("", "this is no JSON"),
        ("[]", "there is no issue in it"),
        ('{"issue": null}', "there is no issue in it"),
        ('{"key": "SUP-1"}', "there is no issue in it"),
    ],
)
def test_a_file_without_an_issue_is_told_apart(run: Run, tmp_path: Path, content: str, sentence: str) -> None:
    (tmp_path / "odd.json").write_text(content)
    result = run("decide", "--file", "odd.json", "--json")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("Error: odd.json: ")
    assert sentence in result.stderr


def test_a_file_that_is_not_there_is_named(run: Run) -> None:
    assert run("decide", "--file", "x.json").stderr == "Error: x.json: No such file or directory.\n"


def test_an_issue_that_is_none_of_ours_is_left_alone_with_the_reason(run: Run, tmp_path: Path) -> None:
    issue = json.loads(PAYLOAD.read_text())
    issue["fields"]["project"]["key"] = "HR"
    (tmp_path / "hr.json").write_text(json.dumps(issue))
    result = run("decide", "--file", "hr.json")
    assert result.exit_code == 1
    assert "is left alone: project HR is not among those looked after (SUP)" in result.stderr


def test_mapping_files_that_are_broken_are_told_before_anything_is_decided(run: Run, tmp_path: Path) -> None:
    mappings = _copied(tmp_path)
    (mappings / "tiers.yaml").unlink()
    result = run("decide", "--file", str(PAYLOAD), MAPPINGS_DIR=str(mappings))
    assert (result.exit_code, result.stdout) == (1, "")
    assert f"{mappings}/tiers.yaml:1:1: the file is missing" in result.stderr
    assert result.stderr.splitlines()[-1].startswith(f"Error: The mapping files in {mappings} cannot be used")


def test_the_schema_of_the_json_is_printed_without_a_request_or_a_setting(run: Run) -> None:
    result = run("explain", "--schema", MAPPINGS_DIR="nowhere")
    assert (result.exit_code, result.stderr) == (0, "")
    assert json.loads(result.stdout) == receipt_schema()


def test_a_request_in_jira_is_explained(run: Run, raised: str, access: Mapping[str, str]) -> None:
    result = run("explain", raised, **access)
    assert result.exit_code == 0
    assert result.stdout.startswith(f"{raised} is eligible for support under the agreement of Aurora Robotics ")


def test_nothing_is_written_to_jira(run: Run, jira: Sandbox, raised: str, access: Mapping[str, str]) -> None:
    before = len(jira.traffic.all())
    run("explain", raised, **access)
    asked = jira.traffic.all()[before:]
    assert {exchange.method for exchange in asked} == {"GET"}


def test_json_is_alone_on_standard_output(spawn: Spawn, raised: str, access: Mapping[str, str]) -> None:
    result = spawn("explain", raised, "--json", **access)
    assert json.loads(result.stdout)["request"]["key"] == raised


def test_before_the_first_run_credits_are_said_to_count_from_nothing(
    run: Run, raised: str, access: Mapping[str, str], tmp_path: Path
) -> None:
    result = run("explain", raised, **access)
    assert "is empty: credits count as if none had been used." in result.stderr
    assert "Credits: 1 charged, 191 left" in result.stdout.splitlines()
    assert str(tmp_path / "support-contract.sqlite3") in result.stderr


def test_what_other_requests_hold_is_not_counted_as_left(
    run: Run, raised: str, access: Mapping[str, str], tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path}/kept.sqlite3"
    _book_for_another(url, 5)
    result = run("explain", raised, DATABASE_URL=url, **access)
    assert result.stderr == ""
    assert "Credits: 1 charged, 186 left" in result.stdout.splitlines()


def test_a_request_that_has_waited_is_explained_with_its_change_log(
    run: Run, jira: Sandbox, raised: str, access: Mapping[str, str], tmp_path: Path
) -> None:
    url, id = f"sqlite:///{tmp_path}/kept.sqlite3", jira.jira.issue(raised).id
    waited = datetime.now(UTC) + timedelta(seconds=1)
    decision = decide(builders.request("18.1", id=str(id)), builders.agreement(), builders.POLICY, waited)
    store = migrated(url)
    with store.writing() as tx:
        record(tx, decision, standing_after(decision, None))
    store.close()
    result = run("explain", raised, "--json", DATABASE_URL=url, **access)
    decided = json.loads(result.stdout)
    # The wait is over, and nobody changed the request since: the clock starts now.
    assert decided["clock_started"] == decided["decided_at"]
    assert any("changelog" in str(exchange.query) for exchange in jira.traffic.all())


def test_a_request_that_jira_does_not_know_is_told(run: Run, access: Mapping[str, str]) -> None:
    result = run("explain", "SUP-999", **access)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "404" in result.stderr


def test_without_settings_for_jira_all_that_are_missing_are_named(run: Run) -> None:
    result = run("explain", "SUP-1")
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: Jira cannot be reached without JIRA_URL and JIRA_TOKEN")


def test_a_wrong_token_is_told_without_showing_it(run: Run, raised: str, access: Mapping[str, str]) -> None:
    result = run("explain", raised, **{**access, "JIRA_TOKEN": "mistyped-token"})
    assert result.exit_code == 1
    assert "401" in result.stderr
    assert "JIRA_TOKEN" in result.stderr
    assert "mistyped-token" not in result.stderr


def test_a_jira_that_is_not_there_is_named(run: Run, access: Mapping[str, str]) -> None:
    # Nothing listens on port 1.
    result = run("explain", "SUP-1", **{**access, "JIRA_URL": "http://127.0.0.1:1"})
    assert result.exit_code == 1
    assert "Jira at http://127.0.0.1:1 did not answer" in result.stderr


def test_a_jira_that_is_broken_is_told(run: Run, jira: Sandbox, raised: str, access: Mapping[str, str]) -> None:
    jira.faults.add(Fault(Kind.UNAVAILABLE, times=99))
    result = run("explain", raised, **access)
    assert result.exit_code == 1
    assert "503" in result.stderr


def test_a_field_that_the_site_lacks_is_named_with_the_line_that_declares_it(
    run: Run, raised: str, access: Mapping[str, str], tmp_path: Path
) -> None:
    mappings = _copied(tmp_path)
    _replaced(mappings / "fields.yaml", "{name: Product version}", "{name: Product versoin}")
    result = run("explain", raised, MAPPINGS_DIR=str(mappings), **access)
    assert result.exit_code == 1
    assert re.search(r"version \(fields\.yaml:\d+\): name 'Product versoin'", result.stderr)
    assert "nearest: 'Product version'" in result.stderr


def test_a_request_of_another_project_is_left_alone(
    run: Run, raised: str, access: Mapping[str, str], tmp_path: Path
) -> None:
    mappings = _copied(tmp_path)
    _replaced(mappings / "fields.yaml", "projects: [SUP]", "projects: [OPS]")
    result = run("explain", raised, MAPPINGS_DIR=str(mappings), **access)
    assert result.exit_code == 1
    assert f"{raised} is left alone: project SUP is not among those looked after (OPS)" in result.stderr


def test_a_database_that_does_not_answer_is_no_empty_one(run: Run, raised: str, access: Mapping[str, str]) -> None:
    result = run("explain", raised, DATABASE_URL="postgresql://user:word@127.0.0.1:1/support", **access)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "PostgreSQL support on 127.0.0.1 does not answer" in result.stderr
    assert "word" not in result.stderr


def _book_for_another(url: str, units: int) -> None:
    now, lot = datetime.now(UTC), "credit 2026-04-01"
    postings = (Posting(lot, Account.AVAILABLE, -units), Posting(lot, Account.CONSUMED, units))
    entry = LedgerEntry(
        "aurora-robotics", "credit", "request:1", EntryKind.CHARGE, now.date(), now, "r1", "used", postings, "SUP-99"
    )
    store = migrated(url)
    with store.writing() as tx:
        ledger.lock(tx, [entry.customer])
        ledger.book(tx, [entry])
    store.close()
