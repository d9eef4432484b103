"""The mistakes that `eligibility.py` finds, each told with its place."""

import importlib
import pkgutil
from pathlib import Path

import pytest

from plugin.contract import rules
from plugin.mappings.eligibility import RULES
from plugin.mappings.problem import one_of
from tests.plugin.mappings.broken import Mistake, problems

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
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=str)
def test_a_mistake_is_told_with_its_place_and_what_was_expected(mistake: Mistake, tmp_path: Path) -> None:
    expected = mistake.make(tmp_path)

    assert problems(tmp_path / "mappings") == expected


def test_every_rule_of_the_contract_has_to_have_its_clause() -> None:
    modules = [
        importlib.import_module(f"{rules.__name__}.{each.name}") for each in pkgutil.iter_modules(rules.__path__)
    ]

    assert set(RULES) == {module.RULE for module in modules}
