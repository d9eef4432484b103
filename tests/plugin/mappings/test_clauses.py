"""The mistakes that `clauses.py` finds, each told with its place; and what the shipped clauses say."""

import re
from pathlib import Path

import pytest

from plugin import contract
from plugin.contract.policy import Clause
from plugin.mappings.clauses import OF_AGREEMENTS
from plugin.mappings.load import load
from tests.plugin.mappings.broken import SHIPPED, Mistake, copy_of_shipped, problems, replaced

MISTAKES = [
    Mistake(
        "a value that cites a clause that is not there",
        "tiers.yaml",
        "  - {tier: premium, severity: 1, within: 8 h, cites: C2}\n",
        "  - {tier: premium, severity: 1, within: 8 h, cites: ^C31}\n",
        "cites: clauses.yaml has no clause C31; say there what it says, or cite another",
    ),
    Mistake(
        "an example that cites one",
        "examples/severity.yaml",
        "cites: [C19]",
        "cites: [C19, ^C99]",
        "cites: clauses.yaml has no clause C99; say there what it says, or cite another",
    ),
    Mistake(
        "a clause written twice",
        "clauses.yaml",
        "clause: C30\n    title: Defects",
        "clause: ^C29\n    title: Defects",
        "clause C29 is already in line {line}; remove one",
        refers="C29\n    title: Supported",
    ),
    Mistake(
        "a clause that is none",
        "clauses.yaml",
        "clause: C30",
        "clause: ^§ 30",
        "clause: § 30 is not understood; expected a clause such as C21",
    ),
    Mistake(
        "a clause without its words",
        "clauses.yaml",
        "    says: “Update Service must be purchased annually.”\n",
        "",
        "key says is missing; expected a text",
        at="clause: C15",
    ),
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=str)
def test_a_mistake_is_told_with_its_place_and_what_was_expected(mistake: Mistake, tmp_path: Path) -> None:
    [expected] = mistake.make(tmp_path)

    found = problems(tmp_path / "mappings")
    # Whatever cites the clause that was lost is a problem too.
    assert expected in found
    assert all("clauses.yaml has no clause C30" in each for each in found if each != expected)


def test_a_clause_that_agreements_rest_on_has_to_be_there(tmp_path: Path) -> None:
    mappings = copy_of_shipped(tmp_path)
    replaced(mappings, "clauses.yaml", "clause: C25", "clause: C77")

    line = (mappings / "clauses.yaml").read_text("utf-8").splitlines().index("clauses:") + 1
    sentence = "clause C25, on which agreements rest, is missing; expected its title and what it says"
    assert f"clauses.yaml:{line}:1: {sentence}" in problems(mappings)


def test_the_file_says_which_clauses_there_are(tmp_path: Path) -> None:
    mappings = copy_of_shipped(tmp_path)
    with (mappings / "clauses.yaml").open("a", encoding="utf-8") as file:
        file.write("  - {clause: C31, title: Ours, says: What we agreed beside it.}\n")
    replaced(mappings, "eligibility.yaml", "{rule: platform, cites: C29}", "{rule: platform, cites: C31}")

    assert problems(mappings) == []
    loaded = load(mappings).mappings
    assert loaded is not None
    assert loaded.policy.clauses["C31"] == Clause("Ours", "What we agreed beside it.")


def test_a_missing_file_is_one_problem_and_not_one_for_every_value(tmp_path: Path) -> None:
    mappings = copy_of_shipped(tmp_path)
    (mappings / "clauses.yaml").unlink()

    assert problems(mappings) == ["clauses.yaml:1:1: the file is missing; restore it, every table is needed"]


def test_the_shipped_clauses_are_those_of_the_contract_each_with_words() -> None:
    loaded = load(SHIPPED).mappings
    assert loaded is not None
    assert list(loaded.policy.clauses) == [f"C{number}" for number in range(1, 31)]
    assert all(len(each.says) < 300 for each in loaded.policy.clauses.values())


def test_no_rule_cites_by_itself_a_clause_that_need_not_be_there() -> None:
    [folder] = contract.__path__
    sources = "".join(path.read_text("utf-8") for path in Path(folder).rglob("*.py"))

    assert set(re.findall(r'Citation\(\s*"(C\d+)"', sources)) == set(OF_AGREEMENTS)
