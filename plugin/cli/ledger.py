"""The command that makes the ledger again, for a database that was lost or is an older one."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from typing import Any, TypeVar

import click
from rich.console import Console
from rich.progress import track
from rich.table import Table

from plugin.cli.edge import (
    fail,
    failures,
    json_option,
    mappings_or_fail,
    print_table,
    settings_or_fail,
    store_of,
    store_or_empty,
)
from plugin.contract.grants import CREDIT, TRAINING
from plugin.mappings.load import Mappings
from plugin.rebuild import Rebuilt, rebuild
from plugin.remembered import Memory, recall
from plugin.service import jira_client
from plugin.settings import Settings
from plugin.store import Store, memory

T = TypeVar("T")


@click.group()
def ledger() -> None:
    """The ledger's own upkeep: make it again from Jira."""


@ledger.command(name="rebuild")
@click.option("--dry-run", "only_looks", is_flag=True, help="Say what is missing; restore nothing.")
@click.option("--trust-board", is_flag=True, help="Where Jira shows another balance than is accounted for, keep it.")
@click.option("--yes", is_flag=True, help="Restore it without asking.")
@json_option
def rebuild_(only_looks: bool, trust_board: bool, yes: bool, as_data: bool) -> None:
    """Make the ledger again, from Jira alone.

    For a database that was lost, or restored from a back-up: what each request was charged, what was corrected by hand,
    the decisions in force and what was said are taken from what Jira shows; grants come from the agreements. Only what
    is missing is restored; what could not be known is said. Reads Jira, and writes nothing there. With a database that
    knows everything it does nothing.
    """
    settings = settings_or_fail()
    mappings = mappings_or_fail(settings)
    if as_data and not (only_looks or yes):
        fail("With --json nobody is asked: add --dry-run or --yes.")
    with failures(), closing(jira_client(settings)) as jira, _store(settings, only_looks) as store:
        remembered = recall(jira, store, mappings, datetime.now(UTC), _told)
        found, stands_still = _tried(store, remembered, mappings, trust_board)
        if as_data:
            click.echo(json.dumps(_data(remembered, found), indent=2, ensure_ascii=False))
        else:
            _show(remembered, found)
        if only_looks or (found.nothing and not stands_still):
            return
        if not (yes or found.nothing):
            click.confirm("Restore it?", abort=True)
        with store.writing() as tx:
            if rebuild(tx, remembered, mappings, trust_board) != found:
                fail("Something else was booked meanwhile: nothing was changed, look at it again.")
    if not as_data:
        click.echo(
            "Restored. The service goes on; start it if it does not run. It shows the balances in Jira by itself."
        )


@contextmanager
def _store(settings: Settings, only_looks: bool) -> Iterator[Store]:
    if only_looks:
        with store_or_empty(settings) as store:
            yield store
        return
    with store_of(settings) as store:
        store.migrate()
        yield store


def _told(several: Iterable[T], what: str, total: int | None) -> Iterable[T]:
    screen = Console(stderr=True)
    return track(several, what, total=total, console=screen, disable=not screen.is_terminal)


def _tried(store: Store, remembered: Memory, mappings: Mappings, trust_board: bool) -> tuple[Rebuilt, bool]:
    """Restore it, and take it back; what it was, and whether all work stands still for it."""
    with store.writing() as tx:
        gap = memory.gap(tx)
        with tx.begin_nested() as tried:
            found = rebuild(tx, remembered, mappings, trust_board)
            tried.rollback()
    return found, gap is not None


def _show(remembered: Memory, found: Rebuilt) -> None:
    if found.customers:
        drawn = Table("customer", title="What Jira knows and the ledger does not", title_justify="left")
        for title in ("requests", "credits charged", "sessions charged", "credits corrected", "sessions corrected"):
            drawn.add_column(title, justify="right")
        for customer in found.customers:
            moved = (counted[customer, unit] for counted in _counted(found) for unit in (CREDIT, TRAINING))
            drawn.add_row(
                customer, str(found.requests[customer]), *(f"{units:+d}" if units else "-" for units in moved)
            )
        print_table(drawn)
    if found.differences:
        drawn = Table("customer", "lot", title="Balances that are not accounted for", title_justify="left")
        drawn.add_column("Jira shows", justify="right")
        for each in found.differences:
            drawn.add_row(each.customer, each.lot, f"{abs(each.units)} {'more' if each.units > 0 else 'less'}")
        print_table(drawn)
        click.echo(
            "Where that comes from cannot be known: requests that are hidden from our account, corrections by hand, an "
            "agreement that was edited since, a booking that Jira did not hear of any more. With --trust-board the "
            "balance stays the one that the customer was shown last."
        )
    for sentence in found.unknown:
        click.echo(f"- {sentence}")
    if found.nothing:
        click.echo(f"{remembered.requests} requests read. There is nothing to rebuild: the database knows all of them.")
    else:
        comments = f", and that {found.comments} comments were written" if found.comments else ""
        missing = f"Missing are the decisions on {found.decisions} of them{comments}."
        click.echo(f"{remembered.requests} requests read. {missing}")


def _data(remembered: Memory, found: Rebuilt) -> dict[str, Any]:
    charged, corrected = _counted(found)
    return {
        "requests": remembered.requests,
        "customers": [
            {
                "customer": customer,
                "requests": found.requests[customer],
                "charged": {unit: charged[customer, unit] for unit in (CREDIT, TRAINING)},
                "corrected": {unit: corrected[customer, unit] for unit in (CREDIT, TRAINING)},
            }
            for customer in found.customers
        ],
        "decisions": found.decisions,
        "comments": found.comments,
        "differences": [
            {"customer": each.customer, "lot": each.lot, "units": each.units} for each in found.differences
        ],
        "unknown": found.unknown,
    }


def _counted(found: Rebuilt) -> tuple[Counter[tuple[str, str]], Counter[tuple[str, str]]]:
    return found.charges, found.corrections
