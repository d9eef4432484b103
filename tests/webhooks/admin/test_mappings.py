"""The mapping files: read as pages; edited, previewed and saved, and never over what somebody else wrote."""

import re
import time
from dataclasses import replace
from datetime import timedelta
from html import unescape
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from werkzeug.test import TestResponse

from plugin.mappings.watched import Watched
from plugin.store import Store, edits, ledger
from plugin.store.people import Role
from tests.road.house import Clock, emptied
from tests.webhooks.admin.conftest import Browser, Office, settings_of
from webhooks.admin import Desk

EDIT = "/admin/mappings/edit/releases.yaml"
FORM = {"last": "100", "reason": "As agreed with sales"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copytree("mappings", tmp_path / "mappings")


@pytest.fixture
def office(kept_store: Store, folder: Path) -> Office:
    clock, settings = Clock(), settings_of(mappings_dir=str(folder))
    desk = Desk(settings, emptied(kept_store), Watched(folder).look, now=clock, patience=timedelta(minutes=1))
    return Office(kept_store, clock, settings, desk)


AS_TEXT = "?as=text"


def hidden(page: TestResponse, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page.text)
    assert found is not None, page.text
    return unescape(found[1])


def opened(browser: Browser, path: str = EDIT) -> tuple[str, str]:
    """The text in the editor, and what it was opened as."""
    page = browser.get(path + AS_TEXT)
    assert page.status_code == 200
    found = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", page.text, re.DOTALL)
    assert found is not None
    return unescape(found[1]), hidden(page, "base")


def looked(browser: Browser, text: str, base: str, file: str = "releases.yaml") -> TestResponse:
    return browser.post("/admin/mappings/preview", seen_on="/admin/now", file=file, text=text, base=base, **FORM)


def saved(browser: Browser, page: TestResponse, text: str, file: str = "releases.yaml", **more: str) -> TestResponse:
    sealed = {name: hidden(page, name) for name in ("seal", "standing", "base")}
    form = {"file": file, "text": text, **sealed, **FORM, **more}
    return browser.post("/admin/mappings/save", seen_on="/admin/now", **form)


def test_every_file_is_a_page(office: Office, folder: Path) -> None:
    viewer = office.signed_in(Role.VIEWER)
    listed = viewer.get("/admin/mappings").text
    names = [str(each.relative_to(folder)) for each in (*folder.rglob("*.yaml"), *folder.glob("replies/*.md"))]
    assert len(names) > 50
    for name in names:
        assert f'href="/admin/mappings/{name}"' in listed
    for name in ("tiers.yaml", "agreements/aurora-robotics.yaml", "examples/versions.yaml", "replies/frame.de.md"):
        assert viewer.get(f"/admin/mappings/{name}").status_code == 200


def test_a_table_is_a_table_with_its_comments_and_clauses(office: Office) -> None:
    page = office.signed_in().get("/admin/mappings/tiers.yaml").text
    assert '<tr id="L13">' in page
    assert 'href="/admin/mappings/clauses.yaml#C2"' in page
    assert "Time until the first response." in page
    assert "printed as &#34;-24&#34; in the contract&#39;s table" in page
    assert 'id="C2"' in office.signed_in().get("/admin/mappings/clauses.yaml").text


@pytest.mark.parametrize(
    "name", ["../pyproject.toml", "..%2Fpyproject.toml", "/etc/passwd", "README.md", "nothing.yaml"]
)
def test_only_mapping_files_can_be_named(office: Office, name: str) -> None:
    admin = office.signed_in()
    assert admin.get(f"/admin/mappings/{name}").status_code in (404, 308)
    assert admin.get(f"/admin/mappings/edit/{name}").status_code in (404, 308)
    assert looked(admin, "x", "x", file=name).status_code == 400


def test_an_edit_is_previewed_saved_in_force_and_written_down(office: Office, folder: Path) -> None:
    admin = office.signed_in()
    before, base = opened(admin)
    after = before.replace("# ", "# Read this: ", 2)
    page = looked(admin, after.replace("\n", "\r\n"), base)
    assert page.status_code == 200
    assert "0 of the last 0 requests would be decided otherwise." in page.text
    mode = (folder / "releases.yaml").stat().st_mode
    assert saved(admin, page, after.replace("\n", "\r\n")).location == "/admin/mappings/releases.yaml?saved=1"
    assert (folder / "releases.yaml").read_text("utf-8") == after
    assert (folder / "releases.yaml").stat().st_mode == mode
    assert office.desk.mappings().files["releases.yaml"] == after.encode()
    shown = admin.get("/admin/mappings/releases.yaml?saved=1").text
    assert "Saved. It is in force in a moment." in shown
    assert "Nora Quist: As agreed with sales" in shown
    assert "mapping.edit" in admin.get("/admin/changes").text
    assert sorted(each.name for each in folder.iterdir() if each.name.startswith(".")) == []


def test_what_is_wrong_is_said_at_its_line_and_cannot_be_saved(office: Office, folder: Path) -> None:
    admin, stood = office.signed_in(), (folder / "tiers.yaml").read_text("utf-8")
    text, base = opened(admin, "/admin/mappings/edit/tiers.yaml")
    page = looked(admin, text.replace("within: 8 h", "within: soon", 1), base, "tiers.yaml")
    assert page.status_code == 200
    assert 'data-line="13"' in page.text
    assert "within: soon" in page.text
    assert 'name="seal"' not in page.text
    assert (folder / "tiers.yaml").read_text("utf-8") == stood


def test_examples_that_expect_something_else_are_edited_together_with_the_value(office: Office, folder: Path) -> None:
    admin = office.signed_in()
    text, base = opened(admin, "/admin/mappings/edit/tiers.yaml")
    page = looked(
        admin, text.replace("limit: 5", "limit: 3", 1).replace("within: 8 h", "within: 6 h", 1), base, "tiers.yaml"
    )
    assert page.status_code == 200
    assert 'name="seal"' not in page.text
    assert 'name="file" value="examples/response-times.yaml"' in page.text
    assert "Files that are only right together are edited and saved together." in page.text
    assert (folder / "tiers.yaml").read_text("utf-8") == text


def test_what_was_not_previewed_cannot_be_saved(office: Office, folder: Path) -> None:
    admin = office.signed_in()
    text, base = opened(admin)
    page = looked(admin, text + "# one\n", base)
    for answer in (saved(admin, page, text + "# two\n"), saved(admin, page, text + "# one\n", seal="größer")):
        assert answer.status_code == 422
        assert "This is not what was previewed" in answer.text
    assert (folder / "releases.yaml").read_text("utf-8") == text


def test_a_file_that_changed_on_disk_is_never_overwritten(office: Office, folder: Path) -> None:
    admin = office.signed_in()
    text, base = opened(admin)
    page = looked(admin, text + "# ours\n", base)
    (folder / "releases.yaml").write_text(text + "# theirs\n", "utf-8")
    answer = saved(admin, page, text + "# ours\n")
    assert answer.status_code == 409
    assert "Nothing was saved" in answer.text
    assert "releases.yaml changed since you opened it" in answer.text
    assert (folder / "releases.yaml").read_text("utf-8") == text + "# theirs\n"
    # Whoever has seen the difference goes on from what is there now.
    page = looked(admin, text + "# theirs\n# ours\n", hidden(answer, "base"))
    assert saved(admin, page, text + "# theirs\n# ours\n").status_code == 302


def test_of_two_admins_at_one_file_the_second_sees_what_the_first_saved(office: Office, folder: Path) -> None:
    first, second = office.signed_in(name="Tomas Berg"), office.signed_in()
    text, base = opened(first)
    assert opened(second) == (text, base)
    assert saved(first, looked(first, text + "# first\n", base), text + "# first\n").status_code == 302
    answer = looked(second, text + "# second\n", base)
    assert answer.status_code == 409
    assert "Last saved from here by Tomas Berg" in answer.text
    assert "# first" in answer.text
    assert (folder / "releases.yaml").read_text("utf-8") == text + "# first\n"


def test_a_preview_is_stale_once_another_file_changed(office: Office, folder: Path) -> None:
    admin = office.signed_in()
    text, base = opened(admin)
    page = looked(admin, text + "# ours\n", base)
    with (folder / "tiers.yaml").open("a") as file:
        file.write("# theirs\n")
    answer = saved(admin, page, text + "# ours\n")
    assert answer.status_code == 422
    assert "The files changed on disk meanwhile." in answer.text
    assert (folder / "releases.yaml").read_text("utf-8") == text
    assert saved(admin, answer, text + "# ours\n").status_code == 302


def test_one_click_leads_back(office: Office, folder: Path) -> None:
    admin = office.signed_in()
    text, base = opened(admin)
    saved(admin, looked(admin, text + "# ours\n", base), text + "# ours\n")
    with office.store.reading() as tx:
        (edit,) = edits.of_file(tx, "releases.yaml", 9)
    page = admin.post(f"/admin/mappings/return/{edit.id}", seen_on="/admin/now", reason="Back")
    assert page.status_code == 200
    assert saved(admin, page, text).status_code == 302
    assert (folder / "releases.yaml").read_text("utf-8") == text


def test_somebody_else_at_the_same_file_is_told_of(office: Office) -> None:
    opened(office.signed_in(name="Tomas Berg"))
    assert "Tomas Berg has releases.yaml open as well" in office.signed_in().get(EDIT).text
    office.clock.advance(seconds=edits.AT_IT.total_seconds() + 1)
    assert "Tomas Berg" not in office.signed_in().get(EDIT).text


def test_an_edit_on_disk_is_seen_in_the_history(office: Office, folder: Path) -> None:
    admin = office.signed_in()
    text, base = opened(admin)
    saved(admin, looked(admin, text + "# ours\n", base), text + "# ours\n")
    (folder / "releases.yaml").write_text(text + "# theirs\n", "utf-8")
    page = admin.get("/admin/mappings/releases.yaml").text
    assert "It was edited on disk since the last change from here." in page
    assert "# theirs" in page


def test_files_on_disk_that_are_not_in_force_are_said_so(office: Office, folder: Path) -> None:
    (folder / "tiers.yaml").write_text("tiers: []\n", "utf-8")
    admin = office.signed_in()
    assert "The files on disk are not in force" in admin.get("/admin/mappings").text
    assert "Not in force: something is wrong" in admin.get("/admin/mappings/tiers.yaml").text


def test_a_file_that_leads_out_of_the_folder_is_only_read(office: Office, folder: Path, tmp_path: Path) -> None:
    target = (folder / "prices.yaml").rename(tmp_path / "elsewhere.yaml")
    (folder / "prices.yaml").symlink_to(target)
    admin = office.signed_in()
    page = admin.get("/admin/mappings/prices.yaml").text
    assert "It can only be read here" in page
    assert "/admin/mappings/edit/" not in page
    assert admin.get("/admin/mappings/edit/prices.yaml").status_code == 409


def test_a_viewer_reads_and_does_not_edit(office: Office) -> None:
    viewer = office.signed_in(Role.VIEWER)
    assert "/admin/mappings/edit/" not in viewer.get("/admin/mappings/tiers.yaml").text
    assert viewer.get("/admin/mappings/edit/tiers.yaml").status_code == 403


def test_without_a_reason_nothing_is_saved(office: Office) -> None:
    admin = office.signed_in()
    text, base = opened(admin)
    answer = saved(admin, looked(admin, text + "# ours\n", base), text + "# ours\n", reason=" ")
    assert answer.status_code == 422
    assert "Say why" in answer.text


def test_a_table_is_a_form_whose_rows_are_added_filled_in_and_saved(office: Office, folder: Path) -> None:
    admin, stood = office.signed_in(), (folder / "prices.yaml").read_text("utf-8")
    page = admin.get("/admin/mappings/edit/prices.yaml")
    assert 'name="0/lapse/0/first_year"' in page.text
    form = {"file": "prices.yaml", "text": stood, "base": hidden(page, "base"), "shape": "form", **FORM}
    added = admin.post("/admin/mappings/change", seen_on="/admin/now", do="add:0:/annual_fee", **form)
    assert 'name="0/annual_fee/3/percent" aria-invalid="true"' in added.text
    found = re.search(r'<textarea name="text" hidden>\n(.*?)</textarea>', added.text, re.DOTALL)
    assert found is not None
    row = {"tier": "basic", "percent": "20", "cites": "C12", "from": "2027-04-01"}
    form |= {"text": unescape(found[1])} | {f"0/annual_fee/3/{key}": value for key, value in row.items()}
    assert "0 of the last 0 requests" in admin.post("/admin/mappings/preview", seen_on="/admin/now", **form).text
    page = admin.post("/admin/mappings/preview", seen_on="/admin/now", **form)
    sealed = {name: hidden(page, name) for name in ("seal", "standing")}
    assert admin.post("/admin/mappings/save", seen_on="/admin/now", **form, **sealed).status_code == 302
    line = "  - {tier: basic, percent: 25, cites: C12}\n"
    new = "  - {tier: basic, percent: 20, cites: C12, from: 2027-04-01}\n"
    assert (folder / "prices.yaml").read_text("utf-8") == stood.replace(line, line + new)


def test_what_is_wrong_is_told_while_somebody_types(office: Office, folder: Path) -> None:
    admin, stood = office.signed_in(), (folder / "tiers.yaml").read_text("utf-8")
    form = {"file": "tiers.yaml", "text": stood, "base": "", "shape": "form"}
    page = admin.post(
        "/admin/mappings/problems", seen_on="/admin/now", **form, **{"0/response_targets/0/severity": "9"}
    ).text
    assert 'href="#0/response_targets/0/severity"' in page
    assert "there is no severity 9" in page
    assert "<form" not in page
    text = {**form, "shape": "text", "text": stood.replace("8 h", "soon", 1)}
    assert 'data-line="13"' in admin.post("/admin/mappings/problems", seen_on="/admin/now", **text).text


def test_a_file_goes_from_form_to_text_and_back_with_what_was_filled_in(office: Office, folder: Path) -> None:
    admin, stood = office.signed_in(), (folder / "tiers.yaml").read_text("utf-8")
    form = {"file": "tiers.yaml", "text": stood, "base": "", "shape": "form", "0/tiers/0/name": "Platinum"}
    page = admin.post("/admin/mappings/change", seen_on="/admin/now", do="text:0:", **form).text
    assert "{id: premium, name: Platinum, aliases: [Gold], cites: C1}" in page
    assert 'class="code"' in page
    broken = {"file": "tiers.yaml", "text": "tiers: [", "base": "", "shape": "text"}
    assert 'class="code"' in admin.post("/admin/mappings/change", seen_on="/admin/now", do="form:0:", **broken).text
    for do in ("", "fly", "add:9:/tiers", "add:x:/tiers", "add:0:/nothing"):
        assert admin.post("/admin/mappings/change", seen_on="/admin/now", do=do, **form).status_code == 200


def test_a_text_is_completed_from_its_schema(office: Office) -> None:
    admin, text = office.signed_in(), "tiers:\n  - {na"
    answer = admin.ask("/admin/mappings/complete", EDIT, file="tiers.yaml", text=text + "}", at=text)
    assert answer.json == {
        "typed": "na",
        "rest": "",
        "about": "A tier and its other names.",
        "offers": [{"text": "name: ", "about": "What people call it."}],
    }
    assert admin.ask("/admin/mappings/complete", EDIT, file="x.md", text="", at="").json is None
    assert admin.ask("/admin/mappings/complete", EDIT, file="x.md", text="").status_code == 400


def as_form(office: Office, folder: Path, file: str = "tiers.yaml", **cells: str) -> dict[str, str]:
    """What a browser sends of a form in which these cells were filled in."""
    page = office.signed_in().get(f"/admin/mappings/edit/{file}")
    text = (folder / file).read_text("utf-8")
    return {"file": file, "text": text, "base": hidden(page, "base"), "shape": "form", **FORM, **cells}


WITHIN = {"0/response_targets/8/within": "60", "0/response_targets/8/within~unit": "h"}
ROW = "  - {tier: basic, severity: 3, within: 72 h, cites: C2}\n"
PLANNED = "  - {tier: basic, severity: 3, within: 60 h, cites: C2, from: 2027-01-01}\n"


def test_a_change_waits_for_its_day_is_shown_as_planned_and_can_be_withdrawn(office: Office, folder: Path) -> None:
    admin, stood = office.signed_in(), (folder / "tiers.yaml").read_text("utf-8")
    form = as_form(office, folder, **WITHIN, when="later", day="2027-01-01", applies_to="raised")
    page = admin.post("/admin/mappings/preview", seen_on="/admin/now", **form)
    assert "What you changed is written as rows of that day" in page.text
    assert "had it been in force all along" in page.text
    found = re.search(r'<textarea name="text" hidden>\n(.*?)</textarea>', page.text, re.DOTALL)
    assert found is not None
    text = unescape(found[1])
    assert text == stood.replace(ROW, ROW + PLANNED)
    kept = saved(admin, page, text, "tiers.yaml")
    assert "Saved. What waits for its day is planned" in admin.get(kept.location).text
    for path in ("/admin/mappings", "/admin/mappings/tiers.yaml"):
        assert "response targets: tier basic, severity 3, within 60 h" in admin.get(path).text
    page = admin.post(
        "/admin/mappings/withdraw", seen_on="/admin/now", name="tiers.yaml", at="/response_targets/9", last="100"
    )
    assert "Withdrawn: response targets, tier basic, severity 3, within 60 h (2027-01-01)" in page.text
    assert saved(admin, page, stood, "tiers.yaml").status_code == 302
    assert "Planned" not in admin.get("/admin/mappings").text
    gone = admin.post("/admin/mappings/withdraw", seen_on="/admin/now", name="tiers.yaml", at="/tiers/0", last="100")
    assert gone.status_code == 404


def test_what_others_changed_meanwhile_is_not_taken_for_a_change_that_waits(office: Office, folder: Path) -> None:
    form = as_form(office, folder, **WITHIN, when="later", day="2027-01-01", opened="")
    form["opened"] = form["text"]
    theirs = form["text"].replace("limit: 5", "limit: 6", 1)
    (folder / "tiers.yaml").write_text(theirs, "utf-8")
    page = office.signed_in().post("/admin/mappings/preview", seen_on="/admin/now", **form)
    assert page.status_code == 409
    assert sent(page)["text"] == [theirs.replace("within: 72 h", "within: 60 h", 1)]
    assert re.search(r'value="later" checked', page.text)


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({**WITHIN, "day": "2026-01-01"}, "a day to come"),
        ({**WITHIN, "day": "soon"}, "a day to come"),
        (
            {"0/tiers/0/name": "Top", "day": "2027-01-01"},
            "This cannot wait for a day, save it on its own: tiers, 1, name",
        ),
    ],
)
def test_what_cannot_wait_for_a_day_is_said_and_not_saved(
    office: Office, folder: Path, cells: dict[str, str], said: str
) -> None:
    form = as_form(office, folder, when="later", **cells)
    page = office.signed_in().post("/admin/mappings/preview", seen_on="/admin/now", **form)
    assert page.status_code == 422
    assert said in page.text


