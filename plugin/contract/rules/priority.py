"""C8: priority case handling: the help desk's priority that the tier gives a request of this severity."""

from plugin.contract.case import Case
from plugin.contract.decision import Eligibility, Outcome, Reminder, Ruling
from plugin.contract.saying import say

RULE = "priority"


def priority(
    case: Case, tier: str | None, severity: int, eligibility: Eligibility, reminder: Ruling[Reminder | None]
) -> Ruling[str | None]:
    """The priority from the table, or that of a reminder until there is a response; None where it is left as it is: by
    the table, or while the customer is waited for.

    Raises:
        LookupError: when no row fits; the check of the mapping files makes sure that one does.
    """
    if eligibility.waits:
        sentence = say("The request is {eligibility}: its priority is left as it is.", eligibility=eligibility)
        return Ruling(None, (case.finding(RULE, Outcome.UNKNOWN, sentence),))
    if tier is None:
        sentence = say("Without a tier the priority is left as it is.")
        return Ruling(None, (case.finding(RULE, Outcome.NOT_MET, sentence),))
    if reminder.value is not None and reminder.value.priority is not None:
        sentence = say(
            "The priority is {priority} until there is a response ({reminder}).",
            priority=reminder.value.priority,
            reminder=reminder.value,
        )
        cites = reminder.findings[0].cites[1:]
        return Ruling(reminder.value.priority, (case.finding(RULE, Outcome.LIMITED, sentence, *cites),))
    row = case.policy.priorities.find(case.as_of, tier=tier, severity=str(severity))
    if row is None:
        raise LookupError(f"no row of the priorities fits tier {tier}, severity {severity}")
    name = case.policy.tier(tier).name
    if row.value is None:
        sentence = say("{tier} leaves the priority as it is.", tier=name)
        return Ruling(None, (case.finding(RULE, Outcome.MET, sentence, row.cites),))
    sentence = say(
        "{tier} gives severity {severity} the priority {priority}.", tier=name, severity=severity, priority=row.value
    )
    return Ruling(row.value, (case.finding(RULE, Outcome.MET, sentence, row.cites),))
