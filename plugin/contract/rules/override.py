"""An agent's override wins over every rule, for as long as it stands; without a reason it does not count (C28)."""

from plugin.contract.case import Case
from plugin.contract.decision import Eligibility, Finding, Outcome, Ruling
from plugin.contract.saying import say

RULE = "override"


def overruled(case: Case, ruled: Ruling[Eligibility]) -> Ruling[Eligibility]:
    """What the agent ruled, before what the rules found; the rules' own ruling where there is no override.

    Every finding stays: whoever reads the explanation sees what was overruled, and the agent's reason for it.
    """
    override = case.request.override
    if override is None:
        return ruled
    if not override.reason.strip():
        sentence = say(
            "An agent's override to {eligibility} does not count: it gives no reason.", eligibility=override.eligibility
        )
        return Ruling(ruled.value, (*ruled.findings, case.finding(RULE, Outcome.LIMITED, sentence)))
    sentence = say(
        "Overruled by an agent: {eligibility} instead of {ruled}. {reason}",
        eligibility=override.eligibility,
        ruled=ruled.value,
        reason=override.reason.strip(),
    )
    return Ruling(override.eligibility, (case.finding(RULE, Outcome.MET, sentence), *ruled.findings))


def stands(findings: tuple[Finding, ...]) -> bool:
    """Did an agent overrule these findings?"""
    return findings[0].rule == RULE
