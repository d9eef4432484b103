"""C27: modifications by the customer that were not authorized in writing are prohibited."""

from plugin.contract.case import Case
from plugin.contract.decision import Citation, Finding, Outcome, Reason
from plugin.contract.saying import say

RULE = "modification"


def modification(case: Case) -> tuple[Finding, ...]:
    """Was the software modified without an authorization? One that was given since the request was raised counts."""
    if case.request.modified is None:
        sentence = say("The request does not say whether the software was modified; that does not stand in the way.")
        return (case.finding(RULE, Outcome.MET, sentence),)
    if not case.request.modified:
        return (case.finding(RULE, Outcome.MET, say("The software was not modified by the customer.")),)
    agreement = case.agreement
    given = [each for each in agreement.authorized_modifications if each.day <= case.today] if agreement else []
    if given:
        listed = "; ".join(f"{each.what} ({each.day})" for each in given)
        sentence = say("The software was modified; authorized in writing: {listed}.", listed=listed)
        return (case.finding(RULE, Outcome.MET, sentence, *(Citation("C27", each.source) for each in given)),)
    source = [Citation("C27", agreement.source)] if agreement else []
    sentence = say("The customer modified the software, and no authorization of that is on file.")
    return (case.finding(RULE, Outcome.NOT_MET, sentence, *source, reason=Reason.MODIFICATION),)
