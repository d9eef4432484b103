"""Storms: anything may go wrong with any call, while anything happens to requests. Then the sky clears."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from plugin.sandbox import Kind
from plugin.store import Store
from tests.road.house import emptied, house, sqlite_store
from tests.road.play import Play, all_is_as_the_contract_says, looking_again_changes_nothing

# Long silence takes long, and is in test_jira_misbehaves.py.
KINDS = [kind for kind in Kind if kind not in (Kind.SLOW, Kind.TIMEOUT_AFTER)]
CALLS = [("GET", ""), ("GET", r"/issue/\d+$"), ("PUT", ""), ("PUT", "/property/"), ("POST", ""), ("POST", "/comment$")]

HAPPENINGS = ("raise", "change", "say", "solve", "share", "delete", "deliver", "deliver", "reconcile")
EVENT = st.tuples(st.sampled_from(HAPPENINGS), st.integers(0, 15), st.integers(0, 15))
FAULT = st.tuples(st.sampled_from(KINDS), st.sampled_from(CALLS), st.integers(1, 6))
STORM = st.lists(st.one_of(EVENT, FAULT), min_size=4, max_size=24)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with sqlite_store(tmp_path_factory.mktemp("storms")) as store:
        yield store


@settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(STORM)
def test_after_any_storm_all_is_as_the_contract_says(
    kept: Store, storm: list[tuple[str, int, int] | tuple[Kind, tuple[str, str], int]]
) -> None:
    with house(emptied(kept)) as home:
        play = Play(home)
        for number in range(3):
            play.happens("raise", number, 4 * number)
        for what, where, count in storm:
            if isinstance(where, tuple):
                home.fault(Kind(what), *where, times=count)
            elif what != "reconcile" or not home.sandbox.faults.waiting():
                play.happens(what, where, count)
            home.settle_for(seconds=11)
        home.sandbox.faults.clear()
        # Whatever was parked on the way is tried again by itself.
        home.clock.advance(hours=1, minutes=10)
        play.ends()
        all_is_as_the_contract_says(play)
        assert looking_again_changes_nothing(play)
