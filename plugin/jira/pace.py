"""Not faster than Jira takes it: the limits of Jira Cloud, kept ahead of time instead of found out by 429.

https://developer.atlassian.com/cloud/jira/platform/rate-limiting: from all callers of a site together 100 reads and 50
writes a second, and on one issue 20 writes in 2 s and 100 in 30 s. Data Center has limits only where its admin sets
some; there the same pace does no harm.
"""

import threading
import time
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Final

from limits import RateLimitItem, RateLimitItemPerSecond
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from plugin.jira.errors import JiraBusy, JiraHitch

ON_ONE_ISSUE: Final = (RateLimitItemPerSecond(20, 2), RateLimitItemPerSecond(100, 30))
_LONGEST_REST: Final = timedelta(minutes=5)
_LONGEST_SLEEP: Final = 2.5
"""Seconds: whoever has to wait longer for one issue lets others go first."""
_NEAR: Final = timedelta(seconds=10)
"""For how long a fifth of the pace is kept once Jira has said that little is left of its limit."""


class Pace:
    """How fast one process may go, all its clients together. Safe to share between threads.

    `per_second` reads and half as many writes.
    """

    def __init__(self, per_second: int, sleep: Callable[[float], None] = time.sleep) -> None:
        self._reads = RateLimitItemPerSecond(per_second)
        self._writes = RateLimitItemPerSecond(max(1, per_second // 2))
        self._slow = RateLimitItemPerSecond(max(1, per_second // 5))
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._guard = threading.Lock()
        self._sleep = sleep
        self._spent_until: datetime | None = None
        self._near_until: datetime | None = None

    def spent(self, until: datetime, now: datetime) -> None:
        """Jira says that nothing is left of its limit until then; five minutes are believed at most."""
        with self._guard:
            self._spent_until = min(until, now + _LONGEST_REST)

    def near(self, now: datetime) -> None:
        """Jira says that little is left of its limit: for some seconds all calls together go at a fifth of the pace."""
        with self._guard:
            self._near_until = now + _NEAR

    def wait(self, method: str, issue: str | None, now: datetime) -> None:
        """Return once a request may be sent, after fractions of a second as a rule.

        `issue` is the one that it writes to, None where it writes to none.

        Raises:
            JiraBusy: when Jira has said that nothing is left; that is the door's to wait out.
            JiraHitch: when this one issue has been written to so often that it would take long; likewise.
        """
        with self._guard:
            until, slowly = self._spent_until, self._near_until is not None and now < self._near_until
        if until is not None and now < until:
            raise JiraBusy(f"Jira said that nothing is left of its rate limit until {until:%H:%M:%S} UTC.", until)
        limits = [*self._limits(method, issue), *([(self._slow, "near")] if slowly else [])]
        while rest := self._rest(limits):
            if rest > _LONGEST_SLEEP:
                raise JiraHitch(
                    "This request was written to a hundred times within half a minute, which is as often as Jira takes "
                    "it; it goes on by itself. Look in its history who changes it so often.",
                    now + timedelta(seconds=rest),
                )
            self._sleep(rest)

    def _rest(self, limits: list[tuple[RateLimitItem, str]]) -> float:
        """Seconds to sleep before asking again; 0 when the request was counted and may go."""
        with self._guard:
            for item, key in limits:
                if not self._limiter.test(item, key):
                    return max(0.001, self._limiter.get_window_stats(item, key).reset_time - time.time())
            for item, key in limits:
                self._limiter.hit(item, key)
        return 0.0

    def _limits(self, method: str, issue: str | None) -> Iterable[tuple[RateLimitItem, str]]:
        yield (self._reads, "reads") if method in ("GET", "POST") else (self._writes, "writes")
        if issue is not None and method != "GET":
            yield from ((each, issue) for each in ON_ONE_ISSUE)
