"""A receipt by its link, as an agent opens it who never signed in."""

from datetime import timedelta

from playwright.sync_api import Page

from plugin.links import PATH, signed
from plugin.store import decisions, keys
from plugin.store.keys import Key
from tests.browser.admin.conftest import MARKUP, Office
from tests.browser.admin.judged import judge


def test_a_receipt_can_be_read_by_whoever_has_its_link(office: Office, stranger: Page) -> None:
    with office.home.store.writing() as tx:
        secret, request_id = keys.secret(tx, Key.RECEIPTS), decisions.request_named(tx, office.keys["markup"]) or ""
    token = signed(secret, request_id, office.home.clock() + timedelta(days=30))
    stranger.goto(f"{office.url}/admin/{PATH}{token}")
    judge(stranger, "receipt")
    assert MARKUP[:36] in stranger.locator("#main").inner_text()
    assert (stranger.locator("img").count(), stranger.locator("form").count()) == (0, 0)
    stranger.locator("summary").first.click()
    assert stranger.get_by_text("Update Service must be purchased annually").is_visible()
