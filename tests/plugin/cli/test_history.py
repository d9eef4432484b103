"""history: every decision on a request, what each changed, and one of them explained."""

import json
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from plugin.contract.receipt import receipt
from plugin.contract.receipt_text import as_text
from plugin.review import replayed
from plugin.store import decisions, open_store
from tests.plugin.cli.conftest import Run
from tests.plugin.cli.kept import RAISED, fault, kept, shipped
from tests.plugin.contract.builders import replace

NOON, EVENING = RAISED + timedelta(hours=3), RAISED + timedelta(hours=8)


@pytest.fixture
def url(tmp_path: Path) -> str:
    """Return a store with SUP-1: refused, then updated, resolved, opened again; and another request."""
    asked = fault(1)
    looks = [
        (replace(asked, version="24.2"), RAISED),
        (asked, NOON),
        (replace(asked, ended=EVENING), EVENING),
        (asked, EVENING + timedelta(hours=1)),
        (fault(2), NOON),
    ]
    return kept(tmp_path, looks)


def test_every_decision_is_listed_with_what_it_changed(run: Run, url: str) -> None:
    result = run("history", "SUP-1", DATABASE_URL=url)
    assert result.exit_code == 0
    rows = [[cell.strip() for cell in line.strip("│ ").split("│")] for line in result.stdout.splitlines()]
    numbered = {row[0]: row[1:] for row in rows if row[0].isdigit()}
    assert numbered["1"] == ["Fri 20 Nov 2026 09:00 CET", "not eligible", "1", "none", "0"]
    assert numbered["2"][:5] == ["Fri 20 Nov 2026 12:00 CET", "eligible", "1", "Mon 23 Nov 2026 10:00 CET", "1"]
    assert numbered["2"][5] == "Eligibility: eligible instead of not eligible"
    assert [numbered[number][5] for number in "34"] == ["Resolved Fri 20 Nov 2026 17:00 CET.", "Opened again."]


def test_the_same_as_data(run: Run, url: str) -> None:
    rows = json.loads(run("history", "SUP-1", "--json", DATABASE_URL=url).stdout)
    assert [row["number"] for row in rows] == [1, 2, 3, 4]
    assert [row["decision"]["rulings"]["eligibility"]["value"] for row in rows] == ["not eligible"] + 3 * ["eligible"]
    assert rows[0]["changes"] == []
    assert rows[1]["changes"][-1].startswith("No longer: expecco 24.2 is older than")


def test_a_decision_that_differs_in_its_words_only_says_so(run: Run, tmp_path: Path) -> None:
    """Who asked has another name in Jira since."""
    renamed = replace(fault(1).raised_by, name="Mira Castellan-Roth")
    url = kept(tmp_path, [(fault(1), RAISED), (fault(1, renamed), NOON)])
    rows = json.loads(run("history", "SUP-1", "--json", DATABASE_URL=url).stdout)
    assert [row["changes"] for row in rows] == [[], ["The same; only words or places in the files are others."]]


def test_one_decision_is_explained_as_it_was_made(run: Run, url: str) -> None:
    store = open_store(url)
    with store.reading() as tx:
        first, second, *_ = decisions.kept(tx, "10001")
    store.close()
    for number, each in (("1", first), ("2", second)):
        result = run("history", "SUP-1", "--explain", number, DATABASE_URL=url)
        assert result.stdout == as_text(receipt(*replayed(each, shipped().files))) + "\n"
    assert json.loads(run("history", "SUP-1", "--explain", "2", "--json", DATABASE_URL=url).stdout) == second.content


def test_where_it_cannot_be_made_once_more_what_was_kept_is_told(run: Run, url: str) -> None:
    with sqlite3.connect(url.removeprefix("sqlite:///")) as database:
        database.execute("DELETE FROM policies")
    lines = run("history", "SUP-1", "--explain", "1", DATABASE_URL=url).stdout.splitlines()
    assert lines[0] == "Agreement: aurora-robotics"
    assert lines[1].startswith("  The agreement of Aurora Robotics runs from ")
    assert lines[1].endswith("; C15 agreements/aurora-robotics.yaml:2]")
    assert "Eligibility: not eligible" in lines
    revision = shipped().policy.revision
    assert lines[-1] == (
        f"This is what was kept. It was not made once more: the mapping files of revision {revision} were not kept."
    )


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("SUP-9",), "There is no decision on a request SUP-9."),
        (("SUP-1", "--explain", "5"), "--explain 5: there are 4 decisions on SUP-1; expected 1 to 4."),
    ],
)
def test_what_is_not_there_is_said(run: Run, url: str, arguments: tuple[str, ...], why: str) -> None:
    result = run("history", *arguments, DATABASE_URL=url)
    assert (result.exit_code, result.stderr) == (1, f"Error: {why}\n")
