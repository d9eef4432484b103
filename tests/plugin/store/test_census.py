"""The queue looked at from outside: who is in trouble, who was discarded, whom a reconciliation leaves alone."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection

from plugin.store import Store
from plugin.store.census import census, discarded, door_of, in_trouble, open_doors, parked, waiting, with_doors
from plugin.store.doors import claim, discard, knock, later, release

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
LEASE = timedelta(seconds=60)
HOUR = timedelta(hours=1)


def _failed(tx: Connection, request_id: str, most: int) -> None:
    knock(tx, request_id, f"SUP-{request_id}", NOON)
    door = claim(tx, "anna", NOON, LEASE)
    assert door is not None
    assert later(tx, door, NOON + timedelta(minutes=5), f"trouble with {request_id}", max_attempts=most)


def test_those_in_trouble_are_listed_with_the_parked_ones_first(store: Store) -> None:
    with store.writing() as tx:
        _failed(tx, "1", most=8)
        _failed(tx, "2", most=1)
        knock(tx, "3", "SUP-3", NOON)
        assert [door.request_id for door in in_trouble(tx)] == ["2", "1"]


def test_a_discarded_door_is_neither_counted_nor_listed_nor_tried(store: Store) -> None:
    with store.writing() as tx:
        _failed(tx, "1", most=1)
        assert discard(tx, "1", "a test request (by Sam)")
        assert in_trouble(tx) == parked(tx) == []
        [door] = discarded(tx)
        assert door.discarded == "a test request (by Sam)"
        counted = census(tx, NOON + HOUR)
        assert (counted.parked, counted.later, counted.due) == (0, 0, 0)
        assert claim(tx, "anna", NOON + 9 * HOUR, LEASE) is None


def test_only_what_is_parked_can_be_discarded(store: Store) -> None:
    with store.writing() as tx:
        assert not discard(tx, "1", "why not")
        knock(tx, "1", None, NOON)
        assert not discard(tx, "1", "why not")
        assert discarded(tx) == []


def test_a_knock_or_a_person_takes_up_what_was_discarded(store: Store) -> None:
    for again in (lambda tx: knock(tx, "1", None, NOON + HOUR), lambda tx: release(tx, "1", NOON + HOUR)):
        with store.writing() as tx:
            _failed(tx, "1", most=1)
            discard(tx, "1", "a test request")
            again(tx)
            assert discarded(tx) == []
            door = claim(tx, "anna", NOON + HOUR, LEASE)
            assert door is not None
            assert (door.discarded, door.attempts) == (None, 0)
            later(tx, door, NOON)


def test_a_reconciliation_leaves_alone_whoever_comes_up_by_itself_was_parked_lately_or_discarded(store: Store) -> None:
    with store.writing() as tx:
        for request_id, most in (("waits", 8), ("parked", 1), ("discarded", 1)):
            _failed(tx, request_id, most)
        discard(tx, "discarded", "a test request")
        ids = ["waits", "parked", "discarded", "unknown"]
        assert waiting(tx, ids, parked_before=NOON) == {"waits", "parked", "discarded"}
        assert waiting(tx, ids, parked_before=NOON + HOUR) == {"waits", "discarded"}


def test_a_door_is_found_by_key_in_any_case_and_by_id(store: Store) -> None:
    with store.writing() as tx:
        knock(tx, "10001", "SUP-1", NOON)
        for name in ("SUP-1", "sup-1", "10001"):
            found = door_of(tx, name)
            assert found is not None
            assert found.request_id == "10001"
        assert door_of(tx, "SUP-2") is None


def test_a_reminder_is_no_door_until_it_is_due(store: Store) -> None:
    with store.writing() as tx:
        knock(tx, "1", "SUP-1", NOON)
        door = claim(tx, "anna", NOON, LEASE)
        assert door is not None
        assert later(tx, door, NOON + HOUR)
        assert (open_doors(tx), waiting(tx, ["1"], NOON), with_doors(tx, ["1"])) == ([], set(), set())
        before, after = census(tx, NOON), census(tx, NOON + HOUR)
        assert (before.later, before.due, after.later, after.due) == (0, 0, 0, 1)
        knock(tx, "1", None, NOON + HOUR / 2)
        assert [each.due for each in open_doors(tx)] == [NOON + HOUR / 2]
