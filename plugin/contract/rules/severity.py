"""C18 to C20: severity is ruled from kind, environment and impact; what the customer stated is only a statement."""

from plugin.contract.case import Case
from plugin.contract.decision import Finding, Outcome, Ruling

RULE = "severity"
UNTOLD = "untold"
"""The word of the table for an answer that the customer did not give."""


def severity(case: Case) -> Ruling[int]:
    """The level from the first row of the table that fits.

    Raises:
        LookupError: when no row fits; the check of the mapping files makes sure that the last row always does.
    """
    request = case.request
    environment, impact = request.environment or UNTOLD, request.impact or UNTOLD
    row = case.policy.severity_table.find(case.day, kind=request.kind, environment=environment, impact=impact)
    if row is None:
        raise LookupError(f"no row of the severity table fits {request.kind}, {environment}, {impact}")
    level = row.value
    told = f"kind {request.kind}, environment {environment}, impact {impact}"
    sentence = f"Severity {level}: {told}."
    findings: list[Finding] = [case.finding(RULE, Outcome.MET, sentence, row.cites)]
    stated = request.stated_severity
    if stated is not None and stated != level:
        sentence = f"The customer stated severity {stated}; the contract's own definition gives {level}."
        findings.append(case.finding(RULE, Outcome.LIMITED, sentence, row.cites, stated=str(stated), ruled=str(level)))
    return Ruling(level, tuple(findings))
