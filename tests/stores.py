"""A migrated store for a test: its database is made once in a process and then copied, since to migrate takes time."""

import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import event, make_url

from plugin.store import Store, open_store


def migrated(url: str) -> Store:
    """The store at `url`, a SQLite file that is not there yet: of this release, and empty."""
    Path(make_url(url).database or "").write_bytes(_empty())
    store = open_store(url)
    event.listen(store.engine, "connect", _trust_the_machine)
    return store


def _trust_the_machine(connection: Any, _record: object) -> None:
    # As fsync=off for PostgreSQL: the tests kill processes, not the machine.
    connection.execute("PRAGMA synchronous=OFF").close()


@cache
def _empty() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/empty.sqlite3")
        store.migrate()
        store.close()
        return Path(folder, "empty.sqlite3").read_bytes()
