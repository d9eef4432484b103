"""Statements of what really happened: every amount is the ledger's, and nobody reads anything of another customer's."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from plugin.contract.books import correction
from plugin.contract.grants import CREDIT, grants
from plugin.contract.statement import Month, Section
from plugin.overview.statement_data import statement_data
from plugin.overview.statement_page import StatementPage
from plugin.statement import Statement, statement
from plugin.store import Store, ledger
from tests.road.house import (
    AGENT,
    EMIL,
    GRETA,
    JONAS,
    ONE_BACK,
    QUESTION,
    TOO_OLD,
    House,
    emptied,
    house,
    sqlite_store,
)

NOVEMBER, DECEMBER = Month(2026, 11), Month(2026, 12)
EVIL = "26.2 <script>alert(1)</script> =cmd|' /C calc'!A0"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with sqlite_store(tmp_path_factory.mktemp("house")) as opened:
        yield opened


@pytest.fixture
def home(kept: Store) -> Iterator[House]:
    with house(emptied(kept)) as built:
        yield built


def made(home: House, customer: str, month: Month = NOVEMBER) -> Statement:
    with home.store.reading() as tx:
        return statement(tx, home.agreement(customer), home.mappings, month, home.clock())


def page_of(home: House, told: Statement, language: str = "en", reasons: bool = False) -> StatementPage:
    return StatementPage(told, home.mappings.policy, home.mappings.statement_words[language], language, reasons)


def corrected(home: House, customer: str, units: int, why: str) -> None:
    policy, today = home.mappings.policy, home.mappings.policy.day(home.clock())
    lot = grants(home.agreement(customer), policy, today)[-1].lot
    with home.store.writing() as tx:
        ledger.lock(tx, [customer])
        ledger.book(tx, [correction(customer, CREDIT, lot, units, policy, home.clock(), why)])


def a_month(home: House) -> None:
    """Two customers' November, and what of it December still moves."""
    home.raised()
    home.raised(JONAS, version=ONE_BACK, type=QUESTION, impact=None)
    home.raised(JONAS, version=EVIL)
    home.raised(EMIL, version="26.2 of secret-plant")
    home.raised(GRETA, version=TOO_OLD)
    home.settle()
    corrected(home, "aurora-robotics", 3, "goodwill, as with Brennhaus Medical (by anna)")
    home.clock.advance(days=1)


def test_it_shows_what_was_used_by_which_request_and_why(home: House) -> None:
    a_month(home)
    told = made(home, "aurora-robotics")
    assert [(each.key, each.units) for each in told.used] == [(f"SUP-{number}", {CREDIT: 1}) for number in (1, 2, 3)]
    first = told.used[0].asked
    assert first is not None
    assert (first.kind, first.severity, first.clauses) == ("fault", 1, ("C9",))
    assert first.raised.date() == NOVEMBER.first.replace(day=20)
    credits = told.tallies[CREDIT]
    assert (credits.opening, credits.total(Section.USED), credits.total(Section.CORRECTED)) == (192, -3, 3)
    assert credits.closing == home.available("aurora-robotics") == 192
    assert [each.key for each in told.requests] == ["SUP-1", "SUP-2", "SUP-3"]
    assert [(each.line, each.requests, each.supported) for each in told.versions] == [
        ("26.2", 2, True), ("26.1", 1, True)
    ]  # fmt: skip
    assert ([each.name for each in told.contacts], told.limit) == (["Mira Castellan", "Jonas Feld"], 5)


def test_it_says_which_first_responses_were_in_time(home: House) -> None:
    first, second = home.raised(), home.raised()
    home.raised(EMIL)
    home.settle()
    home.sandbox.jira.comment(first, home.person(AGENT), "We are looking into it.", True)
    home.settle()
    home.clock.advance(days=7)
    told = made(home, "aurora-robotics")
    assert [(each.severity, {kept.value: n for kept, n in each.counts.items() if n}) for each in told.responses] == [
        (1, {"kept": 1, "open overdue": 1})
    ]
    html = page_of(home, told).html()
    assert "First responses to them" in html
    assert second.key in html


def test_what_happens_later_stands_in_the_next_one(home: House) -> None:
    a_month(home)
    home.clock.now = datetime(2026, 12, 3, 12, tzinfo=UTC)
    before = made(home, "aurora-robotics")
    assert before.is_over
    home.transition(home.sandbox.jira.issue("SUP-1"), "Resolve this issue", "Product defect")
    home.settle()
    after, next_one = made(home, "aurora-robotics"), made(home, "aurora-robotics", DECEMBER)
    assert after.tallies == before.tallies
    assert [(each.key, each.units) for each in next_one.used] == [("SUP-1", {CREDIT: -1})]
    assert next_one.tallies[CREDIT].opening == after.tallies[CREDIT].closing
    assert next_one.tallies[CREDIT].closing == home.available("aurora-robotics")
    assert not next_one.is_over


