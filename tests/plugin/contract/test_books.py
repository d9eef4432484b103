"""The entries of a request's charge: what a statement tells of each, and that only the difference is booked."""

from collections.abc import Iterable

from plugin.contract.books import book_charge, release, taken_from
from plugin.contract.decide import decide
from plugin.contract.grants import CREDIT
from plugin.contract.ledger import EntryKind, LedgerEntry, Places, added, consumption, places_of
from tests.plugin.contract.builders import NOON, POLICY, agreement, entitlement, on, package, request

ASKED = request(kind="remote_session", raised="2026-11-21 23:59", id="10007")
LOT, PACKAGE = "credit 2026-01-01", "credit package PO-8"


def booked(entries: Iterable[LedgerEntry], before: Places) -> Places:
    return added(before, *(places_of(entry.postings) for entry in entries))


def test_an_entry_tells_the_request_the_day_it_counts_for_and_why() -> None:
    signed = agreement()
    decision = decide(ASKED, signed, POLICY, NOON)
    (entry,) = book_charge(decision, ASKED, signed, POLICY, {}, {})
    assert (entry.customer, entry.unit, entry.kind) == ("aurora", CREDIT, EntryKind.CHARGE)
    assert (entry.matter, entry.request_key) == ("request:10007", "SUP-7")
    assert (entry.effective, entry.booked_at, entry.revision) == (on("2026-11-21"), NOON, "r1")
    assert entry.memo == "A request of kind remote_session costs 2 credits."
    (back,) = release("aurora", "10007", "SUP-7", consumption({LOT: 2}), POLICY, NOON, "SUP-7 was deleted")
    assert (back.kind, back.request_key, back.effective) == (EntryKind.REFUND, "SUP-7", on("2026-11-23"))
    assert back.memo == "SUP-7 was deleted"


def test_units_that_move_to_another_lot_are_no_new_charge() -> None:
    """The package is taken out of the agreement's file: what the request holds of it moves to the year's lot."""
    before, after = agreement(packages=[package(3, "2026-05-01 2026-12-30", "PO-8")]), agreement()
    held: Places = {}
    for signed, lot, kinds in ((before, PACKAGE, [EntryKind.CHARGE]), (after, LOT, [EntryKind.REFUND])):
        decision = decide(ASKED, signed, POLICY, NOON)
        entries = book_charge(decision, ASKED, signed, POLICY, {}, held)
        held = booked(entries, held)
        assert ([entry.kind for entry in entries], taken_from(held)) == (kinds, {lot: 2})
        assert book_charge(decision, ASKED, signed, POLICY, {}, held) == ()


def test_a_charge_that_falls_gives_the_difference_back() -> None:
    signed = agreement(entitlement(licenses=2))
    question = request(raised="2026-11-21 23:59", id="10007")
    held = consumption({LOT: 2})
    (entry,) = book_charge(decide(question, signed, POLICY, NOON), question, signed, POLICY, {}, held)
    assert (entry.kind, taken_from(booked([entry], held))) == (EntryKind.REFUND, {LOT: 1})
