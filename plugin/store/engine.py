"""The store: one database, SQLite or PostgreSQL, and the two kinds of transaction on it."""

import os
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, select, text
from sqlalchemy.exc import ArgumentError, DatabaseError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from plugin.store.errors import StoreError, StoreUnavailable
from plugin.store.moved import CLOSED, moved_to
from plugin.store.tables import doors

MIGRATIONS = Path(__file__).parent / "migrations"
# How long a statement waits for another process that writes to the same SQLite file, in milliseconds.
BUSY_MILLISECONDS = 10_000
# Any constant will do, as long as every process takes the same one.
MIGRATION_LOCK = 7_382_915_004

_writers: dict[str, threading.Lock] = {}
_writers_guard = threading.Lock()


@dataclass(frozen=True, slots=True)
class Schema:
    """Of which release a database is. `current` is None where it is empty, `newest` is this release's.

    `is_newer`: it was made by a release that this one does not know. `moved_to`: where its rows are now, if not here.
    """

    current: str | None
    newest: str
    is_newer: bool
    moved_to: str | None


def schema(tx: Connection) -> Schema:
    """Look of which release the database is."""
    scripts = ScriptDirectory.from_config(_migrations())
    current = set(MigrationContext.configure(tx).get_current_heads())
    return Schema(
        current=", ".join(sorted(current)) or None,
        newest=str(scripts.get_current_head()),
        is_newer=not current <= {script.revision for script in scripts.walk_revisions()},
        moved_to=moved_to(tx),
    )


def _migrations() -> Config:
    config = Config()
    # alembic reads the folder through ConfigParser, where a % in a path would start a substitution.
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


class Store:
    """One open database. Safe to share between threads; one per process."""

    def __init__(self, engine: Engine, where: str, turn: AbstractContextManager[object]) -> None:
        """Use `open_store()`, which checks the address first."""
        self.engine = engine
        self.where = where
        self._turn = turn
        self._holder = threading.local()
        self._kept: Connection | None = None

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One writing transaction: committed at the end of the block, rolled back when the block raises.

        On SQLite the threads of one process take turns before they ask the database: its own busy handler sleeps
        and is not fair. Raises `StoreUnavailable` when the database does not answer, RuntimeError when this thread
        is already inside a writing transaction of this store (it would wait for itself).
        """
        if getattr(self._holder, "writing", False):
            raise RuntimeError("this thread is already writing: pass its transaction on instead of opening another")
        with self._turn, self._named(), self._writer() as connection:
            self._holder.writing = True
            try:
                with connection.begin():
                    yield connection
            finally:
                self._holder.writing = False

    @contextmanager
    def _writer(self) -> Iterator[Connection]:
        """The connection for a writing transaction. SQLite has one writer, and who is here has the turn: its connection
        is kept, since to take it from the pool and give it back costs as much as to write something small.
        """
        if self.file is None:
            with self.engine.connect() as connection:
                yield connection.execution_options(writing=True)
            return
        kept, self._kept = self._kept or self.engine.connect().execution_options(writing=True), None
        try:
            yield kept
        except BaseException:
            # What state it is in is the pool's to clear up.
            kept.close()
            raise
        self._kept = kept

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent look; whatever the block writes is rolled back. Raises `StoreUnavailable`."""
        with self._named(), self.engine.connect() as connection:
            if connection.dialect.name == "postgresql":
                # By itself it would show each statement whatever was committed until then.
                connection.execution_options(isolation_level="REPEATABLE READ")
            yield connection

    @property
    def file(self) -> Path | None:
        """The file of a database in one; None where it is a server's."""
        file = self.engine.url.database
        return Path(file) if self.engine.dialect.name == "sqlite" and file else None

    @property
    def folder(self) -> Path | None:
        """The folder of a database in a file; None where it is a server's."""
        return self.file.parent if self.file else None

    def migrate(self) -> None:
        """Bring the schema up to this code; does nothing when it is. Two processes may do it at once.

        Raises `StoreUnavailable`, or `StoreError` when the database is newer than this code.
        """
        config = _migrations()
        with self.writing() as tx:
            if tx.dialect.name == "postgresql":
                tx.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATION_LOCK})
            found = schema(tx)
            if found.is_newer:
                raise StoreError(
                    f"The database {self.where} was made by a newer release (schema {found.current}): "
                    "install that release again, or restore the backup taken before it."
                )
            if found.moved_to:
                raise StoreError(
                    f"The database {self.where} was moved to {found.moved_to}: set DATABASE_URL to that one. This one "
                    "is kept as it was at that moment, and takes nothing any more."
                )
            config.attributes["connection"] = tx
            command.upgrade(config, "head")

    def check(self) -> None:
        """Return when the database answers and holds our tables; raises `StoreUnavailable` otherwise."""
        try:
            with self.reading() as tx:
                tx.execute(select(doors.c.request_id).limit(1)).first()
        except DatabaseError as error:
            raise StoreUnavailable(f"The database {self.where} does not hold our tables: {_reason(error)}") from error

    def close(self) -> None:
        """Give every connection back."""
        with self._turn:
            if self._kept is not None:
                self._kept.close()
                self._kept = None
        self.engine.dispose()

    @contextmanager
    def _named(self) -> Iterator[None]:
        try:
            yield
        except (OperationalError, InterfaceError, PoolTimeout) as error:
            raise StoreUnavailable(
                f"The database {self.where} does not answer as it should: {_reason(error)}. "
                "Look whether it runs, and whether DATABASE_URL is right."
            ) from error
        except DatabaseError as error:
            if CLOSED in str(error):
                raise StoreUnavailable(
                    f"The database {self.where} was moved elsewhere: set DATABASE_URL to its new address and restart."
                ) from error
            # Its subclasses are about one statement and pass; the bare class is about the file as a whole.
            if type(error) is not DatabaseError:
                raise
            raise StoreError(
                f"The database {self.where} cannot be used: {_reason(error)}. "
                "Name another file in DATABASE_URL, or restore this one from a backup."
            ) from error


