"""Try it, as a person does."""

from playwright.sync_api import Page, expect

from tests.browser.admin.conftest import MARKUP, Office
from tests.browser.admin.judged import judge


def test_a_request_is_tried_out_and_its_reply_read(office: Office, viewer: Page) -> None:
    viewer.goto(f"{office.url}/admin/try")
    viewer.get_by_label("Customer", exact=True).select_option("Aurora Robotics")
    viewer.get_by_label("Raised by").fill("somebody@aurora-robotics.example")
    viewer.get_by_label("Product").fill("expecco")
    viewer.get_by_label("Version").fill(MARKUP)
    viewer.get_by_role("button", name="Decide").click()
    expect(viewer.locator("#decision")).to_contain_text("not eligible")
    expect(viewer.locator(".letter[lang=de]")).to_contain_text("Guten Tag somebody@aurora-robotics.example,")
    viewer.get_by_text("What happens to it").click()
    judge(viewer, "tried")


def test_a_real_request_is_taken_and_decided_at_another_time(office: Office, admin: Page) -> None:
    admin.goto(f"{office.url}/admin/try")
    admin.get_by_label("Its key").fill(office.keys["too old"])
    admin.get_by_role("button", name="Take it").click()
    expect(admin.get_by_label("Raised by")).to_have_value("mira.castellan@aurora-robotics.example")
    admin.get_by_label("Version").fill("26.2")
    admin.get_by_role("button", name="Decide").click()
    expect(admin.locator("#decision")).to_contain_text("eligible")
    expect(admin.locator("main")).to_contain_text(f"{office.keys['too old']} is eligible")
