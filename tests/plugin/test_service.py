"""The crew of one process: it begins, works, reconciles by itself, and stops."""

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from pydantic import SecretStr
from structlog.testing import capture_logs

from plugin.mappings.load import Mappings
from plugin.mappings.watched import Watched
from plugin.sandbox import Fault, Kind, Sandbox, running_sandbox
from plugin.service import Crew, jira_client
from plugin.settings import Settings, SettingsError
from plugin.store import Store, decisions
from plugin.store.inbox import Delivery, keep
from plugin.store.tables import deliveries
from tests.plugin.mappings.broken import copy_of_shipped, replaced
from tests.plugin.store.test_retention import decided
from tests.road.house import ACCOUNT, EMIL, YUSUF, Clock, House, emptied, shipped, sqlite_store
from tests.road.processes import wait_until


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with sqlite_store(tmp_path_factory.mktemp("service")) as store:
        yield store


class _Now(Clock):
    def __call__(self) -> datetime:
        return datetime.now(UTC)


@pytest.fixture
def home(kept: Store) -> Iterator[House]:
    with capture_logs() as logs, running_sandbox() as sandbox:
        built = House(sandbox, emptied(kept), _Now(), logs)
        yield built
        built.close()


def settings_for(sandbox: Sandbox, reconcile_seconds: int = 900) -> Settings:
    return Settings(
        jira_url=sandbox.url,
        jira_email=ACCOUNT,
        jira_token=SecretStr(sandbox.site.person(ACCOUNT).token),
        jira_flavour="cloud",
        reconcile_seconds=reconcile_seconds,
    )


@contextmanager
def working(home: House, reconcile_seconds: int = 900, mappings: Callable[[], Mappings] = shipped) -> Iterator[Crew]:
    crew = Crew(settings_for(home.sandbox, reconcile_seconds), home.store, mappings)
    crew.start()
    try:
        yield crew
    finally:
        crew.stop()


def test_a_crew_finds_what_came_while_nobody_was_there(home: House) -> None:
    issue = home.raised()
    with working(home):
        wait_until(lambda: home.own(issue) and not home.doors(), "the request to be done")
    assert home.holders(issue) == {"aurora-robotics": 1}


def test_a_crew_that_was_told_to_stop_looks_at_nothing_any_more(home: House) -> None:
    with working(home) as crew:
        wait_until(lambda: [log for log in home.logs if log["event"] == "reconciled"], "the first reconciliation")
    crew.wait()
    issue = home.raised()
    home.knock(issue)
    calls = home.calls()
    time.sleep(0.3)
    assert home.calls() == calls


def test_a_reconciliation_that_failed_is_tried_again_without_waiting_for_the_next(home: House) -> None:
    issue = home.raised()
    home.fault(Kind.UNAVAILABLE_RETRY, "GET", "/search", seconds=1)
    with working(home, reconcile_seconds=3600):
        wait_until(lambda: home.own(issue), "the request to be done", patience=15)
    assert [log["event"] for log in home.logs if "reconciled" in log["event"]] == ["not reconciled", "reconciled"]


def test_a_contact_who_is_added_to_the_files_does_not_wait_for_the_next_reconciliation(
    home: House, tmp_path: Path
) -> None:
    directory = copy_of_shipped(tmp_path)
    shutil.rmtree(directory / "examples")
    issue = home.raised("pia.lindqvist@aurora-robotics.example")
    with working(home, 3600, Watched(directory).current):
        wait_until(lambda: home.status(issue) == "Waiting for customer", "the redirection")
        jonas = "  - {name: Jonas Feld, email: jonas.feld@aurora-robotics.example}\n"
        replaced(
            directory,
            "agreements/aurora-robotics.yaml",
            jonas,
            jonas + jonas.replace("Jonas Feld", "Pia Lindqvist").replace("jonas.feld", "pia.lindqvist"),
        )
        wait_until(lambda: home.shows(issue, "Eligibility") == "Eligible", "the request to be looked at again")
    assert home.holders(issue) == {"aurora-robotics": 1}
    assert home.status(issue) == "Waiting for support"
    revisions = [log["revision"] for log in home.logs if log["event"] == "reconciled"]
    assert len(set(revisions)) == len(revisions) == 2


def test_files_that_change_while_jira_wants_a_pause_are_reconciled_by_after_it(home: House, tmp_path: Path) -> None:
    directory = copy_of_shipped(tmp_path)
    with working(home, 3600, Watched(directory).current):
        wait_until(lambda: [log for log in home.logs if log["event"] == "reconciled"], "the first reconciliation")
        home.fault(Kind.UNAVAILABLE_RETRY, "GET", "/search", seconds=3)
        replaced(directory, "prices.yaml", "currency: EUR\n", "currency: EUR  # looked through\n")
        wait_until(lambda: len([log for log in home.logs if log["event"] == "reconciled"]) == 2, "the second")
    assert [log["event"] for log in home.logs if "reconciled" in log["event"]] == [
        "reconciled",
        "not reconciled",
        "reconciled",
    ]


