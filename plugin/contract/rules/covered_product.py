"""C22, C28: the agreement must cover the product that the request is about."""

from plugin.contract.case import Case
from plugin.contract.decision import SEPARATOR, Citation, Finding, Outcome, Reason
from plugin.contract.naming import shortened

RULE = "covered_product"


def covered_product(case: Case) -> tuple[Finding, ...]:
    """Is the product known, and is there an entitlement for it? An unknown or missing one is asked about."""
    stated = (case.request.product or "").strip()
    product, entitlement = case.product, case.entitlement
    if product is None and not stated:
        sentence = "The request does not say which product it is about."
        return (case.finding(RULE, Outcome.UNKNOWN, sentence, reason=Reason.PRODUCT_MISSING, products=_known(case)),)
    if product is None:
        sentence = f"There is no product by the name {shortened(stated)!r}."
        return (
            case.finding(
                RULE, Outcome.UNKNOWN, sentence, reason=Reason.PRODUCT_UNKNOWN, product=stated, products=_known(case)
            ),
        )
    if case.agreement is None or case.agreement.term_on(case.day) is None:
        sentence = f"Whether {product.name} is covered cannot be told without an agreement in force."
        return (case.finding(RULE, Outcome.UNKNOWN, sentence, product.cites),)
    if entitlement is None:
        sentence = f"The agreement of {case.agreement.name} does not cover {product.name}."
        source = Citation("C22", case.agreement.source)
        return (
            case.finding(
                RULE, Outcome.NOT_MET, sentence, source, reason=Reason.PRODUCT_NOT_COVERED, product=product.name
            ),
        )
    sentence = f"The agreement covers {product.name} with {entitlement.licenses} licences."
    if not stated:
        sentence += " The request names no product; it is the only one that the agreement covers."
    return (case.finding(RULE, Outcome.MET, sentence, Citation("C22", entitlement.source)),)


def _known(case: Case) -> str:
    return SEPARATOR.join(product.name for product in case.policy.products)
