"""migrate and move: the database made ready, and carried to PostgreSQL."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from plugin.store import doors, open_store
from plugin.store.census import door_of
from tests.plugin.cli.conftest import Run
from tests.stores import migrated

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def url(tmp_path: Path) -> str:
    """Return an installation's store with one door."""
    address = f"sqlite:///{tmp_path}/kept.sqlite3"
    store = migrated(address)
    with store.writing() as tx:
        doors.knock(tx, "10001", "SUP-1", NOON)
    store.close()
    return address


def test_the_tables_are_made_and_made_once(run: Run, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/new.sqlite3"
    for _ in range(2):
        result = run("migrate", DATABASE_URL=url)
        assert result.stdout == f"SQLite {tmp_path}/new.sqlite3 is up to date.\n"
    assert run("doors", "list", DATABASE_URL=url).exit_code == 0


def test_everything_is_moved_and_the_old_address_says_where_it_went(run: Run, url: str, postgres_url: str) -> None:
    result = run("move", "--yes", DATABASE_URL=url, NEW_DATABASE_URL=postgres_url)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "1 of doors: the same" in result.stdout
    assert result.stdout.splitlines()[-1].startswith("Moved. Set DATABASE_URL to the address of PostgreSQL test_")
    store = open_store(postgres_url)
    with store.reading() as tx:
        assert door_of(tx, "SUP-1") is not None
    store.close()
    again = run("migrate", DATABASE_URL=url)
    assert again.exit_code == 1
    assert "was moved to PostgreSQL test_" in again.stderr


def test_nothing_is_moved_without_being_asked(run: Run, url: str, postgres_url: str) -> None:
    result = run("move", DATABASE_URL=url, NEW_DATABASE_URL=postgres_url)
    assert result.exit_code == 1
    assert "Move everything from SQLite" in result.stdout
    assert run("move", "--yes", DATABASE_URL=url, NEW_DATABASE_URL=postgres_url).exit_code == 0


def test_a_move_needs_to_know_where_to(run: Run, url: str) -> None:
    result = run("move", "--yes", DATABASE_URL=url)
    assert (result.exit_code, "Set NEW_DATABASE_URL" in result.stderr) == (1, True)


def test_a_move_to_a_server_that_is_not_there_says_so_without_the_password(run: Run, url: str) -> None:
    result = run("move", "--yes", DATABASE_URL=url, NEW_DATABASE_URL="postgresql://u:open-sesame@127.0.0.1:1/contract")
    assert result.exit_code == 1
    assert "PostgreSQL contract on 127.0.0.1 does not answer" in result.stderr
    assert "open-sesame" not in result.stderr + result.stdout
    assert run("migrate", DATABASE_URL=url).exit_code == 0
