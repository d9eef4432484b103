"""Intents to comment: recorded once, in order, and kept with the comment once it is known to be there."""

import threading
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, select

from plugin.store import Store
from plugin.store.replies import Intent, comment_ids, forget, intend, recorded, restore, sent, unsent
from plugin.store.tables import replies

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def _intend(
    tx: Connection,
    *causes: str,
    request: str = "10001",
    body: str = "Please update",
    now: datetime = NOON,
    public: bool = True,
    place: int = 0,
) -> str | None:
    return intend(tx, request, f"SUP-{request[-1]}", "reasons", "en", causes, body, now, public=public, place=place)


def _new(tx: Connection, *causes: str, request: str = "10001", now: datetime = NOON, place: int = 0) -> str:
    intent = _intend(tx, *causes, request=request, now=now, place=place)
    assert intent is not None
    return intent


def test_an_intent_is_kept_with_its_words_and_is_sent_once_it_is_known_to_be(store: Store) -> None:
    with store.writing() as tx:
        intent = _intend(tx, "old", body="Grüße, 工具: bitte *nicht* so")
        assert intent is not None
        kept = Intent(intent, 0, ("old",), "Grüße, 工具: bitte *nicht* so", public=True, sent=False)
        assert recorded(tx, "10001") == (kept,)
        sent(tx, intent, "501", NOON + MINUTE)
        assert [each.sent for each in recorded(tx, "10001")] == [True]


def test_what_it_is_there_for_is_kept_in_order(store: Store) -> None:
    with store.writing() as tx:
        _new(tx, "reasons=1", "receipt=2")
        assert [each.causes for each in recorded(tx, "10001")] == [("reasons=1", "receipt=2")]


def test_a_note_for_agents_stays_one(store: Store) -> None:
    with store.writing() as tx:
        _intend(tx, "decided", public=False)
        assert [each.public for each in recorded(tx, "10001")] == [False]


def test_what_was_sent_is_kept_with_its_comment(store: Store) -> None:
    with store.writing() as tx:
        sent(tx, _new(tx, "old"), "501", NOON + MINUTE)
        row = tx.execute(select(replies)).one()
    assert (row.request_key, row.name, row.language, row.comment_id) == ("SUP-1", "reasons", "en", "501")
    assert (row.created_at, row.sent_at) == (NOON, NOON + MINUTE)


def test_the_order_is_that_of_recording_whatever_the_clocks_of_the_workers_say(store: Store) -> None:
    with store.writing() as tx:
        made = [_new(tx, "same", now=NOON - number * MINUTE, place=number) for number in range(12)]
        assert [each.id for each in recorded(tx, "10001")] == made


def test_the_same_at_the_same_place_is_recorded_once_even_after_it_was_sent(store: Store) -> None:
    with store.writing() as tx:
        intent = _new(tx, "old")
        assert _intend(tx, "old", body="other words") is None
        sent(tx, intent, "501", NOON)
        assert _intend(tx, "old") is None
        assert [each.id for each in recorded(tx, "10001")] == [intent]


def test_another_cause_or_another_request_is_another_comment(store: Store) -> None:
    with store.writing() as tx:
        mine = {_new(tx, "old"), _new(tx, "unnamed", place=1)}
        _new(tx, "old", request="10002")
        assert {each.id for each in recorded(tx, "10001")} == mine


def test_sending_one_leaves_the_others(store: Store) -> None:
    with store.writing() as tx:
        one, other, strange = _new(tx, "a"), _new(tx, "b", place=1), _new(tx, "a", request="10002")
        sent(tx, one, "501", NOON)
        assert [(each.id, each.sent) for each in recorded(tx, "10001")] == [(one, True), (other, False)]
        assert [(each.id, each.sent) for each in recorded(tx, "10002")] == [(strange, False)]


def test_what_is_not_known_to_be_sent_can_be_asked_for(store: Store) -> None:
    with store.writing() as tx:
        assert unsent(tx, "10001") == ()
        one, other = _new(tx, "a"), _new(tx, "b", place=1)
        _new(tx, "a", request="10002")
        assert set(unsent(tx, "10001")) == {one, other}
        sent(tx, one, "501", NOON)
        assert unsent(tx, "10001") == (other,)


def test_what_is_not_to_be_sent_any_more_is_forgotten_and_leaves_its_place(store: Store) -> None:
    with store.writing() as tx:
        one, outdated, last = _new(tx, "a"), _new(tx, "b", place=1), _new(tx, "c", place=2)
        forget(tx, outdated)
        assert [(each.id, each.place) for each in recorded(tx, "10001")] == [(one, 0), (last, 2)]


def test_what_was_sent_is_never_forgotten(store: Store) -> None:
    with store.writing() as tx:
        intent = _new(tx, "a")
        sent(tx, intent, "501", NOON)
        forget(tx, intent)
        assert [each.id for each in recorded(tx, "10001")] == [intent]


def test_an_intent_that_was_rolled_back_was_never_there(store: Store) -> None:
    with store.reading() as tx:
        _new(tx, "old")
    with store.writing() as tx:
        assert recorded(tx, "10001") == ()
        _new(tx, "old")


def test_two_workers_at_one_request_intend_one_comment(store: Store) -> None:
    answers: list[str | Exception | None] = []
    asked = threading.Event()

    def second() -> None:
        asked.set()
        try:
            with store.writing() as tx:
                answers.append(_intend(tx, "old"))
        except Exception as error:
            answers.append(error)

    thread = threading.Thread(target=second)
    with store.writing() as tx:
        intent = _new(tx, "old")
        thread.start()
        asked.wait(10)
        # Long enough for the other transaction to have asked, and to wait for this one.
        thread.join(0.3)
    thread.join(30)
    assert answers == [None]
    with store.reading() as tx:
        assert [each.id for each in recorded(tx, "10001")] == [intent]


def test_a_comment_that_is_on_the_request_already_is_recorded_behind_the_others_and_once(store: Store) -> None:
    with store.writing() as tx:
        first = _new(tx, "reasons=1")
        sent(tx, first, "501", NOON)
        told = ("reasons=1", "receipt=2")
        assert restore(tx, "10001", "SUP-1", "intent-2", told, True, "502", NOON + MINUTE)
        assert not restore(tx, "10001", "SUP-1", "intent-2", told, True, "503", NOON + MINUTE)
        assert restore(tx, "10001", "SUP-1", "intent-3", (), False, "504", NOON + MINUTE)
        last = recorded(tx, "10001")[1:]
        assert [(each.id, each.causes, each.public, each.sent) for each in last] == [
            ("intent-2", told, True, True),
            ("intent-3", (), False, True),
        ]
        assert comment_ids(tx, "10001") == {"501", "502", "504"}
        assert comment_ids(tx, "10002") == set()
        names = {row.intent: row.name for row in tx.execute(select(replies))}
    assert names == {first: "reasons", "intent-2": "reasons+receipt", "intent-3": "unknown"}
