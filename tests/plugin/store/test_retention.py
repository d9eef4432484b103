"""How requests were decided, and what was said on them, goes once they are over and that is long ago."""

from dataclasses import replace
from datetime import datetime, timedelta

from plugin.contract.decide import decide, standing_after
from plugin.contract.replay import inputs_of
from plugin.store import Store, decisions, doors, inbox, policies, replies
from plugin.store.retention import AT_ONCE, forget
from tests.plugin.contract.builders import NOON, POLICY, agreement, request
from tests.plugin.store.test_inbox import DELETED

LATER = NOON + timedelta(days=1000)
BEFORE = NOON + timedelta(days=100)


def decided(store: Store, request_id: str, ended: datetime | None, at: datetime = NOON, version: str = "25.1") -> None:
    """Keep a decision on a request, and a reply to it."""
    asked = replace(request(version), id=request_id, key=f"SUP-{request_id}", ended=ended)
    decision = decide(asked, agreement(), POLICY, at, {})
    with store.writing() as tx:
        policies.record(tx, decision.revision, {"tiers.yaml": b"tiers: []"}, at)
        decisions.record(tx, decision, standing_after(decision, None), inputs_of(asked, at, None, {}))
        replies.intend(tx, request_id, f"SUP-{request_id}", "reasons", "en", (version,), "Dear Mira", at, place=0)


def _forgotten(store: Store, before: datetime = BEFORE) -> int:
    with store.writing() as tx:
        return forget(tx, before)


def _known(store: Store, request_id: str) -> tuple[int, int]:
    """How many decisions, and how many comments."""
    with store.reading() as tx:
        return len(decisions.kept(tx, request_id)), len(replies.recorded(tx, request_id))


def test_a_request_that_was_done_long_ago_is_forgotten_whole(store: Store) -> None:
    decided(store, "1", None)
    decided(store, "1", NOON, version="26.1")

    assert _forgotten(store) == 1
    assert _known(store, "1") == (0, 0)
    assert _forgotten(store) == 0


def test_a_request_that_is_open_is_kept_however_old_it_is(store: Store) -> None:
    decided(store, "1", None)

    assert _forgotten(store, LATER) == 0
    assert _known(store, "1") == (1, 1)


def test_a_request_that_was_opened_again_or_done_lately_is_kept_from_its_beginning(store: Store) -> None:
    decided(store, "1", NOON)
    decided(store, "1", None, LATER)
    decided(store, "2", NOON)
    decided(store, "2", LATER, LATER, version="26.1")

    assert _forgotten(store) == 0
    assert _known(store, "1")[0] == _known(store, "2")[0] == 2


def test_a_deleted_request_is_over_though_nobody_ever_solved_it(store: Store) -> None:
    decided(store, DELETED.request_id, None)
    with store.writing() as tx:
        inbox.keep(tx, DELETED)

    assert _forgotten(store) == 1


def test_a_request_that_somebody_is_to_look_at_is_kept_until_then(store: Store) -> None:
    decided(store, "1", NOON)
    with store.writing() as tx:
        doors.knock(tx, "1", "SUP-1", LATER)

    assert _forgotten(store) == 0


def test_mapping_files_go_with_the_last_decision_that_was_made_under_them(store: Store) -> None:
    decided(store, "1", NOON)
    decided(store, "2", None)
    revision = POLICY.revision
    with store.writing() as tx:
        policies.record(tx, "never-used", {}, NOON)
        policies.record(tx, "of-today", {}, LATER)

    _forgotten(store)

    with store.reading() as tx:
        kept = {each: policies.files_of(tx, each) is not None for each in (revision, "never-used", "of-today")}
    assert kept == {revision: True, "never-used": False, "of-today": True}


def test_thousands_go_a_few_at_a_time(store: Store) -> None:
    decision = decide(replace(request("25.1"), ended=NOON), agreement(), POLICY, NOON, {})
    inputs = inputs_of(replace(request("25.1"), ended=NOON), NOON, None, {})
    with store.writing() as tx:
        for number in range(AT_ONCE + 1):
            one = replace(decision, request_id=str(number))
            decisions.record(tx, one, standing_after(one, None), inputs)

    assert [_forgotten(store), _forgotten(store), _forgotten(store)] == [AT_ONCE, 1, 0]
