"""Settings: read from the environment alone, complaints that name the variable, secrets never shown."""

from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest

from plugin.settings import Proxies, Settings, SettingsError, read_settings

SECRET = "correct-horse-battery"


@pytest.fixture(autouse=True)
def _empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
        monkeypatch.delenv(name, raising=False)


def test_without_any_variable_the_defaults_of_a_trial_hold() -> None:
    settings = read_settings()
    assert settings.database_url.get_secret_value() == "sqlite:///support-contract.sqlite3"
    assert (settings.host, settings.port, settings.workers) == ("127.0.0.1", 8080, 2)
    assert (settings.max_body_bytes, settings.lease_seconds, settings.max_attempts) == (1024 * 1024, 60, 8)
    assert (settings.mappings_dir, settings.reconcile_seconds) == ("./mappings", 900)
    assert settings.webhook_header == "X-Support-Contract-Secret"
    assert (settings.jira_flavour, settings.log_format) == ("auto", "auto")


def test_several_secrets_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEBHOOK_SECRETS", " new , old")
    assert [secret.get_secret_value() for secret in read_settings().webhook_secrets] == ["new", "old"]


@pytest.mark.parametrize("value", ["", ",", " , ,", "  "])
def test_an_empty_entry_never_becomes_a_secret(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("WEBHOOK_SECRETS", value)
    assert read_settings().webhook_secrets == ()


@pytest.mark.parametrize(
    ("value", "proxies"),
    [
        ("", ()),
        ("0", 0),
        ("2", 2),
        ("192.0.2.7", (ip_network("192.0.2.7/32"),)),
        (" 10.0.0.0/8 ,fd00::/8", (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))),
    ],
)
def test_proxies_are_a_number_or_networks(monkeypatch: pytest.MonkeyPatch, value: str, proxies: Proxies) -> None:
    monkeypatch.setenv("TRUSTED_PROXIES", value)
    assert read_settings().trusted_proxies == proxies


def test_an_empty_variable_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "")
    assert read_settings().port == 8080


def test_no_secret_is_ever_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("JIRA_TOKEN", "WEBHOOK_SECRETS", "WEBHOOK_HEADER_SECRETS"):
        monkeypatch.setenv(name, SECRET)
    monkeypatch.setenv("DATABASE_URL", f"postgresql://user:{SECRET}@host/db")
    settings = read_settings()
    assert SECRET not in repr(settings)
    assert SECRET not in str(settings)
    assert SECRET not in settings.model_dump_json()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eighty"),
        ("PORT", "70000"),
        ("WORKERS", "0"),
        ("MAX_BODY_BYTES", "1 MiB"),
        ("JIRA_FLAVOUR", "server"),
        ("JIRA_URL", "jira.vendor.example"),
        ("JIRA_URL", f"https://user:{SECRET}@jira.vendor.example"),
        ("JIRA_URL", "https://[broken"),
        ("WEBHOOK_HEADER", "X Secret:"),
        ("TRUSTED_PROXIES", "everybody"),
        ("TRUSTED_PROXIES", "-1"),
        ("TRUSTED_PROXIES", "10.0.0.0/8, proxy.example"),
        ("TRUSTED_PROXIES", "10.0.0.7/8"),
        ("LOG_FORMAT", "xml"),
        ("LEASE_SECONDS", "-1"),
    ],
)
def test_a_wrong_value_is_named_with_what_was_expected_and_is_not_repeated(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        read_settings()
    assert str(caught.value).startswith(f"{name} is not right: expected ")
    assert "expected text" not in str(caught.value)
    assert value not in str(caught.value)
    assert caught.value.__cause__ is None


def test_every_wrong_value_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "x")
    monkeypatch.setenv("WORKERS", "y")
    with pytest.raises(SettingsError, match=r"(?s)PORT .*\nWORKERS "):
        read_settings()


def test_without_a_webhook_secret_serving_is_refused_with_the_command_that_makes_one() -> None:
    with pytest.raises(SettingsError, match=r"WEBHOOK_SECRETS.*secrets\.token_hex"):
        read_settings().require_webhook_secret()


