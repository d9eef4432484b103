"""Commands about the database: bring its schema up to date, move it from SQLite to PostgreSQL."""

from contextlib import closing

import click

from plugin.cli.edge import fail, failures, settings_or_fail, store_of
from plugin.store import open_store
from plugin.store.move import move as move_store


@click.command()
def migrate() -> None:
    """Bring the database's schema up to this release.

    Makes the tables where there are none. serve and worker do it by themselves when they start; this is for whoever
    wants it done before. Safe to run at any time, and by several at once. Make a backup first: there is no way back.
    """
    with store_of(settings_or_fail()) as store:
        store.migrate()
        click.echo(f"{store.where} is up to date.")


@click.command()
@click.option("--yes", is_flag=True, help="Move without asking.")
def move(yes: bool) -> None:
    """Move everything from SQLite to PostgreSQL.

    From DATABASE_URL to the empty database in NEW_DATABASE_URL. Every row is copied and then compared; the old file
    stays readable as a backup and takes nothing any more. Webhooks that arrive meanwhile are refused with 503, so that
    Jira sends them again. Then set DATABASE_URL to the new address and start everything anew.
    """
    settings = settings_or_fail()
    if settings.new_database_url is None:
        fail("Where to? Set NEW_DATABASE_URL to postgresql://user:password@host/database, an empty database.")
    address = settings.new_database_url.get_secret_value()
    with store_of(settings) as source, failures(), closing(open_store(address)) as target:
        if not yes:
            click.confirm(f"Move everything from {source.where} to {target.where}?", abort=True)
        move_store(source, target, lambda table, rows: click.echo(f"{rows:>9} of {table}: the same"))
        click.echo(f"Moved. Set DATABASE_URL to the address of {target.where}, and start everything anew.")
