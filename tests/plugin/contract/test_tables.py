"""The tables of the policy: which row wins, on which day and for which request."""

import pytest

from plugin.contract.tables import ANY, AppliesTo, AsOf
from tests.plugin.contract.builders import on, table

NEWER = table(
    "C2",
    "tiers.yaml",
    ({"tier": "basic", "severity": "1"}, "old"),
    ({"severity": "1", "tier": "basic"}, "new", on("2026-07-01")),
    ({"tier": ANY, "severity": ANY}, "rest", on("2026-12-01")),
)


def test_the_first_row_that_fits_wins() -> None:
    rows = table("C2", "tiers.yaml", ({"tier": "basic"}, 1), ({"tier": ANY}, 2), ({"tier": "premium"}, 3))
    found = [rows.find(on("2026-01-01"), tier=tier) for tier in ("basic", "premium")]
    assert [(each.value, str(each.cites)) for each in found if each] == [
        (1, "C2, tiers.yaml:1"),
        (2, "C2, tiers.yaml:2"),
    ]


def test_of_rows_for_the_same_words_the_newest_in_force_wins_in_whatever_order_the_words_stand() -> None:
    found = [NEWER.find(on(day), tier="basic", severity="1") for day in ("2026-06-30", "2026-07-01", "2027-01-01")]
    assert [each.value for each in found if each] == ["old", "new", "new"]


def test_a_row_that_is_not_in_force_yet_does_not_fit() -> None:
    assert NEWER.find(on("2026-11-30"), tier="premium", severity="1") is None
    later = NEWER.find(on("2026-12-01"), tier="premium", severity="1")
    assert later is not None
    assert later.value == "rest"


OPEN = table(
    "C2",
    "tiers.yaml",
    ({"tier": "basic"}, "old"),
    ({"tier": "basic"}, "new", on("2026-07-01"), AppliesTo.OPEN),
    ({"tier": "basic"}, "newest", on("2026-12-01")),
)


@pytest.mark.parametrize(
    ("raised", "open_until", "wins"),
    [
        ("2026-06-01", "2026-06-30", "old"),  # resolved before, or not there yet
        ("2026-06-01", "2026-07-01", "new"),
        ("2026-06-01", "2027-01-01", "new"),  # the newest is for those raised later only
        ("2026-12-01", "2026-12-01", "newest"),
    ],
)
def test_a_row_for_open_requests_judges_those_that_were_still_open_on_its_day(
    raised: str, open_until: str, wins: str
) -> None:
    found = OPEN.find(AsOf(on(raised), on(open_until)), tier="basic")
    assert found is not None
    assert found.value == wins


def test_where_no_request_is_judged_a_row_counts_from_its_day_on_whatever_it_applies_to() -> None:
    found = [OPEN.find(on(day), tier="basic") for day in ("2026-06-30", "2026-07-01", "2026-12-01")]
    assert [each.value for each in found if each] == ["old", "new", "newest"]


def test_a_table_without_conditions_fits_everything() -> None:
    assert table("C2", "coverage.yaml", ({}, 7)).find(on("2026-01-01")) is not None
    assert table("C2", "coverage.yaml").find(on("2026-01-01")) is None
