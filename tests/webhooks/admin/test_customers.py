"""Customers: the list, one customer, their statements, and corrections that are booked once."""

import json
import re
from html import unescape

import pytest

from plugin.contract.decide import decide, standing_after
from plugin.contract.grants import CREDIT, book_grants, grants, usable
from plugin.contract.ledger import balance
from plugin.contract.model import Person
from plugin.store import audit, decisions, ledger, responses
from plugin.store.people import Role
from tests.plugin.contract import builders
from tests.road.house import shipped
from tests.webhooks.admin.conftest import Browser, Office

AURORA = "/admin/customers/aurora-robotics"
MIRA = Person("Mira Castellan", None, "mira.castellan@aurora-robotics.example")
POLICY = shipped().policy
SIGNED = {each.customer: each for each in shipped().agreements}


def granted(office: Office) -> None:
    """What the agreement grants is booked, as the first look does."""
    aurora = SIGNED["aurora-robotics"]
    with office.store.writing() as tx:
        ledger.lock(tx, [aurora.customer])
        ledger.book(tx, book_grants(aurora, POLICY, {}, office.clock()))


def asked(office: Office, number: int, version: str, customer: str = "aurora-robotics") -> None:
    raised = builders.at("2026-11-20 09:00")
    request = builders.request(version, raised, id=str(number), key=f"SUP-{number}", raised_by=MIRA)
    decision = decide(request, SIGNED[customer], POLICY, office.clock())
    with office.store.writing() as tx:
        decisions.record(tx, decision, standing_after(decision, None))
        responses.record(tx, decision, POLICY.day(raised))


def left(office: Office) -> int:
    today = POLICY.day(office.clock())
    with office.store.reading() as tx:
        places = ledger.places(tx, "aurora-robotics", CREDIT)
    return balance(usable(grants(SIGNED["aurora-robotics"], POLICY, today), places, today))


def previewed(browser: Browser, **form: str) -> dict[str, str]:
    """The form that the preview asks to confirm."""
    page = browser.post(f"{AURORA}/correct/preview", seen_on=AURORA, **form)
    assert page.status_code == 200, page.text
    asked = page.text.partition(f'action="{AURORA}/correct"')[2].partition("</form>")[0]
    found = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', asked))
    return {name: unescape(found[name]) for name in ("of", "units", "reason", "key", "seen")}


def booked(browser: Browser, form: dict[str, str]) -> int:
    return browser.post(f"{AURORA}/correct", seen_on=AURORA, **form).status_code


def test_whoever_needs_attention_comes_first(office: Office) -> None:
    page = office.signed_in(Role.VIEWER).get("/admin/customers").text
    assert page.index("Delta Foundry") < page.index("Brennhaus Medical") < page.index("Aurora Robotics")


@pytest.mark.parametrize("words", ["aurora", "CASTELLAN", "mira aurora-robotics.example"])
def test_a_customer_is_found_by_name_contact_or_address(office: Office, words: str) -> None:
    page = office.signed_in().get(f"/admin/customers?q={words}").text
    assert "Aurora Robotics" in page
    assert "Cobalt Rail" not in page


def test_a_search_is_shown_as_it_was_typed(office: Office) -> None:
    page = office.signed_in().get("/admin/customers?q=<script>").text
    assert "<script>&" not in page
    assert "&lt;script&gt;" in page
    assert "Nobody is called so." in page


def test_a_customer_shows_their_own_requests_and_the_versions_they_use(office: Office) -> None:
    asked(office, 7, "26.2")
    asked(office, 8, "26.1", "brennhaus-medical")
    page = office.signed_in(Role.VIEWER).get(AURORA).text
    assert "SUP-7" in page
    assert "expecco 26.2" in page
    assert "SUP-8" not in page


def test_a_customer_who_falls_out_at_the_next_release_is_told_of(office: Office) -> None:
    asked(office, 7, "26.1")
    page = office.signed_in().get(AURORA).text
    assert "expecco 26.1 falls out of support at the next release." in page
    listed = office.signed_in(Role.VIEWER).get("/admin/customers").text
    assert listed.count("falls out at the next release") == 1
    assert listed.index("Aurora Robotics") < listed.index("falls out at the next release")


def test_an_unknown_customer_is_no_page(office: Office) -> None:
    browser = office.signed_in()
    assert browser.get("/admin/customers/nobody").status_code == 404
    assert browser.get("/admin/customers/nobody/statement?month=2026-11").status_code == 404


@pytest.mark.parametrize("form", ["html", "csv", "json"])
def test_a_statement_is_saved_in_each_form(office: Office, form: str) -> None:
    granted(office)
    sent = office.signed_in(Role.VIEWER).get(f"{AURORA}/statement?month=2026-11&format={form}")
    assert sent.status_code == 200
    assert sent.headers["Content-Disposition"] == f"attachment; filename=aurora-robotics-2026-11.{form}"
    assert "192" in sent.text
    if form == "json":
        assert json.loads(sent.text)["balance"]["credit"]["closing"] == 192


@pytest.mark.parametrize("query", ["month=2027-01", "month=soon", "month=2026-11&format=exe", ""])
def test_a_statement_that_cannot_be_is_no_page(office: Office, query: str) -> None:
    assert office.signed_in().get(f"{AURORA}/statement?{query}").status_code == 404


def test_a_correction_is_shown_before_anything_is_booked(office: Office) -> None:
    granted(office)
    page = office.signed_in().post(f"{AURORA}/correct/preview", seen_on=AURORA, units="-5", of="credit", reason="x")
    assert "192" in page.text
    assert "187" in page.text
    assert left(office) == 192


