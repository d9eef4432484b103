"""statement: one customer or all, in which language and form, printed or into a folder."""

import json
from datetime import date
from pathlib import Path

import pytest

from tests.plugin.cli.conftest import SHIPPED, Run
from tests.stores import migrated

MONTH = ("--month", "2026-10")


@pytest.fixture
def url(tmp_path: Path) -> str:
    """Return the address of a database that is there, and knows nothing yet."""
    address = f"sqlite:///{tmp_path}/kept.sqlite3"
    store = migrated(address)
    store.close()
    return address


def test_it_prints_a_page_for_a_browser(run: Run, url: str) -> None:
    result = run("statement", "aurora-robotics", *MONTH, DATABASE_URL=url)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith('<!doctype html>\n<html lang="en">')
    for words in ("<h1>Aurora Robotics</h1>", "Support statement, October 2026", "@page", "@media print", "192"):
        assert words in result.stdout


def test_data_and_sheet_say_the_same(run: Run, url: str) -> None:
    data = json.loads(run("statement", "brennhaus-medical", *MONTH, "--format", "json", DATABASE_URL=url).stdout)
    assert data["balance"]["credit"] == {
        "opening": 96, "granted": 0, "carried_over": 0, "used": 0, "corrected": 0, "expired": 0, "closing": 96
    }  # fmt: skip
    assert (data["schema"], data["month"], data["is_over"], data["seats"]) == (1, "2026-10", True, 2)
    sheet = run("statement", "brennhaus-medical", *MONTH, "--format", "csv", DATABASE_URL=url).stdout
    assert "Support credits,2026-10-01,At the beginning of the month,,,,,,96" in sheet.splitlines()


def test_all_customers_go_into_a_folder_each_in_files_of_its_own(run: Run, url: str, tmp_path: Path) -> None:
    options = ("--all", *MONTH, "--format", "html", "--format", "csv", "--to", "out")
    result = run("statement", *options, DATABASE_URL=url)
    names = sorted(each.name for each in (tmp_path / "out").iterdir())
    customers = sorted(each.stem for each in (SHIPPED / "agreements").glob("*.yaml"))
    assert names == [f"{customer}-2026-10.{form}" for customer in customers for form in ("csv", "html")]
    assert len(result.stdout.splitlines()) == len(names)


def test_the_language_is_the_agreements_or_what_was_asked_for(run: Run, url: str) -> None:
    german = run("statement", "brennhaus-medical", *MONTH, "--language", "de", DATABASE_URL=url).stdout
    assert "Support-Abrechnung, Oktober 2026" in german
    result = run("statement", "brennhaus-medical", *MONTH, "--language", "fr", DATABASE_URL=url)
    assert (result.exit_code, "There are no words in 'fr'; expected" in result.stderr) == (1, True)


def test_a_year_as_the_calendar_gives_and_takes_it(run: Run, url: str) -> None:
    def balance(month: str) -> dict[str, int]:
        text = run("statement", "aurora-robotics", "--month", month, "--format", "json", DATABASE_URL=url).stdout
        found: dict[str, int] = json.loads(text)["balance"]["credit"]
        return found

    march, april = balance("2026-03"), balance("2026-04")
    assert (march["opening"], march["expired"], march["closing"]) == (192, -192, 0)
    assert (april["opening"], april["granted"], april["closing"]) == (0, 192, 192)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("aurora-robotics", "--month", "October"), 2, "'October' is no month: write it like 2026-10."),
        (("aurora-robotics", "--month", f"{date.max.year}-01"), 1, "has not begun"),
        (("aurora-robotics",), 2, "Missing option '--month'"),
        (MONTH, 2, "Name a CUSTOMER, or write --all."),
        (("aurora-robotics", "--all", *MONTH), 2, "Name a CUSTOMER, or write --all."),
        (("--all", *MONTH), 2, "Say where to write them: --to FOLDER."),
        (("aurora-robotic", *MONTH), 1, "There is no agreement of a customer 'aurora-robotic'"),
    ],
)
def test_what_cannot_be_done_is_said(run: Run, url: str, arguments: tuple[str, ...], code: int, said: str) -> None:
    result = run("statement", *arguments, DATABASE_URL=url)
    assert (result.exit_code, said in result.stderr) == (code, True), result.stderr
