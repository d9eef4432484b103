"""agreements list and agreements import: what they print, and what they leave alone."""

import json
import re
import shutil
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from plugin.cli import edge
from plugin.jira.client import JiraClient
from plugin.look import Seen, see, settle
from plugin.mappings.load import load
from plugin.site_fields import field_map
from tests.plugin.cli.conftest import SHIPPED, Run
from tests.stores import migrated

ECHO = (
    "customer;name;organizations;terms;product;tier;licenses;contacts\n"
    "echo-bakery;Echo Bakery;Echo Bakery;2027-01-01 to 2027-12-31;expecco;silver;2;Ada Brot <ada@echo-bakery.example>\n"
)


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    """Return a copy of the shipped mapping files."""
    shutil.copytree(SHIPPED, tmp_path / "mappings")
    return tmp_path / "mappings"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """Return a CSV file that adds a customer."""
    (tmp_path / "customers.csv").write_text(ECHO, "utf-8")
    return tmp_path / "customers.csv"


def test_every_agreement_is_listed_those_that_end_first(run: Run) -> None:
    result = run("agreements", "list", "--json")
    rows = json.loads(result.stdout)
    assert [row["customer"] for row in rows] == [
        "delta-foundry",
        "cobalt-rail",
        "aurora-robotics",
        "brennhaus-medical",
    ]
    assert rows[0]["days_left"] <= 0
    assert (rows[2]["tiers"], rows[2]["licenses"]) == (["premium"], {"expecco": 4, "expecco-alm": 2})
    assert (rows[2]["contacts"], rows[2]["contact_limit"], rows[2]["open_requests"]) == (2, 5, None)


def test_the_list_says_contacts_of_how_many_and_what_has_ended(run: Run) -> None:
    lines = run("agreements", "list").stdout.splitlines()
    (brennhaus,) = (line for line in lines if "brennhaus" in line)
    assert "2 of 2" in brennhaus
    (delta,) = (line for line in lines if "delta" in line)
    assert "ended" in delta


def test_only_those_that_end_soon_can_be_asked_for(run: Run) -> None:
    rows = json.loads(run("agreements", "list", "--ending", "60", "--json").stdout)
    assert [row["customer"] for row in rows] == ["delta-foundry"]


def test_renewal_and_the_last_day_for_notice_are_shown(run: Run, changed: Path) -> None:
    with (changed / "agreements" / "cobalt-rail.yaml").open("a") as file:
        file.write("renewal: {mode: automatic, notice: 3 months}\n")
    rows = json.loads(run("agreements", "list", "--json", MAPPINGS_DIR=str(changed)).stdout)
    assert (rows[1]["renewal"], rows[1]["notice_by"], rows[1]["last_day"]) == ("automatic", "2033-06-30", "2033-09-30")
    assert "automatic, notice by 2033-06-30" in run("agreements", "list", MAPPINGS_DIR=str(changed)).stdout


