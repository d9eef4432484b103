"""credits balance and credits statement: what they print of a ledger."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from plugin.contract.books import book_charge
from plugin.contract.decide import decide
from plugin.contract.grants import CREDIT, book_grants
from plugin.contract.model import SupportAgreement
from plugin.contract.policy import Policy
from plugin.mappings.load import load
from plugin.store import ledger, open_store
from tests.plugin.cli.conftest import SHIPPED, Run, Spawn
from tests.plugin.contract import builders

GRANTED, CHARGED = datetime(2026, 11, 20, 8, tzinfo=UTC), datetime(2026, 11, 20, 16, 30, tzinfo=UTC)
LOT = "credit 2026-04-01"


@pytest.fixture
def url(tmp_path: Path) -> str:
    """Return a ledger in which Aurora Robotics was granted what it bought, and charged for SUP-7."""
    mappings = load(SHIPPED).mappings
    assert mappings is not None
    aurora = next(each for each in mappings.agreements if each.customer == "aurora-robotics")
    address = f"sqlite:///{tmp_path}/kept.sqlite3"
    _keep(address, aurora, mappings.policy)
    return address


def _keep(address: str, aurora: SupportAgreement, policy: Policy) -> None:
    mira = builders.Person("Mira Castellan", email="mira.castellan@aurora-robotics.example")
    asked = builders.request("26.2", CHARGED, id="10007", raised_by=mira)
    store = open_store(address)
    store.migrate()
    with store.writing() as tx:
        ledger.lock(tx, [aurora.customer])
        ledger.book(tx, book_grants(aurora, policy, {}, GRANTED))
        others = ledger.places(tx, aurora.customer, CREDIT)
        decision = decide(asked, aurora, policy, CHARGED, others)
        ledger.book(tx, book_charge(decision, asked, aurora, policy, others, {}))
    store.close()


def test_the_balance_of_every_customer_is_listed(run: Run, url: str) -> None:
    result = run("credits", "balance", "--json", DATABASE_URL=url)
    assert (result.exit_code, result.stderr) == (0, "")
    listed = {row["customer"]: row["available"] for row in json.loads(result.stdout)}
    assert list(listed) == ["aurora-robotics", "brennhaus-medical", "cobalt-rail", "delta-foundry"]
    assert listed["cobalt-rail"] == 0


def test_the_balance_of_one_customer_says_until_when(run: Run, url: str) -> None:
    result = run("credits", "balance", "aurora-robotics", DATABASE_URL=url)
    row = next(line for line in result.stdout.splitlines() if "aurora" in line)
    assert "until 20" in row
    assert "brennhaus" not in result.stdout


def test_a_statement_tells_every_movement_with_the_balance_after_it(run: Run, url: str) -> None:
    rows = json.loads(run("credits", "statement", "aurora-robotics", "--json", DATABASE_URL=url).stdout)
    assert [row["kind"] for row in rows] == ["grant", "expire", "grant", "expire", "grant", "charge"]
    assert [row["balance"] for row in rows] == [192, 0, 192, 0, 192, 191]
    assert {**rows[-1], "why": ""} == {
        "day": "2026-11-20",
        "kind": "charge",
        "request": "SUP-7",
        "lot": LOT,
        "units": -1,
        "balance": 191,
        "why": "",
    }
    assert rows[-1]["why"] == "A request of kind question costs 1 credit."


def test_a_statement_as_a_table_shows_the_same(run: Run, url: str) -> None:
    result = run("credits", "statement", "aurora-robotics", DATABASE_URL=url)
    last = [cell.strip() for cell in result.stdout.splitlines()[-2].strip("│ ").split("│")]
    assert last == [
        "2026-11-20",
        "charge",
        "SUP-7",
        LOT,
        "-1",
        "191",
        "A request of kind question costs 1 credit.",
    ]


def test_a_customer_without_movements_has_an_empty_statement(run: Run, url: str) -> None:
    assert json.loads(run("credits", "statement", "cobalt-rail", "--json", DATABASE_URL=url).stdout) == []
    assert run("credits", "statement", "cobalt-rail", DATABASE_URL=url).exit_code == 0


def test_json_is_alone_on_standard_output(spawn: Spawn, url: str) -> None:
    result = spawn("credits", "balance", "--json", DATABASE_URL=url)
    assert len(json.loads(result.stdout)) == 4
    assert result.stderr == ""


@pytest.mark.parametrize("command", ["balance", "statement"])
@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        ("aurora-robotcs", "(nearest: aurora-robotics)."),
        ("zzz", "expected aurora-robotics, brennhaus-medical, cobalt-rail or delta-foundry."),
        ("Aurora Robotics", "(nearest: aurora-robotics)."),
    ],
)
def test_an_unknown_customer_is_answered_with_the_nearest_one(
    run: Run, url: str, command: str, word: str, sentence: str
) -> None:
    result = run("credits", command, word, DATABASE_URL=url)
    assert (result.exit_code, result.stdout) == (1, "")
    assert f"There is no agreement of a customer {word!r}; " in result.stderr
    assert result.stderr.endswith(f"{sentence}\n")


@pytest.mark.parametrize("arguments", [("balance",), ("statement", "aurora-robotics")])
def test_a_database_that_nothing_has_run_with_is_no_balance_of_everything(run: Run, arguments: tuple[str, ...]) -> None:
    result = run("credits", *arguments)
    assert (result.exit_code, result.stdout) == (1, "")
    assert (
        f"The database SQLite {Path.cwd()}/support-contract.sqlite3 is empty: nothing has run with it yet."
        in result.stderr
    )


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("mysql://user:correct-horse@host/db", "DATABASE_URL starts with mysql: only sqlite and postgresql"),
        ("kept.sqlite3", "DATABASE_URL cannot be read: write sqlite:///path"),
        ("sqlite:////nowhere/kept.sqlite3", "there is no folder /nowhere"),
        ("postgresql://user:correct-horse@127.0.0.1:1/db", "PostgreSQL db on 127.0.0.1 does not answer"),
    ],
)
def test_a_database_that_cannot_be_used_is_told_without_its_password(run: Run, address: str, sentence: str) -> None:
    result = run("credits", "balance", DATABASE_URL=address)
    assert (result.exit_code, result.stdout) == (1, "")
    assert sentence in result.stderr
    assert "correct-horse" not in result.stderr
