"""One look at one request: what Jira shows, what the contract says, and the books brought to it in one transaction.

The steps between Jira's two ends; `worker.py` writes to Jira, `support-contract explain` stops before any of it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from plugin.contract.books import book_charge, matter_of, release, taken_from
from plugin.contract.decide import NOTHING_BOOKED, decide, in_question, standing_after
from plugin.contract.decision import Backfill, Decision
from plugin.contract.grants import book_grants
from plugin.contract.hearing import telling
from plugin.contract.ledger import LedgerEntry, Places, added, places_of, without
from plugin.contract.matching import find_agreement, is_customer
from plugin.contract.model import NoAgreement, Organization, Standing, SupportAgreement, SupportRequest
from plugin.contract.replay import inputs_of
from plugin.contract.rules.response_kept import responses as may_respond
from plugin.intents import NOTHING_SOUGHT, Sought, Unsent, intend
from plugin.jira.authors import People, comments_of, whole
from plugin.jira.client import JiraClient
from plugin.jira.errors import JiraGone
from plugin.jira.fields import DECIDED_BY, FieldMap
from plugin.jira.hearing import listen
from plugin.jira.plan import standing_of
from plugin.jira.read import PROPERTY, LeftAlone, Shown, read, shown, wanted_fields
from plugin.links import Links
from plugin.mappings.load import Mappings
from plugin.site_fields import check_still_there
from plugin.store import decisions, ledger, policies, responses


@dataclass(frozen=True, slots=True)
class Seen:
    """What Jira shows: the request, what the issue shows of ours, and the agreement that fits."""

    request: SupportRequest
    shown: Shown
    agreement: SupportAgreement | NoAgreement


@dataclass(frozen=True, slots=True)
class Outside(LeftAlone):
    """An issue that is left alone, and what it still shows of ours from when it was not."""

    request_id: str
    key: str
    shown: Shown


@dataclass(frozen=True, slots=True)
class Settled:
    """What was decided and booked: the decision, what the request holds of each lot, the comments still to send.

    `since` is when the decision was first made so; `is_new`: that is now. `customers` are all whose credits the request
    ever moved, `moved` those whose ledger moved just now.
    """

    decision: Decision
    since: datetime
    is_new: bool
    held: Mapping[str, int]
    standing: Standing
    unsent: tuple[Unsent, ...]
    customers: tuple[str, ...]
    moved: tuple[str, ...]


def see(
    jira: JiraClient,
    mappings: Mappings,
    fields: FieldMap,
    id_or_key: str,
    standing: Standing | None,
    now: datetime,
    backfill: Backfill | None = None,
    ours: Collection[str] = (),
) -> Seen | Outside:
    """Look at the request in Jira. The change log matters only where the customer was asked something, or is to be
    asked now: nobody is asked for what they have answered already. In order, a request costs one call and no more,
    until somebody else than the customer has commented on it. `ours` are the ids of comments that are known to be ours.

    `backfill` are the terms on which one is to take it up; None where none is.

    Raises:
        JiraGone: when Jira has no such request for us.
    """
    asked_before = standing is not None and standing.waited
    seen = _see(jira, mappings, fields, id_or_key, standing, backfill, ours, asked_before)
    if asked_before or isinstance(seen, Outside):
        return seen
    if not in_question(seen.request, seen.agreement, mappings.policy, now):
        return seen
    return _see(jira, mappings, fields, id_or_key, standing, backfill, ours, listens=True)


def _see(
    jira: JiraClient,
    mappings: Mappings,
    fields: FieldMap,
    id_or_key: str,
    standing: Standing | None,
    backfill: Backfill | None,
    ours: Collection[str],
    listens: bool,
) -> Seen | Outside:
    issue = jira.issue(id_or_key, wanted_fields(fields), [PROPERTY], history=listens)
    if absent := {field.id for word, field in fields.items() if word in DECIDED_BY} - issue["fields"].keys():
        check_still_there(jira, mappings, fields, absent)
    return seen_in(jira, mappings, fields, issue, standing, backfill, ours, listens)


def seen_in(
    jira: JiraClient,
    mappings: Mappings,
    fields: FieldMap,
    issue: Mapping[str, Any],
    standing: Standing | None,
    backfill: Backfill | None = None,
    ours: Collection[str] = (),
    listens: bool = False,
) -> Seen | Outside:
    """What an issue shows that Jira has answered with; whose it is, and whose its comments are, may still have to be
    asked for.

    `backfill` are the terms on which one is to take it up: from then on it is served, whenever it was raised. They are
    not for a request that is served already.
    """
    whole_issue, display = whole(jira, issue), shown(issue, fields)
    standing = standing or standing_of(display.property)
    if standing and standing.backfill:
        backfill = standing.backfill.widened(backfill)
    heard = listen(jira, whole_issue) if listens else whole_issue
    request = read(heard, fields, mappings.declared)
    if standing and standing.backfill is None and not isinstance(request, LeftAlone):
        backfill = None
    elif backfill is not None:
        request = read(heard, fields, mappings.declared, whenever=True)
    if isinstance(request, LeftAlone):
        return Outside(request.why, str(issue["id"]), issue["key"], display)
    request = replace(request, comments=may_respond(comments_of(jira, whole_issue, _people(mappings, ours))))
    if not request.organizations and request.raised_by.account:
        request = replace(request, organizations=_organizations_of(jira, request.raised_by.account))
    answers = telling(request.answers, mappings.policy)
    request = replace(request, standing=standing, answers=answers, backfill=backfill)
    return Seen(request, display, find_agreement(request, mappings.agreements))


def _people(mappings: Mappings, ours: Collection[str]) -> People:
    """Who is who by the mapping files."""
    signed = mappings.agreements
    representatives = {each.account_representative.account for each in signed if each.account_representative}
    return People(ours, representatives, mappings.declared.machines, lambda person: is_customer(person, signed))


def _organizations_of(jira: JiraClient, account: str) -> tuple[Organization, ...]:
    try:
        return jira.organizations_of(account)
    except JiraGone:
        # It is the account that is not there: that must not look as if the request were not.
        return ()


def consider(tx: Connection, seen: Seen, mappings: Mappings, now: datetime) -> Decision:
    """Decide, by the balance without what the request holds itself. Writes nothing."""
    return decide(seen.request, seen.agreement, mappings.policy, now, others_of(tx, seen))


def others_of(tx: Connection, seen: Seen) -> Places:
    """Where the customer's units stand without what the request holds itself."""
    if not isinstance(seen.agreement, SupportAgreement):
        return NOTHING_BOOKED
    customer = seen.agreement.customer
    return without(ledger.places(tx, customer), ledger.held(tx, customer, matter_of(seen.request.id)))


