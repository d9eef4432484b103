"""Mapping files that change answer what a request was refused for: the same request, judged again, charged once."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from plugin.mappings.watched import Watched
from plugin.sandbox import Flavour, seed
from plugin.sandbox.records import Issue
from plugin.store import Store
from tests.plugin.mappings.broken import copy_of_shipped, replaced
from tests.road.clauses import due, to_the_minute
from tests.road.house import MIRA, OSKAR, House, emptied, house, sqlite_store

PIA = "pia.lindqvist@aurora-robotics.example"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with sqlite_store(tmp_path_factory.mktemp("changed")) as store:
        yield store


@pytest.fixture(params=Flavour)
def home(kept: Store, request: pytest.FixtureRequest) -> Iterator[House]:
    with house(emptied(kept), seed(Flavour(request.param))) as built:
        yield built


@pytest.fixture
def files(tmp_path: Path, home: House) -> Watched:
    """The shipped files in a folder of their own, which the house works by; the examples speak of what will change."""
    directory = copy_of_shipped(tmp_path)
    shutil.rmtree(directory / "examples")
    watched = Watched(directory, timedelta(0))
    home.mappings = home.accounted(watched.current())
    return watched


def saved(home: House, watched: Watched) -> None:
    """The files were saved an hour later, and reconciliation noticed."""
    home.clock.advance(hours=1)
    home.mappings = home.accounted(watched.current())
    assert watched.problems == ()
    home.reconcile()
    home.settle()


def accepted(home: House, issue: Issue, customer: str, hours: int) -> bool:
    """Eligible, charged once, back in the queue, and its clock began when the files were saved."""
    assert (home.shows(issue, "Eligibility"), home.status(issue)) == ("Eligible", "Waiting for support")
    assert home.holders(issue) == {customer: 1}
    assert len(home.replies(issue)) == 1
    assert home.sums_to_zero()
    began = issue.created + timedelta(hours=1)
    return to_the_minute(home.shows(issue, "Response due")) == to_the_minute(due(began, hours))


def test_a_contact_who_is_added_is_helped_with_the_request_that_they_were_redirected_with(
    home: House, files: Watched, tmp_path: Path
) -> None:
    issue = home.raised(PIA)
    home.settle()
    assert (home.shows(issue, "Eligibility"), home.status(issue)) == ("Not eligible", "Waiting for customer")
    jonas = "  - {name: Jonas Feld, email: jonas.feld@aurora-robotics.example}\n"
    added = f"  - {{name: Pia Lindqvist, email: {PIA}}}\n"
    replaced(tmp_path / "mappings", "agreements/aurora-robotics.yaml", jonas, jonas + added)
    saved(home, files)
    assert accepted(home, issue, "aurora-robotics", hours=8)


def test_an_agreement_that_is_renewed_without_a_gap_opens_the_request_that_came_in_between(
    home: House, files: Watched, tmp_path: Path
) -> None:
    issue = home.raised(OSKAR)
    home.settle()
    assert (home.shows(issue, "Eligibility"), home.status(issue)) == ("Not eligible", "Waiting for customer")
    ended = "  - {from: 2023-01-01, to: 2025-12-31}\n"
    renewed = "  - {from: 2026-01-01, to: 2026-12-31}\n"
    replaced(tmp_path / "mappings", "agreements/delta-foundry.yaml", ended, ended + renewed)
    saved(home, files)
    assert accepted(home, issue, "delta-foundry", hours=16)


def test_a_release_that_is_added_to_the_list_answers_a_version_that_nobody_knew(
    home: House, files: Watched, tmp_path: Path
) -> None:
    issue = home.raised(MIRA, version="26.3")
    home.settle()
    assert (home.shows(issue, "Eligibility"), home.status(issue)) == ("Needs information", "Waiting for customer")
    newest = "      - {line: 26.2, released: 2026-10-12, cites: C13}\n"
    forgotten = "      - {line: 26.3, released: 2026-11-21, cites: C13}\n"
    replaced(tmp_path / "mappings", "releases.yaml", newest, newest + forgotten)
    home.clock.advance(days=3)
    home.mappings = home.accounted(files.current())
    home.reconcile()
    home.settle()
    assert (home.shows(issue, "Eligibility"), home.status(issue)) == ("Eligible", "Waiting for support")
    assert home.holders(issue) == {"aurora-robotics": 1}
    began = issue.created + timedelta(days=3)
    assert to_the_minute(home.shows(issue, "Response due")) == to_the_minute(due(began, 8))


def test_files_that_change_nothing_for_a_request_write_nothing(home: House, files: Watched, tmp_path: Path) -> None:
    home.raised(MIRA), home.raised(PIA)
    home.settle()
    replaced(tmp_path / "mappings", "prices.yaml", "currency: EUR\n", "currency: EUR  # looked through\n")
    before = home.mappings.policy.revision
    home.forget_traffic()
    saved(home, files)
    assert home.mappings.policy.revision != before
    assert home.writes() == []