def test_a_customer_of_whom_nothing_was_booked_has_what_the_agreement_grants(home: House) -> None:
    told = made(home, "brennhaus-medical")
    assert (told.tallies[CREDIT].opening, told.tallies[CREDIT].closing) == (96, 96)
    assert told.used == told.requests == ()


def test_nothing_of_one_customer_is_in_anothers(home: House) -> None:
    a_month(home)
    moved = home.raised()
    home.settle()
    home.move_to(moved, 12)
    home.change(moved, Product_version="26.2 of secret-plant")
    home.settle()
    for customer, others in (
        ("aurora-robotics", ("Brennhaus", "brennhaus", "Emil", "Greta", "secret-plant", "SUP-4", "SUP-5")),
        ("brennhaus-medical", ("Aurora", "aurora", "Mira", "Jonas", "SUP-1", "SUP-2", "SUP-3", "goodwill")),
    ):
        for language in home.mappings.statement_words:
            told = page_of(home, made(home, customer), language)
            for text in (told.html(), told.csv(), str(statement_data(told.statement))):
                assert [word for word in others if word in text] == []
    aurora = made(home, "aurora-robotics")
    [gone] = [each for each in aurora.used if each.key == moved.key]
    assert (gone.units, gone.asked) == ({CREDIT: 0}, None)


def test_why_something_was_corrected_is_told_only_where_that_is_wanted(home: House) -> None:
    a_month(home)
    told = made(home, "aurora-robotics")
    assert "goodwill" not in page_of(home, told).html() + page_of(home, told).csv() + str(statement_data(told))
    assert "goodwill, as with" in page_of(home, told, reasons=True).html()
    assert "goodwill, as with" in str(statement_data(told, reasons=True))


def test_what_a_customer_typed_works_neither_in_the_page_nor_in_the_sheet(home: House) -> None:
    home.raised(version=EVIL)
    home.raised(version="=1+1")
    home.settle()
    told = page_of(home, made(home, "aurora-robotics"))
    assert "<script" not in told.html()
    assert "&lt;script&gt;" in told.html()
    cells = [cell for row in csv.reader(io.StringIO(told.csv())) for cell in row]
    assert [cell for cell in cells if cell.startswith(("=", "@", "+"))] == []


def test_the_sheet_adds_up(home: House) -> None:
    a_month(home)
    rows = list(csv.DictReader(io.StringIO(page_of(home, made(home, "aurora-robotics")).csv())))
    for unit in ("Support credits", "Training sessions"):
        opening, *moved, closing = (int(row["Units"]) for row in rows if row["Unit"] == unit)
        assert opening + sum(moved) == closing
    assert ("SUP-1", "Fault", "1", "C9", "-1") in {
        (row["Request"], row["Kind"], row["Severity"], row["Clause"], row["Units"]) for row in rows
    }


def test_the_page_needs_nothing_but_itself_and_says_that_the_month_is_not_over(home: House) -> None:
    a_month(home)
    html = page_of(home, made(home, "aurora-robotics")).html()
    assert re.findall(r"(?:src|href|url)\s*[=(]|@import|https?:", html) == []
    assert "This month is not over. It shows what there was up to Saturday, 21 November 2026" in html
    home.clock.now = datetime(2026, 12, 1, 0, 0, tzinfo=UTC)
    assert "not over" not in page_of(home, made(home, "aurora-robotics")).html()


def test_it_is_written_in_the_customers_language(home: House) -> None:
    home.raised(EMIL)
    home.settle()
    html = page_of(home, made(home, "brennhaus-medical"), "de").html()
    assert '<html lang="de">' in html
    for words in ("Support-Abrechnung, November 2026", "Störung", "20.11.2026", "Von Anfragen verbraucht", "−1"):
        assert words in html


def test_a_customer_whose_agreement_ended_reads_that(home: House) -> None:
    html = page_of(home, made(home, "delta-foundry")).html()
    assert "Ended on 31 Dec 2025" in html
    assert "seats are taken" not in html


def test_a_month_that_has_not_begun_has_no_statement(home: House) -> None:
    with pytest.raises(ValueError, match="2026-12 has not begun"):
        made(home, "cobalt-rail", DECEMBER)