def test_the_list_fits_eighty_columns_with_every_day_in_one_piece(
    run: Run, changed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(edge, "WIDE", 80)
    with (changed / "agreements" / "cobalt-rail.yaml").open("a") as file:
        file.write("renewal: {mode: automatic, notice: 3 months}\n")
    lines = run("agreements", "list", MAPPINGS_DIR=str(changed)).stdout.splitlines()
    cells = [cell.strip() for line in lines for cell in line.split("│")]

    assert max(map(len, lines)) <= 80
    assert {"brennhaus-medical", "2023-10-01 to", "2033-09-30", "notice by", "2033-06-30", "1 of 2"} <= set(cells)


def test_an_import_shows_what_would_change_and_writes_nothing(run: Run, changed: Path, table: Path) -> None:
    result = run("agreements", "import", str(table), MAPPINGS_DIR=str(changed))
    assert (result.exit_code, result.stderr) == (0, "")
    assert "echo-bakery: added\n  name: Echo Bakery\n" in result.stdout
    kept = "aurora-robotics, brennhaus-medical, cobalt-rail, delta-foundry."
    assert f"Not in the CSV file, kept as they are (--remove removes them): {kept}\n1 added.\n" in result.stdout
    assert "Nothing was written; --write writes it." in result.stdout
    assert not (changed / "agreements" / "echo-bakery.yaml").exists()


def test_an_import_that_is_written_is_good_and_twice_is_once(run: Run, changed: Path, table: Path) -> None:
    result = run("agreements", "import", str(table), "--write", MAPPINGS_DIR=str(changed))
    assert result.stdout.endswith(f"Written: 1 file in {changed / 'agreements'}.\n")
    assert load(changed).problems == ()
    again = run("agreements", "import", str(table), "--write", MAPPINGS_DIR=str(changed))
    assert again.stdout.endswith("Nothing to write: the files say this already.\n")


def test_removing_customers_has_to_be_said(run: Run, changed: Path, table: Path) -> None:
    result = run("agreements", "import", str(table), "--remove", "--write", MAPPINGS_DIR=str(changed))
    assert result.exit_code == 0
    assert [path.name for path in (changed / "agreements").iterdir()] == ["echo-bakery.yaml"]
    assert "Running processes go on with the old files until these examples are good." in result.stdout


def test_every_problem_is_told_with_its_place_and_nothing_is_written(run: Run, changed: Path, table: Path) -> None:
    table.write_text(ECHO.replace("silver;2", "silber;0"), "utf-8")
    result = run("agreements", "import", str(table), "--write", MAPPINGS_DIR=str(changed))
    assert (result.exit_code, result.stdout) == (1, "")
    assert f"{table}:2:77: licenses: 0 is not understood; expected a whole number from 1 on" in result.stderr
    assert not (changed / "agreements" / "echo-bakery.yaml").exists()


def test_an_import_that_clashes_with_the_other_files_is_not_written(run: Run, changed: Path, table: Path) -> None:
    table.write_text(ECHO.replace("Echo Bakery;Echo Bakery", "Echo Bakery;Aurora Robotics"), "utf-8")
    result = run("agreements", "import", str(table), "--write", MAPPINGS_DIR=str(changed))
    assert result.exit_code == 1
    assert "Aurora Robotics is already matched by aurora-robotics" in result.stderr
    assert not (changed / "agreements" / "echo-bakery.yaml").exists()


def test_what_excel_exports_is_read_once_its_encoding_is_named(run: Run, changed: Path, table: Path) -> None:
    table.write_bytes(ECHO.replace("Ada Brot", "Ada Mühl").replace("\n", "\r\n").encode("cp1252"))
    result = run("agreements", "import", str(table), MAPPINGS_DIR=str(changed))
    assert result.exit_code == 1
    assert f"{table}:2:" in result.stderr
    assert "byte 0xFC is not UTF-8" in result.stderr
    result = run("agreements", "import", str(table), "--encoding", "cp1252", "--write", MAPPINGS_DIR=str(changed))
    assert result.exit_code == 0
    assert "name: Ada Mühl" in (changed / "agreements" / "echo-bakery.yaml").read_text("utf-8")
    result = run("agreements", "import", str(table), "--encoding", "cp99999", MAPPINGS_DIR=str(changed))
    assert result.stderr.startswith("Error: --encoding cp99999: there is no such encoding; ")


def test_an_address_in_a_problem_stays_an_address(run: Run, changed: Path, table: Path) -> None:
    table.write_text(
        ECHO.replace("organizations", "domains").replace("Echo Bakery;Echo Bakery", "Echo;https://e.example")
    )
    result = run("agreements", "import", str(table), MAPPINGS_DIR=str(changed))
    assert f"{table}:2:18: domains: https://e.example is not understood; " in result.stderr


def test_of_many_customers_that_are_kept_ten_are_named(run: Run, changed: Path, table: Path) -> None:
    text = (changed / "agreements" / "cobalt-rail.yaml").read_text("utf-8")
    for number in range(20):
        match = f"match: {{organizations: [C{number}]}}"
        file = changed / "agreements" / f"c{number:02}.yaml"
        file.write_text(re.sub("match: .*", match, text), "utf-8")
    table.write_text(ECHO)
    printed = run("agreements", "import", str(table), MAPPINGS_DIR=str(changed)).stdout
    assert (
        "aurora-robotics, brennhaus-medical, c00, c01, c02, c03, c04, c05, c06, c07 and 14 more.\n1 added.\n" in printed
    )


def test_a_file_without_a_customer_says_so(run: Run, changed: Path, table: Path) -> None:
    table.write_text(ECHO.partition("\n")[0])
    result = run("agreements", "import", str(table), MAPPINGS_DIR=str(changed))
    assert result.stdout.endswith("Nothing to write: it names no customer.\n")


def test_mapping_files_that_are_broken_already_are_told_first(run: Run, changed: Path, table: Path) -> None:
    file = changed / "tiers.yaml"
    file.write_text(file.read_text("utf-8").replace("limit: 5", "limit: five"), "utf-8")
    result = run("agreements", "import", str(table), MAPPINGS_DIR=str(changed))
    assert (result.exit_code, result.stdout) == (1, "")
    assert "limit: five is not understood" in result.stderr
    assert "cannot be used: correct what is listed above" in result.stderr


@pytest.mark.parametrize("name", ["nowhere.csv", "."])
def test_a_file_that_cannot_be_read_is_told(run: Run, name: str) -> None:
    result = run("agreements", "import", name)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(f"Error: {name}: ")


def test_open_requests_are_counted_for_the_customer_of_their_decision(
    run: Run, changed: Path, access: Mapping[str, str], raised: str, tmp_path: Path
) -> None:
    """The agreement ends while a request is open: that is said in a sentence."""
    url, file = f"sqlite:///{tmp_path}/kept.sqlite3", changed / "agreements" / "aurora-robotics.yaml"
    _settle(url, access, raised)
    file.write_text(file.read_text("utf-8").replace("to: 2034-03-31", "to: 2026-01-31"), "utf-8")
    result = run("agreements", "list", "--requests", DATABASE_URL=url, MAPPINGS_DIR=str(changed), **access)
    assert result.exit_code == 0
    assert f"Aurora Robotics: 1 request is open ({raised}), and the agreement ended on 2026-01-31." in result.stdout


def _settle(url: str, access: Mapping[str, str], key: str) -> None:
    """What a worker keeps of a look at the request."""
    mappings = load(SHIPPED).mappings
    assert mappings is not None
    jira = JiraClient(access["JIRA_URL"], access["JIRA_EMAIL"], access["JIRA_TOKEN"], "cloud")
    seen = see(jira, mappings, field_map(jira, mappings), key, None, datetime.now(UTC))
    assert isinstance(seen, Seen)
    store = migrated(url)
    with store.writing() as tx:
        settle(tx, seen, mappings, datetime.now(UTC))
    store.close()
