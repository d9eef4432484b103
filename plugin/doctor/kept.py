"""Looking once: what a look gave, or what it failed with, is kept for everybody who asks again; and it ends in time."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Generic, Self, TypeVar, overload

T = TypeVar("T")


class TooLong(Exception):
    """A look had no result in time; the text says so."""


class Kept:
    """Something that is looked at, with attributes that are `looked`. `patience`: seconds that each may take."""

    def __init__(self, patience: float) -> None:
        self.patience = patience
        self._found: dict[str, Future[Any]] = {}

    def within_time(self, find: Callable[[], T]) -> T:
        """What `find` returns or raises. Raises `TooLong` instead when its time is over."""
        return _within(self.patience, find).result()

    def keep(self, name: str, find: Callable[[], T]) -> T:
        """The same, found once."""
        if name not in self._found:
            self._found[name] = _within(self.patience, find)
        found: T = self._found[name].result()
        return found


class looked(Generic[T]):
    """An attribute of a `Kept` that is found when somebody first asks for it."""

    def __init__(self, find: Callable[[Any], T]) -> None:
        self._find = find
        self.__doc__ = find.__doc__

    def __set_name__(self, _owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, owner: None, kind: type) -> Self: ...
    @overload
    def __get__(self, owner: Kept, kind: type) -> T: ...
    def __get__(self, owner: Kept | None, kind: type) -> T | Self:
        if owner is None:
            return self
        return owner.keep(self._name, lambda: self._find(owner))


def _within(seconds: float, find: Callable[[], T]) -> Future[T]:
    """What `find` returned or raised, or that it did neither in time."""
    future: Future[T] = Future()

    def look() -> None:
        try:
            future.set_result(find())
        except BaseException as trouble:  # kept for whoever asks, and raised there
            future.set_exception(trouble)

    # A daemon: a look that never ends must not keep the process from ending.
    threading.Thread(target=look, daemon=True).start()
    try:
        future.exception(seconds)
    except TimeoutError:
        late: Future[T] = Future()
        late.set_exception(TooLong(f"There was no answer within {seconds:g} seconds."))
        return late
    return future
