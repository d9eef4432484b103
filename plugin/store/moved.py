"""A database that was moved elsewhere: read as before, written never again."""

from typing import Final

from sqlalchemy import Connection, inspect, text

from plugin.store.tables import metadata

_MARK: Final = "moved_to"
CLOSED: Final = "this database was moved away"
"""What SQLite says when somebody writes all the same."""


def close_for_good(tx: Connection, where: str) -> None:
    """Refuse every further write to a SQLite database, by triggers that no process can miss; say where it went."""
    tx.execute(text(f"CREATE TABLE {_MARK} (place TEXT NOT NULL)"))
    tx.execute(text(f"INSERT INTO {_MARK} VALUES (:place)"), {"place": where})
    for table in metadata.sorted_tables:
        for deed in ("INSERT", "UPDATE", "DELETE"):
            body = f"BEGIN SELECT RAISE(ABORT, '{CLOSED}'); END"
            tx.execute(text(f"CREATE TRIGGER moved_{table.name}_{deed} BEFORE {deed} ON {table.name} {body}"))


def moved_to(tx: Connection) -> str | None:
    """Where the database was moved to; None where it was not."""
    if tx.dialect.name != "sqlite" or not inspect(tx).has_table(_MARK):
        return None
    return str(tx.scalar(text(f"SELECT place FROM {_MARK}")))
