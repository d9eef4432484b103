"""What every command needs from the world: settings, mappings, the store; and failing with a sentence, exit code 1."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import NoReturn

import click

from plugin.jira.errors import JiraTrouble
from plugin.jira.fields import FieldsMissing
from plugin.mappings.load import Mappings, load
from plugin.mappings.watched import Watched
from plugin.settings import Settings, SettingsError, read_settings
from plugin.store import Store, StoreError, open_store

json_option = click.option("--json", "as_data", is_flag=True, help="Print JSON, for scripts.")


def fail(sentence: str) -> NoReturn:
    """End the command with a message and exit code 1."""
    raise click.ClickException(sentence)


@contextmanager
def failures() -> Iterator[None]:
    """Turn the trouble of the world into messages."""
    try:
        yield
    except (SettingsError, StoreError, JiraTrouble, FieldsMissing) as trouble:
        fail(str(trouble))


def settings_or_fail() -> Settings:
    """The settings of the environment."""
    with failures():
        return read_settings()


def mappings_or_fail(settings: Settings) -> Mappings:
    """The mapping files, if they are wholly good; else every problem is printed."""
    directory = Path(settings.mappings_dir)
    loaded = load(directory)
    if loaded.mappings is None:
        for problem in loaded.problems:
            click.echo(f"{directory / str(problem)}", err=True)
        fail(f"The mapping files in {directory} cannot be used: correct what is listed above.")
    return loaded.mappings


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
def opened(settings: Settings) -> Iterator[tuple[Store, Callable[[], Mappings]]]:
    """What a running process needs: a migrated store, and the mappings as they are at any moment."""
    mappings_or_fail(settings)
    with store_of(settings) as store:
        store.migrate()
        yield store, Watched(Path(settings.mappings_dir)).current


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
