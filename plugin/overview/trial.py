"""A request tried out: what would be decided on it at any moment, and what its customer would read. Writes nothing.

It is typed, or begins as one that was decided and is changed. What it holds is what a form can hold: `Asked`.
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from sqlalchemy import Connection

from plugin.comments import NOTE, REMINDER, Comment, comments
from plugin.contract.coverage import NoCoverageAhead
from plugin.contract.decide import decide
from plugin.contract.decision import Decision
from plugin.contract.ledger import Places, places_of
from plugin.contract.matching import find_agreement
from plugin.contract.model import NoAgreement, Organization, Person, SupportAgreement, SupportRequest
from plugin.contract.receipt import Receipt, receipt
from plugin.contract.replay import Inputs
from plugin.mappings.example_trial import units_used
from plugin.mappings.examples import FOLDER
from plugin.mappings.load import Mappings
from plugin.store import decisions
from plugin.store.decisions import Kept
from plugin.store.inputs import InputsUnreadable, from_json

KEY: Final = "TRY-1"
"""What a request is called that nobody raised."""

_LINE: Final = 10_000


class NotTried(Exception):
    """The request cannot be decided on; the text says why, in the contract's language."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the form says. Texts are as typed, None where nothing is; moments are aware.

    `customer` is an agreement's, or else `organizations` are Jira's names. `credits_used` are those that other requests
    of the customer have used; of a request that was decided, the ledger knows.
    """

    raised_by: str
    kind: str
    raised: datetime
    at: datetime
    customer: str | None = None
    organizations: tuple[str, ...] = ()
    product: str | None = None
    version: str | None = None
    environment: str | None = None
    impact: str | None = None
    stated_severity: int | None = None
    platform: str | None = None
    third_party: str | None = None
    modified: bool | None = None
    credits_used: int = 0

    @classmethod
    def of(cls, request: SupportRequest, at: datetime) -> "Asked":
        """What the form says of a request as it is known."""
        return cls(
            raised_by=request.raised_by.email or request.raised_by.name,
            kind=request.kind,
            raised=request.raised,
            at=at,
            organizations=tuple(each.name for each in request.organizations),
            **{name: getattr(request, name) for name in _TEXTS},
        )


_TEXTS: Final = (
    "product", "version", "environment", "impact", "stated_severity", "platform", "third_party", "modified",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tried:
    """What comes of it. `letters` are what the customer reads, or an agent drafts, by language; none where nothing is
    said. `example` is the same request as one of mappings/examples, expecting what was decided.
    """

    decision: Decision
    receipt: Receipt
    letters: Mapping[str, tuple[Comment, ...]]
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
    plain = _plain(asked, mappings)
    decision, request, agreement = _decided(asked, plain, mappings, None)
    example = _example(asked, decision, mappings)
    if kept is not None:
        inputs = inputs_of(kept)
        request = _changed(asked, plain, inputs.request, kept)
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
        **{name: getattr(asked, name) for name in _TEXTS},
    )


def _organizations(asked: Asked, mappings: Mappings) -> tuple[Organization, ...]:
    """Those that Jira would say; of a customer, those by which the agreement is found."""
    for each in mappings.agreements:
        if each.customer == asked.customer:
            ids, names = each.organization_ids or ("",), each.organization_names or (each.name,)
            return (Organization(ids[0], names[0]),)
    return tuple(Organization("", name) for name in asked.organizations)


def _changed(asked: Asked, plain: SupportRequest, known: SupportRequest, kept: Kept) -> SupportRequest:
    """The request as it was known, with what is asked changed, and nothing of what came after the moment asked for."""
    was, at = Asked.of(known, asked.at), asked.at
    standing = kept.standing
    names = ("kind", "raised", *_TEXTS)
    changed: dict[str, Any] = {
        name: getattr(plain, name) for name in names if getattr(was, name) != getattr(asked, name)
    }
    if "raised" in changed and _minute(was.raised) == _minute(asked.raised):
        del changed["raised"]
    if was.raised_by != asked.raised_by:
        changed["raised_by"] = plain.raised_by
    if asked.customer or was.organizations != asked.organizations:
        changed["organizations"] = plain.organizations
    return replace(
        known,
        **changed,
        standing=standing if standing.decided_at <= at else None,
        ended=known.ended if known.ended and known.ended <= at else None,
        answers=tuple(each for each in known.answers if each.said_at <= at),
        comments=tuple(each for each in known.comments if each.written <= at),
    )


def _minute(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(second=0, microsecond=0)


def _decided(
    asked: Asked, request: SupportRequest, mappings: Mappings, inputs: Inputs | None
) -> tuple[Decision, SupportRequest, SupportAgreement | NoAgreement | None]:
    agreement = find_agreement(request, mappings.agreements)
    try:
        booked = _booked(asked, request, agreement, mappings, inputs)
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
    return units_used(request, agreement, mappings.policy, credits_used=asked.credits_used)


def _example(asked: Asked, decision: Decision, mappings: Mappings) -> str:
    """The request as an entry of a file in mappings/examples."""
    zone = mappings.policy.zone

    def written(moment: datetime) -> str:
        return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"

    said = {name: getattr(asked, name) for name in _TEXTS}
    said["modified"] = None if asked.modified is None else "yes" if asked.modified else "no"
    due = decision.response_due.value
    request = {
        "kind": asked.kind,
        **{name: value for name, value in said.items() if value is not None},
        "raised": written(asked.raised),
        "raised_by": asked.raised_by,
    }
    expect = {
        "customer": decision.customer.value,
        "tier": decision.tier.value,
        "severity": decision.severity.value,
        # An example is told to the minute.
        "response_due": None if due is None or due.second else written(due),
        "eligibility": decision.eligibility.value.value,
        "reasons": _flow([finding.reason.value for finding in decision.reasons if finding.reason]),
        "charge": decision.charge.value,
    }
    clauses = {cite.clause for finding in decision.reasons for cite in finding.cites}
    clauses |= {cite.clause for cite in decision.response_due.findings[0].cites}
    entry = {
        "name": f"Tried out {written(asked.at)}",
        "cites": _flow(sorted(clauses, key=lambda clause: (len(clause), clause))),
        **({"customer": asked.customer} if asked.customer else {"organizations": _flow(list(asked.organizations))}),
        **({"credits_used": asked.credits_used} if asked.credits_used else {}),
        **({"decided": written(asked.at)} if asked.at != asked.raised else {}),
        "request": request,
        "expect": {name: value for name, value in expect.items() if value is not None},
    }
    return _yaml(entry)


def _flow(values: list[str]) -> CommentedSeq:
    listed = CommentedSeq(values)
    listed.fa.set_flow_style()
    return listed


def _yaml(entry: Mapping[str, Any]) -> str:
    """An entry of a list, as it stands in a file of examples."""
    whole = CommentedMap({"examples": [dict(entry)]})
    writer, out = YAML(), io.StringIO()
    writer.indent(mapping=2, sequence=4, offset=2)
    writer.width = _LINE
    writer.dump(whole, out)
    return out.getvalue()


EXAMPLES: Final = FOLDER
"""Where an example belongs, in the folder of the mapping files."""
