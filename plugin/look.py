"""One look at one request: what Jira shows, what the contract says, and the books brought to it in one transaction.

The steps between Jira's two ends; `worker.py` does the writing to Jira, `cli.py explain` stops before any of it.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from plugin.contract.books import book_charge, matter_of, release, taken_from
from plugin.contract.decide import decide, standing_after
from plugin.contract.decision import Decision
from plugin.contract.grants import CREDIT, book_grants
from plugin.contract.matching import find_agreement
from plugin.contract.model import NoAgreement, Standing, SupportAgreement, SupportRequest
from plugin.jira.client import JiraClient
from plugin.jira.fields import FieldMap, FieldsMissing, find_fields
from plugin.jira.plan import standing_of
from plugin.jira.read import PROPERTY, LeftAlone, Shown, read, shown, wanted_fields
from plugin.mappings.load import Mappings
from plugin.store import decisions, ledger, replies


@dataclass(frozen=True, slots=True)
class Seen:
    """What Jira shows: the request, what the issue shows of ours, and the agreement that fits."""

    request: SupportRequest
    shown: Shown
    agreement: SupportAgreement | NoAgreement


@dataclass(frozen=True, slots=True)
class Settled:
    """What was decided and booked: the decision, what the request holds of each lot, the replies still to send.

    `booked` says whether the customer's ledger moved.
    """

    decision: Decision
    held: Mapping[str, int]
    standing: Standing
    replies: tuple[replies.Intent, ...]
    booked: bool


def field_map(jira: JiraClient, mappings: Mappings) -> FieldMap:
    """The site's fields for our words; a field that is missing is looked for once more in a fresh catalogue.

    Raises:
        FieldsMissing: when the site lacks a field that `fields.yaml` declares.
    """
    specs = list(mappings.declared.fields.values())
    try:
        return find_fields(specs, jira.fields())
    except FieldsMissing:
        return find_fields(specs, jira.fields(afresh=True))


def see(
    jira: JiraClient, mappings: Mappings, fields: FieldMap, id_or_key: str, standing: Standing | None
) -> Seen | LeftAlone:
    """Look at the request in Jira. The change log is asked for only while a clock waits for the customer."""
    waiting = standing is not None and standing.waited and standing.clock_started is None
    issue = jira.issue(id_or_key, wanted_fields(fields), [PROPERTY], history=waiting)
    request = read(issue, fields, mappings.declared)
    if isinstance(request, LeftAlone):
        return request
    if not request.organizations and request.raised_by.account:
        request = replace(request, organizations=jira.organizations_of(request.raised_by.account))
    display = shown(issue, fields)
    request = replace(request, standing=standing or standing_of(display.property))
    return Seen(request, display, find_agreement(request, mappings.agreements))


def consider(tx: Connection, seen: Seen, mappings: Mappings, now: datetime) -> Decision:
    """Decide, by the balance without what the request holds itself. Writes nothing."""
    customer = seen.agreement.customer if isinstance(seen.agreement, SupportAgreement) else ""
    others = ledger.places(tx, customer, CREDIT, without=matter_of(seen.request.id))
    return decide(seen.request, seen.agreement, mappings.policy, now, others)


def settle(tx: Connection, seen: Seen, mappings: Mappings, now: datetime) -> Settled:
    """Decide, and book the difference: decision, ledger entries and reply intents in the caller's one transaction."""
    request, policy, matter = seen.request, mappings.policy, matter_of(seen.request.id)
    agreement = seen.agreement if isinstance(seen.agreement, SupportAgreement) else None
    customer = agreement.customer if agreement else None
    former = [each for each in ledger.holders(tx, matter) if each != customer]
    ledger.lock(tx, former + ([customer] if customer else []))
    before = ledger.sequence(tx, customer) if customer else 0
    if agreement:
        ledger.book(tx, book_grants(agreement, policy, ledger.places(tx, agreement.customer, CREDIT), now))
    decision = consider(tx, seen, mappings, now)
    for each in former:
        moved = f"{request.key} is no longer a request of {each}"
        ledger.book(tx, release(each, request.id, request.key, ledger.held(tx, each, matter), policy, now, moved))
    if agreement:
        others = ledger.places(tx, agreement.customer, CREDIT, without=matter)
        held = ledger.held(tx, agreement.customer, matter)
        ledger.book(tx, book_charge(decision, request, agreement, policy, others, held))
        # A late charge on, or refund into, a lot that has run out meanwhile changes what expired of it.
        ledger.book(tx, book_grants(agreement, policy, ledger.places(tx, agreement.customer, CREDIT), now))
    standing = standing_after(decision, request.standing)
    decisions.record(tx, decision, standing)
    fresh = _intend(tx, decision, request.raised_by.name, mappings, now)
    taken = taken_from(ledger.held(tx, customer, matter)) if customer else {}
    booked = customer is not None and ledger.sequence(tx, customer) != before
    return Settled(decision, taken, standing, replies.pending(tx, request.id, fresh), booked)


def give_back(tx: Connection, request_id: str, key: str | None, mappings: Mappings, now: datetime) -> tuple[str, ...]:
    """Release whatever a deleted request holds of anybody's units; returns the customers."""
    matter, policy = matter_of(request_id), mappings.policy
    customers = ledger.holders(tx, matter)
    ledger.lock(tx, customers)
    for each in customers:
        held = ledger.held(tx, each, matter)
        ledger.book(tx, release(each, request_id, key, held, policy, now, f"{key or request_id} was deleted"))
    return customers


def _intend(tx: Connection, decision: Decision, person: str, mappings: Mappings, now: datetime) -> str | None:
    """One reply for all reasons together, and once for the same reasons with the same facts."""
    if not decision.told:
        return None
    told = [[finding.reason, sorted(finding.facts.items())] for finding in decision.told]
    cause = hashlib.sha256(json.dumps(told).encode()).hexdigest()
    language = mappings.replies.default_language
    body = mappings.replies.body(decision, person, language)
    return replies.intend(tx, decision.request_id, decision.request_key, "reasons", language, cause, body, now)