def sent(page: TestResponse) -> dict[str, list[str]]:
    """What a browser sends of the editor as it is, as a text."""
    form: dict[str, list[str]] = {}
    for name in ("file", "base", "shape", "seal", "standing"):
        form[name] = [unescape(each) for each in re.findall(rf'name="{name}" value="([^"]*)"', page.text)]
    for name in ("text", "opened"):
        found = re.findall(rf'<textarea[^>]*name="{name}"[^>]*>\n(.*?)</textarea>', page.text, re.DOTALL)
        form[name] = [unescape(each) for each in found]
    return {name: values for name, values in form.items() if values}


def posted(browser: Browser, path: str, form: dict[str, list[str]], **more: str) -> TestResponse:
    several: dict[str, Any] = {name: values if len(values) > 1 else values[0] for name, values in form.items()}
    return browser.post(path, seen_on="/admin/now", **{**several, **FORM, **more})


def test_what_two_admins_changed_in_other_lines_is_brought_together(office: Office, folder: Path) -> None:
    first, second = office.signed_in(name="Tomas Berg"), office.signed_in()
    page = second.get(EDIT + AS_TEXT)
    text = sent(page)["text"][0]
    base = sent(page)["base"][0]
    saved(first, looked(first, text + "# at the end\n", base), text + "# at the end\n")
    mine = {**sent(page), "text": ["# at the beginning\n" + text]}
    page = posted(second, "/admin/mappings/preview", mine)
    assert page.status_code == 409
    assert "Last saved from here by Tomas Berg" in page.text
    assert "both changes are in what you see now" in page.text
    assert sent(page)["text"] == ["# at the beginning\n" + text + "# at the end\n"]
    assert (folder / "releases.yaml").read_text("utf-8") == text + "# at the end\n"
    page = posted(second, "/admin/mappings/preview", sent(page))
    assert posted(second, "/admin/mappings/save", sent(page)).status_code == 302
    assert (folder / "releases.yaml").read_text("utf-8") == "# at the beginning\n" + text + "# at the end\n"


