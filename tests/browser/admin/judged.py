"""A page judged at phone and desktop width, light and dark: by axe-core, and by whether anything sticks out."""

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.admin.conftest import DESKTOP, PHONE
from tests.wire.prism import PACKAGE

AXE = PACKAGE / "node_modules" / "axe-core" / "axe.min.js"

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}

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
    page.evaluate(AXE.read_text())
    for width in (DESKTOP, PHONE):
        page.set_viewport_size(width)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            shape = f"{name}, {scheme}, {width['width']} wide"
            found: dict[str, Any] = page.evaluate("rules => axe.run(document, rules)", RULES)
            wrong += [
                f"{shape}: {each['id']}: {node['html']}: {node['failureSummary']}"
                for each in found["violations"]
                for node in each["nodes"]
            ]
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                wrong.append(f"{shape}: something sticks out at the side")
            if PICTURES:
                page.screenshot(path=Path(PICTURES) / f"{name}-{scheme}-{width['width']}.png", full_page=True)
    page.set_viewport_size(DESKTOP)
    page.emulate_media(color_scheme="light")
    assert not wrong, "\n".join(wrong)
