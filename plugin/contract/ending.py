"""Agreements that have ended, or soon will, while requests of theirs are open (C15, C22): somebody should know."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from plugin.contract.model import SupportAgreement

ENDING_SOON: Final = 60
"""Days before its end from which on an agreement is spoken of; its last day is the first of them."""


@dataclass(frozen=True, slots=True)
class Ending:
    """An agreement, its last day, and the keys of its open requests. `days_left` is 0 or less once it is over."""

    agreement: SupportAgreement
    last: date
    days_left: int
    requests: tuple[str, ...]

    @property
    def ended(self) -> bool:
        """Is it over, and not only soon?"""
        return self.days_left <= 0


def ending(
    agreements: Iterable[SupportAgreement], day: date, still_open: Mapping[str, Iterable[str]]
) -> tuple[Ending, ...]:
    """Those that have ended on a day, or soon will, with requests still open; the first to end first.

    `still_open` has the keys of open requests by the customer's id.
    """
    found = []
    for agreement in agreements:
        requests, last = tuple(still_open.get(agreement.customer, ())), _last_day(agreement, day)
        if requests and last is not None and (left := (last - day).days + 1) <= ENDING_SOON:
            found.append(Ending(agreement, last, left, requests))
    return tuple(sorted(found, key=lambda each: (each.last, each.agreement.customer)))


def _last_day(agreement: SupportAgreement, day: date) -> date | None:
    """The last day of what runs on a day, or else ran last; terms without a gap are one. None before it begins."""
    last: date | None = None
    for term in sorted(agreement.terms, key=lambda term: term.first):
        if term.first <= day or (last is not None and last >= day and term.first == last + timedelta(days=1)):
            last = term.last
    return last
