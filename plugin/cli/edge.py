"""What every command needs from the world: settings, mappings, the store; and failing with a sentence, exit code 1."""

import logging
import shutil
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from types import FrameType
from typing import NoReturn

import click
import structlog
from rich.console import Console
from rich.table import Table
from sqlalchemy import inspect

from plugin.contract.model import SupportAgreement
from plugin.jira.errors import JiraTrouble
from plugin.mappings.load import Mappings, load
from plugin.mappings.problem import Problem, expected
from plugin.mappings.watched import MappingProblems, Watched
from plugin.memory import Forgotten
from plugin.settings import Settings, SettingsError, read_settings
from plugin.store import Store, StoreError, open_store
from plugin.store.tables import decisions

WIDE = 150
"""Columns of a table that goes to a file or a pipe, which have no width of their own."""

READABLE = 120
"""Columns beyond which running text is hard to follow."""


json_option = click.option("--json", "as_data", is_flag=True, help="Print JSON, for scripts.")


def day_option(what: str) -> Callable[[click.decorators.FC], click.decorators.FC]:
    """Build the option --on: a day, written as in mapping files."""
    return click.option("--on", "day", type=_day, metavar="DATE", help=f"{what}, such as 2027-01-15; default today.")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(f"{text!r} is no date: write it like 2027-01-15.") from None


def placed(directory: Path, problem: Problem) -> str:
    """A problem with its file as the shell would find it."""
    return f"{directory / problem.file}{str(problem).removeprefix(problem.file)}"


@contextmanager
def busy(what: str) -> Iterator[None]:
    """Say on a terminal what takes its time, for as long as it takes."""
    with Console(stderr=True).status(what):
        yield


def fail(sentence: str) -> NoReturn:
    """End the command with a message and exit code 1."""
    raise click.ClickException(sentence)


def fail_for_mappings(directory: Path, problems: tuple[Problem, ...]) -> NoReturn:
    """End the command with every problem that keeps the mapping files from being used."""
    for problem in problems:
        click.echo(placed(directory, problem), err=True)
    fail(f"The mapping files in {directory} cannot be used: correct what is listed above.")


@contextmanager
def failures() -> Iterator[None]:
    """Turn the trouble of the world into messages."""
    try:
        yield
    except (SettingsError, StoreError, JiraTrouble, Forgotten) as trouble:
        fail(str(trouble))


def settings_or_fail() -> Settings:
    """The settings of the environment."""
    with failures():
        return read_settings()


def mappings_dir_or_fail(settings: Settings) -> Path:
    """The directory with the mapping files."""
    directory = Path(settings.mappings_dir)
    if not directory.is_dir():
        there = "is no directory" if directory.exists() else "does not exist"
        fail(
            f"The mappings directory {directory.absolute()} {there}: run this in the folder that holds it, or set "
            "MAPPINGS_DIR to the one to use."
        )
    return directory


def mappings_or_fail(settings: Settings) -> Mappings:
    """The mapping files, if they can be used; else every problem is printed. Their examples are not run."""
    return mappings_in_or_fail(mappings_dir_or_fail(settings))


def mappings_in_or_fail(directory: Path) -> Mappings:
    """The mapping files of a directory, likewise."""
    loaded = load(directory)
    if loaded.mappings is None:
        fail_for_mappings(directory, loaded.problems)
    return loaded.mappings


def agreements_or_fail(mappings: Mappings, customer: str | None) -> Sequence[SupportAgreement]:
    """The agreement of a customer, by the name of its file; without a name those of all."""
    if customer is None:
        return mappings.agreements
    found = [agreement for agreement in mappings.agreements if agreement.customer == customer]
    if not found:
        known = [agreement.customer for agreement in mappings.agreements]
        fail(f"There is no agreement of a customer {customer!r}; {expected(customer, known)}.")
    return found


@contextmanager
def store_of(settings: Settings) -> Iterator[Store]:
    """The store, opened and not yet asked anything; closed at the end of the block."""
    with failures():
        store = open_store(settings.database_url.get_secret_value())
        try:
            yield store
        finally:
            store.close()


@contextmanager
def store_to_read(settings: Settings) -> Iterator[Store]:
    """The store of the running installation, for a command that only looks."""
    with store_of(settings) as store:
        if not _has_tables(store):
            fail(
                f"The database {store.where} is empty: nothing has run with it yet. Set DATABASE_URL to the one that "
                "support-contract serve uses, or start that first."
            )
        yield store


@contextmanager
def store_or_empty(settings: Settings) -> Iterator[Store]:
    """The store of the installation; before its first run an empty one that is thrown away, and a word about it."""
    with store_of(settings) as store:
        if _has_tables(store):
            yield store
            return
        click.echo(f"The database {store.where} is empty: credits count as if none had been used.", err=True)
    with tempfile.TemporaryDirectory() as folder, failures():
        store = open_store(f"sqlite:///{folder}/empty.sqlite3")
        try:
            store.migrate()
            yield store
        finally:
            store.close()


@contextmanager
def store_if_any(settings: Settings) -> Iterator[Store | None]:
    """The store of the installation, or None before its first run."""
    with store_of(settings) as store:
        yield store if _has_tables(store) else None


@contextmanager
def opened(settings: Settings) -> Iterator[tuple[Store, Callable[[], Mappings]]]:
    """What a running process needs: a Jira, a migrated store, and the mappings as they are at any moment."""
    with failures():
        settings.require_jira()
    directory = mappings_dir_or_fail(settings)
    try:
        watched = Watched(directory)
    except MappingProblems as unusable:
        fail_for_mappings(directory, unusable.problems)
    with store_of(settings) as store:
        store.migrate()
        yield store, watched.current


def console() -> Console:
    """Where tables are printed: as wide as the terminal, and wide enough to read in a file or a pipe."""
    return Console(width=None if sys.stdout.isatty() else WIDE)


def print_table(drawn: Table) -> None:
    """Print a table. What does not fit is broken, never cut off; what stands in brackets is no markup."""
    for column in drawn.columns:
        column.overflow = "fold"
    console().print(drawn, markup=False)


def text_width() -> int | None:
    """Columns to wrap running text to: those of the terminal, as far as lines stay readable; None into a pipe."""
    return min(shutil.get_terminal_size().columns, READABLE) if sys.stdout.isatty() else None


def say(text: str) -> None:
    """Tell whoever started it. Where nobody can take it (a disk that is full, a pipe that nobody reads), go on."""
    with suppress(OSError):
        click.echo(text)


@contextmanager
def only_warnings() -> Iterator[None]:
    """Let a command that works as the service does not tell each thing that it does: warnings, to standard error."""
    before = structlog.get_config()
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    try:
        yield
    finally:
        structlog.configure(**before)


@contextmanager
def ended_cleanly() -> Iterator[None]:
    """Make SIGTERM, and a terminal that is closed, end the block as Ctrl-C does: what it started is ended as well."""

    def interrupt(_signal: int, _frame: FrameType | None) -> NoReturn:
        raise KeyboardInterrupt

    before = {each: signal.signal(each, interrupt) for each in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def wait_for_signal() -> None:
    """Return on Ctrl-C or SIGTERM."""
    told = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        told.set()

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    # A wait without an end would not be woken by a signal on every platform.
    while not told.wait(0.5):
        pass


def _has_tables(store: Store) -> bool:
    with store.reading() as tx:
        return inspect(tx).has_table(decisions.name)
