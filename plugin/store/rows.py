"""An INSERT of many rows in one statement whose text is made once: for what every webhook runs.

SQLAlchemy's own way to send many rows at once writes the text anew each time, which takes longer than running it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Dialect, Table, bindparam
from sqlalchemy.exc import DBAPIError

from plugin.store.upsert import insert_or

AT_ONCE: Final = 64
"""Rows in one statement at most: each number of rows has a text of its own, which is kept."""


class RowsInsert:
    """An INSERT into `table` of rows of `columns`; `ending` adds what follows the values, without parameters.

    Safe to share between threads.
    """

    def __init__(self, table: Table, columns: Sequence[str], ending: Callable[[Any], Any]) -> None:
        self._table, self._columns, self._ending = table, columns, ending
        self._texts: dict[tuple[str, int], _Text] = {}

    def run(self, tx: Connection, rows: Sequence[Mapping[str, Any]]) -> list[Any]:
        """Insert the rows; gives the first column of all rows that were returned, if any are."""
        returned: list[Any] = []
        for start in range(0, len(rows), AT_ONCE):
            some = rows[start : start + AT_ONCE]
            known = (tx.dialect.name, len(some))
            if known not in self._texts:
                # Two threads may both make it, which does no harm.
                self._texts[known] = self._text(tx.dialect, len(some))
            text = self._texts[known]
            returned += _run(tx, text.sql, text.parameters(some))
        return returned

    def _text(self, dialect: Dialect, count: int) -> "_Text":
        types = {name: self._table.c[name].type for name in self._columns}
        values = [
            {name: bindparam(f"{name}_{number}", type_=of) for name, of in types.items()} for number in range(count)
        ]
        compiled = self._ending(insert_or(dialect.name, self._table).values(values)).compile(dialect=dialect)
        slots = {
            f"{name}_{number}": (number, name, of.dialect_impl(dialect).bind_processor(dialect))
            for number in range(count)
            for name, of in types.items()
        }
        order = compiled.positiontup if compiled.positional else tuple(slots)
        return _Text(compiled.string, tuple(slots[each] for each in order), None if compiled.positional else order)


def _run(tx: Connection, sql: str, parameters: Any) -> list[Any]:
    """Run it on the driver's own cursor, and fail as SQLAlchemy does: its results take longer to make than the rows."""
    dbapi: Any = tx.dialect.loaded_dbapi
    cursor = tx.connection.cursor()
    try:
        cursor.execute(sql, parameters)
        return [row[0] for row in cursor.fetchall()] if cursor.description else []
    except dbapi.Error as error:
        raise DBAPIError.instance(sql, None, error, dbapi.Error, hide_parameters=True, dialect=tx.dialect) from error
    finally:
        cursor.close()


@dataclass(frozen=True, slots=True)
class _Text:
    """The statement for one number of rows; `slots` are its parameters: which row, which column, and how it is kept."""

    sql: str
    slots: tuple[tuple[int, str, Callable[[Any], Any] | None], ...]
    names: tuple[str, ...] | None
    """What the parameters are called, where the driver wants names."""

    def parameters(self, rows: Sequence[Mapping[str, Any]]) -> Any:
        values = tuple(
            rows[number][column] if kept_as is None else kept_as(rows[number][column])
            for number, column, kept_as in self.slots
        )
        return values if self.names is None else dict(zip(self.names, values, strict=True))
