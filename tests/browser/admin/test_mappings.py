"""Mapping files edited in the browser: problems in place, what it would change, saved, and back."""

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
