"""Signing in by OpenID Connect, over HTTP: who gets in as what, and who does not."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from pydantic import SecretStr

from plugin.settings import SettingsError
from plugin.store import Store
from tests.road.house import Clock, emptied
from tests.webhooks.admin.conftest import Browser, Office, office_over, settings_of
from tests.webhooks.admin.provider import CLIENT, SECRET, Provider, running_provider

NORA = {"sub": "17", "email": "Nora.Quist@vendor.example", "email_verified": True, "groups": ["staff"]}


@pytest.fixture(scope="module")
def _provider() -> Iterator[Provider]:
    with running_provider() as running:
        yield running


@pytest.fixture
def provider(_provider: Provider) -> Provider:
    _provider.claims, _provider.tampered, _provider.key = dict(NORA), {}, _provider._published
    return _provider


@pytest.fixture
def office(kept_store: Store, provider: Provider) -> Office:
    settings = settings_of(
        oidc_issuer=provider.url,
        oidc_client_id=CLIENT,
        oidc_client_secret=SecretStr(SECRET),
        oidc_admins=("support-admins", "nora.quist@vendor.example"),
        oidc_viewers=("support",),
    )
    return office_over(emptied(kept_store), Clock(), settings)


def sent_back(browser: Browser) -> str:
    """Click on the button, and come back with what the provider gives."""
    asked = browser.get("/admin/openid")
    assert asked.status_code == 302
    answer = requests.get(asked.location, allow_redirects=False, timeout=10)
    back = urlsplit(answer.headers["Location"])
    return f"{back.path}?{back.query}"


def signed_in(office: Office) -> str:
    """Come back as whoever the provider says; the first page that they see then, or what they are told."""
    browser = office.browser()
    answer = browser.get(sent_back(browser))
    return browser.get("/admin/now").text if answer.status_code == 302 else answer.text


def test_somebody_is_what_their_verified_address_or_their_groups_make_of_them(
    office: Office, provider: Provider
) -> None:
    assert "Sign in with your organization" in office.browser().get("/admin/sign-in").text
    page = signed_in(office)
    assert "Nora.Quist@vendor.example" in page
    assert ">People</a>" in page
    for groups, is_admin in ((["support"], False), (["support", "support-admins"], True), ("support-admins", True)):
        provider.claims = {"sub": "18", "preferred_username": "tomas", "groups": groups}
        page = signed_in(office)
        assert "tomas (18)" in page
        assert (">People</a>" in page) is is_admin


@pytest.mark.parametrize(
    "claims",
    [
        {"sub": "19", "groups": ["staff"]},
        {"sub": "19"},
        {"sub": "19", "email": "nora.quist@vendor.example", "email_verified": False},
        {"sub": "19", "email": "nora.quist@vendor.example"},
        {"sub": "19", "groups": ["Support-Admins"]},
    ],
)
def test_whoever_was_given_nothing_gets_nowhere(office: Office, provider: Provider, claims: dict[str, Any]) -> None:
    provider.claims = claims
    assert "nobody has given you access" in signed_in(office)


@pytest.mark.parametrize(
    "tampered",
    [{"aud": "another-client"}, {"iss": "https://elsewhere.example"}, {"nonce": "another"}, {"exp": 1, "iat": 1}],
    ids=lambda each: next(iter(each)),
)
def test_a_token_that_is_not_for_us_is_refused(office: Office, provider: Provider, tampered: dict[str, Any]) -> None:
    provider.tampered = tampered
    assert "did not sign you in" in signed_in(office)


def test_a_token_that_somebody_else_signed_is_refused(office: Office, provider: Provider) -> None:
    provider.signs_with_another_key()
    assert "did not sign you in" in signed_in(office)


def test_an_answer_that_this_browser_did_not_ask_for_is_refused(office: Office) -> None:
    path = sent_back(office.browser())
    assert office.browser().get(path).status_code == 403


def test_a_provider_that_does_not_answer_is_said(kept_store: Store) -> None:
    settings = settings_of(
        oidc_issuer="http://127.0.0.1:1",
        oidc_client_id=CLIENT,
        oidc_client_secret=SecretStr(SECRET),
        oidc_admins=("support-admins",),
    )
    answer = office_over(emptied(kept_store), Clock(), settings).browser().get("/admin/openid")
    assert answer.status_code == 502
    assert "does not answer" in answer.text


def test_half_a_setting_is_said_at_the_start() -> None:
    with pytest.raises(SettingsError, match="without OIDC_CLIENT_SECRET and OIDC_ADMINS or OIDC_VIEWERS"):
        settings_of(oidc_issuer="https://login.example", oidc_client_id=CLIENT).openid()