def test_a_correction_is_booked_once_however_often_it_is_sent(office: Office) -> None:
    granted(office)
    browser = office.signed_in()
    form = previewed(browser, units="-5", of="credit", reason="Charged twice.")
    assert [booked(browser, form) for _ in range(3)] == [303, 303, 303]
    assert left(office) == 187
    with office.store.reading() as tx:
        (change,) = audit.changes(tx, 10, "aurora-robotics")
        line = ledger.statement(tx, "aurora-robotics", CREDIT)[-1]
    assert (change.person, change.reason, change.action) == ("Nora Quist", "Charged twice.", "customer.correct")
    assert change.before is not None
    assert change.after is not None
    assert (change.before["balance"], change.after["balance"]) == (192, 187)
    assert (line.units, line.memo) == (-5, "Charged twice. (by Nora Quist)")
    assert "Charged twice." in browser.get(AURORA).text


def test_what_is_granted_is_booked_before_it_is_corrected(office: Office) -> None:
    browser = office.signed_in()
    assert booked(browser, previewed(browser, units="-5", of="credit", reason="Charged twice.")) == 303
    with office.store.reading() as tx:
        lines = ledger.statement(tx, "aurora-robotics", CREDIT)
    assert (lines[-1].kind, lines[-1].units) == ("correct", -5)
    assert {line.kind for line in lines[:-1]} == {"grant", "expire"}
    assert left(office) == 187


def test_a_customer_leads_to_their_agreement_s_file(office: Office) -> None:
    browser = office.signed_in()
    path = "/admin/mappings/agreements/aurora-robotics.yaml"
    assert f'href="{path}"' in browser.get(AURORA).text
    assert browser.get(path).status_code == 200


def test_whoever_goes_back_to_a_form_that_was_booked_is_led_on(office: Office) -> None:
    granted(office)
    browser = office.signed_in()
    form = previewed(browser, units="-5", of="credit", reason="Charged twice.")
    assert booked(browser, form) == 303
    again = browser.post(f"{AURORA}/correct/preview", seen_on=AURORA, **form)
    assert (again.status_code, again.location) == (303, f"{AURORA}?booked=1")
    assert left(office) == 187


def test_the_lot_can_be_chosen_and_both_statement_and_page_tell_of_it(office: Office) -> None:
    granted(office)
    browser = office.signed_in()
    lot = "training_session 2026-04-01"
    assert f'<option value="{lot}">' in browser.get(AURORA).text
    form = previewed(browser, units="2", of=lot, reason="A session <b>failed</b>.")
    assert form["of"] == lot
    assert booked(browser, form) == 303
    viewer = office.signed_in(Role.VIEWER)
    assert "+2 training sessions: A session &lt;b&gt;failed&lt;/b&gt;. (by Nora Quist)" in viewer.get(AURORA).text
    sent = viewer.get(f"{AURORA}/statement?month=2026-11&format=csv")
    assert f"Corrected,,,,,{lot},2" in sent.text
    assert "failed" not in sent.text
    told = json.loads(viewer.get(f"{AURORA}/statement?month=2026-11&format=json&reasons=on").text)
    assert told["movements"][-1]["reason"] == "A session <b>failed</b>. (by Nora Quist)"
    refused = browser.post(f"{AURORA}/correct/preview", seen_on=AURORA, units="2", of="credit 1999-01-01", reason="x")
    assert refused.status_code == 422


def test_the_same_correction_can_be_wanted_twice(office: Office) -> None:
    granted(office)
    browser = office.signed_in()
    for _ in range(2):
        assert booked(browser, previewed(browser, units="3", of="credit", reason="A goodwill.")) == 303
    assert left(office) == 198


def test_a_preview_that_something_came_before_is_not_booked(office: Office) -> None:
    granted(office)
    mine, theirs = office.signed_in(), office.signed_in(name="Tomas Berg")
    form = previewed(mine, units="-5", of="credit", reason="Charged twice.")
    assert booked(theirs, previewed(theirs, units="-7", of="credit", reason="Another thing.")) == 303
    again = mine.post(f"{AURORA}/correct", seen_on=AURORA, **form)
    assert again.status_code == 409
    assert "Something else was booked meanwhile." in again.text
    assert "180" in again.text
    assert left(office) == 185


@pytest.mark.parametrize(
    ("units", "reason"), [("0", "x"), ("", "x"), ("2.5", "x"), ("9999999", "x"), ("5", " "), ("5", "x" * 501)]
)
def test_a_correction_without_a_number_or_a_reason_is_not_booked(office: Office, units: str, reason: str) -> None:
    granted(office)
    browser = office.signed_in()
    form = {"of": "credit", "units": units, "reason": reason, "key": "k", "seen": "2"}
    for path in (f"{AURORA}/correct/preview", f"{AURORA}/correct"):
        assert browser.post(path, seen_on=AURORA, **form).status_code == 422
    assert left(office) == 192


def test_a_customer_with_nothing_to_correct_is_told_of(office: Office) -> None:
    path = "/admin/customers/delta-foundry"
    page = office.signed_in().post(f"{path}/correct/preview", seen_on=path, units="5", of="credit", reason="x")
    assert page.status_code == 422
    assert "nothing that can be used today" in page.text


def test_a_viewer_sees_no_form_and_books_nothing(office: Office) -> None:
    granted(office)
    browser = office.signed_in(Role.VIEWER)
    assert "Correct the balance" not in browser.get(AURORA).text
    sent = browser.post(f"{AURORA}/correct", seen_on=AURORA, units="5", of="credit", reason="x", key="k", seen="2")
    assert sent.status_code == 403
    assert left(office) == 192


def test_a_page_from_elsewhere_books_nothing(office: Office) -> None:
    granted(office)
    sent = office.signed_in().post(f"{AURORA}/correct", seen_on=None, units="5", of="credit", reason="x", seen="2")
    assert sent.status_code == 400
    assert left(office) == 192
