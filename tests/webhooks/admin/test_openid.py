"""Signing in by OpenID Connect, over HTTP: who gets in as what, and who does not."""

import html
import re
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from pydantic import SecretStr

from plugin.settings import Settings, SettingsError
from plugin.store import Store, people
from tests.road.house import Clock, emptied
from tests.webhooks.admin.conftest import Browser, Office, office_over, settings_of
from tests.webhooks.admin.provider import CLIENT, LOGOUT, SECRET, Provider, running_provider
from webhooks import create_app

NORA = {"sub": "17", "email": "Nora.Quist@vendor.example", "email_verified": True, "groups": ["staff"]}


@pytest.fixture(scope="module")
def _provider() -> Iterator[Provider]:
    with running_provider() as running:
        yield running


@pytest.fixture
def provider(_provider: Provider) -> Provider:
    _provider.reset()
    _provider.claims = dict(NORA)
    return _provider


def settings_for(provider: Provider, **values: Any) -> Settings:
    known = {
        "oidc_issuer": provider.url,
        "oidc_client_id": CLIENT,
        "oidc_client_secret": SecretStr(SECRET),
        "oidc_admins": ("support-admins", "nora.quist@vendor.example"),
        "oidc_viewers": ("support",),
    }
    return settings_of(**{**known, **values})


@pytest.fixture
def office(kept_store: Store, provider: Provider) -> Office:
    return office_over(emptied(kept_store), Clock(), settings_for(provider))


def sent_back(browser: Browser, link: str = "/admin/openid") -> str:
    """Click on the button, and come back with what the provider gives."""
    asked = browser.get(link)
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


def at(claims: dict[str, Any]) -> dict[str, Any]:
    """Claims in which moments are seconds from now."""
    now, moments = int(time.time()), ("iat", "exp", "nbf")
    return {name: now + value if name in moments and value is not None else value for name, value in claims.items()}


@pytest.mark.parametrize(
    "tampered",
    [
        {"aud": "another-client"},
        {"aud": "another-client", "azp": CLIENT},
        {"aud": [CLIENT, "another-client"], "azp": "another-client"},
        {"iss": "https://elsewhere.example"},
        {"nonce": "another"},
        {"exp": -1_000_000, "iat": -1_000_000},
        {"exp": -200, "iat": -300},
        {"iat": 600, "exp": 900},
        {"nbf": 600},
        {"sub": None},
    ],
    ids=" ".join,
)
def test_a_token_that_is_not_for_us_is_refused(office: Office, provider: Provider, tampered: dict[str, Any]) -> None:
    provider.tampered = at(tampered)
    page = signed_in(office)
    assert "is not for us, or not of now" in page
    assert 'href="/admin/sign-in"' in page


def test_clocks_may_differ_by_a_minute(office: Office, provider: Provider) -> None:
    for skew in (-90, 90):
        provider.tampered = at({"iat": skew, "exp": skew + 30})
        assert "Nora.Quist@vendor.example" in signed_in(office)


def test_a_token_that_somebody_else_signed_is_refused(office: Office, provider: Provider) -> None:
    provider.signs_with_another_key()
    assert "did not sign you in" in signed_in(office)


def test_new_keys_of_the_provider_are_fetched_and_old_ones_count_no_more(office: Office, provider: Provider) -> None:
    old, browsers = provider.key, [office.browser() for _ in range(2)]
    assert browsers[0].get(sent_back(browsers[0])).status_code == 302
    provider.has_new_keys()
    assert browsers[0].get(sent_back(browsers[0])).location == "/admin/now"
    provider.key = old
    assert "did not sign you in" in browsers[1].get(sent_back(browsers[1])).text


def test_an_answer_that_this_browser_did_not_ask_for_is_refused(office: Office) -> None:
    path, browser = sent_back(office.browser()), office.browser()
    for asked in (path, "/admin/openid/back", "/admin/openid/back?code=1&state=%3Cb%3E"):
        answer = browser.get(asked)
        assert answer.status_code == 403
        assert "begun in another browser" in answer.text


def test_an_answer_counts_once(office: Office) -> None:
    browser = office.browser()
    path = sent_back(browser)
    assert browser.get(path).status_code == 302
    assert "begun in another browser" in browser.get(path).text


def test_whoever_does_not_sign_in_there_is_told_so_here(office: Office, provider: Provider) -> None:
    provider.refuses = "access_denied"
    assert "did not sign you in" in signed_in(office)


def test_a_provider_that_does_not_answer_is_said(office: Office, provider: Provider) -> None:
    provider.is_down = True
    answer = office.browser().get("/admin/openid")
    assert (answer.status_code, "does not answer" in answer.text) == (502, True)
    provider.is_down = False
    browser = office.browser()
    path = sent_back(browser)
    provider.is_down = True
    assert browser.get(path).status_code in (403, 502)
    # Nobody listens at all.
    away = office_over(office.store, office.clock, settings_for(provider, oidc_issuer="http://127.0.0.1:1"))
    assert away.browser().get("/admin/openid").status_code == 502


def test_a_sign_in_leads_to_the_page_that_was_asked_for(office: Office) -> None:
    browser = office.browser()
    asked = browser.get("/admin/changes?subject=SUP-1").location
    link = re.search(r'href="(/admin/openid[^"]+)"', browser.get(asked).text)
    assert link is not None
    assert browser.get(sent_back(browser, link[1])).location == "/admin/changes?subject=SUP-1"
    for elsewhere in ("https://elsewhere.example", "//elsewhere.example/admin/"):
        path = sent_back(browser, f"/admin/openid?next={elsewhere}")
        assert browser.get(path).location == "/admin/now"


