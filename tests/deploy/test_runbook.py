"""Back-up and restore do what the runbook says: its own commands, run as they stand there, on both databases."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from plugin.contract.books import correction
from plugin.reconcile import misshown_balances, show_balances
from plugin.sandbox import Sandbox, running_sandbox
from plugin.sandbox.records import Issue
from plugin.settings import Settings
from plugin.store import Store, ledger, open_store
from tests.plugin.test_rebuild import AURORA, LOT, books, comments
from tests.postgres import Postgres
from tests.road.house import ACCOUNT, EMIL, IMPAIRED, JONAS, MIRA, NEWEST, SESSION, TOO_OLD, UNCLEAR, Clock, House
from tests.road.play import People, looking_again_changes_nothing

ROOT = Path(__file__).parents[2]
RUNBOOK = (ROOT / "deploy" / "RUNBOOK.md").read_text()
BACK_UP, RESTORE, GONE = "Back up", "Restore", "The database is gone"


def commands(section: str, kind: str | None = None) -> str:
    """The commands under a heading of the runbook and, where it tells two databases apart, under that of one."""
    [text] = [part for part in re.split(r"^## ", RUNBOOK, flags=re.MULTILINE) if part.startswith(f"{section}\n")]
    if kind is not None:
        [text] = [part for part in re.split(r"^### ", text, flags=re.MULTILINE) if part.startswith(f"{kind}\n")]
    return "".join(re.findall(r"^```sh\n(.*?)^```$", text, flags=re.DOTALL | re.MULTILINE))


class _Now(Clock):
    def __call__(self) -> datetime:
        return datetime.now(UTC)


class Installation:
    """One database of its own beside a Jira, and whoever runs the commands of the runbook there."""

    def __init__(self, kind: str, url: str, folder: Path, sandbox: Sandbox) -> None:
        self.kind, self.url, self.folder, self.sandbox = kind, url, folder, sandbox
        self._opened: list[tuple[Store, House]] = []

    @property
    def file(self) -> Path:
        return self.folder / "store.sqlite3"

    def starts(self) -> House:
        """The service, over whatever the database is now."""
        store = open_store(self.url)
        store.migrate()
        home = House(self.sandbox, store, _Now(), [])
        self._opened.append((store, home))
        return home

    def stops(self) -> None:
        for store, home in self._opened:
            home.close()
            store.close()
        self._opened.clear()

    def run(self, section: str, kind: str | None = None) -> str:
        """Run the commands, and answer yes to what they ask."""
        settings = {
            "JIRA_URL": self.sandbox.url,
            "JIRA_EMAIL": ACCOUNT,
            "JIRA_TOKEN": self.sandbox.site.person(ACCOUNT).token,
            "JIRA_FLAVOUR": "cloud",
            "DATABASE_URL": self.url,
            "MAPPINGS_DIR": str(ROOT / "mappings"),
            "DATABASE": str(self.file),
            "BACKUP": str(self.folder / "backup"),
        }
        kept = {name: value for name, value in os.environ.items() if name.lower() not in Settings.model_fields}
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", commands(section, kind)],
            env={**kept, **settings, "PATH": path, "PYTHONPATH": str(ROOT)},
            cwd=self.folder,
            input="y\n",
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def installation(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Installation]:
    if request.param == "SQLite":
        url = f"sqlite:///{tmp_path / 'store.sqlite3'}"
    else:
        server: Postgres = request.getfixturevalue("postgres_server")
        url = server.fresh("runbook")
    with capture_logs(), running_sandbox() as sandbox:
        built = Installation(request.param, url, tmp_path, sandbox)
        yield built
        built.stops()
    if request.param == "PostgreSQL":
        server.drop("runbook")


def loses(installation: Installation, request: pytest.FixtureRequest) -> None:
    """The disk dies; of a file only what nobody wants is left."""
    installation.stops()
    if installation.kind == "SQLite":
        installation.file.unlink()
        Path(f"{installation.file}-wal").write_bytes(b"what is left of another file")
    else:
        server: Postgres = request.getfixturevalue("postgres_server")
        server.drop("runbook")
        server.fresh("runbook")


def a_day(home: House) -> list[Issue]:
    issues = [home.raised(MIRA), home.raised(EMIL, version=TOO_OLD), home.raised(JONAS, version=UNCLEAR)]
    home.settle()
    home.transition(issues[0], "Resolve this issue", "Done")
    home.change(issues[1], Product_version=NEWEST)
    home.settle()
    return issues


def goes_on(installation: Installation, before: object, issues: list[Issue]) -> None:
    """Every webhook is repeated and every request looked at again: nothing is charged, said or shown otherwise."""
    said, home = comments(*issues), installation.starts()
    assert books(home) == before
    home.settle()
    assert looking_again_changes_nothing(People(home, issues))
    assert books(home) == before
    assert comments(*issues) == said
    assert home.sums_to_zero()
    assert home.parked() == []
    found = misshown_balances(home.client(), home.store, home.mappings, home.clock())
    show_balances(home.client(), home.store, home.mappings, found, home.clock)
    for organization, customer in ((11, AURORA), (12, "brennhaus-medical")):
        board = home.board(organization)
        assert board is not None
        assert board["available"] == home.available(customer)
    fresh = home.raised(JONAS)
    home.settle()
    assert home.holders(fresh) == {AURORA: 1}


def test_what_was_backed_up_is_restored_and_what_happened_since_is_made_good(
    installation: Installation, request: pytest.FixtureRequest
) -> None:
    home = installation.starts()
    issues = a_day(home)
    installation.run(BACK_UP, installation.kind)
    issues += [home.raised(JONAS, type=SESSION), home.raised(EMIL, impact=IMPAIRED)]
    home.change(issues[2], Product_version=NEWEST)
    home.settle()
    with home.store.writing() as tx:
        ledger.lock(tx, [AURORA])
        ledger.book(
            tx, [correction(AURORA, "credit", LOT, 4, home.mappings.policy, home.clock(), "Goodwill (by Nora)")]
        )
    home.transition(issues[3], "Resolve this issue", "Done")
    home.change(issues[4], Product_version=TOO_OLD)
    issues.append(home.raised(MIRA))
    home.settle()
    before = books(home)
    loses(installation, request)
    said = installation.run(RESTORE, installation.kind)
    assert "Restored." in said
    assert "Balances that are not accounted for" not in said
    goes_on(installation, before, issues)


def test_without_a_backup_the_ledger_is_made_again_from_jira_alone(
    installation: Installation, request: pytest.FixtureRequest
) -> None:
    home = installation.starts()
    issues = a_day(home)
    before = books(home)
    loses(installation, request)
    if installation.kind == "SQLite":
        Path(f"{installation.file}-wal").unlink()
    assert "Restored." in installation.run(GONE)
    goes_on(installation, before, issues)


@pytest.mark.parametrize(
    ("section", "kind"),
    [(BACK_UP, "SQLite"), (BACK_UP, "PostgreSQL"), (RESTORE, "SQLite"), (RESTORE, "PostgreSQL"), (GONE, None)],
)
def test_there_are_commands_for_everything(section: str, kind: str | None) -> None:
    assert commands(section, kind).strip()


def test_every_command_of_these_sections_is_among_those_that_are_run() -> None:
    sections = [
        part for part in re.split(r"^## ", RUNBOOK, flags=re.MULTILINE) if part.startswith((BACK_UP, RESTORE, GONE))
    ]
    run = [commands(section, kind) for section in (BACK_UP, RESTORE) for kind in ("SQLite", "PostgreSQL")]
    assert len(re.findall(r"^```sh$", "".join(sections), flags=re.MULTILINE)) == len([*run, commands(GONE)])
