"""The inbox: every delivery once, forgotten when it is old and worked."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from plugin.store import Store
from plugin.store.doors import claim, close, knock
from plugin.store.inbox import Delivery, forget, keep, keep_all, reported_deleted
from plugin.store.rows import AT_ONCE
from plugin.store.tables import deliveries

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
UPDATED = Delivery(
    identity="6931227",
    event="jira:issue_updated",
    request_id="10001",
    request_key="SUP-1",
    received_at=NOON,
    retries=0,
    deleted=False,
    body='{"text": "Grüße, 工具 and \\u0000"}',
)
DELETED = replace(UPDATED, identity="6931228", event="jira:issue_deleted", deleted=True)


def _kept(store: Store) -> list[Delivery]:
    with store.reading() as tx:
        return [Delivery(**row._mapping) for row in tx.execute(deliveries.select().order_by("identity"))]


def test_a_delivery_is_kept_as_it_was_received(store: Store) -> None:
    with store.writing() as tx:
        assert keep(tx, UPDATED)
    assert _kept(store) == [UPDATED]


def test_the_same_identity_is_kept_once_and_the_first_one_stays(store: Store) -> None:
    with store.writing() as tx:
        assert keep(tx, UPDATED)
        assert not keep(tx, replace(UPDATED, retries=3, body="{}"))
    with store.writing() as tx:
        assert not keep(tx, UPDATED)
    assert _kept(store) == [UPDATED]


def test_of_those_kept_together_each_identity_is_new_once_and_the_first_one_stays(store: Store) -> None:
    other, again = replace(UPDATED, identity="1"), replace(UPDATED, body="{}")
    with store.writing() as tx:
        assert keep_all(tx, [UPDATED, other, again]) == [True, True, False]
        assert keep_all(tx, [again, DELETED, other]) == [False, True, False]
    assert _kept(store) == [other, UPDATED, DELETED]


def test_more_than_one_statement_takes_are_kept_together_all_the_same(store: Store) -> None:
    batch = [replace(UPDATED, identity=f"{number:03}", body=f"body {number}") for number in range(2 * AT_ONCE + 2)]
    with store.writing() as tx:
        assert keep_all(tx, batch[1:AT_ONCE]) == [True] * (AT_ONCE - 1)
        assert keep_all(tx, batch) == [True] + [False] * (AT_ONCE - 1) + [True] * (AT_ONCE + 2)
    assert _kept(store) == batch


def test_only_a_notice_of_deletion_says_that_a_request_was_deleted(store: Store) -> None:
    with store.writing() as tx:
        keep(tx, UPDATED)
        assert not reported_deleted(tx, "10001")
        keep(tx, DELETED)
        assert reported_deleted(tx, "10001")
        assert not reported_deleted(tx, "1000")


def test_old_deliveries_are_forgotten_once_their_door_is_closed(store: Store) -> None:
    with store.writing() as tx:
        keep(tx, UPDATED)
        knock(tx, "10001", "SUP-1", NOON)
        assert forget(tx, NOON + timedelta(days=30)) == 0
        door = claim(tx, "worker", NOON, timedelta(minutes=1))
        assert door is not None
        close(tx, door)
        assert forget(tx, NOON) == 0, "received at that moment is not before it"
        assert forget(tx, NOON + timedelta(seconds=1)) == 1
    assert _kept(store) == []


def test_a_notice_of_deletion_outlives_its_own_body(store: Store) -> None:
    with store.writing() as tx:
        keep(tx, DELETED)
        assert forget(tx, NOON + timedelta(days=30)) == 1
        assert forget(tx, NOON + timedelta(days=30)) == 0
        assert reported_deleted(tx, "10001")
    assert _kept(store) == [replace(DELETED, body="")]
