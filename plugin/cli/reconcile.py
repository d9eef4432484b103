"""The command that holds what Jira shows against what it should show: every open request, every balance."""

import json
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import click
from rich.console import Console
from rich.progress import track
from rich.table import Table

from plugin.balances import Misshown
from plugin.cli.edge import console, fail, failures, json_option, mappings_or_fail, settings_or_fail, store_to_read
from plugin.compare import would_write
from plugin.jira.client import JiraClient
from plugin.jira.errors import JiraGone
from plugin.look import Seen, see
from plugin.mappings.load import Mappings
from plugin.reconcile import OPEN, knock_at_open_requests, misshown_balances, show_balances
from plugin.service import jira_client
from plugin.site_fields import known_fields
from plugin.store import Store, decisions, memory, replies


@dataclass(frozen=True, slots=True)
class _Different:
    """An open request that does not show what it should, and what a look would write."""

    key: str
    words: tuple[str, ...]


@click.command()
@click.option("--dry-run", "only_looks", is_flag=True, help="Say what is different; write nothing, knock at nobody.")
@json_option
def reconcile(only_looks: bool, as_data: bool) -> None:
    """Hold every open request and every balance against Jira.

    What differs is put right: requests by the running workers, balances at once. The service does the same by itself,
    requests every quarter of an hour and balances once a day; this is for whoever wants it now, or to see it first.
    """
    settings = settings_or_fail()
    mappings, now = mappings_or_fail(settings), datetime.now(UTC)
    with failures(), closing(jira_client(settings)) as jira, store_to_read(settings) as store:
        if only_looks:
            different, requests = _looked_at(jira, store, mappings, now)
            balances = misshown_balances(jira, store, mappings, now)
        else:
            with store.reading() as tx:
                gap = memory.gap(tx)
            if gap:
                fail(gap)
            found = knock_at_open_requests(jira, store, mappings, now)
            balances = misshown_balances(jira, store, mappings, now)
            show_balances(jira, store, mappings, balances, lambda: datetime.now(UTC))
            different, requests = None, found.requests
            if not as_data:
                click.echo(f"{found.requests} requests, {found.knocked} of them to be looked at by the workers.")
                click.echo(f"{len(balances)} balances put right.")
    if as_data:
        click.echo(json.dumps(_data(requests, different, balances, mappings), indent=2, ensure_ascii=False))
    elif different is not None:
        _show(requests, different, balances, mappings)


def _looked_at(jira: JiraClient, store: Store, mappings: Mappings, now: datetime) -> tuple[list[_Different], int]:
    """Look at every open request as a worker would, and take it back."""
    fields, missing = known_fields(jira, mappings)
    if missing is not None:
        click.echo(f"Requests are worked without these fields:\n{missing}", err=True)
    issues = [
        (str(issue["id"]), str(issue["key"]))
        for project in mappings.declared.projects
        for issue in jira.search(f'project = "{project}" AND {OPEN} ORDER BY created ASC', ["created"])
    ]
    different = []
    screen = Console(stderr=True)
    for request_id, key in track(issues, "Looking at open requests", console=screen, disable=not screen.is_terminal):
        with store.reading() as tx:
            standing, ours = decisions.standing(tx, request_id), replies.comment_ids(tx, request_id)
        try:
            seen = see(jira, mappings, fields, request_id, standing, now, ours=ours)
        except JiraGone:
            continue  # deleted meanwhile
        if isinstance(seen, Seen):
            with store.writing() as tx:
                words = would_write(tx, seen, mappings, fields, now)
            if words:
                different.append(_Different(key, words))
    return different, len(issues)


def _show(requests: int, different: Sequence[_Different], balances: Sequence[Misshown], mappings: Mappings) -> None:
    if different:
        drawn = Table("request", title="A look would write", title_justify="left")
        drawn.add_column("what", overflow="fold")
        for each in different:
            drawn.add_row(each.key, ", ".join(_names(each.words, mappings)))
        console().print(drawn)
    if balances:
        drawn = Table("customer", "organization", title="Balances that Jira shows wrongly", title_justify="left")
        drawn.add_column("shown", justify="right")
        drawn.add_column("right", justify="right")
        for misshown in balances:
            shown = str(_available(misshown.shown))
            drawn.add_row(misshown.customer, misshown.organization, shown, str(misshown.wanted["available"]))
        console().print(drawn)
    click.echo(
        f"{requests} open requests looked at: {len(different)} would be written to. "
        f"{len(balances)} balances are shown wrongly."
    )


def _data(
    requests: int, different: Sequence[_Different] | None, balances: Sequence[Misshown], mappings: Mappings
) -> dict[str, Any]:
    return {
        "requests": requests,
        "different": None
        if different is None
        else [{"request": each.key, "would_write": _names(each.words, mappings)} for each in different],
        "balances": [
            {
                "customer": each.customer,
                "organization": each.organization,
                "shown": _available(each.shown),
                "right": each.wanted["available"],
            }
            for each in balances
        ],
    }


def _names(words: Sequence[str], mappings: Mappings) -> list[str]:
    """The words as people know them: a field by its name in Jira."""
    declared = mappings.declared.fields
    return [declared[word].name or word if word in declared else word for word in words]


def _available(shown: Any) -> Any:
    return shown.get("available") if isinstance(shown, Mapping) else shown
