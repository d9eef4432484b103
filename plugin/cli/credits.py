"""Commands that show the ledger: balances and statements."""

import getpass
import json
from datetime import UTC, datetime
from typing import Any

import click
from rich.table import Table

from plugin.cli.edge import (
    agreements_or_fail,
    fail,
    json_option,
    mappings_or_fail,
    print_table,
    settings_or_fail,
    store_or_empty,
    store_to_read,
)
from plugin.contract.grants import CREDIT, TRAINING, UNITS, book_grants, grants, usable
from plugin.contract.ledger import Account, EntryKind
from plugin.contract.ledger import balance as balance_of
from plugin.overview.correcting import NoLotError, RefusedError, book, propose
from plugin.store import ledger

unit_option = click.option("--unit", type=click.Choice(UNITS), default=CREDIT, help="What is counted; default: credit.")


@click.group()
def credits() -> None:
    """The ledger: balances, statements, corrections."""


@credits.command()
@click.argument("customer", required=False)
@json_option
def balance(customer: str | None, as_data: bool) -> None:
    """The credits and training sessions left today.

    Of one CUSTOMER (the name of its file in agreements/, without .yaml) or of all.
    """
    settings = settings_or_fail()
    mappings = mappings_or_fail(settings)
    today, rows = mappings.policy.day(datetime.now(UTC)), []
    with store_to_read(settings) as store, store.reading() as tx:
        for agreement in agreements_or_fail(mappings, customer):
            places = ledger.places(tx, agreement.customer)
            lots = usable(grants(agreement, mappings.policy, today), places, today)
            sessions = balance_of(usable(grants(agreement, mappings.policy, today, TRAINING), places, today))
            parts = [{"lot": lot.id, "available": lot.available, "last_day": str(lot.last)} for lot in lots]
            rows.append((agreement.customer, balance_of(lots), sessions, parts))
    if as_data:
        click.echo(
            json.dumps(
                [
                    {"customer": who, "available": left, "training_sessions": sessions, "lots": parts}
                    for who, left, sessions, parts in rows
                ],
                indent=2,
            )
        )
        return
    drawn = Table("customer", title=f"Credits on {today}", title_justify="left")
    drawn.add_column("available", justify="right")
    drawn.add_column("of which")
    drawn.add_column("training sessions", justify="right")
    for who, left, sessions, parts in rows:
        of_which = "\n".join(f"{part['available']} until {part['last_day']}" for part in parts) or "-"
        drawn.add_row(who, str(left), of_which, str(sessions))
    print_table(drawn)


@credits.command()
@click.argument("customer")
@unit_option
@json_option
def statement(customer: str, unit: str, as_data: bool) -> None:
    """Every movement of a customer's credits.

    Oldest first, with the balance after it: the ledger itself. What the customer gets to read of a month is made by
    support-contract statement. CUSTOMER is the name of its file in agreements/, without .yaml.
    """
    settings = settings_or_fail()
    agreements_or_fail(mappings_or_fail(settings), customer)
    with store_to_read(settings) as store, store.reading() as tx:
        lines = ledger.statement(tx, customer, unit)
    balances, left = [], 0
    for line in lines:
        left += line.units
        balances.append(left)
    if as_data:
        rows = [
            {
                "day": str(line.effective),
                "kind": line.kind,
                "request": line.request_key,
                "lot": line.lot,
                "units": line.units,
                "balance": after,
                "why": line.memo,
            }
            for line, after in zip(lines, balances, strict=True)
        ]
        click.echo(json.dumps(rows, indent=2))
        return
    drawn = Table("day", "what", "request", "lot", title=f"{_title(unit)} of {customer}", title_justify="left")
    drawn.add_column("units", justify="right")
    drawn.add_column("balance", justify="right")
    drawn.add_column("why")
    for line, after in zip(lines, balances, strict=True):
        drawn.add_row(
            str(line.effective), line.kind, line.request_key, line.lot, f"{line.units:+d}", str(after), line.memo
        )
    print_table(drawn)


