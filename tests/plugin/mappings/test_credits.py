"""The mistakes that `credits.py` finds, each told with its place; carry-over as it is read."""

from pathlib import Path

import pytest

from plugin.contract.policy import UNLIMITED, CarryOver
from plugin.mappings.load import load
from tests.plugin.mappings.broken import TODAY, Mistake, copy_of_shipped, problems, replaced

NOTHING = "{tier: any, unit: any, what: none, cites: C9}"

MISTAKES = [
    Mistake(
        "a carry-over without its months",
        "credits.yaml",
        NOTHING,
        "^{tier: any, unit: any, what: all, cites: C9}",
        "for is missing; expected how long it can be used, such as 3 months",
    ),
    Mistake(
        "months of nothing",
        "credits.yaml",
        "unit: any, what: none",
        "unit: any, what: none, for: ^3 months",
        "for: nothing is carried over, what is none; leave it out",
    ),
    Mistake(
        "a length that is no number of months",
        "credits.yaml",
        "unit: any, what: none",
        "unit: any, what: all, for: ^90 days",
        "for: 90 days is not understood; expected a number of months such as 3 months",
    ),
    Mistake(
        "nothing written as a number",
        "credits.yaml",
        "unit: any, what: none",
        "unit: any, what: ^0",
        "what: 0 is not understood; expected none, all or a whole number from 1 on",
    ),
    Mistake(
        "a cost without its unit",
        "credits.yaml",
        "{kind: training, severity: any, unit: credit, units: 0, cites: C9}",
        "^{kind: training, severity: any, units: 0, cites: C9}",
        "key unit is missing; expected credit, training_session or any",
    ),
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=str)
def test_a_mistake_is_told_with_its_place_and_what_was_expected(mistake: Mistake, tmp_path: Path) -> None:
    expected = mistake.make(tmp_path)

    assert problems(tmp_path / "mappings") == expected


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("what: all, for: 3 months", CarryOver(UNLIMITED, 3)),
        ("what: 10, for: 1 month", CarryOver(10, 1)),
        ("what: none", CarryOver(None, 0)),
    ],
)
def test_what_is_carried_over_is_nothing_all_or_a_number(written: str, read: CarryOver, tmp_path: Path) -> None:
    mappings = copy_of_shipped(tmp_path)
    replaced(mappings, "credits.yaml", "unit: any, what: none", f"unit: any, {written}")

    loaded = load(mappings).mappings
    assert loaded is not None
    row = loaded.policy.carry_over.find(TODAY, tier="basic", unit="credit")
    assert row is not None
    assert row.value == read
