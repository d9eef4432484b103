"""Carry-over (C9): what is left at the end of an agreement year, for some months more; and corrections by hand."""

import pytest

from plugin.contract.books import correction
from plugin.contract.grants import CREDIT, TRAINING, book_grants, grants, usable
from plugin.contract.ledger import Account, EntryKind, LedgerEntry, Places, added, balance, consumption, places_of
from plugin.contract.model import months_after
from plugin.contract.policy import UNLIMITED, CarryOver, Policy, Quantity
from tests.plugin.contract.builders import agreement, always, at, entitlement, on, package, policy, table

A, C, E, G = Account.AVAILABLE, Account.CONSUMED, Account.EXPIRED, Account.GRANTED
MOVED, BY_HAND = Account.CARRIED, Account.CORRECTED
YEARS = agreement(entitlement(during="2025-01-01 2027-12-31"), terms=["2025-01-01 2027-12-31"])
OLD, NEW, KEPT = "credit 2025-01-01", "credit 2026-01-01", "credit carry-over 2025-01-01"


def carrying(most: Quantity = UNLIMITED, months: int = 3) -> Policy:
    return policy(carry_over=always(CarryOver(most, months)))


def after(entries: tuple[LedgerEntry, ...], places: Places) -> Places:
    return added(places, *(places_of(entry.postings) for entry in entries))


def booked(rules: Policy, now: str, places: Places | None = None) -> Places:
    places = places or {}
    return after(book_grants(YEARS, rules, places, at(now)), places)


def left_of(places: Places, lot: str) -> dict[Account, int]:
    return {account: units for (each, account), units in places.items() if each == lot}


def lots(rules: Policy, day: str, today: str, places: Places) -> dict[str, int]:
    return {lot.id: lot.available for lot in usable(grants(YEARS, rules, on(today)), places, on(day))}


def test_what_is_left_expires_where_nothing_is_carried_over() -> None:
    places = added(booked(carrying(None), "2025-12-31 09:00"), consumption({OLD: 12}))
    assert left_of(booked(carrying(None), "2026-01-01 09:00", places), OLD) == {G: -32, C: 12, E: 20}


def test_what_is_left_moves_into_a_lot_of_its_own_in_one_balanced_entry() -> None:
    places = added(booked(carrying(), "2025-12-31 09:00"), consumption({OLD: 12}))
    entries = book_grants(YEARS, carrying(), places, at("2026-01-01 09:00"))
    assert [(entry.kind, entry.matter, str(entry.effective)) for entry in entries] == [
        (EntryKind.CARRY_OVER, f"lot:{KEPT}", "2025-12-31"),
        (EntryKind.GRANT, f"lot:{NEW}", "2026-01-01"),
    ]
    assert entries[0].memo == "left over at the end of the agreement year (C9, credits.yaml:1)"
    places = after(entries, places)
    assert left_of(places, OLD) == {G: -32, C: 12, MOVED: 20}
    assert left_of(places, KEPT) == {MOVED: -20, A: 20}
    assert book_grants(YEARS, carrying(), places, at("2026-01-02 09:00")) == ()


def test_nothing_moves_before_the_year_is_over() -> None:
    assert KEPT not in {each.lot for each in grants(YEARS, carrying(), on("2025-12-31"))}
    assert KEPT in {each.lot for each in grants(YEARS, carrying(), on("2026-01-01"))}


def test_at_most_the_number_of_the_row_is_carried_over_and_the_rest_expires() -> None:
    places = added(booked(carrying(8), "2025-12-31 09:00"), consumption({OLD: 12}))
    places = booked(carrying(8), "2026-01-01 09:00", places)
    assert left_of(places, OLD) == {G: -32, C: 12, MOVED: 8, E: 12}
    assert left_of(places, KEPT) == {MOVED: -8, A: 8}


def test_what_was_carried_over_burns_first_and_expires_after_its_months() -> None:
    places = booked(carrying(8), "2026-01-01 09:00", booked(carrying(8), "2025-12-31 09:00"))
    assert lots(carrying(8), "2026-03-31", "2026-03-31", places) == {KEPT: 8, NEW: 32}
    assert list(lots(carrying(8), "2026-03-31", "2026-03-31", places)) == [KEPT, NEW]
    assert lots(carrying(8), "2026-04-01", "2026-04-01", places) == {NEW: 32}
    assert left_of(booked(carrying(8), "2026-04-01 09:00", places), KEPT) == {MOVED: -8, E: 8}


