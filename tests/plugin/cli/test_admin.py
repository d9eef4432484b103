"""Who may use the admin's pages, from the command line."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from plugin.cli import main
from plugin.store import audit, keys, open_store, people
from plugin.store.keys import Key
from plugin.store.people import Role
from tests.stores import migrated


@pytest.fixture
def address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    address = f"sqlite:///{tmp_path / 'store.sqlite3'}"
    monkeypatch.setenv("DATABASE_URL", address)
    store = migrated(address)
    store.close()
    return address


def run(*arguments: str) -> str:
    done = CliRunner().invoke(main, ["admin", *arguments])
    assert done.exit_code == 0, done.output
    return done.output


def test_a_link_from_the_command_line_sets_a_password(address: str) -> None:
    assert "Nobody has a password yet" in run("list")
    said = run("invite", "Nora Quist", "--role", "admin")
    token = said.strip().rpartition("/")[2]
    assert "http://127.0.0.1:8080/admin/welcome/" in said
    store = open_store(address)
    with store.writing() as tx:
        person = people.accept(tx, token, "", "hashed", datetime.now(UTC))
        [change] = audit.changes(tx, 10)
    assert person is not None
    assert (person.name, person.role) == ("Nora Quist", Role.ADMIN)
    assert (change.action, change.subject) == ("person.invite", "Nora Quist")
    [listed] = json.loads(run("list", "--json"))
    assert (listed["name"], listed["role"]) == ("Nora Quist", "admin")

    assert "nora quist".title() in run("invite", "nora quist")
    assert "will be admin" in run("invite", "nora quist")
    assert "Nora Quist has no password any more." in run("remove", "Nora Quist")
    assert "Nobody has a password yet" in run("list")
    store.close()


def test_nobody_is_removed_who_is_not_there(address: str) -> None:
    done = CliRunner().invoke(main, ["admin", "remove", "Nobody"])
    assert done.exit_code == 1
    assert "Nobody is called Nobody" in done.output
    assert address


def test_all_links_to_receipts_are_withdrawn_from_the_command_line(address: str) -> None:
    store = open_store(address)
    with store.writing() as tx:
        before = keys.secret(tx, Key.RECEIPTS)
    assert "opens a receipt any more" in run("withdraw-links", "--reason", "A laptop was lost")
    with store.reading() as tx:
        assert keys.known(tx, Key.RECEIPTS) != before
        [change] = audit.changes(tx, 10)
    assert (change.action, change.reason) == ("links.withdraw", "A laptop was lost")
    store.close()
