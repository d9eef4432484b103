"""Who needs attention, and why: the gravest first."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from plugin.contract.books import correction
from plugin.contract.grants import CREDIT, TRAINING, book_grants
from plugin.contract.ledger import Lot
from plugin.contract.model import NamedContact, Source, SupportAgreement, Term
from plugin.overview.correcting import NoLotError, RefusedError, implied, propose
from plugin.overview.customers import Attention, customer, standings
from plugin.store import Store, ledger
from tests.road.house import FRIDAY, emptied, shipped, sqlite_store

POLICY = shipped().policy
SIGNED = {each.customer: each for each in shipped().agreements}
AURORA = SIGNED["aurora-robotics"]
TODAY = POLICY.day(FRIDAY)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with sqlite_store(tmp_path_factory.mktemp("customers")) as opened:
        yield opened


@pytest.fixture
def books(kept: Store) -> Store:
    """Return a ledger in which Aurora Robotics has what it was granted: 192 credits."""
    store = emptied(kept)
    with store.writing() as tx:
        ledger.lock(tx, [AURORA.customer])
        ledger.book(tx, book_grants(AURORA, POLICY, {}, FRIDAY))
    return store


def attention(store: Store, agreement: SupportAgreement) -> tuple[Attention, ...]:
    with store.reading() as tx:
        (found,) = standings(tx, [agreement], POLICY, FRIDAY)
    return found.attention


def until(last: date) -> SupportAgreement:
    return replace(AURORA, terms=(Term(date(2024, 4, 1), last),))


def with_contacts(number: int) -> SupportAgreement:
    named = NamedContact("Somebody", (), (), None, Source("agreements/a.yaml", 1))
    return replace(AURORA, named_contacts=tuple(replace(named, name=f"Contact {each}") for each in range(number)))


def taken(store: Store, units: int) -> None:
    with store.writing() as tx:
        ledger.lock(tx, [AURORA.customer])
        ledger.book(tx, [correction(AURORA.customer, CREDIT, "credit 2026-04-01", -units, POLICY, FRIDAY, "x")])


@pytest.mark.parametrize(
    ("days", "expected"), [(-1, (Attention.ENDED,)), (0, (Attention.ENDING,)), (59, (Attention.ENDING,)), (60, ())]
)
def test_an_agreement_that_ends_needs_attention(books: Store, days: int, expected: tuple[Attention, ...]) -> None:
    assert attention(books, until(TODAY + timedelta(days=days))) == expected


@pytest.mark.parametrize(
    ("units", "expected"), [(172, ()), (173, (Attention.SHORT,)), (191, (Attention.SHORT,)), (192, (Attention.EMPTY,))]
)
def test_a_short_balance_needs_attention(books: Store, units: int, expected: tuple[Attention, ...]) -> None:
    taken(books, units)
    assert attention(books, AURORA) == expected


@pytest.mark.parametrize(("number", "expected"), [(4, ()), (5, (Attention.FULL,)), (6, (Attention.SEATS,))])
def test_seats_that_are_taken_need_attention(books: Store, number: int, expected: tuple[Attention, ...]) -> None:
    assert attention(books, with_contacts(number)) == expected


def test_the_gravest_comes_first(books: Store) -> None:
    with books.reading() as tx:
        found = standings(tx, shipped().agreements, POLICY, FRIDAY)
    order = [list(Attention).index(each.attention[0]) if each.attention else len(Attention) for each in found]
    assert order == sorted(order)
    assert found[0].customer == "delta-foundry"


def test_a_correction_of_a_lot_that_is_not_there_is_refused_with_the_nearest(books: Store) -> None:
    with books.reading() as tx, pytest.raises(RefusedError, match="credit 2026-04-01"):
        propose(tx, AURORA, POLICY, FRIDAY, CREDIT, 5, "x", "credit 2026-04-02")


FIRST, LAST = Lot("a", FRIDAY.date(), 3), Lot("b", FRIDAY.date() + timedelta(days=9), 5)


@pytest.mark.parametrize(("units", "expected"), [(1, LAST), (-3, FIRST), (-4, LAST), (-9, LAST)])
def test_units_are_taken_from_what_expires_first_and_given_to_what_expires_last(units: int, expected: Lot) -> None:
    assert implied((FIRST, LAST), units) == expected


def test_a_lot_that_is_named_is_corrected_even_when_it_is_over(books: Store) -> None:
    with books.reading() as tx:
        over = propose(tx, AURORA, POLICY, FRIDAY, CREDIT, -2, "x", "credit 2025-04-01")
        open_still = propose(tx, AURORA, POLICY, FRIDAY, CREDIT, -2, "x", "credit 2026-04-01")
    assert (over.lot.available, over.after - over.before, over.implied) == (192, 0, False)
    assert (open_still.lot.available, open_still.after - open_still.before) == (192, -2)


def test_every_unit_is_there_with_its_lots_and_how_it_burnt_down(books: Store) -> None:
    taken(books, 1)
    with books.reading() as tx:
        seen = customer(tx, AURORA, POLICY, FRIDAY)
        none = customer(tx, SIGNED["cobalt-rail"], POLICY, FRIDAY)
    assert [(each.unit, each.burn_down.granted, each.empty) for each in seen.holdings] == [
        (CREDIT, 192, False),
        (TRAINING, 18, False),
    ]
    assert [each.empty for each in none.holdings] == [True, True]


def test_without_a_lot_of_today_there_is_nothing_to_correct(books: Store) -> None:
    with books.reading() as tx, pytest.raises(NoLotError):
        propose(tx, SIGNED["delta-foundry"], POLICY, FRIDAY, CREDIT, 5, "x")
