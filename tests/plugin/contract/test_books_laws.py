"""No order of looks, changes and deletions by many requests loses or invents a credit, or takes one twice."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from plugin.contract.books import book_charge, matter_of, taken_from
from plugin.contract.decide import decide, standing_after
from plugin.contract.decision import Decision
from plugin.contract.grants import CREDIT, book_grants, grants
from plugin.contract.ledger import Account, LedgerEntry, Places, places_of
from plugin.contract.model import SupportAgreement, SupportRequest
from plugin.contract.policy import Shortage
from tests.plugin.contract.builders import agreement, always, at, entitlement, policy, request, table

FEW = policy(
    grants=table(
        "C9", "credits.yaml", ({"tier": "premium", "unit": "credit"}, 3), ({"tier": "any", "unit": "credit"}, 1)
    ),
    costs=table(
        "C9",
        "credits.yaml",
        ({"kind": "fault", "severity": "1"}, 3),
        ({"kind": "fault", "severity": "2"}, 2),
        ({"kind": "enhancement", "severity": "any"}, 0),
        ({"kind": "any", "severity": "any"}, 1),
    ),
    shortage=always(Shortage.ACCEPT_AND_FLAG),
)
"""Credits so few that requests fight for them, and prices that depend on severity."""

GROWING = agreement(
    entitlement(during="2025-07-01 2027-06-30"),
    entitlement(during="2026-03-01 2027-06-30"),
    terms=["2025-07-01 2026-06-30", "2026-07-01 2027-06-30"],
)
"""Two years, and a second licence within the first: lots overlap and expire while requests are open."""

OTHERS = (
    agreement(entitlement("advanced", during="2025-07-01 2027-06-30"), terms=["2025-07-01 2027-06-30"]),
    agreement(entitlement(during="2025-07-01 2026-03-31"), terms=["2025-07-01 2026-03-31"]),
    agreement(entitlement(licenses=4, during="2025-08-01 2026-12-31"), terms=["2025-08-01 2026-12-31"]),
)
"""What a correction of the agreement's file may make of it."""


@dataclass
class Books:
    """The customer's ledger and requests, and how a look books: as the worker does, in one transaction."""

    now: datetime
    signed: SupportAgreement = GROWING
    requests: dict[str, SupportRequest] = field(default_factory=dict)
    decided: dict[str, Decision] = field(default_factory=dict)
    entries: list[LedgerEntry] = field(default_factory=list)

    def places(self, but: str | None = None, only: str | None = None) -> Places:
        return places_of(
            posting
            for entry in self.entries
            if entry.matter != but and only in (None, entry.matter)
            for posting in entry.postings
        )

    def look(self, id: str) -> int:
        """Look at a request; returns how many entries that took."""
        before, asked, matter = len(self.entries), self.requests[id], matter_of(id)
        self.entries += book_grants(self.signed, FEW, self.places(), self.now)
        others = self.places(but=matter)
        decision = decide(asked, self.signed, FEW, self.now, others)
        self.entries += book_charge(decision, asked, self.signed, FEW, others, self.places(only=matter))
        self.entries += book_grants(self.signed, FEW, self.places(), self.now)
        self.requests[id] = replace(asked, standing=standing_after(decision, asked.standing))
        self.decided[id] = decision
        return len(self.entries) - before

    def held(self, id: str) -> int:
        return sum(taken_from(self.places(only=matter_of(id))).values())


CHANGES: dict[str, Callable[[SupportRequest], SupportRequest]] = {
    "nothing": lambda asked: asked,
    "severity 1": lambda asked: replace(asked, kind="fault", environment="production", impact="down"),
    "severity 2": lambda asked: replace(asked, kind="fault", environment="production", impact="impaired"),
    "question": lambda asked: replace(asked, kind="question"),
    "enhancement": lambda asked: replace(asked, kind="enhancement"),
    "old version": lambda asked: replace(asked, version="2.9"),
    "no version": lambda asked: replace(asked, version=None),
    "good version": lambda asked: replace(asked, version="24.1" if asked.raised < at("2025-11-18 00:00") else "24.2"),
    "defect": lambda asked: replace(asked, outcome="product_defect"),
    "reopened": lambda asked: replace(asked, outcome=None),
    "deleted": lambda asked: replace(asked, deleted=True),
}
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
    books = Books(at("2025-10-01 10:00"))
    for id, change, days in steps:
        books.now += timedelta(days=days)
        asked = books.requests.get(id) or request("24.1", books.now, id=id)
        books.requests[id] = CHANGES[change](asked)
        books.look(id)
        if check:
            check(books, id)
    return books


def sound(books: Books) -> None:
    """Nothing is lost, invented, or below zero; what the requests hold is what is consumed."""
    lots: Counter[str] = Counter()
    for (lot, _), units in books.places().items():
        lots[lot] += units
    assert not any(lots.values())
    consumed = sum(units for (_, account), units in books.places().items() if account is Account.CONSUMED)
    assert consumed == sum(books.held(id) for id in books.requests)


@given(STEPS)
def test_no_order_of_events_loses_or_invents_a_credit(steps: list[tuple[str, str, int]]) -> None:
    def check(books: Books, id: str) -> None:
        sound(books)
        assert all(units >= 0 for (_, account), units in books.places().items() if account is not Account.GRANTED)
        assert books.held(id) == books.decided[id].charge.value
        assert books.look(id) == 0

    books = walk(steps, check)
    if books.entries:
        given_out = {each.lot: each.units for each in grants(GROWING, FEW, FEW.day(books.now))}
        stand = books.places()
        assert {lot: -units for (lot, account), units in stand.items() if account is Account.GRANTED} == given_out


@given(STEPS)
def test_a_lot_past_its_last_day_has_nothing_available(steps: list[tuple[str, str, int]]) -> None:
    def check(books: Books, id: str) -> None:
        today = FEW.day(books.now)
        past = {each.lot for each in grants(GROWING, FEW, today) if each.term.last < today}
        assert not [lot for (lot, account) in books.places() if lot in past and account is Account.AVAILABLE]
        assert id in books.decided

    walk(steps, check)


@given(STEPS)
def test_a_request_burns_only_lots_of_the_day_it_was_raised(steps: list[tuple[str, str, int]]) -> None:
    books = walk(steps)
    terms = {each.lot: each.term for each in grants(GROWING, FEW, FEW.day(books.now))}
    for id, asked in books.requests.items():
        held = taken_from(books.places(only=matter_of(id)))
        assert all(terms[lot].covers(FEW.day(asked.raised)) for lot in held)


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
        assert all(units >= 0 for (_, account), units in books.places().items() if account is not Account.GRANTED)
    assert all(entry.unit == CREDIT for entry in books.entries)


@given(st.permutations(["1", "2", "3", "4"]), st.permutations(["1", "2", "3", "4"]))
def test_who_is_looked_at_first_is_served_and_nobody_is_charged_for_two(order: list[str], again: list[str]) -> None:
    books = Books(at("2025-10-01 10:00"))
    books.requests = {id: request("24.1", books.now, id=id) for id in order}
    for id in (*order, *again):
        books.look(id)
    assert [books.held(id) for id in order] == [1, 1, 1, 0]
