"""The queue of doors: no knock is lost, no door has two workers, none waits for ever."""

import subprocess
import sys
import threading
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, insert

from plugin.store import Store
from plugin.store.census import door_of, open_doors, parked
from plugin.store.doors import Door, claim, claim_many, close, give_back, hold, knock, knock_all, later, release
from plugin.store.tables import decisions

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
LEASE = timedelta(seconds=60)
SECOND = timedelta(seconds=1)


def _claimed(tx: Connection, now: datetime = NOON, worker: str = "anna") -> Door:
    door = claim(tx, worker, now, LEASE)
    assert door is not None
    return door


def _state(tx: Connection) -> Door:
    (door,) = open_doors(tx) + parked(tx)
    return door


def test_a_knocked_door_is_claimed_with_what_the_worker_needs(store: Store) -> None:
    with store.writing() as tx:
        knock(tx, "10001", "SUP-1", NOON)
        door = _claimed(tx)
    assert (door.request_id, door.request_key, door.worker) == ("10001", "SUP-1", "anna")
    assert (door.knocks, door.attempts, door.trouble, door.parked) == (1, 0, None, False)
    assert door.leased_until == NOON + LEASE


def test_a_door_is_not_claimed_before_it_is_due_and_is_at_that_very_moment(store: Store) -> None:
    with store.writing() as tx:
        knock(tx, "10001", "SUP-1", NOON)
        assert claim(tx, "anna", NOON - timedelta(microseconds=1), LEASE) is None
        assert claim(tx, "anna", NOON, LEASE) is not None


def test_a_closed_door_is_gone(store: Store) -> None:
    with store.writing() as tx:
        knock(tx, "10001", "SUP-1", NOON)
        assert close(tx, _claimed(tx))
        assert claim(tx, "anna", NOON + timedelta(days=1), LEASE) is None
        assert open_doors(tx) == parked(tx) == []


def test_knocks_coalesce_and_the_earliest_moment_counts(store: Store) -> None:
    with store.writing() as tx:
        for minutes in (5, 3, 9):
            knock(tx, "10001", "SUP-1", NOON + timedelta(minutes=minutes))
        door = _state(tx)
    assert door.due == NOON + timedelta(minutes=3)
    assert door.knocks == 3


def test_knocks_together_are_as_one_after_the_other(store: Store) -> None:
    knocks = [
        ("10002", None, NOON),
        ("10001", "SUP-1", NOON + 2 * SECOND),
        ("10002", "SUP-2", NOON + SECOND),
        ("10001", None, NOON + SECOND),
        ("10001", "OPS-7", NOON + 3 * SECOND),
    ]
    with store.writing() as tx:
        knock(tx, "10001", "SUP-1", NOON + 9 * SECOND)
        knock_all(tx, knocks)
        together = open_doors(tx)
    with store.writing() as tx:
        assert all(close(tx, _claimed(tx, NOON + timedelta(hours=1))) for _ in together)
        knock(tx, "10001", "SUP-1", NOON + 9 * SECOND)
        for each in knocks:
            knock(tx, *each)
        assert open_doors(tx) == together
    assert [(door.request_key, door.knocks, door.due) for door in together] == [
        ("SUP-2", 2, NOON),
        ("OPS-7", 4, NOON + SECOND),
    ]


def test_no_knock_at_all_is_no_statement(store: Store) -> None:
    with store.writing() as tx:
        knock_all(tx, [])
        assert open_doors(tx) == []


def test_a_knock_without_a_key_keeps_the_key_and_a_moved_request_gets_its_new_one(store: Store) -> None:
    with store.writing() as tx:
        for key, known in ((None, None), ("SUP-1", "SUP-1"), (None, "SUP-1"), ("OPS-7", "OPS-7")):
            knock(tx, "10001", key, NOON)
            assert _state(tx).request_key == known


def test_the_door_that_has_been_due_longest_comes_first(store: Store) -> None:
    with store.writing() as tx:
        for request_id, seconds in (("10001", 2), ("10002", 1), ("10003", 3)):
            knock(tx, request_id, None, NOON - seconds * SECOND)
        assert [_claimed(tx).request_id for _ in range(3)] == ["10003", "10001", "10002"]
        assert claim(tx, "anna", NOON, LEASE) is None


