"""What is to be said on a request: each comment as a value, with the cause that it is said once for. Pure."""

import hashlib
import json
from dataclasses import dataclass
from typing import Final

from plugin.contract.decision import Decision
from plugin.contract.model import SupportAgreement, SupportRequest
from plugin.mappings.load import Mappings

HELP: Final = (
    "left", "contacts", "customer", "products", "supported", "update_to", "platforms", "tiers",
    "seats", "limit", "full",
)  # fmt: skip
"""Facts that a reply names to be of help. They change with the mapping files and with other requests: that alone is no
cause to tell the customer again."""


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment to a person. `name` is its sort, `cause` what it is said once for.

    `public`: the customer reads it; otherwise it is a note for agents. `again`: where another cause was spoken of under
    that name since, it is said once more.
    """

    name: str
    language: str
    cause: str
    body: str
    public: bool = True
    again: bool = False


def comments(
    decision: Decision, request: SupportRequest, agreement: SupportAgreement | None, mappings: Mappings
) -> tuple[Comment, ...]:
    """Everything that a decision gives cause to say; none of it where all is well."""
    return _reasons(decision, request, agreement, mappings)


def _reasons(
    decision: Decision, request: SupportRequest, agreement: SupportAgreement | None, mappings: Mappings
) -> tuple[Comment, ...]:
    """One reply for all reasons together, and once for the same reasons about the same things."""
    if not decision.told:
        return ()
    told = [
        [finding.reason, sorted((name, fact) for name, fact in finding.facts.items() if name not in HELP)]
        for finding in decision.told
    ]
    language = mappings.replies.language(request.language, agreement.language if agreement else None)
    body = mappings.replies.body(decision, request.raised_by.name, language)
    return (Comment("reasons", language, digest(told), body),)


def digest(said: object) -> str:
    """A cause: the same for the same things, whatever words they are told in. `said` is plain data."""
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()
