"""What all commands print with."""

from pathlib import Path

import pytest
from rich.table import Table

from plugin.cli import edge
from plugin.mappings.problem import Problem


def test_a_table_that_does_not_fit_is_broken_and_what_stands_in_brackets_stays(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(edge, "WIDE", 30)
    drawn = Table("customer", "why")
    drawn.add_row("aurora-robotics-of-the-north", "given back [bold] [/red] https://wiki.example/1")
    edge.print_table(drawn)
    rows = [line.strip("│").split("│") for line in capsys.readouterr().out.splitlines() if line.startswith("│")]
    customer, why = ("".join(row[column].strip() for row in rows) for column in (0, 1))

    assert customer == "aurora-robotics-of-the-north"
    assert why.replace(" ", "") == "givenback[bold][/red]https://wiki.example/1"


def test_a_problem_is_shown_with_the_folder_of_its_file_and_its_sentence_as_it_is() -> None:
    problem = Problem("tiers.yaml", 3, 7, "within: https://e.example/ is not understood", warning=True)

    said = "tiers.yaml:3:7: warning: within: https://e.example/ is not understood"
    assert edge.placed(Path("/etc/mappings"), problem) == f"/etc/mappings/{said}"
    assert edge.placed(Path(), problem) == said
