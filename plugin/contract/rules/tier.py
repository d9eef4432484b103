"""C1: the tier of the entitlement in force on the day the request was raised."""

from plugin.contract.case import Case
from plugin.contract.decision import Citation, Outcome, Ruling
from plugin.contract.saying import say

RULE = "tier"


def tier(case: Case) -> Ruling[str | None]:
    """The tier's id, or None where no entitlement is in force."""
    entitlement = case.entitlement
    if entitlement is None or entitlement.free:
        sentence = say("No paid entitlement was in force on {day}, hence no tier.", day=case.day)
        return Ruling(None, (case.finding(RULE, Outcome.NOT_MET, sentence),))
    name = case.policy.tier(entitlement.tier).name
    sentence = say(
        "{tier}, for {licenses} licences, from {first} to {last}.",
        tier=name,
        licenses=entitlement.licenses,
        first=entitlement.term.first,
        last=entitlement.term.last,
    )
    finding = case.finding(RULE, Outcome.MET, sentence, Citation("C1", entitlement.source))
    return Ruling(entitlement.tier, (finding,))