def test_a_crew_calls_jira_no_more_before_the_moment_it_has_named(home: House) -> None:
    home.sandbox.faults.add(Fault(Kind.BUSY, "GET", "/search", seconds=2))
    issue = home.raised()
    with working(home):
        wait_until(lambda: not home.sandbox.faults.waiting(), "the reconciliation to be refused")
        called = home.calls()
        home.knock(issue)
        refused = time.monotonic()
        while time.monotonic() - refused < 1.2:
            time.sleep(0.05)
            assert home.calls() == called
        wait_until(lambda: home.own(issue), "the request to be done", patience=15)


def test_deliveries_that_were_worked_are_forgotten_after_a_fortnight(home: House) -> None:
    now = datetime.now(UTC)
    with home.store.writing() as tx:
        for name, days in (("old", 15), ("young", 13)):
            keep(tx, Delivery(name, "jira:issue_updated", "1", "SUP-1", now - timedelta(days=days), 0, False, "{}"))
    with working(home):
        wait_until(lambda: [log for log in home.logs if log["event"] == "reconciled"], "the first reconciliation")
    with home.store.reading() as tx:
        assert tx.scalars(deliveries.select()).all() == ["young"]


def test_what_was_decided_on_requests_that_are_done_is_forgotten_after_as_many_days_as_are_set(home: House) -> None:
    long_ago = datetime.now(UTC) - timedelta(days=1100)
    decided(home.store, "1", long_ago, long_ago)
    assert _decided(home) == 1
    with working(home):
        wait_until(lambda: [log for log in home.logs if log["event"] == "history forgotten"], "the history to be gone")
    assert _decided(home) == 0
    assert [log["requests"] for log in home.logs if log["event"] == "history forgotten"] == [1]


@pytest.mark.parametrize(("seconds", "warned"), [(36, False), (35, True)])
def test_a_lease_that_ends_before_an_answer_of_jiras_may_is_warned_of(home: House, seconds: int, warned: bool) -> None:
    crew = Crew(settings_for(home.sandbox).model_copy(update={"lease_seconds": seconds}), home.store, shipped)
    crew.start()
    crew.stop()
    assert any(log["event"].startswith("LEASE_SECONDS is short") for log in home.logs) == warned


def _decided(home: House) -> int:
    with home.store.reading() as tx:
        return len(decisions.last(tx, 10))


def _ending(home: House) -> list[tuple[str, ...]]:
    """What the log says of agreements that end while requests are open."""
    found = [log for log in home.logs if log["event"].endswith("and requests are open")]
    return [
        (log["log_level"], log["event"].partition(",")[0], log["customer"], log["last_day"], log["keys"])
        for log in found
    ]


def test_an_agreement_that_ends_while_requests_are_open_is_told_once_a_day(home: House, tmp_path: Path) -> None:
    directory = copy_of_shipped(tmp_path)
    shutil.rmtree(directory / "examples")
    over, soon = home.raised(), home.raised(EMIL)
    home.raised(YUSUF)
    home.settle()
    now = datetime.now(UTC)
    ended, ends = (str((now + timedelta(days=days)).date()) for days in (-3, 20))
    replaced(directory, "agreements/aurora-robotics.yaml", "to: 2034-03-31", f"to: {ended}")
    replaced(directory, "agreements/brennhaus-medical.yaml", "to: 2034-12-31", f"to: {ends}")
    once = [
        ("warning", "agreement has ended", "aurora-robotics", ended, over.key),
        ("info", "agreement ends soon", "brennhaus-medical", ends, soon.key),
    ]
    with working(home, 1, Watched(directory).current):
        wait_until(
            lambda: len([log for log in home.logs if log["event"] == "reconciled"]) >= 3, "three reconciliations"
        )
        assert _ending(home) == once
        with time_machine.travel(now + timedelta(days=1)):
            wait_until(lambda: len(_ending(home)) > 2, "the next day")
    assert _ending(home) == [*once, *once]


def test_a_crew_without_a_jira_does_not_begin(home: House) -> None:
    with pytest.raises(SettingsError, match="JIRA_URL"):
        Crew(Settings(), home.store, shipped).start()
    with pytest.raises(SettingsError, match="JIRA_TOKEN"):
        jira_client(Settings(jira_url="https://jira.example"))


def test_a_crew_over_a_database_that_lost_its_memory_works_nothing_and_says_what_to_do(home: House) -> None:
    home.raised()
    home.settle()
    emptied(home.store)
    fresh = home.raised(EMIL)
    home.receive(*home.sent())
    home.forget_traffic()
    with working(home):
        wait_until(lambda: [log for log in home.logs if log["event"] == "nothing is worked"], "it to be said")
        time.sleep(0.5)
    assert "support-contract ledger rebuild" in next(log["why"] for log in home.logs if "why" in log)
    assert home.writes() == []
    assert home.own(fresh) is None
    assert fresh.id in [door.request_id for door in home.doors()]
