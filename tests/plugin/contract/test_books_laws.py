"""No order of looks, changes and deletions by many requests loses or invents a credit, or takes one twice.

Nor a training session; whatever was bought in packages, carried over at the end of a year, or corrected by hand.
"""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from plugin.contract.books import matter_of, request_of, restored, taken_from
from plugin.contract.grants import CREDIT, TRAINING, UNITS, book_grants, grants, usable
from plugin.contract.ledger import Account, Posting, balance, places_of
from plugin.contract.model import SupportAgreement, SupportRequest
from plugin.contract.policy import UNLIMITED, CarryOver, Shortage
from tests.plugin.contract.bookkeeping import CHANGES, VENDORS, Books, sound
from tests.plugin.contract.builders import agreement, always, at, entitlement, package, policy, request, table

FEW = policy(
    grants=table("C9", "credits.yaml", ({"tier": "premium", "unit": "credit"}, 3), ({"tier": "any", "unit": "any"}, 1)),
    costs=table(
        "C9",
        "credits.yaml",
        ({"kind": "training", "severity": "any", "unit": "training_session"}, 1),
        ({"kind": "any", "severity": "any", "unit": "training_session"}, 0),
        ({"kind": "fault", "severity": "1", "unit": "credit"}, 3),
        ({"kind": "fault", "severity": "2", "unit": "credit"}, 2),
        ({"kind": "enhancement", "severity": "any", "unit": "credit"}, 0),
        ({"kind": "any", "severity": "any", "unit": "credit"}, 1),
    ),
    shortage=always(Shortage.ACCEPT_AND_FLAG),
    carry_over=table(
        "C9",
        "credits.yaml",
        ({"tier": "any", "unit": "credit"}, CarryOver(2, 4)),
        ({"tier": "any", "unit": "any"}, CarryOver(UNLIMITED, 6)),
    ),
)
"""Credits so few that requests fight for them, and prices that depend on severity; a training costs one of each unit.
Some of what is left at the end of a year is carried over."""

GROWN = ("2025-07-01 2026-06-30", "2026-07-01 2027-06-30")
GROWING = agreement(
    entitlement(during="2025-07-01 2027-06-30"),
    entitlement(during="2026-03-01 2027-06-30"),
    terms=GROWN,
    packages=[package(2, "2025-10-20 2026-01-31"), package(3, "2026-05-01 2026-09-30", "PO-8")],
)
"""Two years, a second licence within the first, and two packages: lots overlap and expire while requests are open."""

OTHERS = (
    agreement(entitlement("advanced", during="2025-07-01 2027-06-30"), terms=["2025-07-01 2027-06-30"]),
    agreement(entitlement(during="2025-07-01 2026-03-31"), terms=["2025-07-01 2026-03-31"]),
    agreement(entitlement(licenses=4, during="2025-08-01 2026-12-31"), terms=["2025-08-01 2026-12-31"]),
    agreement(*GROWING.entitlements, terms=GROWN, packages=[package(1, "2026-05-01 2026-07-31", "PO-8")]),
)
"""What a correction of the agreement's file may make of it."""


STEPS = st.lists(
    st.tuples(
        st.sampled_from([str(number) for number in range(1, 7)]),
        st.sampled_from(sorted(CHANGES)),
        st.sampled_from([0, 0, 0, 1, 40, 200]),
    ),
    max_size=25,
)


def walk(steps: list[tuple[str, str, int]], check: Callable[[Books, str], None] | None = None) -> Books:
    """Take the steps: days pass, a request (raised when it is first touched) changes and is looked at."""
    books = Books(at("2025-10-01 10:00"), GROWING, FEW)
    for id, change, days in steps:
        books.now += timedelta(days=days)
        asked = books.requests.get(id) or request("24.1", books.now, id=id)
        books.requests[id] = CHANGES[change](asked)
        books.look(id)
        if check:
            check(books, id)
    return books


