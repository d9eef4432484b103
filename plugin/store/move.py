"""Moving an installation from SQLite to PostgreSQL: every row copied, every row compared, the old database closed.

The old database takes no writes while it lasts (a receiver answers 503, and Jira repeats), and none afterwards: what a
process that was not told would still keep there, nobody would ever look at.
"""

from collections.abc import Callable, Iterator
from typing import Any, Final

from sqlalchemy import Column, Connection, Integer, Table, func, insert, select, text
from sqlalchemy.sql.functions import count

from plugin.store.engine import Store
from plugin.store.errors import StoreError
from plugin.store.moved import close_for_good
from plugin.store.tables import ledger_postings, metadata

AT_ONCE: Final = 1000
"""Rows read, written or compared in one go."""


def move(source: Store, target: Store, tell: Callable[[str, int], None]) -> None:
    """Copy everything into an empty database, compare it row by row, and close the source for writing.

    `tell` is called with each table's name and its number of rows once they were compared. Nothing of the target is
    kept unless all of it is right.

    Raises:
        StoreError: when the target is not empty, or a row came out different; both databases are then as before.
        StoreUnavailable: when one of them does not answer.
    """
    if source.engine.dialect.name != "sqlite" or target.engine.dialect.name != "postgresql":
        raise StoreError(f"A move leads from SQLite to PostgreSQL, not from {source.where} to {target.where}.")
    source.migrate()
    target.migrate()
    with source.writing() as old:
        with target.writing() as new:
            for table in metadata.sorted_tables:
                if new.execute(select(table).limit(1)).first() is not None:
                    raise StoreError(
                        f"The database {target.where} holds rows already (in {table.name}): name an empty one, so that "
                        "nothing of two installations is mixed."
                    )
            for table in metadata.sorted_tables:
                _copy(old, new, table)
            for table in metadata.sorted_tables:
                tell(table.name, _compared(old, new, table))
            _check_ledger(new)
        close_for_good(old, target.where)


def _copy(old: Connection, new: Connection, table: Table) -> None:
    for rows in _batches(old, table):
        new.execute(insert(table), rows)
    number = table.c.get("id")
    if number is not None and isinstance(number.type, Integer):
        # The copied numbers did not come from PostgreSQL's own sequence: let it go on behind them.
        name = f"pg_get_serial_sequence('{table.name}', 'id')"
        highest = new.scalar(select(func.max(number)))
        if highest is not None:
            new.execute(text(f"SELECT setval({name}, :highest)"), {"highest": highest})


def _compared(old: Connection, new: Connection, table: Table) -> int:
    """How many rows are the same in both; raises `StoreError` at the first that is not."""
    key, rows = _key(table), 0
    for before in _batches(old, table):
        keys = {row[key.name] for row in before}
        after = [dict(row._mapping) for row in new.execute(select(table).where(key.in_(keys)))]
        # A key that several rows share may lie across two batches: then all of its rows are compared in both.
        whole = [dict(row._mapping) for row in old.execute(select(table).where(key.in_(keys)))]
        if sorted(map(repr, whole)) != sorted(map(repr, after)):
            different = next(row for row in (*whole, *after) if (row in whole) != (row in after))
            raise StoreError(
                f"A row of {table.name} came out different ({key.name} {different[key.name]}): nothing was moved."
            )
        rows += len(before)
    found = new.scalar(select(count()).select_from(table))
    if found != rows:
        raise StoreError(f"{rows} rows of {table.name} were copied and {found} are there: nothing was moved.")
    return rows


def _check_ledger(new: Connection) -> None:
    lot, units = ledger_postings.c.lot, func.sum(ledger_postings.c.units)
    uneven = new.execute(select(lot).group_by(lot).having(units != 0).limit(1)).first()
    if uneven is not None:
        raise StoreError(f"The ledger does not sum to zero in the lot {uneven.lot}: nothing was moved.")


def _batches(tx: Connection, table: Table) -> Iterator[list[dict[str, Any]]]:
    result = tx.execute(select(table).order_by(_key(table)), execution_options={"yield_per": AT_ONCE})
    for rows in result.partitions(AT_ONCE):
        yield [dict(row._mapping) for row in rows]


def _key(table: Table) -> Column[Any]:
    """The primary key; of postings, which have none, the entry that they belong to."""
    return next(iter(table.primary_key.columns), table.c.get("entry_id", next(iter(table.c))))
