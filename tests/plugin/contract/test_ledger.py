"""Double-entry bookkeeping: units move, nothing is lost, nothing is edited."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.contract.ledger import (
    Account,
    EntryKind,
    LedgerEntry,
    Lot,
    Posting,
    added,
    balance,
    burn,
    consumption,
    places_of,
    settle,
    without,
)
from tests.plugin.contract.builders import NOON, on

EARLY = Lot("early", on("2026-06-30"), 3)
LATE = Lot("late", on("2026-12-31"), 5)

LOTS = st.lists(
    st.builds(Lot, st.sampled_from("abcdef"), st.dates(date(2026, 1, 1), date(2026, 1, 9)), st.integers(-5, 9)),
    unique_by=lambda lot: lot.id,
    max_size=5,
)
HELD = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 9), max_size=4)
PLACES = st.dictionaries(st.tuples(st.sampled_from("abc"), st.sampled_from(list(Account))), st.integers(-9, 9))


def there_is(lots: list[Lot]) -> int:
    return sum(max(0, lot.available) for lot in lots)


def entry(*postings: Posting) -> LedgerEntry:
    return LedgerEntry(
        "aurora", "credit", "request:1", EntryKind.CHARGE, on("2026-11-23"), NOON, "r1", "a question", postings
    )


def test_an_entry_moves_units_and_makes_none() -> None:
    assert entry(Posting("a", Account.AVAILABLE, -2), Posting("a", Account.CONSUMED, 2)).postings


@pytest.mark.parametrize(
    "postings",
    [
        (),
        (Posting("a", Account.CONSUMED, 1),),
        (Posting("a", Account.AVAILABLE, -2), Posting("a", Account.CONSUMED, 1)),
        (Posting("a", Account.AVAILABLE, -1), Posting("b", Account.CONSUMED, 1)),
    ],
    ids=["nothing", "one leg", "uneven", "from one lot into another"],
)
def test_an_entry_that_does_not_sum_to_zero_in_every_lot_is_refused(postings: tuple[Posting, ...]) -> None:
    with pytest.raises(ValueError, match="request:1 must sum to zero"):
        entry(*postings)


def test_the_balance_is_what_all_lots_have_together() -> None:
    assert balance([EARLY, LATE, Lot("short", on("2026-12-31"), -4)]) == 4
    assert balance([]) == 0


@pytest.mark.parametrize(
    ("units", "held", "taken"),
    [
        (0, {}, {}),
        (2, {}, {"early": 2}),
        (4, {}, {"early": 3, "late": 1}),
        (8, {}, {"early": 3, "late": 5}),
        (2, {"late": 2}, {"late": 2}),
        (3, {"late": 2}, {"early": 1, "late": 2}),
        (1, {"early": 1, "late": 2}, {"early": 1}),
        (0, {"early": 1, "late": 2}, {}),
        (1, {"early": 0}, {"early": 1}),
        (2, {"withdrawn": 2}, {"early": 2}),
        (4, {"early": 4}, {"early": 3, "late": 1}),
    ],
    ids=[
        "nothing",
        "from the earliest",
        "over into the next",
        "everything",
        "held stays",
        "more beside what is held",
        "too much goes back to the latest",
        "everything goes back",
        "held nothing",
        "held of a lot that is withdrawn moves",
        "held more than the lot still has moves",
    ],
)
def test_what_expires_first_burns_first(units: int, held: dict[str, int], taken: dict[str, int]) -> None:
    assert burn([LATE, EARLY], units, held) == taken
    assert burn([EARLY, LATE], units, held) == taken


def test_lots_of_one_day_burn_by_their_names() -> None:
    same = [Lot("b", on("2026-12-31"), 1), Lot("a", on("2026-12-31"), 1)]
    assert burn(same, 1, {}) == {"a": 1}


def test_more_than_there_is_is_refused() -> None:
    with pytest.raises(ValueError, match="9 units are wanted, 1 more than are available"):
        burn([EARLY, LATE], 9, {})


def test_a_lot_below_zero_gives_nothing_and_takes_nothing_away() -> None:
    short = Lot("short", on("2026-01-01"), -4)
    assert burn([short, LATE], 5, {}) == {"late": 5}
    assert burn([short, LATE], 2, {"short": 2}) == {"late": 2}


def test_what_is_consumed_is_no_longer_available() -> None:
    assert consumption({"a": 2}) == {("a", Account.AVAILABLE): -2, ("a", Account.CONSUMED): 2}


def test_settling_books_the_difference_only() -> None:
    booked = consumption({"a": 1})
    assert settle(consumption({"a": 3}), booked) == (
        Posting("a", Account.AVAILABLE, -2),
        Posting("a", Account.CONSUMED, 2),
    )
    assert settle({}, booked) == (Posting("a", Account.AVAILABLE, 1), Posting("a", Account.CONSUMED, -1))


def test_accounts_where_nothing_stands_are_left_out() -> None:
    there_and_back = (Posting("a", Account.CONSUMED, 2), Posting("a", Account.CONSUMED, -2))
    assert places_of((*there_and_back, Posting("b", Account.EXPIRED, 1))) == {("b", Account.EXPIRED): 1}


@given(PLACES, PLACES)
def test_settling_twice_is_settling_once(
    wanted: dict[tuple[str, Account], int], booked: dict[tuple[str, Account], int]
) -> None:
    postings = settle(wanted, booked)
    before = tuple(Posting(lot, account, units) for (lot, account), units in booked.items())
    after = places_of(before + postings)
    assert after == {place: units for place, units in wanted.items() if units}
    assert settle(wanted, after) == ()
    assert all(posting.units for posting in postings)


@given(HELD, HELD)
def test_moving_a_charge_sums_to_zero_in_every_lot(wanted: dict[str, int], held: dict[str, int]) -> None:
    postings = settle(consumption(wanted), consumption(held))
    assert not postings or entry(*postings)


@given(LOTS, HELD, st.data())
def test_burning_takes_exactly_what_is_wanted_and_never_more_than_a_lot_has(
    lots: list[Lot], held: dict[str, int], data: st.DataObject
) -> None:
    units = data.draw(st.integers(0, there_is(lots)))
    taken = burn(lots, units, held)
    assert sum(taken.values()) == units
    has = {lot.id: lot.available for lot in lots}
    assert all(0 < amount <= has[lot] for lot, amount in taken.items())


@given(LOTS, HELD, st.data())
def test_burning_again_moves_nothing(lots: list[Lot], held: dict[str, int], data: st.DataObject) -> None:
    units = data.draw(st.integers(0, there_is(lots)))
    taken = burn(lots, units, held)
    assert burn(list(reversed(lots)), units, taken) == taken


@given(LOTS, st.data())
def test_burning_anew_leaves_nothing_in_a_lot_before_one_that_is_touched(lots: list[Lot], data: st.DataObject) -> None:
    taken = burn(lots, data.draw(st.integers(0, there_is(lots))), {})
    touched = [lot.last for lot in lots if lot.id in taken]
    for lot in lots:
        if any(lot.last < last for last in touched):
            assert taken.get(lot.id, 0) == max(0, lot.available)


@given(LOTS, HELD, st.integers(1, 9))
def test_more_than_all_lots_have_is_always_refused(lots: list[Lot], held: dict[str, int], more: int) -> None:
    with pytest.raises(ValueError, match=f"{more} more than are available"):
        burn(lots, there_is(lots) + more, held)


@given(PLACES, PLACES)
def test_what_others_hold_and_what_a_request_holds_is_all_there_is(
    all_: dict[tuple[str, Account], int], own: dict[tuple[str, Account], int]
) -> None:
    others = without(all_, own)
    assert all(others.values()), "where nothing stands is not named"
    assert added(others, own) == {place: units for place, units in all_.items() if units}
    assert without(all_, all_) == {}
