"""The history of decisions: a row when a request is decided differently, and what the newest leaves behind."""

from dataclasses import replace
from datetime import UTC, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from plugin.contract.decide import decide, standing_after
from plugin.contract.decision import Decision
from plugin.contract.explain import as_json
from plugin.contract.ledger import Account, Places
from plugin.contract.model import NoAgreement, Standing
from plugin.contract.replay import Inputs, inputs_of
from plugin.store import Store
from plugin.store.decisions import (
    AT_ONCE,
    Kept,
    content,
    history,
    in_force,
    kept,
    last,
    last_decided,
    newest,
    owners,
    record,
    request_named,
    standing,
)
from plugin.store.inputs import from_json
from plugin.store.tables import decisions
from tests.plugin.contract.builders import NOON, POLICY, agreement, policy, request

LATER = NOON + timedelta(hours=3)


def _decided(version: str = "25.1", booked: Places | None = None, now: Any = NOON, **changes: Any) -> Decision:
    return decide(request(version, **changes), agreement(), POLICY, now, booked or {})


def _kept(store: Store, *decisions: Decision) -> list[bool]:
    """Record each in a transaction of its own; whether each was new."""
    answers = []
    for decision in decisions:
        with store.writing() as tx:
            answers.append(record(tx, decision, standing_after(decision, None)))
    return answers


def _history(store: Store, request_id: str = "10001") -> tuple[dict[str, Any], ...]:
    with store.reading() as tx:
        return history(tx, request_id)


def test_a_request_that_was_never_decided_has_no_history(store: Store) -> None:
    with store.reading() as tx:
        assert standing(tx, "10001") is None
        assert history(tx, "10001") == ()


def test_a_decision_is_kept_as_it_is_explained(store: Store) -> None:
    decision = _decided()
    assert _kept(store, decision) == [True]
    beside = {"waited": False, "ended": None, "followed_since": NOON.isoformat()}
    assert _history(store) == ({**as_json(decision), **beside},)


def test_the_same_decision_again_is_no_new_one(store: Store) -> None:
    assert _kept(store, _decided(), _decided(now=LATER)) == [True, False]
    (kept,) = _history(store)
    assert kept["decided_at"] == NOON.isoformat()


def test_a_row_that_moved_within_its_file_makes_no_new_decision_and_one_of_another_file_does(store: Store) -> None:
    decision = _decided()
    (finding, *others) = decision.tier.findings
    (citation, *rest) = finding.cites
    moved, another = (
        replace(decision, tier=replace(decision.tier, findings=(replace(finding, cites=(cited, *rest)), *others)))
        for cited in (
            replace(citation, source=replace(citation.source, line=citation.source.line + 7)),
            replace(citation, source=replace(citation.source, file="another.yaml")),
        )
    )
    assert _kept(store, decision, moved, another) == [True, False, True]


def test_a_decision_is_found_by_its_digest_the_newest_of_several(store: Store) -> None:
    with store.reading() as tx, pytest.raises(LookupError, match="no decision on request 10001"):
        in_force(tx, "10001")
    good, old = _decided(), _decided("18.1")
    digests = []
    for each in (good, old, replace(good, decided_at=LATER)):
        _kept(store, each, each)
        with store.reading() as tx:
            digests.append(in_force(tx, "10001").known_by)
    assert digests[0] == digests[2] != digests[1]
    with store.reading() as tx:
        found = [content(tx, "10001", digest) or {} for digest in digests]
        assert content(tx, "10002", digests[0]) is content(tx, "10001", "unknown") is None
    assert [each["decided_at"] for each in found] == [each.isoformat() for each in (LATER, NOON, LATER)]


def test_neither_another_policy_with_the_same_rows_nor_another_balance_makes_a_new_decision(store: Store) -> None:
    charged_elsewhere = {("credit 2026-01-01", Account.CONSUMED): 5}
    renamed = decide(request(), agreement(), policy(revision="r2"), NOON)
    assert _kept(store, _decided(), renamed, _decided(booked=charged_elsewhere)) == [True, False, False]


def test_every_turn_of_a_request_is_kept_oldest_first(store: Store) -> None:
    good, old = _decided(), _decided("18.1")
    assert _kept(store, good, old, old, good) == [True, True, False, True]
    kept = [content["rulings"]["eligibility"]["value"] for content in _history(store)]
    assert kept == ["eligible", "not eligible", "eligible"]


def test_a_decision_that_has_waited_meanwhile_is_another_one(store: Store) -> None:
    decision = _decided()
    before = standing_after(decision, None)
    with store.writing() as tx:
        assert record(tx, decision, before)
        assert record(tx, decision, replace(before, waited=True))
        found = standing(tx, "10001")
    assert found is not None
    assert found.waited


@pytest.mark.parametrize("version", ["25.1", "18.1"])
def test_what_a_decision_leaves_behind_is_read_back(store: Store, version: str) -> None:
    decision = _decided(version)
    _kept(store, decision)
    with store.reading() as tx:
        found = standing(tx, "10001")
    assert found == standing_after(decision, None)
    assert found.decided_at.tzinfo is UTC
    assert (found.clock_started is None) is (version == "18.1")


