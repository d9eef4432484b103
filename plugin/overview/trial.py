"""A request tried out: what would be decided on it at any moment, and what its customer would read. Writes nothing.

It is typed, or begins as one that was decided and is changed. What it holds is what a form can hold: `Asked`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection

from plugin.comments import NOTE, REMINDER, comments
from plugin.comments import Comment as Letter
from plugin.contract.coverage import NoCoverageAhead
from plugin.contract.decide import decide
from plugin.contract.decision import Decision
from plugin.contract.ledger import Places, places_of
from plugin.contract.matching import find_agreement
from plugin.contract.model import (
    NoAgreement,
    Organization,
    Person,
    SupportAgreement,
    SupportRequest,
)
from plugin.contract.receipt import Receipt, receipt
from plugin.contract.replay import Inputs
from plugin.mappings.example_trial import decided, units_used
from plugin.mappings.load import Mappings
from plugin.overview.asked import BESIDE, MOMENTS, TEXTS, Asked
from plugin.overview.trial_example import example_of
from plugin.store import decisions
from plugin.store.decisions import Kept
from plugin.store.inputs import InputsUnreadable, from_json

MINUTE: Final = timedelta(minutes=1)

KEY: Final = "TRY-1"
"""What a request is called that nobody raised."""


class NotTried(Exception):
    """The request cannot be decided on; the text says why, in the contract's language."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What comes of it. `letters` are what the customer reads, or an agent drafts, by language; none where nothing is
    said. `example` is the same request as one of mappings/examples, expecting what was decided.
    """

    decision: Decision
    receipt: Receipt
    letters: Mapping[str, tuple[Letter, ...]]
    example: str


def recorded(tx: Connection, key: str) -> Kept | None:
    """The newest decision on the request of that key; None where there is none."""
    request_id = decisions.request_named(tx, key)
    kept = decisions.kept(tx, request_id) if request_id else ()
    return kept[-1] if kept else None


def inputs_of(kept: Kept) -> Inputs:
    """What a decision was made from.

    Raises:
        NotTried: when it was not kept, or cannot be read any more.
    """
    if kept.inputs is None:
        raise NotTried("What its decision was made from was not kept yet.")
    try:
        return from_json(kept.inputs)
    except InputsUnreadable as error:
        raise NotTried(f"{error}.") from None


def tried(asked: Asked, mappings: Mappings, kept: Kept | None = None) -> Tried:
    """Decide on it, at `asked.at`: a request of its own, or the one of that decision with what is asked changed.

    Raises:
        NotTried: when it cannot be decided on, or its decision was made from what cannot be read any more.
    """
    plain = _until(_plain(asked, mappings), asked.at)
    # An example has no word of an agent's: they are not what is to be held.
    by_the_rules, request, agreement = _decided(asked, replace(plain, override=None), mappings, None)
    example = example_of(asked, by_the_rules, mappings)
    if kept is None:
        decision, request, agreement = _decided(asked, plain, mappings, None)
    else:
        inputs = inputs_of(kept)
        request = _until(_changed(asked, plain, inputs.request, kept), asked.at)
        decision, request, agreement = _decided(asked, request, mappings, inputs)
    signed = agreement if isinstance(agreement, SupportAgreement) else None
    letters = {
        language: tuple(
            each
            for each in comments(decision, "", replace(request, language=language), signed, mappings)
            if each.name not in (NOTE, REMINDER)
        )
        for language in mappings.replies.languages
    }
    return Tried(decision, receipt(decision, mappings.policy), letters, example)


def _plain(asked: Asked, mappings: Mappings) -> SupportRequest:
    """The request that says this and nothing else."""
    return SupportRequest(
        id=KEY,
        key=KEY,
        raised=asked.raised,
        raised_by=Person(asked.raised_by, email=asked.raised_by),
        kind=asked.kind,
        organizations=_organizations(asked, mappings),
        **{name: getattr(asked, name) for name in (*TEXTS, *BESIDE, *MOMENTS) if name != "raised"},
    )


def _organizations(asked: Asked, mappings: Mappings) -> tuple[Organization, ...]:
    """Those that Jira would say; of a customer, those by which the agreement is found."""
    for each in mappings.agreements:
        if each.customer == asked.customer:
            ids, names = each.organization_ids or ("",), each.organization_names or (each.name,)
            return (Organization(ids[0], names[0]),)
    return tuple(Organization("", name) for name in asked.organizations)


def _changed(asked: Asked, plain: SupportRequest, known: SupportRequest, kept: Kept) -> SupportRequest:
    """The request as it was known, with what is asked changed; the rest keeps its seconds, and whatever no form has."""
    was, standing = Asked.of(known, asked.at), kept.standing
    names = ("kind", *TEXTS, *BESIDE, *MOMENTS)
    changed: dict[str, Any] = {
        name: getattr(plain, name) for name in names if getattr(was, name) != getattr(asked, name)
    }
    if was.raised_by != asked.raised_by:
        changed["raised_by"] = plain.raised_by
    if asked.customer or was.organizations != asked.organizations:
        changed["organizations"] = plain.organizations
    return replace(known, **changed, standing=standing if standing.decided_at < asked.at + MINUTE else None)


def _until(request: SupportRequest, at: datetime) -> SupportRequest:
    """The request with nothing of what came after the minute of a moment."""
    over = at + MINUTE
    if request.ended and request.ended >= over:
        request = replace(request, ended=None, outcome=None)
    return replace(
        request,
        answers=tuple(each for each in request.answers if each.said_at < over),
        comments=tuple(each for each in request.comments if each.written < over),
    )


def _decided(
    asked: Asked, request: SupportRequest, mappings: Mappings, inputs: Inputs | None
) -> tuple[Decision, SupportRequest, SupportAgreement | NoAgreement | None]:
    agreement = find_agreement(request, mappings.agreements)
    try:
        booked = _booked(asked, request, agreement, mappings, inputs)
        if request.standing is None:
            # Nobody has looked at it yet: as in life, it is looked at when it is raised, and at each answer.
            return decided(request, agreement, mappings.policy, asked.at, booked), request, agreement
        return decide(request, agreement, mappings.policy, asked.at, booked), request, agreement
    except (LookupError, NoCoverageAhead, ValueError) as error:
        raise NotTried(f"It cannot be decided: {error}") from None


def _booked(
    asked: Asked,
    request: SupportRequest,
    agreement: SupportAgreement | NoAgreement,
    mappings: Mappings,
    inputs: Inputs | None,
) -> Places:
    """Where the customer's units stand: as the ledger knew, for a request of that customer; else as is asked."""
    if inputs is not None and isinstance(agreement, SupportAgreement) and agreement.customer == inputs.customer:
        return places_of(inputs.others)
    return units_used(
        request, agreement, mappings.policy, credits_used=asked.credits_used, sessions_used=asked.sessions_used
    )
