"""Commands about what customers have signed: the list of all, and the import of a CSV file."""

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NoReturn

import click
from rich.table import Table

from plugin.cli.edge import (
    busy,
    console,
    fail,
    fail_for_mappings,
    failures,
    json_option,
    mappings_dir_or_fail,
    mappings_or_fail,
    placed,
    print_table,
    settings_or_fail,
    store_to_read,
)
from plugin.contract.ending import ENDING_SOON, ending
from plugin.contract.overview import Overview, overview
from plugin.contract.policy import UNLIMITED, Policy, Quantity
from plugin.mappings.agreements import FOLDER
from plugin.mappings.cells import UTF_8
from plugin.mappings.customers import read_customers
from plugin.mappings.edit import NotWritten
from plugin.mappings.examples import FOLDER as EXAMPLES
from plugin.mappings.files import in_folder
from plugin.mappings.imports import Change, ChangeKind, changes, present_files, tried, write
from plugin.mappings.load import Mappings, read
from plugin.mappings.problem import Problem, Report
from plugin.reconcile import OPEN, open_by_customer
from plugin.service import jira_client
from plugin.settings import Settings

NARROW = 110
"""Columns of a terminal below which the longer cells are set in several lines."""

Open = Mapping[str, Sequence[str]]
"""The keys of the requests that are not done in Jira, by the customer of their newest decision."""

SHOWN = 10
"""Customers or requests that are named; the others are only counted."""


@click.group()
def agreements() -> None:
    """List what customers have signed, or import it."""


@agreements.command(name="list")
@click.option(
    "--ending", "within", type=click.IntRange(min=0), help="Only those that end within so many days, or have ended."
)
@click.option("--requests", "ask", is_flag=True, help="Ask Jira how many requests of each customer are open.")
@json_option
def list_(within: int | None, ask: bool, as_data: bool) -> None:
    """List agreements: term, days left, contacts, licences.

    An agreement that has ended, or ends within 60 days, stands in colour; with --requests it says how many requests
    are still open. That asks Jira, and reads from the database whose they are. Writes nothing.
    """
    settings = settings_or_fail()
    mappings = mappings_or_fail(settings)
    today = mappings.policy.day(datetime.now(UTC))
    seen = [overview(each, mappings.policy, today) for each in mappings.agreements]
    wanted = sorted(
        (each for each in seen if within is None or each.days_left <= within),
        key=lambda each: (each.days_left, each.agreement.customer),
    )
    still_open = _open_requests(settings, mappings) if ask else None
    if as_data:
        rows = [_data(each, still_open) for each in wanted]
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    print_table(_drawn(wanted, mappings.policy, today, still_open))
    for late in ending((each.agreement for each in wanted), today, still_open or {}):
        what = "1 request is" if len(late.requests) == 1 else f"{len(late.requests)} requests are"
        when = f"{'ended' if late.ended else 'ends'} on {late.last}"
        named = _some(late.requests)
        click.secho(f"{late.agreement.name}: {what} open ({named}), and the agreement {when}.", fg="red")


@agreements.command(name="import")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--write", "writes", is_flag=True, help="Write the files; without it they are only shown.")
@click.option("--remove", is_flag=True, help="Remove the files of customers that are not in the CSV file; else kept.")
@click.option("--encoding", default=UTF_8, help="Of the CSV file, such as cp1252; default: UTF-8.")
def import_(path: Path, writes: bool, remove: bool, encoding: str) -> None:
    """Import one CSV file with all agreements.

    Shows what would change, customer by customer and field by field, or every problem as file:line:column. The columns
    are described in the README of the mapping files. Nothing is written unless the result is wholly good.
    """
    directory = mappings_dir_or_fail(settings_or_fail())
    try:
        content = path.read_bytes()
    except OSError as error:
        fail(f"{path}: {error.strerror}.")
    report = Report()
    with busy("Reading the mapping files ..."):
        reading = read(directory, report, None)
        if reading.mappings is None or report.problems:
            fail_for_mappings(directory, report.problems)
        present, limits = present_files(directory), reading.mappings.policy.contact_limits
    report = Report()
    try:
        imported = read_customers(
            path.name, content, present, reading.words, limits, report, encoding=encoding, remove=remove
        )
    except LookupError:
        fail(f"--encoding {encoding}: there is no such encoding; expected one such as utf-8 or cp1252.")
    if report.problems:
        _fail_with(path.parent, report.problems)
    with busy("Comparing ..."):
        found = changes(directory, present, imported, reading.words)
    gone = [change.customer for change in found if change.kind is ChangeKind.REMOVED]
    wanted = [change for change in found if remove or change.kind is not ChangeKind.REMOVED]
    _tell(wanted, [] if remove else gone)
    if not wanted:
        click.echo("Nothing to write: " + ("the files say this already." if imported else "it names no customer."))
        return
    with busy("Trying it on a copy ..."):
        loaded = tried(directory, wanted)
    examples = [problem for problem in loaded.problems if in_folder(problem.file, EXAMPLES)]
    others = [problem for problem in loaded.problems if not in_folder(problem.file, EXAMPLES)]
    if others:
        _fail_with(directory, others)
    for problem in examples:
        click.secho(placed(directory, problem), fg="yellow")
    if examples:
        click.echo("Running processes go on with the old files until these examples are good.")
    if not writes:
        click.echo("Nothing was written; --write writes it.")
        return
    try:
        write(directory, wanted)
    except NotWritten as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"Written: {_counted(len(wanted), 'file')} in {directory / FOLDER}.")


