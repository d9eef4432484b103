"""C21, C28: what is unknown is asked, and the answer counts as if it had been typed into the field."""

from plugin.contract.case import Case, Heard
from plugin.contract.decision import Finding, Outcome
from plugin.contract.naming import shortened
from plugin.contract.steps import moment_text

RULE = "answer"


def answer(case: Case) -> tuple[Finding, ...]:
    """Which of the customer's comments count, since when, and instead of what."""
    return tuple(case.finding(RULE, Outcome.MET, _sentence(case, each)) for each in case.heard)


def _sentence(case: Case, heard: Heard) -> str:
    when, before = moment_text(heard.said_at.astimezone(case.policy.zone)), (heard.instead_of or "").strip()
    place = f"instead of {shortened(before)!r}" if before else "where the field says nothing"
    return f"The customer answered on {when}: {heard.word} {heard.value}; it counts {place}."