def open_store(url: str) -> Store:
    """Return the store at `url` (`sqlite:///file` or `postgresql://user:password@host/database`).

    Nothing is asked of the database yet. Raises `StoreError` for an address that cannot work.
    """
    address = _address(url)
    if address.get_backend_name() == "sqlite":
        return _open_sqlite(address)
    address = address.set(drivername="postgresql+psycopg")
    waits = {} if "connect_timeout" in address.query else {"connect_timeout": 5}
    # pool_pre_ping: a server that was restarted must not cost the first delivery after it.
    engine = create_engine(address, connect_args=waits, pool_pre_ping=True, hide_parameters=True)
    host = address.host or address.query.get("host", "the default socket")
    return Store(engine, f"PostgreSQL {address.database} on {host}", turn=nullcontext())


def _address(url: str) -> URL:
    # libpq and many hosters write postgres://, which SQLAlchemy does not know.
    if url.startswith("postgres://"):
        url = "postgresql" + url.removeprefix("postgres")
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):
        # Neither the address nor the reason is repeated: both may hold the password.
        raise StoreError(
            "DATABASE_URL cannot be read: write sqlite:///path/to/file.sqlite3 or "
            "postgresql://user:password@host:5432/database, with %40 for an @ inside the password."
        ) from None
    if address.drivername not in ("sqlite", "sqlite+pysqlite", "postgresql", "postgresql+psycopg"):
        raise StoreError(f"DATABASE_URL starts with {address.drivername}: only sqlite and postgresql are supported.")
    return address


def _open_sqlite(address: URL) -> Store:
    name = address.database or ":memory:"
    if name == ":memory:" or name.startswith("file:"):
        raise StoreError(
            f"DATABASE_URL names {name!r}, which would be lost at the next stop: "
            "give a file, such as sqlite:///support-contract.sqlite3."
        )
    file = Path(os.path.realpath(name))
    if not file.parent.is_dir():
        raise StoreError(f"DATABASE_URL names {file}, but there is no folder {file.parent}: make it first.")
    if file.is_dir():
        raise StoreError(f"DATABASE_URL names {file}, which is a folder: name a file in it.")
    engine = create_engine(address.set(database=str(file)), hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    with _writers_guard:
        turn = _writers.setdefault(str(file), threading.Lock())
    return Store(engine, f"SQLite {file}", turn)


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver must not open transactions of its own: _begin_sqlite says when and how.
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout={BUSY_MILLISECONDS}",  # first, because the next one may have to wait
        "journal_mode=WAL",
        "synchronous=FULL",  # an acknowledged delivery survives a power cut
        "foreign_keys=ON",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    # IMMEDIATE takes the write lock at once: a transaction that reads first and writes later could fail half way.
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _reason(error: Exception) -> str:
    lines = str(getattr(error, "orig", None) or error).strip().splitlines()
    return lines[0].rstrip(".") if lines else type(error).__name__
