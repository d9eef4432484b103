"""No order of edits loses or invents a credit: of agreements (licences, tiers, packages, terms), of the tables, of
requests and of the books, with looks in between.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from plugin.contract.grants import UNITS, grants
from plugin.contract.ledger import Account
from plugin.contract.model import SupportAgreement
from plugin.contract.policy import Policy
from plugin.contract.tables import Table
from tests.plugin.contract.bookkeeping import CHANGES, VENDORS, Books, sound
from tests.plugin.contract.builders import agreement, at, contact, entitlement, package, request
from tests.plugin.contract.strategies import accounts

SPANS = ["2025-07-01 2026-06-30", "2026-07-01 2027-06-30", "2025-07-01 2027-06-30", "2026-03-01 2027-06-30", "2026"]
SIGNED = st.builds(
    lambda entitlements, terms, packages: agreement(
        *entitlements, terms=terms, packages=packages, contacts=[contact(emails=("mira@aurora-robotics.example",))]
    ),
    st.lists(
        st.builds(
            entitlement,
            st.sampled_from(["premium", "advanced", "basic"]),
            st.integers(1, 4),
            during=st.sampled_from(SPANS),
            free=st.sampled_from([False, False, False, True]),
        ),
        min_size=1,
        max_size=3,
    ),
    st.sampled_from([["2025-07-01 2026-06-30", "2026-07-01 2027-06-30"], ["2025-07-01 2027-06-30"], ["2026"]]),
    st.lists(
        st.sampled_from(
            [
                package(2, "2025-10-20 2026-01-31"),
                package(3, "2026-05-01 2026-09-30", "PO-8"),
                package(1, "2026-05-01 2027-09-30", "PO-9"),
            ]
        ),
        max_size=2,
        unique_by=lambda each: each.name,
    ),
)
IDS = [str(number) for number in range(1, 6)]
PASSED = st.sampled_from([0, 0, 0, 1, 40, 200])
EDITS = st.one_of(
    st.tuples(st.just("request"), st.sampled_from(IDS), st.sampled_from(sorted(CHANGES))),
    st.tuples(st.just("look"), st.sampled_from(IDS)),
    st.tuples(st.just("agreement"), SIGNED),
    st.tuples(st.just("policy"), accounts()),
    st.tuples(st.just("correct"), st.integers(0, 20), st.integers(-4, 4)),
    st.tuples(st.just("leaves"), st.sampled_from(IDS)),
)
STEPS = st.lists(st.tuples(EDITS, PASSED), max_size=25)


def take(books: Books, edit: tuple[Any, ...], corrected: Counter[str], after: Callable[[str], None]) -> None:
    """Make one edit; a request that changes is looked at, and so is one that somebody knocks at."""
    match edit:
        case ("request", id, change):
            asked = books.requests.get(id) or request("24.1", books.now, id=id)
            books.requests[id] = CHANGES[change](asked)
            after(id)
        case ("look", id) if id in books.requests:
            after(id)
        case ("agreement", signed):
            books.signed = signed
        case ("policy", under):
            books.under = under
        case ("leaves", id) if id in books.requests:
            books.leaves(id)
        case ("correct", number, units) if units:
            today = books.under.day(books.now)
            lots = [each.lot for unit in UNITS for each in grants(books.signed, books.under, today, unit)]
            if lots:
                books.correct(lots[number % len(lots)], units)
                corrected[lots[number % len(lots)]] += units


def walk(signed: SupportAgreement, under: Policy, steps: list[tuple[tuple[Any, ...], int]]) -> Books:
    """Take the steps as days pass; after each look nothing may be lost, invented, or moved of anybody else's."""
    books, corrected = Books(at("2025-10-01 10:00"), signed, under), Counter[str]()

    def look(id: str) -> None:
        before = holdings(books)
        books.look(id)
        sound(books)
        decision, held = books.decided[id], [books.held(id, unit) for unit in UNITS]
        assert held == [decision.charge.value, decision.sessions_charged.value]
        assert {**holdings(books), id: ()} == {**before, id: ()}, "a look moves nobody else's"
        assert books.look(id) == 0, "looking twice is looking once"
        for (lot, account), units in books.places().items():
            assert units >= 0 or account in (*VENDORS, Account.AVAILABLE), lot

    for edit, days in steps:
        books.now += timedelta(days=days)
        take(books, edit, corrected, look)
        sound(books)
    assert corrections(books) == {lot: units for lot, units in corrected.items() if units}
    return books


