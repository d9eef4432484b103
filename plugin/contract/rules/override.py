"""An agent's override wins over every rule, for as long as it stands; without a reason it does not count (C28)."""

from plugin.contract.case import Case
from plugin.contract.decision import Eligibility, Finding, Outcome, Ruling

RULE = "override"


def overruled(case: Case, ruled: Ruling[Eligibility]) -> Ruling[Eligibility]:
    """What the agent ruled, before what the rules found; the rules' own ruling where there is no override.

    Every finding stays: whoever reads the explanation sees what was overruled, and the agent's reason for it.
    """
    override = case.request.override
    if override is None:
        return ruled
    if not override.reason.strip():
        sentence = f"An agent's override to {override.eligibility} does not count: it gives no reason."
        return Ruling(ruled.value, (*ruled.findings, case.finding(RULE, Outcome.LIMITED, sentence)))
    sentence = f"Overruled by an agent: {override.eligibility} instead of {ruled.value}. {override.reason.strip()}"
    return Ruling(override.eligibility, (case.finding(RULE, Outcome.MET, sentence), *ruled.findings))


def stands(findings: tuple[Finding, ...]) -> bool:
    """Did an agent overrule these findings?"""
    return findings[0].rule == RULE