@credits.command(context_settings={"ignore_unknown_options": True})  # a negative number is no option
@click.argument("customer")
@click.argument("units", type=int)
@click.option("--reason", required=True, help="Why; it is kept in the ledger.")
@click.option("--by", default=getpass.getuser, help="Who decided it; default: the user who runs this.")
@click.option(
    "--lot",
    help="Which lot; default: units are taken from what expires first and has as many, and given to what expires last.",
)
@unit_option
@click.option("--yes", is_flag=True, help="Book it without asking.")
def correct(customer: str, units: int, reason: str, by: str, lot: str | None, unit: str, yes: bool) -> None:
    """Give a customer units, or take some, by hand.

    With a reason, which the ledger keeps; -5 takes five. Shows what would change and asks. A correction may take the
    balance below zero; what requests consume never does. The balance that Jira shows follows with the next look that
    books something for the customer.
    """
    settings = settings_or_fail()
    mappings = mappings_or_fail(settings)
    policy, now = mappings.policy, datetime.now(UTC)
    (agreement,) = agreements_or_fail(mappings, customer)
    if not units or not reason.strip() or not by.strip():
        fail("Expected a number of units other than 0, a reason and a person: they are kept in the ledger.")
    memo = f"{reason.strip()} (by {by.strip()})"
    with store_to_read(settings) as store:
        with store.reading() as tx:
            try:
                proposed = propose(tx, agreement, policy, now, unit, units, memo, lot)
            except NoLotError:
                fail(f"{agreement.name} has no lot that can be used today; name one with --lot, or add a package.")
            except RefusedError as why:
                fail(str(why))
        click.echo(
            f"{agreement.name}: {units:+d} on {proposed.lot.id}; "
            f"{proposed.before} left today, {proposed.after} after it. {memo}"
        )
        if not yes:
            click.confirm("Book it?", abort=True)
        with store.writing() as tx:
            if not book(tx, proposed):
                fail("Something else was booked meanwhile: nothing was changed, look at it again.")
    click.echo("Booked.")


@credits.command()
@click.argument("customer", required=False)
@json_option
def preview(customer: str | None, as_data: bool) -> None:
    """What the next look would book because a file changed.

    Licences, tier, packages, terms: of one CUSTOMER (the name of its file in agreements/, without .yaml) or of all.
    Set MAPPINGS_DIR to a changed copy of the files to see it before they are used. Books nothing.
    """
    settings = settings_or_fail()
    mappings = mappings_or_fail(settings)
    now = datetime.now(UTC)
    with store_or_empty(settings) as store, store.reading() as tx:
        entries = [
            entry
            for agreement in agreements_or_fail(mappings, customer)
            for entry in book_grants(agreement, mappings.policy, ledger.places(tx, agreement.customer), now)
        ]
    rows: list[dict[str, Any]] = [
        {
            "customer": entry.customer,
            "unit": entry.unit,
            "day": str(entry.effective),
            "kind": entry.kind,
            "lot": posting.lot,
            "units": posting.units,
            "why": entry.memo,
        }
        for entry in entries
        for posting in entry.postings
        if posting.account is Account.AVAILABLE
    ]
    if as_data:
        click.echo(json.dumps(rows, indent=2))
        return
    if not entries:
        click.echo("Nothing: the ledger agrees with the files.")
        return
    drawn = Table("customer", "day", "what", "lot", title="The next look would book", title_justify="left")
    drawn.add_column("units", justify="right")
    drawn.add_column("why")
    for row in rows:
        less = row["kind"] == EntryKind.CORRECT and row["units"] < 0
        drawn.add_row(
            str(row["customer"]), str(row["day"]), str(row["kind"]), str(row["lot"]),
            f"{row['units']:+d}", str(row["why"]), style="bold red" if less else None,
        )  # fmt: skip
    print_table(drawn)


def _title(unit: str) -> str:
    return f"{unit.replace('_', ' ').capitalize()}s"
