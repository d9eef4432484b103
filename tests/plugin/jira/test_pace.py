"""Not faster than Jira takes it, on a clock of the test's own."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from hypothesis import given, settings
from hypothesis import strategies as st

from plugin.jira.errors import JiraBusy, JiraHitch
from plugin.jira.pace import Pace

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
CALLS = st.lists(st.tuples(st.sampled_from(["GET", "POST", "PUT"]), st.sampled_from(["1", "2"])), max_size=120)


class World:
    """Time that only sleeping moves."""

    def __init__(self, travel: time_machine.Traveller, per_second: int) -> None:
        self._travel = travel
        self.pace = Pace(per_second, self._sleep)
        self.sent: list[tuple[datetime, str, str | None]] = []

    def _sleep(self, seconds: float) -> None:
        assert seconds > 0
        self._travel.shift(timedelta(seconds=seconds))

    def send(self, method: str, issue: str | None) -> None:
        try:
            self.pace.wait(method, issue, datetime.now(UTC))
        except JiraHitch as hitch:
            self._travel.move_to(hitch.retry_at or NOON)
            self.pace.wait(method, issue, datetime.now(UTC))
        self.sent.append((datetime.now(UTC), method, issue))


@pytest.fixture
def world() -> Iterator[World]:
    with time_machine.travel(NOON, tick=False) as travel:
        yield World(travel, per_second=50)


def _most_within(moments: list[datetime], span: timedelta) -> int:
    return max((sum(first <= each < first + span for each in moments) for first in moments), default=0)


def test_what_stays_below_the_limits_is_not_held_back(world: World) -> None:
    for number in range(50):
        world.send("GET", str(number))
    assert {moment for moment, *_ in world.sent} == {NOON}


def test_the_request_above_the_limit_waits_for_the_next_second(world: World) -> None:
    for _ in range(51):
        world.send("GET", None)
    assert [moment > NOON for moment, *_ in world.sent] == [False] * 50 + [True]
    assert world.sent[-1][0] - NOON <= timedelta(seconds=1.1)


def test_half_as_many_writes_are_sent_as_reads(world: World) -> None:
    for number in range(26):
        world.send("PUT", str(number))
    assert Counter(moment == NOON for moment, *_ in world.sent) == {True: 25, False: 1}


def test_one_issue_gets_twenty_writes_in_two_seconds_and_others_do_not_wait_for_it(world: World) -> None:
    for _ in range(20):
        world.send("POST", "1")
    world.send("POST", "2")
    assert world.sent[-1][0] == NOON
    world.send("POST", "1")
    assert timedelta(seconds=1.9) <= world.sent[-1][0] - NOON <= timedelta(seconds=2.1)


@settings(max_examples=60)
@given(CALLS)
def test_no_order_of_calls_goes_over_any_limit(calls: list[tuple[str, str]]) -> None:
    with time_machine.travel(NOON, tick=False) as travel:
        world = World(travel, per_second=20)
        for method, issue in calls:
            world.send(method, issue)
        reads = [moment for moment, method, _ in world.sent if method in ("GET", "POST")]
        writes = [moment for moment, method, _ in world.sent if method == "PUT"]
        assert _most_within(reads, timedelta(seconds=1)) <= 20
        assert _most_within(writes, timedelta(seconds=1)) <= 10
        for issue in ("1", "2"):
            own = [moment for moment, method, each in world.sent if method != "GET" and each == issue]
            assert _most_within(own, timedelta(seconds=2)) <= 20
            assert _most_within(own, timedelta(seconds=30)) <= 100


def test_nothing_is_sent_while_jira_says_that_nothing_is_left(world: World) -> None:
    world.pace.spent(NOON + timedelta(seconds=30), NOON)
    with pytest.raises(JiraBusy, match="nothing is left of its rate limit until 12:00:30 UTC") as told:
        world.pace.wait("GET", None, NOON + timedelta(seconds=29))
    assert told.value.retry_at == NOON + timedelta(seconds=30)
    world.pace.wait("GET", None, NOON + timedelta(seconds=30))


def test_five_minutes_are_believed_at_most(world: World) -> None:
    world.pace.spent(NOON + timedelta(days=3), NOON)
    world.pace.wait("GET", None, NOON + timedelta(minutes=5))


def test_a_request_that_would_have_to_wait_long_is_left_for_later_and_holds_up_no_other(world: World) -> None:
    for _ in range(100):
        world.send("POST", "1")
    begun = datetime.now(UTC)
    with pytest.raises(JiraHitch, match="it goes on by itself") as told:
        world.pace.wait("PUT", "1", begun)
    assert told.value.retry_at is not None
    assert timedelta(seconds=2) < told.value.retry_at - begun < timedelta(seconds=30)
    world.send("PUT", "2")
    assert datetime.now(UTC) == begun


def test_near_the_limit_all_calls_together_go_at_a_fifth_of_the_pace_for_ten_seconds(world: World) -> None:
    world.pace.near(NOON)
    for number in range(10):
        world.send(("GET", "PUT")[number % 2], str(number))
    assert {moment for moment, *_ in world.sent} == {NOON}
    world.send("GET", "x")
    assert world.sent[-1][0] - NOON >= timedelta(seconds=0.9)
    world.pace.wait("GET", None, NOON + timedelta(seconds=11))
    begun = datetime.now(UTC)
    for number in range(30):
        world.pace.wait("GET", str(number), NOON + timedelta(seconds=11))
    assert datetime.now(UTC) == begun
