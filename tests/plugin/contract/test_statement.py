"""A month of the ledger: it adds up, each movement stands in exactly one, and what was sent stays as it was."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugin.contract.books import matter_of
from plugin.contract.grants import CREDIT, UNITS, book_grants, grants, of_unit, usable
from plugin.contract.ledger import Account, balance
from plugin.contract.statement import Month, Section, StatementLine, counted, pending, tally
from tests.plugin.contract.bookkeeping import Books
from tests.plugin.contract.builders import at
from tests.plugin.contract.test_books_laws import CORRECTIONS, FEW, GROWING, STEPS, walk

Steps = list[tuple[str, str, int]]
ZONE = FEW.zone


def lines_of(books: Books, unit: str) -> tuple[StatementLine, ...]:
    """Every line, those that are still to be booked among them."""
    due = book_grants(GROWING, FEW, books.places(), books.now)
    return pending((each for each in (*books.entries, *due) if each.unit == unit), 0)


def months_of(books: Books) -> list[Month]:
    found, last = [Month(2025, 6)], Month.of(FEW.day(books.now))
    while found[-1] < last:
        found.append(found[-1].following)
    return found


@settings(max_examples=40)
@given(STEPS, CORRECTIONS, STEPS)
def test_every_month_adds_up_to_the_ledger_with_nothing_over(
    steps: Steps, corrections: list[tuple[str, int]], more: Steps
) -> None:
    books = walk(steps)
    for lot, units in corrections:
        if units:
            books.correct(lot, units)
    for id, _, days in more:
        books.now += timedelta(days=days)
        if id in books.requests:
            books.look(id)
    for unit in UNITS:
        lines, left = lines_of(books, unit), 0
        for month in months_of(books):
            one = tally(unit, counted(lines, ZONE), month)
            assert one.opening == left
            assert one.closing == one.opening + sum(one.total(section) for section in Section)
            assert sum(one.used().values()) == -one.total(Section.USED)
            left = one.closing
        due = book_grants(GROWING, FEW, books.places(), books.now)
        for entry in due:
            books.entries.append(entry)
        places = of_unit(books.places(), unit)
        assert left == sum(amount for (_, account), amount in places.items() if account is Account.AVAILABLE)


@settings(max_examples=40)
@given(STEPS)
def test_what_is_left_is_what_the_balance_says(steps: Steps) -> None:
    books = walk(steps)
    today = FEW.day(books.now)
    for unit in UNITS:
        lots = usable(grants(GROWING, FEW, today, unit), of_unit(books.places(), unit), today)
        assert tally(unit, counted(lines_of(books, unit), ZONE), Month.of(today)).closing == balance(lots)


@settings(max_examples=40)
@given(STEPS, STEPS)
def test_what_people_do_later_changes_no_month_that_is_over(steps: Steps, more: Steps) -> None:
    books = walk(steps)
    books.now += timedelta(days=32)
    over = [month for month in months_of(books) if month.last < FEW.day(books.now)]

    def closing(unit: str) -> list[int]:
        lines = counted(lines_of(books, unit), ZONE)
        return [tally(unit, lines, month).closing for month in over]

    before = {unit: closing(unit) for unit in UNITS}
    for id, _, days in more:
        books.now += timedelta(days=days)
        if id in books.requests:
            books.leaves(id)
            books.look(id)
    for unit in UNITS:
        assert closing(unit) == before[unit]


@settings(max_examples=40)
@given(STEPS)
def test_each_movement_stands_in_exactly_one_month(steps: Steps) -> None:
    books = walk(steps)
    for unit in UNITS:
        lines = lines_of(books, unit)
        within = [each.line for month in months_of(books) for each in tally(unit, counted(lines, ZONE), month).moved]
        assert sorted(within, key=lambda each: (each.sequence, each.lot)) == sorted(
            lines, key=lambda each: (each.sequence, each.lot)
        )


def test_a_charge_counts_on_the_day_it_was_booked_and_a_grant_on_its_own() -> None:
    books = walk([("1", "no version", 0), ("1", "good version", 40)])
    days = {each.line.kind: each.day for each in counted(lines_of(books, CREDIT), ZONE)}
    assert str(days["charge"]) == "2025-11-10"
    assert str(days["grant"]) == "2025-10-20"
    november = tally(CREDIT, counted(lines_of(books, CREDIT), ZONE), Month(2025, 11))
    assert november.used() == {matter_of("1"): 1}
    assert november.total(Section.USED) == -1


def test_the_days_are_the_vendors() -> None:
    books = Books(at("2026-03-31 23:30"), GROWING, FEW)
    assert FEW.day(books.now) == Month(2026, 3).last


@pytest.mark.parametrize("text", ["2026", "2026-13", "2026-1-1", "October", "", "26-10"])
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"Invalid isoformat|month must be|day is out"):
        Month.read(text)


@given(st.dates())
def test_months_follow_each_other_without_a_gap(day: date) -> None:
    month = Month.of(day)
    assert Month.read(str(month)) == month
    if month != Month(9999, 12):
        assert (month.following.first - month.last).days == 1
