"""How fast requests are worked: by database, by how long Jira takes to answer, by the number of workers."""

import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import requests

from plugin.jira.client import JiraClient
from plugin.mappings.load import Mappings
from plugin.store import Store, doors, open_store
from plugin.worker import Common, Worker
from tests.bench.load import process

ACCOUNT = "support-contract@vendor.example"
MIRA = ("mira.castellan@aurora-robotics.example", "token-mira.castellan")


@dataclass(frozen=True, slots=True)
class Worked:
    """Doors a second, and REST calls for each: at the first look, and at one that finds nothing to do."""

    first: float
    calls: float
    echo: float
    echo_calls: float
    echo_writes: float


class Jira:
    """A sandbox Jira in a process of its own."""

    def __init__(self, url: str, mappings: Mappings) -> None:
        self.url, self._mappings = url, mappings
        site = requests.get(f"{url}/sandbox/site", timeout=10).json()
        self.tokens = {person["email"]: person["token"] for person in site["people"]}
        self._fields = site["fields"]

    def client(self) -> JiraClient:
        return JiraClient(self.url, ACCOUNT, self.tokens[ACCOUNT], "cloud")

    def slow(self, seconds: float) -> None:
        """From now on every answer takes so long."""
        requests.delete(f"{self.url}/sandbox/faults", timeout=10)
        if seconds:
            fault = {"kind": "slow", "times": 10**9, "seconds": seconds}
            requests.post(f"{self.url}/sandbox/faults", json=fault, timeout=10).raise_for_status()

    def raised(self, count: int) -> list[str]:
        """Raise so many requests that are in order; their ids."""
        return [self._raise() for _ in range(count)]

    def calls(self) -> tuple[int, int]:
        """How often it was asked since the last time, and how many of these were to change something."""
        traffic: list[dict[str, Any]] = requests.get(f"{self.url}/sandbox/traffic", timeout=30).json()
        requests.delete(f"{self.url}/sandbox/traffic", timeout=10)
        return len(traffic), sum(each["method"] != "GET" for each in traffic)

    def _raise(self) -> str:
        newest = self._mappings.policy.products[0].released_by(datetime.now(UTC).date())[-1].name
        values = {
            "summary": "Stops",
            self._fields["Product"]: {"value": "expecco"},
            self._fields["Product version"]: newest,
            self._fields["Usage environment"]: {"value": "Production"},
            self._fields["Business impact"]: {"value": "No outage"},
        }
        body = {"serviceDeskId": "1", "requestTypeId": "1", "requestFieldValues": values}
        address = f"{self.url}/rest/servicedeskapi/request"
        answer = requests.post(address, json=body, auth=MIRA, timeout=30)
        answer.raise_for_status()
        return str(answer.json()["issueId"])


@contextmanager
def running_jira(mappings: Mappings) -> Iterator[Jira]:
    """Serve a sandbox until the block ends."""
    command = [sys.executable, "-m", "webhooks", "sandbox", "--port", "0"]
    with process(command, {}) as running:
        yield Jira(f"http://127.0.0.1:{running.port}", mappings)


def work(url: str, jira: Jira, mappings: Mappings, workers: int, seconds: float, count: int) -> Worked:
    """Let so many workers work `count` new requests, and then each once more; Jira answers after so many seconds."""
    with ExitStack() as stack:
        store = open_store(url)
        stack.callback(store.close)
        store.migrate()
        issues = jira.raised(count)
        jira.slow(seconds)
        stack.callback(jira.slow, 0)
        jira.calls()
        first = _together(store, jira, mappings, workers, issues)
        calls, _ = jira.calls()
        echo = _together(store, jira, mappings, workers, issues)
        echo_calls, echo_writes = jira.calls()
    return Worked(first, calls / count, echo, echo_calls / count, echo_writes / count)


def _together(store: Store, jira: Jira, mappings: Mappings, workers: int, issues: Sequence[str]) -> float:
    with store.writing() as tx:
        for issue in issues:
            doors.knock(tx, issue, None, datetime.now(UTC))
    common = Common()

    def run(number: int) -> None:
        client = jira.client()
        worker = Worker(f"w{number}", store, client, lambda: mappings, common, timedelta(60))
        while worker.step():
            pass
        client.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(workers)]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(issues) / (time.perf_counter() - begun)
