"""preview: what an edit of the mapping files would change, before they are used."""

import json
import shutil
import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

from tests.plugin.cli.conftest import SHIPPED, Run
from tests.plugin.cli.kept import RAISED, YUSUF, fault, kept, shipped
from tests.plugin.contract.builders import at
from tests.plugin.mappings.broken import copy_of_shipped, replaced

PREMIUM = "  - {tier: premium, severity: 1, within: 8 h, cites: C2}\n"
SHORTER = PREMIUM.replace("8 h", "6 h")
SATURDAY = at("2026-11-21 12:00")


@pytest.fixture
def url(tmp_path: Path) -> str:
    """Return a store with four requests: SUP-1 resolved, SUP-2 refused, SUP-3 of Cobalt Rail, SUP-4 with no inputs."""
    later = RAISED + timedelta(hours=2)
    looks = [
        (fault(1), RAISED),
        (fault(1, ended=later), later),
        (fault(2, version="25.2"), RAISED),
        (fault(3, YUSUF, "26.1"), RAISED),
        (fault(4), RAISED),
    ]
    return kept(tmp_path, looks, without=[4])


@pytest.fixture(autouse=True)
def _saturday() -> Iterator[None]:
    with time_machine.travel(SATURDAY, tick=False):
        yield


@pytest.fixture
def edited(tmp_path: Path) -> Path:
    """Return a copy of the shipped files, to be edited."""
    return copy_of_shipped(tmp_path)


def seen(run: Run, url: str, *arguments: str, **settings: str) -> dict[str, Any]:
    result = run("preview", *arguments, "--json", DATABASE_URL=url, **settings)
    assert (result.exit_code, result.stderr) == (0, "")
    read: dict[str, Any] = json.loads(result.stdout)
    return read


def requests(data: dict[str, Any]) -> dict[str, list[str]]:
    return {each["request"]: [one["what"] for one in each["differences"]] for each in data["requests"]}


def test_an_edit_that_changes_nothing_changes_nothing_and_what_cannot_be_told_is_said(
    run: Run, url: str, edited: Path
) -> None:
    replaced(edited, "prices.yaml", "currency: EUR\n", "currency: EUR  # looked through\n")
    result = run("preview", str(edited), DATABASE_URL=url)
    before, after = (shipped().policy.revision, seen(run, url, str(edited))["revision"])
    assert result.stdout.splitlines() == [
        "0 of 3 decisions would be different.",
        "1 could not be decided once more, as what it was made from was not kept yet: SUP-4",
        f"Decided by revision {after} in {edited}; compared with revision {before} in {SHIPPED}.",
    ]


def test_a_row_from_a_later_day_on_changes_nothing(run: Run, url: str, edited: Path) -> None:
    replaced(edited, "tiers.yaml", PREMIUM, PREMIUM + SHORTER.replace("}", ", from: 2026-11-21}"))
    assert seen(run, url, str(edited))["different"] == 0


def test_a_row_for_open_requests_changes_the_open_ones(run: Run, tmp_path: Path, edited: Path) -> None:
    url = kept(tmp_path, [(fault(1), RAISED), (fault(2, ended=RAISED), RAISED), (fault(3, YUSUF), RAISED)])
    replaced(edited, "tiers.yaml", PREMIUM, PREMIUM + SHORTER.replace("}", ", from: 2026-11-21, applies_to: open}"))
    data = seen(run, url, str(edited))
    assert (data["decided"], data["different"], data["sums"]) == (3, 1, {"response due": {"earlier": 1}})
    (request,) = data["requests"]
    assert (request["request"], request["customer"], request["open"]) == ("SUP-1", "aurora-robotics", True)
    assert request["differences"] == [
        {
            "what": "response due",
            "before": "2026-11-20T17:00:00+01:00",
            "after": "2026-11-20T15:00:00+01:00",
            "why": [
                "6 h of covered time for severity 1 from Fri 20 Nov 2026 09:00 CET: Fri 6 h. "
                f"[C2 tiers.yaml:{line_of(edited, 'tiers.yaml', 'within: 6 h')}; "
                f"C3 coverage.yaml:{line_of(edited, 'coverage.yaml', '{tier: premium')}]"
            ],
        }
    ]


def line_of(directory: Path, file: str, part: str) -> int:
    text = (directory / file).read_text("utf-8")
    return text[: text.index(part)].count("\n") + 1


