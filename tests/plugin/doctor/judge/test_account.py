"""Who we are, judged: credentials of every kind, tokens that run out, permissions and what is lost without each."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import SecretStr

from plugin.doctor.judge import account
from plugin.doctor.line import Verdict
from plugin.jira.errors import JiraGone, JiraLockedOut, JiraTrouble, JiraUnavailable
from plugin.jira.inquiries import Token
from plugin.settings import JiraAccess

OK, WARNING, WRONG, UNKNOWN, _ = Verdict
NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
SITE = "https://vendor.atlassian.net"


def access(**more: Any) -> JiraAccess:
    given = {"url": SITE, "email": None, "token": SecretStr("hush"), "flavour": "cloud", **more}
    return JiraAccess(**given)


KINDS = [
    (access(email="us@vendor.example"), "an API token", "JIRA_EMAIL"),
    (access(email="us@vendor.example", gateway="https://api.atlassian.com"), "a token with scopes", "scopes"),
    (access(email="us@vendor.example", url="https://api.atlassian.com/ex/jira/1"), "a token with scopes", "scopes"),
    (access(client="c1", gateway="https://api.atlassian.com"), "an OAuth 2.0 credential", "JIRA_CLIENT_ID"),
    (access(flavour="datacenter"), "a personal access token", "personal access token"),
    (access(flavour="datacenter", email="us"), "a user name and its password", "leave JIRA_EMAIL out"),
]


@pytest.mark.parametrize(("given", "kind", "remedy"), KINDS)
def test_a_lock_out_has_the_remedy_of_its_kind_of_credential(given: JiraAccess, kind: str, remedy: str) -> None:
    [line] = account.login(JiraLockedOut("401"), given)
    assert line.verdict is WRONG
    assert kind in line.sentence
    assert remedy in str(line.remedy)
    [line] = account.login({"displayName": "Support Contract"}, given)
    assert (line.verdict, kind in line.sentence) == (OK, True)


def test_an_account_that_was_switched_off_is_told() -> None:
    assert account.login({"displayName": "Us", "active": False}, access())[0].verdict is WRONG
    assert account.login(JiraUnavailable("503"), access())[0].verdict is WRONG


def ends(days: int | None) -> Token:
    return Token("ours", None if days is None else NOW + timedelta(days=days))


@pytest.mark.parametrize(
    ("tokens", "verdict"),
    [
        ([ends(365)], OK),
        ([ends(365), ends(12)], WARNING),
        ([ends(-3), ends(365)], OK),
        ([ends(None)], OK),
        ([], UNKNOWN),
        (JiraGone("404"), UNKNOWN),
    ],
)
def test_a_token_is_spoken_of_in_time(tokens: Sequence[Token] | JiraTrouble, verdict: Verdict) -> None:
    assert account.token_age(tokens, access(flavour="datacenter"), NOW)[0].verdict is verdict


def test_cloud_says_nothing_of_tokens_and_renews_those_of_clients() -> None:
    assert account.token_age(None, access(email="us@vendor.example"), NOW)[0].verdict is UNKNOWN
    assert account.token_age(None, access(client="c1"), NOW)[0].verdict is OK


ALL = dict.fromkeys(account.NEEDED, True)


def test_each_permission_that_is_missing_is_told_with_what_is_lost_without_it() -> None:
    assert [line.verdict for line in account.permissions({"SUP": ALL}, waits=True)] == [OK]
    for key, (name, lost) in account.NEEDED.items():
        good, bad = account.permissions({"SUP": {**ALL, key: False}, "HELP": ALL}, waits=True)
        assert (good.verdict, bad.verdict) == (OK, WRONG)
        assert name in bad.sentence
        assert lost in bad.sentence
        assert "in SUP:" in bad.sentence


def test_what_jira_does_not_know_is_not_taken_for_missing() -> None:
    held = {key: True for key in ALL if key != "SERVICEDESK_AGENT"}
    assert [line.verdict for line in account.permissions({"SUP": held}, waits=True)] == [OK, UNKNOWN]


def test_who_moves_no_request_needs_no_permission_to() -> None:
    held = {**ALL, "TRANSITION_ISSUES": False}
    assert [line.verdict for line in account.permissions({"SUP": held}, waits=False)] == [OK]
