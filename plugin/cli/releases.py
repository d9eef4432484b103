"""The command that shows release lines: which are supported, until when, and who falls out at the next release."""

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

import click
from rich.table import Table

from plugin.cli.edge import (
    console,
    day_option,
    json_option,
    mappings_or_fail,
    print_table,
    settings_or_fail,
    store_if_any,
)
from plugin.contract.lifecycle import Lifecycle, LineState, lifecycle
from plugin.overview.leaving import RECENT, Leaving, who_leaves
from plugin.store import decisions


@click.command()
@day_option("As of this day")
@json_option
def releases(day: date | None, as_data: bool) -> None:
    """Show which releases are supported, and who falls out next.

    The customers are those whose requests of the last year named a version that the next release of the product ends.
    That is read from the decisions in the database; writes nothing.
    """
    settings = settings_or_fail()
    policy, now = mappings_or_fail(settings).policy, datetime.now(UTC)
    on = day or policy.day(now)
    lives = [lifecycle(product, policy, on) for product in policy.products]
    with store_if_any(settings) as store:
        if store is None:
            leaving = None
        else:
            with store.reading() as tx:
                leaving = who_leaves(lives, decisions.newest(tx, now - RECENT))
    if as_data:
        click.echo(json.dumps(_data(on, lives, leaving), indent=2, ensure_ascii=False))
        return
    for life in lives:
        console().print(_heading(life, on), highlight=False)
        print_table(_drawn(life))
    _tell(leaving)


def _heading(life: Lifecycle, on: date) -> str:
    upcoming = life.upcoming
    following = f"{upcoming.name} follows on {upcoming.released}" if upcoming else "no later release is listed"
    return f"{life.product.name} on {on}; {following}:"


def _drawn(life: Lifecycle) -> Table:
    drawn = Table("line", "released", "supported")
    for state in life.states:
        drawn.add_row(state.line.name, str(state.line.released), _said(state, life))
    return drawn


def _said(state: LineState, life: Lifecycle) -> str:
    if not state.released:
        return "not released yet"
    if not state.supported:
        return f"no, until {state.last_day}"
    if not state.current:
        return f"yes, until {state.last_day} ({life.grace.value.days} days of grace)"
    if not state.leaves:
        return "yes"
    return f"yes, until {state.last_day}" if state.last_day else "yes, until the next release"


def _tell(leaving: list[Leaving] | None) -> None:
    if leaving is None:
        click.echo("Who falls out at the next release is read from the decisions in the database, which is empty.")
        click.echo("Set DATABASE_URL to the one that support-contract serve uses.")
    elif not leaving:
        click.echo("Nobody falls out at the next release, by the versions named in the last year's requests.")
    else:
        drawn = Table("customer", "product", "line", title="Who falls out at the next release", title_justify="left")
        drawn.add_column("requests")
        for each in leaving:
            drawn.add_row(each.customer, each.product, each.line, ", ".join(each.requests))
        print_table(drawn)


def _data(on: date, lives: Iterable[Lifecycle], leaving: list[Leaving] | None) -> dict[str, Any]:
    """What is printed with --json. `leaving` is null where there is no database to read it from."""
    return {
        "on": str(on),
        "products": [
            {
                "product": life.product.id,
                "name": life.product.name,
                "next": {"line": life.upcoming.name, "released": str(life.upcoming.released)}
                if life.upcoming
                else None,
                "grace_days": life.grace.value.days,
                "lines": [
                    {
                        "line": state.line.name,
                        "released": str(state.line.released),
                        "supported": state.supported,
                        "last_day": str(state.last_day) if state.last_day else None,
                        "leaves_next": state.leaves,
                    }
                    for state in life.states
                ],
            }
            for life in lives
        ],
        "leaving": None
        if leaving is None
        else [
            {"customer": each.customer, "product": each.product, "line": each.line, "requests": list(each.requests)}
            for each in leaving
        ],
    }
