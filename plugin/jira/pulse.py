"""Is it Jira that is broken, or does it break on one request only? Told by which calls work meanwhile."""

import threading
from collections import Counter
from typing import Final

from cachetools import LRUCache

from plugin.jira.trouble import DESK

_FAILING: Final = 10_000
"""Calls that are remembered as failing; one that is forgotten counts as failing for the first time."""

BULK: Final = "/rest/api/3/issue/bulkfetch"
"""Where Cloud reads many issues by POST."""

Sort = tuple[bool, bool]


class Pulse:
    """What works and what fails, of all clients of a process together. Safe to share between threads.

    A call fails alone when it has failed before and another of its sort has worked since: Jira reads, say, and still
    not this one request. The sorts are reads and writes, of the platform and of servicedeskapi: Jira may be read-only
    for hours, or its service desk be away, and then no request is at fault.
    """

    def __init__(self) -> None:
        self._worked: Counter[Sort] = Counter()
        self._failed: LRUCache[str, int] = LRUCache(maxsize=_FAILING)
        self._guard = threading.Lock()

    def worked(self, method: str, address: str) -> None:
        """Jira has answered this call, and all was well."""
        with self._guard:
            self._worked[_sort(method, address)] += 1
            self._failed.pop(f"{method} {address}", None)

    def fails_alone(self, method: str, address: str) -> bool:
        """Jira has not answered this call, or said that it is broken; has it done better with others meanwhile?"""
        call = f"{method} {address}"
        with self._guard:
            worked = self._worked[_sort(method, address)]
            before = self._failed.get(call, worked)
            self._failed[call] = worked
        return worked > before


def _sort(method: str, address: str) -> Sort:
    reads = method == "GET" or address.startswith(BULK)
    return reads, address.startswith(DESK)
