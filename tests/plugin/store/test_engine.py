"""The store's transactions, its migrations, and what it says when something is wrong."""

import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import event, inspect, text
from sqlalchemy.exc import IntegrityError

from plugin.store import Store, StoreError, StoreUnavailable, open_store
from plugin.store.engine import BUSY_MILLISECONDS
from plugin.store.tables import accounts, ledger_postings, metadata

PASSWORD = "correct-horse-battery"


def _accounts(store: Store) -> list[str]:
    with store.reading() as tx:
        return [row.customer for row in tx.execute(accounts.select().order_by("customer"))]


def test_the_migrations_make_exactly_the_tables_of_the_code(store: Store) -> None:
    with store.reading() as tx:
        assert compare_metadata(MigrationContext.configure(tx, opts={"compare_type": True}), metadata) == []
        for table in metadata.sorted_tables:
            made = {index["name"] for index in inspect(tx).get_indexes(table.name) if not index["unique"]}
            assert made == {index.name for index in table.indexes}
            assert inspect(tx).get_pk_constraint(table.name)["name"] == table.primary_key.name or not table.primary_key


def test_migrating_again_changes_nothing(store: Store) -> None:
    with store.writing() as tx:
        tx.execute(accounts.insert().values(customer="aurora", sequence=3))
    store.migrate()
    assert _accounts(store) == ["aurora"]


def test_processes_that_migrate_at_once_do_no_harm(store_url: str) -> None:
    code = "import sys; from plugin.store import open_store; s = open_store(sys.argv[1]); s.migrate(); s.check()"
    runs = [subprocess.Popen([sys.executable, "-c", code, store_url], stderr=subprocess.PIPE) for _ in range(4)]
    answers = [run.communicate(timeout=60)[1].decode() for run in runs]
    assert [run.returncode for run in runs] == [0] * 4, answers


def test_the_migrations_are_found_wherever_the_package_is_installed(tmp_path: Path) -> None:
    # A percent sign in the path is what alembic's own configuration stumbles over.
    site = tmp_path / "site 100%s"
    shutil.copytree(Path(__file__).parents[3] / "plugin", site / "plugin")
    code = "import sys; from plugin.store import open_store; s = open_store(sys.argv[1]); s.migrate(); s.check()"
    url = f"sqlite:///{tmp_path / 'store.sqlite3'}"
    env = {**os.environ, "PYTHONPATH": str(site)}
    subprocess.run([sys.executable, "-c", code, url], cwd=tmp_path, env=env, check=True)


def test_a_database_newer_than_the_code_is_refused_and_left_alone(store_url: str) -> None:
    store = open_store(store_url)
    store.migrate()
    with store.writing() as tx:
        tx.execute(text("UPDATE alembic_version SET version_num = 'm9999'"))
    with pytest.raises(StoreError, match=r"newer release \(schema m9999\): install that release again"):
        store.migrate()
    with store.reading() as tx:
        assert tx.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == "m9999"
    store.close()


def test_a_migration_that_fails_half_way_leaves_nothing(store_url: str) -> None:
    store = open_store(store_url)
    with store.writing() as tx:
        tx.execute(text("CREATE TABLE replies (in_the_way INTEGER)"))
    with pytest.raises(Exception, match="replies"):
        store.migrate()
    with store.reading() as tx:
        assert inspect(tx).get_table_names() == ["replies"]
    store.close()


def test_what_is_written_is_there_only_when_the_block_ends_well(store: Store) -> None:
    with store.writing() as tx:
        tx.execute(accounts.insert().values(customer="aurora", sequence=0))

    def stumble() -> None:
        with store.writing() as tx:
            tx.execute(accounts.insert().values(customer="brennhaus", sequence=0))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        stumble()
    with store.reading() as tx:
        tx.execute(accounts.insert().values(customer="cobalt", sequence=0))
    assert _accounts(store) == ["aurora"]


def test_a_second_writing_transaction_in_the_same_thread_is_an_error_not_a_standstill(store: Store) -> None:
    with pytest.raises(RuntimeError, match="already writing"), store.writing(), store.writing():
        pass
    with store.writing() as tx:
        tx.execute(accounts.insert().values(customer="aurora", sequence=0))
    assert _accounts(store) == ["aurora"]


