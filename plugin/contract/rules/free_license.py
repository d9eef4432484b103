"""C23: free licences do not include support."""

from plugin.contract.case import Case
from plugin.contract.decision import Citation, Finding, Outcome, Reason
from plugin.contract.saying import say

RULE = "free_license"


def free_license(case: Case) -> tuple[Finding, ...]:
    """Is the licence a paid one?"""
    entitlement = case.entitlement
    if entitlement is None:
        return (case.finding(RULE, Outcome.MET, say("No free licence is in question.")),)
    source = Citation("C23", entitlement.source)
    product = case.product.name if case.product else entitlement.product
    if entitlement.free:
        sentence = say("The licence for {product} is a free one, which includes no support.", product=product)
        return (case.finding(RULE, Outcome.NOT_MET, sentence, source, reason=Reason.FREE_LICENSE, product=product),)
    return (case.finding(RULE, Outcome.MET, say("The licence for {product} is a paid one.", product=product), source),)
