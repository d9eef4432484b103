"""How things stand, as values: what needs a person first, and what came lately."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from plugin.overview.now import MINUTES, Now, now
from plugin.store import Store, doors, memory
from tests.road.house import MIRA, NEWEST, TOO_OLD, House, house


@pytest.fixture
def home(store: Store) -> Iterator[House]:
    with house(store) as built:
        yield built


def seen(home: House) -> Now:
    with home.store.reading() as tx:
        return now(tx, home.clock())


def test_nothing_needs_a_person_where_nothing_is(home: House) -> None:
    found = seen(home)
    assert found.calm
    assert found.latest == ()
    assert found.webhooks == (0,) * MINUTES


def test_the_last_requests_come_first_each_once_with_what_was_decided(home: House) -> None:
    first, second = home.raised(MIRA), home.raised(MIRA, version=TOO_OLD)
    home.settle()
    home.change(first, Business_impact="No outage")
    home.settle()
    newest, older = seen(home).latest
    assert (newest.key, older.key) == (first.key, second.key)
    assert (newest.severity, newest.named, newest.tier, newest.credits) == (3, "Aurora Robotics", "premium", 1)
    assert newest.reason == ""
    assert newest.due is not None
    assert older.eligibility.value == "not eligible"
    assert older.reason.startswith("expecco 24.2 is older")
    assert not seen(home).latest[0].resolved
    home.transition(first, "Resolve", "Done")
    home.settle()
    assert seen(home).latest[0].resolved is (home.status(first) == "Resolved")


def test_a_response_that_is_due_soon_and_one_that_is_late_need_a_person(home: House) -> None:
    issue = home.raised()
    home.settle()
    assert seen(home).calm
    due = seen(home).latest[0].due
    assert due is not None
    home.clock.now = due - timedelta(hours=1)
    found = seen(home)
    assert [each.request_key for each in found.soon] == [issue.key]
    assert (found.soons, found.lates, found.late) == (1, 0, ())
    home.clock.now = due + timedelta(minutes=1)
    found = seen(home)
    assert [each.request_key for each in found.late] == [issue.key]
    assert (found.soons, found.lates, found.soon) == (0, 1, ())
    assert not found.calm


def test_a_request_on_hold_needs_a_person_with_the_agents_word(home: House) -> None:
    issue = home.raised()
    home.settle()
    home.change(issue, Contract_override="On hold", Contract_override_reason="Ask sales")
    home.settle()
    found = seen(home)
    [held] = found.on_hold
    assert (found.holds, found.calm) == (1, False)
    assert (held.key, held.reason) == (issue.key, "Overruled by an agent: on hold instead of eligible. Ask sales")


def test_whoever_is_on_hold_longest_comes_first_however_many_came_since(
    home: House,
) -> None:
    held = [home.raised(version=version) for version in (NEWEST, TOO_OLD)]
    home.settle()
    for issue in held:
        home.change(issue, Contract_override="On hold", Contract_override_reason="Ask sales")
        home.settle()
        home.clock.advance(minutes=1)
    # Another decision on it leaves it on hold, and where it was in the line.
    home.change(held[0], Contract_override_reason="Ask sales again")
    home.raised()
    home.settle()
    assert [each.key for each in seen(home).on_hold] == [each.key for each in held]
    home.transition(held[0], "Resolve this issue", "Done")
    home.settle()
    home.change(held[1], Contract_override="Eligible")
    home.settle()
    assert (seen(home).on_hold, seen(home).holds) == ((), 0)


def test_what_is_parked_and_what_is_missing_need_a_person(home: House) -> None:
    issue = home.raised()
    home.settle()
    home.knock(issue)
    with home.store.writing() as tx:
        door = doors.claim(tx, "one", home.clock(), timedelta(minutes=1))
        assert door is not None
        doors.later(tx, door, home.clock(), "Jira said no.", max_attempts=1)
        memory.found_gap(tx, "Something is missing.")
    found = seen(home)
    assert [each.request_key for each in found.parked] == [issue.key]
    assert found.queue.parked == 1
    assert found.gap == "Something is missing."


def test_webhooks_are_counted_by_the_minute_the_present_one_last(home: House) -> None:
    home.raised()
    home.settle()
    came = sum(seen(home).webhooks)
    assert came > 0
    assert seen(home).webhooks[-1] == came
    home.clock.advance(minutes=3)
    assert seen(home).webhooks[-4] == came
    home.clock.advance(minutes=57)
    assert seen(home).webhooks == (0,) * MINUTES
