"""When nobody calls Jira, for how long, and what is said of it."""

from datetime import datetime, timedelta

import pytest
from structlog.testing import capture_logs

from plugin.jira.errors import JiraBusy, JiraLockedOut, JiraTrouble, JiraUnavailable
from plugin.jira.fields import FieldsMissing
from plugin.pause import UNTIL_CORRECTED, Pause, wait_after
from tests.road.house import FRIDAY

GONE = JiraUnavailable("gone")


def seconds(until: datetime, now: datetime) -> float:
    return (until - now).total_seconds()


def test_an_outage_waits_longer_with_every_round_up_to_five_minutes() -> None:
    pause, now = Pause(), FRIDAY
    waits = []
    for number in range(12):
        pause.after(GONE, now, str(number))
        waits.append(seconds(pause.until, now))
        now = pause.until
    assert 1.4 <= waits[0] <= 2.6
    assert 8 * 0.7 <= waits[2] <= 8 * 1.3
    assert all(210 <= wait <= 390 for wait in waits[-3:])
    pause.over()
    pause.after(GONE, now)
    assert pause.until - now < timedelta(seconds=3)


def test_who_has_failed_does_not_come_before_those_who_came_during_the_pause() -> None:
    for _ in range(50):
        pause = Pause()
        assert pause.after(GONE, FRIDAY, "1") >= pause.until


def test_workers_that_fail_at_the_same_moment_are_one_failure() -> None:
    pause = Pause()
    for number in range(8):
        pause.after(GONE, FRIDAY, str(number))
    assert pause.until - FRIDAY < timedelta(seconds=3)


def test_one_request_that_fails_again_and_again_waits_longer_and_nobody_else_does() -> None:
    pause, now = Pause(), FRIDAY
    for _ in range(10):
        again = pause.after(GONE, now, "7")
        assert seconds(pause.until, now) < 3
        now = again
    again = pause.after(GONE, now, "7")
    assert 210 <= seconds(again, now) <= 390


@pytest.mark.parametrize("trouble", [JiraLockedOut("no"), JiraBusy("slow")])
def test_what_is_no_requests_own_makes_everybody_wait_longer_whoever_meets_it(trouble: JiraTrouble) -> None:
    pause, now = Pause(), FRIDAY
    for _ in range(10):
        pause.after(trouble, now, "7")
        now = pause.until
    pause.after(trouble, now, "7")
    assert 210 <= seconds(pause.until, now) <= 390


def test_what_the_reconciliation_meets_is_no_requests_own() -> None:
    pause, now = Pause(), FRIDAY
    for _ in range(3):
        pause.after(GONE, now)
        now = pause.until
    pause.after(GONE, now)
    assert seconds(pause.until, now) > 8


def test_everybody_waits_as_long_as_jira_says() -> None:
    pause, later = Pause(), FRIDAY + timedelta(seconds=1847)
    assert pause.after(JiraBusy("slow", later), FRIDAY, "7") == later == pause.until
    # What another worker had under way does not shorten it.
    pause.after(GONE, FRIDAY, "8")
    assert pause.until == later


def test_somebody_who_corrects_the_fields_does_not_wait_for_minutes() -> None:
    pause, now = Pause(), FRIDAY
    for number in range(10):
        assert pause.after(FieldsMissing({"tier": "gone"}), now, str(number)) == pause.until == now + UNTIL_CORRECTED
        now = pause.until


@pytest.mark.parametrize(
    ("trouble", "level", "said"),
    [
        (JiraLockedOut("Make a new token."), "error", "locked out of Jira"),
        (FieldsMissing({"tier": "Create it."}), "error", "fields missing"),
        (JiraUnavailable("It did not answer."), "warning", "Jira is away"),
        (JiraBusy("Too many."), "warning", "Jira asks for a pause"),
    ],
)
def test_what_everybody_waits_for_is_told_once_and_so_is_its_end(trouble: JiraTrouble, level: str, said: str) -> None:
    with capture_logs() as logs:
        pause, now = Pause(), FRIDAY
        for number in range(5):
            pause.after(trouble, now, str(number))
            now = pause.until
        [told] = logs
        pause.over()
        pause.over()
    assert told["log_level"] == level
    assert said in told["event"]
    assert told["trouble"] == str(trouble)
    assert [log["event"] for log in logs[1:]] == ["Jira works again"]


def test_an_outage_that_turns_into_a_lock_out_is_told_as_one() -> None:
    with capture_logs() as logs:
        pause = Pause()
        for trouble in (GONE, GONE, JiraLockedOut("no"), JiraLockedOut("no")):
            pause.after(trouble, FRIDAY)
    assert [log["log_level"] for log in logs] == ["warning", "error"]


def test_where_nothing_was_wrong_nothing_is_over() -> None:
    with capture_logs() as logs:
        Pause().over()
    assert logs == []


def test_a_wait_of_any_length_can_be_worked_out() -> None:
    assert wait_after(10_000) <= timedelta(minutes=6.5)
