"""The mistakes that `eligibility.py` finds, each told with its place."""

import importlib
import pkgutil
from pathlib import Path

import pytest

from plugin.contract import rules
from plugin.contract.policy import Mode
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
        "a way to tell what is not told",
        "eligibility.yaml",
        "{reason: credits_held, eligibility: on hold, reply: no, cites: C9}",
        "{reason: credits_held, eligibility: on hold, reply: no, ^mode: draft, cites: C9}",
        "mode: with reply: no there is nothing to send or draft; remove it, or set reply: yes",
    ),
    Mistake(
        "a way that does not exist",
        "eligibility.yaml",
        "{reason: free_license, eligibility: not eligible, reply: yes, cites: C23}",
        "{reason: free_license, eligibility: not eligible, reply: yes, mode: ^drafted, cites: C23}",
        "mode: drafted is not known (nearest: draft); expected send or draft",
    ),
    Mistake(
        "a receipt in a way that does not exist",
        "eligibility.yaml",
        "customer: no}",
        "customer: ^yes}",
        "customer: yes is not known; expected no, send or draft",
    ),
    Mistake(
        "a receipt for whom nobody knows",
        "eligibility.yaml",
        "receipts: {agent: yes",
        "receipts: {^agents: yes",
        "unknown key agents; expected agent, customer (nearest: agent)",
    ),
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=str)
def test_a_mistake_is_told_with_its_place_and_what_was_expected(mistake: Mistake, tmp_path: Path) -> None:
    expected = mistake.make(tmp_path)

    assert problems(tmp_path / "mappings") == expected


def test_without_a_word_about_receipts_agents_get_them(tmp_path: Path) -> None:
    mappings = copy_of_shipped(tmp_path)
    replaced(mappings, "eligibility.yaml", "receipts: {agent: yes, customer: no}\n", "")

    loaded = load(mappings)
    assert loaded.mappings is not None, loaded.problems
    assert loaded.mappings.receipts.agent
    assert loaded.mappings.receipts.customer is None


@pytest.mark.parametrize(("word", "mode"), [("no", None), ("send", Mode.SEND), ("draft", Mode.DRAFT)])
def test_the_customer_gets_a_receipt_sent_drafted_or_not_at_all(word: str, mode: Mode | None, tmp_path: Path) -> None:
    mappings = copy_of_shipped(tmp_path)
    text = replaced(mappings, "eligibility.yaml", "customer: no}", f"customer: {word}}}")

    loaded = load(mappings)
    assert loaded.mappings is not None, loaded.problems
    receipts = loaded.mappings.receipts
    assert receipts.customer is mode
    assert str(receipts.source) == f"eligibility.yaml:{text[: text.index(f'customer: {word}}}')].count(chr(10)) + 1}"


def test_what_is_told_is_sent_unless_the_row_says_draft(tmp_path: Path) -> None:
    mappings = copy_of_shipped(tmp_path)
    replaced(mappings, "eligibility.yaml", "reason: version_too_old, ", "reason: version_too_old, mode: draft, ")
    replaced(mappings, "eligibility.yaml", "reason: free_license, ", "reason: free_license, mode: send, ")

    loaded = load(mappings)
    assert loaded.mappings is not None, loaded.problems
    modes = {dict(row.when)["reason"]: row.cited.value.mode for row in loaded.mappings.policy.verdicts.rows}
    assert [reason for reason, mode in modes.items() if mode is Mode.DRAFT] == ["version_too_old"]


def test_every_rule_of_the_contract_has_to_have_its_clause() -> None:
    modules = [
        importlib.import_module(f"{rules.__name__}.{each.name}") for each in pkgutil.iter_modules(rules.__path__)
    ]

    assert set(RULES) == {module.RULE for module in modules}
