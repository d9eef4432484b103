"""The mistakes that `coverage.py` finds, each told with its place."""

from pathlib import Path

import pytest

from plugin.mappings.load import load
from tests.plugin.mappings.broken import Mistake, copy_of_shipped, problems, replaced

MISTAKES = [
    Mistake(
        "windows that overlap",
        "coverage.yaml",
        "mon: 08:00-18:00",
        "mon: ^08:00-12:00, 11:30-18:00",
        "mon: hours overlap with those before; join them",
    ),
    Mistake(
        "a night that runs into the next day's hours",
        "coverage.yaml",
        "      sun: closed",
        "      sun: 22:00-09:00",
        "mon: hours overlap with those before; join them",
        at="08:00-18:00\n      tu",
    ),
    Mistake(
        "a window without length",
        "coverage.yaml",
        "mon: 08:00-18:00",
        "mon: ^08:00-08:00",
        "mon 08:00-08:00 has no length; 24 hours is 00:00-24:00",
    ),
    Mistake(
        "a time that does not exist",
        "coverage.yaml",
        "mon: 08:00-18:00",
        "mon: ^08:00-25:00",
        "mon: '25:00' is no time of day; expected 00:00 to 23:59, or 24:00 for closing",
    ),
    Mistake(
        "a calendar without hours",
        "coverage.yaml",
        "      mon: 08:00-18:00\n      tue: 08:00-18:00\n      wed: 08:00-18:00\n      thu: 08:00-18:00\n      fri: "
        "08:00-18:00",
        "      ^mon: closed\n      tue: closed\n      wed: closed\n      thu: closed\n      fri: closed",
        "the calendar has no opening hours; 24 hours is 00:00-24:00 on each day",
    ),
    Mistake(
        "a weekday that is left out",
        "coverage.yaml",
        "      sun: closed\n",
        "",
        "key sun is missing; expected hours such as 08:00-18:00 or 08:00-12:00, 13:00-18:00, or closed",
        at="mon:",
    ),
    Mistake(
        "a tier whose appointments are left open",
        "coverage.yaml",
        "appointments:\n  - {tier: premium, granted: any day, cites: C3}\n",
        "^appointments:\n",
        "no row fits tier premium from the beginning; add a row, or a last row that says any",
    ),
    Mistake(
        "days that nobody knows",
        "coverage.yaml",
        "granted: opening days",
        "granted: ^opening day",
        "granted: opening day is not known (nearest: opening days); expected any day, opening days or none",
    ),
    Mistake(
        "a day closed twice",
        "coverage.yaml",
        "closed: []",
        "closed: [{date: 2026-12-24, name: Eve}, {date: ^2026-12-24, name: Eve}]",
        "2026-12-24 is closed twice; remove one",
    ),
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=str)
def test_a_mistake_is_told_with_its_place_and_what_was_expected(mistake: Mistake, tmp_path: Path) -> None:
    expected = mistake.make(tmp_path)

    assert problems(tmp_path / "mappings") == expected


def test_hours_that_touch_and_hours_past_midnight_are_good(tmp_path: Path) -> None:
    mappings = copy_of_shipped(tmp_path)
    replaced(mappings, "coverage.yaml", "mon: 08:00-18:00", "mon: 08:00-12:00, 12:00-18:00")
    replaced(mappings, "coverage.yaml", "sun: closed", "sun: 22:00-08:00")

    assert load(mappings).problems == ()
