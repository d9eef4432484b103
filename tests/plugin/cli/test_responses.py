"""The report of first responses: as a table, as CSV and as JSON."""

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

from plugin.contract.decide import decide
from plugin.contract.matching import find_agreement
from plugin.contract.model import Author, Comment
from plugin.store import responses
from tests.plugin.cli.conftest import Run
from tests.plugin.cli.kept import RAISED, fault, shipped
from tests.plugin.contract.builders import at
from tests.stores import migrated


def database(folder: Path) -> str:
    """Three requests of November: one answered in time, one late, one overdue for years."""
    address, mappings = f"sqlite:///{folder}/responses.sqlite3", shipped()
    store = migrated(address)
    for number, answered in enumerate(("2026-11-20 10:00", "2026-11-24 10:00", None), start=1):
        asked = fault(number)
        if answered:
            asked = replace(asked, comments=(Comment("1", at(answered), Author.AGENT, public=True),))
        decision = decide(asked, find_agreement(asked, mappings.agreements), mappings.policy, at("2026-11-30 09:00"))
        with store.writing() as tx:
            responses.record(tx, decision, mappings.policy.day(RAISED))
    store.close()
    return address


def test_the_table_says_how_many_were_kept_and_by_which_zone(run: Run, tmp_path: Path) -> None:
    result = run("responses", DATABASE_URL=database(tmp_path))
    assert result.exit_code == 0
    assert "by the month in which a request was raised (Europe/Berlin)" in result.stdout
    [row] = [line for line in result.stdout.splitlines() if "Aurora Robotics" in line]
    assert [cell.strip() for cell in row.strip("│").split("│")] == [
        "2026-11", "Aurora Robotics", "Premium", "1", "1", "1", "1", "0", "0",
    ]  # fmt: skip
    assert "1 of 3 responses that were due by now were given in time." in result.stdout


def test_csv_and_json_say_the_same(run: Run, tmp_path: Path) -> None:
    url = database(tmp_path)
    [row] = csv.DictReader(io.StringIO(run("responses", "--csv", DATABASE_URL=url).stdout))
    told = json.loads(run("responses", "--json", DATABASE_URL=url).stdout)
    assert told["time_zone"] == "Europe/Berlin"
    [count] = told["counts"]
    assert row == {name: str(value) for name, value in count.items()}
    assert (count["kept"], count["missed"], count["overdue"]) == (1, 1, 1)


def test_a_customer_and_a_time_can_be_chosen(run: Run, tmp_path: Path) -> None:
    url = database(tmp_path)
    nothing = "No request of that time was decided on yet."
    assert nothing in run("responses", "brennhaus-medical", DATABASE_URL=url).stdout
    assert nothing in run("responses", "--month", "2026-10", DATABASE_URL=url).stdout
    assert nothing in run("responses", "--from", "2026-12", DATABASE_URL=url).stdout
    assert "Aurora" in run("responses", "aurora-robotics", "--to", "2026-11", DATABASE_URL=url).stdout


def test_what_cannot_be_read_is_told(run: Run, tmp_path: Path) -> None:
    url = database(tmp_path)
    assert "'2026-13' is no month: write it like 2027-01." in run("responses", "--month", "2026-13").stderr
    assert "--month alone" in run("responses", "--month", "2026-11", "--to", "2026-11", DATABASE_URL=url).stderr
    assert "not both" in run("responses", "--csv", "--json", DATABASE_URL=url).stderr
    assert "There is no agreement of a customer 'nobody'" in run("responses", "nobody", DATABASE_URL=url).stderr
