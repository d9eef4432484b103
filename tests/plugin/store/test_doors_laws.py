"""Laws of the queue, under any order of knocks, claims, ends of work, deaths and passing time."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, delete

from plugin.store import Store
from plugin.store.census import census, open_doors, parked
from plugin.store.doors import Door, claim, claim_many, close, give_back, knock, later, release
from plugin.store.tables import doors
from tests.plugin.store.test_doors import decided_before
from tests.stores import migrated

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
LEASE = timedelta(seconds=10)
REQUESTS = ("10001", "10002")
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("knock"), st.sampled_from(REQUESTS)),
        st.tuples(st.sampled_from(["claim", "claim many"]), st.none()),
        st.tuples(st.sampled_from(["close", "later", "fail", "die", "give back"]), st.integers(0, 3)),
        st.tuples(st.just("release"), st.sampled_from(REQUESTS)),
        st.tuples(st.just("wait"), st.sampled_from([0, 1, 9, 10, 25])),
    ),
    max_size=40,
)


@dataclass
class World:
    """What the test remembers by itself, to hold against the table."""

    tx: Connection
    now: datetime = NOON
    inside: list[Door] = field(default_factory=list)
    # Requests that were knocked at, and not claimed since.
    unanswered: set[str] = field(default_factory=set)

    def holder(self, request_id: str) -> Door | None:
        """Return the worker's door whose lease is running: there may be one at most."""
        running = [
            door
            for door in self.inside
            if door.request_id == request_id and door.leased_until is not None and door.leased_until > self.now
        ]
        assert len(running) <= 1, "two workers hold one door"
        return running[0] if running else None

    def step(self, deed: str, what: object) -> None:
        """Do one thing."""
        match deed, what:
            case "knock", str(request_id):
                knock(self.tx, request_id, None, self.now)
                self.unanswered.add(request_id)
            case "claim", _:
                self.claim()
            case "claim many", _:
                for door in claim_many(self.tx, "sweeper", self.now, LEASE, least=1, most=2):
                    self.enters(door)
            case "release", str(request_id):
                release(self.tx, request_id, self.now)
            case "wait", int(seconds):
                self.now += timedelta(seconds=seconds)
            case _, int(number) if self.inside:
                self.leave(deed, self.inside[number % len(self.inside)])

    def claim(self) -> Door | None:
        """Claim as a worker would."""
        door = claim(self.tx, "worker", self.now, LEASE)
        if door is not None:
            self.enters(door)
        return door

    def enters(self, door: Door) -> None:
        """A worker goes in."""
        assert self.holder(door.request_id) is None, "claimed while another holds it"
        self.inside.append(door)
        self.unanswered.discard(door.request_id)

    def leave(self, deed: str, door: Door) -> None:
        """End a worker's visit; a lease that ran out but was not taken over may still be used."""
        self.inside.remove(door)
        newer = any(other.request_id == door.request_id for other in self.inside if other.due >= door.due)
        soon = self.now + timedelta(seconds=5)
        match deed:
            case "close":
                done = close(self.tx, door)
            case "later":
                done = later(self.tx, door, soon)
            case "fail":
                done = later(self.tx, door, soon, "it failed", max_attempts=2)
            case "give back":
                done = give_back(self.tx, door)
                if done:
                    self.unanswered.add(door.request_id)
            case _:
                done = False
        assert not (done and newer), "a late worker ended another's visit"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Return one store for all examples: each works in a transaction that is rolled back."""
    file: Path = tmp_path_factory.mktemp("laws") / "store.sqlite3"
    store = migrated(f"sqlite:///{file}")
    yield store
    store.close()


@settings(max_examples=300)
@given(steps=STEPS)
def test_a_knock_always_leads_to_a_claim_that_starts_after_it(shared: Store, steps: list[tuple[str, object]]) -> None:
    with shared.reading() as tx:
        for request_id in REQUESTS:
            decided_before(tx, request_id)
        world = World(tx)
        for step in steps:
            world.step(*step)
            _counts_fit(world)
        # Time passes until every lease and back-off is over; what is still unanswered must be claimed now.
        world.now += timedelta(hours=1)
        missed = set(world.unanswered)
        claimed = set()
        while door := world.claim():
            claimed.add(door.request_id)
        assert missed <= claimed
        assert not world.unanswered


def _reminds(door: Door) -> bool:
    """Nobody has knocked since the last look, and all was well then."""
    return door.knocks == 0 and door.lease is None and door.trouble is None and not door.parked


def _counts_fit(world: World) -> None:
    counted = census(world.tx, world.now)
    every = [Door.of(row) for row in world.tx.execute(doors.select())]
    waiting = [door for door in every if not door.parked and not (_reminds(door) and door.due > world.now)]
    assert counted.parked == len(parked(world.tx)) == sum(door.parked for door in every)
    assert len(open_doors(world.tx)) == sum(not _reminds(door) for door in waiting)
    assert counted.due + counted.later + counted.leased == len(waiting)
    held = [door for door in waiting if door.leased_until is not None and door.leased_until > world.now]
    assert counted.leased == len(held)
    assert (counted.oldest_due is None) == (counted.due == 0)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_the_same_law_holds_on_both_databases_across_transactions(
    store: Store, steps: list[tuple[str, object]]
) -> None:
    with store.writing() as tx:
        tx.execute(delete(doors))
        for request_id in REQUESTS:
            decided_before(tx, request_id)
        world = World(tx)
    for step in steps:
        with store.writing() as tx:
            world.tx = tx
            world.step(*step)
    world.now += timedelta(hours=1)
    with store.writing() as tx:
        world.tx = tx
        while world.claim():
            pass
    assert not world.unanswered
