"""The command that quotes: renewal, upgrade and lapse, with the arithmetic shown."""

import json
from datetime import UTC, date, datetime
from typing import Any

import click
from rich.table import Table

from plugin.cli.edge import (
    agreements_or_fail,
    day_option,
    fail,
    json_option,
    mappings_or_fail,
    print_table,
    settings_or_fail,
)
from plugin.contract.model import SupportAgreement
from plugin.contract.quote import NoQuote, Prices, Quote
from plugin.contract.quote import quote as quote_by_contract
from plugin.mappings.load import Mappings
from plugin.mappings.problem import expected

JSON_SCHEMA = 1


@click.command()
@click.argument("customer")
@click.option("--tier", "wanted", help="Another tier, by id, name or alias.")
@day_option("The day of the order")
@click.option(
    "--licenses",
    "counts",
    multiple=True,
    metavar="[PRODUCT=]N",
    help="Another number of licences; with several products one of these for each.",
)
@json_option
def quote(customer: str, wanted: str | None, day: date | None, counts: tuple[str, ...], as_data: bool) -> None:
    """Quote a renewal, an upgrade, or a return after a lapse.

    Shows every line of the arithmetic and what it rests on. CUSTOMER is the name of its file in agreements/, without
    .yaml. Prices and percentages are those of prices.yaml, without tax. Needs no Jira and no database; books nothing.
    """
    mappings = mappings_or_fail(settings_or_fail())
    (agreement,), policy = agreements_or_fail(mappings, customer), mappings.policy
    if mappings.prices is None:
        fail("There is no prices.yaml among the mapping files: copy the shipped one and put your prices in.")
    on = day or policy.day(datetime.now(UTC))
    tier = policy.tier_named(wanted) if wanted else None
    if wanted and tier is None:
        fail(f"--tier: there is no tier {wanted!r}; {expected(wanted, [each.id for each in policy.tiers])}.")
    try:
        offers = quote_by_contract(
            agreement,
            policy,
            mappings.prices,
            on,
            tier.id if tier else None,
            _licenses(counts, agreement, mappings, on),
        )
    except NoQuote as error:
        fail(f"{error}.")
    if as_data:
        click.echo(json.dumps(_data(agreement, mappings.prices, on, offers), indent=2, ensure_ascii=False))
        return
    for offer in offers:
        _print(agreement, mappings.prices, offer)


def _print(agreement: SupportAgreement, prices: Prices, offer: Quote) -> None:
    title = f"{agreement.name}: {offer.kind}, {offer.term}"
    drawn = Table(title=title, title_justify="left", show_footer=True)
    drawn.add_column("arithmetic", footer="total")
    drawn.add_column(prices.currency, footer=f"{offer.total:,.2f}", justify="right")
    drawn.add_column("rests on")
    for line in offer.lines:
        drawn.add_row(line.text, f"{line.amount:,.2f}", "; ".join(map(str, line.cites)))
    print_table(drawn)
    for note in offer.notes:
        click.echo(f"  {note}")


def _data(agreement: SupportAgreement, prices: Prices, on: date, offers: tuple[Quote, ...]) -> dict[str, Any]:
    """Amounts are texts: a decimal fraction is not exact as a JSON number."""
    return {
        "schema": JSON_SCHEMA,
        "customer": agreement.customer,
        "on": str(on),
        "currency": prices.currency,
        "rounding": "half a cent up, each amount",
        "quotes": [
            {
                "kind": offer.kind,
                "first_day": str(offer.term.first),
                "last_day": str(offer.term.last),
                "total": str(offer.total),
                "lines": [
                    {
                        "text": line.text,
                        "amount": str(line.amount),
                        "cites": [{"clause": each.clause, "source": str(each.source)} for each in line.cites],
                    }
                    for line in offer.lines
                ],
                "notes": list(offer.notes),
            }
            for offer in offers
        ],
    }


def _licenses(counts: tuple[str, ...], agreement: SupportAgreement, mappings: Mappings, on: date) -> dict[str, int]:
    """The numbers asked for, by the id of the product; without a product where the agreement covers only one."""
    last = max(term.last for term in agreement.terms)
    day = on if agreement.term_on(on) else last
    covered = sorted({each.product for each in agreement.entitlements_on(day) if not each.free})
    found: dict[str, int] = {}
    for count in counts:
        name, given, number = count.rpartition("=")
        product = mappings.policy.product_named(name) if given else None
        id = product.id if product else covered[0] if not given and len(covered) == 1 else None
        if id is None:
            example = f"--licenses {covered[0] if covered else 'expecco'}=5"
            fail(f"--licenses {count}: for which product? Expected one of {', '.join(covered)}, such as {example}.")
        if not number.isascii() or not number.isdigit() or not int(number):
            fail(f"--licenses {count}: expected a whole number from 1 on.")
        found[id] = int(number)
    return found