@pytest.mark.parametrize(
    ("choice", "lines"), [("ours", "# mine\n"), ("theirs", "# theirs\n"), ("both", "# theirs\n# mine\n")]
)
def test_of_lines_that_both_changed_somebody_chooses_seeing_all_three(
    office: Office, folder: Path, choice: str, lines: str
) -> None:
    admin = office.signed_in()
    page = admin.get(EDIT + AS_TEXT)
    text = sent(page)["text"][0]
    first = text.partition("\n")[0] + "\n"
    (folder / "releases.yaml").write_text(text.replace(first, "# theirs\n", 1), "utf-8")
    page = posted(admin, "/admin/mappings/preview", {**sent(page), "text": [text.replace(first, "# mine\n", 1)]})
    assert page.status_code == 409
    for said in (first.strip(), "# theirs", "# mine"):
        assert f'<pre lang="en">{said}' in page.text
    theirs = hidden(page, "0!theirs")
    page = posted(admin, "/admin/mappings/preview", sent(page), **{"0!theirs": theirs, "0!0": choice})
    assert page.status_code == 200
    assert sent(page)["text"] == [text.replace(first, lines, 1)]


def test_a_choice_over_what_has_changed_again_is_asked_anew(office: Office, folder: Path) -> None:
    admin = office.signed_in()
    page = admin.get(EDIT + AS_TEXT)
    text = sent(page)["text"][0]
    first = text.partition("\n")[0] + "\n"
    (folder / "releases.yaml").write_text(text.replace(first, "# theirs\n", 1), "utf-8")
    page = posted(admin, "/admin/mappings/preview", {**sent(page), "text": [text.replace(first, "# mine\n", 1)]})
    theirs = hidden(page, "0!theirs")
    (folder / "releases.yaml").write_text(text.replace(first, "# theirs again\n", 1), "utf-8")
    page = posted(admin, "/admin/mappings/preview", sent(page), **{"0!theirs": theirs, "0!0": "ours"})
    assert page.status_code == 409
    assert "# theirs again" in page.text


