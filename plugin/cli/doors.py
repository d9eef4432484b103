"""Commands about requests that cannot be worked: what was tried, another try, or leaving one alone for a reason."""

import getpass
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import click
from rich.table import Table
from sqlalchemy import Connection

from plugin.cli.edge import fail, json_option, print_table, settings_or_fail, store_to_read
from plugin.store import attempts, census, inbox
from plugin.store.doors import Door, discard, release

FIRST_SENTENCES = 300
"""Characters of what went wrong that the list shows; `show` has all of it."""


@click.group()
def doors() -> None:
    """Requests that cannot be worked: list, show, retry, discard.

    A request whose look fails is tried again, each time later. After the last try it is parked: it waits for a person,
    for the next change of it in Jira, or for an hour to go by.
    """


@doors.command(name="list")
@click.option("--discarded", "put_away", is_flag=True, help="Those that somebody discarded, and why.")
@json_option
def list_(put_away: bool, as_data: bool) -> None:
    """List requests whose last look failed: parked ones first."""
    with store_to_read(settings_or_fail()) as store, store.reading() as tx:
        found = census.discarded(tx) if put_away else census.in_trouble(tx)
    if as_data:
        click.echo(json.dumps([_data(door) for door in found], indent=2, ensure_ascii=False))
        return
    if not found:
        click.echo("Nothing was discarded." if put_away else "Nothing is in trouble: every request was worked.")
        return
    drawn = Table("request", "state", "tries", title="Requests that cannot be worked", title_justify="left")
    drawn.add_column("discarded" if put_away else "what went wrong last")
    for door in found:
        said = (door.discarded if put_away else door.trouble) or "-"
        short = said if len(said) <= FIRST_SENTENCES else f"{said[:FIRST_SENTENCES]}…"
        style = "red" if door.parked and not put_away else None
        drawn.add_row(_name(door), _state(door), str(door.attempts), short, style=style)
    print_table(drawn)


@doors.command()
@click.argument("request")
@json_option
def show(request: str, as_data: bool) -> None:
    """Show what was tried for one REQUEST (its key or id).

    Every failed look that is still kept, what was said, and the webhooks that asked for it. Addresses of people and
    whatever looks secret are left out.
    """
    with store_to_read(settings_or_fail()) as store, store.reading() as tx:
        door = _door_or_fail(tx, request)
        tried = attempts.latest(tx, door.request_id)
        heard = inbox.latest(tx, door.request_id)
    if as_data:
        click.echo(
            json.dumps(
                {
                    **_data(door),
                    "tried": [
                        {"at": each.at.isoformat(), "worker": each.worker, "trouble": each.trouble} for each in tried
                    ],
                    "webhooks": [{"at": each.received_at.isoformat(), "event": each.event} for each in heard],
                },
                indent=2,
                ensure_ascii=False,
            )
        )
        return
    click.echo(f"{_name(door)}: {_state(door)}, tried {door.attempts} times in a row")
    if door.discarded:
        click.echo(f"Discarded: {door.discarded}")
    click.echo(f"\n{door.trouble or 'Nothing went wrong.'}")
    if tried:
        click.echo("\nTried:")
    for each in tried:
        click.echo(f"  {_moment(each.at)}  {each.trouble}")
    if heard:
        click.echo("\nAsked for by:")
    for delivery in heard:
        click.echo(f"  {_moment(delivery.received_at)}  {delivery.event}")
    if door.parked:
        click.echo(f"\nOnce it is put right: support-contract doors retry {_name(door)}")


@doors.command()
@click.argument("requests", metavar="[REQUEST]...", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Every parked request.")
def retry(requests: Sequence[str], everything: bool) -> None:
    """Try parked requests again, now.

    Name them by key or id, or take all of them.
    """
    if bool(requests) == everything:
        fail("Name the requests to try again, or write --all.")
    now = datetime.now(UTC)
    with store_to_read(settings_or_fail()) as store, store.writing() as tx:
        wanted = census.parked(tx, limit=100_000) if everything else [_door_or_fail(tx, each) for each in requests]
        for door in wanted:
            if not release(tx, door.request_id, now):
                fail(f"{_name(door)} is not parked: it comes up by itself at {_moment(door.due)}.")
    click.echo(f"{len(wanted)} request{'' if len(wanted) == 1 else 's'} will be looked at as soon as a worker is free.")


@doors.command(name="discard")
@click.argument("request")
@click.option("--reason", required=True, help="Why; it is kept.")
@click.option("--by", default=getpass.getuser, help="Who decided it; default: the user who runs this.")
def discard_(request: str, reason: str, by: str) -> None:
    """Leave a parked REQUEST alone, with a reason.

    Nothing that was booked for it changes. The next change of the request in Jira opens it again.
    """
    if not reason.strip() or not by.strip():
        fail("Expected a reason and a person: they are kept.")
    with store_to_read(settings_or_fail()) as store, store.writing() as tx:
        door = _door_or_fail(tx, request)
        why = f"{reason.strip()} (by {by.strip()} on {datetime.now(UTC):%Y-%m-%d})"
        if not discard(tx, door.request_id, why):
            fail(f"{_name(door)} is not parked: only what waits for a person can be discarded.")
    click.echo(f"{_name(door)} is left alone until it changes in Jira; doors retry {_name(door)} takes it up again.")


def _door_or_fail(tx: Connection, request: str) -> Door:
    door = census.door_of(tx, request)
    if door is None:
        fail(f"Nobody waits for {request}: its last look went well, or there was none. explain {request} looks at it.")
    return door


def _name(door: Door) -> str:
    return door.request_key or door.request_id


def _state(door: Door) -> str:
    if door.discarded:
        return "discarded"
    if door.parked:
        return "parked"
    return "being looked at" if door.lease else f"again at {_moment(door.due)}"


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def _data(door: Door) -> dict[str, Any]:
    return {
        "request": _name(door),
        "id": door.request_id,
        "state": "discarded" if door.discarded else "parked" if door.parked else "open",
        "due": door.due.isoformat(),
        "tries": door.attempts,
        "trouble": door.trouble,
        "discarded": door.discarded,
    }
