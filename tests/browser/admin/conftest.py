"""The admin's pages as a person uses them: a sandbox Jira, requests that were worked, the pages served over HTTP."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from shutil import copytree

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page
from pydantic import SecretStr

from plugin.settings import Settings
from plugin.store import people
from plugin.store.people import Role
from tests.road.house import ACCOUNT, LENA, OSKAR, TOO_OLD, UNCLEAR, House, house, sqlite_store
from webhooks import create_app
from webhooks.admin import Desk
from webhooks.server import Server

MARKUP = '<img src=x onerror="document.title=1"><script>document.title=2</script>&amp;"\'{{ 7*7 }}'
"""What a customer may type. None of it is to be anything but letters."""

DESKTOP, PHONE = {"width": 1280, "height": 860}, {"width": 390, "height": 844}


@dataclass
class Office:
    """The pages at `url`, over a house whose requests were worked; people who are signed in there."""

    home: House
    url: str
    desk: Desk
    keys: dict[str, str]

    def link(self, role: Role, name: str | None) -> str:
        """A link with which somebody sets their password."""
        with self.home.store.writing() as tx:
            return f"{self.url}/admin/welcome/{people.invite(tx, name, role, 'the test', self.home.clock())}"


@pytest.fixture(scope="package")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with sqlite_store(tmp_path_factory.mktemp("admin")) as store, house(store) as home:
        keys = _played(home)
        settings = Settings(
            webhook_secrets=(SecretStr("between-us"),),
            port=0,
            jira_url=home.sandbox.url,
            jira_email=ACCOUNT,
            jira_token=SecretStr(home.person(ACCOUNT).token),
            jira_flavour="cloud",
            mappings_dir=str(copytree("mappings", tmp_path_factory.mktemp("files") / "mappings")),
        )
        desk = Desk(settings, store, lambda: home.mappings, home.pause, now=home.clock)
        with served(settings, home, desk) as url:
            yield Office(home, url, desk, keys)


def _played(home: House) -> dict[str, str]:
    """Requests of every kind, by what they are."""
    kinds = {
        "well": home.raised(),
        "too old": home.raised(version=TOO_OLD),
        "unclear": home.raised(version=UNCLEAR),
        "markup": home.raised(version=MARKUP),
        "not named": home.raised(who=LENA),
        "ended": home.raised(who=OSKAR),
    }
    home.settle()
    home.change(kinds["well"], Contract_override="On hold", Contract_override_reason=f"Ask sales. {MARKUP}")
    home.settle()
    home.clock.advance(minutes=7)
    return {name: issue.key for name, issue in kinds.items()}


@contextmanager
def served(settings: Settings, home: House, desk: Desk) -> Iterator[str]:
    server = Server(create_app(settings, home.store, desk=desk), settings)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.stop()
        thread.join()


@contextmanager
def watched(context: BrowserContext) -> Iterator[Page]:
    """A page in which anything that the browser complains of fails the test."""
    complaints: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            complaints.append(message.text)

    page = context.new_page()
    page.set_default_timeout(10_000)
    page.on("console", heard)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    page.close()
    assert complaints == []


@pytest.fixture(scope="package")
def signed_in(browser: Browser, office: Office) -> Iterator[dict[Role, BrowserContext]]:
    """A browser of an admin, and one of a viewer: each set their password by a link."""
    contexts = {}
    for role, name in ((Role.ADMIN, "Nora Quist"), (Role.VIEWER, "Tomas Berg")):
        contexts[role] = context = browser.new_context(viewport=DESKTOP)
        page = context.new_page()
        page.goto(office.link(role, name))
        page.get_by_label("Password", exact=True).fill("many small green boats")
        page.get_by_label("The same password again").fill("many small green boats")
        page.get_by_role("button", name="Set the password").click()
        page.get_by_role("heading", level=1, name="Now").wait_for()
        page.close()
    yield contexts
    for context in contexts.values():
        context.close()


@pytest.fixture
def admin(signed_in: dict[Role, BrowserContext]) -> Iterator[Page]:
    with watched(signed_in[Role.ADMIN]) as page:
        yield page


@pytest.fixture
def viewer(signed_in: dict[Role, BrowserContext]) -> Iterator[Page]:
    with watched(signed_in[Role.VIEWER]) as page:
        yield page


@pytest.fixture
def stranger(browser: Browser, office: Office) -> Iterator[Page]:
    """Somebody who has not signed in."""
    context = browser.new_context(viewport=DESKTOP, base_url=office.url)
    with watched(context) as page:
        yield page
    context.close()
