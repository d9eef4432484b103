"""A page judged at phone and desktop width, light and dark: by axe-core, and by whether anything sticks out.

It is loaded once. In the dark nothing is other than colours: there only these are judged again.
"""

import os
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.admin.conftest import DESKTOP, PHONE
from tests.wire.prism import PACKAGE

AXE = PACKAGE / "node_modules" / "axe-core" / "axe.min.js"

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RULES = {
    "light": {"runOnly": TAGS, "resultTypes": ["violations"]},
    "dark": {
        "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
        "resultTypes": ["violations"],
    },
}
"""What is judged in which scheme."""

JUDGE = "async rules => (await axe.run(document, rules)).violations"
"""Only what is wrong comes back: of a long page, what is right is megabytes."""

PICTURES = os.environ.get("PICTURES")
"""A folder to put a picture of every page into, for whoever wants to look."""


def judge(page: Page, name: str) -> None:
    """Judge the page as it is now, in all four ways; raises AssertionError with everything that is wrong."""
    if not AXE.is_file():
        sentence = "NOT JUDGED BY AXE-CORE: not installed (./deploy/test does it, or python -m tests.wire.prism)"
        if os.environ.get("CI"):
            pytest.fail(sentence)
        pytest.skip(sentence)
    wrong = []
    # By way of the debugger: the page itself takes no script from elsewhere.
    page.evaluate(_axe())
    for width in (DESKTOP, PHONE):
        page.set_viewport_size(width)
        for scheme, rules in RULES.items():
            page.emulate_media(color_scheme=scheme)
            shape = f"{name}, {scheme}, {width['width']} wide"
            found: list[dict[str, Any]] = page.evaluate(JUDGE, rules)
            wrong += [
                f"{shape}: {each['id']}: {node['html']}: {node['failureSummary']}"
                for each in found
                for node in each["nodes"]
            ]
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                wrong.append(f"{shape}: something sticks out at the side")
            if PICTURES:
                page.screenshot(path=Path(PICTURES) / f"{name}-{scheme}-{width['width']}.png", full_page=True)
    page.set_viewport_size(DESKTOP)
    page.emulate_media(color_scheme="light")
    assert not wrong, "\n".join(wrong)


@cache
def _axe() -> str:
    return AXE.read_text()
