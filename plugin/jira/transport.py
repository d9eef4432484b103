"""The only HTTP towards Jira: one authenticated session of the `jira` package, its gaps filled.

That package would send a POST again whose answer was lost, has no time-out of its own, fails on a Retry-After that is
a date and on errors that are not Jira's, and forgets which field an error is about; so of its session only what
authenticates is used, without its retries (they are the door's) and its reading of errors. It offers nothing for
organizations, entity properties on edit and servicedeskapi.
A `requests` session is not for several threads: one client per worker.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final, Literal
from urllib.parse import urlencode

import requests
from jira import JIRA

from plugin.figures import Figures
from plugin.jira.errors import JiraLockedOut, JiraTrouble, JiraUnavailable
from plugin.jira.gateway import ClientCredentials, through
from plugin.jira.keepable import content
from plugin.jira.pace import Pace
from plugin.jira.pulse import Pulse
from plugin.jira.trouble import (
    DESK,
    Allowance,
    allowance,
    alone,
    near_limit,
    spent_until,
    trouble_of,
    unanswered,
    untrusted,
)

TIMEOUT = (5, 30)
"""Seconds to connect, and to wait for an answer."""

_FOR_ALL: Final = ("/rest/api/2/field", "/rest/api/2/myself")
"""What every look needs: where it fails, no request can be worked."""

_ONE_ISSUE: Final = re.compile(r"/rest/(?:api/2/issue|servicedeskapi/request)/([^/]+)")

Json = dict[str, Any]


def _now() -> datetime:
    return datetime.now(UTC)


class Transport:
    """One account's calls to one Jira, each paced and its answer read; every one may raise the kinds of `JiraTrouble`.

    `credentials` are those of an OAuth 2.0 client, whose secret `token` then is; with a `gateway`, Cloud is reached
    through it. `timeout` is the seconds to connect, and to wait for the next bytes of an answer. `pace`, `pulse` and
    `figures` are shared by the clients of a process; without a pace nothing is held back.

    Raises:
        ValueError: when the token holds what no header may; the message does not show it.
    """

    def __init__(
        self,
        url: str,
        email: str | None,
        token: str,
        flavour: Literal["cloud", "datacenter"],
        clock: Callable[[], datetime] = _now,
        timeout: tuple[float, float] = TIMEOUT,
        pace: Pace | None = None,
        pulse: Pulse | None = None,
        figures: Figures | None = None,
        credentials: ClientCredentials | None = None,
        gateway: str | None = None,
    ) -> None:
        if not (token.isascii() and token.isprintable()) or " " in token:
            # The HTTP library would refuse it later, and print it.
            raise ValueError("JIRA_TOKEN holds a space, line break or letter that no token has: copy it anew.")
        self.url = url.rstrip("/")
        self.flavour = flavour
        self._clock, self._timeout, self._pace, self._pulse = clock, timeout, pace, pulse or Pulse()
        self._figures = figures or Figures()
        self.allowance: Allowance | None = None
        """What Jira said last of its rate limit."""
        self.names: Mapping[str, str] = {}
        """The fields' names by id, as far as they are known: Jira says which field was wrong by its id."""
        self._credentials, self._gateway, self._base = credentials, gateway, None if gateway else self.url
        authentication: Json = {"basic_auth": (email, token)} if email else {"token_auth": token}
        self._jira = JIRA(server=self.url, get_server_info=False, max_retries=0, timeout=timeout, **authentication)
        if credentials:
            self._jira._session.auth = credentials

    @property
    def base(self) -> str:
        """The address that is really asked: the site's own, or the gateway's for it."""
        if self._base is None:
            self._base = through(self._gateway or "", self.url, self._timeout)
        return self._base

    def close(self) -> None:
        """Give the connections back."""
        self._jira._session.close()

    def call(self, method: str, path: str, query: Json | None = None, body: Any = None) -> Any:
        """One call of the REST API; what it answers, None where that is nothing."""
        try:
            answer = self._asked(method, path, query, body)
        except JiraTrouble as trouble:
            self._figures.called(trouble.kind)
            raise
        self._figures.called("ok")
        return answer

    def pages(self, path: str, query: Json | None = None, of: str = "values", size: int = 50) -> Iterator[Json]:
        """Everything that a list has, page by page, `size` at once. `of` is what a page calls what is on it; some kinds
        of Jira call it `values` all the same.
        """
        start, most = ("start", "limit") if path.startswith(DESK) else ("startAt", "maxResults")
        seen = 0
        while True:
            page = self.call("GET", path, {start: seen, most: size, **(query or {})})
            values = page[of] if of in page else page["values"]
            yield from values
            seen += len(values)
            if not values or page.get("isLastPage", page.get("isLast", seen >= page.get("total", 0))):
                return

    def _asked(self, method: str, path: str, query: Json | None, body: Any) -> Any:
        what, address = f"{method} {path}", f"{path}?{urlencode(query or {})}"
        if self._pace:
            issue = _ONE_ISSUE.match(path)
            self._pace.wait(method, issue[1] if issue else None, self._clock())
        # Organizations are an experimental part of servicedeskapi: without this header Jira answers 412.
        headers = {"X-ExperimentalApi": "opt-in"} if path.startswith(DESK) else {}
        try:
            # Not `session.request`, which is the package's own. And a redirect is not followed: it would turn a write
            # into a GET, whose success is none.
            answer = requests.Session.request(
                self._jira._session,
                method,
                self.base + path,
                params=query,
                json=body,
                headers=headers,
                timeout=self._timeout,
                allow_redirects=False,
            )
        except requests.exceptions.SSLError as error:
            raise JiraUnavailable(f"Jira at {self.url} cannot be trusted: {untrusted(error)}") from None
        except requests.exceptions.RequestException as error:
            silent = JiraUnavailable(f"Jira at {self.url} did not answer {what}: {unanswered(error)}.")
            # From None: what the library says of it, and its frames, may hold the token.
            raise self._diagnosed(silent, method, address) from None
        self.allowance = allowance(answer) or self.allowance
        trouble = trouble_of(answer, what, self._clock(), self.names)
        if self._pace and (until := spent_until(answer, self._clock())):
            self._pace.spent(until, self._clock())
        if self._pace and near_limit(answer):
            self._pace.near(self._clock())
        if self._credentials and isinstance(trouble, JiraLockedOut):
            self._credentials.forget()
        if trouble is not None:
            raise self._diagnosed(trouble, method, address)
        self._pulse.worked(method, address)
        return content(answer) if answer.content else None

    def _diagnosed(self, trouble: JiraTrouble, method: str, address: str) -> JiraTrouble:
        """Is it Jira that is broken, or only this call? Where Jira says when it will be back, it is Jira."""
        if type(trouble) is not JiraUnavailable or trouble.retry_at or address.startswith(_FOR_ALL):
            return trouble
        return alone(trouble) if self._pulse.fails_alone(method, address) else trouble
