"""The ledger as kept: appended only, numbered without gaps, one customer's units never another's."""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, delete, select, text
from sqlalchemy.exc import IntegrityError, NoResultFound

from plugin.contract.ledger import Account, EntryKind, LedgerEntry, Posting
from plugin.store import Store, open_store
from plugin.store.ledger import (
    Charge,
    Used,
    book,
    charges,
    everywhere,
    held,
    holders,
    lock,
    number_after,
    places,
    sequence,
    statement,
    used,
)
from plugin.store.migrations.versions import m0005_places
from plugin.store.tables import accounts, ledger_entries, ledger_places, ledger_postings

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
DAY = date(2026, 3, 9)
LOT, NEXT_LOT = "credit 2026-01-01", "credit 2027-01-01"
AURORA, BRENNHAUS = "aurora-robotics", "brennhaus-medical"


def _entry(customer: str, matter: str, kind: EntryKind, *postings: Posting, unit: str = "credit") -> LedgerEntry:
    key = "SUP-" + matter.partition(":")[2] if matter.startswith("request:") else None
    return LedgerEntry(customer, unit, matter, kind, DAY, NOON, "r1", f"{kind} of {matter}", postings, key)


def _grant(units: int, customer: str = AURORA, lot: str = LOT, unit: str = "credit") -> LedgerEntry:
    postings = Posting(lot, Account.GRANTED, -units), Posting(lot, Account.AVAILABLE, units)
    return _entry(customer, f"lot:{lot}", EntryKind.GRANT, *postings, unit=unit)


def _charge(units: int, matter: str = "request:1", customer: str = AURORA, lot: str = LOT) -> LedgerEntry:
    postings = Posting(lot, Account.AVAILABLE, -units), Posting(lot, Account.CONSUMED, units)
    return _entry(customer, matter, EntryKind.CHARGE if units > 0 else EntryKind.REFUND, *postings)


def _booked(store: Store, *entries: LedgerEntry) -> None:
    with store.writing() as tx:
        lock(tx, {entry.customer for entry in entries})
        book(tx, entries)


def _numbers(tx: Connection, customer: str) -> list[int]:
    query = select(ledger_entries.c.sequence).where(ledger_entries.c.customer == customer)
    return list(tx.scalars(query.order_by(ledger_entries.c.id)))


def test_a_customer_without_entries_has_nothing_anywhere(store: Store) -> None:
    with store.reading() as tx:
        assert places(tx, AURORA, "credit") == {}
        assert held(tx, AURORA, "request:1") == {}
        assert holders(tx, "request:1") == ()
        assert statement(tx, AURORA, "credit") == ()
        assert sequence(tx, AURORA) == 0


def test_what_was_booked_stands_where_it_was_put(store: Store) -> None:
    _booked(store, _grant(32), _charge(2), _charge(1, "request:2"))
    with store.reading() as tx:
        assert places(tx, AURORA, "credit") == {
            (LOT, Account.GRANTED): -32,
            (LOT, Account.AVAILABLE): 29,
            (LOT, Account.CONSUMED): 3,
        }
        assert held(tx, AURORA, "request:1") == {(LOT, Account.AVAILABLE): -2, (LOT, Account.CONSUMED): 2}


def test_a_place_that_was_left_again_is_not_named(store: Store) -> None:
    _booked(store, _grant(32), _charge(2), _charge(-2))
    with store.reading() as tx:
        assert held(tx, AURORA, "request:1") == {}
        assert places(tx, AURORA, "credit") == {(LOT, Account.GRANTED): -32, (LOT, Account.AVAILABLE): 32}


def test_what_one_matter_holds_is_told_from_what_others_hold(store: Store) -> None:
    _booked(store, _grant(32), _charge(2), _charge(1, "request:10"))
    with store.reading() as tx:
        assert held(tx, AURORA, "request:10") == {(LOT, Account.AVAILABLE): -1, (LOT, Account.CONSUMED): 1}
        assert held(tx, AURORA, "request:100") == {}


