"""A store for the tests, on both databases: SQLite in a file, and a real PostgreSQL of our own."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import text

from plugin.store import Store, open_store
from plugin.store.tables import metadata

NO_POSTGRES = "apt-get install postgresql (or put initdb and postgres on the PATH)"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Start a PostgreSQL on a socket in a folder of its own (no port to collide on); its connection string.

    Its programs refuse to run as root: then they run as the user `postgres` that the package makes.
    """
    folder = _programs()
    user = None
    if os.geteuid() == 0:
        user = "postgres"
        try:
            pwd.getpwnam(user)
        except KeyError:
            _no_postgres("running as root, and there is no user postgres to run the server as")
    # Not tmp_path: its parents are closed to other users, and a socket's path has to stay under 108 bytes.
    home = Path(tempfile.mkdtemp(prefix="pg-"))
    if user:
        shutil.chown(home, user)
    initdb = [
        str(folder / "initdb"),
        "-D",
        str(home / "data"),
        "-U",
        "postgres",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--no-sync",
    ]
    subprocess.run(initdb, user=user, cwd=home, check=True, capture_output=True, env={"LC_ALL": "C"})
    with (home / "log").open("w") as log:
        # fsync off: the tests kill processes, not the machine.
        server = subprocess.Popen(
            [folder / "postgres", "-D", home / "data", "-k", home, "-c", "listen_addresses=", "-c", "fsync=off"],
            user=user,
            cwd=home,
            stdout=log,
            stderr=log,
        )
    dsn = f"host={home} user=postgres"
    try:
        _wait_for(dsn, server, home / "log")
        yield dsn
    finally:
        # PostgreSQL's fast shutdown: SIGTERM would wait for the clients.
        server.send_signal(signal.SIGINT)
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
        shutil.rmtree(home)


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """Return the address of a fresh, empty PostgreSQL database."""
    name = f"test_{uuid4().hex}"
    with psycopg.connect(f"{postgres_server} dbname=postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
        yield f"postgresql://postgres@/{name}?host={_host(postgres_server)}"
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """Return the address of a SQLite file that is not there yet."""
    return f"sqlite:///{tmp_path / 'store.sqlite3'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest) -> str:
    """Return the address of an empty database: the test runs once on each kind."""
    name = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    url: str = request.getfixturevalue(name)
    return url


@pytest.fixture(scope="session")
def _kept_database(postgres_server: str) -> str:
    """Return a migrated PostgreSQL database that `store` empties for every test: ten times faster than a new one."""
    with psycopg.connect(f"{postgres_server} dbname=postgres", autocommit=True) as connection:
        connection.execute("CREATE DATABASE kept")
    url = f"postgresql://postgres@/kept?host={_host(postgres_server)}"
    opened = open_store(url)
    opened.migrate()
    opened.close()
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """Return a migrated, empty store: the test runs once on SQLite and once on PostgreSQL.

    A test that changes the schema itself opens `store_url` instead.
    """
    opened = open_store(request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "_kept_database"))
    if request.param == "sqlite":
        opened.migrate()
    else:
        tables = ", ".join(table.name for table in metadata.sorted_tables)
        with opened.writing() as tx:
            # A connection that an earlier test left open is to be heard of, not waited for.
            tx.execute(text("SET LOCAL lock_timeout = '10s'"))
            tx.execute(text(f"TRUNCATE {tables} RESTART IDENTITY"))
    yield opened
    opened.close()


def _host(dsn: str) -> str:
    return dsn.split()[0].removeprefix("host=")


def _programs() -> Path:
    # Debian keeps the server's programs off the PATH, one folder for each version.
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    found = shutil.which("initdb") or (debian[-1] if debian else None)
    if found is None:
        _no_postgres("initdb was not found")
    return Path(found).resolve().parent


def _no_postgres(reason: str) -> NoReturn:
    sentence = f"NOT TESTED ON POSTGRESQL: {reason}; {NO_POSTGRES}"
    if os.environ.get("CI"):
        pytest.fail(sentence)
    pytest.skip(sentence)


def _wait_for(dsn: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            psycopg.connect(f"{dsn} dbname=postgres").close()
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"PostgreSQL did not start:\n{log.read_text()}")
            time.sleep(0.05)
        else:
            return