NEW = """\
# yaml-language-server: $schema=../schema/agreements.schema.json
name: Echo Bakery
match: {domains: [echo-bakery.example]}
terms:
  - {from: 2027-01-01, to: 2027-12-31}
entitlements:
  - {product: expecco, tier: basic, licenses: 2}
named_contacts:
  - {name: Ada Brot, email: ada.brot@echo-bakery.example}
"""


def test_a_customer_is_added_renamed_taken_away_and_brought_back(office: Office, folder: Path) -> None:
    admin = office.signed_in()
    page = admin.get("/admin/mappings/add?folder=agreements&name=echo-bakery&like=")
    assert 'name="0/named_contacts/0/name"' in page.text
    form = {**sent(page), "shape": ["text"], "text": [NEW]}
    page = posted(admin, "/admin/mappings/preview", form)
    assert posted(admin, "/admin/mappings/save", sent(page)).location == (
        "/admin/mappings/agreements/echo-bakery.yaml?saved=1"
    )
    assert (folder / "agreements" / "echo-bakery.yaml").read_text("utf-8") == NEW

    page = admin.post(
        "/admin/mappings/rename", seen_on="/admin/now", file="agreements/echo-bakery.yaml", name="echo", **FORM
    )
    assert sent(page)["file"] == ["agreements/echo.yaml", "agreements/echo-bakery.yaml"]
    assert posted(admin, "/admin/mappings/save", sent(page)).status_code == 302
    assert not (folder / "agreements" / "echo-bakery.yaml").exists()
    assert (folder / "agreements" / "echo.yaml").read_text("utf-8") == NEW

    page = admin.post("/admin/mappings/delete", seen_on="/admin/now", file="agreements/echo.yaml", **FORM)
    assert posted(admin, "/admin/mappings/save", sent(page)).location == "/admin/mappings?saved=1"
    assert not (folder / "agreements" / "echo.yaml").exists()
    listed = admin.get("/admin/mappings").text
    assert "Taken away from here" in listed
    found = re.search(r'action="(/admin/mappings/return/\d+)".*?agreements/echo.yaml', listed, re.DOTALL)
    assert found is not None
    page = admin.post(found[1], seen_on="/admin/now", **FORM)
    assert posted(admin, "/admin/mappings/save", sent(page)).status_code == 302
    assert (folder / "agreements" / "echo.yaml").read_text("utf-8") == NEW
    assert "agreements/echo.yaml <span" not in admin.get("/admin/mappings").text


