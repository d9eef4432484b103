"""ledger rebuild: what is read from Jira, what is said of it, and what is restored."""

import json
from collections.abc import Mapping
from pathlib import Path

from plugin.sandbox import Sandbox
from plugin.store import Store, ledger
from tests.plugin.cli.conftest import Run
from tests.road.house import emptied

BOARD = "support-contract.credits"
NOTHING = "1 requests read. There is nothing to rebuild: the database knows all of them.\n"


def _entries(store: Store) -> int:
    with store.reading() as tx:
        return len(ledger.statement(tx, "aurora-robotics", "credit"))


def test_a_database_that_knows_everything_is_left_alone(
    run: Run, installation: Mapping[str, str], jira: Sandbox
) -> None:
    before = len(jira.traffic.all())
    for options in ((), ("--yes",), ("--dry-run",), ("--trust-board",)):
        result = run("ledger", "rebuild", *options, **installation)
        assert (result.exit_code, result.stdout, result.stderr) == (0, NOTHING, "")
    assert [one for one in jira.traffic.all()[before:] if one.method != "GET"] == []


def test_what_is_missing_is_said_first_and_restored_when_that_is_wanted(
    run: Run, installation: Mapping[str, str], jira: Sandbox, store: Store
) -> None:
    whole = _entries(store)
    emptied(store)
    before = len(jira.traffic.all())
    said = run("ledger", "rebuild", "--dry-run", **installation).stdout
    lines = said.splitlines()
    assert lines[0].strip() == "What Jira knows and the ledger does not"
    [row] = [line for line in lines if "aurora" in line]
    assert [cell.strip() for cell in row.split("│")[1:-1]] == ["aurora-robotics", "1", "+1", "-", "-", "-"]
    assert lines[-1] == ("1 requests read. Missing are the decisions on 1 of them, and that 1 comments were written.")
    assert _entries(store) == 0
    refused = run("ledger", "rebuild", **installation)
    assert (refused.exit_code, refused.stdout.splitlines()[-1]) == (1, "Restore it? [y/N]: ")
    assert _entries(store) == 0
    done = run("ledger", "rebuild", "--yes", **installation)
    assert done.stdout == (
        said + "Restored. The service goes on; start it if it does not run. It shows the balances in Jira by itself.\n"
    )
    assert _entries(store) == whole
    assert run("ledger", "rebuild", "--yes", **installation).stdout == NOTHING
    assert [one for one in jira.traffic.all()[before:] if one.method != "GET"] == []


def test_a_database_that_is_not_there_is_made(run: Run, installation: Mapping[str, str], tmp_path: Path) -> None:
    fresh = {**installation, "DATABASE_URL": f"sqlite:///{tmp_path}/fresh.sqlite3"}
    assert "+1" in run("ledger", "rebuild", "--dry-run", **fresh).stdout
    assert run("ledger", "rebuild", "--yes", **fresh).exit_code == 0
    rows = json.loads(run("credits", "balance", "aurora-robotics", "--json", **fresh).stdout)
    assert rows[0]["available"] == 191


def test_what_nothing_accounts_for_is_said_by_lot(
    run: Run, installation: Mapping[str, str], jira: Sandbox, store: Store
) -> None:
    emptied(store)
    board = jira.jira.organization_properties[11, BOARD]
    shown = [{**lot, "available": lot["available"] - 4} for lot in board["lots"]]
    jira.jira.organization_properties[11, BOARD] = {**board, "lots": shown}
    said = run("ledger", "rebuild", "--dry-run", **installation).stdout
    [row] = [line for line in said.splitlines() if "4 less" in line]
    assert [cell.strip() for cell in row.split("│")[1:-1]] == ["aurora-robotics", board["lots"][0]["lot"], "4 less"]
    assert "With --trust-board the balance stays the one that the customer was shown last." in said
    data = json.loads(run("ledger", "rebuild", "--dry-run", "--json", **installation).stdout)
    assert data == {
        "requests": 1,
        "customers": [
            {
                "customer": "aurora-robotics",
                "requests": 1,
                "charged": {"credit": 1, "training_session": 0},
                "corrected": {"credit": 0, "training_session": 0},
            }
        ],
        "decisions": 1,
        "comments": 1,
        "differences": [{"customer": "aurora-robotics", "lot": board["lots"][0]["lot"], "units": -4}],
        "unknown": [],
    }
    trusted = json.loads(run("ledger", "rebuild", "--trust-board", "--yes", "--json", **installation).stdout)
    assert trusted["differences"] == []
    assert trusted["customers"][0]["corrected"] == {"credit": -4, "training_session": 0}
    rows = json.loads(run("credits", "balance", "aurora-robotics", "--json", **installation).stdout)
    assert rows[0]["available"] == board["available"] - 4


def test_a_script_is_not_asked(run: Run, installation: Mapping[str, str]) -> None:
    result = run("ledger", "rebuild", "--json", **installation)
    assert (result.exit_code, result.stderr) == (1, "Error: With --json nobody is asked: add --dry-run or --yes.\n")


def test_where_jira_cannot_be_read_nothing_is_restored(run: Run, installation: Mapping[str, str], store: Store) -> None:
    emptied(store)
    result = run("ledger", "rebuild", "--yes", **{**installation, "JIRA_TOKEN": "nonsense"})
    assert result.exit_code == 1
    assert "Traceback" not in result.stderr
    assert _entries(store) == 0
