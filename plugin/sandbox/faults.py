"""Faults on demand: the next so many requests that match go wrong in a way the network or Jira is known for."""

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from enum import StrEnum


class Kind(StrEnum):
    """What goes wrong. `reset_after` and `timeout_after` do the work first, and only the answer is lost."""

    BUSY = "busy"  # 429, Retry-After in seconds
    BUSY_DATE = "busy_date"  # 429, Retry-After as an HTTP date
    BROKEN = "broken"  # 500
    UNAVAILABLE = "unavailable"  # 503
    UNAVAILABLE_RETRY = "unavailable_retry"  # 503, Retry-After in seconds
    UNAUTHORIZED = "unauthorized"  # 401
    FORBIDDEN = "forbidden"  # 403
    RESET_BEFORE = "reset_before"
    RESET_AFTER = "reset_after"
    TIMEOUT_AFTER = "timeout_after"  # work, silence for `seconds`, then the connection closes


_STATUS = {
    Kind.BUSY: (429, "Rate limit exceeded."),
    Kind.BUSY_DATE: (429, "Rate limit exceeded."),
    Kind.BROKEN: (500, "Internal server error"),
    Kind.UNAVAILABLE: (503, "The service is temporarily unavailable."),
    Kind.UNAVAILABLE_RETRY: (503, "The service is temporarily unavailable."),
    Kind.UNAUTHORIZED: (401, "Client must be authenticated to access this resource."),
    Kind.FORBIDDEN: (403, "You do not have the permission to see the specified issue."),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """`kind` for the next `times` requests whose method is `method` ("*": any) and whose path matches `path`.

    `path` is a regular expression searched for in the path without the query. `seconds` is the Retry-After, or how
    long a time-out stays silent.
    """

    kind: Kind
    method: str = "*"
    path: str = ""
    times: int = 1
    seconds: float = 1.0

    def answer(self, now: datetime) -> tuple[int, str, dict[str, str]] | None:
        """Status, message and headers of a fault that answers; None for one that does not."""
        if self.kind not in _STATUS:
            return None
        status, message = _STATUS[self.kind]
        match self.kind:
            case Kind.BUSY | Kind.UNAVAILABLE_RETRY:
                return status, message, {"Retry-After": f"{self.seconds:.0f}"}
            case Kind.BUSY_DATE:
                until = (now + timedelta(seconds=self.seconds)).replace(microsecond=0)
                return status, message, {"Retry-After": format_datetime(until, usegmt=True)}
            case _:
                return status, message, {}


class Faults:
    """The faults still to happen; the first that matches is used up first."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.clock = clock
        self._waiting: list[tuple[Fault, int]] = []
        self._lock = threading.Lock()

    def add(self, fault: Fault) -> None:
        """Let `fault` happen from now on. `re.error` when its path is no regular expression."""
        re.compile(fault.path)
        with self._lock:
            self._waiting.append((fault, fault.times))

    def clear(self) -> None:
        """No more faults."""
        with self._lock:
            self._waiting.clear()

    def waiting(self) -> list[tuple[Fault, int]]:
        """Faults with how often each will still happen."""
        with self._lock:
            return list(self._waiting)

    def take(self, method: str, path: str) -> Fault | None:
        """The fault that hits this request, if any; it is used up by one."""
        with self._lock:
            for place, (fault, left) in enumerate(self._waiting):
                if fault.method in ("*", method) and re.search(fault.path, path):
                    if left > 1:
                        self._waiting[place] = (fault, left - 1)
                    else:
                        del self._waiting[place]
                    return fault
        return None