def test_one_customers_units_are_never_counted_for_another(store: Store) -> None:
    # The same request at two customers: it changed hands, and the first has got its units back.
    _booked(store, _grant(32), _charge(2), _charge(-2), _grant(16, BRENNHAUS), _charge(1, customer=BRENNHAUS))
    with store.reading() as tx:
        assert places(tx, AURORA, "credit")[LOT, Account.AVAILABLE] == 32
        assert places(tx, BRENNHAUS, "credit")[LOT, Account.AVAILABLE] == 15
        assert held(tx, BRENNHAUS, "request:1")[LOT, Account.CONSUMED] == 1
        assert held(tx, AURORA, "request:1") == {}
        assert holders(tx, "request:1") == (AURORA, BRENNHAUS)
        assert {line.customer for line in statement(tx, BRENNHAUS, "credit")} == {BRENNHAUS}


def test_units_of_another_kind_are_counted_apart(store: Store) -> None:
    _booked(store, _grant(32), _grant(3, lot="training 2026-01-01", unit="training"))
    with store.reading() as tx:
        assert places(tx, AURORA, "credit") == {(LOT, Account.GRANTED): -32, (LOT, Account.AVAILABLE): 32}
        assert places(tx, AURORA, "training")["training 2026-01-01", Account.AVAILABLE] == 3
        assert [line.units for line in statement(tx, AURORA, "credit")] == [32]


def test_the_entries_of_each_customer_are_numbered_from_one(store: Store) -> None:
    _booked(store, _grant(32), _charge(2))
    _booked(store, _grant(16, BRENNHAUS))
    _booked(store, _charge(-2))
    with store.reading() as tx:
        assert (_numbers(tx, AURORA), _numbers(tx, BRENNHAUS)) == ([1, 2, 3], [1])
        assert (sequence(tx, AURORA), sequence(tx, BRENNHAUS)) == (3, 1)


def test_a_transaction_that_fails_uses_up_no_number(store: Store) -> None:
    _booked(store, _grant(32))

    def stumble() -> None:
        with store.writing() as tx:
            lock(tx, [AURORA])
            book(tx, [_charge(2)])
            raise RuntimeError("stumbled")

    with pytest.raises(RuntimeError, match="stumbled"):
        stumble()
    _booked(store, _charge(1, "request:2"))
    with store.reading() as tx:
        assert _numbers(tx, AURORA) == [1, 2]
        assert places(tx, AURORA, "credit")[LOT, Account.CONSUMED] == 1


def test_booking_without_the_lock_is_noticed(store: Store) -> None:
    # No account was opened: there is no number to give.
    with store.writing() as tx, pytest.raises(NoResultFound):
        book(tx, [_grant(32)])


def test_one_number_is_never_given_twice(store: Store) -> None:
    _booked(store, _grant(32))

    def count_from_the_start() -> None:
        with store.writing() as tx:
            tx.execute(accounts.update().values(sequence=0))
            book(tx, [_charge(1)])

    with pytest.raises(IntegrityError):
        count_from_the_start()


def test_a_statement_tells_every_movement_of_what_is_available_oldest_first(store: Store) -> None:
    over_two_lots = _entry(
        AURORA,
        "request:1",
        EntryKind.CHARGE,
        Posting(NEXT_LOT, Account.AVAILABLE, -2),
        Posting(NEXT_LOT, Account.CONSUMED, 2),
        Posting(LOT, Account.AVAILABLE, -1),
        Posting(LOT, Account.CONSUMED, 1),
    )
    _booked(store, _grant(1), _grant(32, lot=NEXT_LOT), over_two_lots, _charge(-1))
    with store.reading() as tx:
        lines = statement(tx, AURORA, "credit")
    assert [(line.sequence, line.kind, line.lot, line.units) for line in lines] == [
        (1, EntryKind.GRANT, LOT, 1),
        (2, EntryKind.GRANT, NEXT_LOT, 32),
        (3, EntryKind.CHARGE, LOT, -1),
        (3, EntryKind.CHARGE, NEXT_LOT, -2),
        (4, EntryKind.REFUND, LOT, 1),
    ]
    assert [line.request_key for line in lines] == [None, None, "SUP-1", "SUP-1", "SUP-1"]
    assert (lines[0].effective, lines[0].booked_at) == (DAY, NOON)
    assert lines[0].memo == f"grant of lot:{LOT}"