def test_what_was_carried_over_is_not_carried_over_again() -> None:
    rules = carrying(months=24)
    places = booked(rules, "2027-01-01 09:00", added(booked(rules, "2025-06-01 09:00"), consumption({OLD: 2})))
    assert left_of(places, KEPT) == {MOVED: -30, A: 30}
    assert left_of(places, "credit carry-over 2026-01-01") == {MOVED: -32, A: 32}


def test_a_late_refund_of_the_old_year_is_carried_over_too() -> None:
    places = booked(carrying(), "2026-01-01 09:00", consumption({OLD: 12}))
    places = booked(carrying(), "2026-01-05 09:00", added(places, consumption({OLD: -2})))
    assert left_of(places, KEPT) == {MOVED: -22, A: 22}


def test_a_late_charge_of_the_old_year_gets_only_what_was_not_consumed_elsewhere() -> None:
    places = added(booked(carrying(), "2026-01-01 09:00", consumption({OLD: 12})), consumption({KEPT: 15}))
    assert lots(carrying(), "2025-12-30", "2026-01-05", places) == {OLD: 5}
    places = booked(carrying(), "2026-01-05 09:00", added(places, consumption({OLD: 5})))
    assert left_of(places, KEPT) == {MOVED: -15, C: 15}


def test_a_late_charge_takes_what_the_limit_left_behind_first() -> None:
    rules = carrying(8)
    places = added(booked(rules, "2026-01-01 09:00", consumption({OLD: 12})), consumption({KEPT: 8}))
    assert lots(rules, "2025-12-30", "2026-01-05", places) == {OLD: 12}
    places = booked(rules, "2026-01-05 09:00", added(places, consumption({OLD: 12})))
    assert left_of(places, OLD) == {G: -32, C: 24, MOVED: 8}


def test_a_late_charge_has_the_whole_of_what_nobody_has_used_since() -> None:
    places = booked(carrying(), "2026-01-01 09:00", consumption({OLD: 12}))
    assert lots(carrying(), "2025-12-30", "2026-01-05", places) == {OLD: 20}


def test_a_late_charge_is_told_what_was_consumed_elsewhere_of_its_own_year_whatever_later_years_did() -> None:
    rules = carrying(months=24)
    places = added(booked(rules, "2027-01-01 09:00", consumption({OLD: 12})), consumption({KEPT: 15}))
    assert lots(rules, "2025-12-30", "2027-01-05", places) == {OLD: 5}
    assert lots(rules, "2026-12-30", "2027-01-05", places)[NEW] == 32


def test_what_was_consumed_elsewhere_and_taken_back_by_hand_since_is_a_debt_of_the_old_year() -> None:
    """Of 20 carried over 15 were used; then 12 of the old year are taken back: only 8 had been left of it."""
    places = added(booked(carrying(), "2026-01-01 09:00", consumption({OLD: 12})), consumption({KEPT: 15}))
    places = added(places, {(OLD, A): -12, (OLD, BY_HAND): 12})
    assert lots(carrying(), "2025-12-30", "2026-01-05", places) == {OLD: -7}


def test_where_nothing_is_carried_over_nothing_moves_between_the_lots_of_a_year() -> None:
    signed = agreement(entitlement(), entitlement(during="2026-07-01 2026-12-31"))
    places: Places = consumption({"credit 2026-01-01": 30, "credit 2026-07-01": 7})
    for rules in (carrying(0), carrying(None)):
        entries = book_grants(signed, rules, places, at("2027-01-01 09:00"))
        assert MOVED not in {posting.account for entry in entries for posting in entry.postings}


def test_a_year_of_several_lots_is_carried_over_as_one() -> None:
    signed = agreement(
        entitlement(), entitlement(during="2026-07-01 2026-12-31"), packages=[package(5, "2026-03-01 2026-12-31")]
    )
    places: Places = consumption({"credit 2026-01-01": 30, "credit 2026-07-01": 7})
    places = after(book_grants(signed, carrying(11), places, at("2027-01-01 09:00")), places)
    assert left_of(places, "credit carry-over 2026-01-01") == {MOVED: -11, A: 11}
    assert left_of(places, "credit 2026-07-01") == {G: -17, C: 7, MOVED: 10}
    assert left_of(places, "credit 2026-01-01") == {G: -32, C: 30, MOVED: 1, E: 1}
    assert left_of(places, "credit package 2026-03-01") == {G: -5, E: 5}, "a package has an expiry of its own"


