"""A database that knows less than Jira shows is noticed before anything is charged, said or shown by it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, func, select

from plugin.memory import REBUILD, Forgotten, is_forgotten, look_back
from plugin.reconcile import misshown_balances
from plugin.sandbox import Flavour, seed
from plugin.sandbox.records import Issue
from plugin.store import Store, ledger, memory
from plugin.store.retention import forget
from plugin.store.tables import decisions, ledger_entries, ledger_places, ledger_postings
from tests.road.house import BOARD, DOWN, EMIL, IMPAIRED, TOO_OLD, House, emptied, house, sqlite_store


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with sqlite_store(tmp_path_factory.mktemp("memory")) as store:
        yield store


@pytest.fixture(params=Flavour)
def home(kept: Store, request: pytest.FixtureRequest) -> Iterator[House]:
    with house(emptied(kept), seed(Flavour(request.param))) as built:
        yield built


def gap(home: House) -> str | None:
    with home.store.reading() as tx:
        return memory.gap(tx)


def looked_back(home: House) -> str | None:
    return look_back(home.client(), home.store, home.mappings, home.clock())


def works_nothing(home: House, *issues: Issue) -> None:
    """A worker that finds these requests at its doors stops at the first, and Jira and the ledger stay as they are."""
    home.sent()
    home.forget_traffic()
    for issue in issues:
        home.knock(issue)
    while home.worker().step():
        pass
    assert REBUILD in (gap(home) or "")
    assert home.writes() == []
    with home.store.reading() as tx:
        assert tx.scalar(select(func.count()).select_from(ledger_entries)) == 0
    assert not home.parked()
    assert [log["event"] for log in home.logs].count("nothing is worked") == 1
    # Whoever has not been here before is not worked either: the balance that it would be judged by is wrong.
    home.receive(*home.sent())
    assert not home.worker().step()


def test_an_empty_database_works_nothing_of_what_another_has_worked(home: House) -> None:
    issues = [home.raised(), home.raised(EMIL, version=TOO_OLD)]
    home.settle()
    emptied(home.store)
    works_nothing(home, *issues)
    assert issues[0].key in (gap(home) or "")


def test_that_is_noticed_before_the_first_request_is_worked(home: House) -> None:
    home.raised()
    home.settle()
    emptied(home.store)
    for _ in range(5):
        home.raised(EMIL)
    found = looked_back(home)
    assert found is not None
    assert found == gap(home)


def test_a_new_installation_and_one_that_knows_everything_have_no_gap(home: House) -> None:
    issue = home.raised()
    assert looked_back(home) is None
    home.settle()
    home.change(issue, Support_tier="Basic")
    home.clock.advance(hours=1)
    home.settle()
    assert home.own(issue)["decided_at"] > home.own(issue)["since"]
    assert looked_back(home) is None
    assert gap(home) is None


def test_an_older_database_does_not_know_what_was_decided_since(home: House) -> None:
    issue = home.raised(impact=DOWN)
    home.settle()
    home.clock.advance(hours=1)
    home.change(issue, Business_impact=IMPAIRED)
    home.settle()
    assert looked_back(home) is None
    with home.store.writing() as tx:
        newest = select(func.max(decisions.c.id)).scalar_subquery()
        tx.execute(delete(decisions).where(decisions.c.id == newest))
    home.knock(issue)
    home.forget_traffic()
    home.worker().step()
    assert issue.key in (gap(home) or "")
    assert home.writes() == []


def test_a_request_that_has_become_again_what_an_older_database_knows_is_not_passed_over(home: House) -> None:
    issue = home.raised(impact=DOWN)
    home.settle()
    for impact in (IMPAIRED, DOWN):
        home.clock.advance(hours=1)
        home.change(issue, Business_impact=impact)
        home.settle()
    with home.store.writing() as tx:
        first = select(func.min(decisions.c.id)).scalar_subquery()
        tx.execute(delete(decisions).where(decisions.c.id != first))
    assert home.reconciled().knocked == 1
    home.worker().step()
    assert issue.key in (gap(home) or "")


def test_what_was_forgotten_on_purpose_is_no_gap(home: House) -> None:
    issue = home.raised()
    home.settle()
    home.transition(issue, "Resolve this issue", "Done")
    home.settle()
    home.clock.advance(days=2000)
    with home.store.writing() as tx:
        assert forget(tx, home.clock() - timedelta(days=1000)) == 1
    assert looked_back(home) is None
    home.knock(issue)
    home.settle()
    assert gap(home) is None


def test_a_copy_of_a_request_is_a_request_that_nobody_has_decided_on(home: House) -> None:
    issue = home.raised()
    home.settle()
    emptied(home.store)
    own = home.own(issue)
    home.delete(issue)
    home.clock.advance(minutes=1)
    copied, older = home.raised(), home.raised()
    copied.properties.update({key: dict(value) for key, value in issue.properties.items()})
    older.properties["support-contract.decision"] = {
        name: value for name, value in own.items() if name not in ("request", "since")
    }
    home.sent()
    for each in (copied, older):
        home.knock(each)
    home.settle()
    assert gap(home) is None
    assert home.holders(copied) == home.holders(older) == {"aurora-robotics": 1}


def test_a_balance_that_was_shown_after_more_entries_is_not_overwritten(home: House) -> None:
    home.raised()
    home.settle()
    if not home.sandbox.site.cloud:
        return
    shown = home.board(11)
    assert shown is not None
    with home.store.writing() as tx:
        assert shown["entries"] == ledger.sequence(tx, "aurora-robotics")
        tx.execute(delete(ledger_postings))
        tx.execute(delete(ledger_entries))
        tx.execute(delete(ledger_places))
        tx.exec_driver_sql("UPDATE accounts SET sequence = sequence - 1")
    with pytest.raises(Forgotten, match=f"the database has {shown['entries'] - 1}"):
        misshown_balances(home.client(), home.store, home.mappings, home.clock())
    assert home.board(11) == shown
    home.sandbox.jira.organization_properties[11, BOARD] = {"available": 7}
    [found] = misshown_balances(home.client(), home.store, home.mappings, home.clock())
    assert found.shown == {"available": 7}


NOW = datetime(2026, 11, 23, 11, tzinfo=UTC)


@pytest.mark.parametrize(
    ("own", "forgotten"),
    [
        (None, False),
        ({}, False),
        ({"since": "yesterday"}, False),
        ({"decided_at": 7}, False),
        ({"since": NOW.isoformat()}, True),
        ({"decided_at": NOW.isoformat()}, True),
        ({"since": (NOW + timedelta(seconds=1)).isoformat()}, False),
        ({"since": (NOW - timedelta(days=1)).isoformat(), "decided_at": NOW.isoformat()}, False),
        ({"since": (NOW - timedelta(hours=23)).isoformat()}, True),
    ],
)
def test_it_is_the_moment_of_the_decision_that_tells(kept: Store, own: dict[str, Any] | None, forgotten: bool) -> None:
    with emptied(kept).writing() as tx:
        memory.known(tx, NOW - timedelta(days=1))
        assert is_forgotten(tx, "10007", own, NOW) is forgotten
