"""What an agreement grants, which of it can be used on a day, and what is booked for it."""

from collections.abc import Iterable

import pytest

from plugin.contract.grants import CREDIT, book_grants, grants, usable
from plugin.contract.ledger import Account, EntryKind, LedgerEntry, Places, Posting, balance, consumption, places_of
from plugin.contract.model import SupportAgreement, Term
from tests.plugin.contract.builders import POLICY, agreement, at, entitlement, on, policy, table, term

NEVER = on("2099-12-31")
A, C, E, G = Account.AVAILABLE, Account.CONSUMED, Account.EXPIRED, Account.GRANTED


def granted(signed: SupportAgreement, until: str = "2099-12-31") -> list[tuple[str, str, int]]:
    """First day, last day and units of every grant."""
    return [(str(each.term.first), str(each.term.last), each.units) for each in grants(signed, POLICY, on(until))]


def after(entries: Iterable[LedgerEntry], places: Places | None = None) -> dict[tuple[str, Account], int]:
    before = tuple(Posting(lot, account, units) for (lot, account), units in (places or {}).items())
    return places_of(before + tuple(posting for entry in entries for posting in entry.postings))


def booked(signed: SupportAgreement, now: str, places: Places | None = None) -> dict[tuple[str, Account], int]:
    """Where the units stand once the grants are booked at that time."""
    return after(book_grants(signed, POLICY, places or {}, at(now)), places)


@pytest.mark.parametrize(("tier", "units"), [("premium", 3200), ("advanced", 1600)])
def test_a_year_grants_licences_times_the_amount_of_the_tier(tier: str, units: int) -> None:
    assert granted(agreement(entitlement(tier, licenses=100))) == [("2026-01-01", "2026-12-31", units)]


def test_a_tier_without_credits_or_a_free_licence_grants_nothing() -> None:
    assert granted(agreement(entitlement("basic", licenses=10))) == []
    assert granted(agreement(entitlement(free=True))) == []


def test_all_products_grant_into_one_lot() -> None:
    both = agreement(entitlement(licenses=2), entitlement("advanced", product="expecco-alm", licenses=1))
    assert granted(both) == [("2026-01-01", "2026-12-31", 80)]


def test_each_year_of_a_longer_term_grants_anew_on_the_anniversary() -> None:
    long = agreement(entitlement(during="2024-03-15 2026-09-14"), terms=["2024-03-15 2026-09-14"])
    assert granted(long) == [
        ("2024-03-15", "2025-03-14", 32),
        ("2025-03-15", "2026-03-14", 32),
        ("2026-03-15", "2026-09-14", 32),
    ]
    assert granted(long, until="2025-03-14") == [("2024-03-15", "2025-03-14", 32)]
    assert len(granted(long, until="2025-03-15")) == 2


def test_a_term_from_29_february_grants_on_1_march_where_there_is_none() -> None:
    leap = agreement(entitlement(during="2024-02-29 2028-12-31"), terms=["2024-02-29 2028-12-31"])
    assert [first for first, _, _ in granted(leap)] == [
        "2024-02-29",
        "2025-03-01",
        "2026-03-01",
        "2027-03-01",
        "2028-02-29",
    ]
    assert [last for _, last, _ in granted(leap)] == [
        "2025-02-28",
        "2026-02-28",
        "2027-02-28",
        "2028-02-28",
        "2028-12-31",
    ]


def test_a_term_without_an_end_in_sight_is_counted_only_as_far_as_asked() -> None:
    endless = agreement(entitlement(during="2026-01-01 9999-12-31"), terms=["2026-01-01 9999-12-31"])
    assert len(granted(endless, until="2028-06-30")) == 3


def test_renewals_are_oldest_first_in_whatever_order_they_are_written() -> None:
    renewed = agreement(entitlement(during="2025-01-01 2026-12-31"), terms=["2026", "2025"])
    assert [first for first, _, _ in granted(renewed)] == ["2025-01-01", "2026-01-01"]


@pytest.mark.parametrize(
    ("day", "units"),
    [("2026-01-02", 160), ("2026-07-01", 81), ("2026-12-01", 14), ("2026-12-31", 1)],
)
def test_growth_within_the_year_grants_the_difference_for_the_rest_of_it_rounded_up(day: str, units: int) -> None:
    """5 more licences are 160 credits a year: on 1 July 184 days of 365 are left, 80.66 credits."""
    grown = agreement(entitlement(licenses=10), entitlement(licenses=5, during=f"{day} 2026-12-31"))
    assert granted(grown) == [("2026-01-01", "2026-12-31", 320), (day, "2026-12-31", units)]


