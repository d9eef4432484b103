"""The JSON Schema (2020-12) of `receipt.receipt_data`: what `explain --json` and `decide --json` print.

Made from the same words as the decisions, so that it cannot lag behind them. Within one `schema` number keys may be
added, and none changes its meaning or goes.
"""

from typing import Any, Final

from plugin.contract.decision import Eligibility, Outcome, PatchEligibility, Reason, ResponseKept
from plugin.contract.explain import JSON_SCHEMA

Schema = dict[str, Any]

_TEXT: Final[Schema] = {"type": "string"}
_WHOLE: Final[Schema] = {"type": "integer"}
_MOMENT: Final[Schema] = {"type": "string", "format": "date-time"}


def receipt_schema() -> Schema:
    """The whole document. Every key that it names is there; what may be nothing is null, never left out."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A decision on one support request, explained",
        "description": "Moments are ISO 8601 with offset. Keys may be added as long as schema stays the same number.",
        **_object(
            {
                "schema": {"const": JSON_SCHEMA, "description": "Grows when a key changes its meaning or goes."},
                "request": _object({"id": _TEXT, "key": _TEXT}, "The request in Jira."),
                "decided_at": {**_MOMENT, "description": "When it was decided."},
                "revision": {
                    **_TEXT,
                    "description": "Which mapping files it was decided by; changes with any of them.",
                },
                "clock_started": {
                    **_or_null(_MOMENT),
                    "description": "From when the response time runs; null where it never has.",
                },
                "stated_severity": {**_or_null(_WHOLE), "description": "The severity that the customer stated (C18)."},
                "summary": {
                    "type": "array",
                    "items": _TEXT,
                    "description": "What was decided; until when and at what cost; why. A sentence or more each.",
                },
                "rulings": _object({name: _ruling(*about) for name, about in _RULINGS.items()}, "Value by value."),
                "told": {"type": "array", "items": {"enum": [*Reason]}, "description": "What the customer is told of."},
                "drafted": {"type": "array", "items": {"enum": [*Reason]}, "description": "What of it an agent tells."},
                "clauses": {
                    "type": "object",
                    "additionalProperties": _object({"title": _TEXT, "says": _TEXT}),
                    "description": "Every clause that a finding cites, by its name, quoted.",
                },
            }
        ),
        "$defs": {
            "finding": _object(
                {
                    "rule": {**_TEXT, "description": "The rule that found it."},
                    "outcome": {"enum": [*Outcome]},
                    "sentence": {**_TEXT, "description": "What was found, for a person to read."},
                    "reason": {"enum": [*Reason, None], "description": "Set where it limits the request, or is told."},
                    "facts": {"type": "object", "additionalProperties": _TEXT},
                    "cites": {"type": "array", "items": {"$ref": "#/$defs/citation"}, "minItems": 1},
                },
                "What one rule found.",
            ),
            "citation": _object(
                {"clause": _TEXT, "source": {**_TEXT, "description": "A place in the mapping files, file:line."}},
                "What a finding rests on.",
            ),
        },
    }


def _object(properties: Schema, description: str = "") -> Schema:
    named = {"description": description} if description else {}
    return {**named, "type": "object", "properties": properties, "required": list(properties)}


def _or_null(schema: Schema) -> Schema:
    return {**schema, "type": [schema["type"], "null"]}


def _ruling(value: Schema, description: str) -> Schema:
    findings = {"type": "array", "items": {"$ref": "#/$defs/finding"}, "minItems": 1}
    return _object({"value": value, "findings": findings}, description)


_RULINGS: Final = {
    "agreement": (_or_null(_TEXT), "The customer whose agreement applies (C15, C22)."),
    "tier": (_or_null(_TEXT), "The tier's id (C1)."),
    "severity": (_WHOLE, "As ruled: 1 is the gravest (C18 to C20)."),
    "eligibility": ({"enum": [*Eligibility]}, "Whether the contract helps with the request (C28)."),
    "response_due": (_or_null(_MOMENT), "When the first response is due (C2, C3)."),
    "credits_charged": (_WHOLE, "Support credits that the request holds (C9)."),
    "credits_left": (_or_null(_WHOLE), "What the customer has with this request booked; null where none are counted."),
    "sessions_charged": (_WHOLE, "Training sessions that the request holds (C10)."),
    "sessions_left": (_or_null(_WHOLE), "Likewise what is left of them."),
    "patch_eligibility": ({"enum": [*PatchEligibility]}, "How a fault would be fixed (C30)."),
    "priority": (_or_null(_TEXT), "A word of the mapping files (C8); null where the help desk's own stays as it is."),
    "account_representative": (
        _or_null(_object({"name": _TEXT, "account": _TEXT})),
        "Who of the vendor's people looks after the customer (C11); the account is the help desk's.",
    ),
    "first_response": (_or_null(_MOMENT), "When an agent responded first (C2); null where none has, or it counts not."),
    "response_kept": ({"enum": [*ResponseKept]}, "Whether the first response was given in time (C2)."),
    "response_reminder": (
        _or_null(_object({"point": _TEXT, "at": _MOMENT})),
        "The last reminder of a response that nobody has given: which point of the time it stands for, since when.",
    ),
}
