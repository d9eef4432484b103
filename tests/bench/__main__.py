"""Benchmarks, all in one run on one machine: python -m tests.bench (with --long for what takes minutes)

What counts are the ratios: the machine, the disk and whatever else runs on it are the same for both sides of each.
"""

import logging
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import click
import structlog
from rich.console import Console
from rich.table import Table

from plugin.contract.decide import decide
from plugin.mappings.load import Mappings, load
from tests.bench.doors import Worked, running_jira, work
from tests.bench.history import RAISED, looks, request
from tests.bench.receivers import MAPPINGS, long_run, receivers
from tests.postgres import NoPostgres, running_postgres

WEBHOOKS, DECISIONS = 3000, 3000
WORKERS = (1, 2, 4)


@click.command()
@click.option("--long", "long", is_flag=True, help="Memory and disk over 100,000 deliveries as well.")
@click.option("--requests", default=40, show_default=True, help="Requests worked for each number of workers.")
def main(long: bool, requests: int) -> None:
    """Run every benchmark and print what it measured."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    mappings = load(MAPPINGS).mappings
    if mappings is None:
        raise SystemExit("The shipped mapping files are not good: run support-contract check")
    console = Console(width=110)
    console.print(_receiving(mappings))
    console.print(_working(mappings, requests))
    console.print(_history(mappings, long))


def _receiving(mappings: Mappings) -> Table:
    bare, ours = receivers(WEBHOOKS)
    drawn = Table("receiving", title_justify="left")
    for name in ("measured", "bare receiver", "ratio"):
        drawn.add_column(name, justify="right")
    rates = (f"{ours.per_second:.0f} /s", f"{bare.per_second:.0f} /s", f"{ours.per_second / bare.per_second:.2f}")
    drawn.add_row("webhooks acknowledged", *rates)
    drawn.add_row("their p99", f"{ours.p99:.1f} ms", f"{bare.p99:.1f} ms", f"{ours.p99 / bare.p99:.2f}")
    decided = _decisions(mappings)
    drawn.add_row("decisions", f"{decided:.0f} /s", f"{bare.per_second:.0f} /s", f"{decided / bare.per_second:.2f}")
    return drawn


def _working(mappings: Mappings, count: int) -> Table:
    drawn = Table("requests worked a second", title_justify="left")
    for workers in WORKERS:
        drawn.add_column(f"{workers} worker{'s' if workers > 1 else ''}", justify="right")
    drawn.add_column("calls: new", justify="right")
    drawn.add_column("calls: echo (writes)", justify="right")
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        databases = {"SQLite": lambda name: f"sqlite:///{folder}/{name}.sqlite3"}
        try:
            databases["PostgreSQL"] = stack.enter_context(running_postgres()).fresh
        except NoPostgres as reason:
            click.echo(f"Not measured on PostgreSQL: {reason}", err=True)
        jira = stack.enter_context(running_jira(mappings))
        for database, fresh in databases.items():
            for seconds in (0.0, 0.05):
                runs = [
                    work(fresh(f"b{workers}_{int(seconds * 1000)}"), jira, mappings, workers, seconds, count)
                    for workers in WORKERS
                ]
                drawn.add_row(f"{database}, Jira takes {seconds * 1000:.0f} ms", *_cells(runs))
    return drawn


def _cells(runs: list[Worked]) -> list[str]:
    rates = [f"{each.first:.1f} ({each.first / runs[0].first:.1f}x)" for each in runs]
    one = runs[0]
    return [*rates, f"{one.calls:.1f}", f"{one.echo_calls:.1f} ({one.echo_writes:.1f})"]


def _history(mappings: Mappings, long: bool) -> Table:
    drawn = Table("over time", title_justify="left")
    for name in ("early", "late", "ratio"):
        drawn.add_column(name, justify="right")
    before = 20_000 if long else 2_000
    early, late = looks(mappings, before)
    drawn.add_row(f"one look, after {before} others", f"{early:.2f} ms", f"{late:.2f} ms", f"{late / early:.2f}")
    if long and Path("/proc/self/status").exists():
        count = 100_000
        first, last, each = long_run(count)
        drawn.add_row(
            f"memory of the receiver, {count} deliveries", f"{first:.0f} MB", f"{last:.0f} MB", f"{last / first:.2f}"
        )
        drawn.add_row("disk for each delivery of 15 KB", "", f"{each:.1f} KB", "")
    return drawn


def _decisions(mappings: Mappings) -> float:
    """Whole decisions a second, in one thread."""
    asked = request(1)
    agreement = next(each for each in mappings.agreements if each.customer == "aurora-robotics")
    begun = time.perf_counter()
    for _ in range(DECISIONS):
        decide(asked, agreement, mappings.policy, RAISED)
    return DECISIONS / (time.perf_counter() - begun)


if __name__ == "__main__":
    main()
