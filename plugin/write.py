"""Carrying out what was decided: fields, replies, transition, balance board. Each is written only where it differs."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

import structlog

from plugin.contract.grants import CREDIT, grants, usable
from plugin.contract.ledger import Account, balance
from plugin.contract.model import SupportAgreement
from plugin.jira.board import board_of
from plugin.jira.client import JiraClient
from plugin.jira.errors import JiraGone, JiraRefused
from plugin.jira.fields import FieldMap
from plugin.jira.plan import plan
from plugin.jira.read import PROPERTY
from plugin.jira.reply import find, send
from plugin.look import Seen, Settled
from plugin.mappings.load import Mappings
from plugin.store import ledger, replies
from plugin.store.engine import Store

log = structlog.get_logger()


class Writer:
    """Writes to Jira for one look. `hold` is called before each write and raises when the look has lost its lease."""

    def __init__(
        self,
        store: Store,
        jira: JiraClient,
        mappings: Mappings,
        clock: Callable[[], datetime],
        hold: Callable[[], None],
    ) -> None:
        self._store, self._jira, self._mappings, self._clock, self._hold = store, jira, mappings, clock, hold

    def carry_out(self, seen: Seen, settled: Settled, fields: FieldMap, afresh: bool) -> None:
        """Make the request show what was decided. `afresh`: an earlier look broke off, perhaps before the board."""
        request = seen.request
        edit = plan(settled.decision, settled.held, settled.standing.waited, seen.shown, fields)
        if edit is not None:
            self._hold()
            self._jira.edit(request.id, edit.fields, {PROPERTY: edit.property})
            log.info("written", request=request.key, fields=list(edit.words))
        for intent in settled.replies:
            self._reply(request.id, request.key, intent, seen.shown.status)
        agreement = seen.agreement
        if isinstance(agreement, SupportAgreement) and (edit is not None or settled.booked or afresh):
            members = {each.id for each in request.organizations}
            self.show_balance(agreement, sorted(members & set(agreement.organization_ids)) or sorted(members))

    def _reply(self, request_id: str, key: str, intent: replies.Intent, status: str) -> None:
        """Send a reply that is not on the request yet, then ask for the status that waits for the customer."""
        comment = None if intent.fresh else find(self._jira, request_id, intent.id, _account(self._jira.myself()))
        if comment is None:
            self._hold()
            comment = send(self._jira, request_id, intent.body, intent.id)
            log.info("replied", request=key, comment=comment)
        self._wait_for_customer(request_id, key, status)
        with self._store.writing() as tx:
            replies.sent(tx, intent.id, comment, self._clock())

    def _wait_for_customer(self, request_id: str, key: str, status: str) -> None:
        """Take the transition only from a status it is meant for, and only if Jira offers it."""
        declared = self._mappings.declared
        if declared.waiting_to is None or status.casefold() not in {each.casefold() for each in declared.waiting_from}:
            return
        wanted = declared.waiting_to.casefold()
        offered = [each for each in self._jira.transitions(request_id) if each["to"]["name"].casefold() == wanted]
        if not offered:
            log.info("transition not offered", request=key, status=status, wanted=declared.waiting_to)
            return
        self._hold()
        try:
            self._jira.transition(request_id, offered[0]["id"])
        except JiraRefused as refusal:
            log.warning("transition refused", request=key, trouble=str(refusal))

    def show_balance(self, agreement: SupportAgreement, organizations: Iterable[str]) -> None:
        """Show the customer's balance. When it moved meanwhile, show it again: Jira has no conditional write."""
        board = board_of(self._mappings.board, self._jira)
        for organization in organizations if board else ():
            shown_at = -1
            while shown_at != self._sequence(agreement):
                shown_at, value = self._balance(agreement)
                try:
                    if board and board.shown(organization) != value:
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
        policy, today = self._mappings.policy, self._mappings.policy.day(self._clock())
        with self._store.reading() as tx:
            sequence = ledger.sequence(tx, agreement.customer)
            places = ledger.places(tx, agreement.customer, CREDIT)
        lots = usable(grants(agreement, policy, today), places, today)
        value = {
            "schema": 1,
            "customer": agreement.name,
            "available": balance(lots),
            "consumed": sum(places.get((lot.id, Account.CONSUMED), 0) for lot in lots),
            "lots": [{"lot": lot.id, "available": lot.available, "last_day": lot.last.isoformat()} for lot in lots],
        }
        return sequence, value


def _account(myself: dict[str, Any]) -> str:
    return str(myself.get("accountId") or myself.get("name") or myself.get("key"))
