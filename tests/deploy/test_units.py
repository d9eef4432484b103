"""The systemd units: verified, and rated by what they leave open."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.deploy.documents import DEPLOY, SECRETS, SETTINGS, program
from webhooks.__main__ import main

UNITS = DEPLOY / "systemd"
SERVICES = {"support-contract.service": "serve", "support-contract-worker@.service": "worker"}
MOST_EXPOSED = 20
"""Tenths of what systemd-analyze calls the exposure level: below 2.0 of 10."""


def values(text: str, key: str) -> list[str]:
    return re.findall(rf"^{key}=(.*)$", text, flags=re.MULTILINE)


@pytest.fixture
def installed(tmp_path: Path) -> list[Path]:
    """Return the units as they would be installed here, where the program is another."""
    units = []
    for name in SERVICES:
        text = (UNITS / name).read_text().replace("/opt/support-contract/bin/support-contract", sys.executable)
        unit = tmp_path / name.replace("@.", "@1.")
        unit.write_text(text)
        units.append(unit)
    return units


def test_systemd_finds_nothing_wrong_with_them(installed: list[Path]) -> None:
    done = subprocess.run(
        [program("systemd-analyze"), "verify", "--man=no", *installed], capture_output=True, text=True, check=False
    )
    ours = [line for line in done.stderr.splitlines() if "support-contract" in line]
    assert (done.returncode, ours) == (0, [])


def test_systemd_rates_them_as_hardly_exposed(installed: list[Path]) -> None:
    for unit in installed:
        command = ["security", "--offline=true", "--no-pager", f"--threshold={MOST_EXPOSED}", str(unit)]
        subprocess.run([program("systemd-analyze"), *command], check=True, capture_output=True)


@pytest.mark.parametrize(("name", "command"), SERVICES.items())
def test_each_starts_a_command_that_there_is_with_variables_and_files_that_are_read(name: str, command: str) -> None:
    text = (UNITS / name).read_text()
    assert values(text, "ExecStart") == [f"/opt/support-contract/bin/support-contract {command}"]
    assert command in main.commands
    assert {each.partition("=")[0] for each in values(text, "Environment")} <= SETTINGS
    loaded = values(text, "LoadCredential")
    assert {each.partition(":")[0] for each in loaded} <= SECRETS
    assert all(
        path == f"/etc/support-contract/secrets/{secret}" for secret, _, path in (x.partition(":") for x in loaded)
    )
    assert not [line for line in text.splitlines() if "SetCredential" in line]


def test_both_are_kept_from_the_same() -> None:
    hardened = [(UNITS / name).read_text().partition("# Hardening")[2].partition("\n")[2] for name in SERVICES]
    assert hardened[0] == hardened[1] != ""
    assert hardened[0].splitlines()[:2] == ["AmbientCapabilities=", "CapabilityBoundingSet="]


def test_the_one_with_postgresql_gets_its_address_as_a_credential() -> None:
    assert "LoadCredential=database_url:" in (UNITS / "postgresql.conf").read_text()
    assert "LoadCredential=database_url:" in (UNITS / "support-contract-worker@.service").read_text()
    assert "database_url" not in (UNITS / "support-contract.service").read_text()


def test_the_environment_holds_what_is_read_and_no_secret() -> None:
    lines = [each for each in (UNITS / "environment").read_text().splitlines() if each and not each.startswith("#")]
    names = {line.partition("=")[0] for line in lines}
    assert names <= SETTINGS
    assert not {secret.upper() for secret in SECRETS} & names - {"DATABASE_URL"}


def test_a_command_by_hand_has_the_user_the_environment_and_the_secrets_of_the_service(tmp_path: Path) -> None:
    etc, state, bin = (tmp_path / name for name in ("etc", "state", "bin"))
    for folder in (etc, state, bin):
        folder.mkdir()
    (etc / "environment").write_text((UNITS / "environment").read_text())
    script = (UNITS / "support-contract-by-hand").read_text()
    script = script.replace("/etc/support-contract", str(etc)).replace("/var/lib/support-contract", str(state))
    by_hand = script.replace("/opt/support-contract/bin", str(bin))
    (bin / "runuser").write_text('#!/bin/sh\necho "as $2"\nshift 3\nexec "$@"\n')
    (bin / "support-contract").write_text('#!/bin/sh\necho "$PWD $SECRETS_DIR ${DATABASE_URL%%:*} $*"\n')
    for each in bin.iterdir():
        each.chmod(0o755)
    path = f"{bin}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["sh", "-c", by_hand, "by-hand", "doors", "show", "SUP-1"], env={"PATH": path}, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    assert done.stdout.splitlines() == ["as support-contract", f"{state} {etc}/secrets sqlite doors show SUP-1"]
