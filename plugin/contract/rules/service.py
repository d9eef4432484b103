"""C5, C6, C7, C10, C14: what each tier may ask for; what it may not is refused, the request helped with if possible."""

from plugin.contract.case import Case
from plugin.contract.decision import SEPARATOR, Finding, Outcome, Reason
from plugin.contract.policy import Inclusion
from plugin.contract.saying import say

RULE = "service"


def service(case: Case) -> tuple[Finding, ...]:
    """Does the tier include this kind of request: wholly, as guidance, as one of another kind, or not at all?"""
    row, kind = case.service(), case.policy.kind(case.request.kind).name
    if row is None or case.entitlement is None or case.product is None:
        sentence = say("Without a tier it cannot be told whether {kind} is included.", kind=kind)
        return (case.finding(RULE, Outcome.UNKNOWN, sentence),)
    tier = case.policy.tier(case.entitlement.tier).name
    if row.value.included is Inclusion.YES:
        return (case.finding(RULE, Outcome.MET, say("{tier} includes {kind}.", tier=tier, kind=kind), row.cites),)
    facts = {"service": kind, "tier": tier, "product": case.product.name}
    if row.value.included is Inclusion.GUIDANCE:
        sentence = say("{tier} includes {kind} as guidance, not as step-by-step assistance.", tier=tier, kind=kind)
        return (case.finding(RULE, Outcome.LIMITED, sentence, row.cites, reason=Reason.RESOURCES, **facts),)
    facts["tiers"] = SEPARATOR.join(_including(case))
    if row.value.instead is not None:
        instead = case.policy.kind(row.value.instead).name
        sentence = say(
            "{tier} does not include {kind}; it is helped with as {instead}.", tier=tier, kind=kind, instead=instead
        )
        return (case.finding(RULE, Outcome.LIMITED, sentence, row.cites, reason=Reason.SERVICE_NOT_IN_TIER, **facts),)
    sentence = say("{tier} does not include {kind}.", tier=tier, kind=kind)
    return (case.finding(RULE, Outcome.NOT_MET, sentence, row.cites, reason=Reason.SERVICE_REFUSED, **facts),)


def _including(case: Case) -> list[str]:
    """The names of the tiers that do include it, best first."""
    policy = case.policy
    rows = [(tier, policy.services.find(case.as_of, tier=tier.id, kind=case.request.kind)) for tier in policy.tiers]
    return [tier.name for tier, row in rows if row is not None and row.value.included is not Inclusion.NO]
