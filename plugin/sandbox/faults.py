"""Faults on demand: the next so many requests that match go wrong in a way the network or Jira is known for."""

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from enum import StrEnum


class Kind(StrEnum):
    """What goes wrong. Those that end with `_after`, and `half`, do the work first: only the answer is lost."""

    BUSY = "busy"  # 429, Retry-After in seconds
    BUSY_DATE = "busy_date"  # 429, Retry-After as an HTTP date
    BUSY_RESET = "busy_reset"  # 429, no Retry-After, X-RateLimit-Reset as Cloud has it
    BUSY_ISSUE = "busy_issue"  # 429 for too many writes to this one issue, Retry-After in seconds
    SPENT = "spent"  # a good answer, and nothing left of the rate limit for `seconds`
    NEAR = "near"  # a good answer, and little left of the rate limit
    CONFLICT = "conflict"  # 409
    TOO_LARGE = "too_large"  # 413
    BROKEN = "broken"  # 500
    UNAVAILABLE = "unavailable"  # 503
    UNAVAILABLE_RETRY = "unavailable_retry"  # 503, Retry-After in seconds
    BAD_GATEWAY = "bad_gateway"  # 502 and a page, as a proxy answers
    GATEWAY_TIMEOUT = "gateway_timeout"  # 504 and a page
    LOGIN_PAGE = "login_page"  # 200 and a page instead of JSON
    UNAUTHORIZED = "unauthorized"  # 401
    FORBIDDEN = "forbidden"  # 403
    RESET_BEFORE = "reset_before"
    RESET_AFTER = "reset_after"
    TIMEOUT_AFTER = "timeout_after"  # work, silence for `seconds`, then the connection closes
    SLOW = "slow"  # silence for `seconds`, then work and a good answer
    HALF = "half"  # half of the answer, then the connection closes


_STATUS = {
    Kind.BUSY: (429, "Rate limit exceeded."),
    Kind.BUSY_DATE: (429, "Rate limit exceeded."),
    Kind.BUSY_RESET: (429, "Rate limit exceeded."),
    Kind.BUSY_ISSUE: (429, "Rate limit exceeded."),
    Kind.CONFLICT: (409, "The issue is being changed by somebody else."),
    Kind.TOO_LARGE: (413, "The request is too large."),
    Kind.BAD_GATEWAY: (502, ""),
    Kind.GATEWAY_TIMEOUT: (504, ""),
    Kind.LOGIN_PAGE: (200, ""),
    Kind.BROKEN: (500, "Internal server error"),
    Kind.UNAVAILABLE: (503, "The service is temporarily unavailable."),
    Kind.UNAVAILABLE_RETRY: (503, "The service is temporarily unavailable."),
    Kind.UNAUTHORIZED: (401, "Client must be authenticated to access this resource."),
    Kind.FORBIDDEN: (403, "You do not have the permission to see the specified issue."),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """`kind` for the next `times` requests whose method is `method` ("*": any), and whose path and body match.

    `path` is a regular expression searched for in the path without the query, `body` one for what is sent. `seconds` is
    the Retry-After, or how long a time-out stays silent.
    """

    kind: Kind
    method: str = "*"
    path: str = ""
    times: int = 1
    seconds: float = 1.0
    body: str = ""

    def spent(self, now: datetime) -> dict[str, str]:
        """The headers with which Cloud says that nothing is left of its rate limit."""
        reset = (now + timedelta(seconds=self.seconds)).isoformat(timespec="milliseconds")
        return {"X-RateLimit-Limit": "350", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": reset}

    def near(self) -> dict[str, str]:
        """The headers with which Cloud says that little is left of its rate limit."""
        return {"X-RateLimit-Limit": "350", "X-RateLimit-Remaining": "60", "X-RateLimit-NearLimit": "true"}

    def answer(self, now: datetime) -> tuple[int, str, dict[str, str]] | None:
        """Status, message ("": a page) and headers of a fault that answers in Jira's place; None for any other."""
        if self.kind not in _STATUS:
            return None
        status, message = _STATUS[self.kind]
        match self.kind:
            case Kind.BUSY | Kind.UNAVAILABLE_RETRY:
                return status, message, {"Retry-After": f"{self.seconds:.0f}"}
            case Kind.BUSY_ISSUE:
                per_issue = {"RateLimit-Reason": "jira-per-issue-on-write"}
                return status, message, {"Retry-After": f"{max(1, self.seconds):.0f}", **per_issue}
            case Kind.BUSY_DATE:
                until = (now + timedelta(seconds=self.seconds)).replace(microsecond=0)
                return status, message, {"Retry-After": format_datetime(until, usegmt=True)}
            case Kind.BUSY_RESET:
                return status, message, self.spent(now)
            case _:
                return status, message, {}


class Faults:
    """The faults still to happen; the first that matches is used up first."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.clock = clock
        self._waiting: list[tuple[Fault, int]] = []
        self._lock = threading.Lock()

    def add(self, fault: Fault) -> None:
        """Let `fault` happen from now on. `re.error` when its path or body is no regular expression."""
        re.compile(fault.path)
        re.compile(fault.body)
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

    def take(self, method: str, path: str, body: str) -> Fault | None:
        """The fault that hits this request, if any; it is used up by one."""
        with self._lock:
            for place, (fault, left) in enumerate(self._waiting):
                fits = fault.method in ("*", method) and re.search(fault.path, path) and re.search(fault.body, body)
                if fits:
                    if left > 1:
                        self._waiting[place] = (fault, left - 1)
                    else:
                        del self._waiting[place]
                    return fault
        return None
