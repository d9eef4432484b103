"""INSERT ... ON CONFLICT: the same clause on both databases, but SQLAlchemy keeps it in two dialects."""

from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_or(dialect: str, table: Table) -> Any:
    """Return an INSERT into `table` that understands `on_conflict_do_nothing` and `on_conflict_do_update`.

    Untyped on purpose: the two dialects' statements share the methods, but no base class that names them.
    """
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)
