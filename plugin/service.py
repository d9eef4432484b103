"""The workers of one process: threads that work doors, and one that reconciles now and then."""

import os
import socket
import threading
import time
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta

import structlog

from plugin.contract.ending import Ending
from plugin.figures import Figures
from plugin.jira.client import JiraClient
from plugin.jira.errors import JiraBusy, JiraTrouble, JiraUnavailable
from plugin.jira.fields import FieldsMissing
from plugin.jira.gateway import ClientCredentials
from plugin.jira.pace import Pace
from plugin.jira.pulse import Pulse
from plugin.jira.transport import TIMEOUT
from plugin.links import links_of
from plugin.mappings.load import Mappings
from plugin.memory import Forgotten, look_back
from plugin.pause import Pause
from plugin.reconcile import (
    LATELY,
    ending_agreements,
    knock_at_open_requests,
    misshown_balances,
    show_balances,
)
from plugin.settings import Settings, SettingsError
from plugin.store import Store, StoreError, attempts, inbox, memory, retention
from plugin.worker import LONGEST_ANSWER, Common, Worker

log = structlog.get_logger()

KEPT = timedelta(days=14)
"""How long worked deliveries are kept: longer than anybody repeats one, and long enough to look into a complaint."""

STOPPING_SECONDS = 35
"""How long a worker may take to finish what it has in hand: a little over Jira's time-out."""


FILES_SECONDS = 2.0
"""How soon changed mapping files are noticed: then every open request is looked at again, and does not wait for the
next reconciliation. The contact that was added, the agreement that was renewed answer whoever was told to wait."""

TOLD_EVERY = timedelta(minutes=1)
"""How often the log says that nothing is worked, and why."""

NAMED = 20
"""Open requests of an agreement that ends which a line in the log names; the others are counted."""

OVERLAP = timedelta(hours=1)
"""How much further back than its last good one a reconciliation looks: Jira's search lags behind, and clocks differ."""