def test_a_door_that_is_knocked_at_all_the_time_does_not_starve_the_others(store: Store) -> None:
    with store.writing() as tx:
        knock(tx, "10001", None, NOON)
        knock(tx, "10002", None, NOON + SECOND)
        noisy = _claimed(tx, NOON + 2 * SECOND)
        knock(tx, "10001", None, NOON + 3 * SECOND)
        close(tx, noisy)
        assert _claimed(tx, NOON + 4 * SECOND).request_id == "10002"


def test_a_knock_while_a_worker_is_inside_leads_to_another_look(store: Store) -> None:
    with store.writing() as tx:
        knock(tx, "10001", None, NOON)
        door = _claimed(tx)
        knock(tx, "10001", None, NOON + SECOND)
        assert claim(tx, "bert", NOON + 2 * SECOND, LEASE) is None, "the first worker is still inside"
        assert close(tx, door)
        again = _claimed(tx, NOON + 2 * SECOND, "bert")
        assert close(tx, again)
        assert open_doors(tx) == []


def test_a_lease_that_runs_out_gives_the_door_to_another_and_counts_as_an_attempt(store: Store) -> None:
    with store.writing() as tx:
        knock(tx, "10001", None, NOON)
        _claimed(tx)
        assert claim(tx, "bert", NOON + LEASE - SECOND, LEASE) is None
        door = _claimed(tx, NOON + LEASE, "bert")
    assert door.attempts == 1
    assert door.trouble == "anna did not come back within its lease"


def test_a_worker_that_holds_its_door_longer_keeps_it(store: Store) -> None:
    with store.writing() as tx:
        knock(tx, "10001", None, NOON)
        door = _claimed(tx)
        assert hold(tx, door, NOON + 2 * LEASE)
        assert claim(tx, "bert", NOON + 2 * LEASE - SECOND, LEASE) is None
        _claimed(tx, NOON + 2 * LEASE, "bert")
        assert not hold(tx, door, NOON + 9 * LEASE)
        assert _state(tx).leased_until == NOON + 3 * LEASE


def test_a_knock_still_counts_at_a_door_that_is_held_longer(store: Store) -> None:
    with store.writing() as tx:
        knock(tx, "10001", None, NOON)
        door = _claimed(tx)
        knock(tx, "10001", None, NOON + SECOND)
        hold(tx, door, NOON + 2 * LEASE)
        close(tx, door)
        _claimed(tx, NOON + SECOND, "bert")


def test_a_worker_that_comes_back_too_late_changes_nothing(store: Store) -> None:
    with store.writing() as tx:
        knock(tx, "10001", None, NOON)
        late = _claimed(tx)
        _claimed(tx, NOON + LEASE, "bert")
        before = _state(tx)
        assert not close(tx, late)
        assert not later(tx, late, NOON)
        assert not later(tx, late, NOON, "it failed", max_attempts=1)
        assert _state(tx) == before
        knock(tx, "10001", None, NOON + LEASE)
        assert not close(tx, late)


def test_a_door_can_be_closed_only_once(store: Store) -> None:
    with store.writing() as tx:
        knock(tx, "10001", None, NOON)
        door = _claimed(tx)
        assert close(tx, door)
        knock(tx, "10001", None, NOON)
        assert not close(tx, door)
        assert _state(tx).due == NOON


def test_a_reminder_is_no_attempt_and_wipes_out_the_trouble(store: Store) -> None:
    with store.writing() as tx:
        knock(tx, "10001", None, NOON)
        assert later(tx, _claimed(tx), NOON, "Jira did not answer")
        door = _claimed(tx)
        assert (door.attempts, door.trouble) == (1, "Jira did not answer")
        assert later(tx, door, NOON + timedelta(hours=4))
        assert open_doors(tx) == []
        state = door_of(tx, "10001")
        assert state is not None
    assert (state.knocks, state.attempts, state.trouble) == (0, 0, None)
    assert (state.due, state.lease) == (NOON + timedelta(hours=4), None)


def test_a_reminder_comes_up_by_itself_and_is_kept_until_then(store: Store) -> None:
    with store.writing() as tx:
        knock(tx, "10001", None, NOON)
        assert later(tx, _claimed(tx), NOON + timedelta(hours=4))
        assert claim(tx, "one", NOON + timedelta(hours=3), LEASE) is None
        door = claim(tx, "one", NOON + timedelta(hours=4), LEASE)
        assert door is not None
        assert close(tx, door)
        assert door_of(tx, "10001") is None


