"""Whatever order webhooks come in, however often or never, and whoever works: the end is what the contract says."""

from contextlib import ExitStack
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from plugin.store import Store
from tests.road.house import EMIL, FAULT, JONAS, MIRA, SESSION, TOO_OLD, emptied, house
from tests.road.play import Play, all_is_as_the_contract_says, at_once, looking_again_changes_nothing

Event = tuple[str, int, int]

OFTEN = ("raise", "change", "say", "deliver", "work")
NAMES = (*OFTEN, *OFTEN, "deliver", "work", "both", "solve", "delete", "share", "lose")
EVENTS = st.lists(
    st.tuples(st.sampled_from((*NAMES, "reconcile")), st.integers(0, 15), st.integers(0, 15)), min_size=4, max_size=24
)


@settings(
    max_examples=50,  # on each of the two databases
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(EVENTS)
def test_a_hundred_interleavings_end_as_the_contract_says(store: Store, events: list[Event]) -> None:
    with house(emptied(store)) as home:
        play = Play(home)
        play.happens("raise", 0, 0)
        for event in events:
            play.happens(*event)
        play.ends()
        all_is_as_the_contract_says(play)
        assert looking_again_changes_nothing(play)


@pytest.mark.parametrize("copies", [1, 100])
def test_a_request_looked_at_a_hundred_times_by_two_workers_is_charged_once(store: Store, copies: int) -> None:
    with ExitStack() as stack:
        home = stack.enter_context(house(store))
        issues = [home.raised(MIRA), home.raised(JONAS, SESSION), home.raised(EMIL), home.raised(JONAS, FAULT, TOO_OLD)]
        created = home.sent()
        workers = [home.worker("one"), home.worker("two")]
        for _ in range(copies):
            for issue in issues:
                home.knock(issue)
            home.receive(*created, *home.sent())
            if copies == 1 or _ % 10 == 0:
                at_once(*workers)
        home.settle()
        assert [home.holders(issue) for issue in issues] == [
            {"aurora-robotics": 1},
            {"aurora-robotics": 2},
            {"brennhaus-medical": 1},
            {},
        ]
        assert [len(home.replies(issue)) for issue in issues] == [0, 0, 0, 1]
        assert (home.board(11) or {})["available"] == home.available("aurora-robotics") == 189
        assert (home.board(12) or {})["available"] == home.available("brennhaus-medical") == 95


def test_the_last_credits_are_given_out_once_by_two_workers_and_none_goes_below_zero(store: Store) -> None:
    with house(store) as home:
        aurora = home.agreement("aurora-robotics")
        one = replace(aurora.entitlements[0], tier="advanced", licenses=1)  # 16 credits a year
        others = tuple(each for each in home.mappings.agreements if each is not aurora)
        home.mappings = replace(home.mappings, agreements=(replace(aurora, entitlements=(one,)), *others))
        issues = [home.raised(MIRA, SESSION) for _ in range(11)]
        home.receive(*home.sent())
        at_once(home.worker("one"), home.worker("two"))
        home.settle(home.worker("one"), home.worker("two"))
        # 16 credits are enough for exactly eight sessions at two: also for the one that takes the last.
        charged = [issue for issue in issues if home.holders(issue)]
        assert len(charged) == 8
        assert {home.shows(issue, "Eligibility") for issue in issues if issue not in charged} == {"On hold"}
        assert (home.board(11) or {})["available"] == home.available("aurora-robotics") == 0
        # What comes back helps somebody who was on hold, at the next reconciliation.
        home.transition(charged[0], "Resolve this issue", "Product defect")
        home.settle()
        assert (home.board(11) or {})["available"] == 2
        home.reconcile()
        home.settle()
        assert len([issue for issue in issues if home.holders(issue)]) == 8
        assert home.holders(charged[0]) == {}
        assert home.available("aurora-robotics") == 0
