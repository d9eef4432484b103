"""C28, C29: help is given on the platforms that a product supports; any other, or an unknown one, is asked about."""

from collections.abc import Iterator

from plugin.contract.case import Case
from plugin.contract.decision import SEPARATOR, Finding, Outcome, Reason
from plugin.contract.naming import named, shortened
from plugin.contract.policy import Platform, Product
from plugin.contract.saying import AND, Several, say
from plugin.contract.tables import Cited

RULE = "platform"


def platform(case: Case) -> tuple[Finding, ...]:
    """Is the platform that the customer names one that the product supports? One that is not named is no objection."""
    product, stated = case.product, (case.request.platform or "").strip()
    if not stated:
        sentence = say("The request names no platform; that does not stand in the way.")
        return (case.finding(RULE, Outcome.MET, sentence),)
    if product is None:
        return (case.finding(RULE, Outcome.UNKNOWN, say("The platform cannot be judged without knowing the product.")),)
    known = list(_platforms(case, product))
    found = named(stated, ((each, (each.value.name, *each.value.aliases)) for each in known))
    against = [each for each in found if not each.value.supported]
    if found and not against:
        names = Several.of((each.value.name for each in found), AND)
        minimum = "; ".join(each.value.minimum for each in found if each.value.minimum)
        sentence = say("{product} is supported on {platforms}.", product=product.name, platforms=names)
        if minimum:
            sentence = say(
                "{product} is supported on {platforms}; minimum: {minimum}.",
                product=product.name,
                platforms=names,
                minimum=minimum,
            )
        return (case.finding(RULE, Outcome.MET, sentence, *(each.cites for each in found)),)
    shown, supported = shortened(stated), [each.value.name for each in known if each.value.supported]
    about = {"product": product.name, "day": case.day, "supported": Several.of(supported) if supported else say("none")}
    sentence = say(
        "{product} is not known to be supported on {platform}; supported on {day}: {supported}.",
        platform=repr(shown),
        **about,
    )
    if against:
        sentence = say(
            "{product} is not supported on {platform}; supported on {day}: {supported}.",
            platform=against[0].value.name,
            **about,
        )
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
