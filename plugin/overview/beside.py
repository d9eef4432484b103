"""Work that takes longer than a page may, done beside it: whoever asks again is told how far it is, then gets it."""

import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, TimeoutError
from dataclasses import dataclass
from datetime import timedelta
from threading import Lock
from typing import Final, Generic, Protocol, TypeVar

from cachetools import TTLCache

ASIDE: Final = timedelta(milliseconds=0.5)

T = TypeVar("T")
V_co = TypeVar("V_co", covariant=True)

KEPT: Final = 8
FOR: Final = timedelta(minutes=10)
"""So many results are remembered, for so long."""


class Counted(Protocol[V_co]):
    """Several of something, and how many."""

    def __iter__(self) -> Iterator[V_co]: ...
    def __len__(self) -> int: ...


@dataclass(slots=True)
class Progress:
    """How far a piece of work is: so many done `of` all; 0 of 0 before it is known how many there are."""

    done: int = 0
    of: int = 0

    def along(self, things: Counted[T]) -> Iterable[T]:
        """The same things, counted as they are worked."""
        self.of = len(things)
        for each in things:
            yield each
            self.done += 1
            # Whoever waits for the interpreter has it first: pages are answered meanwhile.
            time.sleep(ASIDE.total_seconds())


class Beside(Generic[T]):
    """Does work by a key, once, and remembers what came of it. Safe to share between threads.

    One piece after another: the process has requests to answer meanwhile.
    """

    def __init__(self) -> None:
        self._workers = ThreadPoolExecutor(max_workers=1, thread_name_prefix="beside")
        self._known: TTLCache[str, tuple[Future[T], Progress]] = TTLCache(KEPT, FOR.total_seconds())
        self._guard = Lock()

    def ask(self, key: str, work: Callable[[Progress], T], patience: timedelta) -> T | Progress:
        """What the work comes to, or how far it is where that takes longer than `patience`. Raises what it raises."""
        with self._guard:
            if key not in self._known:
                progress = Progress()
                self._known[key] = (self._workers.submit(work, progress), progress)
            future, progress = self._known[key]
        try:
            return future.result(patience.total_seconds())
        except TimeoutError:
            if not future.done():
                return progress
            raise
        finally:
            if future.done() and future.exception() is not None:
                # The next one who asks has it tried again.
                with self._guard:
                    self._known.pop(key, None)
