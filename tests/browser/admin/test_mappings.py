"""Mapping files edited in the browser: problems in place, what it would change, saved, and back."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.admin.conftest import Office
from tests.browser.admin.judged import judge

SELECTED = "(box => box.value.slice(box.selectionStart, box.selectionEnd))(document.activeElement)"


@pytest.fixture
def folder(office: Office) -> Iterator[Path]:
    """The mapping files without the examples, which would have to be edited as well."""
    folder = Path(office.desk.settings.mappings_dir)
    aside = (folder / "examples").rename(folder.parent / "examples")
    yield folder
    aside.rename(folder / "examples")


def edited(page: Page, old: str, new: str) -> None:
    box = page.get_by_label("Text").first
    box.fill(box.input_value().replace(old, new, 1))


def test_keys_and_words_are_offered_while_somebody_types(office: Office, admin: Page, folder: Path) -> None:
    admin.goto(f"{office.url}/admin/mappings/edit/prices.yaml?as=text")
    box = admin.get_by_label("Text")
    box.fill(box.input_value() + "  - {tier: b")
    box.press("Control+Space")
    offers = admin.get_by_role("listbox").get_by_role("option")
    expect(offers).to_have_text(["basic"])
    box.press("Enter")
    box.press_sequentially(", ")
    box.press("Control+Space")
    expect(offers.first).to_contain_text("cites:")
    box.press("ArrowDown")
    assert admin.evaluate(
        "document.getElementById(document.activeElement.getAttribute('aria-activedescendant')).innerText"
    )
    judge(admin, "mapping-completion")
    box.press("Escape")
    expect(admin.get_by_role("listbox")).to_be_hidden()
    assert box.input_value().endswith("  - {tier: basic, ")
    # Problems come by themselves.
    expect(admin.locator("#problems")).to_contain_text("this is not YAML")
    admin.get_by_label("Text").fill((folder / "prices.yaml").read_text("utf-8"))
    expect(admin.locator("#problems")).not_to_contain_text("this is not YAML")


def test_a_customer_comes_and_two_admins_at_a_table_are_brought_together(
    office: Office, admin: Page, folder: Path
) -> None:
    admin.goto(f"{office.url}/admin/mappings")
    admin.locator("summary", has_text="Add a file").first.click()
    admin.get_by_label("Name of the file").first.fill("echo-bakery")
    judge(admin, "mapping-add")
    admin.get_by_role("button", name="Begin").first.click()
    expect(admin.get_by_label("name, row 1", exact=True)).to_be_visible()
    # Not watched: browsers complain of the answer that something changed meanwhile (409).
    page = admin.context.new_page()
    page.goto(f"{office.url}/admin/mappings/edit/tiers.yaml")
    page.get_by_label("within, row 1", exact=True).fill("6")
    page.get_by_label("from a day on").check()
    page.get_by_label("From which day on").fill("2027-01-01")
    tiers = folder / "tiers.yaml"
    stood = tiers.read_text("utf-8")
    tiers.write_text(stood.replace("within: 8 h", "within: 7 h", 1).replace("limit: 5", "limit: 6", 1), "utf-8")
    page.get_by_role("button", name="See what it would change").last.click()
    expect(page.get_by_role("heading", name="tiers.yaml changed since you opened it")).to_be_visible()
    judge(page, "mapping-conflict")
    page.get_by_label("take mine").check()
    page.get_by_role("button", name="See what it would change").last.click()
    # Made beside the page, which asks for it by itself.
    expect(page.locator("main")).to_contain_text("requests would be decided otherwise", timeout=30_000)
    expect(page.locator(".diff .added")).to_have_text(re.compile(r"within: 6 h, cites: C2, from: 2027-01-01"))
    page.close()
    tiers.write_text(stood, "utf-8")


def test_a_form_is_filled_in_and_told_what_is_wrong_at_its_cells(office: Office, admin: Page) -> None:
    admin.goto(f"{office.url}/admin/mappings/edit/prices.yaml")
    admin.get_by_role("button", name="Add a row annual fee").click()
    expect(admin.get_by_label("percent, row 4")).to_have_attribute("aria-invalid", "true")
    judge(admin, "mapping-form")
    admin.get_by_label("tier, row 4").select_option("basic")
    admin.get_by_label("percent, row 4").fill("20")
    # What is still wrong is told by itself: the row says again what another one says.
    expect(admin.locator("#problems")).to_contain_text("says again")
    expect(admin.get_by_label("percent, row 4")).not_to_have_attribute("aria-invalid", "true")
    admin.get_by_role("button", name="Remove annual fee 4").click()
    expect(admin.get_by_label("percent, row 4")).to_have_count(0)
    expect(admin.locator("#problems")).to_have_text("")


def test_an_edit_goes_from_problems_by_a_preview_into_the_file(office: Office, admin: Page, folder: Path) -> None:
    stood = (folder / "tiers.yaml").read_text("utf-8")
    admin.goto(f"{office.url}/admin/mappings/tiers.yaml")
    admin.get_by_role("link", name="Edit").click()
    admin.get_by_role("button", name="Edit as a text").click()
    edited(admin, "within: 8 h", "within: soon")
    admin.get_by_role("button", name="See what it would change").click()
    admin.get_by_role("button", name="line 13").click()
    assert admin.evaluate(SELECTED).endswith("within: soon, cites: C2}")
    judge(admin, "mapping-problems")
    edited(admin, "within: soon", "within: 6 h")
    admin.get_by_label("Why (for the history)").fill("Signed with everybody")
    admin.get_by_role("button", name="See what it would change").click()
    expect(admin.locator("main")).to_contain_text("response due")
    judge(admin, "mapping-preview")
    admin.get_by_role("button", name="Save what was previewed").click()
    expect(admin.get_by_role("status")).to_contain_text("Saved.")
    assert (folder / "tiers.yaml").read_text("utf-8") == stood.replace("within: 8 h", "within: 6 h", 1)
    admin.locator("summary", has_text="Signed with everybody").click()
    judge(admin, "mapping-history")
    admin.get_by_role("button", name="Return to what was before").click()
    admin.get_by_role("button", name="Save what was previewed").click()
    expect(admin.get_by_role("status")).to_contain_text("Saved.")
    assert (folder / "tiers.yaml").read_text("utf-8") == stood
