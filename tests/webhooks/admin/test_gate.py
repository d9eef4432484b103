"""Who may come in, from where, and what they may do."""

import re

import pytest
from flask import Flask

from plugin.store import Store, people
from plugin.store.people import IDLE, LONGEST
from tests.road.house import Clock, emptied
from tests.webhooks.admin.conftest import Browser, Office, office_over, settings_of
from webhooks import create_app


@pytest.fixture
def app(office: Office) -> Flask:
    return create_app(office.settings, office.store, desk=office.desk)


def test_a_session_ends_when_nobody_clicks(office: Office) -> None:
    admin = office.signed_in()
    office.clock.advance(seconds=IDLE.total_seconds() - 1)
    assert admin.get("/admin/now").status_code == 200
    office.clock.advance(seconds=IDLE.total_seconds() - 1)
    assert admin.get("/admin/now").status_code == 200
    office.clock.advance(seconds=IDLE.total_seconds())
    assert admin.get("/admin/now").status_code == 302


def test_a_page_that_renews_itself_is_no_click(office: Office) -> None:
    admin = office.signed_in()
    office.clock.advance(seconds=IDLE.total_seconds() - 1)
    assert admin.get("/admin/now/live?live=1").status_code == 200
    office.clock.advance(seconds=1)
    answer = admin.get("/admin/now/live?live=1", HX_Request="true")
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"] == "/admin/sign-in"


def test_a_session_ends_however_much_somebody_clicks(office: Office) -> None:
    admin = office.signed_in()
    clicks = int(LONGEST / IDLE * 2)
    for _ in range(clicks):
        assert admin.get("/admin/now").status_code == 200
        office.clock.advance(seconds=LONGEST.total_seconds() / clicks)
    assert admin.get("/admin/now").status_code == 302


def test_signing_out_ends_the_session_on_our_side(office: Office) -> None:
    admin = office.signed_in()
    with office.store.reading() as tx:
        assert tx.execute(people.admin_sessions.select()).all()
    assert admin.post("/admin/sign-out", seen_on="/admin/now").status_code == 302
    with office.store.reading() as tx:
        assert not tx.execute(people.admin_sessions.select()).all()
    assert admin.get("/admin/now").status_code == 302


@pytest.mark.parametrize(
    ("base", "headers"),
    [
        ("http://support.your-company.example", {}),
        ("http://localhost", {"X_Forwarded_For": "203.0.113.7"}),
        ("http://localhost", {"Forwarded": "for=203.0.113.7"}),
        ("http://localhost", {"X_Forwarded_Proto": "https"}),
        ("http://localhost", {"Via": "1.1 proxy.example"}),
        ("http://127.0.0.1:8080", {"Origin": "https://support.your-company.example"}),
        ("http://127.0.0.1:8080", {"Origin": "null"}),
        ("http://127.0.0.1.elsewhere.example", {}),
    ],
)
def test_unless_switched_on_there_are_no_pages_for_anybody_afar(
    office: Office, base: str, headers: dict[str, str]
) -> None:
    assert office.browser(base).get("/admin/sign-in", **headers).status_code == 404
    assert office.browser().get("/admin/sign-in").status_code == 200


def test_a_proxy_that_says_nothing_is_told_by_what_no_browser_speaks(app: Flask) -> None:
    for protocol, code in (("HTTP/1.0", 404), ("HTTP/1.1", 200), ("HTTP/2", 200)):
        asked = {"SERVER_PROTOCOL": protocol}
        answer = app.test_client().get("/admin/sign-in", base_url="http://127.0.0.1:8080", environ_overrides=asked)
        assert answer.status_code == code, protocol


def test_where_others_can_reach_the_address_there_are_no_pages(kept_store: Store) -> None:
    office = office_over(emptied(kept_store), Clock(), settings_of(host="0.0.0.0"))
    assert office.browser().get("/admin/sign-in").status_code == 404
    office = office_over(kept_store, Clock(), settings_of(admin_pages="off"))
    assert office.browser().get("/admin/sign-in").status_code == 404


def test_switched_on_they_are_there_and_their_cookie_goes_over_tls_only(kept_store: Store) -> None:
    office = office_over(emptied(kept_store), Clock(), settings_of(host="0.0.0.0", admin_pages="on"))
    answer = office.browser("https://support.your-company.example").get("/admin/sign-in")
    assert answer.status_code == 200
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-support_contract=")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= {each.strip() for each in cookie.split(";")}
    assert "domain" not in cookie.casefold()
    here = office.browser().get("/admin/sign-in").headers["Set-Cookie"]
    assert here.startswith("support_contract=")
    assert {"HttpOnly", "SameSite=Lax", "Path=/admin"} <= {each.strip() for each in here.split(";")}


def test_a_browser_is_told_to_run_nothing_but_ours(office: Office) -> None:
    for path in ("/admin/sign-in", "/admin/nowhere", "/admin/static/admin.css"):
        headers = office.browser().get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'; script-src 'self'; style-src 'self';" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
    assert office.browser().get("/admin/sign-in").headers["Cache-Control"] == "no-store"


def test_no_page_holds_a_script_or_a_style(office: Office) -> None:
    admin = office.signed_in()
    for path in ("/admin/now", "/admin/people", "/admin/changes", "/admin/nowhere"):
        text = admin.get(path).text
        assert "<style" not in text
        assert not re.search(r"<script(?! src=)|\sstyle=|\son\w+=|javascript:", text)


def test_several_processes_share_their_sessions(office: Office, app: Flask) -> None:
    assert app.secret_key == create_app(office.settings, office.store, desk=office.desk).secret_key


def test_webhooks_need_no_token_of_a_form(office: Office, app: Flask) -> None:
    assert app.test_client().post("/webhooks/jira", data=b"{}").status_code == 401
    assert isinstance(office.browser(), Browser)
