"""An agreement at a glance: its term and how long it still runs, tiers, licences, named contacts of how many."""

from dataclasses import dataclass
from datetime import date, timedelta

from plugin.contract.model import Renewal, SupportAgreement, Term, months_after
from plugin.contract.policy import Policy, Quantity
from plugin.contract.seats import contact_limit, serving


@dataclass(frozen=True, slots=True)
class Overview:
    """An agreement as it stands on a day; before its first and after its last term as of the nearest day of one.

    `days_left` counts the day itself and the last one: 0 or less means ended. Terms that follow each other without a
    gap count as one. `notice_by` is the last day on which notice can be given before it renews by itself; renewing does
    not extend a term, that is entered when it is ordered (C15).
    """

    agreement: SupportAgreement
    term: Term
    days_left: int
    begun: bool
    tiers: tuple[str, ...]
    licenses: tuple[tuple[str, int], ...]
    contacts: int
    limit: Quantity
    renewal: Renewal | None
    notice_by: date | None


def overview(agreement: SupportAgreement, policy: Policy, day: date) -> Overview:
    """Look at an agreement on a day."""
    term = _term(agreement, day)
    near = min(max(day, term.first), term.last)
    paid = [each for each in agreement.entitlements_on(near) if not each.free]
    licenses: dict[str, int] = {}
    for each in paid:
        licenses[each.product] = licenses.get(each.product, 0) + each.licenses
    limit = contact_limit(agreement, policy.contact_limits, near)
    renewal = agreement.renewal
    notice = renewal.notice_months if renewal and renewal.automatic else None
    return Overview(
        agreement=agreement,
        term=term,
        days_left=(term.last - day).days + 1,
        begun=day >= term.first,
        tiers=tuple(tier.id for tier in policy.tiers if tier.id in {each.tier for each in paid}),
        licenses=tuple(licenses.items()),
        contacts=len(serving(agreement, near)),
        limit=limit.value if limit else None,
        renewal=renewal,
        notice_by=None if notice is None else months_after(term.last + timedelta(days=1), -notice) - timedelta(days=1),
    )


def _term(agreement: SupportAgreement, day: date) -> Term:
    """The term in force, else the next one, else the last; together with those that continue it."""
    terms = sorted(agreement.terms, key=lambda term: term.first)
    found = next((term for term in terms if day <= term.last), terms[-1])
    for term in terms:
        if term.first == found.last + timedelta(days=1):
            found = Term(found.first, term.last)
    return found
