"""What is to be said on a request: each comment as a value, and when it was said already. Pure."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from plugin.contract.changes import Content, changes
from plugin.contract.decision import Decision, Eligibility
from plugin.contract.explain import as_json
from plugin.contract.model import SupportAgreement, SupportRequest
from plugin.contract.policy import Mode, Policy
from plugin.contract.receipt import receipt
from plugin.contract.rules.override import stands
from plugin.contract.steps import moment_text
from plugin.jira.note import note, reminding
from plugin.mappings.load import Mappings
from plugin.store.replies import Intent

HELP: Final = (
    "left", "contacts", "customer", "products", "supported", "update_to", "platforms", "tiers",
    "seats", "limit", "full",
)  # fmt: skip
"""Facts that a reply names to be of help. They change with the mapping files and with other requests: that alone is no
cause to tell the customer again."""

LETTERS: Final = ("reasons", "receipt")
"""What letters to customers are called, be they sent or drafted for an agent to send, and the topics of them."""

NOTE: Final = "note"
"""The topic of the receipt that agents get."""

REMINDER: Final = "reminder"
"""The topic of the note that reminds them of a response."""


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


@dataclass(frozen=True, slots=True)
class Noted:
    """A decision that a note told agents of: as it was kept, and the digest that it is known by.

    `sent`: the note is known to be on the request.
    """

    digest: str
    content: Content
    sent: bool


def told_in_notes(recorded: Sequence[Intent]) -> list[tuple[str, bool]]:
    """The digests of the decisions that notes tell of, the newest last, each with whether it is known to be sent."""
    begins = f"{NOTE}="
    return [
        (cause.removeprefix(begins), each.sent)
        for each in recorded
        for cause in each.causes
        if cause.startswith(begins)
    ]


def comments(
    decision: Decision,
    known_by: str,
    request: SupportRequest,
    agreement: SupportAgreement | None,
    mappings: Mappings,
    noted: Sequence[Noted] = (),
) -> tuple[Comment, ...]:
    """Everything that a decision gives cause to say, said already or not.

    `known_by` is the decision's digest in the store. `noted` is what earlier notes told, the newest last. Nothing is
    said on a request that a backfill took up without a word.
    """
    if not decision.talks:
        return ()
    letter = _letter(decision, request, agreement, mappings)
    told = _note(decision, known_by, mappings.policy, noted) if mappings.receipts.agent else ()
    return (*letter, *told, *_reminder(decision, mappings.policy))


def _letter(
    decision: Decision, request: SupportRequest, agreement: SupportAgreement | None, mappings: Mappings
) -> tuple[Comment, ...]:
    """One letter for all reasons together, and for the receipt where there is to be one.

    Where an agent is to say any of it, all of it is a draft, which only agents see.
    """
    taken_up = _is_taken_up(decision, request, mappings)
    if not decision.told and not taken_up:
        return ()
    language = mappings.replies.language(request.language, agreement.language if agreement else None)
    body = mappings.replies.letter(decision, request.raised_by.name, language, receipt=taken_up)
    drafted = [f"{reason} ({source})" for reason, source in decision.drafted.items()]
    if taken_up and mappings.receipts.customer is Mode.DRAFT:
        drafted.append(f"receipt ({mappings.receipts.source})")
    if drafted:
        body = mappings.replies.draft(body, language, drafted)
    causes = [Cause("reasons", digest(_told(decision)))] if decision.told else []
    if taken_up:
        due = decision.response_due.value
        said = [decision.severity.value, due.astimezone(UTC).isoformat() if due else None]
        causes.append(Cause("receipt", digest(said), latest=True))
    name = "receipt" if taken_up else "reasons"
    return (Comment(name, language, tuple(causes), body, public=not drafted),)


def _is_taken_up(decision: Decision, request: SupportRequest, mappings: Mappings) -> bool:
    """Is the customer to hear until when we answer at the latest? Not once that moment is past, nor at the end.

    Whoever overrules the rules speaks to the customer in person.
    """
    due = decision.response_due.value
    if mappings.receipts.customer is None or due is None or due <= decision.decided_at or request.ended is not None:
        return False
    return decision.eligibility.value in _HELPED and not stands(decision.eligibility.findings)


_HELPED: Final = (Eligibility.ELIGIBLE, Eligibility.LIMITED)


def _told(decision: Decision) -> list[object]:
    """The reasons, and what they are about."""
    return [
        [finding.reason, sorted((name, fact) for name, fact in finding.facts.items() if name not in HELP)]
        for finding in decision.told
    ]


def _note(decision: Decision, known_by: str, policy: Policy, noted: Sequence[Noted]) -> tuple[Comment, ...]:
    """The receipt for agents, with what changed since the last one that they read.

    Once for what a person would call the decision: where a note says nothing else, it is the note of this one too.
    """
    content = as_json(decision)
    changed = {each.digest: changes(each.content, content, policy) for each in reversed(noted)}
    cause = next((each for each, different in changed.items() if not different), known_by)
    read = next((each for each in reversed(noted) if each.sent), None)
    since = datetime.fromisoformat(read.content["decided_at"]).astimezone(policy.zone) if read else None
    body = note(receipt(decision, policy), moment_text(since) if since else "", changed[read.digest] if read else ())
    return (Comment(NOTE, "en", (Cause(NOTE, cause, latest=True),), body, public=False),)


def _reminder(decision: Decision, policy: Policy) -> tuple[Comment, ...]:
    """The note that reminds agents of a response: once for each point of the time until it is due, however it moves."""
    reminder, due = decision.response_reminder.value, decision.response_due.value
    if reminder is None or due is None or not reminder.note:
        return ()
    tier = next((tier.name for tier in policy.tiers if tier.id == decision.tier.value), "")
    body = reminding(decision, moment_text(due.astimezone(policy.zone)), tier)
    cause = Cause(REMINDER, digest([reminder.point, due.astimezone(UTC).isoformat()]))
    return (Comment(REMINDER, "en", (cause,), body, public=False),)


def digest(said: object) -> str:
    """The same for the same things. `said` is plain data."""
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def _unsaid(cause: Cause, said: Sequence[str]) -> bool:
    if not cause.latest:
        return str(cause) not in said
    of_the_topic = [text for text in said if text.startswith(f"{cause.topic}=")]
    return of_the_topic[-1:] != [str(cause)]