@pytest.mark.parametrize("name", ["WEBHOOK_SECRETS", "WEBHOOK_HEADER_SECRETS"])
def test_either_kind_of_secret_is_enough_to_serve(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, SECRET)
    read_settings().require_webhook_secret()


@pytest.mark.parametrize(
    ("url", "flavour"),
    [
        ("https://vendor.atlassian.net", "cloud"),
        ("https://api.atlassian.com/ex/jira/1234/", "cloud"),
        ("https://jira.vendor.example/", "datacenter"),
        ("https://atlassian.net.vendor.example", "datacenter"),
    ],
)
def test_auto_tells_cloud_by_its_host(monkeypatch: pytest.MonkeyPatch, url: str, flavour: str) -> None:
    monkeypatch.setenv("JIRA_URL", url)
    monkeypatch.setenv("JIRA_TOKEN", SECRET)
    monkeypatch.setenv("JIRA_EMAIL", "support-contract@vendor.example")
    jira = read_settings().require_jira()
    assert jira.flavour == flavour
    assert jira.url == url.rstrip("/")
    assert SECRET not in repr(jira)


def test_every_variable_that_jira_needs_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsError, match="without JIRA_URL and JIRA_TOKEN:"):
        read_settings().require_jira()
    monkeypatch.setenv("JIRA_FLAVOUR", "cloud")
    with pytest.raises(SettingsError, match="without JIRA_URL and JIRA_TOKEN and JIRA_EMAIL:"):
        read_settings().require_jira()


def test_data_center_needs_no_user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIRA_URL", "https://jira.vendor.example")
    monkeypatch.setenv("JIRA_TOKEN", SECRET)
    assert read_settings().require_jira().email is None


def test_a_service_account_needs_no_e_mail_and_goes_through_the_gateway(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("JIRA_URL", "https://vendor.atlassian.net"), ("JIRA_TOKEN", SECRET), ("JIRA_CLIENT_ID", "c1")):
        monkeypatch.setenv(name, value)
    access = read_settings().require_jira()
    assert (access.client, access.email, access.gateway) == ("c1", None, "https://api.atlassian.com")
    assert access.auth_url == "https://auth.atlassian.com"
    monkeypatch.setenv("JIRA_URL", "https://api.atlassian.com/ex/jira/1234")
    assert read_settings().require_jira().gateway is None
    monkeypatch.setenv("JIRA_URL", "https://jira.vendor.example")
    assert (read_settings().require_jira().client, read_settings().require_jira().gateway) == (None, None)


def test_a_token_with_scopes_is_said_to_go_through_the_gateway(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIRA_URL", "https://vendor.atlassian.net")
    monkeypatch.setenv("JIRA_TOKEN", SECRET)
    monkeypatch.setenv("JIRA_EMAIL", "support-contract@vendor.example")
    assert read_settings().require_jira().gateway is None
    monkeypatch.setenv("JIRA_GATEWAY", "https://api.atlassian.com/")
    assert read_settings().require_jira().gateway == "https://api.atlassian.com"


def test_settings_do_not_change_once_read() -> None:
    settings: Any = read_settings()
    with pytest.raises(ValueError, match="frozen"):
        settings.port = 1


@pytest.mark.parametrize("variable", ["SECRETS_DIR", "CREDENTIALS_DIRECTORY"])
def test_secrets_may_stand_in_files_and_the_environment_comes_first(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, variable: str
) -> None:
    (tmp_path / "jira_token").write_text("from-a-file\n")
    (tmp_path / "webhook_secrets").write_text("one,two\n")
    (tmp_path / "jira_email").write_text("file@vendor.example")
    monkeypatch.setenv(variable, str(tmp_path))
    monkeypatch.setenv("JIRA_EMAIL", "environment@vendor.example")
    read = read_settings()
    assert read.jira_token is not None
    assert read.jira_token.get_secret_value() == "from-a-file"
    assert [each.get_secret_value() for each in read.webhook_secrets] == ["one", "two"]
    assert read.jira_email == "environment@vendor.example"
    assert "from-a-file" not in repr(read)


def test_a_folder_of_secrets_that_is_not_there_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SECRETS_DIR", str(tmp_path / "nowhere"))
    with pytest.raises(SettingsError, match="SECRETS_DIR is not right: there is no folder"):
        read_settings()
