"""C1: the tier of the entitlement in force on the day the request was raised."""

from plugin.contract.case import Case
from plugin.contract.decision import Citation, Outcome, Ruling

RULE = "tier"


def tier(case: Case) -> Ruling[str | None]:
    """The tier's id, or None where no entitlement is in force."""
    entitlement = case.entitlement
    if entitlement is None or entitlement.free:
        sentence = f"No paid entitlement was in force on {case.day}, hence no tier."
        return Ruling(None, (case.finding(RULE, Outcome.NOT_MET, sentence),))
    name = case.policy.tier(entitlement.tier).name
    sentence = f"{name}, for {entitlement.licenses} licences, from {entitlement.term.first} to {entitlement.term.last}."
    finding = case.finding(RULE, Outcome.MET, sentence, Citation("C1", entitlement.source))
    return Ruling(entitlement.tier, (finding,))
