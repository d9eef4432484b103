"""A customer's ledger, and what may happen to it: requests that change, looks at them, and a person's corrections."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from plugin.contract.books import book_charge, correction, matter_of, release, taken_from
from plugin.contract.decide import decide, standing_after
from plugin.contract.decision import Decision
from plugin.contract.grants import CREDIT, UNITS, book_grants, of_unit
from plugin.contract.ledger import Account, LedgerEntry, Places, places_of
from plugin.contract.model import SupportAgreement, SupportRequest
from plugin.contract.policy import Policy
from tests.plugin.contract.builders import at


@dataclass
class Books:
    """The customer's ledger and requests, and how a look books: as the worker does, in one transaction."""

    now: datetime
    signed: SupportAgreement
    under: Policy
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
        self.entries += book_grants(self.signed, self.under, self.places(), self.now)
        others = self.places(but=matter)
        decision = decide(asked, self.signed, self.under, self.now, others)
        self.entries += book_charge(decision, asked, self.signed, self.under, others, self.places(only=matter))
        self.entries += book_grants(self.signed, self.under, self.places(), self.now)
        self.requests[id] = replace(asked, standing=standing_after(decision, asked.standing))
        self.decided[id] = decision
        return len(self.entries) - before

    def held(self, id: str, unit: str = CREDIT) -> int:
        return sum(taken_from(of_unit(self.places(only=matter_of(id)), unit)).values())

    def leaves(self, id: str) -> None:
        """The request becomes another customer's, or is gone: what it holds is given back."""
        self.entries += book_grants(self.signed, self.under, self.places(), self.now)
        held, policy = self.places(only=matter_of(id)), self.under
        self.entries += release(self.signed.customer, id, f"SUP-{id}", held, policy, self.now, "no longer theirs")

    def correct(self, lot: str, units: int) -> None:
        """What a person books by hand, with a reason."""
        unit = lot.partition(" ")[0]
        self.entries.append(correction(self.signed.customer, unit, lot, units, self.under, self.now, "by hand"))


CHANGES: dict[str, Callable[[SupportRequest], SupportRequest]] = {
    "nothing": lambda asked: asked,
    "severity 1": lambda asked: replace(asked, kind="fault", environment="production", impact="down"),
    "severity 2": lambda asked: replace(asked, kind="fault", environment="production", impact="impaired"),
    "training": lambda asked: replace(asked, kind="training"),
    "question": lambda asked: replace(asked, kind="question"),
    "enhancement": lambda asked: replace(asked, kind="enhancement"),
    "old version": lambda asked: replace(asked, version="2.9"),
    "no version": lambda asked: replace(asked, version=None),
    "good version": lambda asked: replace(asked, version="24.1" if asked.raised < at("2025-11-18 00:00") else "24.2"),
    "defect": lambda asked: replace(asked, outcome="product_defect"),
    "reopened": lambda asked: replace(asked, outcome=None),
    "deleted": lambda asked: replace(asked, deleted=True),
}


VENDORS = (Account.GRANTED, Account.CORRECTED, Account.CARRIED)
"""Accounts that are no customer's: they go below zero."""


def sound(books: Books) -> None:
    """Nothing is lost or invented, in neither unit; what the requests hold is what is consumed."""
    for unit in UNITS:
        places = of_unit(books.places(), unit)
        lots: Counter[str] = Counter()
        for (lot, _), units in places.items():
            lots[lot] += units
        assert not any(lots.values())
        totals: Counter[Account] = Counter()
        for (_, account), units in places.items():
            totals[account] += units
        assert totals[Account.CONSUMED] == sum(books.held(id, unit) for id in books.requests)
        assert totals[Account.CARRIED] == 0, "what one lot passes on another gets"
