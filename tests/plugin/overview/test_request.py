"""Everything about one request, on both databases."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import Connection, update

from plugin.contract.policy import Mode
from plugin.mappings.load import Mappings
from plugin.overview.request import Seen, Told, request_seen
from plugin.review import recorded
from plugin.store import Store
from plugin.store.policies import files_of
from plugin.store.tables import decisions, policies
from tests.road.house import TOO_OLD, House, house


@pytest.fixture
def home(store: Store) -> Iterator[House]:
    with house(store) as built:
        yield built


def seen(home: House, request_id: str) -> Seen:
    def of(revision: str, tx: Connection) -> Mappings:
        return recorded(revision, files_of(tx, revision))

    with home.store.reading() as tx:
        found = request_seen(tx, request_id, home.mappings.policy, of)
    assert found is not None
    return found


def test_a_request_has_its_receipt_its_history_and_what_it_cost(home: House) -> None:
    issue = home.raised(version=TOO_OLD)
    home.settle()
    home.change(issue, Product_version="26.2")
    home.settle()
    found = seen(home, issue.id)
    assert found.not_again is None
    assert found.summary[0].startswith(f"{issue.key} is eligible for support")
    assert any(each.rests_on for part in found.sections for each in part.lines)
    newest, first = found.steps
    assert (newest.number, first.number, first.changed) == (2, 1, ())
    assert "Eligibility: eligible instead of not eligible" in newest.changed
    assert [(unit, line.units) for unit, line in found.movements] == [("credit", -1)]
    assert sorted(told for told, each in found.replies if each.sent_at) == [Told.NOTE, Told.NOTE, Told.LETTER]
    assert found.deliveries[0].received_at >= found.deliveries[-1].received_at
    assert found.strip is not None
    marks = [mark.what for day in found.strip.days for mark in day.marks]
    assert marks == ["started", "due"]
    assert found.door is None or found.door.trouble is None


def test_what_cannot_be_decided_once_more_is_shown_as_it_was_kept(home: House) -> None:
    issue = home.raised()
    home.settle()
    with home.store.writing() as tx:
        tx.execute(policies.delete())
    found = seen(home, issue.id)
    assert found.not_again is not None
    assert "were not kept" in found.not_again
    assert (found.summary, found.strip) == ((), None)
    assert ("Tier", "Premium") in [(part.title, part.value) for part in found.sections]


def test_a_draft_waits_for_an_agent_and_a_reminder_is_no_note_of_a_decision(home: House) -> None:
    home.mappings = replace(home.mappings, receipts=replace(home.mappings.receipts, customer=Mode.DRAFT))
    issue = home.raised()
    home.settle()
    home.settle_until_reminded()
    assert {told for told, _ in seen(home, issue.id).replies} == {Told.DRAFT, Told.NOTE, Told.REMINDER}


def test_nobody_knows_a_request_on_which_nothing_was_decided(home: House) -> None:
    with home.store.reading() as tx:
        assert request_seen(tx, "404", home.mappings.policy, lambda _revision, _tx: home.mappings) is None


def test_a_decision_of_an_early_release_is_shown_as_well(home: House) -> None:
    issue = home.raised()
    home.settle()
    with home.store.writing() as tx:
        tx.execute(update(decisions).values(inputs=None))
    assert seen(home, issue.id).sections
