"""credits balance and credits statement: what they print of a ledger."""

import json
import shutil
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
from tests.stores import migrated

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
    store = migrated(address)
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


def corrected(run: Run, url: str, *arguments: str) -> list[str]:
    """Correct the credits of Aurora Robotics without being asked; the lines printed."""
    result = run("credits", "correct", "aurora-robotics", *arguments, "--by", "Sam", "--yes", DATABASE_URL=url)
    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout.splitlines()


def test_a_correction_is_shown_booked_and_kept_with_who_and_why(run: Run, url: str) -> None:
    lot = last_lot(run, url)
    left = credits_left(run, url)
    assert corrected(run, url, "5", "--reason", "goodwill for the outage") == [
        f"Aurora Robotics: +5 on {lot}; {left} left today, {left + 5} after it. goodwill for the outage (by Sam)",
        "Booked.",
    ]
    last = json.loads(run("credits", "statement", "aurora-robotics", "--json", DATABASE_URL=url).stdout)[-1]
    assert (last["kind"], last["lot"], last["units"]) == ("correct", lot, 5)
    assert last["why"] == "goodwill for the outage (by Sam)"
    assert credits_left(run, url) == left + 5


def test_a_correction_may_take_the_balance_below_zero(run: Run, url: str) -> None:
    left = credits_left(run, url)
    corrected(run, url, f"-{left + 3}", "--reason", "booked twice by hand")
    assert credits_left(run, url) == -3


def test_a_correction_of_training_sessions_leaves_the_credits_alone(run: Run, url: str) -> None:
    left = credits_left(run, url)
    corrected(run, url, "2", "--reason", "a session failed", "--unit", "training_session")
    (row,) = json.loads(run("credits", "balance", "aurora-robotics", "--json", DATABASE_URL=url).stdout)
    assert (row["available"], row["training_sessions"]) == (left, 20)
    statement = run("credits", "statement", "aurora-robotics", "--unit", "training_session", DATABASE_URL=url)
    assert "Training sessions of aurora-robotics" in statement.stdout


def test_a_correction_that_is_not_confirmed_books_nothing(run: Run, url: str) -> None:
    before = run("credits", "statement", "aurora-robotics", "--json", DATABASE_URL=url).stdout
    result = run("credits", "correct", "aurora-robotics", "5", "--reason", "goodwill", DATABASE_URL=url)
    assert result.exit_code == 1
    assert "Book it? [y/N]:" in result.stdout
    assert run("credits", "statement", "aurora-robotics", "--json", DATABASE_URL=url).stdout == before


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ("5", "--reason", "x", "--lot", "credit 2026-4-01"),
            "has no lot 'credit 2026-4-01'; expected credit 2024-04-01",
        ),
        (("0", "--reason", "x"), "Expected a number of units other than 0, a reason and a person"),
        (("5", "--reason", " "), "Expected a number of units other than 0, a reason and a person"),
    ],
)
def test_a_correction_that_cannot_be_is_told(run: Run, url: str, arguments: tuple[str, ...], sentence: str) -> None:
    result = run("credits", "correct", "aurora-robotics", *arguments, "--yes", DATABASE_URL=url)
    assert result.exit_code == 1
    assert sentence in result.stderr


def test_a_correction_without_a_reason_is_no_command(run: Run, url: str) -> None:
    assert run("credits", "correct", "aurora-robotics", "5", "--yes", DATABASE_URL=url).exit_code == 2


def test_a_customer_with_nothing_to_correct_is_told_how_to_go_on(run: Run, url: str) -> None:
    result = run("credits", "correct", "cobalt-rail", "5", "--reason", "goodwill", "--yes", DATABASE_URL=url)
    assert result.exit_code == 1
    assert "no lot that can be used today; name one with --lot, or add a package" in result.stderr


def test_a_preview_says_what_a_changed_file_would_book_and_books_nothing(run: Run, url: str, tmp_path: Path) -> None:
    shutil.copytree(SHIPPED, tmp_path / "changed")
    file = tmp_path / "changed" / "agreements" / "aurora-robotics.yaml"
    text = file.read_text("utf-8")
    rows = "\npackages:\n  - {bought: 2026-11-21, credits: 20, expires: 2034-12-31, reference: PO-9}\n"
    file.write_text(text.replace("licenses: 4}", "licenses: 3}") + rows, "utf-8")
    for _ in range(2):
        result = run(
            "credits", "preview", "aurora-robotics", "--json", DATABASE_URL=url, MAPPINGS_DIR=f"{tmp_path}/changed"
        )
        rows_now = {(row["lot"], row["kind"], row["units"]) for row in json.loads(result.stdout)}
        assert {(LOT, "correct", -32), ("credit package PO-9", "grant", 20)} <= rows_now
    shown = run("credits", "preview", "aurora-robotics", DATABASE_URL=url, MAPPINGS_DIR=f"{tmp_path}/changed").stdout
    assert "The next look would book" in shown
    assert "-32" in shown


def test_a_preview_over_files_that_did_not_change_is_empty(run: Run, url: str) -> None:
    """Once everything up to today is booked; what the passing of days books is none of the files' doing."""
    store = open_store(url)
    mappings = load(SHIPPED).mappings
    assert mappings is not None
    aurora = next(each for each in mappings.agreements if each.customer == "aurora-robotics")
    with store.writing() as tx:
        ledger.lock(tx, [aurora.customer])
        ledger.book(tx, book_grants(aurora, mappings.policy, ledger.places(tx, aurora.customer), datetime.now(UTC)))
    store.close()
    assert json.loads(run("credits", "preview", "aurora-robotics", "--json", DATABASE_URL=url).stdout) == []
    result = run("credits", "preview", "aurora-robotics", DATABASE_URL=url)
    assert result.stdout == "Nothing: the ledger agrees with the files.\n"


def credits_left(run: Run, url: str) -> int:
    (row,) = json.loads(run("credits", "balance", "aurora-robotics", "--json", DATABASE_URL=url).stdout)
    return int(row["available"])


def last_lot(run: Run, url: str) -> str:
    (row,) = json.loads(run("credits", "balance", "aurora-robotics", "--json", DATABASE_URL=url).stdout)
    return str(row["lots"][-1]["lot"])