def test_locking_again_or_nobody_does_no_harm(store: Store) -> None:
    with store.writing() as tx:
        lock(tx, [])
        lock(tx, [AURORA, AURORA])
        book(tx, [_grant(32)])
        lock(tx, [AURORA])
        assert sequence(tx, AURORA) == 1


def _at_once(*deeds: Callable[[], None]) -> list[BaseException]:
    """Run each in a thread of its own; what they raised."""
    raised: list[BaseException] = []

    def run(deed: Callable[[], None]) -> None:
        try:
            deed()
        except BaseException as error:
            raised.append(error)

    threads = [threading.Thread(target=run, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)
    return raised


def test_two_that_book_for_one_customer_at_once_never_take_more_than_there_is(store: Store) -> None:
    units, rounds = 12, 12
    _booked(store, _grant(units))
    gate = threading.Barrier(2)

    def spend(name: str) -> Callable[[], None]:
        def deed() -> None:
            for number in range(rounds):
                gate.wait(30)
                with store.writing() as tx:
                    lock(tx, [AURORA])
                    if places(tx, AURORA, "credit").get((LOT, Account.AVAILABLE), 0) > 0:
                        book(tx, [_charge(1, f"request:{name}{number}")])

        return deed

    assert _at_once(spend("a"), spend("b")) == []
    with store.reading() as tx:
        standing = places(tx, AURORA, "credit")
        assert standing == {(LOT, Account.GRANTED): -units, (LOT, Account.CONSUMED): units}
        assert _numbers(tx, AURORA) == list(range(1, units + 2))


def test_whoever_comes_second_waits_and_sees_what_the_first_has_booked(store: Store) -> None:
    _booked(store, _grant(1))
    seen: list[int] = []
    asked = threading.Event()

    def second() -> None:
        asked.set()
        with store.writing() as tx:
            lock(tx, [AURORA])
            seen.append(places(tx, AURORA, "credit").get((LOT, Account.AVAILABLE), 0))

    thread = threading.Thread(target=second)
    with store.writing() as tx:
        lock(tx, [AURORA])
        thread.start()
        asked.wait(10)
        thread.join(0.3)
        assert seen == []
        book(tx, [_charge(1)])
    thread.join(30)
    assert seen == [0]


def test_two_customers_locked_in_either_order_never_wait_in_a_ring(store: Store) -> None:
    gate = threading.Barrier(2)

    def both(*customers: str) -> Callable[[], None]:
        def deed() -> None:
            for _ in range(25):
                gate.wait(30)
                with store.writing() as tx:
                    lock(tx, customers)
                    book(tx, [_grant(1, customer) for customer in customers])

        return deed

    assert _at_once(both(AURORA, BRENNHAUS), both(BRENNHAUS, AURORA)) == []
    with store.reading() as tx:
        assert _numbers(tx, AURORA) == _numbers(tx, BRENNHAUS) == list(range(1, 51))


def test_an_account_opened_by_two_at_once_is_one(store: Store) -> None:
    gate = threading.Barrier(2)

    def open_and_book() -> None:
        for number in range(10):
            gate.wait(30)
            _booked(store, _grant(1, f"customer-{number}"))

    assert _at_once(open_and_book, open_and_book) == []
    with store.reading() as tx:
        assert [_numbers(tx, f"customer-{number}") for number in range(10)] == [[1, 2]] * 10


def test_the_next_entry_has_a_number_behind_the_one_that_is_known_from_elsewhere(store: Store) -> None:
    _booked(store, _grant(32), _grant(32, BRENNHAUS))
    with store.writing() as tx:
        lock(tx, [AURORA])
        for known in (40, 7):
            number_after(tx, AURORA, known)
        assert (sequence(tx, AURORA), sequence(tx, BRENNHAUS)) == (40, 1)
        book(tx, [_charge(1)])
        assert _numbers(tx, AURORA) == [1, 41]


def test_what_every_request_holds_is_told_by_customer_and_unit(store: Store) -> None:
    training = _entry(
        AURORA,
        "request:1",
        EntryKind.CHARGE,
        Posting("training_session 2026-01-01", Account.AVAILABLE, -1),
        Posting("training_session 2026-01-01", Account.CONSUMED, 1),
        unit="training_session",
    )
    _booked(
        store,
        _grant(32),
        _charge(2),
        _charge(1, lot=NEXT_LOT),
        training,
        _charge(3, "request:2"),
        _charge(-3, "request:2"),
    )
    _booked(store, _charge(1, "request:1", BRENNHAUS))
    with store.reading() as tx:
        assert charges(tx) == (
            Charge("request:1", "SUP-1", AURORA, "credit", 3),
            Charge("request:1", "SUP-1", AURORA, "training_session", 1),
            Charge("request:1", "SUP-1", BRENNHAUS, "credit", 1),
        )


BOOKINGS = st.lists(
    st.tuples(
        st.sampled_from([AURORA, BRENNHAUS]),
        st.sampled_from(["request:1", "request:2"]),
        st.sampled_from([LOT, NEXT_LOT]),
        st.integers(-3, 5),
    ),
    max_size=12,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(BOOKINGS)
def test_where_the_units_stand_is_the_sum_of_all_that_was_ever_booked(
    store: Store, bookings: list[tuple[str, str, str, int]]
) -> None:
    for table in (ledger_postings, ledger_entries, ledger_places, accounts):
        with store.writing() as tx:
            tx.execute(delete(table))
    _booked(store, *(_charge(units, matter, customer, lot) for customer, matter, lot, units in bookings))
    for customer in (AURORA, BRENNHAUS):
        sums: Counter[tuple[str, Account]] = Counter()
        for whose, _, lot, units in bookings:
            if whose == customer:
                sums.update({(lot, Account.AVAILABLE): -units})
                sums.update({(lot, Account.CONSUMED): units})
        with store.reading() as tx:
            assert places(tx, customer) == {place: units for place, units in sums.items() if units}


def test_an_older_database_learns_where_its_units_stand(store_url: str) -> None:
    store = open_store(store_url)
    store.migrate()
    _booked(store, _grant(30), _charge(2), _charge(1, "request:2"), _grant(5, unit="training_session", lot="t"))
    with store.reading() as tx:
        before = places(tx, AURORA)
    with store.writing() as tx:
        tx.execute(text("DROP TABLE ledger_places"))
        with Operations.context(MigrationContext.configure(tx)):
            m0005_places.upgrade()
    with store.reading() as tx:
        assert (
            places(tx, AURORA)
            == before
            == {
                (LOT, Account.GRANTED): -30,
                (LOT, Account.AVAILABLE): 27,
                (LOT, Account.CONSUMED): 3,
                ("t", Account.GRANTED): -5,
                ("t", Account.AVAILABLE): 5,
            }
        )
    store.close()


def test_what_is_used_is_told_by_month_and_customer(store: Store) -> None:
    _booked(store, _grant(10), _charge(3), _charge(-1), _grant(10, BRENNHAUS), _charge(2, customer=BRENNHAUS))
    with store.reading() as tx:
        assert used(tx, "credit", date(2026, 3, 1), DAY) == (Used("2026-03", AURORA, 2), Used("2026-03", BRENNHAUS, 2))
        assert used(tx, "credit", date(2026, 2, 1), date(2026, 2, 28)) == ()
        assert used(tx, "training_session", DAY, DAY) == ()


def test_where_everybody_s_units_stand_is_told_by_customer(store: Store) -> None:
    _booked(store, _grant(10), _charge(3), _grant(4, BRENNHAUS))
    with store.reading() as tx:
        found = everywhere(tx, "credit")
        assert found == {customer: places(tx, customer, "credit") for customer in (AURORA, BRENNHAUS)}
