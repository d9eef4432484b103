"""Whether first responses were kept, counted over all requests."""

from dataclasses import replace
from datetime import date
from typing import Any

from plugin.contract.decide import decide
from plugin.contract.model import Author, Comment
from plugin.store import Store
from plugin.store.responses import Count, counts, forget, is_counted, record
from tests.plugin.contract.builders import NOON, POLICY, agreement, at, request

FAULT = request(kind="fault", environment="production", impact="down")
MONDAY = date(2026, 11, 23)


def _kept(store: Store, id: str = "10001", month: date = MONDAY, now: Any = NOON, **changes: Any) -> None:
    with store.writing() as tx:
        record(tx, decide(replace(FAULT, id=id, **changes), agreement(), POLICY, now), month)


def _counted(store: Store, now: Any = NOON, **only: Any) -> tuple[Count, ...]:
    with store.reading() as tx:
        return counts(tx, now, **only)


def test_a_request_is_counted_once_as_it_was_decided_last(store: Store) -> None:
    answer = Comment("1", at("2026-11-23 11:00"), Author.AGENT, public=True)
    _kept(store)
    assert _counted(store) == (Count("2026-11", "aurora", "premium", 1, 0, 0, 0, 1, 0),)
    _kept(store, comments=(answer,))
    assert _counted(store) == (Count("2026-11", "aurora", "premium", 1, 1, 0, 0, 0, 0),)


def test_what_nobody_has_looked_at_since_it_was_due_is_overdue_all_the_same(store: Store) -> None:
    _kept(store)
    [count] = _counted(store, now=at("2026-11-23 17:00:01"))
    assert (count.open, count.overdue) == (0, 1)


def test_months_customers_tiers_and_severities_are_counted_apart_and_can_be_chosen(store: Store) -> None:
    _kept(store)
    _kept(store, "10002")
    _kept(store, "10003", impact="impaired")
    _kept(store, "10004", date(2026, 12, 31))
    counted = [(each.month, each.customer, each.severity, each.open) for each in _counted(store)]
    assert counted == [("2026-11", "aurora", 1, 2), ("2026-11", "aurora", 2, 1), ("2026-12", "aurora", 1, 1)]
    assert {each.month for each in _counted(store, first="2026-12")} == {"2026-12"}
    assert {each.month for each in _counted(store, last="2026-11")} == {"2026-11"}
    assert _counted(store, customer="birch") == ()


def test_a_request_that_is_not_served_any_more_is_not_counted(store: Store) -> None:
    _kept(store)
    with store.writing() as tx:
        assert is_counted(tx, "10001")
        forget(tx, "10001")
        assert not is_counted(tx, "10001")
    assert _counted(store) == ()
