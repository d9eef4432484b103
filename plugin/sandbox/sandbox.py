"""One running sandbox: the site, its requests, its webhooks, its faults and its traffic, tied together."""

import json
import threading
from base64 import b64decode
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from plugin.sandbox import jql
from plugin.sandbox.events import payload
from plugin.sandbox.faults import Faults
from plugin.sandbox.permissions import usual
from plugin.sandbox.records import Event, Issue
from plugin.sandbox.seed import seed
from plugin.sandbox.site import Field, Person, Site
from plugin.sandbox.sla import Sla
from plugin.sandbox.spelling import Speller
from plugin.sandbox.state import Jira, Refused
from plugin.sandbox.webhooks import Hook, Webhooks
from plugin.sandbox.wire import Traffic

RETRY_DELAYS = (0.2, 0.5, 1.0, 2.0, 4.0)
BEARER_LASTS = timedelta(hours=1)


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
        self.webhooks = Webhooks(self.site.guise, webhook_url, webhook_secret, retry_delays)
        self.faults = Faults(clock)
        self.traffic = Traffic()
        self.sla = Sla()
        self.jira = Jira(self.site, clock, self._tell)
        self.trash: dict[str, Field] = {}
        self.temporary_files: dict[str, tuple[str, str, bytes]] = {}
        self.token_ends = clock() + timedelta(days=365)
        """When personal access tokens run out."""
        self.cloud_id = str(uuid5(NAMESPACE_URL, url))
        self._bearers: dict[str, tuple[Person, datetime]] = {}
        self._withheld: dict[str, frozenset[str]] = {}
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

    def withhold(self, who: str, *permissions: str) -> None:
        """Take these permissions, by Jira's keys, from somebody; none gives all of the usual ones back."""
        with self._lock:
            self._withheld[self.site.person(who).email] = frozenset(permissions)

    def permissions(self, person: Person) -> frozenset[str]:
        """What somebody may do, by Jira's keys for it."""
        with self._lock:
            return usual(person) - self._withheld.get(person.email, frozenset())

    def bearer(self, client_id: object, client_secret: object) -> str | None:
        """A token for an hour for the OAuth 2.0 client of an account; None where there is no such client."""
        for person in self.site.people:
            if self.site.cloud and person.agent and person.client == (client_id, client_secret):
                with self._lock:
                    token = f"bearer-{person.username}-{len(self._bearers) + 1}"
                    self._bearers[token] = person, self.clock() + BEARER_LASTS
                    return token
        return None

    def revoke_bearers(self) -> None:
        """No token that an OAuth 2.0 client was given is good any more."""
        with self._lock:
            self._bearers.clear()

    def authenticate(self, authorization: str | None, gateway: bool = False) -> Person | None:
        """Who sends this Authorization header: `Basic` with e-mail or user name and token, or `Bearer` with a token.

        The `gateway` of Cloud takes tokens with scopes and those of OAuth 2.0, the site itself all others.
        """
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
        with self._lock:
            bearers = [one for word, (one, until) in self._bearers.items() if word == token and self.clock() < until]
            for person in bearers if gateway and name is None else []:
                return None if person.email in self._revoked else person
        for person in self.site.people:
            valid = person.scoped_token if gateway else person.token
            if valid == token and name in (None, person.email, person.username):
                with self._lock:
                    return None if person.email in self._revoked else person
        return None

    def _tell(self, event: Event) -> None:
        body = json.dumps(payload(self.speller, event), ensure_ascii=False).encode()
        self.webhooks.send(event.name, event.issue.key, body, lambda hook: self._meant(hook, event.issue))

    def _meant(self, hook: Hook, issue: Issue) -> bool:
        if not hook.jql:
            return True
        try:
            return bool(jql.parse(hook.jql, self.site, self.clock(), bounds=False).run([issue]))
        except Refused:
            return False
