"""Carrying out what was decided: fields, replies, transition, balance board. Each is written only where it differs."""

import hashlib
import json
import threading
from collections.abc import Callable, Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

import structlog

from plugin.balances import balance_of, organizations_of
from plugin.contract.model import Organization, SupportAgreement
from plugin.jira.board import board_of
from plugin.jira.client import JiraClient
from plugin.jira.errors import JiraGone, JiraRefused
from plugin.jira.fields import FieldMap
from plugin.jira.plan import PARTICIPANTS, REMARKS, SetFields, plan, waits
from plugin.jira.read import PROPERTY
from plugin.jira.reply import send
from plugin.look import Outside, Seen, Settled, Unsent
from plugin.mappings.load import Mappings
from plugin.store import ledger, replies
from plugin.store.engine import Store

log = structlog.get_logger()


class NotKept(Exception):
    """Somebody changes back what we write, or Jira does not keep it: writing it once more would not end it."""


class Rewrites:
    """How often each request was made to say the same. Shared by the workers of a process; safe between threads.

    Kept in memory only: after a restart, or by another process, it is tried as often again. That bounds it.
    """

    MOST = 5
    """Equal writes within `WITHIN`; somebody who tries things out by hand stays below."""
    WITHIN = timedelta(hours=1)

    def __init__(self) -> None:
        self._written: dict[str, list[tuple[str, datetime]]] = {}
        self._guard = threading.Lock()

    def enough(self, request_id: str, edit: SetFields, now: datetime) -> bool:
        """Has the same been written so often lately that it is no use any more?"""
        with self._guard:
            self._forget(now)
            same = [digest for digest, _ in self._written.get(request_id, ()) if digest == _digest(edit)]
            return len(same) >= self.MOST

    def note(self, request_id: str, edit: SetFields, now: datetime) -> None:
        """Remember that this was written."""
        with self._guard:
            self._written.setdefault(request_id, []).append((_digest(edit), now))

    def _forget(self, now: datetime) -> None:
        for request_id, written in list(self._written.items()):
            kept = [(digest, at) for digest, at in written if now - at < self.WITHIN]
            if kept:
                self._written[request_id] = kept
            else:
                del self._written[request_id]