def holdings(books: Books) -> dict[str, tuple[int, ...]]:
    return {id: tuple(books.held(id, unit) for unit in UNITS) for id in books.requests}


def corrections(books: Books) -> dict[str, int]:
    return {lot: -units for (lot, account), units in books.places().items() if account is Account.CORRECTED}


def settled(books: Books) -> None:
    """Look at every request until no look books anything."""
    for _ in range(4):
        if not [id for id in books.requests if books.look(id)]:
            return
    raise AssertionError("looking never ends")


def given_out(books: Books) -> dict[str, int]:
    """What the agreement grants today, by lot."""
    today = books.under.day(books.now)
    return {each.lot: each.units for unit in UNITS for each in grants(books.signed, books.under, today, unit)}


@given(SIGNED, accounts(), STEPS)
def test_no_order_of_edits_and_looks_loses_or_invents_a_unit(
    signed: SupportAgreement, under: Policy, steps: list[tuple[tuple[Any, ...], int]]
) -> None:
    books = walk(signed, under, steps)
    settled(books)
    places, granted = books.places(), given_out(books)
    for lot in {lot for lot, _ in places} if books.requests else ():
        stand = {account: places.get((lot, account), 0) for account in Account}
        given = -stand[Account.GRANTED] - stand[Account.CORRECTED]
        there = sum(stand[each] for each in (Account.CARRIED, Account.AVAILABLE, Account.CONSUMED, Account.EXPIRED))
        assert given == there, "what was given is passed on, available, consumed or expired"
        if lot in granted:
            assert -stand[Account.GRANTED] == granted[lot]
        else:
            assert stand[Account.AVAILABLE] == 0, "what is no longer in the agreement was withdrawn"


PLENTY = st.builds(
    lambda entitlements, packages: agreement(*entitlements, terms=["2025-07-01 2027-06-30"], packages=packages),
    st.lists(
        st.builds(entitlement, st.just("premium"), st.integers(10, 20), during=st.sampled_from(SPANS[:4])),
        min_size=1,
        max_size=3,
    ),
    st.sampled_from([[], [package(50, "2025-10-20 2026-01-31"), package(50, "2026-05-01 2026-09-30", "PO-8")]]),
)
"""Agreements with more than all requests together can ask for."""
HISTORY = st.lists(st.tuples(EDITS.filter(lambda edit: edit[0] != "correct"), PASSED), max_size=15)


@st.composite
def generous(draw: st.DrawFn) -> Policy:
    """Tables under which nobody runs short: whatever is granted is granted in plenty."""
    under = draw(accounts())
    rows = tuple(replace(row, cited=replace(row.cited, value=row.cited.value + 10)) for row in under.grants.rows)
    return replace(under, grants=Table(rows))


@given(SIGNED, accounts(), HISTORY, PLENTY, generous())
def test_where_there_is_plenty_only_the_end_counts_and_not_how_it_came_about(
    signed: SupportAgreement,
    under: Policy,
    history: list[tuple[tuple[Any, ...], int]],
    at_last: SupportAgreement,
    tables: Policy,
) -> None:
    books = walk(signed, under, history)
    books.signed, books.under = at_last, tables
    settled(books)
    fresh = Books(books.now, at_last, tables, dict(books.requests))
    settled(fresh)
    assert holdings(books) == holdings(fresh)
    assert {lot: units for lot, units in totals(books).items() if lot in given_out(books)} == totals(fresh)


def totals(books: Books) -> dict[str, int]:
    """What was given of each lot, wherever it stands now."""
    return {lot: -units for (lot, account), units in books.places().items() if account is Account.GRANTED}


@given(PLENTY, generous(), STEPS, st.permutations(IDS), st.permutations(IDS))
def test_where_there_is_plenty_the_order_of_looks_does_not_matter(
    signed: SupportAgreement,
    under: Policy,
    steps: list[tuple[tuple[Any, ...], int]],
    one: list[str],
    other: list[str],
) -> None:
    requests = walk(signed, under, [step for step in steps if step[0][0] == "request"]).requests
    now = at("2025-10-01 10:00") + timedelta(days=sum(days for _, days in steps))
    ends = []
    for order in (one, other):
        books = Books(now, signed, under, dict(requests))
        for id in order:
            if id in requests:
                books.look(id)
        settled(books)
        ends.append((holdings(books), books.places()))
    assert ends[0] == ends[1]