def test_the_newest_decision_counts(store: Store) -> None:
    _kept(store, _decided("18.1"), _decided(now=LATER))
    with store.reading() as tx:
        found = standing(tx, "10001")
    assert found == Standing(LATER, False, request().raised, followed_since=LATER)


def test_requests_are_kept_apart(store: Store) -> None:
    assert _kept(store, _decided(), _decided(id="1000"), _decided("18.1", id="10002")) == [True, True, True]
    assert [len(_history(store, each)) for each in ("10001", "1000", "10002", "100")] == [1, 1, 1, 0]
    with store.reading() as tx:
        other = standing(tx, "10002")
    assert other is not None
    assert other.waited


def test_the_newest_decision_on_each_request_is_listed_of_those_made_lately(store: Store) -> None:
    kept = (_decided("18.1"), _decided("24.1", id="10002"), _decided(now=LATER), _decided(id="10003", now=LATER))
    _kept(store, *kept)
    with store.reading() as tx:
        everything, lately = newest(tx, NOON), newest(tx, LATER)

    assert everything == tuple(
        {**as_json(each), "waited": waits, "ended": None, "followed_since": each.decided_at.isoformat()}
        for each, waits in zip(kept[1:], (True, False, False), strict=True)
    )
    assert lately == everything[1:]


def test_words_of_any_language_come_back(store: Store) -> None:
    decision = _decided("Версия 18 – „neueste“ 版本")
    _kept(store, decision)
    (kept,) = _history(store)
    assert "Версия 18 – „neueste“ 版本" in str(kept["rulings"]["eligibility"]["findings"])


def _inputs(**changes: Any) -> Inputs:
    return inputs_of(request("18.1", **changes), NOON, "aurora", {("credit 2026-01-01", Account.CONSUMED): 5})


def test_what_a_decision_was_made_from_is_kept_with_it_and_not_with_every_look(store: Store) -> None:
    first, again = _inputs(), _inputs(language="de")
    with store.writing() as tx:
        assert record(tx, _decided("18.1"), standing_after(_decided("18.1"), None), first)
        assert not record(tx, _decided("18.1"), standing_after(_decided("18.1"), None), again)
    with store.reading() as tx:
        (found,) = kept(tx, "10001")
    assert (found.decided_at, found.revision, found.content["request"]["key"]) == (NOON, "r1", "SUP-1")
    assert from_json(found.inputs or {}) == first


def test_a_decision_whose_inputs_nobody_knows_says_so(store: Store) -> None:
    _kept(store, _decided())
    with store.reading() as tx:
        assert [each.inputs for each in kept(tx, "10001")] == [None]
        assert tx.scalar(select(func.count()).select_from(decisions).where(decisions.c.inputs.is_(None))) == 1


def _keys(found: tuple[Kept, ...]) -> list[tuple[str, str]]:
    return [(each.content["request"]["id"], each.content["rulings"]["eligibility"]["value"]) for each in found]


def test_the_requests_that_were_decided_last_are_listed_with_their_newest_decision_oldest_first(store: Store) -> None:
    _kept(store, _decided("18.1"), _decided(id="10002"), _decided(id="10003"), _decided(now=LATER))
    with store.reading() as tx:
        assert _keys(last(tx, 2)) == [("10003", "eligible"), ("10001", "eligible")]
        assert _keys(last(tx, 9)) == [("10002", "eligible"), ("10003", "eligible"), ("10001", "eligible")]


def test_a_request_is_known_by_the_key_it_was_last_decided_under(store: Store) -> None:
    moved = decide(replace(request(), key="OPS-4"), agreement(), POLICY, LATER)
    _kept(store, _decided("18.1"), moved, _decided(id="10002"))
    with store.reading() as tx:
        assert [request_named(tx, key) for key in ("SUP-1", "OPS-4", "SUP-2", "SUP-9")] == [
            "10001", "10001", "10002", None,
        ]  # fmt: skip
        assert len(kept(tx, "10001")) == 2


def test_the_customer_of_a_request_is_that_of_its_newest_decision(store: Store) -> None:
    moved = decide(request(id="10002"), agreement(customer="brennhaus"), POLICY, LATER)
    nobody = decide(request(id="10003"), NoAgreement(), POLICY, NOON)
    _kept(store, _decided(), _decided(id="10002"), moved, nobody)
    with store.reading() as tx:
        assert owners(tx, ["10001", "10002", "10003", "10004"]) == {"10001": "aurora", "10002": "brennhaus"}
        assert owners(tx, []) == {}
        assert owners(tx, [*map(str, range(2 * AT_ONCE)), "10001"]) == {"10001": "aurora"}


def test_the_last_moment_is_that_of_the_clock_that_was_ahead(store: Store) -> None:
    _kept(store, _decided(now=LATER), _decided("18.1"))
    with store.reading() as tx:
        assert last_decided(tx, "10001") == LATER
        assert last_decided(tx, "10002") is None
        assert in_force(tx, "10001").since == NOON
