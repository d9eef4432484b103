"""Deliveries that arrive together share a transaction, and each is answered for itself."""

import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from plugin.store import Store, StoreUnavailable
from plugin.store.census import open_doors
from plugin.store.inbox import Delivery
from plugin.store.tables import deliveries
from webhooks.keeper import AT_ONCE, Keeper

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def delivery(number: int, request_id: str = "10001", body: str = "{}") -> Delivery:
    return Delivery(f"number {number}", "comment_created", request_id, None, NOON, 0, False, body)


class Slow(Keeper):
    """Waits before its first transaction until so many have come; counts its transactions."""

    def __init__(self, store: Store, until: int) -> None:
        super().__init__(store)
        self._until, self.batches = until, list[int]()

    def _kept(self, batch: Sequence[Delivery]) -> list[bool]:
        while not self.batches and len(self._waiting) < self._until - 1:
            pass
        self.batches.append(len(batch))
        return super()._kept(batch)


def at_once(count: int, keep: Callable[[int], bool]) -> list[bool | Exception]:
    """What `keep` gave for each number, in threads of their own."""
    found: dict[int, bool | Exception] = {}

    def run(number: int) -> None:
        try:
            found[number] = keep(number)
        except Exception as trouble:
            found[number] = trouble

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return [found[number] for number in range(count)]


def count(store: Store) -> int:
    with store.reading() as tx:
        return tx.execute(select(func.count()).select_from(deliveries)).scalar_one()


def test_those_that_come_while_one_is_written_share_the_next_transaction(store: Store) -> None:
    keeper = Slow(store, until=20)
    assert at_once(20, lambda number: keeper.keep(delivery(number, str(number)))) == [True] * 20
    assert keeper.batches[0] == 1
    assert sum(keeper.batches) == 20
    assert len(keeper.batches) <= 3
    assert count(store) == 20
    with store.reading() as tx:
        assert len(open_doors(tx)) == 20


def test_the_same_delivery_at_once_is_new_to_exactly_one(store: Store) -> None:
    keeper = Slow(store, until=12)
    found = at_once(12, lambda _: keeper.keep(delivery(1)))
    assert sorted(map(bool, found)) == [False] * 11 + [True]
    with store.reading() as tx:
        assert [door.knocks for door in open_doors(tx)] == [1]


def test_no_transaction_grows_without_bound(store: Store) -> None:
    keeper = Slow(store, until=AT_ONCE + 20)
    assert all(at_once(AT_ONCE + 20, lambda number: keeper.keep(delivery(number))))
    assert max(keeper.batches) <= AT_ONCE


def test_whoever_writes_for_others_is_answered_all_the_same(store: Store) -> None:
    # Each transaction is answered to while the next ones still come: nobody is left to write for ever.
    keeper, answered = Slow(store, until=3), list[int]()
    stop = threading.Event()

    def send(sender: int) -> None:
        number = 0
        while not stop.is_set() and number < 400:
            keeper.keep(delivery(sender * 1000 + number))
            number += 1
        answered.append(number)

    threads = [threading.Thread(target=send, args=(sender,)) for sender in range(4)]
    for thread in threads:
        thread.start()
    while sum(keeper.batches) < 100:
        pass
    stop.set()
    for thread in threads:
        thread.join(10)
    assert len(answered) == 4
    assert min(answered) > 0
    assert count(store) == sum(answered)


def test_one_that_cannot_be_kept_does_not_take_the_others_with_it(store: Store) -> None:
    keeper = Slow(store, until=10)
    # A lone surrogate is no text for any database.
    spoilt = "\ud800"
    found = at_once(10, lambda number: keeper.keep(delivery(number, body=spoilt if number == 4 else "{}")))
    assert [isinstance(each, Exception) for each in found] == [number == 4 for number in range(10)]
    assert count(store) == 9


def test_a_database_that_is_away_is_said_to_everybody_who_waits_and_is_back_for_the_next(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeper = Slow(store, until=5)
    with monkeypatch.context() as patch:
        patch.setattr("webhooks.keeper.keep_all", _unavailable)
        found = at_once(5, lambda number: keeper.keep(delivery(number)))
    assert all(isinstance(each, StoreUnavailable) for each in found)
    assert keeper.keep(delivery(9)) is True


def _unavailable(*_: object) -> bool:
    raise StoreUnavailable("The database is away.")
