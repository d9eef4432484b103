"""kill -9 of the worker at every call of the road: the next one ends what it began, once."""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from plugin.sandbox import Kind, running_sandbox
from tests.crash.nodes import Node, Nursery
from tests.crash.rig import Now
from tests.road.house import ACCOUNT, JONAS, MIRA, TOO_OLD, House
from tests.road.processes import MAPPINGS, wait_until
from tests.stores import migrated

POINTS = (
    ("GET", r"/issue/\d+$"),  # nothing is done yet
    ("PUT", r"/issue/\d+$"),  # booked and written, and the answer never read
    ("POST", r"/comment$"),  # the comment is there, and we do not know
    ("GET", r"/transitions$"),  # between the reply and the status
    ("POST", r"/transitions$"),  # the status has changed, the reply is not noted as sent
    ("GET", r"/property/"),  # all but the balance board
    ("PUT", r"/property/"),  # all of it, and the door still claimed
)
HANGS = 8.0


@pytest.fixture
def home(tmp_path: Path) -> Iterator[House]:
    with ExitStack() as stack:
        store = migrated(f"sqlite:///{tmp_path / 'crash.sqlite3'}")
        stack.callback(store.close)
        logs = stack.enter_context(capture_logs())
        sandbox = stack.enter_context(running_sandbox())
        built = House(sandbox, store, Now(), logs)
        stack.callback(built.close)
        yield built


@pytest.fixture
def nursery() -> Iterator[Nursery]:
    with closing(Nursery()) as opened:
        yield opened


def test_a_worker_killed_at_any_call_leaves_nothing_undone_and_nothing_done_twice(
    home: House, nursery: Nursery, tmp_path: Path
) -> None:
    environment = {
        "JIRA_URL": home.sandbox.url,
        "JIRA_EMAIL": ACCOUNT,
        "JIRA_TOKEN": home.person(ACCOUNT).token,
        "JIRA_FLAVOUR": "cloud",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'crash.sqlite3'}",
        "MAPPINGS_DIR": str(MAPPINGS),
        "WORKERS": "1",
        "LEASE_SECONDS": "2",
    }
    worker = Node("worker", ["worker"], environment, tmp_path / "worker.log")
    served, refused = [], []
    for method, path in POINTS:
        # Found by the reconciliation that each worker begins with: no webhook tells of them.
        served.append(home.raised(MIRA))
        refused.append(home.raised(JONAS, version=TOO_OLD))
        home.fault(Kind.TIMEOUT_AFTER, method, path, seconds=HANGS)
        with nursery.running(worker):
            wait_until(lambda: not home.sandbox.faults.waiting(), f"{method} {path}")
            wait_until(lambda: _unanswered(home) == len(served), f"the answer to {method} {path} to be missing")
    with nursery.running(worker):
        everything = [*served, *refused]
        wait_until(lambda: all(map(home.own, everything)) and not home.doors(), "everything to be done")
    for issue in served:
        assert (home.shows(issue, "Eligibility"), home.shows(issue, "Credits charged")) == ("Eligible", 1)
        assert home.holders(issue) == {"aurora-robotics": 1}
        assert (len(home.replies(issue)), len(home.notes(issue))) == (0, 1)
    for issue in refused:
        assert home.shows(issue, "Eligibility") == "Not eligible"
        assert home.holders(issue) == {}
        assert (len(home.replies(issue)), len(home.notes(issue))) == (1, 1)
        assert home.status(issue) == "Waiting for customer"
    assert (home.board(11) or {})["available"] == home.available("aurora-robotics") == 192 - len(POINTS)
    assert home.parked() == []
    assert home.sums_to_zero()
    _nothing_is_left_to_do(home)


def _unanswered(home: House) -> int:
    """How many calls were carried out whose answer never came."""
    return sum(one.status == 0 for one in home.sandbox.traffic.all())


def _nothing_is_left_to_do(home: House) -> None:
    home.forget_traffic()
    home.reconcile()
    home.settle()
    assert home.writes() == []