def test_the_row_of_the_best_tier_on_the_last_day_applies_if_it_is_in_force_then() -> None:
    rows = table(
        "C9",
        "credits.yaml",
        ({"tier": "premium", "unit": "any"}, CarryOver(None, 0)),
        ({"tier": "premium", "unit": "any"}, CarryOver(4, 1), on("2026-12-31")),
        ({"tier": "any", "unit": "any"}, CarryOver(9, 1)),
    )
    signed = agreement(
        entitlement("advanced", product="expecco ALM", during="2025-01-01 2027-12-31"),
        entitlement(during="2025-01-01 2027-12-31"),
        terms=["2025-01-01 2027-12-31"],
    )
    found = [each for each in grants(signed, policy(carry_over=rows), on("2028-01-01")) if each.carries]
    assert [(each.lot, each.most) for each in found] == [
        ("credit carry-over 2026-01-01", 4),
        ("credit carry-over 2027-01-01", 4),
    ]


def test_each_unit_is_carried_over_by_its_own_row() -> None:
    rules = policy(
        grants=always(2),
        carry_over=table(
            "C9",
            "credits.yaml",
            ({"tier": "any", "unit": TRAINING}, CarryOver(1, 6)),
            ({"tier": "any", "unit": CREDIT}, CarryOver(None, 0)),
        ),
    )
    places = booked(rules, "2026-01-01 09:00")
    assert left_of(places, f"{TRAINING} carry-over 2025-01-01") == {MOVED: -1, A: 1}
    assert left_of(places, KEPT) == {}


def test_a_setting_that_is_taken_back_returns_what_was_not_consumed() -> None:
    places = added(booked(carrying(), "2026-01-01 09:00"), consumption({KEPT: 5}))
    places = booked(carrying(None), "2026-01-02 09:00", places)
    assert left_of(places, KEPT) == {G: -5, C: 5}
    assert left_of(places, OLD) == {G: -32, E: 32}


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [("2026-11-30", 3, "2027-02-28"), ("2026-01-31", 1, "2026-02-28"), ("2026-12-01", 12, "2027-12-01")],
)
def test_months_end_where_the_month_does(day: str, months: int, then: str) -> None:
    assert months_after(on(day), months) == on(then)


def by_hand(places: Places, units: int, lot: str = OLD) -> Places:
    entry = correction("aurora", CREDIT, lot, units, carrying(), at("2025-06-01 09:00"), "goodwill (by Sam)")
    assert (entry.kind, entry.matter, entry.memo) == (EntryKind.CORRECT, f"lot:{lot}", "goodwill (by Sam)")
    return added(places, places_of(entry.postings))


def test_a_correction_stays_when_the_grants_are_booked_again() -> None:
    places = by_hand(booked(carrying(), "2025-06-01 09:00"), 3)
    assert left_of(places, OLD) == {G: -32, BY_HAND: -3, A: 35}
    assert book_grants(YEARS, carrying(), places, at("2025-06-02 09:00")) == ()
    assert lots(carrying(), "2025-06-02", "2025-06-02", places) == {OLD: 35}


def test_a_correction_may_take_the_balance_below_zero() -> None:
    places = by_hand(added(booked(carrying(), "2025-06-01 09:00"), consumption({OLD: 30})), -5)
    day = on("2025-06-01")
    assert balance(usable(grants(YEARS, carrying(), day), places, day)) == -3
    assert book_grants(YEARS, carrying(), places, at("2025-06-02 09:00")) == ()


def test_what_was_corrected_is_carried_over_and_expires_with_the_rest() -> None:
    places = by_hand(booked(carrying(None), "2025-06-01 09:00"), 3)
    assert left_of(booked(carrying(None), "2026-01-01 09:00", places), OLD)[E] == 35
    assert left_of(booked(carrying(), "2026-01-01 09:00", places), KEPT) == {MOVED: -35, A: 35}


def test_a_debt_is_not_carried_over() -> None:
    places = by_hand(booked(carrying(), "2025-06-01 09:00"), -40)
    places = booked(carrying(), "2026-01-01 09:00", places)
    assert left_of(places, OLD) == {G: -32, BY_HAND: 40, A: -8}
    assert left_of(places, KEPT) == {}


def test_what_was_given_by_hand_to_a_lot_no_longer_in_the_agreement_is_withdrawn_with_it() -> None:
    places = added(by_hand(booked(carrying(), "2025-06-01 09:00"), 3), consumption({OLD: 2}))
    moved = agreement(entitlement(during="2028"), terms=["2028"])
    places = after(book_grants(moved, carrying(), places, at("2025-06-03 09:00")), places)
    assert left_of(places, OLD) == {G: 1, BY_HAND: -3, C: 2}
    assert book_grants(moved, carrying(), places, at("2025-06-04 09:00")) == ()
