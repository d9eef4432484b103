"""What a database knows of its own completeness."""

from datetime import UTC, datetime, timedelta

from plugin.store import Store, memory

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
LATER = NOON + timedelta(days=1)


def test_a_new_database_knows_nothing_of_the_past_and_of_no_gap(store: Store) -> None:
    with store.reading() as tx:
        assert (memory.gap(tx), memory.known_until(tx)) == (None, None)


def test_the_first_gap_that_was_found_stands_until_it_is_made_good(store: Store) -> None:
    for sentence in ("SUP-7 is not known", "SUP-8 is not known"):
        with store.writing() as tx:
            memory.found_gap(tx, sentence)
    with store.writing() as tx:
        assert memory.gap(tx) == "SUP-7 is not known"
        memory.made_good(tx, NOON)
        assert (memory.gap(tx), memory.known_until(tx)) == (None, NOON)
        memory.found_gap(tx, "SUP-9 is not known")
        assert (memory.gap(tx), memory.known_until(tx)) == ("SUP-9 is not known", NOON)


def test_what_was_known_once_stays_known(store: Store) -> None:
    for until in (NOON, LATER, NOON):
        with store.writing() as tx:
            memory.known(tx, until)
    with store.reading() as tx:
        assert memory.known_until(tx) == LATER
