"""What Prometheus reads: deliveries by outcome, counted here; doors, asked of the store at each scrape."""

from collections.abc import Iterator
from datetime import UTC, datetime

from prometheus_client import CollectorRegistry, Counter, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from plugin.store import Store, StoreUnavailable, memory
from plugin.store.census import census

OUTCOMES = (
    "kept", "known", "ignored", "stranger", "strangers", "malformed", "too_large", "no_room", "unavailable",
)  # fmt: skip


class Metrics:
    """One application's figures, in a registry of their own; each process counts what it received itself."""

    def __init__(self, store: Store) -> None:
        """Start every outcome at zero, so that a rate can be taken from the first one on."""
        self.registry = CollectorRegistry(auto_describe=False)
        self.deliveries = Counter(
            "support_contract_deliveries", "Webhooks received, by outcome", ["outcome"], registry=self.registry
        )
        for outcome in OUTCOMES:
            self.deliveries.labels(outcome)
        self.registry.register(_Doors(store))

    def text(self) -> bytes:
        """Return all figures in Prometheus's text format."""
        return generate_latest(self.registry)


class _Doors(Collector):
    def __init__(self, store: Store) -> None:
        self._store = store

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Count the doors now; without a database only that it does not answer is said."""
        up = GaugeMetricFamily("support_contract_store_up", "Whether the database answers")
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
            "support_contract_gap", "Nothing is worked: Jira knows more than the database", bool(gap)
        )
        doors = GaugeMetricFamily("support_contract_doors", "Requests to look at, by state", labels=["state"])
        for state in ("due", "later", "leased", "parked"):
            doors.add_metric([state], getattr(counted, state))
        yield doors
        age = (now - counted.oldest_due).total_seconds() if counted.oldest_due else 0.0
        yield GaugeMetricFamily("support_contract_oldest_due_seconds", "How long the first due door waits", age)
