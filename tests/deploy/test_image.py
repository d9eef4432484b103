"""The container file: linted, and as far as that goes without an engine, carried out."""

import json
import re
import subprocess
import sys
import threading
import tomllib
from fnmatch import fnmatch

import pytest

from plugin.settings import Settings
from plugin.store import open_store
from tests.deploy.documents import DEPLOY, ROOT, SETTINGS, program
from webhooks import create_watch
from webhooks.metrics import Metrics
from webhooks.server import Server

CONTAINERFILE = (DEPLOY / "Containerfile").read_text()
LINES = re.sub(r"\\\n\s*", "", CONTAINERFILE).splitlines()


def instructions(name: str) -> list[str]:
    return [line.strip().removeprefix(f"{name} ") for line in LINES if line.strip().startswith(f"{name} ")]


def test_its_linter_has_nothing_to_say() -> None:
    subprocess.run([program("hadolint"), "--failure-threshold", "style", DEPLOY / "Containerfile"], check=True)


def test_it_runs_as_a_numeric_user_who_is_not_root_and_ends_on_sigterm() -> None:
    [user] = instructions("USER")
    assert re.fullmatch(r"[1-9][0-9]{3,}:[1-9][0-9]{3,}", user), "runAsNonRoot can only check a number"
    assert instructions("STOPSIGNAL") == ["SIGTERM"]
    for form in ("ENTRYPOINT", "CMD"):
        [command] = instructions(form)[-1:]
        assert isinstance(json.loads(command), list), "a shell in between would not pass the signal on"


def test_what_it_copies_is_there_and_let_through_and_nothing_else_is() -> None:
    copied = [each.split()[:-1] for each in instructions("COPY") if not each.startswith("--from")]
    rules = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")]
    assert rules[0] == "*", "what is not named stays outside: mapping files, secrets, history"
    let_through = {rule.removeprefix("!") for rule in rules if rule.startswith("!")}
    assert {source for sources in copied for source in sources} == let_through
    assert all((ROOT / source).exists() for source in let_through)
    assert not [each for each in let_through if fnmatch(each, "*mappings*") or fnmatch(each, "*secrets*")]


def test_what_is_installed_is_what_was_tested_and_says_its_version() -> None:
    [install] = [each for each in instructions("RUN") if "pip install" in each]
    assert "--constraint deploy/constraints.txt ." in install
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert f"VERSION={version}" in instructions("ARG")
    assert f"support-contract:{version}" in CONTAINERFILE
    labels = " ".join(instructions("LABEL"))
    for label in ("title", "description", "licenses", "version", "revision"):
        assert f"org.opencontainers.image.{label}=" in labels


def test_no_secret_is_in_a_layer_and_no_variable_hides_the_file_of_one() -> None:
    set_to = set(re.findall(r"([A-Z_]+)=", " ".join([*instructions("ENV"), *instructions("ARG")])))
    ours = set_to & SETTINGS
    assert ours == {"HOST", "PORT", "LOG_FORMAT", "MAPPINGS_DIR"}
    assert set_to - ours <= {
        "PATH", "PYTHON", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED", "VERSION", "REVISION",
        "PIP_DISABLE_PIP_VERSION_CHECK", "PIP_NO_CACHE_DIR",
    }  # fmt: skip


@pytest.mark.parametrize(("runs", "code"), [(True, 0), (False, 1)])
def test_its_health_check_tells_a_process_that_answers_from_one_that_does_not(
    sqlite_url: str, runs: bool, code: int
) -> None:
    [check] = instructions("HEALTHCHECK")
    arguments = json.loads(check.partition("CMD ")[2])
    assert arguments[0] == "python"
    store = open_store(sqlite_url)
    server = Server(create_watch(store, Metrics(store)), Settings(), 0)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        if not runs:
            server.stop()
            thread.join()
        done = subprocess.run(
            [sys.executable, *arguments[1:]], env={"PORT": str(server.port)}, capture_output=True, check=False
        )
    finally:
        server.stop()
        thread.join()
        store.close()
    assert done.returncode == code, done.stderr
