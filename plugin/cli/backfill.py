"""The command that takes up requests which were there before: a report first, then one request after the other."""

import json
import os
import socket
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from plugin.backfill import StoppedEarly, Through, go_through
from plugin.cli.backfill_report import Report
from plugin.cli.edge import (
    ended_cleanly,
    fail,
    failures,
    json_option,
    mappings_or_fail,
    only_warnings,
    settings_or_fail,
    store_of,
    store_or_empty,
)
from plugin.contract.decision import Backfill
from plugin.contract.steps import moment_text
from plugin.jira.client import JiraClient
from plugin.jira.errors import JiraRefused
from plugin.links import links_of
from plugin.mappings.load import Mappings
from plugin.service import jira_client
from plugin.settings import Settings
from plugin.store import Store, backfills, memory
from plugin.store.backfills import Order
from plugin.survey import BadQuery, Steps, Surveyed, ordered, survey
from plugin.worker import Common, Worker

_GOES_ON: Final = "What is done stays; the same command goes on from here."


@click.command()
@click.option("--jql", help='Which requests, as Jira searches for them: "created >= -365d". Without ORDER BY.')
@click.option("--dry-run", "only_looks", is_flag=True, help="Write the report, and nothing else.")
@click.option("--fields-only", is_flag=True, help="The default, said aloud: no credits, no comments, no status moved.")
@click.option("--charge", is_flag=True, help="Charge credits and training sessions for them as for any other request.")
@click.option("--reply", is_flag=True, help="Write to customers and agents, move statuses, as on any other request.")
@click.option("--per-minute", type=click.IntRange(1, 6000), default=300, show_default=True, help="Looks a minute.")
@click.option(
    "--report",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="The folder for the report (CSV and HTML); default: the present one.",
)
@click.option("--abandon", is_flag=True, help="Give up the backfill that is under way; what it has done stays.")
@click.option("--yes", is_flag=True, help="Begin without asking.")
@json_option
def backfill(
    jql: str | None,
    only_looks: bool,
    fields_only: bool,
    charge: bool,
    reply: bool,
    per_minute: int,
    folder: Path,
    abandon: bool,
    yes: bool,
    as_data: bool,
) -> None:
    """Take up requests that were there before.

    First a report of what would be written to each of them, and why, is made; then they are gone through one by one.
    Fields alone are filled in, unless you ask for more, and it stays so: whatever happens to such a request later, it
    costs nothing and nobody is written to. A later backfill may add that, and none takes it away.

    Requests that the service takes up by itself are left to it, where more than fields would come of it. It may run
    meanwhile. A run that was ended goes on where it was with the same command.
    """
    if fields_only and (charge or reply):
        raise click.UsageError("--fields-only goes with neither --charge nor --reply.")
    if as_data and not (only_looks or yes or abandon):
        fail("With --json nobody is asked: add --dry-run or --yes.")
    settings = settings_or_fail()
    mappings, terms, steps = mappings_or_fail(settings), Backfill(charge, reply), Steps(per_minute)
    opened = store_or_empty(settings) if only_looks else store_of(settings)
    with failures(), ended_cleanly(), only_warnings(), opened as store, closing(jira_client(settings)) as jira:
        if not only_looks:
            store.migrate()
        with store.reading() as tx:
            gap, order = memory.gap(tx), backfills.under_way(tx)
        if gap:
            fail(gap)
        if abandon:
            _abandon(store, order)
            return
        if jql is None:
            raise click.UsageError('Say which requests: --jql "created >= -365d".')
        if order is not None and not only_looks:
            _is_the_same(order, jql, terms)
            done, size = _progress(store, order)
            begun = moment_text(order.begun_at)
            click.echo(f"Going on with the backfill of {begun}: {done} of {size} are done.", err=True)
        else:
            found = _surveyed(jira, store, mappings, jql, terms, steps)
            report = Report(found, jql, terms, mappings, store)
            files = report.write(folder)
            if as_data:
                click.echo(json.dumps(report.data(files), indent=2, ensure_ascii=False))
            else:
                report.show(files)
            to_do = ordered(found)
            if only_looks or not to_do:
                return
            if not yes:
                click.confirm(f"Write this to {len(to_do)} requests?", abort=True)
            with store.writing() as tx:
                order = backfills.begin(tx, jql, terms, to_do, datetime.now(UTC))
        troubles = _gone_through(settings, jira, store, mappings, order, steps)
    for each in troubles:
        click.echo(f"{each.key}: {each.trouble}", err=True)
    if again := sum(not each.gone for each in troubles):
        fail(f"{again} requests could not be written to as they should be; the same command tries them again.")
    click.echo("Done: every request shows what it should.", err=as_data)


def _abandon(store: Store, order: Order | None) -> None:
    if order is None:
        fail("No backfill is under way.")
    done, size = _progress(store, order)
    with store.writing() as tx:
        backfills.end(tx, order, datetime.now(UTC))
    click.echo(f"Given up: {done} of {size} requests were done, and stay as they are.")


def _progress(store: Store, order: Order) -> tuple[int, int]:
    """How many of its requests are done, and how many there are."""
    with store.reading() as tx:
        size = backfills.size(tx, order)
        return size - len(backfills.to_do(tx, order)), size


def _is_the_same(order: Order, jql: str, terms: Backfill) -> None:
    if (order.jql, order.terms) != (jql, terms):
        more = "".join((" --charge" if order.terms.charges else "", " --reply" if order.terms.replies else ""))
        fail(
            f"Another backfill is under way, since {moment_text(order.begun_at)}. To go on with it: support-contract "
            f"backfill --jql '{order.jql}'{more}. To give it up: support-contract backfill --abandon."
        )


def _surveyed(
    jira: JiraClient, store: Store, mappings: Mappings, jql: str, terms: Backfill, steps: Steps
) -> list[Surveyed]:
    found: list[Surveyed] = []
    try:
        with Console(stderr=True).status("Looking at requests") as status:
            for each in survey(jira, store, mappings, jql, terms, datetime.now(UTC), steps):
                found.append(each)
                status.update(f"Looking at requests: {len(found)}, at last {each.key}")
    except BadQuery as bad:
        fail(str(bad))
    except JiraRefused as refused:
        fail(f"Jira does not search for that: {refused}")
    return found


def _gone_through(
    settings: Settings, jira: JiraClient, store: Store, mappings: Mappings, order: Order, steps: Steps
) -> list[Through]:
    """Work all of it, with a bar on a terminal; those that were not done as they should be."""

    def now() -> datetime:
        return datetime.now(UTC)

    lease, name = timedelta(seconds=settings.lease_seconds), f"backfill:{socket.gethostname()}:{os.getpid()}"
    common = Common(links=links_of(settings))
    worker = Worker(name, store, jira, lambda: mappings, common, lease, settings.max_attempts, now)
    done, size = _progress(store, order)
    troubles, screen = [], Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=screen, disable=not screen.is_terminal) as bar:
        task = bar.add_task("Writing", total=size, completed=done)

        def tell(said: str) -> None:
            bar.console.print(said, markup=False)

        try:
            for each in go_through(worker, store, order, now, steps, tell):
                bar.update(task, advance=1, description=each.key)
                if each.trouble:
                    troubles.append(each)
        except StoppedEarly as stopped:
            fail(f"{stopped} {_GOES_ON}")
        except KeyboardInterrupt:
            fail(f"Stopped. {_GOES_ON}")
    return troubles
