"""Every page, at both widths, light and dark: nothing to object to, and what customers type is text."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.admin.conftest import MARKUP, Office
from tests.browser.admin.judged import judge

PAGES: dict[str, Callable[[Office], str]] = {
    "now": lambda _office: "/admin/now",
    "request": lambda office: f"/admin/requests/{office.keys['markup']}",
    "request-on-hold": lambda office: f"/admin/requests/{office.keys['well']}",
    "try": lambda _office: "/admin/try",
    "try-real": lambda office: f"/admin/try?key={office.keys['markup']}",
    "customers": lambda _office: "/admin/customers",
    "customer": lambda _office: "/admin/customers/aurora-robotics",
    "customer-ended": lambda _office: "/admin/customers/delta-foundry",
    "reports": lambda _office: "/admin/reports",
    "mappings": lambda _office: "/admin/mappings",
    "mapping-tiers": lambda _office: "/admin/mappings/tiers.yaml",
    "mapping-examples": lambda _office: "/admin/mappings/examples/versions.yaml",
    "mapping-reply": lambda _office: "/admin/mappings/replies/frame.de.md",
    "mapping-edit": lambda _office: "/admin/mappings/edit/tiers.yaml",
    "changes": lambda _office: "/admin/changes",
    "people": lambda _office: "/admin/people",
    "sessions": lambda _office: "/admin/sessions",
    "problem": lambda _office: "/admin/sign-in?next=/admin/now",
}
"""A row for each page: what it is called, and where it is."""


@pytest.mark.parametrize("name", PAGES)
def test_a_page_can_be_read_by_everybody(name: str, office: Office, admin: Page) -> None:
    admin.goto(f"{office.url}{PAGES[name](office)}")
    judge(admin, name)
    assert admin.locator("img").count() == 0
    assert admin.title() not in ("1", "2")


def test_what_a_customer_types_is_shown_as_it_was_typed(office: Office, admin: Page) -> None:
    admin.goto(f"{office.url}/admin/now")
    assert MARKUP[:36] in admin.locator("#latest ~ .wide-table").inner_text()
