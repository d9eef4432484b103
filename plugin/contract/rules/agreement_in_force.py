"""C15, C22, C28: support needs an agreement in force on the day the request was raised."""

from plugin.contract.case import Case
from plugin.contract.decision import SEPARATOR, Citation, Finding, Outcome, Reason, Ruling
from plugin.contract.saying import Several, say

RULE = "agreement_in_force"


def agreement_in_force(case: Case) -> tuple[Finding, ...]:
    """Is there one agreement, and does its term cover the day? Nobody found, or several, is asked about (C28)."""
    return customer(case).findings


def customer(case: Case) -> Ruling[str | None]:
    """The customer whose agreement applies, in force or not."""
    agreement = case.agreement
    if agreement is None:
        return Ruling(None, (_nobody(case),))
    source = Citation("C15", agreement.source)
    term = agreement.term_on(case.day)
    if term is not None:
        sentence = say(
            "The agreement of {customer} runs from {first} to {last}.",
            customer=agreement.name,
            first=term.first,
            last=term.last,
        )
        finding = case.finding(RULE, Outcome.MET, sentence, source, customer=agreement.name, ends=str(term.last))
    elif ended := [term for term in agreement.terms if term.last < case.day]:
        last = max(term.last for term in ended)
        sentence = say(
            "The agreement of {customer} ended on {last}; the request was raised on {day}.",
            customer=agreement.name,
            last=last,
            day=case.day,
        )
        if agreement.renewal and agreement.renewal.automatic:
            sentence = say(
                "{ended} It renews by itself, but no further term is entered: enter it if it was not ended by notice.",
                ended=sentence,
            )
        finding = case.finding(
            RULE,
            Outcome.NOT_MET,
            sentence,
            source,
            reason=Reason.AGREEMENT_ENDED,
            customer=agreement.name,
            ended=str(last),
        )
    else:
        first = min(term.first for term in agreement.terms)
        sentence = say(
            "The agreement of {customer} begins on {first}; the request was raised on {day}.",
            customer=agreement.name,
            first=first,
            day=case.day,
        )
        finding = case.finding(
            RULE,
            Outcome.NOT_MET,
            sentence,
            source,
            reason=Reason.AGREEMENT_NOT_BEGUN,
            customer=agreement.name,
            begins=str(first),
        )
    return Ruling(agreement.customer, (finding,))


def _nobody(case: Case) -> Finding:
    candidates = case.no_agreement.candidates
    if candidates:
        # The names are for the agent only: a fact may reach a customer, and these are other customers.
        sentence = say("More than one agreement fits this request: {customers}.", customers=Several.of(candidates))
        return case.finding(RULE, Outcome.UNKNOWN, sentence, reason=Reason.CUSTOMER_AMBIGUOUS)
    names = [each.name for each in case.request.organizations]
    sentence = say(
        "No agreement fits {person} ({organizations}).",
        person=case.request.raised_by.name,
        organizations=Several.of(names) if names else say("no organization"),
    )
    facts = {"organizations": SEPARATOR.join(names)}
    return case.finding(RULE, Outcome.UNKNOWN, sentence, reason=Reason.CUSTOMER_UNKNOWN, **facts)