@given(STEPS)
def test_no_order_of_events_loses_or_invents_a_unit(steps: list[tuple[str, str, int]]) -> None:
    def check(books: Books, id: str) -> None:
        sound(books)
        assert all(units >= 0 for (_, account), units in books.places().items() if account not in VENDORS)
        assert books.held(id) == books.decided[id].charge.value
        assert books.held(id, TRAINING) == books.decided[id].sessions_charged.value
        assert books.look(id) == 0

    books = walk(steps, check)
    if books.entries:
        today = FEW.day(books.now)
        given_out = {each.lot: each.units for unit in UNITS for each in grants(GROWING, FEW, today, unit) if each.units}
        stand = books.places()
        assert {lot: -units for (lot, account), units in stand.items() if account is Account.GRANTED} == given_out


@given(STEPS)
def test_at_most_what_the_rows_allow_is_carried_over(steps: list[tuple[str, str, int]]) -> None:
    books = walk(steps)
    for (lot, account), units in books.places().items():
        if account is Account.CARRIED and lot.startswith(f"{CREDIT} carry-over"):
            assert -2 <= units <= 0
        elif account is Account.CARRIED:
            assert (units < 0) == ("carry-over" in lot)


CORRECTIONS = st.lists(
    st.tuples(
        st.sampled_from([each.lot for each in grants(GROWING, FEW, at("2027-06-30 12:00").date())]), st.integers(-6, 6)
    ),
    max_size=4,
)


@given(STEPS, CORRECTIONS, STEPS)
def test_corrections_by_hand_stay_and_consumption_never_goes_below_zero_because_of_them(
    steps: list[tuple[str, str, int]], corrections: list[tuple[str, int]], more: list[tuple[str, str, int]]
) -> None:
    books = walk(steps)
    for lot, units in corrections:
        if units:
            books.correct(lot, units)
    corrected: Counter[str] = Counter()
    for lot, units in corrections:
        corrected[lot] += units
    for id, change, days in more:
        books.now += timedelta(days=days)
        asked = books.requests.get(id) or request("24.1", books.now, id=id)
        books.requests[id] = CHANGES[change](asked)
        before = {id: books.held(id) for id in books.requests}
        left = _left_on(books, asked)
        books.look(id)
        sound(books)
        assert books.held(id) <= max(0, left), "consumption takes nothing that is not there"
        assert before | {id: books.held(id)} == {id: books.held(id) for id in books.requests}, "nobody else's moves"
        assert books.look(id) == 0
    stand = {lot: -units for (lot, account), units in books.places().items() if account is Account.CORRECTED}
    assert stand == {lot: units for lot, units in corrected.items() if units}


def _left_on(books: Books, asked: SupportRequest) -> int:
    """What the customer has on the day the request was raised, without what the request holds."""
    given_out = grants(books.signed, FEW, FEW.day(books.now))
    return balance(usable(given_out, books.places(but=matter_of(asked.id)), FEW.day(asked.raised)))


@given(STEPS)
def test_a_lot_past_its_last_day_has_nothing_available(steps: list[tuple[str, str, int]]) -> None:
    def check(books: Books, id: str) -> None:
        today = FEW.day(books.now)
        given_out = [each for unit in UNITS for each in grants(GROWING, FEW, today, unit)]
        past = {each.lot for each in given_out if each.term.last < today}
        assert not [lot for (lot, account) in books.places() if lot in past and account is Account.AVAILABLE]
        assert id in books.decided

    walk(steps, check)


@given(STEPS)
def test_a_request_burns_only_lots_of_the_day_it_was_raised(steps: list[tuple[str, str, int]]) -> None:
    books = walk(steps)
    given_out = [each for unit in UNITS for each in grants(GROWING, FEW, FEW.day(books.now), unit)]
    terms = {each.lot: each.term for each in given_out}
    for id, asked in books.requests.items():
        held = taken_from(books.places(only=matter_of(id)))
        assert all(terms[lot].covers(FEW.day(asked.raised)) for lot in held)


