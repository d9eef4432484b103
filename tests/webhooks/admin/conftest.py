"""The admin's pages over a store, and people who are signed in there."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from flask.testing import FlaskClient
from pydantic import SecretStr
from werkzeug.test import TestResponse

from plugin.mappings.watched import Watched
from plugin.sandbox.state import Issue
from plugin.settings import Settings
from plugin.store import Store, doors, people
from plugin.store.people import Role
from tests.road.house import ACCOUNT, Clock, House, emptied, shipped, sqlite_store
from webhooks import create_app
from webhooks.admin import Desk

PATIENCE = timedelta(minutes=1)
"""Pages wait for what is worked beside them."""

PASSWORD = "many small green boats"


class Browser:
    """Somebody's browser: keeps cookies, and fills the token into forms as the pages give it."""

    def __init__(self, client: FlaskClient, base: str = "http://localhost") -> None:
        self._client, self._base = client, base

    def get(self, path: str, **headers: str) -> TestResponse:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        # Buffered: a file of ours is not left open.
        return self._client.get(path, base_url=self._base, headers=sent, buffered=True)

    def post(self, path: str, seen_on: str | None = "/admin/sign-in", **form: str) -> TestResponse:
        """Send a form that was seen on that page."""
        values = dict(form)
        if seen_on is not None:
            page = self.get(seen_on).text
            found = re.search(r'name="csrf_token" value="([^"]+)"', page)
            assert found is not None
            values["csrf_token"] = found[1]
            if seen := re.search(r'name="seen" value="(\d+)"', page):
                values.setdefault("seen", seen[1])
        # Over TLS a browser is believed by where it comes from, too.
        return self._client.post(path, data=values, base_url=self._base, headers={"Referer": f"{self._base}/admin/"})

    def holds(self) -> dict[str, object]:
        """What is in the cookie of its session."""
        with self._client.session_transaction(base_url=f"{self._base}/admin/") as session:
            return dict(session)

    def ask(self, path: str, seen_on: str, **values: Any) -> TestResponse:
        """Send what a script of a page sends, with the token of that page."""
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.get(seen_on).text)
        assert found is not None
        return self._client.post(path, json=values, base_url=self._base, headers={"X-CSRFToken": found[1]})


@dataclass
class Office:
    """The pages and what they stand on."""

    store: Store
    clock: Clock
    settings: Settings
    desk: Desk

    def browser(self, base: str = "http://localhost") -> Browser:
        app = create_app(self.settings, self.store, desk=self.desk)
        return Browser(app.test_client(), base)

    def signed_in(self, role: Role = Role.ADMIN, name: str = "Nora Quist") -> Browser:
        """A browser that holds a session."""
        with self.store.writing() as tx:
            token = people.sign_in(tx, name, role, self.clock())
        return self.holding(token)

    def holding(self, token: str, base: str = "http://localhost") -> Browser:
        """A browser that holds this session."""
        client = create_app(self.settings, self.store, desk=self.desk).test_client()
        with client.session_transaction(base_url=f"{base}/admin/") as session:
            session["held"] = token
        return Browser(client, base)


def settings_of(**values: Any) -> Settings:
    return Settings(webhook_secrets=(SecretStr("between-us"),), port=0, **values)


def office_over_files(store: Store, folder: Path) -> Office:
    """An office whose mapping files are a copy of those that are shipped, in that folder, and are watched."""
    clock, settings = Clock(), settings_of(mappings_dir=str(copytree("mappings", folder)))
    desk = Desk(settings, emptied(store), Watched(folder).look, now=clock, patience=PATIENCE)
    return Office(store, clock, settings, desk)


def office_over(store: Store, clock: Clock, settings: Settings) -> Office:
    return Office(store, clock, settings, Desk(settings, store, shipped, now=clock, patience=PATIENCE))


def office_at(home: House) -> Office:
    """An office that looks at the house's Jira, by the house's clock."""
    settings = settings_of(
        jira_url=home.sandbox.url,
        jira_email=ACCOUNT,
        jira_token=SecretStr(home.person(ACCOUNT).token),
        jira_flavour="cloud",
    )
    desk = Desk(settings, home.store, lambda: home.mappings, home.pause, home.clock)
    return Office(home.store, home.clock, settings, desk)


def park(home: House, issue: Issue) -> None:
    """Let the request's door be one that was tried often enough."""
    home.knock(issue)
    with home.store.writing() as tx:
        door = doors.claim(tx, "one", home.clock(), timedelta(minutes=1))
        assert door is not None
        doors.later(tx, door, home.clock(), "Jira said no.", max_attempts=1)


@pytest.fixture(scope="module")
def kept_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with sqlite_store(tmp_path_factory.mktemp("admin")) as opened:
        yield opened


@pytest.fixture
def office(kept_store: Store) -> Office:
    """Return an office over an empty store, as it is where HOST is an address of this machine."""
    return office_over(emptied(kept_store), Clock(), settings_of())
