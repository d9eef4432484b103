"""The environment, judged: secrets, files, addresses, time zones."""

from datetime import date, timedelta
from typing import Final

import pytest

from plugin.doctor.judge import settings
from plugin.doctor.line import Verdict
from plugin.links import Links
from plugin.settings import SettingsError

OK, WARNING, WRONG, UNKNOWN, _ = Verdict
TODAY: Final = date(2026, 11, 26)


def test_each_setting_that_cannot_be_read_is_a_line() -> None:
    lines = settings.environment(SettingsError("PORT is not right: expected one.\nHOST is not right: expected one."))
    assert [(line.verdict, line.sentence.split()[0]) for line in lines] == [(WRONG, "PORT"), (WRONG, "HOST")]


def test_what_is_missing_for_jira_is_named_with_what_to_set() -> None:
    [line] = settings.access(SettingsError("Jira cannot be reached without JIRA_URL: set JIRA_URL to your site."))
    assert (line.sentence, line.remedy) == (
        "Jira cannot be reached without JIRA_URL.",
        "Set JIRA_URL to your site.",
    )


@pytest.mark.parametrize(
    ("signing", "header", "verdict"),
    [([], [], WRONG), ([64], [], OK), ([], [64], OK), ([64, 15], [], WARNING), ([16], [8], WARNING)],
)
def test_a_secret_that_could_be_guessed_is_told_by_its_variable(
    signing: list[int], header: list[int], verdict: Verdict
) -> None:
    lengths = {"WEBHOOK_SECRETS": signing, "WEBHOOK_HEADER_SECRETS": header}
    [line] = settings.secrets(lengths, "make one")
    assert line.verdict is verdict
    assert (line.remedy is None) is (verdict is OK)


def test_a_lease_is_longer_than_an_answer_takes() -> None:
    assert [settings.lease(seconds, 35)[0].verdict for seconds in (60, 36, 35)] == [OK, OK, WARNING]


def test_only_files_that_everybody_may_read_are_told() -> None:
    assert settings.secret_files(None)[0].verdict is OK
    assert settings.secret_files({"/s/jira_token": 0o640})[0].verdict is OK
    [line] = settings.secret_files({"/s/jira_token": 0o644, "/s/webhook_secrets": 0o600})
    assert (line.verdict, line.remedy) == (WRONG, "chmod o= /s/jira_token")


@pytest.mark.parametrize(
    ("url", "verdict"),
    [
        (None, WARNING),
        ("https://support.vendor.example", OK),
        ("http://support.vendor.example", WARNING),
        ("http://127.0.0.1:8080", OK),
    ],
)
def test_webhooks_are_to_come_over_tls(url: str | None, verdict: Verdict) -> None:
    assert settings.public_url(url)[0].verdict is verdict


@pytest.mark.parametrize(
    ("known", "verdict"),
    [(("2026b", date(2026, 3, 1)), OK), (("2024a", date(2024, 1, 1)), WARNING), (None, WARNING)],
)
def test_old_time_zone_data_is_told(known: tuple[str, date] | None, verdict: Verdict) -> None:
    assert settings.zones(known, TODAY)[0].verdict is verdict


def test_it_is_said_whether_notes_have_links_and_what_they_lack() -> None:
    links = Links("https://support.vendor.example/admin/", timedelta(days=30))
    [line] = settings.receipt_links(links, "on", 30)
    assert (line.verdict, "30 days, at https://support.vendor.example/admin/" in line.sentence) == (OK, True)
    [line] = settings.receipt_links(None, "on", 30)
    assert (line.verdict, str(line.remedy).startswith("Set PUBLIC_URL")) == (WARNING, True)
    said = [settings.receipt_links(None, *each)[0] for each in (("auto", 30), ("off", 30), ("on", 0))]
    assert [line.verdict for line in said] == [OK, OK, OK]
    assert [line.sentence.partition(": ")[2] for line in said] == [
        "only this machine reaches the admin's pages.",
        "ADMIN_PAGES is off.",
        "RECEIPT_LINK_DAYS is 0.",
    ]