def test_a_better_tier_within_the_year_grants_the_difference() -> None:
    better = agreement(
        entitlement("advanced", licenses=10, during="2026-01-01 2026-06-30"),
        entitlement("premium", licenses=10, during="2026-07-01 2026-12-31"),
    )
    assert granted(better) == [("2026-01-01", "2026-12-31", 160), ("2026-07-01", "2026-12-31", 81)]


def test_a_second_growth_is_counted_from_the_first() -> None:
    twice = agreement(
        entitlement(licenses=1),
        entitlement(licenses=1, during="2026-07-01 2026-12-31"),
        entitlement(licenses=1, during="2026-12-31 2026-12-31"),
    )
    assert [units for _, _, units in granted(twice)] == [32, 17, 1]


def test_shrinking_takes_nothing_back_until_the_next_year() -> None:
    shrunk = agreement(
        entitlement(licenses=10, during="2026-01-01 2026-06-30"),
        entitlement(licenses=2, during="2026-07-01 2027-12-31"),
        entitlement(licenses=3, during="2026-10-01 2026-12-31"),
        terms=["2026-01-01 2027-12-31"],
    )
    assert granted(shrunk) == [("2026-01-01", "2026-12-31", 320), ("2027-01-01", "2027-12-31", 64)]


def test_an_entitlement_that_begins_within_the_year_grants_for_the_rest_of_it() -> None:
    late = agreement(entitlement(during="2026-12-01 2026-12-31"))
    assert granted(late) == [("2026-12-01", "2026-12-31", 3)]
    assert granted(late, until="2026-11-30") == []


def test_entitlements_outside_the_terms_grant_nothing() -> None:
    assert granted(agreement(entitlement(during="2025"))) == []


def test_a_grant_follows_the_amounts_in_force_on_its_day_and_cites_them() -> None:
    raised = policy(
        grants=table(
            "C9",
            "credits.yaml",
            ({"tier": "premium", "unit": "credit"}, 32),
            ({"tier": "premium", "unit": "credit"}, 40, on("2027-01-01")),
        )
    )
    two = agreement(entitlement(during="2026-01-01 2027-12-31"), terms=["2026", "2027"])
    assert [(each.units, str(each.cites)) for each in grants(two, raised, NEVER)] == [
        (32, "C9, credits.yaml:1"),
        (40, "C9, credits.yaml:2"),
    ]


def test_growth_within_the_year_counts_by_the_amounts_of_the_years_first_day() -> None:
    amounts = policy(
        grants=table(
            "C9",
            "credits.yaml",
            ({"tier": "premium", "unit": "credit"}, 32),
            ({"tier": "premium", "unit": "credit"}, 40, on("2026-06-01")),
        )
    )
    one, more = entitlement(during="2026-01-01 2026-12-31"), entitlement(during="2026-07-01 2026-12-31")
    grown = agreement(one, more, terms=["2026"])
    units = [grant.units for grant in grants(grown, amounts, on("2026-12-31"))]
    assert units == [32, 17]  # 32 x 184 / 365 days, rounded up


def test_units_of_another_kind_have_lots_of_their_own() -> None:
    both = policy(
        grants=table(
            "C9", "credits.yaml", ({"tier": "any", "unit": "credit"}, 32), ({"tier": "any", "unit": "session"}, 3)
        )
    )
    (credit,), (session,) = grants(agreement(), both, NEVER), grants(agreement(), both, NEVER, "session")
    assert (credit.lot, credit.units, session.lot, session.units) == ("credit 2026-01-01", 32, "session 2026-01-01", 3)
    entries = book_grants(agreement(), both, {("session 2026-01-01", A): 3}, at("2026-06-01 09:00"))
    assert [entry.matter for entry in entries] == ["lot:credit 2026-01-01"]


# Usable on a day

GROWN = agreement(
    entitlement(during="2025-07-01 2026-06-30"),
    entitlement(during="2026-03-01 2026-12-31"),
    terms=["2025-07-01 2026-06-30", "2026-07-01 2026-12-31"],
)