def test_a_reminder_whose_look_failed_is_a_door_like_any_other(store: Store) -> None:
    with store.writing() as tx:
        knock(tx, "10001", None, NOON)
        assert later(tx, _claimed(tx), NOON)
        assert later(tx, _claimed(tx), NOON, "Jira did not answer")
        assert _state(tx).trouble == "Jira did not answer"


def test_a_knock_brings_a_reminder_forward(store: Store) -> None:
    with store.writing() as tx:
        knock(tx, "10001", None, NOON)
        assert later(tx, _claimed(tx), NOON + timedelta(hours=4))
        knock(tx, "10001", None, NOON + SECOND)
        _claimed(tx, NOON + SECOND)


def test_a_knock_during_the_work_brings_the_reminder_forward_that_the_work_ends_with(store: Store) -> None:
    with store.writing() as tx:
        knock(tx, "10001", None, NOON)
        door = _claimed(tx)
        knock(tx, "10001", None, NOON + SECOND)
        assert later(tx, door, NOON + timedelta(hours=4))
        _claimed(tx, NOON + SECOND)


def test_a_back_off_holds_even_when_the_door_was_knocked_at_during_the_work(store: Store) -> None:
    with store.writing() as tx:
        knock(tx, "10001", None, NOON)
        door = _claimed(tx)
        knock(tx, "10001", None, NOON + SECOND)
        assert later(tx, door, NOON + timedelta(minutes=5), "Jira asked for five minutes")
        assert claim(tx, "anna", NOON + timedelta(minutes=4), LEASE) is None
        _claimed(tx, NOON + timedelta(minutes=5))


def test_after_the_last_attempt_the_door_is_parked_with_its_trouble(store: Store) -> None:
    with store.writing() as tx:
        knock(tx, "10001", "SUP-1", NOON)
        for attempt in (1, 2, 3):
            assert parked(tx) == []
            assert later(tx, _claimed(tx), NOON, f"failure {attempt}", max_attempts=3)
        assert claim(tx, "anna", NOON + timedelta(days=1), LEASE) is None
        (door,) = parked(tx)
        assert (door.request_key, door.attempts, door.trouble) == ("SUP-1", 3, "failure 3")
        assert open_doors(tx) == []


def _park(tx: Connection) -> None:
    knock(tx, "10001", None, NOON)
    later(tx, _claimed(tx), NOON + timedelta(hours=1), "it failed", max_attempts=1)


def test_a_knock_opens_a_parked_door_with_all_its_attempts(store: Store) -> None:
    with store.writing() as tx:
        _park(tx)
        knock(tx, "10001", None, NOON + SECOND)
        door = _claimed(tx, NOON + SECOND)
    assert (door.attempts, door.trouble, door.parked) == (0, "it failed", False)


def test_a_knock_for_later_at_a_parked_door_is_not_answered_early(store: Store) -> None:
    with store.writing() as tx:
        _park(tx)
        knock(tx, "10001", None, NOON + timedelta(hours=2))
        assert claim(tx, "anna", NOON + timedelta(hours=1), LEASE) is None


def test_a_person_opens_a_parked_door_by_hand(store: Store) -> None:
    with store.writing() as tx:
        assert not release(tx, "10001", NOON), "there is no such door"
        _park(tx)
        assert release(tx, "10001", NOON + SECOND)
        assert not release(tx, "10001", NOON + SECOND), "it is open already"
        assert _claimed(tx, NOON + SECOND).attempts == 0


def test_a_knock_during_the_last_attempt_keeps_the_door_open(store: Store) -> None:
    with store.writing() as tx:
        knock(tx, "10001", None, NOON)
        door = _claimed(tx)
        knock(tx, "10001", None, NOON)
        assert later(tx, door, NOON, "it failed", max_attempts=1)
        assert parked(tx) == []
        assert _claimed(tx).attempts == 0


