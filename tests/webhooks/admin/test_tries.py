"""How often a password may be tried: by whom, from where, whatever they say of themselves, at whichever process."""

from ipaddress import ip_network

import pytest
from flask import Flask, Response
from werkzeug.exceptions import TooManyRequests

from plugin.settings import Proxies
from plugin.store import Store, keys
from plugin.store.keys import Key
from tests.road.house import Clock, emptied
from tests.webhooks.admin.conftest import Office, office_over, settings_of
from webhooks import create_app
from webhooks.admin.tries import BY_ADDRESS, BY_BROWSER, BY_NAME, BY_NAME_AND_ADDRESS, KNOWN, Tries

ATTACKER, HOME = "203.0.113.7", "198.51.100.4"


@pytest.fixture
def office(kept_store: Store) -> Office:
    return with_proxies(emptied(kept_store), ())


def with_proxies(store: Store, proxies: Proxies) -> Office:
    return office_over(store, Clock(), settings_of(admin_pages="on", trusted_proxies=proxies))


def process(office: Office) -> Flask:
    """A process that was started just now: it knows the key that all have, and nothing else."""
    app = Flask("process")
    with office.store.writing() as tx:
        app.secret_key = keys.secret(tx, Key.SESSIONS)
    return app


def tried(office: Office, name: str, address: str, cookie: str = "") -> bool:
    """Is a password of that name listened to, by a process that was started just now?"""
    app = process(office)
    asked = {"environ_base": {"REMOTE_ADDR": address}, "headers": {"Cookie": cookie}}
    with app.test_request_context("/admin/sign-in", base_url="https://support.example", **asked):
        try:
            return bool(Tries(office.desk).password(name))
        except TooManyRequests:
            return False


def remembered(office: Office, name: str) -> str:
    """The cookie of a browser in which somebody has signed in."""
    app, answer = process(office), Response()
    with app.test_request_context("/admin/sign-in", base_url="https://support.example"):
        Tries(office.desk).remember(answer, name)
    cookie = answer.headers["Set-Cookie"]
    assert {"Secure", "HttpOnly", "SameSite=Strict", "Path=/"} <= {each.strip() for each in cookie.split(";")}
    return cookie.partition(";")[0]


def test_from_one_address_one_name_is_tried_so_often_at_all_processes_together(office: Office) -> None:
    assert [tried(office, "Ida", ATTACKER) for _ in range(BY_NAME_AND_ADDRESS + 1)][-2:] == [True, False]
    assert not tried(office, " IDA ", ATTACKER)
    assert tried(office, "Ida", HOME), "nobody is kept out by what others do elsewhere"


def test_from_one_address_so_many_names_are_tried(office: Office) -> None:
    assert [tried(office, f"name {n}", ATTACKER) for n in range(BY_ADDRESS + 1)][-2:] == [True, False]
    assert not tried(office, "one more", ATTACKER)
    assert tried(office, "one more", HOME)


def test_many_addresses_do_not_keep_somebody_out_of_their_own_browser(office: Office) -> None:
    hers = remembered(office, "Ida")
    per_address = [tried(office, "Ida", f"203.0.113.{n // BY_NAME_AND_ADDRESS}") for n in range(BY_NAME + 1)]
    assert per_address[-2:] == [True, False]
    assert not tried(office, "Ida", HOME)
    assert tried(office, "ida", HOME, hers)
    assert tried(office, "ida", ATTACKER, hers), "even from the address of those who try"
    office.clock.advance(minutes=15)
    assert tried(office, "Ida", HOME), "nor out of any other for long"


def test_a_known_browser_is_no_way_around(office: Office) -> None:
    hers, his = remembered(office, "Ida"), remembered(office, "Tomas")
    assert [tried(office, "Ida", HOME, hers) for _ in range(BY_BROWSER + 1)][-2:] == [True, False]
    for cookie in (his, hers[:-3], f"{hers}x", "__Host-support_contract_known=", "__Host-support_contract_known=a.b.c"):
        for _ in range(3):
            tried(office, "Ida", ATTACKER, cookie)
    assert not tried(office, "Ida", ATTACKER, his), "that of somebody else counts as none"


def test_a_browser_is_not_known_for_ever() -> None:
    assert KNOWN.days <= 366


@pytest.mark.parametrize("proxies", [(), (ip_network("127.0.0.1"),), 1])
def test_a_forged_address_evades_nothing(kept_store: Store, proxies: Proxies) -> None:
    """Whoever asks us, or our proxy, may write into X-Forwarded-For whatever they like."""
    office = with_proxies(emptied(kept_store), proxies)
    client = create_app(office.settings, office.store, desk=office.desk).test_client()
    added = f", {ATTACKER}" if proxies else ""
    for number in range(BY_NAME_AND_ADDRESS + 1):
        tried(office, "Ida", ATTACKER if proxies else "127.0.0.1")
        forged = {"X-Forwarded-For": f"198.51.100.{number}{added}", "Forwarded": f"for=198.51.100.{number}"}
        page = client.get("/admin/sign-in", base_url="https://support.example", headers=forged)
    token = page.text.partition('name="csrf_token" value="')[2].partition('"')[0]
    form = {"csrf_token": token, "name": "Ida", "password": "x"}
    headers = {**forged, "Referer": "https://support.example/admin/sign-in"}
    answer = client.post("/admin/sign-in", base_url="https://support.example", headers=headers, data=form)
    assert answer.status_code == 429