def test_lots_that_cover_the_day_can_be_used_what_expires_first_at_the_front() -> None:
    given = grants(GROWN, POLICY, NEVER)
    lots = {day: [lot.id for lot in usable(given, {}, on(day))] for day in ("2026-02-28", "2026-03-01", "2026-07-01")}
    assert lots == {
        "2026-02-28": ["credit 2025-07-01"],
        "2026-03-01": ["credit 2025-07-01", "credit 2026-03-01"],
        "2026-07-01": ["credit 2026-07-01"],
    }
    assert usable(given, {}, on("2027-01-01")) == ()


def test_lots_are_usable_earliest_expiry_first_in_whatever_order_they_were_given() -> None:
    given = grants(GROWN, POLICY, NEVER)
    overlapping = [each for each in given if each.term.covers(on("2026-03-01"))]
    assert usable(reversed(overlapping), {}, on("2026-03-01")) == usable(overlapping, {}, on("2026-03-01"))


def test_what_is_consumed_is_not_available_and_what_expired_still_is_for_its_own_days() -> None:
    given = grants(agreement(), POLICY, NEVER)
    lot = "credit 2026-01-01"
    standing = {(lot, G): -32, (lot, A): 0, (lot, C): 10, (lot, E): 22}
    assert balance(usable(given, standing, on("2026-12-31"))) == 22


# Booked

LOT = "credit 2026-01-01"


def test_a_grant_is_booked_once() -> None:
    (entry,) = book_grants(agreement(), POLICY, {}, at("2026-06-01 09:00"))
    assert (entry.kind, entry.matter, entry.effective) == (EntryKind.GRANT, f"lot:{LOT}", on("2026-01-01"))
    assert (entry.customer, entry.unit, entry.memo) == ("aurora", CREDIT, "C9, credits.yaml:1")
    assert after([entry]) == {(LOT, G): -32, (LOT, A): 32}
    assert book_grants(agreement(), POLICY, after([entry]), at("2026-06-02 09:00")) == ()


def test_a_grant_booked_after_a_charge_on_it_is_a_grant_all_the_same() -> None:
    (entry,) = book_grants(agreement(), POLICY, consumption({LOT: 2}), at("2026-06-01 09:00"))
    assert entry.kind is EntryKind.GRANT
    assert after([entry], consumption({LOT: 2})) == {(LOT, G): -32, (LOT, A): 30, (LOT, C): 2}


def test_nothing_is_granted_before_its_day_in_the_vendors_zone() -> None:
    assert booked(agreement(), "2025-12-31 23:59") == {}
    assert booked(agreement(), "2026-01-01 00:00") == {(LOT, G): -32, (LOT, A): 32}


def test_a_lot_expires_the_day_after_its_last() -> None:
    places = booked(agreement(), "2026-06-01 09:00")
    assert book_grants(agreement(), POLICY, places, at("2026-12-31 23:59")) == ()
    (entry,) = book_grants(agreement(), POLICY, places, at("2027-01-01 00:00"))
    assert (entry.kind, entry.effective, entry.memo) == (EntryKind.EXPIRE, on("2026-12-31"), "C9, credits.yaml:1")
    assert after([entry], places) == {(LOT, G): -32, (LOT, E): 32}


def test_a_lot_first_seen_after_its_last_day_is_granted_and_expired() -> None:
    entries = book_grants(agreement(), POLICY, {}, at("2027-03-01 09:00"))
    assert [entry.kind for entry in entries] == [EntryKind.GRANT, EntryKind.EXPIRE]
    assert after(entries) == {(LOT, G): -32, (LOT, E): 32}
    assert book_grants(agreement(), POLICY, after(entries), at("2027-03-01 09:00")) == ()


def test_a_late_charge_takes_from_what_had_expired_and_a_late_refund_expires_too() -> None:
    expired = booked(agreement(), "2027-01-01 09:00")
    charged = booked(agreement(), "2027-01-02 09:00", after([], {**expired, (LOT, A): -2, (LOT, C): 2}))
    assert charged == {(LOT, G): -32, (LOT, C): 2, (LOT, E): 30}
    refunded = booked(agreement(), "2027-01-03 09:00", {**charged, (LOT, A): 1, (LOT, C): 1})
    assert refunded == {(LOT, G): -32, (LOT, C): 1, (LOT, E): 31}


