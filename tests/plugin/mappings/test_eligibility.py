"""The mistakes that `eligibility.py` finds, each told with its place."""

import importlib
import pkgutil
from pathlib import Path

import pytest

from plugin.contract import rules
from plugin.mappings.eligibility import RULES
from plugin.mappings.load import load
from plugin.mappings.problem import one_of
from tests.plugin.mappings.broken import Mistake, copy_of_shipped, problems, replaced

MISTAKES = [
    Mistake(
        "a rule without a clause",
        "eligibility.yaml",
        "  - {rule: tier, cites: C1}\n",
        "",
        "rule tier is missing; expected a row with its clause",
        at="rules:",
    ),
    Mistake(
        "a rule that does not exist",
        "eligibility.yaml",
        "  - {rule: tier, cites: C1}\n",
        "  - {rule: tier, cites: C1}\n  - {rule: ^tears, cites: C1}\n",
        f"rule: tears is not known (nearest: tier); expected {one_of(RULES)}",
    ),
    Mistake(
        "a receipt for half of the agents",
        "eligibility.yaml",
        "receipts: {agent: yes",
        "receipts: {agent: ^some",
        "agent: some is not known; expected yes or no",
    ),
    Mistake(
        "a receipt for whom nobody knows",
        "eligibility.yaml",
        "receipts: {agent: yes",
        "receipts: {^agents: yes",
        "unknown key agents; expected agent (nearest: agent)",
    ),
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=str)
def test_a_mistake_is_told_with_its_place_and_what_was_expected(mistake: Mistake, tmp_path: Path) -> None:
    expected = mistake.make(tmp_path)

    assert problems(tmp_path / "mappings") == expected


def test_without_a_word_about_receipts_agents_get_them(tmp_path: Path) -> None:
    mappings = copy_of_shipped(tmp_path)
    replaced(mappings, "eligibility.yaml", "receipts: {agent: yes}\n", "")

    loaded = load(mappings)
    assert loaded.mappings is not None, loaded.problems
    assert loaded.mappings.receipts.agent


def test_every_rule_of_the_contract_has_to_have_its_clause() -> None:
    modules = [
        importlib.import_module(f"{rules.__name__}.{each.name}") for each in pkgutil.iter_modules(rules.__path__)
    ]

    assert set(RULES) == {module.RULE for module in modules}
