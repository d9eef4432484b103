"""C15, C22, C28: support needs an agreement in force on the day the request was raised."""

from plugin.contract.case import Case
from plugin.contract.decision import SEPARATOR, Citation, Finding, Outcome, Reason, Ruling

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
        sentence = f"The agreement of {agreement.name} runs from {term.first} to {term.last}."
        finding = case.finding(RULE, Outcome.MET, sentence, source, customer=agreement.name, ends=str(term.last))
    elif ended := [term for term in agreement.terms if term.last < case.day]:
        last = max(term.last for term in ended)
        sentence = f"The agreement of {agreement.name} ended on {last}; the request was raised on {case.day}."
        if agreement.renewal and agreement.renewal.automatic:
            sentence += " It renews by itself, but no further term is entered: enter it if it was not ended by notice."
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
        sentence = f"The agreement of {agreement.name} begins on {first}; the request was raised on {case.day}."
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
        sentence = f"More than one agreement fits this request: {', '.join(candidates)}."
        return case.finding(RULE, Outcome.UNKNOWN, sentence, reason=Reason.CUSTOMER_AMBIGUOUS)
    names = [each.name for each in case.request.organizations]
    sentence = f"No agreement fits {case.request.raised_by.name} ({', '.join(names) or 'no organization'})."
    facts = {"organizations": SEPARATOR.join(names)}
    return case.finding(RULE, Outcome.UNKNOWN, sentence, reason=Reason.CUSTOMER_UNKNOWN, **facts)
