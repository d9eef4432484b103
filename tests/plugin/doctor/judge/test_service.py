"""The running service, judged."""

from datetime import UTC, datetime, timedelta

import pytest

from plugin.doctor.judge import service
from plugin.doctor.line import Verdict
from plugin.doctor.seen import Answer, Figures
from plugin.store.census import Census

OK, WARNING, WRONG, UNKNOWN, _ = Verdict
NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
QUARTER = timedelta(minutes=15)


@pytest.mark.parametrize(
    ("told", "verdict"),
    [(Answer(200), OK), (Answer(503), WRONG), (Answer(404), WRONG), (Answer(trouble="refused"), WRONG)],
)
def test_whether_it_is_of_use_is_told(told: Answer, verdict: Verdict) -> None:
    assert service.receiver(told, "http://127.0.0.1:8080")[0].verdict is verdict


@pytest.mark.parametrize(
    ("told", "verdict", "said"),
    [
        (Answer(202), OK, "takes"),
        (Answer(401), WRONG, "does not know the secret"),
        (Answer(503), WRONG, "it said 503"),
        (Answer(trouble="ReadTimeout"), WRONG, "ReadTimeout"),
    ],
)
def test_whether_it_knows_our_secret_is_told(told: Answer, verdict: Verdict, said: str) -> None:
    [line] = service.same_secret(told, "http://127.0.0.1:8080")
    assert (line.verdict, said in line.sentence) == (verdict, True)


@pytest.mark.parametrize(
    ("ago", "verdict", "said"),
    [(0, OK, "a minute"), (39, OK, "39 minutes"), (41, WRONG, "41 minutes"), (300, WRONG, "5 hours")],
)
def test_whether_anybody_works_is_told_by_the_last_reconciliation(ago: int, verdict: Verdict, said: str) -> None:
    [line] = service.worker(Figures(NOW - timedelta(minutes=ago)), QUARTER, NOW)
    assert (line.verdict, said in line.sentence) == (verdict, True)
    assert service.worker(Figures(None), QUARTER, NOW)[0].verdict is WARNING


def test_what_waits_for_a_person_and_what_waits_for_long_are_told() -> None:
    idle = Census(due=0, later=3, leased=1, parked=0, oldest_due=None)
    assert [line.verdict for line in service.queue(idle, [], NOW)] == [OK]
    busy = Census(due=1, later=0, leased=0, parked=1, oldest_due=NOW - timedelta(hours=1))
    assert [line.verdict for line in service.queue(busy, ["SUP-7"], NOW)] == [WARNING, WARNING]
