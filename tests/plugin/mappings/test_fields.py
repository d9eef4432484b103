"""The mistakes that `fields.py` finds, each told with its place."""

import re
from pathlib import Path

import pytest

from plugin.jira.fields import OPTIONAL, READ, WRITTEN
from plugin.mappings.load import load
from tests.plugin.mappings.broken import Mistake, copy_of_shipped, problems

MISTAKES = [
    Mistake(
        "a word without an option",
        "fields.yaml",
        "values: {Premium: premium, Advanced: advanced, Basic: basic}",
        "^values: {Premium: premium, Advanced: advanced}",
        "tier: no option stands for basic; add Jira's option for it",
    ),
    Mistake(
        "a field without name and schema",
        "fields.yaml",
        "reason: {name: Eligibility reason}",
        "reason: ^{}",
        "reason: the field cannot be found; expected its name, its schema, or both",
    ),
    Mistake(
        "a choice without values",
        "fields.yaml",
        "    values: {Premium: premium, Advanced: advanced, Basic: basic}\n",
        "",
        "tier: values are missing; expected Jira's options and what they stand for",
        at="name: Su",
    ),
    Mistake(
        "values of a field that is no choice",
        "fields.yaml",
        "product: {name: Product}",
        "product: {name: Product, ^values: {a: b}}",
        "product: this field is no choice; remove values",
    ),
    Mistake(
        "two options for one word",
        "fields.yaml",
        "Basic: basic}",
        "Basic: basic, ^Gold: Gold}",
        "tier: Premium stands for Gold already; keep one option for each word",
    ),
    Mistake(
        "an option for an unknown word",
        "fields.yaml",
        "Test: test",
        "Test: ^tests",
        "Test: there is no environment tests; expected production, test or implementation (nearest: test)",
    ),
    Mistake(
        "two words for one field",
        "fields.yaml",
        "credits_left: {name: Credits left}",
        "credits_left: ^{name: credits charged}",
        "credits_left: credits_charged is declared by the same name and schema; one of them is wrong",
    ),
    Mistake(
        "a request type of an unknown kind",
        "fields.yaml",
        "Report a fault: fault",
        "Report a fault: ^fualt",
        "Report a fault: there is no kind fualt; expected fault, question, installation, remote_session, training "
        "or enhancement (nearest: fault)",
    ),
    Mistake(
        "a resolution of an unknown outcome",
        "fields.yaml",
        "Product defect: product_defect",
        "Product defect: ^defect",
        "Product defect: there is no outcome defect; expected product_defect, done, wont_do or duplicate (nearest: "
        "product_defect)",
    ),
    Mistake(
        "another key for to",
        "fields.yaml",
        "to: Waiting for customer",
        "^into: Waiting for customer",
        "unknown key into; expected from, to, back_to (nearest: to)",
    ),
    Mistake(
        "no project",
        "fields.yaml",
        "projects: [SUP]",
        "projects: ^[]",
        "projects: the list is empty; expected at least one entry",
    ),
]


@pytest.mark.parametrize("word", sorted(OPTIONAL))
def test_a_site_may_do_without_an_optional_word(word: str, tmp_path: Path) -> None:
    mappings = copy_of_shipped(tmp_path)
    path = mappings / "fields.yaml"
    path.write_text(re.sub(rf"^  {word}:.*\n(    .*\n)*", "", path.read_text("utf-8"), flags=re.MULTILINE), "utf-8")
    loaded = load(mappings)

    assert loaded.problems == ()
    assert loaded.mappings is not None
    assert set(loaded.mappings.declared.fields) == {*READ, *WRITTEN} - {word}


@pytest.mark.parametrize("mistake", MISTAKES, ids=str)
def test_a_mistake_is_told_with_its_place_and_what_was_expected(mistake: Mistake, tmp_path: Path) -> None:
    expected = mistake.make(tmp_path)

    assert problems(tmp_path / "mappings") == expected
