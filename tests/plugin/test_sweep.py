"""Many doors at once: whoever is as they should be is done with after one call, and nobody else is touched."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select

from plugin.jira.client import JiraClient
from plugin.sandbox import Flavour, Kind, seed
from plugin.sandbox.records import Issue
from plugin.store import Store
from plugin.store.tables import doors
from plugin.sweep import EVERY, LEAST, Turn
from tests.road.house import AGENT, TOO_OLD, House, emptied, house, sqlite_store

MANY = LEAST + 2


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with sqlite_store(tmp_path_factory.mktemp("sweep")) as store:
        yield store


@pytest.fixture(params=[Flavour.CLOUD])
def home(kept: Store, request: pytest.FixtureRequest) -> Iterator[House]:
    with house(emptied(kept), seed(Flavour(request.param))) as built:
        yield built


def worked(home: House, count: int = MANY, **changes: Any) -> list[Issue]:
    """So many requests that all is well with; each is knocked at, and a sweep may begin."""
    issues = [home.raised(**changes) for _ in range(count)]
    home.settle()
    home.clock.advance(seconds=2 * EVERY.total_seconds())
    for issue in issues:
        home.knock(issue)
    home.forget_traffic()
    return issues


def waiting(home: House) -> list[str]:
    return [door.request_id for door in home.doors()]


def test_many_requests_that_all_is_well_with_cost_one_call_together(home: House) -> None:
    worked(home)

    assert home.worker().step()

    assert waiting(home) == []
    assert [(one.method, one.path) for one in home.sandbox.traffic.all() if "field" not in one.path] == [
        ("POST", "/rest/api/3/issue/bulkfetch")
    ]


def test_whoever_is_not_as_they_should_be_is_left_and_then_looked_at(home: House) -> None:
    issues = worked(home)
    home.change(issues[3], Support_tier=None)
    home.delete(issues[5])
    home.sent()
    worker = home.worker()

    assert worker.step()
    assert waiting(home) == [issues[3].id, issues[5].id]

    home.settle(worker)
    assert home.shows(issues[3], "Support tier")


def test_whoever_was_asked_something_is_looked_at_since_they_may_have_answered(home: House) -> None:
    issues = worked(home, version=TOO_OLD)

    home.worker().step()

    # One was looked at as ever.
    assert len(waiting(home)) == len(issues) - 1


def test_a_few_are_looked_at_one_by_one(home: House) -> None:
    worked(home, LEAST - 1)

    home.worker().step()

    assert len(waiting(home)) == LEAST - 2


@pytest.mark.parametrize("home", [Flavour.DATACENTER], indirect=True)
def test_data_center_has_no_such_call_and_is_not_asked_for_it(home: House) -> None:
    worked(home)

    home.worker().step()

    assert len(waiting(home)) == MANY - 1
    assert not any("bulkfetch" in one.path for one in home.sandbox.traffic.all())


@pytest.mark.parametrize("kind", [Kind.BROKEN, Kind.BUSY, Kind.FORBIDDEN, Kind.HALF, Kind.RESET_AFTER])
def test_a_sweep_that_fails_leaves_every_door_as_it_was(home: House, kind: Kind) -> None:
    worked(home)
    before = home.doors()
    home.fault(kind, "POST", "/bulkfetch")

    worker = home.worker()
    worker.step()

    left = home.doors()
    # Where Jira answers others, the step went on with one of them.
    assert left in (before, before[1:])
    home.settle(worker)
    assert waiting(home) == []
    assert home.parked() == []


def test_a_knock_during_a_sweep_keeps_the_door_open(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    issues = worked(home)
    read = JiraClient.issues

    def read_and_be_knocked_at(jira: JiraClient, *what: Any) -> Any:
        found = read(jira, *what)
        home.change(issues[0], Support_tier=None)
        home.knock(issues[0])
        return found

    monkeypatch.setattr(JiraClient, "issues", read_and_be_knocked_at)
    worker = home.worker()

    assert worker.step()
    assert waiting(home) == [issues[0].id]

    home.settle(worker)
    assert home.shows(issues[0], "Support tier")


def test_a_sweep_that_was_worth_it_is_followed_by_another_at_once_and_no_other_for_a_while(home: House) -> None:
    turn, now = Turn(), home.clock()

    assert turn.taken(now)
    assert not turn.taken(now + EVERY / 2)
    turn.again()
    assert turn.taken(now + EVERY / 2)
    assert turn.taken(now + EVERY * 2)


def reminders(home: House) -> list[str]:
    """The requests that come up by themselves though nobody knocks."""
    with home.store.reading() as tx:
        return sorted(tx.scalars(select(doors.c.request_id).where(doors.c.knocks == 0)))


def test_a_sweep_leaves_what_comes_up_by_itself(home: House) -> None:
    issues = worked(home)
    assert home.worker().step()
    assert reminders(home) == sorted(each.id for each in issues)


def test_an_answer_of_an_agent_is_seen_among_many(home: House) -> None:
    issues = worked(home)
    home.sandbox.jira.comment(issues[4], home.person(AGENT), "We are on it.", public=True)
    home.sent()
    worker = home.worker()
    assert worker.step()
    assert waiting(home) == [issues[4].id]
    home.settle(worker)
    assert [each.id for each in issues if home.shows(each, "Response kept") == "Kept"] == [issues[4].id]