def test_sign_ins_that_were_begun_and_left_do_not_fill_the_cookie(office: Office) -> None:
    browser = office.browser()
    sizes = [len(browser.get("/admin/openid").headers["Set-Cookie"]) for _ in range(12)]
    assert max(sizes) < 4000
    assert max(sizes[-3:]) - min(sizes[-3:]) < 200


def test_whoever_signs_out_here_signs_out_at_the_provider_and_comes_back(office: Office, provider: Provider) -> None:
    browser = office.browser()
    browser.get(sent_back(browser))
    page = browser.post("/admin/sign-out", seen_on="/admin/now")
    assert "goes on to the sign-out of your organization" in page.text
    assert page.headers["Clear-Site-Data"] == '"cache"'
    leads = page.headers["Refresh"].removeprefix("0; url=")
    assert html.escape(leads) in page.text
    back = requests.get(leads, allow_redirects=False, timeout=10).headers["Location"]
    assert back.startswith("http://localhost/admin/sign-in?")
    assert [(each["sub"], each["client_id"]) for each in provider.signed_out] == [("17", CLIENT)]
    assert browser.get("/admin/now").status_code == 302
    with office.store.reading() as tx:
        assert people.sessions(tx, office.clock()) == ()


def test_where_the_provider_ends_nothing_whoever_signs_out_is_told_so(office: Office, provider: Provider) -> None:
    provider.ends_sessions = False
    browser = office.browser()
    browser.get(sent_back(browser))
    page = browser.post("/admin/sign-out", seen_on="/admin/now")
    assert "Refresh" not in page.headers
    assert "you are still signed in" in page.text


def told(office: Office, token: str) -> int:
    """What the provider gets as an answer when it says that somebody has signed out there."""
    return office.browser().post("/admin/openid/ended", seen_on=None, logout_token=token).status_code


def test_whoever_signs_out_at_the_provider_is_signed_out_here(office: Office, provider: Provider) -> None:
    browsers = {}
    for sub, sid in (("17", "a"), ("17", "b"), ("18", "c")):
        provider.claims = {**NORA, "sub": sub, "sid": sid}
        browsers[sid] = office.browser()
        browsers[sid].get(sent_back(browsers[sid]))

    def here() -> list[str]:
        return [sid for sid, browser in browsers.items() if browser.get("/admin/now").status_code == 200]

    assert here() == ["a", "b", "c"]
    assert told(office, provider.signed(events=LOGOUT, sub="17", sid="a")) == 200
    assert here() == ["b", "c"]
    provider.has_new_keys()
    assert told(office, provider.signed(events=LOGOUT, sub="17")) == 200
    assert here() == ["c"]


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "another-client"},
        {"iss": "https://elsewhere.example"},
        {"nonce": "one"},
        {"events": {}},
        {"events": "http://schemas.openid.net/event/backchannel-logout"},
        {"sub": None},
        {"sub": 17},
        {"exp": -600, "iat": -700},
        {"exp": None},
        {"iat": 600, "exp": 900},
    ],
    ids=" ".join,
)
def test_nobody_is_signed_out_by_what_the_provider_did_not_say(
    office: Office, provider: Provider, claims: dict[str, Any]
) -> None:
    browser = office.browser()
    browser.get(sent_back(browser))
    assert told(office, provider.signed(**{"events": LOGOUT, "sub": "17", **at(claims)})) == 400
    provider.signs_with_another_key()
    assert told(office, provider.signed(events=LOGOUT, sub="17")) == 400
    assert told(office, "\0 no token") == 400
    assert browser.get("/admin/now").status_code == 200


def test_an_id_token_signs_nobody_out(office: Office, provider: Provider) -> None:
    assert told(office, provider.signed(sub="17", nonce="one")) == 400


def test_whoever_says_so_without_end_is_not_listened_to(office: Office, provider: Provider) -> None:
    good = provider.signed(events=LOGOUT, sub="17")
    assert {told(office, good) for _ in range(40)} == {200}
    assert [told(office, "none") for _ in range(31)] == [400] * 30 + [429]


def test_what_the_settings_grant_no_more_ends_with_the_next_click(office: Office, provider: Provider) -> None:
    browser = office.browser()
    cookie = browser.get(sent_back(browser)).headers["Set-Cookie"].partition(";")[0]

    def sees(**values: Any) -> int:
        changed = office_over(office.store, office.clock, settings_for(provider, **values))
        client = create_app(changed.settings, changed.store, desk=changed.desk).test_client(use_cookies=False)
        return client.get("/admin/people", headers={"Cookie": cookie}).status_code

    assert sees() == 200
    assert sees(oidc_admins=("support",), oidc_viewers=("nora.quist@vendor.example",)) == 403
    assert sees(oidc_admins=("support",)) == 302
    assert sees(oidc_issuer=None, oidc_client_id=None, oidc_client_secret=None) == 302


def test_half_a_setting_is_said_at_the_start() -> None:
    with pytest.raises(SettingsError, match="without OIDC_CLIENT_SECRET and OIDC_ADMINS or OIDC_VIEWERS"):
        settings_of(oidc_issuer="https://login.example", oidc_client_id=CLIENT).openid()
