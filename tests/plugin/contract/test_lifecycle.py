"""C21: which release lines are supported on a day, and until when."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.contract.lifecycle import Lifecycle, lifecycle
from plugin.contract.tables import ANY, AppliesTo, AsOf
from tests.plugin.contract.builders import on, policy, product, table

RELEASED = {"2.9": "2024-01-10", "2.10": "2025-01-10", "2.11": "2026-01-10", "18.1": "2027-01-10"}


def seen(day: str, grace: int = 0, released: dict[str, str] = RELEASED, count: int = 2) -> Lifecycle:
    under = policy(
        grace=table("C21", "releases.yaml", ({"product": ANY}, timedelta(days=grace))),
        supported_lines=table("C21", "releases.yaml", ({"product": ANY}, count)),
    )
    return lifecycle(product("expecco", released), under, on(day))


def supported(life: Lifecycle) -> list[str]:
    return [state.line.name for state in life.states if state.supported]


@pytest.mark.parametrize(
    ("day", "lines"),
    [
        ("2024-01-09", []),
        ("2024-01-10", ["2.9"]),
        ("2025-01-10", ["2.9", "2.10"]),
        ("2026-01-09", ["2.9", "2.10"]),
        ("2026-01-10", ["2.10", "2.11"]),
        ("2027-01-10", ["2.11", "18.1"]),
    ],
)
def test_without_grace_a_release_pushes_a_line_out_at_the_start_of_its_day(day: str, lines: list[str]) -> None:
    assert supported(seen(day)) == lines


@pytest.mark.parametrize(
    ("day", "lines"),
    [
        ("2026-01-10", ["2.9", "2.10", "2.11"]),
        ("2026-02-08", ["2.9", "2.10", "2.11"]),
        ("2026-02-09", ["2.10", "2.11"]),
    ],
)
def test_thirty_days_of_grace_are_the_day_of_the_release_and_twenty_nine_more(day: str, lines: list[str]) -> None:
    life = seen(day, grace=30)

    assert supported(life) == lines
    assert [line.name for line in life.current] == ["2.10", "2.11"]
    assert life.states[0].last_day == date(2026, 2, 8)


def test_two_releases_within_the_grace_push_out_two_lines_each_with_its_own_last_day() -> None:
    close = {"1.0": "2026-01-01", "1.1": "2026-02-01", "1.2": "2026-03-01", "1.3": "2026-03-11"}
    life = seen("2026-03-15", grace=30, released=close)

    assert supported(life) == ["1.0", "1.1", "1.2", "1.3"]
    assert [state.last_day for state in life.states] == [date(2026, 3, 30), date(2026, 4, 9), None, None]


def test_the_next_release_ends_the_oldest_of_the_current_lines_whether_it_is_listed_or_not() -> None:
    listed, unlisted = seen("2026-06-01"), seen("2027-06-01")

    assert [state.line.name for state in listed.states if state.leaves] == ["2.10"]
    assert (listed.upcoming and listed.upcoming.name, listed.states[1].last_day) == ("18.1", date(2027, 1, 9))
    assert [state.line.name for state in unlisted.states if state.leaves] == ["2.11"]
    assert (unlisted.upcoming, unlisted.states[2].last_day) == (None, None)


def test_two_lines_released_on_the_same_day_end_two() -> None:
    twins = {**RELEASED, "18.2": "2027-01-10"}

    assert [state.line.name for state in seen("2026-06-01", released=twins).states if state.leaves] == ["2.10", "2.11"]


def test_with_fewer_lines_than_are_supported_the_next_release_ends_none() -> None:
    assert not any(state.leaves for state in seen("2024-06-01").states)


def test_a_policy_without_a_row_is_a_mistake_in_the_mapping_files() -> None:
    silent = policy(grace=table("C21", "releases.yaml"))

    with pytest.raises(LookupError, match="how many lines of expecco are supported, or the grace"):
        lifecycle(product("expecco", RELEASED), silent, on("2026-01-01"))


DAYS = st.dates(date(2023, 12, 1), date(2027, 12, 31)).map(str)
GAPS = st.lists(st.integers(0, 400), min_size=1, max_size=6)


@given(GAPS, DAYS, st.integers(0, 200), st.integers(0, 200), st.integers(1, 3))
def test_more_grace_never_takes_a_line_away_and_the_current_ones_need_none(
    gaps: list[int], day: str, some: int, more: int, count: int
) -> None:
    when, released = date(2024, 1, 1), {}
    for number, gap in enumerate(gaps):
        when += timedelta(days=gap)
        released[f"1.{number}"] = str(when)
    little, much = (seen(day, grace, released, count) for grace in (some, some + more))

    assert set(supported(little)) <= set(supported(much))
    assert {line.name for line in little.current} <= set(supported(little))
    assert little.current == much.current
    out = [state.line.name for state in little.states if state.released]
    assert [line.name for line in little.current] == out[max(0, len(out) - count) :]


@given(GAPS, st.integers(0, 200), st.integers(1, 3))
def test_the_last_day_is_the_last_day(gaps: list[int], grace: int, count: int) -> None:
    when, released = date(2024, 1, 1), {}
    for number, gap in enumerate(gaps):
        when += timedelta(days=gap)
        released[f"1.{number}"] = str(when)
    for number, state in enumerate(seen("2024-01-01", grace, released, count).states):
        if state.last_day is not None and state.last_day >= state.line.released:
            on_it, after = (
                seen(str(day), grace, released, count).states[number].supported
                for day in (state.last_day, state.last_day + timedelta(days=1))
            )
            assert (on_it, after) == (True, False)


def test_an_open_request_is_judged_by_the_releases_of_the_day_it_was_raised_and_by_the_numbers_in_force_for_it() -> (
    None
):
    """From March on two lines are supported, and 30 days of grace given, for open requests as well."""
    since = on("2026-03-01")
    under = policy(
        grace=table(
            "C21",
            "releases.yaml",
            ({"product": ANY}, timedelta(0)),
            ({"product": ANY}, timedelta(days=30), since, AppliesTo.OPEN),
        ),
        supported_lines=table(
            "C21", "releases.yaml", ({"product": ANY}, 1), ({"product": ANY}, 2, since, AppliesTo.OPEN)
        ),
    )
    shown = {}
    for until in ("2026-02-28", "2026-03-01"):
        life = lifecycle(product("expecco", RELEASED), under, AsOf(on("2026-01-10"), on(until)))
        shown[until] = supported(life), life.grace.value.days
    assert shown == {"2026-02-28": (["2.11"], 0), "2026-03-01": (["2.9", "2.10", "2.11"], 30)}
