"""Intents to reply: recorded once for each cause, pending until the comment is known to be there."""

import threading
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, select

from plugin.store import Store
from plugin.store.replies import Intent, intend, pending, sent
from plugin.store.tables import replies

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def _intend(
    tx: Connection, cause: str = "too old", request: str = "10001", body: str = "Please update", now: datetime = NOON
) -> str | None:
    return intend(tx, request, f"SUP-{request[-1]}", "reasons", "en", cause, body, now)


def _new(tx: Connection, cause: str = "too old", request: str = "10001", now: datetime = NOON) -> str:
    intent = _intend(tx, cause, request, now=now)
    assert intent is not None
    return intent


def test_an_intent_is_pending_with_its_words_until_it_is_sent(store: Store) -> None:
    with store.writing() as tx:
        intent = _intend(tx, body="Grüße, 工具: bitte *nicht* so")
        assert intent is not None
        assert pending(tx, "10001") == (
            Intent(intent, "reasons", "too old", "Grüße, 工具: bitte *nicht* so", public=True, fresh=False),
        )
        sent(tx, intent, "501", NOON + MINUTE)
        assert pending(tx, "10001") == ()


def test_a_note_for_agents_stays_one(store: Store) -> None:
    with store.writing() as tx:
        intend(tx, "10001", "SUP-1", "receipt", "en", "decided", "For agents", NOON, public=False)
        [note] = pending(tx, "10001")
    assert (note.body, note.public) == ("For agents", False)


def test_what_was_sent_is_kept_with_its_comment(store: Store) -> None:
    with store.writing() as tx:
        sent(tx, _new(tx), "501", NOON + MINUTE)
        row = tx.execute(select(replies)).one()
    assert (row.request_key, row.name, row.language, row.comment_id) == ("SUP-1", "reasons", "en", "501")
    assert (row.created_at, row.sent_at) == (NOON, NOON + MINUTE)


def test_only_what_this_very_look_has_recorded_is_fresh(store: Store) -> None:
    with store.writing() as tx:
        old = _new(tx)
    with store.writing() as tx:
        new = _new(tx, "not named", now=NOON + MINUTE)
        assert pending(tx, "10001", {new}) == (
            Intent(old, "reasons", "too old", "Please update", public=True, fresh=False),
            Intent(new, "reasons", "not named", "Please update", public=True, fresh=True),
        )


def test_the_oldest_intent_comes_first(store: Store) -> None:
    with store.writing() as tx:
        second, first = _new(tx, "b", now=NOON + MINUTE), _new(tx, "a")
        assert [intent.id for intent in pending(tx, "10001")] == [first, second]


def test_the_same_cause_is_replied_to_once_even_after_it_was_sent(store: Store) -> None:
    with store.writing() as tx:
        intent = _new(tx)
        assert _intend(tx, body="other words") is None
        sent(tx, intent, "501", NOON)
        assert _intend(tx) is None
        assert pending(tx, "10001") == ()


def test_another_cause_or_another_request_is_another_reply(store: Store) -> None:
    with store.writing() as tx:
        mine = {_new(tx), _new(tx, "not named")}
        _new(tx, request="10002")
        assert {intent.id for intent in pending(tx, "10001")} == mine


def test_sending_one_leaves_the_others_pending(store: Store) -> None:
    with store.writing() as tx:
        one, other, strange = _new(tx, "a"), _new(tx, "b"), _new(tx, "a", "10002")
        sent(tx, one, "501", NOON)
        assert [intent.id for intent in pending(tx, "10001")] == [other]
        assert [intent.id for intent in pending(tx, "10002")] == [strange]


def _again(tx: Connection, cause: str, now: datetime) -> str | None:
    return intend(tx, "10001", "SUP-1", "receipt", "en", cause, f"All about {cause}", now, again=True)


def test_what_is_said_again_is_said_once_until_something_else_was_said(store: Store) -> None:
    said = []
    for number, cause in enumerate(["sev 1", "sev 1", "sev 3", "sev 3", "sev 1", "sev 1"]):
        with store.writing() as tx:
            said.append(_again(tx, cause, NOON + number * MINUTE) is not None)
    assert said == [True, False, True, False, True, False]
    with store.reading() as tx:
        assert [(each.name, each.cause) for each in pending(tx, "10001")] == [
            ("receipt", "sev 1"),
            ("receipt", "sev 3"),
            ("receipt", "sev 1"),
        ]


def test_what_is_said_again_is_said_again_whatever_the_clock_of_the_other_worker_said(store: Store) -> None:
    with store.writing() as tx:
        assert _again(tx, "sev 1", NOON + MINUTE)
        assert _again(tx, "sev 3", NOON)
        assert _again(tx, "sev 3", NOON) is None
        assert _again(tx, "sev 1", NOON)


def test_more_than_ten_are_still_told_apart(store: Store) -> None:
    with store.writing() as tx:
        assert all(_again(tx, f"sev {number % 2}", NOON) for number in range(12))
        assert _again(tx, "sev 1", NOON) is None


def test_an_intent_that_was_rolled_back_was_never_there(store: Store) -> None:
    with store.reading() as tx:
        _new(tx)
    with store.writing() as tx:
        assert pending(tx, "10001") == ()
        _new(tx)


def test_two_workers_at_one_request_intend_one_reply(store: Store) -> None:
    answers: list[str | Exception | None] = []
    asked = threading.Event()

    def second() -> None:
        asked.set()
        try:
            with store.writing() as tx:
                answers.append(_intend(tx))
        except Exception as error:
            answers.append(error)

    thread = threading.Thread(target=second)
    with store.writing() as tx:
        intent = _new(tx)
        thread.start()
        asked.wait(10)
        # Long enough for the other transaction to have asked, and to wait for this one.
        thread.join(0.3)
    thread.join(30)
    assert answers == [None]
    with store.reading() as tx:
        assert [each.id for each in pending(tx, "10001")] == [intent]
