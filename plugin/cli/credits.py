"""Commands that show the ledger: balances and statements."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime

import click
from rich.console import Console
from rich.table import Table

from plugin.cli.edge import fail, json_option, mappings_or_fail, settings_or_fail, store_of
from plugin.contract.grants import CREDIT, grants, usable
from plugin.contract.ledger import balance as balance_of
from plugin.contract.model import SupportAgreement
from plugin.mappings.load import Mappings
from plugin.mappings.problem import expected
from plugin.store import ledger


@click.group()
def credits() -> None:
    """Balances and statements from the ledger."""


@credits.command()
@click.argument("customer", required=False)
@json_option
def balance(customer: str | None, as_data: bool) -> None:
    """The credits left today, of one CUSTOMER (the name of its file in agreements/) or of all."""
    settings = settings_or_fail()
    mappings = mappings_or_fail(settings)
    today, rows = mappings.policy.day(datetime.now(UTC)), []
    with store_of(settings) as store:
        store.check()
        with store.reading() as tx:
            for agreement in _agreements(mappings, customer):
                places = ledger.places(tx, agreement.customer, CREDIT)
                lots = usable(grants(agreement, mappings.policy, today), places, today)
                parts = [{"lot": lot.id, "available": lot.available, "last_day": str(lot.last)} for lot in lots]
                rows.append((agreement.customer, balance_of(lots), parts))
    if as_data:
        click.echo(
            json.dumps([{"customer": who, "available": left, "lots": parts} for who, left, parts in rows], indent=2)
        )
        return
    drawn = Table("customer", title=f"Credits on {today}", title_justify="left")
    drawn.add_column("available", justify="right")
    drawn.add_column("of which")
    for who, left, parts in rows:
        drawn.add_row(
            who, str(left), "\n".join(f"{part['available']} until {part['last_day']}" for part in parts) or "-"
        )
    Console().print(drawn)


@credits.command()
@click.argument("customer")
@json_option
def statement(customer: str, as_data: bool) -> None:
    """Every movement of a CUSTOMER's credits, oldest first, with the balance after it."""
    settings = settings_or_fail()
    _agreements(mappings_or_fail(settings), customer)
    with store_of(settings) as store:
        store.check()
        with store.reading() as tx:
            lines = ledger.statement(tx, customer, CREDIT)
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
    drawn = Table("day", "what", "request", "lot", title=f"Credits of {customer}", title_justify="left")
    drawn.add_column("units", justify="right")
    drawn.add_column("balance", justify="right")
    drawn.add_column("why", overflow="fold")
    for line, after in zip(lines, balances, strict=True):
        drawn.add_row(
            str(line.effective), line.kind, line.request_key, line.lot, f"{line.units:+d}", str(after), line.memo
        )
    Console().print(drawn)


def _agreements(mappings: Mappings, customer: str | None) -> Sequence[SupportAgreement]:
    if customer is None:
        return mappings.agreements
    found = [agreement for agreement in mappings.agreements if agreement.customer == customer]
    if not found:
        known = [agreement.customer for agreement in mappings.agreements]
        fail(f"There is no agreement of a customer {customer!r}; {expected(customer, known)}.")
    return found
