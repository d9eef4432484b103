"""Every clause of the contract and every reason has an example that a support manager can read, and a row in README."""

import re
from dataclasses import dataclass
from typing import Any

from plugin.contract.decision import Reason
from plugin.mappings.document import read_document
from tests.ids import ROOT, is_a_test
from tests.plugin.mappings.broken import SHIPPED
from webhooks.__main__ import main

CLAUSES = [f"C{number}" for number in range(1, 31)]

NO_REQUEST_SHOWS = {
    # What an agreement costs is no property of a request: it is quoted.
    "C12": "tests/plugin/contract/test_quote.py::test_a_renewal_continues_the_term_for_a_year_and_shows_its_arithmetic",
    "C16": "tests/plugin/contract/test_quote.py::test_after_a_lapse_the_term_goes_on_and_the_first_year_costs_most",
}
"""The clauses of which no request can be an example, and the test that shows each instead."""

NOT_WITH_THESE_TABLES = {
    # What costs credits is never refused by the shipped tables, and training is always refused when none is left.
    Reason.CREDITS_REFUSED: "tests/plugin/contract/rules/test_credits.py::"
    "test_a_shortage_has_the_consequence_of_the_table",
    Reason.SESSIONS_FLAGGED: "tests/plugin/contract/rules/test_training.py::"
    "test_what_happens_when_no_session_is_left_is_the_tables",
    Reason.SESSIONS_HELD: "tests/plugin/contract/rules/test_training.py::"
    "test_what_happens_when_no_session_is_left_is_the_tables",
}
"""The reasons that only other settings than the shipped ones can give, and the test that shows each instead."""

README = (ROOT / "README.md").read_text("utf-8")


@dataclass(frozen=True)
class Row:
    """A row of README's table: its clauses, and the files that its two columns link to."""

    clauses: tuple[str, ...]
    rules: tuple[str, ...]
    examples: tuple[str, ...]
    command: str | None


def rows() -> list[Row]:
    table = README.partition("## Clause by clause")[2].partition("\n## ")[0]
    cells = [
        [cell.strip() for cell in line.strip("| ").split(" | ")] for line in table.splitlines() if line[:3] == "| C"
    ]
    return [
        Row(
            tuple(re.findall(r"\bC\d+\b", clauses)),
            tuple(re.findall(r"\]\(([^)]+)\)", rules)),
            tuple(re.findall(r"\]\(([^)]+)\)", examples)),
            command.group(1) if (command := re.search(r"`support-contract (\w+)`", examples)) else None,
        )
        for clauses, _, rules, examples in cells
    ]


def shipped_examples(path: str = "mappings/examples") -> list[dict[str, Any]]:
    """The examples of a file, or of all files of the folder, as they are written."""
    files = sorted((ROOT / path).glob("*.yaml")) if (ROOT / path).is_dir() else [ROOT / path]
    return [each for file in files for each in read_document(file.name, file.read_bytes()).data["examples"]]


def cited(examples: list[dict[str, Any]]) -> set[str]:
    return {clause for each in examples for clause in each["cites"]}


def test_every_clause_has_an_example_or_a_test_that_shows_it_instead() -> None:
    shown = cited(shipped_examples())

    assert [clause for clause in CLAUSES if clause not in shown | NO_REQUEST_SHOWS.keys()] == []
    assert [clause for clause in NO_REQUEST_SHOWS if clause in shown] == []


def test_every_reason_has_an_example_or_a_test_that_shows_it_instead() -> None:
    shown = {reason for each in shipped_examples() for reason in each["expect"].get("reasons", ())}

    assert set(Reason) - shown == NOT_WITH_THESE_TABLES.keys()


def test_every_response_time_of_the_contract_has_an_example() -> None:
    expected = [each["expect"] for each in shipped_examples() if "response_due" in each["expect"]]

    assert len(expected) >= 9
    assert {each["severity"] for each in expected if "severity" in each} == {"1", "2", "3"}


def test_the_tests_that_show_what_no_example_shows_are_there() -> None:
    assert [id for id in (*NO_REQUEST_SHOWS.values(), *NOT_WITH_THESE_TABLES.values()) if not is_a_test(id)] == []


def test_no_two_examples_of_a_file_have_the_same_name() -> None:
    for file in (SHIPPED / "examples").glob("*.yaml"):
        names = [each["name"] for each in shipped_examples(f"mappings/examples/{file.name}")]
        assert sorted(set(names)) == sorted(names)


def test_every_clause_has_a_row_in_the_readme() -> None:
    assert [clause for clause in CLAUSES if clause not in {each for row in rows() for each in row.clauses}] == []


def test_every_link_of_the_readmes_table_leads_to_what_speaks_of_its_clauses() -> None:
    for row in rows():
        files = [*row.rules, *row.examples]
        assert row.rules, row
        assert [file for file in files if not (ROOT / file).is_file()] == [], row
        # Each rule file says in its own words which clauses it carries out, each example which ones it shows.
        spoken = {file: set(re.findall(r"\bC\d+\b", (ROOT / file).read_text("utf-8"))) for file in row.rules}
        shown = {file: cited(shipped_examples(file)) for file in row.examples}
        for of_files in (spoken, shown):
            assert [file for file, clauses in of_files.items() if not clauses & set(row.clauses)] == [], row
        assert set(row.clauses) <= set().union(*spoken.values()), row
        assert set(row.clauses) <= set().union(*shown.values(), NO_REQUEST_SHOWS), row


def test_a_row_without_an_example_names_a_command_that_there_is() -> None:
    without = [row for row in rows() if not row.examples]

    assert [row.clauses for row in without if row.command not in main.commands] == []
    assert {clause for row in without for clause in row.clauses} == NO_REQUEST_SHOWS.keys()
