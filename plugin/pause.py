"""When nobody of a process calls Jira: it asks for a pause, is away, or cannot be worked with until somebody acts."""

import random
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog

from plugin.jira.errors import JiraBusy, JiraLockedOut, JiraTrouble, JiraUnavailable
from plugin.jira.fields import FieldsMissing

log = structlog.get_logger()

FIRST_WAIT = timedelta(seconds=2)
LONGEST_WAIT = timedelta(minutes=5)
UNTIL_CORRECTED = timedelta(seconds=20)
"""Between two looks whether a field is back: somebody may be correcting the mapping files just now, and watch."""

_TOLD: Final[dict[type[JiraTrouble], tuple[str, str]]] = {
    JiraLockedOut: ("error", "locked out of Jira: no request is worked until it lets us in"),
    FieldsMissing: ("error", "fields missing in Jira: no request is worked until they are there"),
    JiraUnavailable: ("warning", "Jira is away"),
    JiraBusy: ("warning", "Jira asks for a pause"),
}


@dataclass
class Pause:
    """What is wrong with Jira for everybody: no worker of this process calls it before `until`. Safe to share.

    An outage is nobody's request's fault: it parks none and counts as no attempt. It is told once when it begins, in
    words that say what to do, and once when it is over.
    """

    until: datetime = datetime(1, 1, 1, tzinfo=UTC)
    failures: int = 0
    trouble: str | None = None
    """What is wrong with Jira, in words that say what to do; None since it worked last."""
    lacking: str = ""
    """Which fields are missing, while requests are worked without them."""
    _failing: dict[str, int] = field(default_factory=dict)
    _told: type[JiraTrouble] | None = None
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def after(self, trouble: JiraTrouble, now: datetime, request: str | None = None) -> datetime:
        """Wait as long as Jira says, else longer with every failure in a row; returns when to look at `request` again.

        As long as it is the same request over and over again, and nobody else is there to try, only that one waits
        longer: whoever comes meanwhile may be better off.
        """
        with self._guard:
            tried = self._failing.get(request, 0) + 1 if request else 1
            if request:
                self._failing[request] = tried
            if now >= self.until and (tried == 1 or type(trouble) is not JiraUnavailable):
                # What other workers had under way when it began is the same failure.
                self.failures += 1
            if isinstance(trouble, FieldsMissing):
                own = others = now + UNTIL_CORRECTED
            else:
                own = trouble.retry_at or now + wait_after(tried)
                others = trouble.retry_at or now + wait_after(max(self.failures, 1))
            self.until = max(self.until, others)
            # Whoever comes during the pause has waited longer when it ends, and goes first.
            own = max(own, self.until)
            news, self._told, self.trouble = type(trouble) is not self._told, type(trouble), str(trouble)
        if news:
            level, event = _TOLD[type(trouble)]
            getattr(log, level)(event, trouble=str(trouble), until=others.isoformat())
        return own

    def over(self) -> None:
        """Jira has answered, and a request was worked."""
        with self._guard:
            self.failures = 0
            self._failing.clear()
            told, self._told, self.trouble = self._told, None, None
        if told is not None:
            log.info("Jira works again")

    def lacks(self, missing: FieldsMissing | None) -> None:
        """Requests are worked without these fields: it is told when they are first missed, and when all are back."""
        lacking = str(missing or "")
        with self._guard:
            news, self.lacking = lacking != self.lacking, lacking
        if news and lacking:
            log.error("fields missing in Jira: requests are worked without them", trouble=lacking)
        elif news:
            log.info("no field is missing in Jira any more")


def wait_after(attempts: int) -> timedelta:
    """How long to wait after so many failures in a row: doubled each time, with jitter (0.7 to 1.3)."""
    doubled = min(FIRST_WAIT * (1 << min(attempts - 1, 20)), LONGEST_WAIT)
    return doubled * random.uniform(0.7, 1.3)
