"""The only HTTP towards Jira: one authenticated session of the `jira` package, its gaps filled.

That package would send a POST again whose answer was lost, has no time-out of its own, fails on a Retry-After that is
a date and on errors that are not Jira's, and forgets which field an error is about; so of its session only what
authenticates is used, without its retries (they are the door's) and its reading of errors. It offers nothing for
organizations, entity properties on edit and servicedeskapi.
A `requests` session is not for several threads: one client per worker.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final, Literal
from urllib.parse import quote, urlencode

import requests
from cachetools import TTLCache
from jira import JIRA

from plugin.contract.model import Organization
from plugin.figures import Figures
from plugin.jira.document import as_text
from plugin.jira.errors import JiraGone, JiraLockedOut, JiraRefused, JiraTrouble, JiraUnavailable
from plugin.jira.fields import KnownAs
from plugin.jira.gateway import ClientCredentials, through
from plugin.jira.keepable import content
from plugin.jira.pace import Pace
from plugin.jira.pulse import Pulse
from plugin.jira.read import account_of
from plugin.jira.trouble import DESK, Allowance, allowance, alone, near_limit, spent_until, trouble_of, untrusted

TIMEOUT = (5, 30)
"""Seconds to connect, and to wait for an answer."""

CATALOGUE_SECONDS = 600
FRESH_SECONDS = 30
MEMBERSHIP_SECONDS = 300

_FOR_ALL: Final = ("/rest/api/2/field", "/rest/api/2/myself")
"""What every look needs: where it fails, no request can be worked."""

_ONE_ISSUE: Final = re.compile(r"/rest/(?:api/2/issue|servicedeskapi/request)/([^/]+)")

Json = dict[str, Any]


def _now() -> datetime:
    return datetime.now(UTC)


class JiraClient:
    """Jira's REST API as one account sees it. Every method may raise the kinds of `JiraTrouble`.

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
        self._credentials, self._gateway, self._base = credentials, gateway, None if gateway else self.url
        authentication: Json = {"basic_auth": (email, token)} if email else {"token_auth": token}
        self._jira = JIRA(server=self.url, get_server_info=False, max_retries=0, timeout=timeout, **authentication)
        if credentials:
            self._jira._session.auth = credentials
        self._catalogue: TTLCache[str, list[Json]] = TTLCache(1, CATALOGUE_SECONDS, self._seconds)
        self._fresh: TTLCache[str, bool] = TTLCache(100, FRESH_SECONDS, self._seconds)
        self._account: TTLCache[str, str | None] = TTLCache(1, CATALOGUE_SECONDS, self._seconds)
        self._assignable: TTLCache[tuple[str, str], bool | None] = TTLCache(1_000, CATALOGUE_SECONDS, self._seconds)
        self._memberships: TTLCache[str, tuple[Organization, ...]] = TTLCache(10_000, MEMBERSHIP_SECONDS, self._seconds)

    @property
    def base(self) -> str:
        """The address that is really asked: the site's own, or the gateway's for it."""
        if self._base is None:
            self._base = through(self._gateway or "", self.url, self._timeout)
        return self._base

    @property
    def known_as(self) -> KnownAs:
        """How this site knows people."""
        return "accountId" if self.flavour == "cloud" else "name"

    def _seconds(self) -> float:
        return self._clock().timestamp()

    def close(self) -> None:
        """Give the connections back."""
        self._jira._session.close()

    def myself(self) -> Json:
        """The account that we are: `GET /rest/api/2/myself`."""
        answer: Json = self.call("GET", "/rest/api/2/myself")
        return answer

    def account(self) -> str | None:
        """By what Jira tells us from others, remembered for ten minutes."""
        if "own" not in self._account:
            self._account["own"] = account_of(self.myself())
        return self._account["own"]

    def fields(self, afresh: str | None = None) -> list[Json]:
        """The site's field catalogue, remembered for ten minutes: `GET /rest/api/2/field`.

        `afresh` is why it is wanted afresh; for the same reason it is not asked for again within half a minute.
        """
        catalogue = self._catalogue.get("fields")
        if catalogue is None or (afresh is not None and afresh not in self._fresh):
            catalogue = self._catalogue["fields"] = self.call("GET", "/rest/api/2/field")
            if afresh is not None:
                self._fresh[afresh] = True
        return catalogue

    def issue(self, id_or_key: str, fields: list[str], properties: list[str], history: bool = False) -> Json:
        """One issue with these fields and entity properties; `history` adds its change log."""
        query = {"fields": ",".join(fields), "updateHistory": "false"}
        if properties:
            query["properties"] = ",".join(properties)
        if history:
            query["expand"] = "changelog"
        answer: Json = self.call("GET", f"/rest/api/2/issue/{_part(id_or_key)}", query)
        return answer

    def issues(self, ids: Sequence[str], fields: list[str], properties: list[str]) -> list[Json]:
        """Up to a hundred issues with one call, as they are at this moment; Cloud only. Whoever is not there for us is
        left out. Version 3 of the API is the one that has it: a text with any markup in it is a document there.
        """
        body = {"issueIdsOrKeys": list(ids), "fields": fields, "properties": properties}
        answer: Json = self.call("POST", "/rest/api/3/issue/bulkfetch", body=body)
        return [
            {**issue, "fields": {name: as_text(value) for name, value in issue["fields"].items()}}
            for issue in answer["issues"]
        ]

    def changes(self, id_or_key: str) -> Iterator[Json]:
        """The whole change log, oldest first: Cloud only, where `issue` tells no more than the newest hundred."""
        path, start = f"/rest/api/2/issue/{_part(id_or_key)}/changelog", 0
        while True:
            page = self.call("GET", path, {"startAt": start, "maxResults": 100})
            yield from page["values"]
            start += len(page["values"])
            if page.get("isLast", True) or not page["values"]:
                return

    def edit(self, id_or_key: str, fields: Mapping[str, Any], properties: Mapping[str, Any]) -> None:
        """Set fields and entity properties in one call: `PUT /rest/api/2/issue/{key}`.

        Never with `notifyUsers=false`: of an account that is no administrator, Cloud says, such a request is ignored.
        """
        body: Json = {"properties": [{"key": key, "value": value} for key, value in properties.items()]}
        if fields:
            body["fields"] = dict(fields)
        self.call("PUT", f"/rest/api/2/issue/{_part(id_or_key)}", body=body)

    def comment(self, id_or_key: str, body: str, properties: Mapping[str, Any]) -> str:
        """Write a comment with entity properties; returns its id. Public, unless `sd.public.comment` says internal."""
        listed = [{"key": key, "value": value} for key, value in properties.items()]
        path = f"/rest/api/2/issue/{_part(id_or_key)}/comment"
        return str(self.call("POST", path, body={"body": body, "properties": listed})["id"])

    def comments(self, id_or_key: str) -> Iterator[Json]:
        """All comments on an issue, newest first."""
        path, start = f"/rest/api/2/issue/{_part(id_or_key)}/comment", 0
        while True:
            page = self.call("GET", path, {"startAt": start, "maxResults": 100, "orderBy": "-created"})
            yield from page["comments"]
            start += len(page["comments"])
            if not page["comments"] or start >= page["total"]:
                return

    def public_comments(self, id_or_key: str) -> frozenset[str]:
        """The ids of the comments that the customer sees: `GET /rest/servicedeskapi/request/{key}/comment`."""
        path = f"{DESK}request/{_part(id_or_key)}/comment"
        found = self.pages(path, {"public": "true", "internal": "false"})
        return frozenset(str(each["id"]) for each in found if each.get("public") is True)

    def slas(self, id_or_key: str) -> list[Json]:
        """What Jira's own SLAs measure of a request: `GET /rest/servicedeskapi/request/{key}/sla`, for agents only."""
        return list(self.pages(f"{DESK}request/{_part(id_or_key)}/sla"))

    def comment_property(self, comment_id: str, key: str) -> Any:
        """The value of an entity property of a comment; None where it has none."""
        try:
            return self.call("GET", f"/rest/api/2/comment/{_part(comment_id)}/properties/{_part(key)}")["value"]
        except JiraGone:
            return None

    def is_assignable(self, account: str, project: str) -> bool | None:
        """Can requests of the project be assigned to this account? Remembered for ten minutes; None where we may not
        ask. `GET /rest/api/2/user/assignable/search`: Data Center searches by user name, and finds others beside.
        """
        if (account, project) not in self._assignable:
            who = {"accountId": "accountId", "name": "username"}[self.known_as]
            query = {who: account, "project": project, "maxResults": 100}
            try:
                found = self.call("GET", "/rest/api/2/user/assignable/search", query)
                assignable: bool | None = any(account_of(user) == account for user in found if isinstance(user, dict))
            except JiraRefused:
                assignable = None
            self._assignable[account, project] = assignable
        return self._assignable[account, project]

    def add_participant(self, id_or_key: str, account: str) -> None:
        """Share the request with somebody; one who takes part already does so still.

        `POST /rest/servicedeskapi/request/{key}/participant`: Cloud wants account ids, Data Center user names.
        """
        people = {"accountId": "accountIds", "name": "usernames"}[self.known_as]
        self.call("POST", f"/rest/servicedeskapi/request/{_part(id_or_key)}/participant", body={people: [account]})

    def transitions(self, id_or_key: str) -> list[Json]:
        """The transitions offered to us from the issue's present status."""
        answer: list[Json] = self.call("GET", f"/rest/api/2/issue/{_part(id_or_key)}/transitions")["transitions"]
        return answer

    def transition(self, id_or_key: str, transition_id: str) -> None:
        """Take a transition. Never with a comment inside: Jira may drop it and still answer 204."""
        body = {"transition": {"id": transition_id}}
        self.call("POST", f"/rest/api/2/issue/{_part(id_or_key)}/transitions", body=body)

    def organizations_of(self, account: str) -> tuple[Organization, ...]:
        """The organizations of a customer, remembered for five minutes. Cloud only: Data Center cannot be asked."""
        if self.flavour != "cloud":
            return ()
        memberships = self._memberships.get(account)
        if memberships is None:
            found = self.pages("/rest/servicedeskapi/organization", {"accountId": account})
            memberships = tuple(Organization(str(each["id"]), each["name"]) for each in found)
            self._memberships[account] = memberships
        return memberships

    def organizations(self) -> Iterator[Organization]:
        """Every organization of the site that our account may see."""
        for each in self.pages("/rest/servicedeskapi/organization", {}):
            yield Organization(str(each["id"]), each["name"])

    def organization_property(self, organization: str, key: str) -> Any:
        """The value of an organization's entity property; None where it has none."""
        try:
            return self.call("GET", _organization_property(organization, key))["value"]
        except JiraGone:
            return None

    def set_organization_property(self, organization: str, key: str, value: Any) -> None:
        """Set an organization's entity property, at most 32,768 bytes of JSON."""
        self.call("PUT", _organization_property(organization, key), body=value)

    def search(self, jql: str, fields: list[str], properties: list[str] | None = None) -> Iterator[Json]:
        """Every issue that fits: `/search/jql` with tokens on Cloud, `/search` with offsets on Data Center.

        Entity properties come along on Cloud only; Data Center's search cannot give them.
        """
        query: Json = {"jql": jql, "fields": ",".join(fields), "maxResults": 100}
        if self.flavour == "cloud":
            if properties:
                query["properties"] = ",".join(properties)
            while True:
                page = self.call("GET", "/rest/api/2/search/jql", query)
                yield from page["issues"]
                if page.get("isLast", True) or not page.get("nextPageToken"):
                    return
                query["nextPageToken"] = page["nextPageToken"]
        start = 0
        while True:
            page = self.call("GET", "/rest/api/2/search", {**query, "startAt": start})
            yield from page["issues"]
            start += len(page["issues"])
            if not page["issues"] or start >= page["total"]:
                return

    def pages(self, path: str, query: Json | None = None) -> Iterator[Json]:
        """Everything that a list of servicedeskapi has, page by page."""
        start = 0
        while True:
            page = self.call("GET", path, {**(query or {}), "start": start, "limit": 50})
            yield from page["values"]
            start += len(page["values"])
            if page.get("isLastPage", True) or not page["values"]:
                return

    def call(self, method: str, path: str, query: Json | None = None, body: Any = None) -> Any:
        """One call of the REST API; what it answers, None where that is nothing."""
        try:
            answer = self._asked(method, path, query, body)
        except JiraTrouble as trouble:
            self._figures.called(trouble.kind)
            raise
        self._figures.called("ok")
        return answer

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
            told = type(error).__name__
            unanswered = JiraUnavailable(f"Jira at {self.url} did not answer {what} ({told}).")
            # From None: what the library says of it, and its frames, may hold the token.
            raise self._diagnosed(unanswered, method, address) from None
        self.allowance = allowance(answer) or self.allowance
        names = {entry["id"]: str(entry.get("name")) for entry in self._catalogue.get("fields") or ()}
        trouble = trouble_of(answer, what, self._clock(), names)
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


def _part(text: str) -> str:
    return quote(text, safe="")


def _organization_property(organization: str, key: str) -> str:
    return f"/rest/servicedeskapi/organization/{_part(organization)}/property/{_part(key)}"
