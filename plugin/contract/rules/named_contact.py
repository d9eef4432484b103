"""C4, C24: support is given to the named contacts; others are redirected to them."""

from plugin.contract.case import Case
from plugin.contract.decision import SEPARATOR, Citation, Finding, Outcome, Reason
from plugin.contract.model import NamedContact, Person
from plugin.contract.policy import UNLIMITED
from plugin.contract.saying import say
from plugin.contract.seats import contact_limit, serving

RULE = "named_contact"


def named_contact(case: Case) -> tuple[Finding, ...]:
    """Was it raised by somebody who was a named contact of the agreement on that day, or has become one since?"""
    agreement, person = case.agreement, case.request.raised_by
    if agreement is None:
        sentence = say("Whether {person} is a named contact cannot be told without an agreement.", person=person.name)
        return (case.finding(RULE, Outcome.UNKNOWN, sentence),)
    for contact in agreement.named_contacts:
        if recognised(contact, person) and _serves(case, contact):
            sentence = say("{person} is a named contact of {customer}.", person=person.name, customer=agreement.name)
            return (case.finding(RULE, Outcome.MET, sentence, Citation("C4", contact.source)),)
    sentence = say("{person} is not a named contact of {customer}.", person=person.name, customer=agreement.name)
    return (
        case.finding(
            RULE,
            Outcome.NOT_MET,
            sentence,
            Citation("C4", agreement.source),
            reason=Reason.CONTACT_NOT_NAMED,
            customer=agreement.name,
            person=person.name,
            **_who_may_ask(case),
            **_seats(case),
        ),
    )


def recognised(contact: NamedContact, person: Person) -> bool:
    """Is it this person? By account, else by e-mail: in any case, plus-addresses folded (C4)."""
    if person.account is not None and person.account in contact.accounts:
        return True
    return person.email is not None and folded(person.email) in {folded(email) for email in contact.emails}


def folded(email: str) -> str:
    """The address without its plus part, in lower case.

    >>> folded("Mira+jira@Aurora.example")
    'mira@aurora.example'
    """
    local, at, domain = email.strip().casefold().rpartition("@")
    return f"{local.partition('+')[0]}{at}{domain}"


def _who_may_ask(case: Case) -> dict[str, str]:
    """The contacts' names, for somebody of the same organization only: strangers are not told who they are (C24)."""
    agreement = case.agreement
    if agreement is None or not is_member(case):
        return {}
    names = [each.name for each in agreement.named_contacts if _serves(case, each)]
    return {"contacts": SEPARATOR.join(names)} if names else {}


def _seats(case: Case) -> dict[str, str]:
    """How many contacts are named of how many the tier allows, and `full` where there is no room: then another one is
    replaced, or the agreement upgraded (C25). Told to the organization only, as the names are.
    """
    agreement = case.agreement
    if agreement is None or not is_member(case):
        return {}
    day = case.today if agreement.term_on(case.today) else case.day
    limit = contact_limit(agreement, case.policy.contact_limits, day)
    if limit is None or not limit.value or limit.value is UNLIMITED:
        return {}
    seats = len(serving(agreement, day))
    told = {"seats": str(seats), "limit": str(limit.value)}
    return told | ({"full": "yes"} if seats >= limit.value else {})


def _serves(case: Case, contact: NamedContact) -> bool:
    """On the day raised, or today: whoever was added because we asked for it is helped with the same request."""
    return contact.term is None or contact.term.covers(case.day) or contact.term.covers(case.today)


def is_member(case: Case) -> bool:
    """Did the help desk itself place the request with the agreement's organization, and with no other?

    An e-mail domain is no proof; and whoever a request is shared with reads what is written on it.
    """
    agreement, organizations = case.agreement, case.request.organizations
    if agreement is None or not organizations:
        return False
    names = {name.casefold() for name in agreement.organization_names}
    return all(each.id in agreement.organization_ids or each.name.casefold() in names for each in organizations)
