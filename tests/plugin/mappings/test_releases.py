"""The mistakes that `releases.py` finds, each told with its place."""

from datetime import date
from pathlib import Path

import pytest

from plugin.contract.policy import Policy
from plugin.mappings.load import load
from tests.plugin.mappings.broken import TODAY, Mistake, copy_of_shipped, problems, replaced

MISTAKES = [
    Mistake(
        "a release before the one above it",
        "releases.yaml",
        "released: 2026-10-12",
        "released: ^2026-04-12",
        "26.2 was released on 2026-04-12, before 26.1 above it (2026-04-13); expected the oldest first: correct the "
        "date or the order",
    ),
    Mistake(
        "the same line in another spelling",
        "releases.yaml",
        "      - {line: 26.2, released: 2026-10-12, cites: C13}",
        "      - {line: ^26.01, released: 2026-10-12, cites: C13}",
        "line 26.01 is already in line {line} of the file; remove one",
        refers="{line: 26.1, released: 2026-04",
    ),
    Mistake(
        "a grace in months",
        "releases.yaml",
        "for: 0 days",
        "for: ^1 month",
        "for: 1 month is not understood; expected a number of days such as 30 days, or 0 days",
    ),
    Mistake(
        "a fix that does not exist",
        "releases.yaml",
        "fix: scheduled",
        "fix: ^schedule",
        "fix: schedule is not known (nearest: scheduled); expected patch, next maintenance release, scheduled or not "
        "applicable",
    ),
    Mistake(
        "a line that is neither supported nor other",
        "releases.yaml",
        "severity: 2, line: other",
        "severity: 2, line: ^older",
        "line: older is not known (nearest: other); expected supported, other or any",
    ),
    Mistake(
        "a name for two kinds of third-party software",
        "releases.yaml",
        "{name: Appium, cites: C26}",
        "{name: Appium, aliases: [^webdriver], cites: C26}",
        "webdriver is already a third-party software in releases.yaml:{line}; expected a name of its own",
        refers="{name: Selenium",
    ),
    Mistake(
        "a platform of an unknown product",
        "releases.yaml",
        "{product: expecco, platform: Windows",
        "{product: ^expeco, platform: Windows",
        "product: there is no product expeco; expected expecco, expecco-licenseserver, expecco-alm or any (nearest: "
        "expecco)",
    ),
    Mistake(
        "a platform that is listed twice",
        "releases.yaml",
        "{product: expecco-alm, platform: Linux",
        "^{product: expecco-alm, platform: windows",
        "this row says again what line {line} says; remove one, or give it a from:",
        refers="{product: expecco-alm, platform: Windows",
    ),
]


def policy_of(mappings: Path) -> Policy:
    """The policy of files that are good."""
    loaded = load(mappings).mappings
    assert loaded is not None
    return loaded.policy


@pytest.mark.parametrize("mistake", MISTAKES, ids=str)
def test_a_mistake_is_told_with_its_place_and_what_was_expected(mistake: Mistake, tmp_path: Path) -> None:
    expected = mistake.make(tmp_path)

    assert problems(tmp_path / "mappings") == expected


def test_a_platform_need_not_be_listed_for_every_product_and_may_be_taken_away_from_a_day_on(tmp_path: Path) -> None:
    mappings = copy_of_shipped(tmp_path)
    row = "  - {product: expecco-alm, platform: Windows, aliases: [Win], cites: C29}\n"
    away = "  - {product: expecco, platform: Windows, supported: no, cites: C29, from: 2027-01-01}\n"
    replaced(mappings, "releases.yaml", row, away)

    assert problems(mappings) == []
    policy = policy_of(mappings)
    assert policy.platforms.find(date(2027, 1, 1), product="expecco-alm", platform="Windows") is None
    found = [policy.platforms.find(day, product="expecco", platform="Windows") for day in (TODAY, date(2027, 1, 1))]
    assert [each and each.value.supported for each in found] == [True, False]


def test_grace_changes_from_a_day_on(tmp_path: Path) -> None:
    mappings = copy_of_shipped(tmp_path)
    row = "  - {product: any, for: 0 days, cites: C21}\n"
    later = "  - {product: any, for: 1 day, cites: C21, from: 2027-01-01}\n"
    replaced(mappings, "releases.yaml", row, row + later)

    assert problems(mappings) == []
    days = (date(2026, 12, 31), date(2027, 1, 1))
    found = [policy_of(mappings).grace.find(day, product="expecco") for day in days]
    assert [each and each.value.days for each in found] == [0, 1]


def test_two_lines_may_be_released_on_one_day(tmp_path: Path) -> None:
    mappings = copy_of_shipped(tmp_path)
    replaced(mappings, "releases.yaml", "released: 2015-06-15", "released: 2014-04-14")

    assert problems(mappings) == []
