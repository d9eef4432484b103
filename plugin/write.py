"""Carrying out what was decided: fields, replies, transition, balance board. Each is written only where it differs."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

import structlog

from plugin.balances import balance_of, organizations_of
from plugin.contract.model import Organization, SupportAgreement
from plugin.field_writer import FieldWriter
from plugin.figures import Figures
from plugin.intents import Unsent
from plugin.jira.board import board_of
from plugin.jira.client import JiraClient
from plugin.jira.errors import JiraGone, JiraHitch, JiraRefused
from plugin.jira.fields import FieldMap
from plugin.jira.plan import PARTICIPANTS, SetFields, goes_back, plan
from plugin.jira.read import Shown
from plugin.jira.reply import send
from plugin.look import Outside, Seen, Settled
from plugin.mappings.load import Mappings
from plugin.rewrites import Rewrites
from plugin.store import ledger, replies
from plugin.store.engine import Store
from plugin.troubles import NotKept, Troubles

log = structlog.get_logger()

_NO_BOARD: Final = {
    "cloud": "If the organization was deleted in Jira, correct organization_ids in agreements/{customer}.yaml.",
    "datacenter": "If this Jira has no organization properties, write kind: none at balance_board in credits.yaml.",
}


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
        figures: Figures | None = None,
    ) -> None:
        self._store, self._jira, self._mappings, self._clock, self._hold = store, jira, mappings, clock, hold
        self._figures = figures or Figures()
        self._fields = FieldWriter(jira, clock, hold, rewrites)

    def carry_out(self, seen: Seen, settled: Settled, fields: FieldMap, afresh: bool) -> None:
        """Make the request show what was decided. `afresh`: an earlier look broke off, perhaps before the board.

        What goes wrong with one thing keeps no other undone.

        Raises:
            JiraRefused, JiraHitch, NotKept: after everything else was done, as `Troubles.tell` has it.
        """
        request, troubles, back = seen.request, Troubles(), False
        with troubles.apart():
            self._back_into_the_queue(seen, settled)
            back = True

        def planned(fields: FieldMap) -> SetFields | None:
            waited = settled.standing.waited
            edit = plan(settled.decision, settled.held, waited, seen.shown, fields, settled.since)
            return edit if back or edit is None else _not_back(edit, seen.shown)

        shared = False
        with troubles.apart():
            self._share(request.id, planned(fields))
            shared = True
        if not shared:
            fields = {word: field for word, field in fields.items() if word != PARTICIPANTS}
        written = self._fields.write(request.id, request.key, planned, fields, troubles)
        with troubles.apart():
            for unsent in settled.unsent:
                asks = unsent.intent.public and settled.decision.eligibility.value.waits
                self._reply(request.id, request.key, unsent, seen.shown.status if asks else None, troubles)
        customers = set(settled.customers if afresh else settled.moved)
        if (written or troubles) and isinstance(seen.agreement, SupportAgreement):
            customers.add(seen.agreement.customer)
        with troubles.apart():
            self.show_balances(customers, request.organizations, settled.moved)
        troubles.tell()

    def _share(self, request_id: str, edit: SetFields | None) -> None:
        """Share the request with the customer's representative, before the edit that records it.

        It may happen twice, when something breaks in between: whoever takes part already does so still.
        """
        if edit is None or edit.participant is None:
            return
        self._hold()
        try:
            self._jira.add_participant(request_id, edit.participant.account)
        except JiraRefused as refusal:
            who = f"{edit.participant} ({edit.participant.source})"
            raise JiraRefused(f"The request could not be shared with {who}: {refusal}") from None

    def withdraw(self, outside: Outside, fields: FieldMap, customers: Iterable[str]) -> None:
        """Let a request that is not served any more show that it costs nothing, as far as it lets us, and its former
        customers' boards what they have back."""
        own, troubles = outside.shown.property or {}, Troubles()
        charged = [word for word in ("credits_charged", "sessions_charged") if outside.shown.values.get(word)]

        def planned(fields: FieldMap) -> SetFields:
            words = tuple(word for word in charged if word in fields)
            return SetFields(words, {fields[word].id: 0 for word in words}, {**own, "charged": {}})

        with troubles.apart():
            self.show_balances(customers)
        if own.get("charged") or charged:
            refused = Troubles()
            self._fields.write(outside.request_id, outside.key, planned, fields, refused)
            try:
                refused.tell()
            except (JiraRefused, NotKept) as trouble:
                # Where it is now, our fields may not be on the screen, or nothing be ours to edit.
                log.warning("charge still shown", request=outside.key, trouble=str(trouble))
            except JiraHitch as hitch:
                troubles.add(hitch)
        troubles.tell()

    def _reply(self, request_id: str, key: str, unsent: Unsent, status: str | None, troubles: Troubles) -> None:
        """Send a reply that is not on the request yet, then ask for the status that waits for the customer.

        `status` is the one the request is in; None where the customer is asked for nothing and the status is to stay.

        Raises:
            JiraHitch: when it could not be sent; another could not be sent either.
        """
        intent, comment = unsent.intent, unsent.comment
        if comment is None:
            self._hold()
            try:
                comment = send(self._jira, request_id, intent.body, intent.id, intent.public, intent.causes)
            except JiraRefused as refusal:
                troubles.add(refusal)
                return
            self._figures.replied(intent.public)
            log.info("replied", request=key, comment=comment, public=intent.public)
        with troubles.apart():
            if status is not None and not (unsent.comment and self._answered(request_id, unsent.comment)):
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
        """Leave the status that waits for the customer, once nothing is asked of them any more (`goes_back`).

        It comes before our property changes: after a crash it is done, and after a refusal it is not tried for ever.
        """
        declared = self._mappings.declared
        if declared.waiting_back and goes_back(settled.decision, seen.shown, declared):
            self._transition(seen.request.id, seen.request.key, seen.shown.status, declared.waiting_back)

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

        Raises:
            JiraRefused, JiraHitch: after the others were shown, as `Troubles.tell` has it.
        """
        wanted, troubles = set(customers), Troubles()
        for agreement in self._mappings.agreements:
            if agreement.customer in wanted:
                # On the organizations that the agreement names by id, and on those of a request that it names by name;
                # never on another that the request is shared with too.
                for organization in organizations_of(agreement, organizations):
                    with troubles.apart():
                        self.show_balance_on(organization, agreement, agreement.customer in moved)
        troubles.tell()

    def show_balance_on(self, organization: str, agreement: SupportAgreement, moved: bool = False) -> None:
        """Show the customer's balance on the organization with this id, where Jira can show one.

        When it moved meanwhile, it is shown again: Jira has no conditional write.
        """
        board, shown_at = board_of(self._mappings.board, self._jira), -1
        while board and shown_at != self._sequence(agreement):
            shown_at, value = self._balance(agreement)
            try:
                if moved or board.shown(organization) != value:
                    self._hold()
                    board.show(organization, value)
            except JiraGone as gone:
                # The ledger is the truth without it.
                told = f"{gone} {_NO_BOARD[self._jira.flavour].format(customer=agreement.customer)}"
                log.warning("balance not shown", organization=organization, customer=agreement.customer, trouble=told)
                break

    def _sequence(self, agreement: SupportAgreement) -> int:
        with self._store.reading() as tx:
            return ledger.sequence(tx, agreement.customer)

    def _balance(self, agreement: SupportAgreement) -> tuple[int, dict[str, Any]]:
        today = self._mappings.policy.day(self._clock())
        with self._store.reading() as tx:
            return ledger.sequence(tx, agreement.customer), balance_of(tx, agreement, self._mappings.policy, today)


def _not_back(edit: SetFields, shown: Shown) -> SetFields | None:
    """The edit of a request that could not be taken back into the queue: that it waits is still said by our property,
    which is what it is taken back for at the next look."""
    own = {**edit.property, "eligibility": (shown.property or {}).get("eligibility")}
    return replace(edit, property=own) if edit.words else None
