"""A database that was moved elsewhere: read as before, written never again."""

from typing import Final

from sqlalchemy import Column, Connection, MetaData, Table, Text, insert, inspect, select, text

from plugin.store.tables import metadata

CLOSED: Final = "this database was moved away"
"""What SQLite says when somebody writes all the same."""

# Only where a database was moved: no table of the installation's own, and never moved along.
_MOVED_TO: Final = Table("moved_to", MetaData(), Column("place", Text, nullable=False))


def close_for_good(tx: Connection, where: str) -> None:
    """Refuse every further write to a SQLite database, by triggers that no process can miss; say where it went."""
    _MOVED_TO.create(tx)
    tx.execute(insert(_MOVED_TO).values(place=where))
    for table in metadata.sorted_tables:
        for deed in ("INSERT", "UPDATE", "DELETE"):
            body = f"BEGIN SELECT RAISE(ABORT, '{CLOSED}'); END"
            tx.execute(text(f"CREATE TRIGGER moved_{table.name}_{deed} BEFORE {deed} ON {table.name} {body}"))


def moved_to(tx: Connection) -> str | None:
    """Where the database was moved to; None where it was not."""
    if tx.dialect.name != "sqlite" or not inspect(tx).has_table(_MOVED_TO.name):
        return None
    return tx.scalar(select(_MOVED_TO.c.place))
