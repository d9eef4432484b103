"""C22, C28: the agreement must cover the product that the request is about."""

from plugin.contract.case import Case
from plugin.contract.decision import SEPARATOR, Citation, Finding, Outcome, Reason
from plugin.contract.naming import shortened
from plugin.contract.saying import say

RULE = "covered_product"


def covered_product(case: Case) -> tuple[Finding, ...]:
    """Is the product known, and is there an entitlement for it? An unknown or missing one is asked about."""
    stated = (case.request.product or "").strip()
    product, entitlement = case.product, case.entitlement
    if product is None and not stated:
        sentence = say("The request does not say which product it is about.")
        return (case.finding(RULE, Outcome.UNKNOWN, sentence, reason=Reason.PRODUCT_MISSING, products=_known(case)),)
    if product is None:
        sentence = say("There is no product by the name {stated}.", stated=repr(shortened(stated)))
        return (
            case.finding(
                RULE, Outcome.UNKNOWN, sentence, reason=Reason.PRODUCT_UNKNOWN, product=stated, products=_known(case)
            ),
        )
    if case.agreement is None or case.agreement.term_on(case.day) is None:
        sentence = say(
            "Whether {product} is covered cannot be told without an agreement in force.", product=product.name
        )
        return (case.finding(RULE, Outcome.UNKNOWN, sentence, product.cites),)
    if entitlement is None:
        sentence = say(
            "The agreement of {customer} does not cover {product}.", customer=case.agreement.name, product=product.name
        )
        source = Citation("C22", case.agreement.source)
        return (
            case.finding(
                RULE, Outcome.NOT_MET, sentence, source, reason=Reason.PRODUCT_NOT_COVERED, product=product.name
            ),
        )
    sentence = say(
        "The agreement covers {product} with {licenses} licences.", product=product.name, licenses=entitlement.licenses
    )
    if not stated:
        sentence = say(
            "{covers} The request names no product; it is the only one that the agreement covers.", covers=sentence
        )
    return (case.finding(RULE, Outcome.MET, sentence, Citation("C22", entitlement.source)),)


def _known(case: Case) -> str:
    return SEPARATOR.join(product.name for product in case.policy.products)
