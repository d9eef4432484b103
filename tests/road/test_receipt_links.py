"""The link in the note for agents: it opens the receipt, it runs out, and neither writes anything a second time."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from plugin.contract.policy import Mode
from plugin.links import Links, opened
from plugin.sandbox import Flavour, Kind, seed
from plugin.sandbox.records import Issue
from plugin.store import Store, keys
from plugin.store.keys import Key
from plugin.store.tables import deliveries
from tests.road.house import JONAS, NEWEST, TOO_OLD, House, house

ADDRESS = "https://support.vendor.example/admin/"
LINK = re.compile(r"\[Open this receipt\|" + re.escape(ADDRESS) + r"receipt/([\w.]+)\]")


@pytest.fixture(params=Flavour)
def home(store: Store, request: pytest.FixtureRequest) -> Iterator[House]:
    """A house on each kind of Jira, over both databases, whose notes have links."""
    with house(store, seed(request.param)) as built:
        built.links = Links(ADDRESS, timedelta(days=30))
        yield built


def tokens(home: House, issue: Issue) -> list[str]:
    return [token for note in home.notes(issue) for token in LINK.findall(note.body)]


def secret(home: House) -> str:
    with home.store.reading() as tx:
        return keys.known(tx, Key.RECEIPTS) or ""


def test_a_second_look_writes_nothing_be_the_link_good_run_out_or_withdrawn(home: House) -> None:
    issue = home.raised(version=TOO_OLD)
    home.settle(home.worker("one"), home.worker("two"))
    [token] = tokens(home, issue)
    link = opened(secret(home), token)
    assert link is not None
    assert link.request_id == issue.id
    noted = home.clock()
    assert noted - timedelta(minutes=1) <= link.ends_at - timedelta(days=30) <= noted
    assert "until Sun 20 Dec 2026 14:" in home.notes(issue)[0].body

    home.forget_traffic()
    home.knock(issue)
    home.settle()
    home.clock.advance(days=31)
    home.knock(issue)
    home.settle()
    with home.store.writing() as tx:
        keys.make_anew(tx, Key.RECEIPTS)
    assert opened(secret(home), token) is None
    home.links = Links("https://moved.vendor.example/admin/", timedelta(days=7))
    home.knock(issue)
    home.settle()
    assert home.writes() == []

    home.change(issue, Product_version=NEWEST)
    home.settle()
    # The next decision has its own note, and that has its own link.
    assert "https://moved.vendor.example/admin/receipt/" in home.notes(issue)[-1].body


def test_nobody_but_agents_ever_has_the_link(home: House) -> None:
    refused = home.raised(JONAS, version=TOO_OLD)
    home.settle()
    [token] = tokens(home, refused)
    [reply] = home.replies(refused)
    signature = token.rpartition(".")[2]
    assert "receipt/" not in reply.body
    assert signature not in str(refused.properties)
    assert signature not in str(home.logs)
    # Jira's webhook about our own comment has its text, and so the link; what is kept of it has not.
    with home.store.reading() as tx:
        kept = list(tx.scalars(select(deliveries.c.body)))
    assert any("Open this receipt" in body for body in kept)
    assert not any(signature in body for body in kept)


def test_a_note_whose_answer_was_lost_is_not_written_again_with_another_link(home: House) -> None:
    issue = home.raised()
    home.fault(Kind.RESET_AFTER, "POST", r"/comment$")
    home.settle()
    assert len(tokens(home, issue)) == 1


def test_a_draft_of_a_letter_to_the_customer_has_no_link(home: House) -> None:
    home.mappings = replace(home.mappings, receipts=replace(home.mappings.receipts, customer=Mode.DRAFT))
    issue = home.raised()
    home.settle()
    assert [("draft of a reply" in note.body, "receipt/" in note.body) for note in home.notes(issue)] == [
        (True, False),
        (False, True),
    ]
