"""A decision as words and as data: the reason on the request, every ruling by its name, JSON."""

from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from plugin.contract.decision import AccountRepresentative, Decision, Finding, Reminder, Ruling
from plugin.contract.rules.override import RULE as OVERRIDE

JSON_SCHEMA: Final = 1
"""The version of `as_json`: a number that grows when a name changes its meaning or goes."""

READINGS: Final = ("credits_left", "sessions_left")
"""Rulings, and words of the fields, that are a reading of the day, since other requests change them."""

FOLLOWED: Final = ("first_response", "response_kept", "response_reminder")
"""Rulings that tell how it went on with the request: agents see it there, and need no other note for it."""


def reason_text(decision: Decision) -> str:
    """Why the eligibility is what it is: an agent's override, then every reason in the order of the checks."""
    reasons = objections(decision)
    if not reasons:
        return "All conditions of the support contract are met."
    return "\n".join(f"{finding.sentence} ({_clauses(finding)})" for finding in reasons)


def objections(decision: Decision) -> tuple[Finding, ...]:
    """What there is to say about the eligibility: an agent's override, then every reason in the order of the checks."""
    spoken = (finding for finding in decision.eligibility.findings if finding.rule == OVERRIDE)
    return (*spoken, *decision.reasons)


def rulings(decision: Decision) -> dict[str, Ruling[Any]]:
    """Every ruling of a decision, by the name a reader knows it by."""
    return {
        "agreement": decision.customer,
        "tier": decision.tier,
        "severity": decision.severity,
        "eligibility": decision.eligibility,
        "response due": decision.response_due,
        "credits charged": decision.charge,
        "credits left": decision.credits_left,
        "sessions charged": decision.sessions_charged,
        "sessions left": decision.sessions_left,
        "patch eligibility": decision.patch_eligibility,
        "priority": decision.priority,
        "account representative": decision.account_representative,
        "first response": decision.first_response,
        "response kept": decision.response_kept,
        "response reminder": decision.response_reminder,
    }


def as_json(decision: Decision) -> dict[str, Any]:
    """The decision as plain data. Moments are ISO 8601 with offset."""
    return {
        "schema": JSON_SCHEMA,
        "request": {"id": decision.request_id, "key": decision.request_key},
        "decided_at": decision.decided_at.isoformat(),
        "revision": decision.revision,
        "clock_started": _plain(decision.clock_started),
        "stated_severity": decision.stated_severity,
        "rulings": {
            name.replace(" ", "_"): {
                "value": _plain(ruling.value),
                "findings": [_finding(finding) for finding in ruling.findings],
            }
            for name, ruling in rulings(decision).items()
        },
        "told": [finding.reason for finding in decision.told],
        "drafted": list(decision.drafted),
        **_backfill(decision),
    }


def _backfill(decision: Decision) -> dict[str, Any]:
    """Left out where no backfill took the request up, as it is left out of all that was kept before there were any."""
    return {"backfill": asdict(decision.backfill)} if decision.backfill else {}


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "outcome": finding.outcome,
        "sentence": finding.sentence,
        "reason": finding.reason,
        "facts": dict(finding.facts),
        "cites": [{"clause": each.clause, "source": str(each.source)} for each in finding.cites],
    }


def _plain(value: object) -> object:
    if isinstance(value, AccountRepresentative):
        return {"name": value.name, "account": value.account}
    if isinstance(value, Reminder):
        return {"point": value.point, "at": value.at.isoformat()}
    return value.isoformat() if isinstance(value, datetime) else value


def _clauses(finding: Finding) -> str:
    return ", ".join(dict.fromkeys(citation.clause for citation in finding.cites))
