"""A package is previewed, its agreement's file is written, and the ledger follows: once, whoever clicks how often."""

import re
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from plugin.contract.grants import CREDIT
from plugin.contract.model import Organization, Person, SupportRequest
from plugin.jira.read import Shown
from plugin.look import Seen, settle
from plugin.store import Store, audit, edits, ledger
from plugin.store.people import Role
from tests.webhooks.admin.conftest import Browser, Office, office_over_files

COBALT, NAME = "/admin/customers/cobalt-rail", "agreements/cobalt-rail.yaml"
FORM = {"credits": "20", "bought": "2027-06-01", "expires": "2028-05-31", "reference": "PO 4711", "reason": ""}
ROW = "  - {bought: 2027-06-01, credits: 20, expires: 2028-05-31, reference: PO 4711}\n"


@pytest.fixture
def office(kept_store: Store, tmp_path: Path) -> Office:
    """Return an office on a day that no example of the mapping files is about."""
    found = office_over_files(kept_store, tmp_path / "mappings")
    found.clock.now = datetime(2027, 6, 1, 8, tzinfo=UTC)
    return found


def file(office: Office) -> Path:
    return Path(office.settings.mappings_dir) / NAME


def looked(browser: Browser, **form: str) -> TestResponse:
    return browser.post(f"{COBALT}/package/preview", seen_on=COBALT, **{**FORM, **form})


def confirmed(page: TestResponse) -> dict[str, str]:
    """The form with which a preview is confirmed."""
    form = page.text.partition(f'action="{COBALT}/package"')[2].partition("</form>")[0]
    return {name: unescape(value) for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', form)} | {"x": ""}


def added(browser: Browser, form: dict[str, str]) -> TestResponse:
    return browser.post(f"{COBALT}/package", seen_on=COBALT, **{k: v for k, v in form.items() if k != "csrf_token"})


def look(office: Office, number: int) -> None:
    """A look at a request of theirs, as a worker has it."""
    mappings = office.desk.mappings()
    signed = next(each for each in mappings.agreements if each.customer == "cobalt-rail")
    request = SupportRequest(
        id=str(number),
        key=f"SUP-{number}",
        raised=office.clock(),
        raised_by=Person("Yusuf Adeyemi", None, "yusuf.adeyemi@cobalt-rail.example"),
        kind="question",
        organizations=(Organization("13", "Cobalt Rail"),),
        product="expecco",
        version="26.1",
    )
    with office.store.writing() as tx:
        settle(tx, Seen(request, Shown({}, None, "Waiting for support"), signed), mappings, office.clock())


def granted(office: Office) -> list[tuple[str, int]]:
    with office.store.reading() as tx:
        lines = ledger.statement(tx, "cobalt-rail", CREDIT)
    return [(each.lot, each.units) for each in lines if each.kind == "grant"]


def test_a_package_is_previewed_added_in_force_and_granted_once(office: Office) -> None:
    browser, stood = office.signed_in(), file(office).read_text("utf-8")
    page = looked(browser)
    assert page.status_code == 200, page.text
    assert "+ </div>" in page.text
    assert ROW.strip() in unescape(page.text)
    assert (file(office).read_text("utf-8"), granted(office)) == (stood, [])
    form = confirmed(page)
    for _ in range(3):
        assert added(browser, form).location == f"{COBALT}?added=1"
    assert file(office).read_text("utf-8") == f"{stood}\npackages:\n{ROW}"
    assert "PO 4711" in browser.get(f"{COBALT}?added=1").text
    for number in (1, 2):
        look(office, number)
    assert granted(office) == [("credit package PO 4711", 20)]
    with office.store.reading() as tx:
        (edit,) = edits.of_file(tx, NAME, 9)
        (change,) = audit.changes(tx, 9, "cobalt-rail")
    assert (edit.person, edit.reason) == ("Nora Quist", "package PO 4711: 20 credits")
    assert (change.person, change.action) == ("Nora Quist", "customer.package")
    again = looked(browser)
    assert again.status_code == 422
    assert "give each its own reference" in again.text


def test_an_example_that_a_package_makes_untrue_is_edited_with_it_in_the_editor(office: Office) -> None:
    browser = office.signed_in()
    page = looked(browser, bought="2026-11-01")
    assert page.status_code == 422
    assert "examples/credits.yaml:" in page.text
    form = re.search(r'<form method="post" action="/admin/mappings/preview">.*?</form>', page.text, re.DOTALL)
    assert form is not None
    text = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", form[0], re.DOTALL)
    assert text is not None
    hidden = dict(re.findall(r'name="(file|base)" value="([^"]*)"', form[0]))
    editor = browser.post("/admin/mappings/preview", seen_on=COBALT, text=unescape(text[1]), **hidden)
    assert editor.status_code == 200
    assert 'name="file" value="examples/credits.yaml"' in editor.text
    assert "PO 4711" in editor.text


def test_what_was_previewed_over_other_files_is_not_added(office: Office) -> None:
    mine, theirs = office.signed_in(), office.signed_in(name="Tomas Berg")
    form = confirmed(looked(mine))
    assert added(theirs, confirmed(looked(theirs, reference="PO 4712", credits="7"))).status_code == 303
    stood = file(office).read_text("utf-8")
    stale = added(mine, form)
    assert stale.status_code == 409
    assert "The files changed meanwhile." in stale.text
    assert "PO 4712" in stale.text
    file(office).write_text(f"# edited by hand\n{stood}", "utf-8")
    assert added(mine, confirmed(stale)).status_code == 409
    assert file(office).read_text("utf-8") == f"# edited by hand\n{stood}"
    good = confirmed(looked(mine))
    for forged in ({"credits": "2000"}, {"seal": "é"}):
        assert added(mine, {**good, **forged}).status_code == 409
    assert "2000" not in file(office).read_text("utf-8")


def test_a_form_that_makes_no_sense_is_told_so_and_comes_back_filled_in(office: Office) -> None:
    browser = office.signed_in()
    for wrong in (
        {"credits": "0"},
        {"credits": "2.5"},
        {"credits": "9" * 5000},
        {"bought": "soon"},
        {"expires": "2027-05-31"},
        {"reference": "x" * 101},
    ):
        page = looked(browser, **wrong)
        assert page.status_code == 422, wrong
        assert 'role="alert"' in page.text
        assert added(browser, {**FORM, **wrong, "key": "k", "standing": "", "seal": ""}).status_code == 422
    assert 'value="2028-05-31"' in page.text
    page = looked(browser, reference='<script>"=1+1"</script>')
    assert "<script>" not in page.text.replace("<script src", "")


def test_where_files_cannot_be_written_the_preview_says_what_to_put_where_they_are_kept(office: Office) -> None:
    elsewhere = file(office).rename(file(office).parents[2] / "elsewhere.yaml")
    file(office).symlink_to(elsewhere)
    page = looked(office.signed_in())
    assert page.status_code == 200, page.text
    assert "This file cannot be edited here" in page.text
    assert "Add it" not in page.text


def test_only_an_admin_adds_a_package(office: Office) -> None:
    viewer = office.signed_in(Role.VIEWER)
    assert "Add a package" not in viewer.get(COBALT).text
    assert looked(viewer).status_code == 403
    assert added(viewer, {**FORM, "key": "k", "standing": "", "seal": ""}).status_code == 403
    nobody = office.signed_in().post("/admin/customers/nobody/package/preview", seen_on=COBALT, **FORM)
    assert nobody.status_code == 404