def test_every_difference_is_shown_with_its_reason_and_counted(run: Run, url: str, edited: Path) -> None:
    replaced(edited, "agreements/cobalt-rail.yaml", "tier: basic", "tier: premium")
    result = run("preview", str(edited), DATABASE_URL=url)
    shown = " ".join(result.stdout.replace("│", " ").split())
    assert "SUP-3 (open) cobalt-rail tier Basic Premium Premium, for 3 licences," in shown
    assert "agreements/cobalt-rail.yaml:" in shown
    assert "SUP-1" not in shown
    assert set(result.stdout.splitlines()) >= {
        "1 of 3 decisions would be different.",
        "  open when last looked at: 1",
        "  tier: 1 premium instead of basic",
        "  eligibility: 1 eligible instead of limited",
        "  response due: 1 earlier",
        "  credits charged: 1 more (+1 in all)",
    }


def test_a_customer_who_is_removed_and_a_release_that_is_added_are_told(run: Run, url: str, edited: Path) -> None:
    (edited / "agreements" / "cobalt-rail.yaml").unlink()
    line = "      - {line: 26.2, released: 2026-10-12, cites: C13}\n"
    replaced(edited, "releases.yaml", line, line + line.replace("26.2", "26.3").replace("10-12", "11-01"))
    shutil.rmtree(edited / "examples")  # they speak of Cobalt Rail, and are not run
    data = seen(run, url, str(edited))
    assert "agreement" in requests(data)["SUP-3"]
    assert data["sums"]["eligibility"] == {"not eligible instead of limited": 1}
    assert requests(seen(run, url, str(edited), "--last", "1")) == {}  # that is SUP-4
    assert requests(seen(run, url, str(edited), "--last", "2")).keys() == {"SUP-3"}


def test_more_and_fewer_credits_are_told_in_sum(run: Run, url: str, edited: Path) -> None:
    row = "{kind: fault, severity: any, unit: credit, units: 1, cites: C9}"
    replaced(edited, "credits.yaml", row, row.replace("units: 1", "units: 3"))
    replaced(edited, "releases.yaml", "{product: any, count: 2, cites: C21}", "{product: any, count: 3, cites: C21}")
    result = run("preview", str(edited), DATABASE_URL=url)
    assert "  credits charged: 2 more (+5 in all)\n" in result.stdout  # SUP-2 costs something, SUP-1 more
    assert "  eligibility: 1 eligible instead of not eligible\n" in result.stdout
    assert "  response due: 1 set for the first time\n" in result.stdout


def test_without_a_directory_the_files_in_use_are_compared_with_those_that_were_decided_by(
    run: Run, url: str, edited: Path
) -> None:
    replaced(edited, "agreements/cobalt-rail.yaml", "tier: basic", "tier: premium")
    for arguments in ((), (str(edited),)):
        data = seen(run, url, *arguments, MAPPINGS_DIR=str(edited))
        assert (requests(data).keys(), data["compared_with"]) == ({"SUP-3"}, shipped().policy.revision)
    result = run("preview", DATABASE_URL=url, MAPPINGS_DIR=str(edited))
    assert result.stdout.endswith(f"compared with revision {shipped().policy.revision}, by which was decided last.\n")


def test_where_no_files_can_be_compared_with_it_is_what_was_decided(run: Run, url: str, edited: Path) -> None:
    replaced(edited, "agreements/cobalt-rail.yaml", "tier: basic", "tier: premium")
    with sqlite3.connect(url.removeprefix("sqlite:///")) as database:
        database.execute("DELETE FROM policies")
    result = run("preview", DATABASE_URL=url, MAPPINGS_DIR=str(edited))
    assert "1 of 3 decisions would be different." in result.stdout
    assert result.stdout.endswith("; compared with what was decided.\n")


def test_files_that_cannot_be_used_are_told_as_check_tells_them(run: Run, url: str, edited: Path) -> None:
    replaced(edited, "tiers.yaml", "severity: 1, within: 8 h", "severity: 1, withn: 8 h")
    result = run("preview", str(edited), DATABASE_URL=url)
    assert (result.exit_code, result.stdout) == (1, "")
    assert f"{edited}/tiers.yaml:" in result.stderr
    assert "unknown key withn" in result.stderr


def test_a_preview_writes_nothing(run: Run, url: str, edited: Path) -> None:
    replaced(edited, "agreements/cobalt-rail.yaml", "tier: basic", "tier: premium")
    with sqlite3.connect(url.removeprefix("sqlite:///")) as database:
        before = list(database.iterdump())
        assert requests(seen(run, url, str(edited)))
        assert list(database.iterdump()) == before


def test_before_anything_was_decided_there_is_nothing_to_decide_once_more(run: Run, tmp_path: Path) -> None:
    url = kept(tmp_path, [])
    assert seen(run, url) == {
        "schema": 1,
        "revision": shipped().policy.revision,
        "compared_with": None,
        "decided": 0,
        "different": 0,
        "sums": {},
        "requests": [],
        "left_out": [],
    }
    empty = f"sqlite:///{tmp_path}/empty.sqlite3"
    assert "is empty: nothing has run with it yet" in run("preview", DATABASE_URL=empty).stderr
