"""Whatever text is in the store, typed by customers, told by Jira, written by people: it is text on every page."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from plugin.store import Store, audit, doors
from plugin.store.tables import decisions, deliveries, replies, responses
from tests.road.house import House, emptied, house
from tests.webhooks.admin.conftest import office_over, settings_of
from webhooks import create_app
from webhooks.admin import PAGES

MARKUP = """<img src=x onerror=alert(1)>"'><script>alert(2)</script>{{ 7*7 }}&lt;"""


@pytest.fixture
def home(kept_store: Store) -> Iterator[House]:
    with house(emptied(kept_store)) as built:
        yield built


def spoilt(value: Any, name: str = "") -> Any:
    """The same data with markup behind every text that is no word of the contract's."""
    if isinstance(value, dict):
        return {key: spoilt(each, key) for key, each in value.items()}
    if isinstance(value, list):
        return [spoilt(each, name) for each in value]
    free = name in ("sentence", "customer", "source", "reason", "contacts", "typed")
    return f"{value}{MARKUP}" if free and isinstance(value, str) else value


def spoil(home: House, request_id: str) -> None:
    with home.store.writing() as tx:
        for row in tx.execute(select(decisions)).all():
            tx.execute(update(decisions).where(decisions.c.id == row.id).values(content=spoilt(row.content)))
        tx.execute(update(replies).values(body=MARKUP, name=MARKUP, language=MARKUP))
        tx.execute(update(responses).values(customer=MARKUP, tier=MARKUP))
        tx.execute(update(deliveries).values(event=MARKUP))
        door = doors.enter(tx, request_id, "SUP-1", "one", home.clock(), timedelta(minutes=1))
        assert door is not None
        doors.later(tx, door, home.clock(), MARKUP, max_attempts=1)
        doors.discard(tx, request_id, MARKUP)
        facts = {MARKUP: MARKUP}
        audit.record(tx, MARKUP, MARKUP, "SUP-1", home.clock(), reason=MARKUP, before=facts, after=facts)


def test_markup_in_every_text_is_harmless_on_every_page(home: House) -> None:
    issue = home.raised()
    home.settle()
    spoil(home, issue.id)
    home.clock.advance(days=5)
    office = office_over(home.store, home.clock, settings_of())
    app: Flask = create_app(office.settings, office.store, desk=office.desk)
    urls, admin = app.url_map.bind("localhost"), office.signed_in(name=MARKUP)
    paths = [urls.build(page.endpoint) for page in PAGES if page.endpoint]
    for path in (*paths, f"/admin/requests/{issue.key}"):
        text = admin.get(path).text
        assert "<img" not in text, path
        assert not re.search(r"<script(?! src=\"/admin/static/)", text), path
        assert "&lt;img src=x" in text, path
        assert "49&amp;" not in text, path
