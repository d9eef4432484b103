"""What is told to whoever counts, and what log lines of a look say: by way of the real road."""

from collections import Counter
from collections.abc import Iterator

import pytest

from plugin.contract.decision import Decision
from plugin.figures import Figures, Look
from plugin.sandbox import Kind
from plugin.store import Store
from tests.road.house import JONAS, TOO_OLD, House, emptied, house, sqlite_store


class _Told(Figures):
    """Remembers what it was told."""

    def __init__(self) -> None:
        self.calls: Counter[str] = Counter()
        self.looks: list[tuple[Look, float]] = []
        self.decisions: list[Decision] = []
        self.comments: list[bool] = []

    def called(self, outcome: str) -> None:
        self.calls[outcome] += 1

    def looked(self, outcome: Look, seconds: float) -> None:
        self.looks.append((outcome, seconds))

    def decided(self, decision: Decision) -> None:
        self.decisions.append(decision)

    def replied(self, public: bool) -> None:
        self.comments.append(public)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with sqlite_store(tmp_path_factory.mktemp("figures")) as store:
        yield store


@pytest.fixture
def told() -> _Told:
    return _Told()


@pytest.fixture
def home(kept: Store, told: _Told) -> Iterator[House]:
    with house(emptied(kept)) as built:
        built.figures = told
        yield built


def test_a_refusal_is_told_once_however_often_it_is_looked_at(home: House, told: _Told) -> None:
    issue = home.raised(JONAS, version=TOO_OLD)
    home.settle()
    looks = len(told.looks)
    assert {outcome for outcome, _ in told.looks} == {"done"}
    home.knock(issue)
    home.settle()
    assert len(told.looks) == looks + 1
    assert [each.request_key for each in told.decisions] == [issue.key]
    assert sorted(told.comments) == [False, True], "the customer's letter and the agents' note"
    assert set(told.calls) == {"ok"}


@pytest.mark.parametrize(
    ("kind", "path", "called"),
    [
        (Kind.BUSY, "/issue/", "busy"),
        (Kind.UNAUTHORIZED, "/issue/", "locked_out"),
        (Kind.UNAVAILABLE, "/issue/", "unavailable"),
        (Kind.RESET_BEFORE, "/issue/", "unavailable"),
        (Kind.FORBIDDEN, "/issue/", "refused"),
        (Kind.BUSY_ISSUE, "/issue/", "hitch"),
    ],
)
def test_each_trouble_with_jira_is_told_by_its_kind(
    home: House, told: _Told, kind: Kind, path: str, called: str
) -> None:
    home.raised()
    home.receive(*home.sent())
    home.fault(kind, path=path)
    worker = home.worker()
    assert worker.step()
    assert told.calls[called] == 1
    assert [outcome for outcome, _ in told.looks] == ["put_off"]


def test_how_long_a_look_took_is_told_in_seconds(home: House, told: _Told) -> None:
    home.raised()
    home.receive(*home.sent())
    home.fault(Kind.SLOW, path="/issue/", seconds=0.2)
    home.worker().step()
    [(outcome, seconds)] = told.looks
    assert outcome == "done"
    assert 0.2 <= seconds < 60


def test_every_line_of_a_look_says_which_request_it_is_about(home: House) -> None:
    issue = home.raised(JONAS, version=TOO_OLD)
    home.receive(*home.sent())
    home.fault(Kind.UNAVAILABLE, "PUT", "/issue/")
    home.settle()
    lines = [log for log in home.logs if log["event"] != "delivery"]
    assert {"written", "replied", "look put off", "Jira is away"} <= {log["event"] for log in lines}
    assert {(log["request"], log["request_id"]) for log in lines} == {(issue.key, issue.id)}
    deliveries = [log for log in home.logs if log["event"] == "delivery"]
    assert {log["request_id"] for log in deliveries} == {issue.id}
    assert all(log["identity"] for log in deliveries)
