"""The one road: claim a door, look at the request in Jira, decide, book, write the difference, close the door."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy import Connection
from structlog.contextvars import bind_contextvars, bound_contextvars

from plugin.contract.books import matter_of
from plugin.figures import Figures, Look
from plugin.intents import look_for
from plugin.jira.client import JiraClient
from plugin.jira.errors import JiraBusy, JiraGone, JiraHitch, JiraRefused, JiraTrouble, JiraUnavailable
from plugin.jira.fields import FieldMap, FieldsMissing
from plugin.jira.transport import TIMEOUT
from plugin.links import Links
from plugin.look import Outside, give_back, see, settle
from plugin.mappings.load import Mappings
from plugin.memory import Forgotten, forgotten_request, is_forgotten
from plugin.pause import Pause, wait_after
from plugin.redact import redacted
from plugin.rewrites import Rewrites
from plugin.site_fields import known_fields
from plugin.store import attempts, backfills, decisions, doors, inbox, ledger, memory, replies, responses
from plugin.store.doors import Door
from plugin.store.engine import Store
from plugin.store.errors import StoreUnavailable
from plugin.sweep import LEAST, Turn, sweep
from plugin.troubles import NotKept
from plugin.write import Writer

log = structlog.get_logger()

LONGEST_ANSWER = timedelta(seconds=sum(TIMEOUT))
"""A lease has to outlast it: else another worker writes the same comment while the first one is on its way."""


def _now() -> datetime:
    return datetime.now(UTC)


class GaveUp(Exception):
    """A request that its workers did not come back from, again and again."""


class LeaseLost(Exception):
    """The look took longer than its lease, and the door is another worker's now."""


@dataclass(frozen=True, slots=True)
class Common:
    """What the workers of one process share."""

    pause: Pause = field(default_factory=Pause)
    rewrites: Rewrites = field(default_factory=Rewrites)
    turn: Turn = field(default_factory=Turn)
    figures: Figures = field(default_factory=Figures)
    links: Links | None = None
    """How notes get links to receipts; None where they get none."""


