"""Benchmarks, all in one run on one machine, each as a ratio to a bare Flask receiver: python -m tests.bench

What counts is the ratio: the machine, the disk and whatever else runs on it are the same for both.
"""

import logging
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import requests
import structlog
from rich.console import Console
from rich.table import Table

from plugin.contract.decide import decide
from plugin.contract.model import Organization, Person, SupportRequest
from plugin.jira.client import JiraClient
from plugin.mappings.load import Mappings, load
from plugin.sandbox import running_sandbox
from plugin.store import doors, open_store
from plugin.worker import Pause, Worker
from tests.bench.load import SECRET, Answered, fire

WEBHOOKS, REQUESTS, DECISIONS = 3000, 60, 3000
MAPPINGS = Path(__file__).parents[2] / "mappings"
ACCOUNT = "support-contract@vendor.example"


def main() -> None:
    """Run every benchmark and print the table."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    mappings = load(MAPPINGS).mappings
    if mappings is None:
        raise SystemExit("The shipped mapping files are not good: run support-contract check")
    bare, ours = _receivers()
    worked, calls, echoes = _doors(mappings)
    decided = _decisions(mappings)
    drawn = Table("what", title="Benchmarks", title_justify="left")
    for name in ("measured", "bare receiver", "ratio"):
        drawn.add_column(name, justify="right")
    drawn.add_row(
        "webhooks acknowledged",
        f"{ours.per_second:.0f} /s",
        f"{bare.per_second:.0f} /s",
        f"{ours.per_second / bare.per_second:.2f}",
    )
    drawn.add_row("their p99", f"{ours.p99:.1f} ms", f"{bare.p99:.1f} ms", f"{ours.p99 / bare.p99:.2f}")
    drawn.add_row(
        "doors worked, one worker", f"{worked:.0f} /s", f"{bare.per_second:.0f} /s", f"{worked / bare.per_second:.2f}"
    )
    drawn.add_row("decisions", f"{decided:.0f} /s", f"{bare.per_second:.0f} /s", f"{decided / bare.per_second:.2f}")
    drawn.add_row("REST calls for a new request", f"{calls:.1f}", "-", "-")
    drawn.add_row("REST calls for an echo", f"{echoes:.1f}", "-", "-")
    Console(width=100).print(drawn)


def _receivers() -> tuple[Answered, Answered]:
    """The bare receiver and ours, one after the other, the same load; each warmed up first."""
    with tempfile.TemporaryDirectory() as folder:
        with _process([sys.executable, "-m", "tests.bench.bare", f"{folder}/bare.sqlite3"], {}) as port:
            fire(port, 200, "warm")
            bare = fire(port, WEBHOOKS, "run")
        environment = {
            "WEBHOOK_SECRETS": SECRET.decode(),
            "DATABASE_URL": f"sqlite:///{folder}/ours.sqlite3",
            "MAPPINGS_DIR": str(MAPPINGS),
            "LOG_FORMAT": "json",
        }
        with _process([sys.executable, "-m", "tests.bench.ours"], environment) as port:
            fire(port, 200, "warm")
            ours = fire(port, WEBHOOKS, "run")
    return bare, ours


def _doors(mappings: Mappings) -> tuple[float, float, float]:
    """Doors a second with one worker and a sandbox in the same process; calls for a first look and for a second."""
    with tempfile.TemporaryDirectory() as folder, running_sandbox() as sandbox:
        store = open_store(f"sqlite:///{folder}/doors.sqlite3")
        store.migrate()
        jira = JiraClient(sandbox.url, ACCOUNT, sandbox.site.person(ACCOUNT).token, "cloud")
        worker = Worker("bench", store, jira, lambda: mappings, Pause(), timedelta(seconds=60))
        for _ in range(REQUESTS):
            _raise(sandbox.url, {field.name: field.id for field in sandbox.site.fields.values()}, mappings)
        issues = [str(issue["id"]) for issue in jira.search("project = SUP", ["created"])]
        figures = []
        for _ in ("new", "echo"):
            with store.writing() as tx:
                for issue in issues:
                    doors.knock(tx, issue, None, datetime.now(UTC))
            sandbox.traffic.clear()
            start = time.perf_counter()
            while worker.step():
                pass
            figures.append((REQUESTS / (time.perf_counter() - start), len(sandbox.traffic.all()) / REQUESTS))
        jira.close()
        store.close()
    (worked, calls), (_, echoes) = figures
    return worked, calls, echoes


def _raise(url: str, fields: Mapping[str, str], mappings: Mappings) -> None:
    values = {
        "summary": "Stops",
        fields["Product"]: {"value": "expecco"},
        fields["Product version"]: mappings.policy.products[0].released_by(datetime.now(UTC).date())[-1].name,
        fields["Usage environment"]: {"value": "Production"},
        fields["Business impact"]: {"value": "No outage"},
    }
    body = {"serviceDeskId": "1", "requestTypeId": "1", "requestFieldValues": values}
    who = ("mira.castellan@aurora-robotics.example", "token-mira.castellan")
    requests.post(f"{url}/rest/servicedeskapi/request", json=body, auth=who, timeout=10).raise_for_status()


def _decisions(mappings: Mappings) -> float:
    """Whole decisions a second, in one thread."""
    raised = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
    request = SupportRequest(
        id="1",
        key="SUP-1",
        raised=raised,
        raised_by=Person("Mira Castellan", None, "mira.castellan@aurora-robotics.example"),
        kind="fault",
        organizations=(Organization("11", "Aurora Robotics"),),
        product="expecco",
        version="26.1",
        environment="production",
        impact="impaired",
    )
    agreement = next(each for each in mappings.agreements if each.customer == "aurora-robotics")
    start = time.perf_counter()
    for _ in range(DECISIONS):
        decide(request, agreement, mappings.policy, raised)
    return DECISIONS / (time.perf_counter() - start)


@contextmanager
def _process(command: list[str], environment: Mapping[str, str]) -> Iterator[int]:
    """Run a receiver until the block ends; yields its port."""
    child = subprocess.Popen(
        command, env={**os.environ, **environment}, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        said = child.stdout.readline() if child.stdout else ""
        yield int(said.strip().rpartition(":")[2])
    finally:
        child.terminate()
        child.wait(10)
        if child.stdout:
            child.stdout.close()


if __name__ == "__main__":
    main()
