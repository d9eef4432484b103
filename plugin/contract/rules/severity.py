"""C18, C19, C20: severity is ruled from kind, environment and impact; what the customer stated is only a statement.

A graver level than the ruled one is never lowered silently: the customer hears which answer led to it.
"""

from plugin.contract.case import Case
from plugin.contract.decision import Finding, Outcome, Reason, Ruling
from plugin.contract.saying import say
from plugin.contract.tables import ANY

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
    row = case.policy.severity_table.find(case.as_of, kind=request.kind, environment=environment, impact=impact)
    if row is None:
        raise LookupError(f"no row of the severity table fits {request.kind}, {environment}, {impact}")
    level = row.value
    sentence = say(
        "Severity {severity}: kind {kind}, environment {environment}, impact {impact}.",
        severity=level,
        kind=request.kind,
        environment=environment,
        impact=impact,
    )
    findings: list[Finding] = [case.finding(RULE, Outcome.MET, sentence, row.cites)]
    stated = request.stated_severity
    if stated is not None and stated != level:
        sentence = say(
            "The customer stated severity {stated}; the contract's own definition gives {severity}.",
            stated=stated,
            severity=level,
        )
        facts = {"stated": str(stated), "ruled": str(level)}
        reason = None
        if stated < level:
            reason = Reason.SEVERITY_LOWERED
            facts["because"] = _because(case, environment, impact, stated)
        findings.append(case.finding(RULE, Outcome.LIMITED, sentence, row.cites, reason=reason, **facts))
    return Ruling(level, tuple(findings))


def lowered(ruling: Ruling[int]) -> tuple[Finding, ...]:
    """What the customer has to be told of the ruling."""
    return tuple(finding for finding in ruling.findings if finding.reason is not None)


def _because(case: Case, environment: str, impact: str, stated: int) -> str:
    """Which answer led to a lower level than the stated one: `environment`, `impact`, `both` of them, or the `kind`."""
    table, kind = case.policy.severity_table, case.request.kind
    environments, impacts = (
        {dict(row.when).get(name, ANY) for row in table.rows} - {ANY} for name in ("environment", "impact")
    )

    def as_grave(environments: set[str], impacts: set[str]) -> bool:
        found = (
            table.find(case.as_of, kind=kind, environment=each, impact=other)
            for each in environments
            for other in impacts
        )
        return any(row is not None and row.value <= stated for row in found)

    if as_grave(environments, {impact}):
        return "environment"
    if as_grave({environment}, impacts):
        return "impact"
    return "both" if as_grave(environments, impacts) else "kind"
