"""The mistakes that `tables.py` finds, each told with its place."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from plugin.contract.tables import AsOf
from plugin.mappings.load import load
from tests.plugin.mappings.broken import Mistake, copy_of_shipped, problems, replaced

MISTAKES = [
    Mistake(
        "a tier with a letter missing",
        "tiers.yaml",
        "{tier: premium, severity: 1, within",
        "{tier: ^premum, severity: 1, within",
        "tier: there is no tier premum; expected premium, advanced, basic or any (nearest: premium)",
    ),
    Mistake(
        "a severity without a response target",
        "tiers.yaml",
        "  - {tier: basic, severity: 3, within: 72 h, cites: C2}\n",
        "",
        "no row fits tier basic, severity 3 from the beginning; add a row, or a last row that says any",
        at="response_targets:",
    ),
    Mistake(
        "two severities without a response target",
        "tiers.yaml",
        "  - {tier: advanced, severity: 3, within: 36 h, cites: C2}\n  - {tier: basic, severity: 3, within: 72 h, "
        "cites: C2}\n",
        "",
        "no row fits tier advanced, severity 3 and 1 more from the beginning; add a row, or a last row that says any",
        at="response_targets:",
    ),
    Mistake(
        "a target that is in force only later",
        "tiers.yaml",
        "{tier: basic, severity: 3, within: 72 h, cites: C2}",
        "{tier: basic, severity: 3, within: 72 h, cites: C2, from: 2027-01-01}",
        "no row fits tier basic, severity 3 from the beginning; leave from: out of the oldest row",
        at="response_targets:",
    ),
    Mistake(
        "the same row twice",
        "tiers.yaml",
        "  - {tier: basic, limit: 1, cites: C4}",
        "  - {tier: basic, limit: 1, cites: C4}\n  - ^{tier: Basic, limit: 2, cites: C4}",
        "this row says again what line {line} says; remove one, or give it a from:",
        refers="{tier: basic, limit: 1",
    ),
    Mistake(
        "a row after one that fits all",
        "credits.yaml",
        "  - {kind: any, do: refuse, cites: C17}",
        "  - {kind: any, do: refuse, cites: C17}\n  - ^{kind: enhancement, do: hold, cites: C17}",
        "this row never applies, the rows above it fit first; move it up or remove it",
    ),
    Mistake(
        "a row for open requests that is in force only later",
        "tiers.yaml",
        "{tier: basic, severity: 3, within: 72 h, cites: C2}",
        "{tier: basic, severity: 3, within: 72 h, cites: C2, from: 2027-01-01, applies_to: open}",
        "no row fits tier basic, severity 3 from the beginning; leave from: out of the oldest row",
        at="response_targets:",
    ),
    Mistake(
        "a row for open requests from the same day on",
        "tiers.yaml",
        "  - {tier: basic, severity: 3, within: 72 h, cites: C2}\n",
        "  - {tier: basic, severity: 3, within: 72 h, cites: C2}\n"
        "  - {tier: basic, severity: 3, within: 60 h, cites: C2, from: 2027-01-01, applies_to: open}\n"
        "  - ^{tier: basic, severity: 3, within: 50 h, cites: C2, from: 2027-01-01}\n",
        "this row never applies, the rows above it fit first; move it up or remove it",
    ),
    Mistake(
        "a reason without a verdict",
        "eligibility.yaml",
        "  - {reason: version_unclear, eligibility: needs information, reply: yes, cites: C21}\n",
        "",
        "no row fits reason version_unclear from the beginning; add a row, or a last row that says any",
        at="verdicts:",
    ),
    Mistake(
        "an unknown unit",
        "credits.yaml",
        "{tier: basic, unit: credit",
        "{tier: basic, unit: ^credits",
        "unit: credits is not known (nearest: credit); expected credit, training_session or any",
    ),
    Mistake(
        "a calendar with a letter missing",
        "coverage.yaml",
        "{tier: basic, calendar: office",
        "{tier: basic, calendar: ^ofice",
        "calendar: there is no calendar ofice; expected office (nearest: office)",
    ),
    Mistake(
        "a ruling of an unknown severity",
        "severities.yaml",
        "impact: down, severity: 1, cites: C18}\n  - {kind: remote",
        "impact: down, severity: ^4, cites: C18}\n  - {kind: remote",
        "severity: there is no severity 4; expected 1, 2 or 3",
    ),
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=str)
def test_a_mistake_is_told_with_its_place_and_what_was_expected(mistake: Mistake, tmp_path: Path) -> None:
    expected = mistake.make(tmp_path)

    assert problems(tmp_path / "mappings") == expected


def test_a_row_can_be_of_use_to_requests_that_are_open_on_its_day_and_to_no_others(tmp_path: Path) -> None:
    """Those raised from that day on have a row of their own, as have those resolved before."""
    mappings = copy_of_shipped(tmp_path)
    row = "  - {tier: basic, severity: 3, within: 72 h, cites: C2}\n"
    newer = row.replace("72 h", "50 h").replace("}", ", from: 2027-01-01}")
    still_open = row.replace("72 h", "60 h").replace("}", ", from: 2027-01-01, applies_to: open}")
    replaced(mappings, "tiers.yaml", row, row + newer + still_open)
    loaded = load(mappings)

    assert (loaded.problems, loaded.mappings is None) == ((), False)
    assert loaded.mappings is not None
    find, new_year = loaded.mappings.policy.response_targets.find, date(2027, 1, 1)
    days = [AsOf(date(2026, 12, 1), date(2026, 12, 31)), AsOf(date(2026, 12, 1), new_year), AsOf(new_year, new_year)]
    found = [find(each, tier="basic", severity="3") for each in days]
    assert [each.value for each in found if each] == [timedelta(hours=hours) for hours in (72, 60, 50)]
