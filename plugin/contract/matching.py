"""Whose request is it? By organization id, else by organization name; by e-mail domain only where the help desk places
the request in no organization at all. Never guessed."""

from collections.abc import Iterable

from plugin.contract.model import NoAgreement, Person, SupportAgreement, SupportRequest
from plugin.contract.rules.named_contact import recognised


def find_agreement(request: SupportRequest, agreements: Iterable[SupportAgreement]) -> SupportAgreement | NoAgreement:
    """The one agreement that fits the request. Two that fit equally well are asked about (`candidates`)."""
    known = list(agreements)
    ids = {each.id for each in request.organizations}
    names = {each.name.casefold() for each in request.organizations}
    domain = "" if request.organizations else _domain(request.raised_by)
    for fitting in (
        [each for each in known if ids & set(each.organization_ids)],
        [each for each in known if names & {name.casefold() for name in each.organization_names}],
        [each for each in known if domain and domain in {name.casefold() for name in each.domains}],
    ):
        if len(fitting) == 1:
            return fitting[0]
        if fitting:
            return NoAgreement(tuple(each.name for each in fitting))
    return NoAgreement()


def is_customer(person: Person, agreements: Iterable[SupportAgreement]) -> bool:
    """Is it somebody of a customer: a named contact, whenever, or by the e-mail domain?"""
    domain = _domain(person)
    return any(
        (domain and domain in {name.casefold() for name in each.domains})
        or any(recognised(contact, person) for contact in each.named_contacts)
        for each in agreements
    )


def _domain(person: Person) -> str:
    return (person.email or "").strip().rpartition("@")[2].casefold()
