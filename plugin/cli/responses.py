"""The command that reports whether first responses were kept."""

import csv
import json
import re
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import UTC, datetime

import click
from rich.table import Table

from plugin.cli.edge import (
    agreements_or_fail,
    fail,
    json_option,
    mappings_or_fail,
    print_table,
    settings_or_fail,
    store_to_read,
)
from plugin.mappings.load import Mappings
from plugin.store.responses import Count, counts

_MONTH = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])")
_COUNTED = ("kept", "missed", "overdue", "open", "not_applicable")


def _month(text: str) -> str:
    if not _MONTH.fullmatch(text):
        raise click.BadParameter(f"{text!r} is no month: write it like 2027-01.")
    return text


@click.command()
@click.argument("customer", required=False)
@click.option("--month", type=_month, metavar="MONTH", help="One month only, such as 2027-01.")
@click.option("--from", "first", type=_month, metavar="MONTH", help="From this month on.")
@click.option("--to", "last", type=_month, metavar="MONTH", help="Up to this month.")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV, for spreadsheets.")
@json_option
def responses(
    customer: str | None, month: str | None, first: str | None, last: str | None, as_csv: bool, as_data: bool
) -> None:
    """Report which first responses were kept, missed or are overdue.

    By month, customer, tier and severity; of one CUSTOMER or all. A request counts in the month in which it was raised,
    by the vendor's own time zone. Read from the database; writes nothing.
    """
    if month and (first or last):
        fail("Give --month alone, or --from and --to.")
    if as_csv and as_data:
        fail("Give --csv or --json, not both.")
    settings = settings_or_fail()
    mappings = mappings_or_fail(settings)
    agreements_or_fail(mappings, customer)
    now = datetime.now(UTC)
    with store_to_read(settings) as store, store.reading() as tx:
        found = counts(tx, now, month or first, month or last, customer)
    zone = mappings.policy.zone.key
    if as_data:
        shown = [asdict(each) for each in found]
        data = {"time_zone": zone, "at": now.astimezone(mappings.policy.zone).isoformat(), "counts": shown}
        click.echo(json.dumps(data, indent=2, ensure_ascii=False))
    elif as_csv:
        names = [each.name for each in fields(Count)]
        writer = csv.DictWriter(sys.stdout, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(asdict(each) for each in found)
    elif not found:
        click.echo("No request of that time was decided on yet.")
    else:
        _print(found, mappings, zone)


def _print(found: Sequence[Count], mappings: Mappings, zone: str) -> None:
    names = {each.customer: each.name for each in mappings.agreements}
    tiers = {each.id: each.name for each in mappings.policy.tiers}
    title = f"First responses, by the month in which a request was raised ({zone})"
    drawn = Table("month", "customer", "tier", "sev.", title=title, title_justify="left")
    for name in _COUNTED:
        drawn.add_column(name.replace("_", " "), justify="right")
    total: Counter[str] = Counter()
    for each in found:
        numbers = {name: getattr(each, name) for name in _COUNTED}
        total.update(numbers)
        who = names.get(each.customer or "", each.customer) or "-"
        tier = tiers.get(each.tier or "", each.tier) or "-"
        style = "red" if each.overdue else None
        drawn.add_row(each.month, who, tier, str(each.severity), *map(str, numbers.values()), style=style)
    drawn.add_section()
    drawn.add_row("all", "", "", "", *(str(total[name]) for name in _COUNTED))
    print_table(drawn)
    due = total["kept"] + total["missed"] + total["overdue"]
    if due:
        click.echo(f"{total['kept']} of {due} responses that were due by now were given in time.")
