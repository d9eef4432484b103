"""releases: which lines are supported, until when, and who falls out at the next one."""

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from plugin.contract.decide import decide, standing_after
from plugin.mappings.load import load
from plugin.store import decisions
from tests.plugin.cli.conftest import SHIPPED, Run
from tests.plugin.contract import builders
from tests.stores import migrated

NOW = datetime.now(UTC)


@pytest.fixture
def url(tmp_path: Path) -> str:
    """Return a store with decisions on requests about several versions, of two customers and of nobody."""
    loaded = load(SHIPPED).mappings
    assert loaded is not None
    signed = {each.customer: each for each in loaded.agreements}
    address = f"sqlite:///{tmp_path}/kept.sqlite3"
    store = migrated(address)
    raised = builders.at("2026-11-20 09:00")
    kept = [
        ("1", "aurora-robotics", "26.2", NOW),
        ("2", "aurora-robotics", "26.1", NOW),
        ("3", "aurora-robotics", "26.1 (64 bit)", NOW - timedelta(days=300)),
        ("4", "brennhaus-medical", "26.1", NOW),
        ("5", "brennhaus-medical", "24.1", NOW),
        ("6", "cobalt-rail", "26.1", NOW - timedelta(days=400)),
        ("7", None, "26.1", NOW),
        ("8", "cobalt-rail", "26.1", NOW - timedelta(days=2)),
        ("8", "cobalt-rail", "26.2", NOW - timedelta(days=1)),
    ]
    with store.writing() as tx:
        for number, customer, version, at in kept:
            asked = builders.request(version, raised, id=f"1000{number}")
            decision = decide(asked, signed[customer] if customer else None, loaded.policy, at)
            decisions.record(tx, decision, standing_after(decision, None))
    store.close()
    return address


def printed(run: Run, *arguments: str, **settings: str) -> dict[str, Any]:
    result = run("releases", *arguments, "--json", **settings)
    assert (result.exit_code, result.stderr) == (0, "")
    read: dict[str, Any] = json.loads(result.stdout)
    return read


def lines(data: dict[str, Any], product: str = "expecco") -> dict[str, Any]:
    found = next(each for each in data["products"] if each["product"] == product)
    return {each["line"]: each for each in found["lines"]}


def test_each_products_lines_are_shown_with_their_days_as_of_a_day(run: Run) -> None:
    before, after = (lines(printed(run, "--on", day)) for day in ("2026-10-11", "2026-10-12"))

    assert (before["25.2"]["supported"], after["25.2"]["supported"]) == (True, False)
    assert before["25.2"] == {
        "line": "25.2",
        "released": "2025-10-13",
        "supported": True,
        "last_day": "2026-10-11",
        "leaves_next": True,
    }
    assert (before["26.2"]["supported"], after["26.2"]["supported"]) == (False, True)
    assert after["26.1"]["leaves_next"]


def test_grace_is_shown_with_its_last_day(run: Run, tmp_path: Path) -> None:
    mappings = tmp_path / "mappings"
    shutil.copytree(SHIPPED, mappings)
    path = mappings / "releases.yaml"
    path.write_text(path.read_text("utf-8").replace("for: 0 days", "for: 30 days"), "utf-8")

    result = run("releases", "--on", "2026-10-20", MAPPINGS_DIR=str(mappings))
    row = next(each for each in result.stdout.splitlines() if "│ 25.2 " in each)
    assert "yes, until 2026-11-10 (30 days of grace)" in row


def test_the_table_says_what_is_supported_and_what_is_not_released_yet(run: Run) -> None:
    result = run("releases", "--on", "2026-10-11")
    said = {
        cells[1].strip(): cells[3].strip() for row in result.stdout.splitlines() if len(cells := row.split("│")) == 5
    }

    assert "expecco on 2026-10-11; 26.2 follows on 2026-10-12:" in result.stdout
    assert (said["26.2"], said["2.8"]) == ("not released yet", "no, until 2016-07-10")
    expecco = result.stdout.partition("expecco LicenseServer")[0]
    assert "yes, until 2026-10-11" in next(row for row in expecco.splitlines() if "│ 25.2 " in row)


def test_before_the_first_run_it_says_what_it_needs_to_name_customers(run: Run) -> None:
    assert printed(run)["leaving"] is None
    assert "is read from the decisions in the database, which is empty" in run("releases").stdout


def test_who_named_the_line_that_the_next_release_ends_falls_out(run: Run, url: str) -> None:
    assert printed(run, "--on", "2026-11-23", DATABASE_URL=url)["leaving"] == [
        {"customer": "aurora-robotics", "product": "expecco", "line": "26.1", "requests": ["SUP-2", "SUP-3"]},
        {"customer": "brennhaus-medical", "product": "expecco", "line": "26.1", "requests": ["SUP-4"]},
    ]
    shown = run("releases", "--on", "2026-11-23", DATABASE_URL=url).stdout
    assert any("brennhaus-medical" in row and "SUP-4" in row for row in shown.splitlines())


def test_a_release_that_ends_nobodys_version_is_told_so(run: Run, url: str) -> None:
    shown = run("releases", "--on", "2020-01-01", DATABASE_URL=url).stdout

    assert "Nobody falls out at the next release" in shown
    assert printed(run, "--on", "2020-01-01", DATABASE_URL=url)["leaving"] == []
