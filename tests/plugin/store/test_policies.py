"""The mapping files of each revision that something was decided under."""

import threading
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from plugin.store import Store
from plugin.store.policies import files_of, record
from plugin.store.tables import policies

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
FILES = {
    "tiers.yaml": "# Stufen – „Tiers“\r\ntiers: []\n".encode(),
    "agreements/aurora.yaml": b"\xef\xbb\xbfname: Aurora\n",
}


def test_the_files_of_a_revision_come_back_byte_for_byte(store: Store) -> None:
    with store.writing() as tx:
        record(tx, "r1", FILES, NOON)
    with store.reading() as tx:
        assert files_of(tx, "r1") == FILES


def test_a_revision_that_was_never_used_has_none(store: Store) -> None:
    with store.reading() as tx:
        assert files_of(tx, "r1") is None


def test_a_revision_is_kept_once_from_its_first_decision_on(store: Store) -> None:
    for hours in range(3):
        with store.writing() as tx:
            record(tx, "r1", FILES, NOON + timedelta(hours=hours))
            record(tx, "r2", {}, NOON + timedelta(hours=hours))
    with store.reading() as tx:
        kept = tx.execute(select(policies.c.revision, policies.c.first_seen).order_by(policies.c.revision)).all()
    assert [tuple(row) for row in kept] == [("r1", NOON), ("r2", NOON)]


def test_two_workers_that_decide_under_a_new_revision_keep_it_once(store: Store) -> None:
    trouble: list[Exception] = []
    asked = threading.Event()

    def second() -> None:
        asked.set()
        try:
            with store.writing() as tx:
                record(tx, "r1", FILES, NOON)
        except Exception as error:
            trouble.append(error)

    thread = threading.Thread(target=second)
    with store.writing() as tx:
        record(tx, "r1", FILES, NOON)
        thread.start()
        asked.wait(10)
        # Long enough for the other transaction to have asked, and to wait for this one.
        thread.join(0.3)
    thread.join(30)
    with store.reading() as tx:
        assert (tx.scalar(select(func.count()).select_from(policies)), trouble) == (1, [])


def test_what_is_rolled_back_is_kept_with_the_next_decision(store: Store) -> None:
    try:
        with store.writing() as tx:
            record(tx, "r1", FILES, NOON)
            raise ZeroDivisionError
    except ZeroDivisionError:
        pass
    with store.writing() as tx:
        record(tx, "r1", FILES, NOON)
        assert files_of(tx, "r1") == FILES
