"""Packages of credits (C17): grants with an expiry of their own, burnt in the order in which they expire."""

import pytest

from plugin.contract.grants import TRAINING, book_grants, grants, usable
from plugin.contract.ledger import Account, EntryKind, Places, burn, consumption, places_of
from tests.plugin.contract.builders import POLICY, agreement, at, on, package

A, E, G = Account.AVAILABLE, Account.EXPIRED, Account.GRANTED
SIGNED = agreement(packages=[package(20, "2026-10-01 2027-03-31", "PO-17"), package(5, "2026-10-01 2026-11-30")])


def lots(day: str, standing: Places | None = None) -> list[tuple[str, int]]:
    today = on(day)
    return [(lot.id, lot.available) for lot in usable(grants(SIGNED, POLICY, today), standing or {}, today)]


def test_a_package_is_a_lot_named_by_its_reference_or_else_by_its_day() -> None:
    assert [(each.lot, each.units, str(each.term)) for each in grants(SIGNED, POLICY, on("2026-12-31"))] == [
        ("credit 2026-01-01", 32, "2026-01-01 to 2026-12-31"),
        ("credit package PO-17", 20, "2026-10-01 to 2027-03-31"),
        ("credit package 2026-10-01", 5, "2026-10-01 to 2026-11-30"),
    ]


def test_a_package_cites_its_row_and_clause() -> None:
    assert str(grants(SIGNED, POLICY, on("2026-12-31"))[1].cites) == "C17, agreements/aurora.yaml:30"


def test_a_package_can_be_used_from_the_day_it_was_bought_to_the_day_it_expires() -> None:
    bought = ("credit package PO-17", 20)
    assert bought not in lots("2026-09-30")
    assert bought in lots("2026-10-01")
    assert bought in lots("2027-03-31")
    assert lots("2027-04-01") == []


def test_what_expires_first_burns_first_whether_bought_or_granted() -> None:
    assert [lot for lot, _ in lots("2026-11-01")] == [
        "credit package 2026-10-01",
        "credit 2026-01-01",
        "credit package PO-17",
    ]
    today = on("2026-11-01")
    taken = burn(usable(grants(SIGNED, POLICY, today), {}, today), 40, {})
    assert taken == {"credit package 2026-10-01": 5, "credit 2026-01-01": 32, "credit package PO-17": 3}


def test_packages_are_of_credits_and_bring_no_training() -> None:
    assert grants(SIGNED, POLICY, on("2026-12-31"), TRAINING) == ()


def test_packages_are_booked_expire_and_are_withdrawn_like_any_lot() -> None:
    entries = book_grants(SIGNED, POLICY, {}, at("2026-12-01 09:00"))
    assert [(entry.kind, entry.matter, str(entry.effective)) for entry in entries] == [
        (EntryKind.GRANT, "lot:credit 2026-01-01", "2026-01-01"),
        (EntryKind.GRANT, "lot:credit package 2026-10-01", "2026-10-01"),
        (EntryKind.GRANT, "lot:credit package PO-17", "2026-10-01"),
        (EntryKind.EXPIRE, "lot:credit package 2026-10-01", "2026-11-30"),
    ]
    places = places_of(posting for entry in entries for posting in entry.postings)
    assert places["credit package 2026-10-01", E] == 5
    (entry,) = book_grants(
        agreement(packages=[package(5, "2026-10-01 2026-11-30")]), POLICY, places, at("2026-12-02 09:00")
    )
    assert (entry.kind, entry.memo) == (EntryKind.CORRECT, "no longer in the agreement")
    assert {(each.account, each.units) for each in entry.postings} == {(G, 20), (A, -20)}


@pytest.mark.parametrize(("credits", "moved"), [(30, 10), (12, -8)])
def test_a_package_whose_size_is_corrected_in_the_file_moves_only_the_difference(credits: int, moved: int) -> None:
    entries = book_grants(SIGNED, POLICY, {}, at("2026-11-01 09:00"))
    places = places_of(posting for entry in entries for posting in entry.postings)
    changed = agreement(
        packages=[package(credits, "2026-10-01 2027-03-31", "PO-17"), package(5, "2026-10-01 2026-11-30")]
    )
    (entry,) = book_grants(changed, POLICY, places, at("2026-11-02 09:00"))
    assert (entry.kind, {each.account: each.units for each in entry.postings}) == (
        EntryKind.CORRECT,
        {G: -moved, A: moved},
    )


def test_consumption_of_a_package_is_left_out_of_what_it_still_has() -> None:
    assert ("credit package PO-17", 13) in lots("2027-01-05", consumption({"credit package PO-17": 7}))


def test_a_package_is_not_booked_before_the_day_it_is_bought() -> None:
    before = book_grants(SIGNED, POLICY, {}, at("2026-09-30 23:59"))
    assert [entry.matter for entry in before] == ["lot:credit 2026-01-01"]
    assert len(book_grants(SIGNED, POLICY, {}, at("2026-10-01 00:00"))) == 3
