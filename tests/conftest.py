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

from plugin.store import Store, open_store

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
    initdb = [folder / "initdb", "-D", home / "data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"]
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
        host = postgres_server.split()[0].removeprefix("host=")
        yield f"postgresql://postgres@/{name}?host={host}"
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


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """Return a migrated store: the test runs once on SQLite and once on PostgreSQL."""
    opened = open_store(store_url)
    opened.migrate()
    yield opened
    opened.close()


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