class Crew:
    """The running workers. `stop()` lets each finish its look; a door not finished comes back with its lease."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        mappings: Callable[[], Mappings],
        figures: Figures | None = None,
    ) -> None:
        self._settings, self._store, self._mappings = settings, store, mappings
        self._figures = figures or Figures()
        self._stop, self._looked_back, self._pause = threading.Event(), threading.Event(), Pause()
        self._threads: list[threading.Thread] = []

    @property
    def pause(self) -> Pause:
        """How the workers find Jira."""
        return self._pause

    def start(self) -> None:
        """Start the threads; raises `SettingsError` when it is not said where Jira is."""
        common = Common(self._pause, figures=self._figures, links=links_of(self._settings))
        place = f"{socket.gethostname()}:{os.getpid()}"
        lease = timedelta(seconds=self._settings.lease_seconds)
        longest = int(LONGEST_ANSWER.total_seconds())
        if lease <= LONGEST_ANSWER:
            log.warning(
                f"LEASE_SECONDS is short: above {longest} no two workers write the same comment, however slow Jira is",
                lease_seconds=self._settings.lease_seconds,
            )
        pace, pulse = Pace(self._settings.jira_requests_per_second), Pulse()
        for number in range(1, self._settings.workers + 1):
            name, jira = f"{place}:{number}", jira_client(self._settings, pace, pulse, self._figures)
            worker = Worker(name, self._store, jira, self._mappings, common, lease, self._settings.max_attempts)
            self._threads.append(threading.Thread(target=self._work, args=(worker,), name=f"worker-{number}"))
        jira = jira_client(self._settings, pace, pulse, self._figures)
        reconciler = threading.Thread(target=self._reconcile, args=(jira,), name="reconciler")
        self._threads.append(reconciler)
        for thread in self._threads:
            thread.daemon = True
            thread.start()

    def stop(self) -> None:
        """Ask all of them to stop, and wait for what they have in hand."""
        self._stop.set()
        self._looked_back.set()
        for thread in self._threads:
            thread.join(STOPPING_SECONDS)

    def wait(self) -> None:
        """Return once the crew was told to stop."""
        self._stop.wait()

    def _work(self, worker: Worker) -> None:
        """Nothing is worked before it is known whether this database is the one that Jira knows."""
        self._looked_back.wait()
        worker.run(self._stop)

    def _reconcile(self, jira: JiraClient) -> None:
        heard, revision = datetime.now(UTC) - LATELY, self._mappings().policy.revision
        told: date | None = None
        while not self._stop.is_set():
            rest = timedelta(seconds=self._settings.reconcile_seconds)
            begun = datetime.now(UTC)
            try:
                if begun < self._pause.until:
                    rest = self._pause.until - begun
                elif self._forgot(jira, begun):
                    rest = TOLD_EVERY
                else:
                    lately, mappings = begun - heard + OVERLAP, self._mappings()
                    revision = mappings.policy.revision
                    found = knock_at_open_requests(jira, self._store, mappings, begun, lately)
                    with self._store.writing() as tx:
                        forgotten = inbox.forget(tx, begun - KEPT)
                        attempts.forget(tx, begun - KEPT)
                    log.info(
                        "reconciled",
                        requests=found.requests,
                        knocked=found.knocked,
                        revision=revision,
                        forgotten_deliveries=forgotten,
                    )
                    heard = begun
                    self._figures.reconciled(begun)
                    if told != (today := mappings.policy.day(begun)):
                        _tell_ending(ending_agreements(self._store, mappings, found.still_open, begun))
                        self._mend_balances(jira, mappings, begun)
                        self._forget_history(begun)
                        told = today
            except (JiraBusy, JiraUnavailable, FieldsMissing) as trouble:
                log.warning("not reconciled", trouble=str(trouble))
                self._pause.after(trouble, datetime.now(UTC))
                rest = timedelta()
            except Forgotten as found:
                with self._store.writing() as tx:
                    memory.found_gap(tx, str(found))
                rest = timedelta()
            except (JiraTrouble, StoreError) as trouble:
                log.warning("not reconciled", trouble=str(trouble))
            except Exception:
                log.exception("not reconciled")
            self._rest(rest.total_seconds(), revision)

    def _forgot(self, jira: JiraClient, now: datetime) -> bool:
        """Does Jira show what this database should know and does not? Then that is said, until somebody acts."""
        if not self._looked_back.is_set():
            try:
                look_back(jira, self._store, self._mappings(), now)
            except (JiraBusy, JiraUnavailable):
                raise
            except JiraTrouble as trouble:
                # Every look looks back as well.
                log.warning("not looked back", trouble=str(trouble))
            self._looked_back.set()
        with self._store.reading() as tx:
            gap = memory.gap(tx)
        if gap:
            log.error("nothing is worked", why=gap)
        return gap is not None

    def _mend_balances(self, jira: JiraClient, mappings: Mappings, now: datetime) -> None:
        """Once a day: whatever Jira shows otherwise than the ledger has it was changed by somebody else."""
        found = misshown_balances(jira, self._store, mappings, now)
        for each in found:
            shown = each.shown.get("available") if isinstance(each.shown, dict) else each.shown
            if shown == each.wanted["available"]:
                continue  # something beside the balance: an earlier release showed less
            log.warning(
                "balance shown wrongly",
                customer=each.customer,
                organization=each.organization,
                shown=shown,
                right=each.wanted["available"],
            )
        show_balances(jira, self._store, mappings, found, lambda: datetime.now(UTC))

    def _forget_history(self, now: datetime) -> None:
        """Once a day: what was decided on requests that are done, and said to people there, is not kept for ever."""
        if not self._settings.history_days:
            return
        before, forgotten, some = now - timedelta(days=self._settings.history_days), 0, retention.AT_ONCE
        while some == retention.AT_ONCE and not self._stop.is_set():
            with self._store.writing() as tx:
                some = retention.forget(tx, before)
            forgotten += some
        if forgotten:
            log.info("history forgotten", requests=forgotten, before=before.date().isoformat())

    def _rest(self, seconds: float, revision: str) -> None:
        """Rest so long, or until the mapping files are others than those of this revision."""
        over = time.monotonic() + seconds
        while (left := over - time.monotonic()) > 0 and not self._stop.wait(min(left, FILES_SECONDS)):
            if self._mappings().policy.revision != revision:
                return


def _tell_ending(found: Iterable[Ending]) -> None:
    for each in found:
        tell, what = (log.warning, "agreement has ended") if each.ended else (log.info, "agreement ends soon")
        tell(
            f"{what}, and requests are open",
            customer=each.agreement.customer,
            last_day=str(each.last),
            requests=len(each.requests),
            keys=", ".join(each.requests[:NAMED]),
        )


def _now() -> datetime:
    return datetime.now(UTC)


def jira_client(
    settings: Settings,
    pace: Pace | None = None,
    pulse: Pulse | None = None,
    figures: Figures | None = None,
    timeout: tuple[float, float] = TIMEOUT,
) -> JiraClient:
    """A client for the Jira that the settings name; raises `SettingsError` when they do not.

    Clients of one process share a `pace`, a `pulse` and `figures`; one that is given none has its own. `timeout` is the
    seconds to connect, and to wait for an answer.
    """
    access = settings.require_jira()
    own = pace or Pace(settings.jira_requests_per_second)
    token, credentials = access.token.get_secret_value(), None
    if access.client:
        credentials = ClientCredentials(access.auth_url, access.client, token, _now, timeout)
    try:
        return JiraClient(
            access.url,
            access.email,
            token,
            access.flavour,
            timeout=timeout,
            pace=own,
            pulse=pulse,
            figures=figures,
            credentials=credentials,
            gateway=access.gateway,
        )
    except ValueError as wrong:
        raise SettingsError(str(wrong)) from None
