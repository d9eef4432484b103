"""The contract on one page: the table of checks, and how a decision follows from it.

A new rule is a file in `rules/` and a row in `CHECKS`.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from plugin.contract.case import Case, case_of
from plugin.contract.decision import Decision, Eligibility, Finding, Reason, ResponseKept, Ruling
from plugin.contract.grants import CREDIT, TRAINING, grants, usable
from plugin.contract.hearing import Questions, heard
from plugin.contract.ledger import Places, balance
from plugin.contract.model import NoAgreement, Standing, SupportAgreement, SupportRequest
from plugin.contract.policy import Mode, Policy, Verdict
from plugin.contract.rules import credits
from plugin.contract.rules.account_representative import account_representative
from plugin.contract.rules.agreement_in_force import agreement_in_force, customer
from plugin.contract.rules.answer import answer
from plugin.contract.rules.appointment import Windows, appointments
from plugin.contract.rules.covered_product import covered_product
from plugin.contract.rules.free_license import free_license
from plugin.contract.rules.modification import modification
from plugin.contract.rules.named_contact import named_contact
from plugin.contract.rules.override import overruled, stands
from plugin.contract.rules.patch_eligibility import patch_eligibility
from plugin.contract.rules.platform import platform
from plugin.contract.rules.priority import priority
from plugin.contract.rules.reminder import response_reminder
from plugin.contract.rules.response_due import clock_runs, clock_started, response_due
from plugin.contract.rules.response_kept import PAST, first_response, response_kept
from plugin.contract.rules.service import service
from plugin.contract.rules.severity import lowered, severity
from plugin.contract.rules.supported_version import supported_version
from plugin.contract.rules.third_party import third_party
from plugin.contract.rules.tier import tier
from plugin.contract.tables import Cited

CHECKS: Final[tuple[Callable[[Case], tuple[Finding, ...]], ...]] = (
    agreement_in_force,  # C15 C22 C28
    free_license,  #       C23
    named_contact,  #      C4  C24
    covered_product,  #    C22 C28
    supported_version,  #  C21 C28
    platform,  #           C28 C29
    third_party,  #        C26
    modification,  #       C27
    service,  #            C5 C6 C7 C10 C14
)
"""Every check runs for every request: all reasons are told at once."""

QUESTIONS: Final[Questions] = {"product": covered_product, "platform": platform, "version": supported_version}
"""What the customer may answer in a comment, and the check that asks for it."""

NOTHING_BOOKED: Final[Places] = {}


def decide(
    request: SupportRequest,
    agreement: SupportAgreement | NoAgreement | None,
    policy: Policy,
    now: datetime,
    booked: Places = NOTHING_BOOKED,
) -> Decision:
    """Decide on one request: what the contract says should be. Deciding twice is deciding once.

    `booked` is where the customer's units stand *without* what this request holds itself, so that a charge is never
    judged by the balance that it has made. `now` is an aware datetime; it matters only for a clock that starts now and
    for a version that was a pre-release when the request was raised and is none any more.

    Raises:
        LookupError: when the policy has no row for something; the check of the mapping files prevents it.
        NoCoverageAhead: when a calendar has no opening for years to come.
    """
    case = heard(request, agreement, policy, now, QUESTIONS)
    ruled_tier, ruled_severity = tier(case), severity(case)
    available, sessions = _available(case, booked, CREDIT), _available(case, booked, TRAINING)
    price = credits.cost(case, ruled_severity.value)
    training = credits.cost(case, ruled_severity.value, TRAINING)
    findings = tuple(finding for check in CHECKS for finding in check(case))
    findings += credits.enough(case, price.value, available)
    if training.value:
        findings += credits.enough(case, training.value, sessions, TRAINING)
    findings += lowered(ruled_severity) + answer(case)
    verdicts = {finding.reason: _verdict(case, finding.reason) for finding in findings if finding.reason}
    by_rule = Ruling(Eligibility.worst([verdict.value.eligibility for verdict in verdicts.values()]), findings)
    eligibility = overruled(case, by_rule)
    # Whoever overrules the rules speaks to the customer in person.
    spoken = {} if stands(eligibility.findings) else {why: row for why, row in verdicts.items() if row.value.reply}
    started = clock_started(case, eligibility.value, now)
    running = started if clock_runs(case, eligibility.value) else None
    due, windows = _due(case, ruled_tier.value, ruled_severity.value, running)
    responded = first_response(case, started)
    kept = response_kept(case, due, responded.value, now)
    followed_since = (case.request.standing and case.request.standing.followed_since) or now
    reminder, following = response_reminder(
        case, ruled_tier.value, ruled_severity.value, running, windows, kept.value, followed_since, now
    )
    charge = credits.charge(case, price, eligibility.value, available)
    attended = credits.charge(case, training, eligibility.value, sessions, TRAINING)
    return Decision(
        request_id=request.id,
        request_key=request.key,
        decided_at=now,
        revision=policy.revision,
        customer=customer(case),
        tier=ruled_tier,
        severity=ruled_severity,
        eligibility=eligibility,
        response_due=due,
        charge=charge,
        credits_left=credits.left(case, charge.value, available),
        sessions_charged=attended,
        sessions_left=credits.left(case, attended.value, sessions, TRAINING),
        patch_eligibility=patch_eligibility(case, ruled_severity.value, supported_version(case)),
        priority=priority(case, ruled_tier.value, ruled_severity.value, eligibility.value, reminder),
        account_representative=account_representative(case, ruled_tier.value),
        first_response=responded,
        response_kept=kept,
        response_reminder=reminder,
        clock_started=started,
        told=tuple(finding for finding in findings if finding.reason in spoken),
        drafted={why: row.cites.source for why, row in spoken.items() if row.value.mode is Mode.DRAFT},
        stated_severity=request.stated_severity,
        backfill=request.backfill,
        followed_since=followed_since,
        next_look=_next_look(following, due.value if kept.value is ResponseKept.OPEN else None),
    )


def in_question(
    request: SupportRequest, agreement: SupportAgreement | NoAgreement | None, policy: Policy, now: datetime
) -> bool:
    """Do the fields leave anything open that the customer may answer in a comment? `now` is an aware datetime."""
    case = case_of(request, agreement, policy, now)
    return any(finding.reason for check in QUESTIONS.values() for finding in check(case))


def standing_after(decision: Decision, before: Standing | None) -> Standing:
    """What this decision leaves behind for the next one on the same request."""
    waited = decision.eligibility.value.waits or (before is not None and before.waited)
    return Standing(
        decision.decided_at,
        waited,
        decision.clock_started,
        decision.backfill,
        decision.first_response.value,
        decision.followed_since,
    )


def _next_look(reminder: datetime | None, due: datetime | None) -> datetime | None:
    """When the request is to be looked at though nothing happens to it: at the next reminder, or once it is overdue."""
    moments = [*([reminder] if reminder else []), *([due.astimezone(UTC) + PAST] if due else [])]
    return min((each.astimezone(UTC) for each in moments), default=None)


def _due(
    case: Case, tier: str | None, severity: int, running: datetime | None
) -> tuple[Ruling[datetime | None], Windows]:
    """When the response is due by opening hours, or earlier by what was booked beside them; and what was booked."""
    due = response_due(case, tier, severity, running)
    windows, found = appointments(case, tier, running, due.value)
    if windows:
        due = response_due(case, tier, severity, running, windows)
    return Ruling(due.value, (*due.findings, *found)), windows


def _available(case: Case, booked: Places, unit: str) -> int | None:
    if case.agreement is None or case.agreement.term_on(case.day) is None:
        return None
    return balance(usable(grants(case.agreement, case.policy, case.today, unit), booked, case.day))


def _verdict(case: Case, reason: Reason) -> Cited[Verdict]:
    row = case.policy.verdicts.find(case.as_of, reason=reason)
    if row is None:
        raise LookupError(f"eligibility.yaml does not say what follows from {reason}")
    return row
