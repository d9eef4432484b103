"""C26: for software of others the vendor only passes its maker's warranty through: accepted, with that limit."""

from plugin.contract.case import Case
from plugin.contract.decision import SEPARATOR, Finding, Outcome, Reason
from plugin.contract.naming import named, shortened
from plugin.contract.saying import Several, say

RULE = "third_party"


def third_party(case: Case) -> tuple[Finding, ...]:
    """Does it concern software of others that the table knows? What the table does not know is no objection."""
    stated = (case.request.third_party or "").strip()
    if not stated:
        return (case.finding(RULE, Outcome.MET, say("The request names no third-party software.")),)
    rows = [row.cited for row in case.policy.third_party.rows if row.cited.in_force(case.as_of)]
    found = named(stated, ((each, (each.value.name, *each.value.aliases)) for each in rows))
    if not found:
        sentence = say(
            "The table of third-party software does not know {stated}; that is no objection.",
            stated=repr(shortened(stated)),
        )
        return (case.finding(RULE, Outcome.MET, sentence),)
    names = list(dict.fromkeys(each.value.name for each in found))
    sentence = say(
        "It concerns third-party software ({software}): its maker's warranty is passed through, no more.",
        software=Several.of(names),
    )
    cites, facts = (each.cites for each in found), {"software": SEPARATOR.join(names)}
    return (case.finding(RULE, Outcome.LIMITED, sentence, *cites, reason=Reason.THIRD_PARTY, **facts),)
