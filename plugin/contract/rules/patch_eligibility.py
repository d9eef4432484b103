"""C30: how a fault would be fixed: by a patch, in the next maintenance release, or as the schedule allows.

Customers keep their patches through upgrades themselves.
"""

from plugin.contract.case import Case
from plugin.contract.decision import Finding, Outcome, PatchEligibility, Ruling
from plugin.contract.saying import say

RULE = "patch_eligibility"
SUPPORTED, OTHER = "supported", "other"
"""The words of the table for a version on a supported release line, and for any other or unknown one."""


def patch_eligibility(case: Case, severity: int, version: tuple[Finding, ...]) -> Ruling[PatchEligibility]:
    """What the table says to the kind and severity, and to the version as the findings on it judge it.

    Raises:
        LookupError: when no row fits; the check of the mapping files makes sure that the last row always does.
    """
    kind = case.request.kind
    if case.entitlement is None or case.entitlement.free:
        sentence = say("Without a paid entitlement in force no fix is promised.")
        return Ruling(PatchEligibility.NOT_APPLICABLE, (case.finding(RULE, Outcome.NOT_MET, sentence),))
    supported = all(finding.outcome is Outcome.MET for finding in version)
    line = SUPPORTED if supported else OTHER
    row = case.policy.fixes.find(case.as_of, kind=kind, severity=str(severity), line=line)
    if row is None:
        raise LookupError(f"no row of the fixes fits kind {kind}, severity {severity}, line {line}")
    if row.value is PatchEligibility.NOT_APPLICABLE:
        sentence = say("A request of kind {kind} needs no fix.", kind=kind)
        return Ruling(row.value, (case.finding(RULE, Outcome.MET, sentence, row.cites),))
    unknown = any(finding.outcome is Outcome.UNKNOWN for finding in version)
    release = say("a supported release") if supported else say("no release that is known to be supported")
    sentence = say("Severity {severity} on {release}: {fix}.", severity=severity, release=release, fix=row.value)
    outcome = Outcome.MET if supported else Outcome.UNKNOWN if unknown else Outcome.LIMITED
    return Ruling(row.value, (case.finding(RULE, outcome, sentence, row.cites),))
