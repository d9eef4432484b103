"""C21, C28: what is unknown is asked, and the answer counts as if it had been typed into the field."""

from plugin.contract.case import Case, Heard
from plugin.contract.decision import Finding, Outcome
from plugin.contract.naming import shortened
from plugin.contract.saying import say
from plugin.contract.steps import Moment

RULE = "answer"


def answer(case: Case) -> tuple[Finding, ...]:
    """Which of the customer's comments count, since when, and instead of what."""
    return tuple(case.finding(RULE, Outcome.MET, _sentence(case, each)) for each in case.heard)


def _sentence(case: Case, heard: Heard) -> str:
    before = (heard.instead_of or "").strip()
    return say(
        "The customer answered on {moment}: {word} {value}; it counts {place}.",
        moment=Moment(heard.said_at.astimezone(case.policy.zone)),
        word=heard.word,
        value=heard.value,
        place=say("instead of {before}", before=repr(shortened(before)))
        if before
        else say("where the field says nothing"),
    )
