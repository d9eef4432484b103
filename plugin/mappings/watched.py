"""Mapping files that are picked up when they change, without a restart, and only when they are wholly good."""

import os
import threading
import time
from datetime import timedelta
from pathlib import Path

from plugin.mappings.check import load_and_try
from plugin.mappings.edit import finish
from plugin.mappings.files import names_in
from plugin.mappings.journal import JOURNAL
from plugin.mappings.load import Mappings
from plugin.mappings.problem import Problem

Stamp = tuple[tuple[str, int, int, int, int], ...]


class MappingProblems(Exception):
    """The mapping files cannot be used; `problems` has all of them, and the text a line for each."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


class Watched:
    """The mappings in force: the last that were wholly good, their examples included. Safe to share between threads.

    Raises MappingProblems at once where there are none to begin with.
    """

    def __init__(self, directory: Path, every: timedelta = timedelta(seconds=1)) -> None:
        self._directory = directory
        self._every = every.total_seconds()
        self._lock = threading.Lock()
        finish(directory)
        # Taken before reading: what changes while it is read is read again.
        self._stamp = _stamp(directory)
        loaded = load_and_try(directory)
        if loaded.mappings is None:
            raise MappingProblems(loaded.problems)
        self._state: tuple[Mappings, tuple[Problem, ...]] = (loaded.mappings, ())
        self._looked = time.monotonic()

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What keeps the files as they are now from being used; none where they are in force."""
        return self._state[1]

    def current(self) -> Mappings:
        """The mappings in force. Looks for changed files now and then; never waits for another thread's look."""
        if time.monotonic() - self._looked >= self._every and self._lock.acquire(blocking=False):
            try:
                self._look()
            finally:
                self._lock.release()
        return self._state[0]

    def look(self) -> Mappings:
        """Look for changed files at once; the mappings in force then."""
        with self._lock:
            self._look()
        return self._state[0]

    def _look(self) -> None:
        self._looked = time.monotonic()
        stamp = _stamp(self._directory)
        if stamp == self._stamp:
            return
        loaded = load_and_try(self._directory)
        self._state = (loaded.mappings or self._state[0], loaded.problems)
        self._stamp = stamp


def _stamp(directory: Path) -> Stamp:
    """What changes when a file is edited, replaced, added or removed; costs one look at each file's entry."""
    return tuple(_file_stamp(directory, name) for name in (*names_in(directory), JOURNAL))


def _file_stamp(directory: Path, name: str) -> tuple[str, int, int, int, int]:
    try:
        entry = os.stat(directory / name)
    except OSError:
        return (name, 0, 0, 0, 0)
    return (name, entry.st_mtime_ns, entry.st_ctime_ns, entry.st_size, entry.st_ino)