def test_no_update_of_many_threads_is_lost(store: Store) -> None:
    with store.writing() as tx:
        tx.execute(accounts.insert().values(customer="aurora", sequence=0))

    def count() -> None:
        for _ in range(10):
            with store.writing() as tx:
                locked = accounts.select().where(accounts.c.customer == "aurora").with_for_update()
                seen = tx.execute(locked).one().sequence
                tx.execute(accounts.update().values(sequence=seen + 1))

    threads = [threading.Thread(target=count) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.reading() as tx:
        assert tx.execute(accounts.select()).one().sequence == 60


def test_a_posting_without_its_entry_is_refused(store: Store) -> None:
    with pytest.raises(IntegrityError), store.writing() as tx:
        tx.execute(ledger_postings.insert().values(entry_id=7, lot="2026", account="left", units=1))


def test_sqlite_is_set_for_power_cuts_and_patience_on_every_connection(sqlite_url: str) -> None:
    store = open_store(sqlite_url)
    store.migrate()
    with store.reading() as first, store.reading() as second:
        for tx in (first, second):
            asked = [tx.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in ("journal_mode", "synchronous")]
            assert asked == ["wal", 2]  # 2 is FULL
            assert tx.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1
            assert tx.exec_driver_sql("PRAGMA busy_timeout").scalar_one() == BUSY_MILLISECONDS
    store.close()


def test_two_stores_on_one_sqlite_file_take_turns(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = open_store(sqlite_url)
    first.migrate()
    monkeypatch.chdir(tmp_path)
    second = open_store("sqlite:///store.sqlite3")
    order = []
    event.listen(second.engine, "engine_connect", lambda _: order.append("second asks"))

    def write() -> None:
        with second.writing():
            order.append("second is in")

    thread = threading.Thread(target=write)
    with first.writing():
        thread.start()
        # Time enough to ask, had the process no lock of its own: SQLite's busy handler is not fair.
        thread.join(0.3)
        order.append("first leaves")
    thread.join()
    assert order == ["first leaves", "second asks", "second is in"]
    first.close()
    second.close()


def test_a_reader_sees_one_moment_however_long_it_reads(store: Store) -> None:
    with store.reading() as tx:
        assert tx.execute(accounts.select()).all() == []
        with store.writing() as other:
            other.execute(accounts.insert().values(customer="aurora", sequence=0))
        assert tx.execute(accounts.select()).all() == []
    assert _accounts(store) == ["aurora"]


def test_a_reader_is_not_held_up_by_a_writer(store: Store) -> None:
    with store.writing() as tx:
        tx.execute(accounts.insert().values(customer="aurora", sequence=0))
        assert _accounts(store) == []


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("", "cannot be read: write sqlite:///path"),
        ("store.sqlite3", "cannot be read"),
        (f"postgresql://user:{PASSWORD}@host:port/db", "cannot be read"),
        (f"mysql://user:{PASSWORD}@host/db", "starts with mysql: only sqlite and postgresql"),
        ("postgresql+asyncpg://host/db", "only sqlite and postgresql"),
        ("sqlite://", "would be lost"),
        ("sqlite:///:memory:", "would be lost"),
        ("sqlite:////nowhere/at/all/store.sqlite3", "no folder /nowhere/at/all: make it first"),
        ("sqlite:////tmp", "is a folder: name a file in it"),
    ],
)
def test_an_address_that_cannot_work_is_refused_with_a_sentence(url: str, sentence: str) -> None:
    with pytest.raises(StoreError, match=sentence) as caught:
        open_store(url)
    assert PASSWORD not in str(caught.value)


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_a_database_that_does_not_answer_is_named_without_its_password(scheme: str) -> None:
    # Nothing listens on port 1; the password stands in both places where an address can hold one.
    store = open_store(f"{scheme}://user:{PASSWORD}@127.0.0.1:1/support?password={PASSWORD}")
    for step in (store.check, store.migrate):
        with pytest.raises(StoreUnavailable, match=r"PostgreSQL support on 127\.0\.0\.1 does not answer") as caught:
            step()
        assert PASSWORD not in str(caught.value)
    store.close()


def test_a_file_that_is_no_database_is_said_to_be_none(tmp_path: Path) -> None:
    file = tmp_path / "letter.txt"
    file.write_text("Dear customer, " * 100)
    store = open_store(f"sqlite:///{file}")
    with pytest.raises(StoreError, match="not a database"):
        store.migrate()
    store.close()


def test_a_database_without_our_tables_is_not_ready(store_url: str) -> None:
    store = open_store(store_url)
    with pytest.raises(StoreUnavailable, match="doors"):
        store.check()
    store.migrate()
    store.check()
    store.close()


def test_a_database_error_never_repeats_what_was_to_be_written(store: Store) -> None:
    row = {"customer": "the customer's own words", "sequence": 0}
    with pytest.raises(IntegrityError) as caught, store.writing() as tx:
        tx.execute(accounts.insert(), [row, row])
    assert "SQL parameters hidden" in str(caught.value)
