"""Commands about who may use the admin's pages: list them, make a link to set a password, take one away."""

import getpass
import json
from datetime import UTC, datetime

import click
from rich.table import Table

from plugin.cli.edge import fail, json_option, print_table, settings_or_fail, store_to_read
from plugin.store import audit, keys, people
from plugin.store.keys import Key
from plugin.store.people import Role


@click.group()
def admin() -> None:
    """Who may use the admin's pages: list, invite, remove.

    These are the people with a password of their own. Your provider looks after whoever signs in by OpenID Connect.
    And withdraw-links, for those who read receipts by the links in notes.
    """


@admin.command(name="list")
@json_option
def list_(as_data: bool) -> None:
    """List everybody with a password, and what they may."""
    with store_to_read(settings_or_fail()) as store, store.reading() as tx:
        found = people.people(tx)
    if as_data:
        data = [
            {"name": each.name, "role": each.role, "since": each.created_at.isoformat(), "invited_by": each.created_by}
            for each in found
        ]
        click.echo(json.dumps(data, indent=2, ensure_ascii=False))
        return
    if not found:
        click.echo("Nobody has a password yet: support-contract serve prints a link for the first one.")
        return
    drawn = Table("name", "role", "since", "invited by", title="Who may use the admin's pages", title_justify="left")
    for each in found:
        drawn.add_row(each.name, each.role.value, f"{each.created_at:%Y-%m-%d}", each.created_by)
    print_table(drawn)


@admin.command()
@click.argument("name")
@click.option(
    "--role", type=click.Choice([each.value for each in Role]), help="Default: as now; new people are viewers."
)
def invite(name: str, role: str | None) -> None:
    """Make a link with which NAME sets a password.

    For somebody new, and for whoever forgot theirs. It works once, for a day.
    """
    called = name.strip()
    if not called or not called.isprintable():
        fail("Expected a name, in printable characters.")
    settings, now, by = settings_or_fail(), datetime.now(UTC), f"{getpass.getuser()}, on the command line"
    with store_to_read(settings) as store, store.writing() as tx:
        known = people.person(tx, called)
        called = known.name if known else called
        given = Role(role) if role else known.role if known else Role.VIEWER
        token = people.invite(tx, called, given, by, now)
        before = {"role": known.role.value} if known else None
        audit.record(tx, by, "person.invite", called, now, before=before, after={"role": given.value})
    click.echo(f"{called} will be {given.value} after setting a password here (once, within a day):")
    click.echo(f"{settings.admin_address(settings.port)}welcome/{token}")


@admin.command()
@click.argument("name")
def remove(name: str) -> None:
    """Take the password of NAME away; they are signed out at once."""
    now, by = datetime.now(UTC), f"{getpass.getuser()}, on the command line"
    with store_to_read(settings_or_fail()) as store, store.writing() as tx:
        known = people.person(tx, name)
        if known is None:
            fail(f"Nobody is called {name}; admin list shows who there is.")
        people.remove(tx, known.name)
        audit.record(tx, by, "person.remove", known.name, now, before={"role": known.role.value})
    click.echo(f"{known.name} has no password any more.")


@admin.command()
@click.option("--reason", required=True, help="Why, as it is written down.")
def withdraw_links(reason: str) -> None:
    """Let no link open a receipt any more that was made until now.

    Links stand in the notes for agents; the next notes have new ones.
    """
    now, by = datetime.now(UTC), f"{getpass.getuser()}, on the command line"
    with store_to_read(settings_or_fail()) as store, store.writing() as tx:
        keys.make_anew(tx, Key.RECEIPTS)
        audit.record(tx, by, "links.withdraw", "receipts", now, reason=reason)
    click.echo("No link that was made until now opens a receipt any more.")
