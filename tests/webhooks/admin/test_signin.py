"""Setting a password by a link, signing in with it, and not getting anywhere by trying."""

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from plugin.store import audit, people
from plugin.store.people import INVITED, Role
from plugin.store.tables import admin_tries
from tests.webhooks.admin.conftest import PASSWORD, Browser, Office


def invited(office: Office, name: str | None = None, role: Role = Role.ADMIN) -> str:
    with office.store.writing() as tx:
        return f"/admin/welcome/{people.invite(tx, name, role, 'Nora Quist', office.clock())}"


def welcomed(office: Office, link: str, name: str = "Ida Brandt", password: str = PASSWORD) -> Browser:
    browser = office.browser()
    answer = browser.post(link, seen_on=link, name=name, password=password, again=password)
    assert answer.location == "/admin/now", answer.text
    return browser


def test_the_first_link_makes_an_admin_of_a_name_of_their_own_choice(office: Office) -> None:
    browser = welcomed(office, invited(office))
    assert "Ida Brandt" in browser.get("/admin/now").text
    assert browser.get("/admin/people").status_code == 200
    with office.store.reading() as tx:
        [person] = people.people(tx)
        [change] = audit.changes(tx, 10)
    assert (person.name, person.role) == ("Ida Brandt", Role.ADMIN)
    assert person.password.startswith("scrypt:")
    assert PASSWORD not in person.password
    assert (change.person, change.action) == ("Ida Brandt", "person.password")


def test_a_link_works_once(office: Office) -> None:
    link = invited(office)
    welcomed(office, link)
    assert office.browser().get(link).status_code == 404


def test_a_link_works_for_a_day(office: Office) -> None:
    link = invited(office)
    office.clock.advance(seconds=INVITED.total_seconds())
    assert office.browser().get(link).status_code == 404


def test_once_there_is_anybody_no_link_lets_choose_a_name(office: Office) -> None:
    one, other = invited(office), invited(office)
    welcomed(office, one)
    assert office.browser().get(other).status_code == 404


def test_whoever_is_invited_by_name_gets_no_other(office: Office) -> None:
    welcomed(office, invited(office, "Tomas Berg", Role.VIEWER), name="Nora Quist")
    with office.store.reading() as tx:
        [person] = people.people(tx)
    assert (person.name, person.role) == ("Tomas Berg", Role.VIEWER)


def test_a_new_password_ends_the_sessions_of_the_old_one(office: Office) -> None:
    before = welcomed(office, invited(office, "Ida Brandt"))
    welcomed(office, invited(office, "Ida Brandt"), password="other words of no meaning")
    assert before.get("/admin/now").status_code == 302


@pytest.mark.parametrize(
    ("password", "again", "sentence"),
    [
        ("short", "short", "12 to 200 characters"),
        ("x" * 201, "x" * 201, "12 to 200 characters"),
        ("the ida brandt one", "the ida brandt one", "without your name"),
        (PASSWORD, "another one altogether", "not the same"),
    ],
)
def test_a_password_that_is_easily_guessed_is_not_taken(
    office: Office, password: str, again: str, sentence: str
) -> None:
    link, browser = invited(office), office.browser()
    answer = browser.post(link, seen_on=link, name="Ida Brandt", password=password, again=again)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert browser.get("/admin/now").status_code == 302


def test_signing_in_needs_the_right_name_and_password(office: Office) -> None:
    welcomed(office, invited(office))
    browser = office.browser()
    for name, password in (("Ida Brandt", "wrong wrong wrong"), ("Nobody", PASSWORD), ("", "")):
        with capture_logs() as logs:
            answer = browser.post("/admin/sign-in", name=name, password=password)
        assert logs == [{"event": "sign-in refused", "log_level": "warning", "sender": "127.0.0.1"}]
        assert answer.status_code == 403
        assert "do not belong together" in answer.text
        assert browser.get("/admin/now").status_code == 302
    assert browser.post("/admin/sign-in", name=" ida brandt ", password=PASSWORD).location == "/admin/now"
    assert "Ida Brandt" in browser.get("/admin/now").text


