"""Customers as a person looks after them: found, looked at, corrected once; and reports, in German."""

import re
from pathlib import Path

from playwright.sync_api import Page

from plugin.contract.grants import CREDIT
from plugin.store import ledger
from tests.browser.admin.conftest import MARKUP, Office
from tests.browser.admin.judged import judge

BRENNHAUS = "/admin/customers/brennhaus-medical"


def test_a_balance_is_corrected_once_though_somebody_clicks_twice(office: Office, admin: Page) -> None:
    admin.goto(f"{office.url}/admin/customers")
    admin.get_by_role("searchbox").fill("greta brennhaus")
    admin.keyboard.press("Enter")
    admin.get_by_role("link", name="Brennhaus Medical").click()
    admin.get_by_text("Correct the balance").click()
    admin.get_by_role("spinbutton", name="How many").fill("5")
    admin.get_by_role("textbox", name="Why", exact=True).fill(f"Promised. {MARKUP}")
    admin.get_by_role("button", name="Show what it would book").click()
    admin.get_by_role("heading", name="What would be booked").wait_for()
    assert MARKUP[:36] in admin.locator("main").inner_text()
    judge(admin, "correcting")
    admin.get_by_role("button", name="Book it").dblclick()
    admin.get_by_role("status").get_by_text("Booked.").wait_for()
    admin.reload()
    with office.home.store.reading() as tx:
        lines = ledger.statement(tx, "brennhaus-medical", CREDIT)
    assert [line.units for line in lines if line.memo.startswith("Promised.")] == [5]
    judge(admin, "customer-corrected")


def test_a_package_is_added_once_though_somebody_clicks_twice(office: Office, admin: Page) -> None:
    admin.goto(f"{office.url}{BRENNHAUS}")
    admin.get_by_text("Add a package").click()
    admin.get_by_role("spinbutton", name="Credits").fill("40")
    admin.get_by_role("textbox", name="Reference").fill(MARKUP[:60])
    # A day that no example of the mapping files is about.
    admin.get_by_label("First day").fill("2030-05-01")
    admin.get_by_label("Last day").fill("2030-12-31")
    # All files are read and all examples run.
    admin.set_default_timeout(30_000)
    admin.get_by_role("button", name="Show what it would change").click()
    admin.get_by_role("heading", name="What it would change").wait_for()
    assert MARKUP[:60] in admin.locator("main").inner_text()
    judge(admin, "package")
    admin.get_by_role("button", name="Add it").dblclick()
    admin.get_by_role("status").get_by_text("Added.").wait_for()
    written = Path(office.desk.settings.mappings_dir, "agreements/brennhaus-medical.yaml").read_text("utf-8")
    assert written.count("bought: 2030-05-01, credits: 40") == 1


def test_the_burn_down_is_there_as_a_table_for_whoever_sees_no_chart(office: Office, admin: Page) -> None:
    admin.goto(f"{office.url}/admin/customers/aurora-robotics")
    summary = admin.get_by_text("Credits as a table")
    summary.focus()
    admin.keyboard.press("Enter")
    assert "granted" in admin.get_by_role("table").filter(has_text="Balance").inner_text()
    judge(admin, "customer-table")


def test_a_statement_and_a_report_are_saved(office: Office, viewer: Page) -> None:
    viewer.goto(f"{office.url}{BRENNHAUS}")
    assert viewer.get_by_role("heading", name="Correct the balance").count() == 0
    with viewer.expect_download() as saved:
        viewer.get_by_role("button", name="CSV").click()
    assert saved.value.suggested_filename == "brennhaus-medical-2026-11.csv"
    viewer.goto(f"{office.url}/admin/reports")
    with viewer.expect_download() as saved:
        viewer.get_by_role("link", name=re.compile("CSV.*Refusals, by reason")).click()
    assert saved.value.suggested_filename == "refusals-2026-06-2026-11.csv"


def test_customers_and_reports_are_said_in_german(office: Office, viewer: Page) -> None:
    viewer.goto(f"{office.url}/admin/customers/aurora-robotics")
    viewer.get_by_role("button", name="Deutsch").click()
    viewer.get_by_role("heading", name="Benannte Ansprechpartner").wait_for()
    judge(viewer, "customer-german")
    viewer.goto(f"{office.url}/admin/reports")
    viewer.get_by_role("heading", name="Ablehnungen, nach Grund").wait_for()
    judge(viewer, "reports-german")
    viewer.get_by_role("button", name="English").click()
    viewer.get_by_role("heading", name="Refusals, by reason").wait_for()