class Worker:
    """Works doors, one at a time, with a Jira client of its own."""

    def __init__(
        self,
        name: str,
        store: Store,
        jira: JiraClient,
        mappings: Callable[[], Mappings],
        common: Common,
        lease: timedelta = timedelta(seconds=60),
        max_attempts: int = 8,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        self._name, self._store, self._jira, self._mappings = name, store, jira, mappings
        self._pause, self._rewrites = common.pause, common.rewrites
        self._turn, self._figures, self._links = common.turn, common.figures, common.links
        self._lease, self._max_attempts, self._clock = lease, max_attempts, clock
        self._held_until = clock()

    def step(self) -> bool:
        """Work the door that has been due longest, or many at once; False when there is none to be worked now.

        None is while Jira wants a pause, and while it shows what the database should know and does not.
        """
        now = self._clock()
        if now < self._pause.until:
            return False
        if self._swept(now):
            return True
        with self._store.writing() as tx:
            door = None if memory.gap(tx) else doors.claim(tx, self._name, now, self._lease)
        if door is None:
            return False
        self._held_until = now + self._lease
        begun = time.monotonic()
        # Whatever is logged meanwhile is about this request. That Jira calls it by a key may not be known yet.
        with bound_contextvars(request=door.request_key or door.request_id, request_id=door.request_id):
            outcome = self._worked(door)
        self._figures.looked(outcome, time.monotonic() - begun)
        return True

    def look_at(self, request_id: str, key: str) -> bool:
        """Look at this one request now, for whoever goes through many; False while another worker is inside.

        What goes wrong is the caller's to tell, and its door is left as it was: nobody is to be called for each of
        many that have the same trouble.

        Raises:
            JiraTrouble, FieldsMissing, NotKept, StoreUnavailable: as looking and writing do.
            Forgotten: when Jira shows what the database should know and does not.
            LeaseLost: when another worker has taken over meanwhile.
        """
        now = self._clock()
        with self._store.writing() as tx:
            if found := memory.gap(tx):
                raise Forgotten(found)
            door = doors.enter(tx, request_id, key, self._name, now, self._lease)
        if door is None:
            return False
        self._held_until = now + self._lease
        try:
            with bound_contextvars(request=key, request_id=request_id):
                again = self._look(door)
        except BaseException:
            with self._store.writing() as tx:
                doors.leave(tx, door)
            raise
        with self._store.writing() as tx:
            doors.done(tx, door, again)
        return True

    def _worked(self, door: Door) -> Look:
        """Look at the request and close its door, or leave it for another try."""
        try:
            if door.attempts >= self._max_attempts:
                raise GaveUp(f"tried {door.attempts} times, at last: {door.trouble}")
            again = self._look(door)
            self._pause.over()
            with self._store.writing() as tx:
                doors.done(tx, door, again)
            return "done"
        except (JiraBusy, JiraUnavailable, FieldsMissing) as trouble:
            self._put_off(door, str(trouble), None, self._pause.after(trouble, self._clock(), door.request_id))
        except StoreUnavailable as trouble:
            self._put_off(door, str(trouble), None)
        except (JiraRefused, JiraHitch) as trouble:
            self._put_off(door, str(trouble), self._max_attempts, trouble.retry_at)
        except NotKept as trouble:
            self._put_off(door, str(trouble), 1)
        except Forgotten as trouble:
            with self._store.writing() as tx:
                memory.found_gap(tx, str(trouble))
            log.error("nothing is worked", why=str(trouble))
            self._put_off(door, str(trouble), None)
        except LeaseLost:
            log.warning("lease lost", worker=self._name)
            return "lost"
        except Exception as bug:
            log.exception("look failed")
            self._put_off(door, f"{type(bug).__name__}: {bug}", self._max_attempts)
        return "put_off"

    def _swept(self, now: datetime) -> bool:
        """Where Jira reads many requests with one call: close the doors of those with which all is well."""
        if self._jira.flavour != "cloud" or not self._turn.taken(now):
            return False
        try:
            closed = sweep(self._jira, self._store, self._mappings(), self._name, now, self._lease)
        except (JiraBusy, JiraUnavailable, FieldsMissing) as trouble:
            self._pause.after(trouble, self._clock())
            return True
        except (JiraTrouble, StoreUnavailable) as trouble:
            log.warning("not swept", trouble=redacted(str(trouble)))
            return False
        self._figures.swept(closed)
        if closed >= LEAST:
            self._turn.again()
        return closed > 0

    def run(self, stop: threading.Event, idle: float = 0.2) -> None:
        """Work until told to stop; look for due doors every `idle` seconds while there are none."""
        while not stop.is_set():
            try:
                rest = 0.0 if self.step() else idle
            except Exception:
                log.exception("worker cannot work", worker=self._name)
                rest = max(idle, 1.0)
            if rest:
                stop.wait(rest)

    def _put_off(self, door: Door, trouble: str, most: int | None, due: datetime | None = None) -> None:
        """Leave the door for another try; after `most` in a row it waits for a person, None counts none."""
        now = self._clock()
        due, trouble = due or now + wait_after(door.attempts + 1), redacted(trouble)
        log.warning("look put off", due=due.isoformat(), trouble=trouble)
        with self._store.writing() as tx:
            if doors.later(tx, door, due, trouble, most):
                attempts.note(tx, door.request_id, now, self._name, trouble)

    def _look(self, door: Door) -> datetime | None:
        """Look at the request; returns when to look again by itself, None for never."""
        mappings, now = self._mappings(), self._clock()
        fields, missing = known_fields(self._jira, mappings)
        self._pause.lacks(missing)
        with self._store.reading() as tx:
            standing, unsent = decisions.standing(tx, door.request_id), replies.unsent(tx, door.request_id)
            backfill, ours = backfills.terms_for(tx, door.request_id), replies.comment_ids(tx, door.request_id)
        try:
            seen = see(self._jira, mappings, fields, door.request_id, standing, now, backfill, ours)
        except JiraGone:
            self._gone(door, mappings, now)
            return None
        writer = self._writer(door, mappings)
        bind_contextvars(request=seen.key if isinstance(seen, Outside) else seen.request.key)
        if isinstance(seen, Outside):
            self._outside(door, seen, writer, mappings, fields, now)
            return None
        sought = look_for(self._jira, seen.request.id, unsent)
        with self._store.writing() as tx:
            self._still_ours(tx, door)
            if is_forgotten(tx, door.request_id, seen.shown.property, now):
                raise Forgotten(forgotten_request(seen.request.key))
            settled = settle(tx, seen, mappings, now, sought, self._links)
        if settled.is_new:
            self._figures.decided(settled.decision)
        # Its trouble outlives a parking and a knock, its attempts do not.
        writer.carry_out(seen, settled, fields, afresh=door.trouble is not None)
        return settled.decision.next_look

    def _outside(
        self, door: Door, seen: Outside, writer: Writer, mappings: Mappings, fields: FieldMap, now: datetime
    ) -> None:
        """Leave it alone; what it still holds from when it was served (it was moved, say) is given back."""
        log.info("left alone", request=seen.key, why=seen.why)
        with self._store.reading() as tx:
            if not ledger.holders(tx, matter_of(door.request_id)) and not responses.is_counted(tx, door.request_id):
                return
        with self._store.writing() as tx:
            self._still_ours(tx, door)
            why = f"{seen.key} is not served any more: {seen.why}"
            customers = give_back(tx, door.request_id, seen.key, mappings, now, why)
        writer.withdraw(seen, fields, customers)

    def _gone(self, door: Door, mappings: Mappings, now: datetime) -> None:
        """Give back a deleted request's credits; not found alone is no proof of deletion, we may lack a permission.

        Raises:
            JiraGone: when Jira never said that the request was deleted.
        """
        name = door.request_key or door.request_id
        with self._store.writing() as tx:
            self._still_ours(tx, door)
            if not inbox.reported_deleted(tx, door.request_id):
                raise JiraGone(
                    f"Jira has no request {name} for us, and never said that it was deleted, so nothing was given "
                    "back. If it is hidden from our account (a permission, an issue security level, an archive), let "
                    "the account browse it, or leave this; if it was deleted, the credits have to be corrected by hand."
                )
            customers = give_back(tx, door.request_id, door.request_key, mappings, now, f"{name} was deleted")
        self._writer(door, mappings).show_balances(customers)

    def _writer(self, door: Door, mappings: Mappings) -> Writer:
        return Writer(
            self._store, self._jira, mappings, self._clock, lambda: self._hold(door), self._rewrites, self._figures
        )

    def _still_ours(self, tx: Connection, door: Door) -> None:
        """Lengthen the lease in the transaction that books: what was seen long ago must not undo what is newer.

        Raises:
            LeaseLost: when another worker has taken over; nothing may be booked by this one.
        """
        until = self._clock() + self._lease
        if not doors.hold(tx, door, until):
            raise LeaseLost
        self._held_until = until

    def _hold(self, door: Door) -> None:
        """Lengthen the lease before something is written to Jira, once half of it has gone by, and so that it outlasts
        Jira's answer.

        Raises:
            LeaseLost: when another worker has taken over; nothing more may be written by this one.
        """
        now = self._clock()
        if self._held_until - now > max(self._lease / 2, LONGEST_ANSWER):
            return
        with self._store.writing() as tx:
            self._still_ours(tx, door)
