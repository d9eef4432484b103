"""A balance over an agreement year: every movement on its day, and what will expire."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from plugin.contract.ledger import EntryKind, Lot
from plugin.contract.model import Term
from plugin.contract.statement import Section, StatementLine
from plugin.overview.burndown import agreement_year, burn_down
from tests.road.house import shipped

YEAR = Term(date(2026, 4, 1), date(2027, 3, 31))
TODAY = date(2026, 11, 20)
BERLIN = ZoneInfo("Europe/Berlin")
LOT = "credit 2026-04-01"


def line(number: int, day: date, kind: EntryKind, units: int, lot: str = LOT) -> StatementLine:
    booked = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    return StatementLine("aurora", number, day, booked, kind, f"m{number}", None, "", lot, units)


GRANT = line(1, YEAR.first, EntryKind.GRANT, 96)


def test_each_day_says_what_moved_and_what_was_left() -> None:
    used = [line(number, date(2026, 5, 4), EntryKind.CHARGE, -2) for number in (2, 3)]
    told = burn_down([GRANT, *used], YEAR, TODAY, (), BERLIN)
    assert [(each.day, each.section, each.units, each.balance) for each in told.steps] == [
        (YEAR.first, Section.GRANTED, 96, 96),
        (date(2026, 5, 4), Section.USED, -4, 92),
    ]
    assert (told.granted, told.used, told.balance) == (96, 4, 92)


def test_what_the_last_year_left_over_is_no_balance_of_this_one() -> None:
    old = "credit 2025-04-01"
    lines = [
        line(1, date(2025, 4, 1), EntryKind.GRANT, 96, old),
        line(2, date(2026, 3, 31), EntryKind.EXPIRE, -96, old),
        line(3, YEAR.first, EntryKind.GRANT, 96),
    ]
    assert burn_down(lines, YEAR, TODAY, (), BERLIN).opening == 0


def test_what_expires_within_the_year_is_told_ahead() -> None:
    lots = (Lot(LOT, YEAR.last, 90), Lot("credit package a", date(2027, 1, 5), 6), Lot("b", date(2027, 9, 1), 5))
    told = burn_down([GRANT], YEAR, TODAY, lots, BERLIN)
    assert told.expiring == ((date(2027, 1, 5), 6), (YEAR.last, 90))


def test_a_year_that_is_over_ends_with_its_last_day() -> None:
    later = line(2, date(2027, 4, 2), EntryKind.CORRECT, 5)
    assert burn_down([GRANT, later], YEAR, date(2027, 6, 1), (), BERLIN).balance == 96


def test_the_year_is_the_one_in_force_or_the_nearest() -> None:
    aurora = next(each for each in shipped().agreements if each.customer == "aurora-robotics")
    assert agreement_year(aurora, TODAY) == YEAR
    assert agreement_year(aurora, date(2020, 1, 1)).first == date(2024, 4, 1)
    assert agreement_year(aurora, date(2040, 1, 1)).last == date(2034, 3, 31)


@given(st.lists(st.tuples(st.integers(0, 233), st.integers(-9, 9)), max_size=20))
def test_the_steps_come_to_the_balance(moves: list[tuple[int, int]]) -> None:
    lines = [GRANT] + [
        line(number, YEAR.first + timedelta(days=after), EntryKind.CORRECT, units)
        for number, (after, units) in enumerate(moves, start=2)
    ]
    told = burn_down(lines, YEAR, TODAY, (), BERLIN)
    assert told.balance == told.opening + sum(each.units for each in told.steps) == sum(each.units for each in lines)
    assert told.lowest <= told.balance <= told.highest
