"""Secrets of our own, on both databases: made once, one for each purpose, and made anew where an old one is to go."""

from plugin.store import Store, keys
from plugin.store.keys import Key


def test_a_secret_is_made_once_for_each_purpose(store: Store) -> None:
    with store.writing() as tx:
        assert keys.known(tx, Key.SESSIONS) is None
        first, second = (keys.secret(tx, each) for each in Key)
    with store.writing() as tx:
        assert [keys.secret(tx, each) for each in Key] == [first, second]
        assert keys.known(tx, Key.RECEIPTS) == second
    assert first != second
    assert len(bytes.fromhex(first)) == len(bytes.fromhex(second)) == 32


def test_a_secret_made_anew_leaves_the_others_as_they_are(store: Store) -> None:
    with store.writing() as tx:
        keys.make_anew(tx, Key.RECEIPTS)  # there was none
        session, receipt = (keys.secret(tx, each) for each in Key)
        keys.make_anew(tx, Key.RECEIPTS)
        assert keys.known(tx, Key.SESSIONS) == session
        assert keys.known(tx, Key.RECEIPTS) not in (None, receipt)
