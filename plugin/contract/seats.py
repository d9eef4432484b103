"""How many named contacts an agreement has on a day, and how many its tier allows (C4, C25)."""

from datetime import date

from plugin.contract.model import NamedContact, SupportAgreement
from plugin.contract.policy import UNLIMITED, Quantity
from plugin.contract.tables import Cited, Table


def contact_limit(agreement: SupportAgreement, limits: Table[Quantity], day: date) -> Cited[Quantity] | None:
    """The limit of the best tier in force on that day; None where no paid entitlement is in force."""
    found = [limits.find(day, tier=each.tier) for each in agreement.entitlements_on(day) if not each.free]
    return max((limit for limit in found if limit is not None), key=lambda limit: _size(limit.value), default=None)


def serving(agreement: SupportAgreement, day: date) -> tuple[NamedContact, ...]:
    """Those who are named contacts on that day, each of whom takes a seat."""
    return tuple(each for each in agreement.named_contacts if each.term is None or each.term.covers(day))


def _size(limit: Quantity) -> float:
    if limit is UNLIMITED:
        return float("inf")
    return -1 if limit is None else limit