def test_signing_in_leads_back_to_the_page_that_was_asked_for_and_to_no_other_site(office: Office) -> None:
    welcomed(office, invited(office))
    asked = office.browser().get("/admin/changes?subject=SUP-1").location
    assert asked == "/admin/sign-in?next=/admin/changes?subject%3DSUP-1"
    for wanted, leads in (
        ("/admin/changes?subject=SUP-1", "/admin/changes?subject=SUP-1"),
        ("https://elsewhere.example/admin/", "/admin/now"),
        ("//elsewhere.example/admin/", "/admin/now"),
        ("/admin/\\..\\..//elsewhere.example", "/admin/now"),
        ("/admin/\r\nLocation: https://elsewhere.example", "/admin/now"),
    ):
        answer = office.browser().post("/admin/sign-in", name="Ida Brandt", password=PASSWORD, next=wanted)
        assert answer.location == leads


def test_trying_passwords_comes_to_an_end_and_costs_nothing_then(office: Office) -> None:
    welcomed(office, invited(office))
    browser = office.browser()
    codes = [browser.post("/admin/sign-in", name="Ida Brandt", password=f"try {n}").status_code for n in range(11)]
    assert codes == [403] * 10 + [429]
    refused = browser.post("/admin/sign-in", name="IDA BRANDT", password=PASSWORD)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "900")
    assert "Too many tries" in refused.text
    office.clock.advance(minutes=15)
    assert browser.post("/admin/sign-in", name="Ida Brandt", password=PASSWORD).status_code == 302


def test_a_password_is_compared_to_its_end(office: Office) -> None:
    longest = "x y" * 66 + "zz"
    welcomed(office, invited(office), password=longest)
    assert office.browser().post("/admin/sign-in", name="Ida Brandt", password=f"{longest}!").status_code == 403
    assert office.browser().post("/admin/sign-in", name="Ida Brandt", password=longest).status_code == 302


def test_nothing_of_before_is_in_a_cookie_after_signing_in(office: Office) -> None:
    welcomed(office, invited(office))
    planted = office.browser()
    planted.get("/admin/sign-in")
    before = planted.holds()
    planted.post("/admin/sign-in", name="Ida Brandt", password=PASSWORD)
    assert before["csrf_token"]
    assert not set(before.values()) & set(planted.holds().values())
    first = planted.holds()["held"]
    planted.post("/admin/sign-in", seen_on="/admin/now", name="Ida Brandt", password=PASSWORD)
    with office.store.reading() as tx:
        assert people.session(tx, str(first), office.clock()) is None, "the session of before is over"


def test_a_crowd_is_told_to_come_again_before_anything_is_spent_on_it(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webhooks.admin.tries.AT_ONCE", 0)
    browser, link = office.browser(), invited(office)
    answer = browser.post("/admin/sign-in", name="Ida Brandt", password=PASSWORD)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "Too many sign in at this moment" in answer.text
    assert browser.post(link, seen_on=link, name="Ida", password=PASSWORD, again=PASSWORD).status_code == 503
    with office.store.reading() as tx:
        assert tx.execute(select(admin_tries)).all() == []
    monkeypatch.undo()
    welcomed(office, link)


def test_the_language_is_the_browsers_until_somebody_says_otherwise(office: Office) -> None:
    browser = office.browser()
    assert '<html lang="de">' in browser.get("/admin/sign-in", Accept_Language="de-AT,de;q=0.9,en;q=0.5").text
    assert '<html lang="en">' in browser.get("/admin/sign-in", Accept_Language="fr").text
    browser.post("/admin/language", language="de")
    assert '<html lang="de">' in browser.get("/admin/sign-in", Accept_Language="en").text
    browser.post("/admin/language", language="xx")
    assert '<html lang="de">' in browser.get("/admin/sign-in").text
