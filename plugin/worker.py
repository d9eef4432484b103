"""The one road: claim a door, look at the request in Jira, decide, book, write the difference, close the door."""

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import structlog

from plugin.jira.client import JiraClient
from plugin.jira.errors import JiraBusy, JiraGone, JiraRefused, JiraTrouble, JiraUnavailable
from plugin.jira.fields import FieldsMissing
from plugin.jira.read import LeftAlone
from plugin.look import field_map, give_back, see, settle
from plugin.mappings.load import Mappings
from plugin.store import decisions, doors, inbox
from plugin.store.doors import Door
from plugin.store.engine import Store
from plugin.write import Writer

log = structlog.get_logger()

FIRST_WAIT = timedelta(seconds=2)
LONGEST_WAIT = timedelta(minutes=5)
NEVER = 1_000_000
"""Attempts after which a request is parked when it is Jira that fails: an outage must not park the whole queue."""


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Pause:
    """When Jira asked everybody to slow down, or is gone: no worker of this process knocks there before `until`."""

    until: datetime = datetime(1, 1, 1, tzinfo=UTC)
    failures: int = 0
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def after(self, trouble: JiraTrouble, now: datetime) -> None:
        """Wait as long as Jira says, else longer with every failure in a row."""
        with self._guard:
            self.failures += 1
            self.until = max(self.until, trouble.retry_at or now + wait_after(self.failures))

    def over(self) -> None:
        """Jira has answered."""
        with self._guard:
            self.failures = 0


def wait_after(attempts: int) -> timedelta:
    """How long to wait after so many failures in a row: doubled each time, with jitter (0.7 to 1.3)."""
    doubled = min(FIRST_WAIT * (1 << min(attempts - 1, 20)), LONGEST_WAIT)
    return doubled * random.uniform(0.7, 1.3)


class LeaseLost(Exception):
    """The look took longer than its lease, and the door is another worker's now."""


class Worker:
    """Works doors, one at a time. One Jira client per worker; the pause is shared by the workers of a process."""

    def __init__(
        self,
        name: str,
        store: Store,
        jira: JiraClient,
        mappings: Callable[[], Mappings],
        pause: Pause,
        lease: timedelta = timedelta(seconds=60),
        max_attempts: int = 8,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        self._name, self._store, self._jira, self._mappings, self._pause = name, store, jira, mappings, pause
        self._lease, self._max_attempts, self._clock = lease, max_attempts, clock

    def step(self) -> bool:
        """Work the door that has been due longest; False when there is none, or while Jira wants a pause."""
        now = self._clock()
        if now < self._pause.until:
            return False
        with self._store.writing() as tx:
            door = doors.claim(tx, self._name, now, self._lease)
        if door is None:
            return False
        try:
            self._look(door)
            self._pause.over()
            with self._store.writing() as tx:
                doors.close(tx, door)
        except (JiraBusy, JiraUnavailable) as trouble:
            self._pause.after(trouble, self._clock())
            self._put_off(door, str(trouble), trouble.retry_at, parks=False)
        except FieldsMissing as trouble:
            self._put_off(door, str(trouble), parks=False)
        except JiraRefused as trouble:
            self._put_off(door, str(trouble))
        except LeaseLost:
            log.warning("lease lost", request=door.request_key or door.request_id, worker=self._name)
        except Exception as bug:
            log.exception("look failed", request=door.request_key or door.request_id)
            self._put_off(door, f"{type(bug).__name__}: {bug}")
        return True

    def run(self, stop: threading.Event, idle: float = 0.2) -> None:
        """Work until told to stop; look for due doors every `idle` seconds while there are none."""
        while not stop.is_set():
            try:
                worked = self.step()
            except Exception:
                log.exception("worker cannot work", worker=self._name)
                worked, idle = False, max(idle, 1.0)
            if not worked:
                stop.wait(idle)

    def _put_off(self, door: Door, trouble: str, due: datetime | None = None, parks: bool = True) -> None:
        due = due or self._clock() + wait_after(door.attempts + 1)
        most = self._max_attempts if parks else NEVER
        log.warning("look put off", request=door.request_key or door.request_id, due=due.isoformat(), trouble=trouble)
        with self._store.writing() as tx:
            doors.later(tx, door, due, trouble, most)

    def _look(self, door: Door) -> None:
        mappings, now = self._mappings(), self._clock()
        fields = field_map(self._jira, mappings)
        with self._store.reading() as tx:
            standing = decisions.standing(tx, door.request_id)
        try:
            seen = see(self._jira, mappings, fields, door.request_id, standing)
        except JiraGone:
            self._gone(door, mappings, now)
            return
        if isinstance(seen, LeftAlone):
            log.info("left alone", request=door.request_key or door.request_id, why=seen.why)
            return
        with self._store.writing() as tx:
            settled = settle(tx, seen, mappings, now)
        writer = Writer(self._store, self._jira, mappings, self._clock, lambda: self._hold(door))
        writer.carry_out(seen, settled, fields, afresh=door.attempts > 0)

    def _gone(self, door: Door, mappings: Mappings, now: datetime) -> None:
        """Give back a deleted request's credits; not found alone is no proof of deletion, we may lack a permission.

        Raises:
            JiraGone: when Jira never said that the request was deleted.
        """
        with self._store.writing() as tx:
            if not inbox.reported_deleted(tx, door.request_id):
                raise JiraGone(
                    f"Jira has no request {door.request_key or door.request_id} for us: it was moved, or is hidden "
                    "from our account; nothing was given back, because nobody said that it was deleted."
                )
            customers = give_back(tx, door.request_id, door.request_key, mappings, now)
        writer = Writer(self._store, self._jira, mappings, self._clock, lambda: self._hold(door))
        for agreement in mappings.agreements:
            if agreement.customer in customers:
                writer.show_balance(agreement, agreement.organization_ids)

    def _hold(self, door: Door) -> None:
        """Lengthen the lease before something is written to Jira.

        Raises:
            LeaseLost: when another worker has taken over; nothing more may be written by this one.
        """
        with self._store.writing() as tx:
            if not doors.hold(tx, door, self._clock() + self._lease):
                raise LeaseLost
