"""The way to Jira, judged: certificates, clocks, versions, rate limits."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from plugin.doctor.judge import connection
from plugin.doctor.line import Verdict
from plugin.jira.greeting import Greeting
from plugin.jira.trouble import Allowance

OK, WARNING, WRONG, UNKNOWN, _ = Verdict
NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
JIRA = "https://jira.vendor.example"


def greeting(address: str = JIRA, status: int = 200, **more: Any) -> Greeting:
    return Greeting(address, status, NOW, 0.01, **more)


@pytest.mark.parametrize(
    ("told", "verdict"),
    [
        (greeting(info={"versionNumbers": [10]}), OK),
        (greeting(status=401), OK),
        (greeting(status=302, aim="https://login.vendor.example"), WRONG),
        (greeting(status=200), WRONG),
        (greeting(status=404), WRONG),
        (greeting(status=503), WRONG),
    ],
)
def test_what_answers_is_jira_or_else_it_is_said_what_it_is(told: Greeting, verdict: Verdict) -> None:
    [line] = connection.reachable(told)
    assert line.verdict is verdict
    assert JIRA in line.sentence


@pytest.mark.parametrize(
    ("told", "verdict", "said"),
    [
        (greeting(certificate_ends=NOW + timedelta(days=90), issuer="Example CA"), OK, "2027-02-24 (by Example CA)"),
        (greeting(certificate_ends=NOW + timedelta(days=10)), WARNING, "10 days from now"),
        (greeting(), UNKNOWN, "cannot be seen"),
        (greeting(distrust="certificate has expired. Renew it there."), WRONG, "certificate has expired"),
        (greeting("http://jira.vendor.example"), WARNING, "for all to read"),
        (greeting("http://127.0.0.1:8080"), OK, "on this machine"),
    ],
)
def test_a_certificate_is_spoken_of_in_time(told: Greeting, verdict: Verdict, said: str) -> None:
    [line] = connection.certificate(told)
    assert (line.verdict, said in line.sentence) == (verdict, True), line


@pytest.mark.parametrize(
    ("seconds", "verdict", "said"),
    [
        (0, OK, "agree"),
        (-30, OK, "agree"),
        (31, WARNING, "31 seconds ahead of ours"),
        (-300, WARNING, "5 minutes behind ours"),
        (601, WRONG, "10 minutes ahead of ours"),
        (86_400, WRONG, "24 hours ahead of ours"),
    ],
)
def test_clocks_that_differ_are_told_by_how_much_and_which_way(seconds: int, verdict: Verdict, said: str) -> None:
    theirs = {"serverTime": f"{NOW + timedelta(seconds=seconds):%Y-%m-%dT%H:%M:%S}.000+0000"}
    [line] = connection.clock(theirs, NOW)
    assert (line.verdict, said in line.sentence) == (verdict, True), line


def test_a_jira_that_does_not_say_what_time_it_is_is_no_trouble() -> None:
    assert connection.clock({}, NOW)[0].verdict is UNKNOWN


@pytest.mark.parametrize(
    ("info", "flavour", "verdict", "said"),
    [
        ({"deploymentType": "Cloud"}, "cloud", OK, "Jira Cloud"),
        ({"deploymentType": "Cloud"}, "datacenter", WRONG, "This is Jira Cloud"),
        ({"deploymentType": "Server", "version": "10.3.1", "versionNumbers": [10, 3, 1]}, "datacenter", OK, "10.3.1"),
        ({"deploymentType": "Server", "version": "9.12", "versionNumbers": [9, 12]}, "datacenter", WARNING, "sign"),
        ({"deploymentType": "Server", "version": "8.20", "versionNumbers": [8, 20]}, "datacenter", WARNING, "older"),
        ({"version": "10.0"}, "cloud", WRONG, "Data Center 10.0"),
        ({}, "datacenter", WARNING, "an unknown version"),
    ],
)
def test_the_kind_of_jira_is_told(info: Mapping[str, Any], flavour: str, verdict: Verdict, said: str) -> None:
    [line] = connection.version(info, flavour)
    assert (line.verdict, said in line.sentence) == (verdict, True), line


@pytest.mark.parametrize(
    ("seen", "per_second", "cloud", "verdict"),
    [
        (None, 50, True, OK),
        (None, 200, True, WARNING),
        (None, 200, False, OK),
        (Allowance(350, 300, near=False, per_second=None), 50, True, OK),
        (Allowance(350, 60, near=True, per_second=None), 50, True, WARNING),
        (Allowance(350, 0, near=False, per_second=None), 50, True, WARNING),
        (Allowance(1000, 900, near=False, per_second=10), 50, False, WARNING),
        (Allowance(1000, 900, near=False, per_second=60), 50, False, OK),
    ],
)
def test_limits_that_would_be_met_are_told(
    seen: Allowance | None, per_second: int, cloud: bool, verdict: Verdict
) -> None:
    assert connection.limits(seen, per_second, cloud)[0].verdict is verdict
