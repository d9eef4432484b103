"""What Prometheus reads: what this process did, counted here; how the doors stand, asked of the store each time."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from plugin.contract.decision import Decision, Eligibility, Reason
from plugin.figures import Figures, Look
from plugin.jira.errors import JiraBusy, JiraGone, JiraHitch, JiraLockedOut, JiraRefused, JiraUnavailable
from plugin.store import Store, StoreUnavailable, memory
from plugin.store.census import census

OUTCOMES: Final = (
    "kept", "known", "ignored", "stranger", "strangers", "malformed", "too_large", "no_room", "unavailable",
)  # fmt: skip
LOOKS: Final[tuple[Look, ...]] = ("done", "put_off", "lost")
TROUBLES: Final = (JiraLockedOut, JiraBusy, JiraUnavailable, JiraHitch, JiraRefused, JiraGone)
ANSWERS: Final = ("ok", *(trouble.kind for trouble in TROUBLES))
READERS: Final = {True: "customer", False: "agents"}

LOOK_SECONDS: Final = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
"""A look is one to a dozen calls of Jira, each up to half a minute."""

SAME: Final = "; the same at every process, so take the max() and not the sum()"


class Metrics(Figures):
    """One process's figures, in a registry of their own; what it did it counts itself, from nought at each start."""

    def __init__(self, store: Store) -> None:
        """Start every label at zero, so that a rate can be taken from the first one on."""
        self.registry = CollectorRegistry(auto_describe=False)
        ProcessCollector(registry=self.registry)
        self.deliveries = self._counter("deliveries", "Webhooks received, by outcome", "outcome", OUTCOMES)
        self._calls = self._counter("jira_calls", "Calls to Jira, by how they ended", "outcome", ANSWERS)
        self._decisions = self._counter(
            "decisions",
            "Decisions that were new to their request",
            "eligibility",
            map(_word, Eligibility),
        )
        self._reasons = self._counter("reasons", "Reasons given by new decisions", "reason", Reason)
        self._replies = self._counter("replies", "Comments written, by reader", "reader", READERS.values())
        self._swept = Counter(
            "support_contract_swept", "Doors closed, many at once, since a look would change nothing",
            registry=self.registry,
        )  # fmt: skip
        self._looks = Histogram(
            "support_contract_look_seconds", "Looks at one request, by how they ended", ["outcome"],
            buckets=LOOK_SECONDS, registry=self.registry,
        )  # fmt: skip
        for outcome in LOOKS:
            self._looks.labels(outcome)
        self._reconciled = Gauge(
            "support_contract_last_reconciliation_timestamp_seconds",
            "When this process last began a reconciliation that went through; 0 before the first",
            registry=self.registry,
        )
        self.registry.register(_Kept(store))

    def _counter(self, name: str, help: str, label: str, values: Iterable[str]) -> Counter:
        counter = Counter(f"support_contract_{name}", help, [label], registry=self.registry)
        for value in values:
            counter.labels(value)
        return counter

    def text(self) -> bytes:
        """Return all figures in Prometheus's text format."""
        return generate_latest(self.registry)

    def called(self, outcome: str) -> None:
        """Count a call."""
        self._calls.labels(outcome).inc()

    def looked(self, outcome: Look, seconds: float) -> None:
        """Count a look, and how long it took."""
        self._looks.labels(outcome).observe(seconds)

    def swept(self, closed: int) -> None:
        """Count closed doors."""
        self._swept.inc(closed)

    def decided(self, decision: Decision) -> None:
        """Count a decision, and each of its reasons once."""
        self._decisions.labels(_word(decision.eligibility.value)).inc()
        for reason in {finding.reason for finding in decision.reasons if finding.reason is not None}:
            self._reasons.labels(reason).inc()

    def replied(self, public: bool) -> None:
        """Count a comment."""
        self._replies.labels(READERS[public]).inc()

    def reconciled(self, at: datetime) -> None:
        """Keep the moment."""
        self._reconciled.set(at.timestamp())


class _Kept(Collector):
    """What the database knows."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Count the doors now; without a database only that it does not answer is said."""
        up = GaugeMetricFamily("support_contract_store_up", "Whether the database answers this process")
        now = datetime.now(UTC)
        try:
            with self._store.reading() as tx:
                counted, gap = census(tx, now), memory.gap(tx)
        except StoreUnavailable:
            up.add_metric([], 0)
            yield up
            return
        up.add_metric([], 1)
        yield up
        yield GaugeMetricFamily(
            "support_contract_gap", f"Nothing is worked: Jira knows more than the database{SAME}", bool(gap)
        )
        doors = GaugeMetricFamily("support_contract_doors", f"Requests to look at, by state{SAME}", labels=["state"])
        for state in ("due", "later", "leased", "parked"):
            doors.add_metric([state], getattr(counted, state))
        yield doors
        age = (now - counted.oldest_due).total_seconds() if counted.oldest_due else 0.0
        yield GaugeMetricFamily(
            "support_contract_oldest_due_seconds", f"How long the door that is due longest waits{SAME}", age
        )


def _word(eligibility: Eligibility) -> str:
    return eligibility.value.replace(" ", "_")