class Writer:
    """Writes to Jira for one look. `hold` is called before each write and raises when the look has lost its lease."""

    def __init__(
        self,
        store: Store,
        jira: JiraClient,
        mappings: Mappings,
        clock: Callable[[], datetime],
        hold: Callable[[], None],
        rewrites: Rewrites,
    ) -> None:
        self._store, self._jira, self._mappings, self._clock, self._hold = store, jira, mappings, clock, hold
        self._rewrites = rewrites

    def carry_out(self, seen: Seen, settled: Settled, fields: FieldMap, afresh: bool) -> None:
        """Make the request show what was decided. `afresh`: an earlier look broke off, perhaps before the board.

        Raises:
            JiraRefused: after everything else was done, when Jira did not take the fields, or not all of them.
            NotKept: after everything else was done, when the fields were written too often to no effect.
        """
        request = seen.request

        def planned(fields: FieldMap) -> SetFields | None:
            waited = settled.standing.waited
            return plan(settled.decision, settled.held, waited, seen.shown, fields, afresh, settled.since)

        self._back_into_the_queue(seen, settled)
        refused = self._share(request.id, planned(fields))
        if refused:
            fields = {word: field for word, field in fields.items() if word != PARTICIPANTS}
        written, troubles = self._edit(request.id, request.key, planned, fields)
        troubles = [*refused, *troubles]
        for unsent in settled.unsent:
            asks = unsent.intent.public and settled.decision.eligibility.value.waits
            self._reply(request.id, request.key, unsent, seen.shown.status if asks else None)
        customers = set(settled.customers if afresh else settled.moved)
        if (written or troubles) and isinstance(seen.agreement, SupportAgreement):
            customers.add(seen.agreement.customer)
        self.show_balances(customers, request.organizations, settled.moved)
        if troubles:
            raise type(troubles[-1])(" ".join(map(str, troubles)))

    def _share(self, request_id: str, edit: SetFields | None) -> list[JiraRefused]:
        """Share the request with the customer's representative, before the edit that records it; the refusal, if any.

        It may happen twice, when something breaks in between: whoever takes part already does so still.
        """
        if edit is None or edit.participant is None:
            return []
        self._hold()
        try:
            self._jira.add_participant(request_id, edit.participant.account)
        except JiraRefused as refusal:
            who = f"{edit.participant} ({edit.participant.source})"
            return [JiraRefused(f"The request could not be shared with {who}: {refusal}")]
        return []

    def _edit(
        self, request_id: str, key: str, planned: Callable[[FieldMap], SetFields | None], fields: FieldMap
    ) -> tuple[SetFields | None, list[JiraRefused | NotKept]]:
        """Write what is planned for these fields; returns what was written, if anything, and what stood in the way.

        Jira takes an edit as a whole or not at all. A field that was taken off the screen, an option or an account that
        is gone must not keep all the others unwritten: what Jira finds fault with is planned around, as if the site
        lacked it. It is tried again with the next look.
        """
        troubles: list[JiraRefused | NotKept] = []
        while (edit := planned(fields)) is not None:
            if self._rewrites.enough(request_id, edit, self._clock()):
                return None, [*troubles, NotKept(_not_kept(key, edit, fields))]
            self._hold()
            try:
                self._jira.edit(request_id, edit.fields, {PROPERTY: edit.property})
            except JiraRefused as refusal:
                troubles.append(refusal)
                if refusal.fields.isdisjoint(edit.fields):
                    return None, troubles
                fields = {word: field for word, field in fields.items() if field.id not in refusal.fields}
            else:
                self._rewrites.note(request_id, edit, self._clock())
                log.info("written", request=key, fields=list(edit.words))
                break
        return edit, troubles

    def withdraw(self, outside: Outside, fields: FieldMap) -> None:
        """Let a request that is not served any more show that it costs nothing, as far as it lets us."""
        own = outside.shown.property or {}
        charged = [word for word in ("credits_charged", "sessions_charged") if outside.shown.values.get(word)]
        if not own.get("charged") and not charged:
            return

        def planned(fields: FieldMap) -> SetFields:
            words = tuple(word for word in charged if word in fields)
            return SetFields(words, {fields[word].id: 0 for word in words}, {**own, "charged": {}})

        _, troubles = self._edit(outside.request_id, outside.key, planned, fields)
        # Where it is now, our fields may not be on the screen, or nothing be ours to edit.
        for trouble in troubles:
            log.warning("charge still shown", request=outside.key, trouble=str(trouble))

    def _reply(self, request_id: str, key: str, unsent: Unsent, status: str | None) -> None:
        """Send a reply that is not on the request yet, then ask for the status that waits for the customer.

        `status` is the one the request is in; None where the customer is asked for nothing and the status is to stay.
        """
        intent, comment = unsent.intent, unsent.comment
        if comment is None:
            self._hold()
            comment = send(self._jira, request_id, intent.body, intent.id, intent.public, intent.causes)
            log.info("replied", request=key, comment=comment, public=intent.public)
        elif status is not None and self._answered(request_id, comment):
            status = None
        if status is not None:
            self._wait_for_customer(request_id, key, status)
        with self._store.writing() as tx:
            replies.sent(tx, intent.id, comment, self._clock())

    def _answered(self, request_id: str, comment: str) -> bool:
        """Did somebody write since that comment of ours? Then nobody waits for the customer any more."""
        account = self._jira.account()
        for other in self._jira.comments(request_id):
            author = other.get("author") or {}
            ours = account in (author.get("accountId"), author.get("name"), author.get("key"))
            if not ours and int(other["id"]) > int(comment):
                return True
        return False

    def _wait_for_customer(self, request_id: str, key: str, status: str) -> None:
        """Ask for the status that waits for the customer, from a status it is meant for."""
        declared = self._mappings.declared
        if declared.waiting_to is not None and status.casefold() in {each.casefold() for each in declared.waiting_from}:
            self._transition(request_id, key, status, declared.waiting_to)

    def _back_into_the_queue(self, seen: Seen, settled: Settled) -> None:
        """Leave the status that waits for the customer, once nothing is asked of them any more.

        Only where our property says that it was we who asked: an agent may wait there for an answer of their own. It
        comes before that property changes: after a crash it is done, and after a refusal it is not tried for ever.
        """
        declared, status = self._mappings.declared, seen.shown.status
        if declared.waiting_to is None or status.casefold() != declared.waiting_to.casefold():
            return
        if declared.waiting_back and waits(seen.shown.property) and not settled.decision.eligibility.value.waits:
            self._transition(seen.request.id, seen.request.key, status, declared.waiting_back)

    def _transition(self, request_id: str, key: str, status: str, to: str) -> None:
        """Take the transition to this status if Jira offers it; refused, it is left to the agents."""
        wanted = to.casefold()
        offered = [each for each in self._jira.transitions(request_id) if each["to"]["name"].casefold() == wanted]
        if not offered:
            log.info("transition not offered", request=key, status=status, wanted=to)
            return
        self._hold()
        try:
            self._jira.transition(request_id, offered[0]["id"])
        except JiraRefused as refusal:
            log.warning("transition refused", request=key, trouble=str(refusal))

    def show_balances(
        self, customers: Iterable[str], organizations: Iterable[Organization] = (), moved: Collection[str] = ()
    ) -> None:
        """Show the balance of each of these customers, of those that still have an agreement.

        `moved` are those whose ledger moved just now: what Jira shows of them need not be asked for.
        """
        wanted = set(customers)
        for agreement in self._mappings.agreements:
            if agreement.customer in wanted:
                self.show_balance(agreement, organizations, agreement.customer in moved)

    def show_balance(
        self, agreement: SupportAgreement, organizations: Iterable[Organization], moved: bool = False
    ) -> None:
        """Show the customer's balance. When it moved meanwhile, show it again: Jira has no conditional write.

        On the organizations that the agreement names by id, and on those of a request that it names by name; never on
        another that the request is shared with too.
        """
        for organization in organizations_of(agreement, organizations):
            self.show_balance_on(organization, agreement, moved)

    def show_balance_on(self, organization: str, agreement: SupportAgreement, moved: bool = False) -> None:
        """Show the customer's balance on the organization with this id, where Jira can show one."""
        board, shown_at = board_of(self._mappings.board, self._jira), -1
        while board and shown_at != self._sequence(agreement):
            shown_at, value = self._balance(agreement)
            try:
                if moved or board.shown(organization) != value:
                    self._hold()
                    board.show(organization, value)
            except JiraGone as trouble:
                # Data Center may not have organization properties; the ledger is the truth without them.
                log.warning("no balance board", organization=organization, trouble=str(trouble))
                break

    def _sequence(self, agreement: SupportAgreement) -> int:
        with self._store.reading() as tx:
            return ledger.sequence(tx, agreement.customer)

    def _balance(self, agreement: SupportAgreement) -> tuple[int, dict[str, Any]]:
        today = self._mappings.policy.day(self._clock())
        with self._store.reading() as tx:
            return ledger.sequence(tx, agreement.customer), balance_of(tx, agreement, self._mappings.policy, today)


def _digest(edit: SetFields) -> str:
    """Of what the request is to say, whichever of its fields differ this time."""
    ruled = {name: value for name, value in edit.property.items() if name not in REMARKS}
    return hashlib.sha256(json.dumps(ruled, sort_keys=True).encode()).hexdigest()


def _not_kept(key: str, edit: SetFields, fields: FieldMap) -> str:
    what = ", ".join(fields[word].name for word in edit.words) or f"our property {PROPERTY}"
    return (
        f"{key} does not keep what we write ({what}): it was written {Rewrites.MOST} times within an hour and is "
        "different again. Look in the history of the request who changes it back (an automation rule, another app, a "
        "second installation of this one) and stop that; it is written again an hour later, at the next knock."
    )
