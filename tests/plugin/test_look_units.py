"""One look at a request that costs training sessions, credits and packages: booked together, shown together."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from plugin.contract.decision import Source
from plugin.contract.grants import TRAINING
from plugin.contract.model import Package, Term
from plugin.store import Store, ledger
from tests.road.house import MIRA, SESSION, House, emptied, house, sqlite_store

LESSON = "Ask for training"
AURORA, SESSIONS, YEAR = "aurora-robotics", "training_session 2026-04-01", "credit 2026-04-01"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with sqlite_store(tmp_path_factory.mktemp("units")) as store:
        yield store


@pytest.fixture
def home(kept: Store) -> Iterator[House]:
    with house(emptied(kept)) as built:
        yield built


def test_a_training_is_charged_in_sessions_and_the_request_shows_both_units(home: House) -> None:
    issue = home.raised(MIRA, type=LESSON)
    home.settle()
    assert (home.shows(issue, "Credits charged"), home.shows(issue, "Credits left")) == (0, 192)
    assert (home.shows(issue, "Training sessions charged"), home.shows(issue, "Training sessions left")) == (1, 17)
    assert home.own(issue)["charged"] == {SESSIONS: 1}
    assert (home.board(11) or {})["training_sessions"] == 17
    with home.store.reading() as tx:
        charged = [line for line in ledger.statement(tx, AURORA, TRAINING) if line.request_key]
    assert [(line.lot, line.units) for line in charged] == [(SESSIONS, -1)]


def test_a_site_without_the_fields_for_training_is_charged_all_the_same(home: House) -> None:
    declared = home.mappings.declared
    fields = {word: spec for word, spec in declared.fields.items() if not word.startswith("sessions_")}
    home.mappings = replace(home.mappings, declared=replace(declared, fields=fields))
    issue = home.raised(MIRA, type=LESSON)
    home.settle()
    assert home.shows(issue, "Training sessions charged") is None
    assert home.own(issue)["charged"] == {SESSIONS: 1}


def test_a_package_that_expires_first_is_used_first_and_shown_on_the_board(home: House) -> None:
    package = Package("PO-7", 3, Term(date(2026, 11, 1), date(2026, 12, 31)), Source("agreements/aurora.yaml", 20))
    home.mappings = replace(
        home.mappings,
        agreements=tuple(
            replace(each, packages=(package,)) if each.customer == AURORA else each for each in home.mappings.agreements
        ),
    )
    first, second = home.raised(type=SESSION), home.raised(type=SESSION)
    home.settle()
    assert home.own(first)["charged"] == {"credit package PO-7": 2}
    assert home.own(second)["charged"] == {"credit package PO-7": 1, YEAR: 1}
    lots = {lot["lot"]: lot["available"] for lot in (home.board(11) or {})["lots"]}
    assert lots == {"credit package PO-7": 0, YEAR: 191}


def test_a_training_that_is_deleted_gives_its_session_back(home: House) -> None:
    issue = home.raised(MIRA, type=LESSON)
    home.settle()
    home.delete(issue)
    home.settle()
    with home.store.reading() as tx:
        statement = [line for line in ledger.statement(tx, AURORA, TRAINING) if line.request_key]
    assert [line.units for line in statement] == [-1, 1]