def _tell(wanted: Sequence[Change], kept: Sequence[str]) -> None:
    """What would change, one customer after the other; then how many, which is what a terminal still shows."""
    for change in wanted:
        click.secho(f"{change.customer}: {change.kind}", bold=True)
        for difference in change.differences:
            click.echo(f"  {difference}")
    if kept:
        click.echo(f"Not in the CSV file, kept as they are (--remove removes them): {_some(kept)}.")
    kinds = Counter(change.kind for change in wanted)
    if wanted:
        click.echo(", ".join(f"{kinds[kind]} {kind}" for kind in ChangeKind if kinds[kind]) + ".")


def _fail_with(directory: Path, problems: Sequence[Problem]) -> NoReturn:
    for problem in problems:
        click.secho(placed(directory, problem), fg="red", err=True)
    fail(f"{_counted(len(problems), 'problem')}; nothing was written.")


def _some(words: Sequence[str]) -> str:
    return ", ".join(words[:SHOWN]) + (f" and {len(words) - SHOWN} more" if len(words) > SHOWN else "")


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _open_requests(settings: Settings, mappings: Mappings) -> Open:
    with failures():
        jira = jira_client(settings)
        issues = {
            str(issue["id"]): issue["key"]
            for project in mappings.declared.projects
            for issue in jira.search(f'project = "{project}" AND {OPEN}', ["created"])
        }
    with store_to_read(settings) as store:
        return open_by_customer(store, issues)


def _drawn(listed: list[Overview], policy: Policy, today: date, still_open: Open | None) -> Table:
    names = {product.id: product.name for product in policy.products}
    drawn = Table(title=f"Agreements on {today}", title_justify="left")
    drawn.add_column("customer", no_wrap=True)
    drawn.add_column("term", no_wrap=True)
    drawn.add_column("days left", justify="right")
    drawn.add_column("tier", no_wrap=True)
    drawn.add_column("licences")
    drawn.add_column("contacts", justify="right", no_wrap=True)
    if still_open is not None:
        drawn.add_column("open requests", justify="right")
    for each in listed:
        row = [
            each.agreement.customer,
            _term(each, narrow=console().width < NARROW),
            _days(each),
            ", ".join(policy.tier(tier).name for tier in each.tiers) or "-",
            "\n".join(f"{count} {names.get(product, product)}" for product, count in each.licenses) or "-",
            f"{each.contacts} of {_limit(each.limit)}",
        ]
        if still_open is not None:
            row.append(str(len(still_open.get(each.agreement.customer, ()))))
        style = "red" if each.days_left <= 0 else "yellow" if each.days_left <= ENDING_SOON else None
        drawn.add_row(*row, style=style)
    return drawn


def _days(each: Overview) -> str:
    if each.days_left <= 0:
        return "ended"
    return str(each.days_left) if each.begun else f"from {each.term.first}"


def _term(each: Overview, *, narrow: bool) -> str:
    """The term, and below it how it is renewed; in a narrow terminal in lines that are as short as a day."""
    lines = [str(each.term)]
    if each.renewal is not None:
        lines.append("automatic" if each.renewal.automatic else "manual")
        lines[-1] += f", notice by {each.notice_by}" if each.notice_by else ""
    text = "\n".join(lines)
    return re.sub(r"( to|,|notice by) ", r"\1\n", text) if narrow else text


def _limit(limit: Quantity) -> str:
    return "unlimited" if limit is UNLIMITED else str(limit or 0)


def _data(each: Overview, still_open: Open | None) -> dict[str, Any]:
    return {
        "customer": each.agreement.customer,
        "name": each.agreement.name,
        "first_day": str(each.term.first),
        "last_day": str(each.term.last),
        "days_left": each.days_left,
        "renewal": None if each.renewal is None else "automatic" if each.renewal.automatic else "manual",
        "notice_by": str(each.notice_by) if each.notice_by else None,
        "tiers": list(each.tiers),
        "licenses": dict(each.licenses),
        "contacts": each.contacts,
        "contact_limit": _limit(each.limit) if each.limit is UNLIMITED else each.limit,
        "open_requests": None if still_open is None else len(still_open.get(each.agreement.customer, ())),
    }