def test_a_file_cannot_be_added_over_another_or_where_nobody_reads_it(office: Office, folder: Path) -> None:
    admin = office.signed_in()
    for folder_, name, said in (
        ("agreements", "aurora-robotics", "There is a file agreements/aurora-robotics.yaml already."),
        ("agreements", "Echo Bakery", "No file can be called agreements/Echo Bakery.yaml"),
        ("agreements", "../tiers", "No file can be called"),
        ("examples", ".nights", "hidden files are passed over"),
    ):
        page = admin.get(f"/admin/mappings/add?folder={folder_}&name={name}")
        assert page.status_code == 422
        assert said in unescape(page.text)
    assert admin.get("/admin/mappings/add?folder=&name=x").status_code == 404
    assert admin.get("/admin/mappings/add?folder=examples&name=x&like=nothing").status_code == 404
    # Somebody else was faster.
    page = admin.get("/admin/mappings/add?folder=agreements&name=echo-bakery")
    (folder / "agreements" / "echo-bakery.yaml").write_text("name: Theirs\n", "utf-8")
    assert posted(admin, "/admin/mappings/preview", {**sent(page), "text": [NEW]}).status_code == 409


def test_what_is_needed_cannot_go_and_a_customer_with_bookings_keeps_their_id(office: Office) -> None:
    admin = office.signed_in()
    for path in ("delete", "rename"):
        answer = admin.post(f"/admin/mappings/{path}", seen_on="/admin/now", file="tiers.yaml", name="x", **FORM)
        assert answer.status_code == 404
    page = admin.post("/admin/mappings/delete", seen_on="/admin/now", file="agreements/aurora-robotics.yaml", **FORM)
    assert 'name="seal"' not in page.text, "examples are about them"
    with office.store.writing() as tx:
        ledger.number_after(tx, "delta-foundry", 0)
        ledger.lock(tx, ["delta-foundry"])
        ledger.number_after(tx, "delta-foundry", 7)
    page = admin.post(
        "/admin/mappings/rename", seen_on="/admin/now", file="agreements/delta-foundry.yaml", name="delta", **FORM
    )
    assert page.status_code == 422
    assert "Credits were booked by this name already" in page.text


def test_a_preview_that_takes_long_is_made_beside_the_page(office: Office) -> None:
    desk = replace(office.desk, patience=timedelta(0))
    admin = replace(office, desk=desk).signed_in()
    text, base = opened(admin)
    page = looked(admin, text + "# ours\n", base)
    assert "Looking at what it would change" in page.text
    assert "seal" not in sent(page)
    for _ in range(200):
        page = looked(admin, text + "# ours\n", base)
        if "seal" in sent(page):
            break
        time.sleep(0.05)
    assert "0 of the last 0 requests would be decided otherwise." in page.text
    assert saved(admin, page, text + "# ours\n").status_code == 302
