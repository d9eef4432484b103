"""C28, C29: help is given on the platforms that a product supports; any other, or an unknown one, is asked about."""

from collections.abc import Iterator

from plugin.contract.case import Case
from plugin.contract.decision import SEPARATOR, Finding, Outcome, Reason
from plugin.contract.naming import named, shortened
from plugin.contract.policy import Platform, Product
from plugin.contract.tables import Cited

RULE = "platform"


def platform(case: Case) -> tuple[Finding, ...]:
    """Is the platform that the customer names one that the product supports? One that is not named is no objection."""
    product, stated = case.product, (case.request.platform or "").strip()
    if not stated:
        sentence = "The request names no platform; that does not stand in the way."
        return (case.finding(RULE, Outcome.MET, sentence),)
    if product is None:
        return (case.finding(RULE, Outcome.UNKNOWN, "The platform cannot be judged without knowing the product."),)
    known = list(_platforms(case, product))
    found = named(stated, ((each, (each.value.name, *each.value.aliases)) for each in known))
    against = [each for each in found if not each.value.supported]
    if found and not against:
        names = " and ".join(each.value.name for each in found)
        minimum = "; ".join(each.value.minimum for each in found if each.value.minimum)
        sentence = f"{product.name} is supported on {names}" + (f"; minimum: {minimum}." if minimum else ".")
        return (case.finding(RULE, Outcome.MET, sentence, *(each.cites for each in found)),)
    shown, supported = shortened(stated), [each.value.name for each in known if each.value.supported]
    what = f"is not supported on {against[0].value.name}" if against else f"is not known to be supported on {shown!r}"
    sentence = f"{product.name} {what}; supported on {case.day}: {', '.join(supported) or 'none'}."
    facts = {"product": product.name, "platform": shown, "platforms": SEPARATOR.join(supported)}
    cites = [each.cites for each in against] or [product.cites]
    return (case.finding(RULE, Outcome.UNKNOWN, sentence, *cites, reason=Reason.PLATFORM_UNKNOWN, **facts),)


def _platforms(case: Case, product: Product) -> Iterator[Cited[Platform]]:
    """The rows in force for the product, one for each platform, in the order of the table."""
    table = case.policy.platforms
    for word in dict.fromkeys(dict(row.when)["platform"] for row in table.rows):
        found = table.find(case.as_of, product=product.id, platform=word)
        if found is not None:
            yield found
