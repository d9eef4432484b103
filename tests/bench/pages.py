"""How long the admin's pages take on the server with 100,000 requests in the store: `python -m tests.bench.pages`, and
with --postgres on a PostgreSQL of its own.

One request is worked as in life, on a sandbox; its rows are then there a hundred thousand times, under other keys.
"""

import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime
from pathlib import Path

import click
from flask.testing import FlaskClient
from pydantic import SecretStr
from sqlalchemy import insert, select, text

from plugin.settings import Settings
from plugin.store import Store, open_store, people
from plugin.store.people import Role
from plugin.store.tables import decisions, deliveries, ledger_entries, ledger_postings, replies, responses
from tests.postgres import running_postgres
from tests.road.house import FRIDAY, House, house
from webhooks import create_app
from webhooks.admin import PAGES, Desk

REQUESTS = 100_000
AT_ONCE = 2_000
ROUNDS = 15
LIMIT_MS = 100
CUSTOMERS = 50
KNOWN = "aurora-robotics"
FIRST_ENTRY = 1_000_000


def filled(home: House) -> None:
    """Have it all there so many times: the newest in the last minutes, each older one two minutes before."""
    with home.store.reading() as tx:
        tables = (decisions, responses, replies, deliveries)
        rows = {table: dict(next(iter(tx.execute(select(table))))._mapping) for table in tables}
    for first in range(1, REQUESTS, AT_ONCE):
        with home.store.writing() as tx:
            for table, row in rows.items():
                tx.execute(insert(table), list(_copies(row, range(first, first + AT_ONCE))))


def _copies(row: dict[str, object], numbers: range) -> Iterator[dict[str, object]]:
    for number in numbers:
        copy = {**row, "request_id": f"9{number:06}", "request_key": f"SUP-{number + 100}"}
        copy.pop("id", None)
        if "month" in copy:
            copy |= _varied(number)
        if isinstance(inputs := copy.get("inputs"), dict):
            raised = f"{_varied(number)['month']}-15T09:00:00Z"
            copy["inputs"] = {**inputs, "request": {**inputs["request"], "raised": raised}}
        for unique in ("identity", "intent"):
            if unique in copy:
                copy[unique] = f"{copy[unique]}-{number}"
        yield copy


def _varied(number: int) -> dict[str, object]:
    """Whose a request is, when it was raised, and what became of it: fifty customers, two years."""
    year, month = divmod(2024 * 12 + 11 + number * 24 // REQUESTS, 12)
    return {
        "customer": _customer(number),
        "tier": ("premium", "advanced", "basic")[number % 3],
        "month": f"{year}-{month + 1:02}",
        "kept": ("kept", "kept", "missed", "not applicable")[number % 4],
        "refused": "version_too_old" if number % 7 == 0 else None,
        "held_since": FRIDAY if number % 500 == 0 else None,
    }


def _customer(number: int) -> str:
    return KNOWN if number % CUSTOMERS == 0 else f"customer-{number % CUSTOMERS}"


def charged(home: House) -> None:
    """Each of these requests was charged a credit."""
    with home.store.reading() as tx:
        row = dict(tx.execute(select(ledger_entries).limit(1)).one()._mapping)
    for first in range(1, REQUESTS, AT_ONCE):
        entries, legs = [], []
        for number in range(first, first + AT_ONCE):
            day, entry = date.fromisoformat(f"{_varied(number)['month']}-15"), FIRST_ENTRY + number
            own = {"id": entry, "customer": _customer(number), "sequence": entry, "matter": f"request:9{number:06}"}
            booked = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
            what = {"kind": "charge", "unit": "credit", "effective": day, "booked_at": booked}
            entries.append({**row, **own, **what, "request_key": f"SUP-{number + 100}"})
            leg = {"entry_id": entry, "lot": "credit 2026-04-01"}
            legs += [{**leg, "account": "available", "units": -1}, {**leg, "account": "consumed", "units": 1}]
        with home.store.writing() as tx:
            tx.execute(insert(ledger_entries), entries)
            tx.execute(insert(ledger_postings), legs)


def measured(client: FlaskClient, path: str) -> tuple[list[float], float, int]:
    """Milliseconds of each try, the first one left out, how many of them this process worked on average, whatever else
    runs on the machine; and how many kilobytes the page weighs.
    """
    took, worked = [], time.process_time()
    for _ in range(ROUNDS + 1):
        begun = time.perf_counter()
        answer = client.get(path, base_url="http://localhost")
        took.append((time.perf_counter() - begun) * 1000)
        assert answer.status_code == 200, (path, answer.status_code)
    return took[1:], (time.process_time() - worked) * 1000 / len(took), len(answer.data) // 1024


@click.command()
@click.option("--postgres", is_flag=True, help="On a PostgreSQL of its own; else on SQLite.")
def main(postgres: bool) -> None:
    """Print for each page how long the server takes and how much it weighs; fail where one takes too long."""
    with ExitStack() as stack:
        if postgres:
            url = stack.enter_context(running_postgres()).fresh("pages")
        else:
            url = f"sqlite:///{Path(stack.enter_context(tempfile.TemporaryDirectory())) / 'pages.sqlite3'}"
        _run(url)


def _run(url: str) -> None:
    store = open_store(url)
    store.migrate()
    with house(store) as home:
        issue = home.raised()
        home.settle()
        filled(home)
        charged(home)
        if url.startswith("postgresql"):
            # As it does by itself within a minute or so.
            with store.writing() as tx:
                tx.execute(text("ANALYZE"))
        slowest = _tour(home, store, issue.key)
    store.close()
    if slowest > LIMIT_MS:
        raise SystemExit(f"A page took {slowest:.0f} ms; at most {LIMIT_MS} ms is wanted.")


def _tour(home: House, store: Store, key: str) -> float:
    home.clock.advance(minutes=3)
    settings = Settings(webhook_secrets=(SecretStr("between-us"),), port=0)
    desk = Desk(settings, store, lambda: home.mappings, home.pause, home.clock)
    client = create_app(settings, store, desk=desk).test_client()
    with store.writing() as tx:
        token = people.sign_in(tx, "Nora Quist", Role.ADMIN, home.clock())
    with client.session_transaction(base_url="http://localhost/admin/") as session:
        session["held"] = token
    urls = client.application.url_map.bind("localhost")
    paths = [urls.build(page.endpoint) for page in PAGES if page.endpoint]
    more = (
        f"/admin/customers/{KNOWN}",
        *(f"/admin/customers/{KNOWN}/statement?month={month}" for month in ("2026-11", "2026-10", "2025-06")),
        *(f"/admin/reports/{each}.csv" for each in ("responses", "refusals", "credits", "sessions")),
    )
    slowest = 0.0
    for path in (*paths, "/admin/now/live?live=1", f"/admin/requests/{key}", "/admin/requests/SUP-50000", *more):
        took, worked, weight = measured(client, path)
        middle = statistics.median(took)
        slowest = max(slowest, middle)
        spread = f"{min(took):6.1f} at least, {middle:6.1f} in the middle, {max(took):6.1f} at most"
        print(f"{path:56} {worked:6.1f} ms worked; {spread}; {weight:4} KB")
    return slowest


if __name__ == "__main__":
    main()