def test_a_lot_that_is_corrected_upwards_or_downwards_keeps_what_is_consumed() -> None:
    places = {**booked(agreement(), "2026-06-01 09:00"), (LOT, A): 12, (LOT, C): 20}
    (entry,) = book_grants(agreement(entitlement(licenses=2)), POLICY, places, at("2026-06-02 09:00"))
    assert (entry.kind, after([entry], places)) == (EntryKind.CORRECT, {(LOT, G): -64, (LOT, A): 44, (LOT, C): 20})
    down = booked(agreement(entitlement("advanced")), "2026-06-02 09:00", places)
    assert down == {(LOT, G): -16, (LOT, A): -4, (LOT, C): 20}


def test_a_lot_no_longer_in_the_agreement_is_withdrawn_but_for_what_was_consumed() -> None:
    places = {**booked(agreement(), "2026-06-01 09:00"), (LOT, A): 12, (LOT, C): 20}
    moved = agreement(entitlement(during="2025"), terms=["2025"])
    entries = book_grants(moved, POLICY, places, at("2026-06-02 09:00"))
    (entry,) = (each for each in entries if each.matter == f"lot:{LOT}")
    assert (entry.kind, entry.effective, entry.memo) == (
        EntryKind.CORRECT,
        on("2026-06-02"),
        "no longer in the agreement",
    )
    assert after([entry], places) == {(LOT, G): -20, (LOT, C): 20}


def test_a_lot_that_is_withdrawn_keeps_none_that_follows_it_from_being_granted() -> None:
    places = booked(agreement(), "2026-06-01 09:00")
    later = agreement(entitlement(during="2026-02-01 2026-12-31"), terms=["2026-02-01 2026-12-31"])
    assert booked(later, "2026-06-02 09:00", places) == {("credit 2026-02-01", G): -32, ("credit 2026-02-01", A): 32}


def test_a_term_of_the_past_that_is_tidied_away_leaves_the_books_as_they_are() -> None:
    past = {(LOT, G): -32, (LOT, C): 12, (LOT, E): 20}
    tidy = agreement(entitlement(during="2028"), terms=["2028"])
    assert book_grants(tidy, POLICY, past, at("2027-06-01 09:00")) == ()


@pytest.mark.parametrize("changed", ["2026-01-01 2026-06-30", "2026-01-01 2027-06-30"], ids=["shorter", "longer"])
def test_a_term_whose_end_is_changed_keeps_its_lot_and_forgets_nothing_that_was_consumed(changed: str) -> None:
    """Else an agreement that is cut short in June would be given its whole year's credits once more."""
    places = {**booked(agreement(), "2026-03-01 09:00"), (LOT, A): 12, (LOT, C): 20}
    other = agreement(entitlement(during=changed), terms=[changed])
    assert booked(other, "2026-03-02 09:00", places) == places
    assert balance(usable(grants(other, POLICY, NEVER), places, on("2026-03-02"))) == 12


@pytest.mark.parametrize("to", ["2026-12-31", "2026-07-02"], ids=["by months", "to this very day"])
def test_a_lot_that_had_expired_is_available_again_when_its_term_is_prolonged(to: str) -> None:
    half = agreement(entitlement(during="2026-01-01 2026-06-30"), terms=["2026-01-01 2026-06-30"])
    expired = booked(half, "2026-07-01 09:00", {(LOT, G): -32, (LOT, A): 20, (LOT, C): 12})
    assert expired == {(LOT, G): -32, (LOT, C): 12, (LOT, E): 20}
    longer = agreement(entitlement(during=f"2026-01-01 {to}"), terms=[f"2026-01-01 {to}"])
    assert booked(longer, "2026-07-02 09:00", expired) == {(LOT, G): -32, (LOT, A): 20, (LOT, C): 12}


def test_a_year_of_a_term_ends_before_its_anniversary() -> None:
    assert list(term("2024-02-29 2026-03-05").years()) == [
        Term(on("2024-02-29"), on("2025-02-28")),
        Term(on("2025-03-01"), on("2026-02-28")),
        Term(on("2026-03-01"), on("2026-03-05")),
    ]


def test_what_was_consumed_beyond_a_corrected_lot_stays_visible_when_it_expires() -> None:
    over = {(LOT, G): -32, (LOT, A): 2, (LOT, C): 30}
    assert booked(agreement(entitlement("advanced")), "2027-01-01 09:00", over) == {
        (LOT, G): -16,
        (LOT, A): -14,
        (LOT, C): 30,
    }
