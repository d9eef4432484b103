"""What all commands share: help, exit codes, colours only on a terminal."""

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.plugin.cli.conftest import ROOT, SHIPPED, Run, Spawn
from tests.stores import migrated

COMMANDS = (
    ("demo",),
    ("doctor",),
    ("sandbox",),
    ("serve",),
    ("worker",),
    ("check",),
    ("schemas",),
    ("decide",),
    ("explain",),
    ("history",),
    ("preview",),
    ("releases",),
    ("responses",),
    ("sla-recipe",),
    ("sla-audit",),
    ("credits",),
    ("credits", "balance"),
    ("credits", "statement"),
    ("credits", "correct"),
    ("credits", "preview"),
    ("ledger",),
    ("ledger", "rebuild"),
    ("statement",),
    ("quote",),
    ("agreements",),
    ("agreements", "list"),
    ("agreements", "import"),
    ("doors",),
    ("admin",),
    ("admin", "list"),
    ("admin", "invite"),
    ("admin", "remove"),
    ("doors", "list"),
    ("doors", "show"),
    ("doors", "retry"),
    ("doors", "discard"),
    ("reconcile",),
    ("backfill",),
    ("setup",),
    ("migrate",),
    ("move",),
)
PAYLOAD = str(SHIPPED / "examples" / "payload.json")


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("option", ["--help", "-h"])
def test_every_command_explains_itself(run: Run, command: tuple[str, ...], option: str) -> None:
    result = run(*command, option)
    assert result.exit_code == 0
    assert result.stdout.startswith(f"Usage: main {' '.join(command)}")
    assert result.stderr == ""


def test_the_list_of_commands_is_complete_and_says_each_in_a_whole_sentence(run: Run) -> None:
    text = run("--help").stdout
    listed = dict(re.findall(r"^  ([\w-]+)  +(\S.*)$", text[text.index("Commands:") :], re.MULTILINE))
    assert set(listed) == {command[0] for command in COMMANDS}
    assert [sentence for sentence in listed.values() if not sentence.endswith(".") or "..." in sentence] == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("nosuch",),
        ("decide",),
        ("explain",),
        ("credits", "statement"),
        ("credits", "statment"),
        ("check", "--jsno"),
        ("releases", "--on", "12.10.2026"),
        ("quote", "cobalt-rail", "--on", "2026-02-30"),
        ("sandbox", "--port", "x"),
        ("sandbox", "--port", "70000"),
        ("sandbox", "--flavour", "server"),
    ],
    ids=" ".join,
)
def test_a_command_that_cannot_be_read_is_exit_code_2(run: Run, arguments: tuple[str, ...]) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert "Usage: " in result.stderr
    assert result.stdout == ""


def test_a_mistyped_command_is_answered_with_the_nearest(run: Run) -> None:
    assert "Did you mean 'decide'?" in run("dcide").stderr


def test_a_day_that_cannot_be_read_is_answered_with_how_to_write_it(run: Run) -> None:
    for command in (("releases",), ("quote", "cobalt-rail")):
        said = run(*command, "--on", "1.2.2027").stderr
        assert "Invalid value for '--on': '1.2.2027' is no date: write it like 2027-01-15." in said


def test_a_setting_that_is_wrong_is_named_whatever_the_command(run: Run) -> None:
    for arguments in (("check",), ("serve",), ("credits", "balance"), ("decide", "--file", PAYLOAD)):
        result = run(*arguments, PORT="eighty")
        assert result.exit_code == 1
        assert (
            result.stderr
            == "Error: PORT is not right: expected a whole number from 0 to 65535 (0 takes a free port).\n"
        )


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("check",), 0),
        (("decide", "--file", PAYLOAD), 0),
        (("credits", "balance"), 0),
        (("explain", "SUP-1"), 1),
        (("nosuch",), 2),
    ],
)
def test_a_real_process_ends_with_its_exit_code_and_what_is_piped_has_no_colours(
    spawn: Spawn, tmp_path: Path, arguments: tuple[str, ...], code: int
) -> None:
    database = f"sqlite:///{tmp_path}/kept.sqlite3"
    migrated(database).close()
    result = spawn(*arguments, DATABASE_URL=database)
    assert result.returncode == code
    assert result.stdout + result.stderr
    assert "\x1b" not in result.stdout + result.stderr


def test_a_terminal_has_colours(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    (tmp_path / "mappings").mkdir()
    check = subprocess.Popen(
        [sys.executable, "-m", "webhooks", "check"],
        env={**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm"},
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    printed = b""
    try:
        while piece := os.read(ours, 4096):
            printed += piece
    except OSError:
        pass  # Linux says so when the other end is closed
    finally:
        os.close(ours)
    assert check.wait(60) == 1
    assert b"\x1b[31m" in printed
