"""C11: the technical account representative whom the agreement names, where the tier includes one."""

from plugin.contract.case import Case
from plugin.contract.decision import AccountRepresentative, Citation, Outcome, Ruling
from plugin.contract.saying import say

RULE = "account_representative"


def account_representative(case: Case, tier: str | None) -> Ruling[AccountRepresentative | None]:
    """Who looks after the customer; None where the tier includes nobody, or nobody is named.

    Raises:
        LookupError: when no row fits; the check of the mapping files makes sure that one does.
    """
    agreement = case.agreement
    if agreement is None or tier is None:
        sentence = say("Without a tier there is no technical account representative.")
        return Ruling(None, (case.finding(RULE, Outcome.NOT_MET, sentence),))
    row = case.policy.representatives.find(case.as_of, tier=tier)
    if row is None:
        raise LookupError(f"no row of the account representatives fits tier {tier}")
    name, named = case.policy.tier(tier).name, agreement.account_representative
    if not row.value:
        sentence = say("{tier} does not include a technical account representative.", tier=name)
        return Ruling(None, (case.finding(RULE, Outcome.MET, sentence, row.cites),))
    if named is None:
        sentence = say(
            "{tier} includes a technical account representative, and the agreement of {customer} names none: name one "
            "in {file}.",
            tier=name,
            customer=agreement.name,
            file=agreement.source.file,
        )
        finding = case.finding(RULE, Outcome.UNKNOWN, sentence, row.cites, Citation("C11", agreement.source))
        return Ruling(None, (finding,))
    sentence = say(
        "{person} is the technical account representative of {customer}.", person=named.name, customer=agreement.name
    )
    return Ruling(named, (case.finding(RULE, Outcome.MET, sentence, row.cites, Citation("C11", named.source)),))
