"""Whether first responses were kept, counted over all requests."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import select, text

from plugin.contract.decide import decide, standing_after
from plugin.contract.decision import Eligibility, ResponseKept
from plugin.contract.model import Author, Comment, Override
from plugin.contract.replay import inputs_of
from plugin.store import Store, decisions, open_store
from plugin.store.migrations.versions import m0009_refusals, m0012_on_hold, m0013_lines
from plugin.store.responses import (
    Count,
    Line,
    Refusals,
    by_tier,
    counts,
    customers_naming,
    forget,
    held,
    how_many_held,
    is_counted,
    lines_named,
    naming,
    raised_in,
    record,
    refusals,
)
from plugin.store.tables import responses
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


def test_responses_are_counted_by_tier_and_month(store: Store) -> None:
    _kept(store)
    _kept(store, "10002", impact="impaired")
    with store.reading() as tx:
        assert by_tier(tx, NOON, "2026-11", "2026-11") == (("2026-11", "premium", ResponseKept.OPEN, 2),)
        late = by_tier(tx, at("2026-12-23 17:00"), "2026-11", "2026-12")
        assert late == (("2026-11", "premium", ResponseKept.OVERDUE, 2),)
        assert by_tier(tx, NOON, "2026-12", "2026-12") == ()


def test_refusals_are_counted_by_month_and_first_reason(store: Store) -> None:
    _kept(store)
    _kept(store, "10002", version="24.1")
    _kept(store, "10003", date(2026, 12, 1), version="24.1")
    _kept(store, "10004", override=Override(Eligibility.NOT_ELIGIBLE, "Not ours."))
    with store.reading() as tx:
        assert refusals(tx, "2026-11", "2026-11") == (
            Refusals("2026-11", "override", 1),
            Refusals("2026-11", "version_too_old", 1),
        )
        assert len(refusals(tx, "2026-11", "2026-12")) == 3


def test_a_request_that_is_eligible_after_all_is_refused_no_more(store: Store) -> None:
    _kept(store, version="24.1")
    _kept(store)
    with store.reading() as tx:
        assert refusals(tx, "2026-11", "2026-11") == ()


def test_a_database_that_had_no_refusals_gets_them_from_its_decisions(store_url: str) -> None:
    store = open_store(store_url)
    store.migrate()
    for id, version in (("10001", None), ("10002", "24.1")):
        decision = decide(replace(FAULT, id=id, version=version or FAULT.version), agreement(), POLICY, NOON)
        with store.writing() as tx:
            record(tx, decision, MONDAY)
            decisions.record(tx, decision, standing_after(decision, None))
    with store.writing() as tx:
        for name in ("month_tier_kept_due", "month_refused", "customer_month_product_line"):
            tx.execute(text(f"DROP INDEX ix_responses_{name}"))
        tx.execute(text("ALTER TABLE responses DROP COLUMN refused"))
        tx.execute(text("CREATE INDEX ix_responses_month_customer ON responses (month, customer)"))
        with Operations.context(MigrationContext.configure(tx)):
            m0009_refusals.upgrade()
    with store.reading() as tx:
        assert refusals(tx, "2026-11", "2026-11") == (Refusals("2026-11", "version_too_old", 1),)
    store.close()


ON_HOLD = Override(Eligibility.ON_HOLD, "Ask sales.")


def test_requests_on_hold_are_found_the_longest_first(store: Store) -> None:
    for hours, id in ((3, "10001"), (1, "10002"), (2, "10003")):
        _kept(store, id, now=NOON + timedelta(hours=hours), override=ON_HOLD)
    # What is decided anew and stays on hold keeps its place.
    _kept(store, "10002", now=NOON + timedelta(hours=9), override=ON_HOLD, impact="impaired")
    _kept(store, "10004")
    with store.reading() as tx:
        assert (held(tx, 2), how_many_held(tx)) == (("10002", "10003"), 3)
    _kept(store, "10002")
    with store.writing() as tx:
        decision = decide(replace(FAULT, id="10003", override=ON_HOLD), agreement(), POLICY, NOON)
        record(tx, decision, MONDAY, ended=NOON)
        assert held(tx, 9) == ("10001",)


def test_a_database_that_did_not_know_who_is_on_hold_learns_it_from_its_decisions(store_url: str) -> None:
    store = open_store(store_url)
    store.migrate()
    for id, override in (("10001", None), ("10002", ON_HOLD), ("10003", ON_HOLD)):
        ended = NOON if id == "10003" else None
        judged = replace(FAULT, id=id, override=override, ended=ended)
        decision = decide(judged, agreement(), POLICY, NOON)
        with store.writing() as tx:
            record(tx, decision, MONDAY)
            decisions.record(tx, decision, standing_after(decision, None), inputs_of(judged, NOON, None, {}))
    with store.writing() as tx:
        tx.execute(text("DROP INDEX ix_responses_held_since"))
        tx.execute(text("ALTER TABLE responses DROP COLUMN held_since"))
        with Operations.context(MigrationContext.configure(tx)):
            m0012_on_hold.upgrade()
    with store.reading() as tx:
        assert held(tx, 9) == ("10002",)
        assert tx.scalar(select(responses.c.held_since).where(responses.c.request_id == "10002")) == NOON
    store.close()


def test_release_lines_that_requests_named_are_counted_by_customer(store: Store) -> None:
    _kept(store, "1", version="24.2")
    _kept(store, "2", version="24.2", month=date(2026, 10, 5))
    _kept(store, "3", version="25.1")
    _kept(store, "4", version="24.1", month=date(2025, 10, 5))
    _kept(store, "5", version=None)
    with store.reading() as tx:
        assert lines_named(tx, "aurora", "2025-12", "2026-11") == (
            Line("expecco", "24.2", 2),
            Line("expecco", "25.1", 1),
        )
        assert lines_named(tx, "birch", "2025-12", "2026-11") == ()
        assert len(naming(tx, "aurora", "expecco", "24.2", "2025-12", 1)) == 1
        assert raised_in(tx, "aurora", "2026-10") == ("2",)
        assert customers_naming(tx, {("expecco", "24.2"), ("x", "1")}, "2026-11") == {"aurora"}
        assert customers_naming(tx, {("expecco", "24.1")}, "2026-11") == frozenset()
        assert customers_naming(tx, (), "2025-01") == frozenset()


def test_a_database_that_did_not_know_the_lines_learns_them_from_its_decisions(store_url: str) -> None:
    store = open_store(store_url)
    store.migrate()
    decision = decide(replace(FAULT, version="24.2"), agreement(), POLICY, NOON)
    with store.writing() as tx:
        record(tx, decision, MONDAY)
        decisions.record(tx, decision, standing_after(decision, None))
        for name in ("customer_month_product_line", "product_line_month_customer"):
            tx.execute(text(f"DROP INDEX ix_responses_{name}"))
        for name in ("product", "line"):
            tx.execute(text(f"ALTER TABLE responses DROP COLUMN {name}"))
        tx.execute(text("CREATE INDEX ix_responses_customer ON responses (customer)"))
        with Operations.context(MigrationContext.configure(tx)):
            m0013_lines.upgrade()
    with store.reading() as tx:
        assert lines_named(tx, "aurora", "2026-11", "2026-11") == (Line("expecco", "24.2", 1),)
    store.close()