@settings(max_examples=40)
@given(STEPS, st.lists(st.sampled_from(OTHERS), min_size=1, max_size=3))
def test_corrected_agreements_lose_and_invent_nothing_either(
    steps: list[tuple[str, str, int]], corrected: list[SupportAgreement]
) -> None:
    """A correction may leave less than was consumed; looking at every request once more then brings all in order."""
    books = walk(steps)
    for signed in (*corrected, GROWING):
        books.signed = signed
        for _ in range(3):
            for id in books.requests:
                books.look(id)
                sound(books)
        assert not any(books.look(id) for id in books.requests)
        assert all(units >= 0 for (_, account), units in books.places().items() if account not in VENDORS)
    assert all(posting.lot.startswith(f"{entry.unit} ") for entry in books.entries for posting in entry.postings)


@given(st.permutations(["1", "2", "3", "4"]), st.permutations(["1", "2", "3", "4"]))
def test_who_is_looked_at_first_is_served_and_nobody_is_charged_for_two(order: list[str], again: list[str]) -> None:
    books = Books(at("2025-10-01 10:00"), GROWING, FEW)
    books.requests = {id: request("24.1", books.now, id=id) for id in order}
    for id in (*order, *again):
        books.look(id)
    assert [books.held(id) for id in order] == [1, 1, 1, 0]


@given(STEPS, CORRECTIONS, STEPS)
def test_what_requests_hold_and_what_was_corrected_is_enough_to_make_the_ledger_again(
    steps: list[tuple[str, str, int]], corrections: list[tuple[str, int]], more: list[tuple[str, str, int]]
) -> None:
    books = walk(steps)
    for lot, units in corrections:
        if units:
            books.correct(lot, units)
    for id, change, days in more:
        books.now += timedelta(days=days)
        books.requests[id] = CHANGES[change](books.requests.get(id) or request("24.1", books.now, id=id))
        books.look(id)
    books.entries += book_grants(GROWING, FEW, books.places(), books.now)
    again = Books(books.now, GROWING, FEW)
    for id, asked in books.requests.items():
        matter, raised = matter_of(id), asked.raised
        charged = taken_from(books.places(only=matter))
        for _ in range(2):
            held = again.places(only=matter)
            again.entries += restored(GROWING.customer, id, f"SUP-{id}", charged, held, FEW, raised, books.now, "again")
        assert again.places(only=matter) == books.places(only=matter)
    for (lot, account), units in books.places().items():
        if account is Account.CORRECTED:
            again.correct(lot, -units)
    again.entries += book_grants(GROWING, FEW, again.places(), again.now)
    assert again.places() == books.places()


def test_what_was_charged_after_all_is_booked_as_the_difference_to_what_is_held() -> None:
    raised, booked = at("2025-10-01 10:00"), at("2025-10-02 11:00")
    lot, session, package = "credit 2025-07-01", "training_session 2025-07-01", "credit package PO-8"
    held = places_of(
        (
            Posting(lot, Account.AVAILABLE, -3),
            Posting(lot, Account.CONSUMED, 3),
            Posting(session, Account.AVAILABLE, -1),
            Posting(session, Account.CONSUMED, 1),
        )
    )
    credit, training = restored("aurora", "7", "SUP-7", {lot: 1, package: 1}, held, FEW, raised, booked, "again")
    assert credit.postings == (
        Posting(lot, Account.AVAILABLE, 2),
        Posting(lot, Account.CONSUMED, -2),
        Posting(package, Account.AVAILABLE, -1),
        Posting(package, Account.CONSUMED, 1),
    )
    assert training.postings == (Posting(session, Account.AVAILABLE, 1), Posting(session, Account.CONSUMED, -1))
    assert (credit.kind, training.kind, credit.unit, training.unit) == ("refund", "refund", CREDIT, TRAINING)
    assert (credit.customer, credit.matter, credit.request_key) == ("aurora", "request:7", "SUP-7")
    assert (credit.effective, credit.booked_at, credit.memo) == (raised.date(), booked, "again")
    assert credit.revision == FEW.revision
    assert request_of(credit.matter) == "7"
