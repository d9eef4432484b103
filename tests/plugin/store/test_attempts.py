"""What went wrong at a door is kept for a while, for whoever looks into it."""

from datetime import UTC, datetime, timedelta

from plugin.store import Store, attempts

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)


def test_the_last_failures_of_a_request_are_told_oldest_first(store: Store) -> None:
    with store.writing() as tx:
        for number in range(5):
            attempts.note(tx, "10001", NOON + timedelta(minutes=number), "anna", f"failure {number}")
        attempts.note(tx, "10002", NOON, None, "another's")
        found = attempts.latest(tx, "10001", limit=3)
    assert [(each.at, each.worker, each.trouble) for each in found] == [
        (NOON + timedelta(minutes=number), "anna", f"failure {number}") for number in (2, 3, 4)
    ]


def test_old_failures_are_forgotten_and_young_ones_kept(store: Store) -> None:
    with store.writing() as tx:
        for days in (1, 2, 3):
            attempts.note(tx, "10001", NOON - timedelta(days=days), None, f"{days} days ago")
        assert attempts.forget(tx, NOON - timedelta(days=2)) == 1
        assert [each.trouble for each in attempts.latest(tx, "10001")] == ["2 days ago", "1 days ago"]
