"""The mistakes that `shape.py` finds, each told with its place."""

from pathlib import Path

import pytest

from tests.plugin.mappings.broken import Mistake, problems

MISTAKES = [
    Mistake(
        "a key with a letter missing",
        "tiers.yaml",
        "severity: 1, within: 8 h",
        "severity: 1, ^withn: 8 h",
        "unknown key withn; expected cites, from, applies_to, tier, severity, within (nearest: within)",
    ),
    Mistake(
        "a table with a letter missing",
        "tiers.yaml",
        "response_targets:",
        "^response_target:",
        "unknown key response_target; expected tiers, response_targets, named_contacts, services, priorities, "
        "priority_handling, reminders, account_representatives (nearest: "
        "response_targets)",
    ),
    Mistake(
        "a condition that is left out",
        "tiers.yaml",
        "{tier: premium, severity: 1, within: 8 h",
        "^{tier: premium, within: 8 h",
        "key severity is missing; expected a word that is known, or any for all of them",
    ),
    Mistake(
        "a value without its clause",
        "severities.yaml",
        "{level: 1, name: Severity 1, cites: C18}",
        "^{level: 1, name: Severity 1}",
        "key cites is missing; expected a clause such as C21",
    ),
    Mistake(
        "a key without a value",
        "tiers.yaml",
        "limit: 5",
        "^limit:",
        "unknown key limit:; expected cites, from, tier, limit (nearest: limit)",
    ),
    Mistake(
        "text where a list belongs",
        "tiers.yaml",
        "aliases: [Gold]",
        "aliases: ^Gold",
        "aliases: expected a list such as [a, b], or lines that begin with -",
    ),
    Mistake(
        "a list where text belongs",
        "tiers.yaml",
        "within: 8 h",
        "within: ^[8 h]",
        "within: a list cannot stand here; expected a length such as 8 h, 90 min or 1 h 30 min, or none",
    ),
    Mistake(
        "text where a row belongs",
        "credits.yaml",
        "  - {outcome: any, refund: no, cites: C9}",
        "  - ^any",
        "refunds: expected keys and values: cites, from, applies_to, outcome, refund",
    ),
    Mistake(
        "requests for a row that judges none",
        "credits.yaml",
        "{tier: premium, unit: credit, per_license: 32, cites: C9}",
        "{tier: premium, unit: credit, per_license: 32, cites: C9, ^applies_to: open}",
        "applies_to: no request is judged by this row; remove it",
    ),
    Mistake(
        "requests for a row that judges all",
        "tiers.yaml",
        "{tier: basic, severity: 3, within: 72 h, cites: C2}",
        "{tier: basic, severity: 3, within: 72 h, cites: C2, ^applies_to: raised}",
        "applies_to: a row without from: applies to every request; remove it, or add from:",
    ),
    Mistake(
        "requests of an unknown sort",
        "tiers.yaml",
        "{tier: basic, severity: 3, within: 72 h, cites: C2}",
        "{tier: basic, severity: 3, within: 72 h, cites: C2}\n"
        "  - {tier: basic, severity: 3, within: 60 h, cites: C2, from: 2027-01-01, applies_to: ^opn}",
        "applies_to: opn is not known (nearest: open); expected raised or open",
    ),
    Mistake(
        "an empty table",
        "coverage.yaml",
        "clock_starts:\n  - {value: eligible, cites: C2}",
        "clock_starts: ^[]",
        "clock_starts: the list is empty; expected at least one entry",
    ),
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=str)
def test_a_mistake_is_told_with_its_place_and_what_was_expected(mistake: Mistake, tmp_path: Path) -> None:
    expected = mistake.make(tmp_path)

    assert problems(tmp_path / "mappings") == expected