def test_workers_at_once_never_hold_the_same_door(store: Store) -> None:
    with store.writing() as tx:
        for number in range(40):
            knock(tx, str(number), None, NOON)
    taken: list[str] = []

    def work(name: str) -> None:
        while True:
            with store.writing() as tx:
                door = claim(tx, name, NOON, LEASE)
            if door is None:
                return
            taken.append(door.request_id)

    threads = [threading.Thread(target=work, args=(f"worker {number}",)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(taken) == Counter(str(number) for number in range(40))


def _knocked_at(tx: Connection, count: int) -> None:
    for number in range(count):
        decided_before(tx, str(number))
        knock(tx, str(number), None, NOON + number * SECOND)


def decided_before(tx: Connection, request_id: str) -> None:
    """Let there be a decision on the request."""
    tx.execute(insert(decisions).values(request_id=request_id, decided_at=NOON, revision="r1", digest="d", content={}))


def test_a_request_that_was_never_decided_is_not_claimed_with_others(store: Store) -> None:
    with store.writing() as tx:
        _knocked_at(tx, 1)
        knock(tx, "new", None, NOON)
        assert [each.request_id for each in claim_many(tx, "anna", NOON + LEASE, LEASE, least=1, most=9)] == ["0"]


def test_many_doors_are_claimed_together_the_longest_due_first_and_given_back_as_they_were(store: Store) -> None:
    now = NOON + LEASE
    with store.writing() as tx:
        _knocked_at(tx, 4)
        before = open_doors(tx)
        taken = claim_many(tx, "anna", now, LEASE, least=3, most=3)
        assert [each.request_id for each in taken] == ["0", "1", "2"]
        assert _claimed(tx, now, "bert").request_id == "3"
        assert claim(tx, "bert", now, LEASE) is None
        assert [give_back(tx, each) for each in taken] == [True, True, True]
        assert [each for each in open_doors(tx) if each.request_id != "3"] == before[:3]


def test_too_few_doors_are_not_claimed_together_nor_one_that_has_trouble_or_is_not_due(store: Store) -> None:
    with store.writing() as tx:
        _knocked_at(tx, 3)
        assert later(tx, _claimed(tx), NOON, "it failed")
        assert claim_many(tx, "anna", NOON + SECOND, LEASE, least=2, most=9) == ()
        assert [each.request_id for each in claim_many(tx, "anna", NOON + LEASE, LEASE, least=2, most=9)] == ["1", "2"]


def test_a_knock_at_a_door_that_was_claimed_with_others_keeps_it_open(store: Store) -> None:
    with store.writing() as tx:
        _knocked_at(tx, 2)
        first, second = claim_many(tx, "anna", NOON + SECOND, LEASE, least=2, most=2)
        knock(tx, "0", None, NOON + SECOND)
        assert close(tx, first)
        assert close(tx, second)
        assert [(each.request_id, each.due) for each in open_doors(tx)] == [("0", NOON + SECOND)]


def test_doors_of_a_sweep_that_never_came_back_are_claimed_one_by_one(store: Store) -> None:
    with store.writing() as tx:
        _knocked_at(tx, 2)
        lost = claim_many(tx, "anna", NOON + SECOND, LEASE, least=2, most=2)
        later_on = NOON + SECOND + LEASE
        assert claim_many(tx, "bert", later_on, LEASE, least=1, most=2) == ()
        assert _claimed(tx, later_on, "bert").trouble == "anna did not come back within its lease"
        assert not give_back(tx, lost[0])
        assert not close(tx, lost[0])


CLAIMER = """
import sys
from datetime import datetime, timedelta
from plugin.store import open_store
from plugin.store.doors import claim, knock
store, now = open_store(sys.argv[1]), datetime.fromisoformat(sys.argv[2])
with store.writing() as tx:
    print(claim(tx, "doomed", now, timedelta(seconds=60)).request_id)
if sys.argv[3] == "writing":
    never_left = store.writing()
    knock(never_left.__enter__(), "never committed", None, now)
print("inside", flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("moment", ["working", "writing"])
def test_a_killed_worker_loses_nothing_and_its_door_comes_back(store: Store, moment: str) -> None:
    with store.writing() as tx:
        knock(tx, "10001", None, NOON)
    url = store.engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", CLAIMER, url, NOON.isoformat(), moment]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdin is not None
    assert [process.stdout.readline().strip() for _ in range(2)] == ["10001", "inside"]
    process.kill()
    process.wait()
    process.stdin.close()
    process.stdout.close()
    with store.writing() as tx:
        assert claim(tx, "heir", NOON + LEASE - SECOND, LEASE) is None
        assert _claimed(tx, NOON + LEASE, "heir").trouble == "doomed did not come back within its lease"
        assert [door.request_id for door in open_doors(tx)] == ["10001"]
