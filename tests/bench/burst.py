"""A burst while Jira is slow and idlers hold connections: python -m tests.bench.burst (see --help)

Measures, for the whole product in one process: webhooks acknowledged a second, its memory before, after, and once all
is worked, and how long that takes. Everything is on 127.0.0.1, and ends by itself.
"""

import socket
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import click

from plugin.mappings.load import load
from plugin.store import Store, open_store
from plugin.store.census import open_doors, parked
from plugin.store.decisions import last
from tests.bench.doors import ACCOUNT, running_jira
from tests.bench.load import SECRET, fire, process
from tests.bench.receivers import MAPPINGS
from tests.postgres import running_postgres

DRIP_SECONDS = 2.0
"""How often a client that drips sends one more byte."""


@click.command()
@click.option("--webhooks", default=20_000, show_default=True, help="How many are sent, as fast as they are taken.")
@click.option("--of", "count", default=300, show_default=True, help="Requests that they are about.")
@click.option("--slow", default=0.2, show_default=True, help="Seconds that Jira takes for each answer.")
@click.option("--idlers", default=400, show_default=True, help="Connections half open: every other one drips.")
@click.option("--workers", default=4, show_default=True)
@click.option("--postgres", is_flag=True, help="On a PostgreSQL of its own; else on SQLite.")
def main(webhooks: int, count: int, slow: float, idlers: int, workers: int, postgres: bool) -> None:
    """Let a burst come, and print how it was taken."""
    mappings = load(MAPPINGS).mappings
    assert mappings is not None
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        url = f"sqlite:///{folder}/burst.sqlite3"
        if postgres:
            url = stack.enter_context(running_postgres()).fresh("burst")
        jira = stack.enter_context(running_jira(mappings))
        issues = jira.raised(count)
        jira.slow(slow)
        environment = {
            "JIRA_URL": jira.url,
            "JIRA_EMAIL": ACCOUNT,
            "JIRA_TOKEN": jira.tokens[ACCOUNT],
            "JIRA_FLAVOUR": "cloud",
            "WEBHOOK_SECRETS": SECRET.decode(),
            "DATABASE_URL": url,
            "MAPPINGS_DIR": str(MAPPINGS),
            "LOG_FORMAT": "json",
            "WORKERS": str(workers),
            "PORT": "0",
        }
        ours = stack.enter_context(process([sys.executable, "-m", "webhooks", "serve"], environment))
        store = open_store(url)
        stack.callback(store.close)
        stack.enter_context(_idlers(ours.port, idlers))
        fire(ours.port, 200, "warm", issues)
        before = ours.megabytes
        taken = fire(ours.port, webhooks, "burst", issues)
        after, begun = ours.megabytes, time.monotonic()
        click.echo(f"{webhooks} webhooks of {count} requests, {idlers} idle connections, Jira takes {slow} s: all 202")
        click.echo(f"acknowledged {taken.per_second:.0f} /s, p99 {taken.p99:.1f} ms")
        while _waits(store):
            time.sleep(0.2)
        click.echo(f"all worked {time.monotonic() - begun:.0f} s after the last one was acknowledged")
        click.echo(f"memory {before:.0f} MB before, {after:.0f} MB after the burst, {ours.megabytes:.0f} MB in the end")
        calls, writes = jira.calls()
        with store.reading() as tx:
            decided, left = len(last(tx, count + 1)), len(parked(tx))
        click.echo(
            f"{decided} of {count} requests decided, {left} parked; {calls} calls to Jira, {writes} of them writes"
        )


def _waits(store: Store) -> bool:
    with store.reading() as tx:
        return bool(open_doors(tx, 1))


@contextmanager
def _idlers(port: int, count: int) -> Iterator[None]:
    """So many connections that begin a webhook and do not end it; every other one sends a byte now and then."""
    head = b"POST /webhooks/jira HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n{"
    lines = [socket.create_connection(("127.0.0.1", port), timeout=20) for _ in range(count)]
    over = threading.Event()

    def drip() -> None:
        while not over.wait(DRIP_SECONDS):
            for line in lines[::2]:
                line.sendall(b" ")

    for line in lines:
        line.sendall(head)
    thread = threading.Thread(target=drip)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        for line in lines:
            line.close()


if __name__ == "__main__":
    main()
