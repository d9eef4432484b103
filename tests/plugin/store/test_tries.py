"""Wrong tries, counted for all processes together, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from plugin.store import Store, tries
from plugin.store.tables import admin_tries
from plugin.store.tries import WINDOW

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_so_many_tries_are_let_through_until_the_count_is_over(store: Store) -> None:
    def tried(moment: datetime) -> bool:
        with store.writing() as tx:
            return tries.admit(tx, [("name: ida", 3)], moment)

    assert [tried(NOON + timedelta(minutes=n)) for n in range(5)] == [True, True, True, False, False]
    assert not tried(NOON + WINDOW - timedelta(seconds=1))
    assert tried(NOON + WINDOW), "trying on makes it no longer"


def test_what_was_right_does_not_count(store: Store) -> None:
    for _ in range(5):
        with store.writing() as tx:
            assert tries.admit(tx, [("name: ida", 1)], NOON)
            tries.take_back(tx, ["name: ida", "name: nobody"])


def test_whoever_is_kept_out_uses_up_nobody_elses_tries(store: Store) -> None:
    limits = [("from: 203.0.113.7", 2), ("name: ida", 5)]
    for _ in range(9):
        with store.writing() as tx:
            tries.admit(tx, limits, NOON)
    with store.reading() as tx:
        kept = {row.what: row.tries for row in tx.execute(select(admin_tries))}
    assert kept == {"from: 203.0.113.7": 9, "name: ida": 2}


def test_counts_that_are_over_are_forgotten(store: Store) -> None:
    with store.writing() as tx:
        tries.admit(tx, [("one", 1), ("other", 1)], NOON)
        tries.admit(tx, [("third", 1)], NOON + WINDOW)
        assert tx.scalars(select(admin_tries.c.what)).all() == ["third"]


def test_of_many_at_once_no_more_than_may_are_let_through(store: Store) -> None:
    def tried(number: int) -> bool:
        with store.writing() as tx:
            # The first counts are over, so that each of them also tidies up.
            at = NOON if number < 4 else NOON + WINDOW
            return tries.admit(tx, [(f"from: {number % 3}", 99), ("name: ida", 4)], at)

    with ThreadPoolExecutor(8) as pool:
        admitted = list(pool.map(tried, range(4))), list(pool.map(tried, range(4, 24)))
    assert [sum(each) for each in admitted] == [4, 4]
