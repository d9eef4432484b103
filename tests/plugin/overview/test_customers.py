"""Who needs attention, and why: the gravest first."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from plugin.contract.books import correction
from plugin.contract.grants import CREDIT, book_grants
from plugin.contract.model import NamedContact, Source, SupportAgreement, Term
from plugin.overview.correcting import NoLotError, RefusedError, propose
from plugin.overview.customers import Attention, standings
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


def test_without_a_lot_of_today_there_is_nothing_to_correct(books: Store) -> None:
    with books.reading() as tx, pytest.raises(NoLotError):
        propose(tx, SIGNED["delta-foundry"], POLICY, FRIDAY, CREDIT, 5, "x")
