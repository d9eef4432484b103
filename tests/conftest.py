"""A store for the tests, on both databases: SQLite in a file, and a real PostgreSQL of our own."""

import os
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings

from plugin.store import Store, open_store
from plugin.store.tables import metadata
from tests.deploy.documents import NOT_RUN
from tests.postgres import NoPostgres, Postgres, running_postgres
from tests.stores import migrated

# How long an example takes says how busy the machine is; so the profile that hypothesis has for CI sees it, too.
settings.register_profile("default", deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Postgres]:
    """Start a PostgreSQL for the whole session."""
    try:
        with running_postgres() as server:
            yield server
    except NoPostgres as reason:
        sentence = f"NOT TESTED ON POSTGRESQL: {reason}; apt-get install postgresql (or put initdb on the PATH)"
        if os.environ.get("CI"):
            pytest.fail(sentence)
        pytest.skip(sentence)


@pytest.fixture
def postgres_url(postgres_server: Postgres) -> Iterator[str]:
    """Return the address of a fresh, empty PostgreSQL database."""
    name = f"test_{uuid4().hex}"
    yield postgres_server.fresh(name)
    postgres_server.drop(name)


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
def _kept_database(postgres_server: Postgres) -> str:
    """Return a migrated PostgreSQL database that `store` empties for every test: ten times faster than a new one."""
    url = postgres_server.fresh("kept")
    opened = open_store(url)
    opened.migrate()
    opened.close()
    return url


_TABLES = [table.name for table in reversed(metadata.sorted_tables)]
_EMPTY = "; ".join(
    (
        # A connection that an earlier test left open is to be heard of, not waited for.
        "SET LOCAL lock_timeout = '10s'",
        f"LOCK TABLE {', '.join(_TABLES)}",
        # Not TRUNCATE, which makes every table anew.
        *(f"DELETE FROM {table}" for table in _TABLES),
        "SELECT setval(sequencename::regclass, 1, false) FROM pg_sequences",
    )
)


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """Return a migrated, empty store: the test runs once on SQLite and once on PostgreSQL.

    A test that changes the schema itself opens `store_url` instead.
    """
    if request.param == "sqlite":
        opened = migrated(request.getfixturevalue("sqlite_url"))
    else:
        opened = open_store(request.getfixturevalue("_kept_database"))
        with opened.writing() as tx:
            tx.exec_driver_sql(_EMPTY)
    yield opened
    opened.close()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what of deploy/ was only looked at, whenever its tests ran: it is not known to work."""
    reports = (each for several in terminalreporter.stats.values() for each in several)
    if any(getattr(each, "nodeid", "").startswith("tests/deploy/") for each in reports):
        terminalreporter.section("CHECKED, BUT NOT RUN")
        for line in NOT_RUN:
            terminalreporter.line(line)
