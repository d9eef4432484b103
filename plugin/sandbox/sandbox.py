"""One running sandbox: the site, its requests, its webhooks, its faults and its traffic, tied together."""

import json
import threading
from base64 import b64decode
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from plugin.sandbox.events import payload
from plugin.sandbox.faults import Faults
from plugin.sandbox.seed import seed
from plugin.sandbox.site import Person, Site
from plugin.sandbox.spelling import Speller
from plugin.sandbox.state import Event, Jira
from plugin.sandbox.webhooks import Webhooks
from plugin.sandbox.wire import Traffic

RETRY_DELAYS = (0.2, 0.5, 1.0, 2.0, 4.0)


def utc_now() -> datetime:
    """The clock of a sandbox that was given none."""
    return datetime.now(UTC)


class Sandbox:
    """A small Jira Service Management in memory.

    `url` is the address that its links name. Webhooks go to `webhook_url`, signed when there is a `webhook_secret`;
    `retry_delays` are seconds. `clock` answers aware datetimes.
    """

    def __init__(
        self,
        site: Site | None = None,
        *,
        url: str = "http://jira.example",
        webhook_url: str | None = None,
        webhook_secret: str | None = None,
        retry_delays: Sequence[float] = RETRY_DELAYS,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self.site = site or seed()
        self.url = url
        self.clock = clock
        self.webhooks = Webhooks(self.site.cloud, webhook_url, webhook_secret, retry_delays)
        self.faults = Faults(clock)
        self.traffic = Traffic()
        self.jira = Jira(self.site, clock, self._tell)
        self._revoked: set[str] = set()
        self._lock = threading.Lock()

    @property
    def speller(self) -> Speller:
        """Spells this site's records with links to `url`."""
        return Speller(self.site, self.url)

    def revoke(self, who: str) -> None:
        """From now on refuse the token of this person (e-mail, accountId or user name); `KeyError` if unknown."""
        with self._lock:
            self._revoked.add(self.site.person(who).email)

    def restore(self, who: str) -> None:
        """Accept the token of this person again."""
        with self._lock:
            self._revoked.discard(self.site.person(who).email)

    def authenticate(self, authorization: str | None) -> Person | None:
        """Who sends this Authorization header: `Basic` with e-mail or user name and token, or `Bearer` with a token."""
        scheme, _, credentials = (authorization or "").partition(" ")
        name = None
        if scheme.lower() == "basic":
            try:
                name, _, token = b64decode(credentials, validate=True).decode().partition(":")
            except ValueError:
                return None
        elif scheme.lower() == "bearer":
            token = credentials
        else:
            return None
        for person in self.site.people:
            if person.token == token and name in (None, person.email, person.username):
                with self._lock:
                    return None if person.email in self._revoked else person
        return None

    def _tell(self, event: Event) -> None:
        body = json.dumps(payload(self.speller, event), ensure_ascii=False).encode()
        self.webhooks.send(event.name, event.issue.key, body)
