"""Documents in a real browser: they fit a phone, fetch nothing, run nothing that somebody typed, and print on A4."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.road.house import house, sqlite_store
from tests.road.test_statement import EVIL, made, page_of


@pytest.fixture(scope="module")
def statements(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return a customer's statement as a file, by its language."""
    folder, files = tmp_path_factory.mktemp("statements"), {}
    with sqlite_store(folder) as store, house(store) as home:
        home.raised(version=EVIL)
        home.raised(version="26.2" + "x" * 240)
        home.settle()
        told = made(home, "aurora-robotics")
        for language in home.mappings.statement_words:
            files[language] = folder / f"{language}.html"
            files[language].write_text(page_of(home, told, language).html())
    return files


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_statement_fits_a_phone_and_a_desk(browser: Browser, statements: dict[str, Path], scheme: str) -> None:
    for width in (360, 1280):
        opened = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
        for file in statements.values():
            opened.goto(file.as_uri())
            assert opened.evaluate("document.documentElement.scrollWidth") <= width
            ink, paper = opened.evaluate(
                "[getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor]"
            )
            assert (_light(paper), _light(ink)) == ((True, False) if scheme == "light" else (False, True))
        opened.close()


def test_a_statement_fetches_nothing_and_runs_nothing(page: Page, statements: dict[str, Path]) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    page.goto(statements["en"].as_uri())
    assert asked == [statements["en"].as_uri()]
    assert page.locator("script").count() == 0
    assert "<script>alert(1)</script>" in page.locator("body").inner_text()


def test_a_statement_prints_on_a4(page: Page, statements: dict[str, Path]) -> None:
    page.emulate_media(color_scheme="dark")
    page.goto(statements["de"].as_uri())
    printed = page.pdf(prefer_css_page_size=True)
    boxes = set(re.findall(rb"/MediaBox \[0 0 (\d+)[.\d]* (\d+)", printed))
    assert boxes == {(b"594", b"841")} or boxes == {(b"595", b"842")} or boxes == {(b"595", b"841")}, boxes
    page.emulate_media(media="print")
    assert _light(page.evaluate("getComputedStyle(document.body).backgroundColor"))


def _light(colour: str) -> bool:
    red, green, blue = (int(each) for each in re.findall(r"\d+", colour)[:3])
    return red + green + blue > 384
