"""The webhook, judged."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from plugin.doctor.judge import webhook
from plugin.doctor.line import Verdict
from plugin.doctor.seen import Answer, Arrival, Change
from plugin.jira.errors import JiraRefused
from plugin.jira.seen import SeenHook
from plugin.jira.setup.rows import HOOK, fingerprint
from plugin.jira.setup.webhook import EVENTS

OK, WARNING, WRONG, UNKNOWN, _ = Verdict
NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
URL, SECRET = "https://support.vendor.example", "a-secret-that-is-long-enough"
RIGHT = SeenHook("1", "By hand", f"{URL}/webhooks/jira", frozenset(EVENTS), "", enabled=True, signed=True)
OTHER = replace(RIGHT, name="Chat", url="https://chat.example/hook")


def test_the_webhook_for_us_is_known_by_its_address_or_its_name() -> None:
    named = replace(OTHER, name=f"{HOOK} 01234567")
    ending = replace(OTHER, url="https://old.vendor.example/webhooks/jira")
    assert webhook.ours([OTHER, ending, named, RIGHT], URL) is RIGHT
    assert webhook.ours([OTHER, ending, named], URL) is named
    assert webhook.ours([OTHER, ending], None) is ending
    assert webhook.ours([OTHER], URL) is None


@pytest.mark.parametrize(
    ("told", "signs", "verdict"),
    [
        ([RIGHT], True, OK),
        ([OTHER], True, WRONG),
        ([RIGHT], False, WARNING),
        ([OTHER], False, UNKNOWN),
        (JiraRefused("403"), True, UNKNOWN),
    ],
)
def test_whether_there_is_one_is_told(told: Sequence[SeenHook] | JiraRefused, signs: bool, verdict: Verdict) -> None:
    assert webhook.registered(told, URL, signs)[0].verdict is verdict


@pytest.mark.parametrize(
    ("jql", "verdict"),
    [
        ("", OK),
        ('project in ("SUP", "HELP")', OK),
        ("project = SUP OR project = HELP", WARNING),
        ("project in (SUP, HELP) AND priority = High", WARNING),
        ("project = SUPPORT", WRONG),
        ("project = SUP", WRONG),
        (None, UNKNOWN),
    ],
)
def test_a_filter_lets_the_requests_of_every_project_through(jql: str | None, verdict: Verdict) -> None:
    assert webhook.jql(replace(RIGHT, jql=jql), ["SUP", "HELP"])[0].verdict is verdict


@pytest.mark.parametrize(
    ("hook", "verdict"),
    [
        (RIGHT, OK),
        (replace(RIGHT, signed=None), UNKNOWN),
        (replace(RIGHT, signed=False), WRONG),
        (replace(RIGHT, name=f"{HOOK} {fingerprint(SECRET)}"), OK),
        (replace(RIGHT, name=f"{HOOK} {fingerprint('another')}"), WRONG),
    ],
)
def test_a_webhook_signs_with_a_secret_that_we_know(hook: SeenHook, verdict: Verdict) -> None:
    [line] = webhook.signed(hook, ["an-older-one-still-in-use", SECRET])
    assert line.verdict is verdict
    assert SECRET not in line.sentence


@pytest.mark.parametrize(
    ("told", "verdict"),
    [(Answer(202), OK), (Answer(401), WRONG), (Answer(404), WRONG), (Answer(trouble="SSLError"), WARNING)],
)
def test_the_way_in_is_told(told: Answer, verdict: Verdict) -> None:
    assert webhook.way_in(told, URL)[0].verdict is verdict


def change(minutes: int, heard: int | None) -> Change:
    moment = None if heard is None else NOW - timedelta(minutes=heard)
    return Change(f"SUP-{minutes}", NOW - timedelta(minutes=minutes), moment)


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ([], UNKNOWN),
        ([change(1, None)], UNKNOWN),
        ([change(60, 59), change(300, None)], OK),
        ([change(60, 65)], OK),
        ([change(60, None), change(300, 299)], WARNING),
        ([change(60, 200)], WARNING),
    ],
)
def test_whether_they_arrive_is_told_by_what_changed_last(changes: list[Change], verdict: Verdict) -> None:
    assert webhook.arriving(changes, NOW)[0].verdict is verdict


def test_a_knock_that_did_not_arrive_is_told_and_a_note_that_stays_too() -> None:
    assert [line.verdict for line in webhook.knocked(Arrival("SUP-7", 60, 1.2))] == [OK]
    assert [line.verdict for line in webhook.knocked(Arrival("SUP-7", 60, None, "403"))] == [WRONG, WARNING]
