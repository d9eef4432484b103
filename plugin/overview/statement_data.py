"""A statement as data, for scripts."""

from datetime import date
from typing import Any, Final

from plugin.contract.decision import ResponseKept
from plugin.contract.policy import UNLIMITED
from plugin.contract.statement import Section
from plugin.statement import Asked, Statement

JSON_SCHEMA: Final = 1
"""Grows when a key changes its meaning or goes."""


def statement_data(made: Statement, reasons: bool = False) -> dict[str, Any]:
    """The whole statement for a script. Moments are ISO 8601 with offset, days ISO 8601.

    `reasons`: of corrections, as they were written down.
    """
    return {
        "schema": JSON_SCHEMA,
        "customer": made.agreement.customer,
        "name": made.agreement.name,
        "month": str(made.month),
        "made": made.made.isoformat(),
        "is_over": made.is_over,
        "balance": {
            unit: {
                "opening": one.opening,
                **{section.replace(" ", "_"): one.total(section) for section in Section},
                "closing": one.closing,
            }
            for unit, one in made.tallies.items()
        },
        "left": [
            {"unit": each.unit, "lot": each.lot, "units": each.units, "last_day": _iso(each.last)} for each in made.left
        ],
        "movements": [
            {
                "unit": unit,
                "day": str(each.day),
                "section": each.section,
                "request": each.line.request_key,
                "lot": each.line.lot,
                "units": each.line.units,
                **({"reason": each.line.memo} if reasons and each.section is Section.CORRECTED else {}),
            }
            for unit, one in made.tallies.items()
            for each in one.moved
        ],
        "used": [{"request": each.key, "units": dict(each.units), **_asked_data(each.asked)} for each in made.used],
        "requests": [{"request": each.key, **_asked_data(each)} for each in made.requests],
        "responses": [
            {"severity": each.severity, **{kept.value: each.counts.get(kept, 0) for kept in ResponseKept}}
            for each in made.responses
        ],
        "agreement": {
            "terms": [{"from": str(term.first), "to": str(term.last)} for term in made.agreement.terms],
            "entitlements": [
                {
                    "product": each.product,
                    "tier": each.tier,
                    "licenses": each.licenses,
                    "free": each.free,
                    "to": str(each.term.last),
                }
                for each in made.entitlements
            ],
        },
        "contacts": [each.name for each in made.contacts],
        "seats": "unlimited" if made.limit is UNLIMITED else made.limit,
        "versions": [
            {
                "product": each.product,
                "line": each.line,
                "requests": each.requests,
                "supported": each.supported,
                "last_day": _iso(each.last_day),
            }
            for each in made.versions
        ],
    }


def _asked_data(asked: Asked | None) -> dict[str, Any]:
    if asked is None:
        return {}
    return {
        "raised": asked.raised.isoformat(),
        "kind": asked.kind,
        "severity": asked.severity,
        "product": asked.product,
        "version": asked.version,
        "eligibility": asked.eligibility,
        "response_due": asked.response_due.isoformat() if asked.response_due else None,
        "response_kept": asked.response_kept,
        "clauses": list(asked.clauses),
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
