"""What is to be said on a request: each comment as a value, and when it was said already. Pure."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from plugin.contract.decision import Decision
from plugin.contract.model import SupportAgreement, SupportRequest
from plugin.mappings.load import Mappings
from plugin.store.replies import Intent

HELP: Final = (
    "left", "contacts", "customer", "products", "supported", "update_to", "platforms", "tiers",
    "seats", "limit", "full",
)  # fmt: skip
"""Facts that a reply names to be of help. They change with the mapping files and with other requests: that alone is no
cause to tell the customer again."""


@dataclass(frozen=True, slots=True)
class Cause:
    """A thing that is to be said, by its topic and a digest of it: not of the words that it is said in.

    `latest`: it is said again where something else of the same topic was said since; otherwise it is said once.
    """

    topic: str
    digest: str
    latest: bool = False

    def __str__(self) -> str:
        return f"{self.topic}={self.digest}"


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment to a person, and everything that it says. `public`: the customer reads it, and not only agents."""

    name: str
    language: str
    causes: tuple[Cause, ...]
    body: str
    public: bool = True

    @property
    def said_for(self) -> tuple[str, ...]:
        """Its causes as the store keeps them."""
        return tuple(map(str, self.causes))

    def is_news(self, recorded: Sequence[Intent]) -> bool:
        """Is anything of it not said yet? What is recorded and was not sent counts only where it is this very comment:
        anything else is not sent any more.
        """
        said = [text for each in recorded if each.sent or each.causes == self.said_for for text in each.causes]
        return any(_unsaid(cause, said) for cause in self.causes)


def comments(
    decision: Decision, request: SupportRequest, agreement: SupportAgreement | None, mappings: Mappings
) -> tuple[Comment, ...]:
    """Everything that a decision gives cause to say, said already or not; none of it where all is well."""
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
    return (Comment("reasons", language, (Cause("reasons", digest(told)),), body),)


def digest(said: object) -> str:
    """The same for the same things. `said` is plain data."""
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def _unsaid(cause: Cause, said: Sequence[str]) -> bool:
    if not cause.latest:
        return str(cause) not in said
    of_the_topic = [text for text in said if text.startswith(f"{cause.topic}=")]
    return of_the_topic[-1:] != [str(cause)]
