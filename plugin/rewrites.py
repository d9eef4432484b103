"""How often a request was made to say the same: when to stop insisting."""

import hashlib
import json
import threading
from datetime import datetime, timedelta

from plugin.jira.plan import REMARKS, SetFields


class Rewrites:
    """How often each request was made to say the same. Shared by the workers of a process; safe between threads.

    Kept in memory only: after a restart, or by another process, it is tried as often again. That bounds it.
    """

    MOST = 5
    """Equal writes within `WITHIN`; somebody who tries things out by hand stays below."""
    WITHIN = timedelta(hours=1)

    def __init__(self) -> None:
        self._written: dict[str, list[tuple[str, datetime]]] = {}
        self._guard = threading.Lock()

    def enough(self, request_id: str, edit: SetFields, now: datetime) -> bool:
        """Has the same been written so often lately that it is no use any more?"""
        with self._guard:
            self._forget(now)
            same = [digest for digest, _ in self._written.get(request_id, ()) if digest == _digest(edit)]
            return len(same) >= self.MOST

    def note(self, request_id: str, edit: SetFields, now: datetime) -> None:
        """Remember that this was written."""
        with self._guard:
            self._written.setdefault(request_id, []).append((_digest(edit), now))

    def _forget(self, now: datetime) -> None:
        for request_id, written in list(self._written.items()):
            kept = [(digest, at) for digest, at in written if now - at < self.WITHIN]
            if kept:
                self._written[request_id] = kept
            else:
                del self._written[request_id]


def _digest(edit: SetFields) -> str:
    """Of what the request is to say, whichever of its fields differ this time."""
    ruled = {name: value for name, value in edit.property.items() if name not in REMARKS}
    return hashlib.sha256(json.dumps(ruled, sort_keys=True).encode()).hexdigest()
