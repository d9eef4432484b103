"""Moving from SQLite to PostgreSQL: everything arrives as it was, and the old database takes nothing any more."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, select, text, update

from plugin.store import Store, StoreError, StoreUnavailable, attempts, doors, inbox, open_store
from plugin.store.inbox import Delivery
from plugin.store.move import AT_ONCE, move
from plugin.store.tables import accounts, decisions, deliveries, ledger_entries, ledger_postings, metadata, replies
from tests.stores import migrated

NOON = datetime(2026, 3, 29, 12, 0, 0, 123456, tzinfo=UTC)
MANY = 2 * AT_ONCE + 345


@pytest.fixture
def source(sqlite_url: str) -> Iterator[Store]:
    opened = migrated(sqlite_url)
    yield opened
    opened.close()


@pytest.fixture
def target(postgres_url: str) -> Iterator[Store]:
    opened = open_store(postgres_url)
    yield opened
    opened.close()


def _filled(store: Store) -> None:
    with store.writing() as tx:
        for number in range(MANY):
            at = NOON + timedelta(seconds=number)
            body = f'{{"text": "Grüße \\\\u0000 {number} 🚆"}}'
            inbox.keep(tx, Delivery(f"delivery {number}", "comment_created", str(number), None, at, 0, False, body))
        doors.knock(tx, "10001", "SUP-1", NOON)
        attempts.note(tx, "10001", NOON, "anna", "Jira said no.")
        tx.execute(
            insert(decisions).values(
                request_id="10001", decided_at=NOON, revision="r1", digest="d", content={"b": [1, None, "ü"], "a": {}}
            )
        )
        tx.execute(insert(accounts).values(customer="aurora", sequence=2))
        for sequence in (1, 2):
            entry = {
                "customer": "aurora",
                "unit": "credit",
                "matter": "lot:a",
                "kind": "grant",
                "booked_at": NOON,
                "effective": NOON.date(),
                "revision": "r1",
                "memo": "because",
                "sequence": sequence,
            }
            [id] = tx.execute(insert(ledger_entries).values(**entry)).inserted_primary_key or [None]
            for account, units in (("granted", -32), ("available", 32)):
                tx.execute(insert(ledger_postings).values(entry_id=id, lot="a", account=account, units=units))
        tx.execute(
            insert(replies).values(
                intent="i",
                request_id="10001",
                request_key="SUP-1",
                name="reasons",
                language="de",
                cause="c",
                body="Grüß Gott",
                public=False,
                created_at=NOON,
            )
        )


def _everything(store: Store) -> dict[str, list[str]]:
    with store.reading() as tx:
        return {
            table.name: sorted(repr(dict(row._mapping)) for row in tx.execute(select(table)))
            for table in metadata.sorted_tables
        }


def test_every_row_arrives_as_it_was_and_is_counted(source: Store, target: Store) -> None:
    _filled(source)
    told: dict[str, int] = {}
    move(source, target, lambda table, rows: told.update({table: rows}))
    assert _everything(target) == _everything(source)
    assert told["deliveries"] == MANY
    assert told["ledger_postings"] == 4
    assert set(told) == set(metadata.tables)


def test_the_new_database_goes_on_numbering_behind_what_was_copied(source: Store, target: Store) -> None:
    _filled(source)
    move(source, target, lambda *_: None)
    with target.writing() as tx:
        attempts.note(tx, "10001", NOON, "anna", "Once more.")
        numbers = tx.scalars(text("SELECT id FROM attempts ORDER BY id")).all()
    assert numbers == [1, 2]


def test_an_empty_installation_is_moved_too(source: Store, target: Store) -> None:
    move(source, target, lambda *_: None)
    with target.writing() as tx:
        attempts.note(tx, "10001", NOON, None, "The first.")
        assert tx.scalars(text("SELECT id FROM attempts")).all() == [1]


def test_the_old_database_is_read_as_before_and_takes_nothing_any_more(source: Store, target: Store) -> None:
    _filled(source)
    before = _everything(source)
    move(source, target, lambda *_: None)
    with pytest.raises(StoreUnavailable, match="was moved elsewhere: set DATABASE_URL"), source.writing() as tx:
        doors.knock(tx, "10002", "SUP-2", NOON)
    with pytest.raises(StoreUnavailable, match="was moved elsewhere"), source.writing() as tx:
        tx.execute(update(doors.doors).values(due=NOON))
    assert _everything(source) == before
    with pytest.raises(StoreError, match="was moved to PostgreSQL test_"):
        source.migrate()


def test_a_receiver_that_writes_meanwhile_is_either_moved_or_refused(source: Store, target: Store) -> None:
    kept: list[int] = []

    def receive() -> None:
        for number in range(2000):
            try:
                with source.writing() as tx:
                    delivery = Delivery(f"during {number}", "comment_created", "1", None, NOON, 0, False, "{}")
                    inbox.keep(tx, delivery)
            except StoreUnavailable:
                return
            kept.append(number)

    receiver = threading.Thread(target=receive)
    receiver.start()
    while len(kept) < 5:
        pass
    move(source, target, lambda *_: None)
    receiver.join()
    with target.reading() as tx:
        moved = set(tx.scalars(select(deliveries.c.identity)))
    assert moved == {f"during {number}" for number in kept}


def test_a_database_that_holds_rows_already_is_not_mixed_with_another(source: Store, target: Store) -> None:
    _filled(source)
    target.migrate()
    with target.writing() as tx:
        doors.knock(tx, "7", None, NOON)
    before = _everything(target)
    with pytest.raises(StoreError, match=r"holds rows already \(in doors\): name an empty one"):
        move(source, target, lambda *_: None)
    assert _everything(target) == before
    with source.writing() as tx:
        doors.knock(tx, "8", None, NOON)


def test_a_row_that_comes_out_different_moves_nothing(source: Store, target: Store) -> None:
    _filled(source)
    target.migrate()
    with target.writing() as tx:
        tx.execute(
            text(
                "CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql "
                "AS $$ BEGIN NEW.memo := 'x'; RETURN NEW; END $$"
            )
        )
        tx.execute(text("CREATE TRIGGER spoil BEFORE INSERT ON ledger_entries FOR EACH ROW EXECUTE FUNCTION spoil()"))
    with pytest.raises(StoreError, match=r"A row of ledger_entries came out different \(id 1\): nothing was moved"):
        move(source, target, lambda *_: None)
    assert not any(_everything(target).values())
    with source.writing() as tx:
        doors.knock(tx, "8", None, NOON)


def test_a_move_leads_from_sqlite_to_postgresql_only(source: Store, target: Store) -> None:
    target.migrate()
    with pytest.raises(StoreError, match="A move leads from SQLite to PostgreSQL"):
        move(target, source, lambda *_: None)