def settle(
    tx: Connection,
    seen: Seen,
    mappings: Mappings,
    now: datetime,
    sought: Sought = NOTHING_SOUGHT,
    links: Links | None = None,
) -> Settled:
    """Decide, and book the difference: decision, ledger entries and reply intents in the caller's one transaction.

    `sought`: what looking for comments that are not known to be sent has found. `links`: how notes for agents get links
    to their receipts; None where they get none.
    """
    request, policy, matter = seen.request, mappings.policy, matter_of(seen.request.id)
    agreement = seen.agreement if isinstance(seen.agreement, SupportAgreement) else None
    customer = agreement.customer if agreement else None
    former = [each for each in ledger.holders(tx, matter) if each != customer]
    customers = (*former, *([customer] if customer else []))
    ledger.lock(tx, customers)
    before = {each: ledger.sequence(tx, each) for each in customers}
    for each in former:
        _release(tx, each, request.id, request.key, mappings, now, f"{request.key} is no longer a request of {each}")
    if agreement is None:
        others = held = NOTHING_BOOKED
        decision = decide(request, seen.agreement, policy, now)
    else:
        places = ledger.places(tx, agreement.customer)
        places = _booked(tx, places, book_grants(agreement, policy, places, now))
        held = ledger.held(tx, agreement.customer, matter)
        others = without(places, held)
        decision = decide(request, agreement, policy, now, others)
        held = _booked(tx, held, book_charge(decision, request, agreement, policy, others, held))
        # A late charge on, or refund into, a lot that has run out meanwhile changes what expired of it.
        _booked(tx, places, book_grants(agreement, policy, added(others, held), now))
    standing = standing_after(decision, request.standing)
    is_new = decisions.record(tx, decision, standing, inputs_of(request, now, customer, others))
    # A request that was not served for a while, and is again, has its old decision and no row.
    if is_new or not responses.is_counted(tx, request.id):
        responses.record(tx, decision, policy.day(request.raised), request.ended)
    if is_new:
        policies.record(tx, policy.revision, mappings.files, now)
    force = decisions.in_force(tx, request.id)
    intents = intend(tx, decision, force.known_by, request, agreement, mappings, now, sought, links)
    moved_now = tuple(each for each in customers if ledger.sequence(tx, each) != before[each])
    return Settled(decision, force.since, is_new, taken_from(held), standing, intents, customers, moved_now)


def _booked(tx: Connection, places: Places, entries: Sequence[LedgerEntry]) -> Places:
    """Book the entries; where the units stand then."""
    ledger.book(tx, entries)
    return added(places, *(places_of(entry.postings) for entry in entries))


def give_back(
    tx: Connection, request_id: str, key: str | None, mappings: Mappings, now: datetime, why: str
) -> tuple[str, ...]:
    """Release whatever a request that is not served any more holds of anybody's credits; returns the customers."""
    responses.forget(tx, request_id)
    customers = ledger.holders(tx, matter_of(request_id))
    ledger.lock(tx, customers)
    for each in customers:
        _release(tx, each, request_id, key, mappings, now, why)
    return customers


def _release(
    tx: Connection, customer: str, request_id: str, key: str | None, mappings: Mappings, now: datetime, why: str
) -> None:
    """Give back what the request holds, after what the calendar has taken by now: that is to have been so before, as it
    is told in statements."""
    policy, agreement = mappings.policy, next((each for each in mappings.agreements if each.customer == customer), None)
    if agreement is not None:
        ledger.book(tx, book_grants(agreement, policy, ledger.places(tx, customer), now))
    held = ledger.held(tx, customer, matter_of(request_id))
    ledger.book(tx, release(customer, request_id, key, held, policy, now, why))
