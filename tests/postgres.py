"""A real PostgreSQL of our own, on a socket in a folder of its own: no port to collide on, gone when the block ends."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg


class NoPostgres(Exception):
    """There is none on this machine; the text says what is missing."""


class Postgres:
    """A server that runs; `dsn` lacks the database's name."""

    def __init__(self, folder: Path, home: Path, user: str | None) -> None:
        self._folder, self._home, self._user = folder, home, user
        self.dsn = f"host={home} user=postgres"
        self.start()

    def start(self) -> None:
        """Start it, and wait until it answers."""
        with (self._home / "log").open("a") as log:
            # fsync off: the tests kill processes, not the machine.
            arguments = ["-D", self._home / "data", "-k", self._home, "-c", "listen_addresses=", "-c", "fsync=off"]
            self._server = subprocess.Popen(
                [self._folder / "postgres", *arguments], user=self._user, cwd=self._home, stdout=log, stderr=log
            )
        deadline = time.monotonic() + 30
        while True:
            try:
                psycopg.connect(f"{self.dsn} dbname=postgres").close()
            except psycopg.OperationalError:
                if self._server.poll() is not None or time.monotonic() > deadline:
                    raise AssertionError(f"PostgreSQL did not start:\n{(self._home / 'log').read_text()}") from None
                time.sleep(0.05)
            else:
                return

    def crash(self, abruptly: bool = True) -> None:
        """End it: at once, so that it has to recover at the next start, or in order but without waiting for clients."""
        self._server.send_signal(signal.SIGQUIT if abruptly else signal.SIGINT)
        try:
            self._server.wait(10)
        except subprocess.TimeoutExpired:
            self._server.kill()
            self._server.wait()

    @contextmanager
    def away(self, abruptly: bool = True) -> Iterator[None]:
        """It is not there until the block ends."""
        self.crash(abruptly)
        try:
            yield
        finally:
            self.start()

    def fresh(self, name: str) -> str:
        """Create an empty database; its address."""
        with psycopg.connect(f"{self.dsn} dbname=postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return f"postgresql://postgres@/{name}?host={self._home}"

    def drop(self, name: str) -> None:
        """Remove a database, whoever is still connected to it."""
        with psycopg.connect(f"{self.dsn} dbname=postgres", autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    """Run a server until the block ends.

    Its programs refuse to run as root: then they run as the user `postgres` that the package makes.

    Raises:
        NoPostgres: when its programs, or that user, are not there.
    """
    folder, user = _programs(), None
    if os.geteuid() == 0:
        user = "postgres"
        try:
            pwd.getpwnam(user)
        except KeyError:
            raise NoPostgres("running as root, and there is no user postgres to run the server as") from None
    # Not tmp_path: its parents are closed to other users, and a socket's path has to stay under 108 bytes.
    home = Path(tempfile.mkdtemp(prefix="pg-"))
    if user:
        shutil.chown(home, user)
    arguments = ["-D", str(home / "data"), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"]
    initdb = [str(folder / "initdb"), *arguments]
    subprocess.run(initdb, user=user, cwd=home, check=True, capture_output=True, env={"LC_ALL": "C"})
    server = Postgres(folder, home, user)
    try:
        yield server
    finally:
        server.crash(abruptly=False)
        shutil.rmtree(home)


def _programs() -> Path:
    # Debian keeps the server's programs off the PATH, one folder for each version.
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    found = shutil.which("initdb") or (debian[-1] if debian else None)
    if found is None:
        raise NoPostgres("initdb was not found")
    return Path(found).resolve().parent
