"""The only HTTP towards Jira: one authenticated session of the `jira` package, its gaps filled.

That package would send a POST again whose answer was lost, has no time-out of its own and fails on a Retry-After that
is a date; so it gets no retries here (they are the door's), a time-out, and its errors are read anew. It offers nothing
for organizations, entity properties on edit and servicedeskapi: those calls go through its session.
A `requests` session is not for several threads: one client per worker.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Literal
from urllib.parse import quote

import requests
from cachetools import TTLCache
from jira import JIRA, JIRAError

from plugin.contract.model import Organization
from plugin.jira.errors import JiraBusy, JiraGone, JiraRefused, JiraUnavailable

TIMEOUT = (5, 30)
"""Seconds to connect, and to wait for an answer."""

CATALOGUE_SECONDS = 600
MEMBERSHIP_SECONDS = 300

Json = dict[str, Any]


def _now() -> datetime:
    return datetime.now(UTC)


class JiraClient:
    """Jira's REST API as one account sees it. Every method may raise the four kinds of `JiraTrouble`."""

    def __init__(
        self,
        url: str,
        email: str | None,
        token: str,
        flavour: Literal["cloud", "datacenter"],
        clock: Callable[[], datetime] = _now,
        timeout: tuple[float, float] = TIMEOUT,
    ) -> None:
        self.url = url.rstrip("/")
        self.flavour = flavour
        self._clock = clock
        authentication: Json = {"basic_auth": (email, token)} if email else {"token_auth": token}
        self._jira = JIRA(server=self.url, get_server_info=False, max_retries=0, timeout=timeout, **authentication)
        self._catalogue: TTLCache[str, list[Json]] = TTLCache(maxsize=1, ttl=CATALOGUE_SECONDS)
        self._memberships: TTLCache[str, tuple[Organization, ...]] = TTLCache(maxsize=10_000, ttl=MEMBERSHIP_SECONDS)

    def close(self) -> None:
        """Give the connections back."""
        self._jira._session.close()

    def myself(self) -> Json:
        """The account that we are: `GET /rest/api/2/myself`."""
        answer: Json = self._call("GET", "/rest/api/2/myself")
        return answer

    def fields(self, afresh: bool = False) -> list[Json]:
        """The site's field catalogue, remembered for ten minutes unless wanted afresh: `GET /rest/api/2/field`."""
        if afresh or "fields" not in self._catalogue:
            self._catalogue["fields"] = self._call("GET", "/rest/api/2/field")
        return self._catalogue["fields"]

    def issue(self, id_or_key: str, fields: list[str], properties: list[str], history: bool = False) -> Json:
        """One issue with these fields and entity properties; `history` adds its change log."""
        query = {"fields": ",".join(fields), "properties": ",".join(properties), "updateHistory": "false"}
        if history:
            query["expand"] = "changelog"
        answer: Json = self._call("GET", f"/rest/api/2/issue/{_part(id_or_key)}", query)
        return answer

    def edit(self, id_or_key: str, fields: Mapping[str, Any], properties: Mapping[str, Any]) -> None:
        """Set fields and entity properties in one call: `PUT /rest/api/2/issue/{key}`."""
        body: Json = {"properties": [{"key": key, "value": value} for key, value in properties.items()]}
        if fields:
            body["fields"] = dict(fields)
        self._call("PUT", f"/rest/api/2/issue/{_part(id_or_key)}", {"notifyUsers": "false"}, body)

    def comment(self, id_or_key: str, body: str, properties: Mapping[str, Any]) -> str:
        """Write a comment that the customer sees, carrying entity properties; returns its id."""
        listed = [{"key": key, "value": value} for key, value in properties.items()]
        path = f"/rest/api/2/issue/{_part(id_or_key)}/comment"
        return str(self._call("POST", path, body={"body": body, "properties": listed})["id"])

    def comments(self, id_or_key: str) -> Iterator[Json]:
        """All comments on an issue, newest first."""
        path, start = f"/rest/api/2/issue/{_part(id_or_key)}/comment", 0
        while True:
            page = self._call("GET", path, {"startAt": start, "maxResults": 100, "orderBy": "-created"})
            yield from page["comments"]
            start += len(page["comments"])
            if not page["comments"] or start >= page["total"]:
                return

    def comment_property(self, comment_id: str, key: str) -> Any:
        """The value of an entity property of a comment; None where it has none."""
        try:
            return self._call("GET", f"/rest/api/2/comment/{_part(comment_id)}/properties/{_part(key)}")["value"]
        except JiraGone:
            return None

    def transitions(self, id_or_key: str) -> list[Json]:
        """The transitions offered to us from the issue's present status."""
        answer: list[Json] = self._call("GET", f"/rest/api/2/issue/{_part(id_or_key)}/transitions")["transitions"]
        return answer

    def transition(self, id_or_key: str, transition_id: str) -> None:
        """Take a transition. Never with a comment inside: Jira may drop it and still answer 204."""
        body = {"transition": {"id": transition_id}}
        self._call("POST", f"/rest/api/2/issue/{_part(id_or_key)}/transitions", body=body)

    def organizations_of(self, account: str) -> tuple[Organization, ...]:
        """The organizations of a customer, remembered for five minutes. Cloud only: Data Center cannot be asked."""
        if self.flavour != "cloud":
            return ()
        if account not in self._memberships:
            found = self._pages("/rest/servicedeskapi/organization", {"accountId": account})
            self._memberships[account] = tuple(Organization(str(each["id"]), each["name"]) for each in found)
        return self._memberships[account]

    def organization_property(self, organization: str, key: str) -> Any:
        """The value of an organization's entity property; None where it has none."""
        try:
            return self._call("GET", _organization_property(organization, key))["value"]
        except JiraGone:
            return None

    def set_organization_property(self, organization: str, key: str, value: Any) -> None:
        """Set an organization's entity property, at most 32,768 bytes of JSON."""
        self._call("PUT", _organization_property(organization, key), body=value)

    def search(self, jql: str, fields: list[str]) -> Iterator[Json]:
        """Every issue that fits: `/search/jql` with tokens on Cloud, `/search` with offsets on Data Center."""
        query: Json = {"jql": jql, "fields": ",".join(fields), "maxResults": 100}
        if self.flavour == "cloud":
            while True:
                page = self._call("GET", "/rest/api/2/search/jql", query)
                yield from page["issues"]
                if page.get("isLast", True) or not page.get("nextPageToken"):
                    return
                query["nextPageToken"] = page["nextPageToken"]
        start = 0
        while True:
            page = self._call("GET", "/rest/api/2/search", {**query, "startAt": start})
            yield from page["issues"]
            start += len(page["issues"])
            if not page["issues"] or start >= page["total"]:
                return

    def _pages(self, path: str, query: Json) -> Iterator[Json]:
        start = 0
        while True:
            page = self._call("GET", path, {**query, "start": start, "limit": 50})
            yield from page["values"]
            start += len(page["values"])
            if page.get("isLastPage", True) or not page["values"]:
                return

    def _call(self, method: str, path: str, query: Json | None = None, body: Any = None) -> Any:
        try:
            # Organizations are an experimental part of servicedeskapi: without this header Jira answers 412.
            headers = {"X-ExperimentalApi": "opt-in"} if path.startswith("/rest/servicedeskapi/") else {}
            answer = self._jira._session.request(method, self.url + path, params=query, json=body, headers=headers)
        except JIRAError as error:
            raise self._trouble(error, f"{method} {path}") from None
        except requests.exceptions.RequestException as error:
            told = type(error).__name__
            raise JiraUnavailable(f"Jira at {self.url} did not answer {method} {path} ({told}).") from error
        if not answer.content:
            return None
        try:
            return answer.json()
        except ValueError:
            kind = answer.headers.get("Content-Type", "no content type")
            raise JiraUnavailable(
                f"Jira answered {method} {path} with {kind} instead of JSON; is a proxy or a login page in between?"
            ) from None

    def _trouble(self, error: JIRAError, what: str) -> Exception:
        status, answer = error.status_code or 0, error.response
        retry_at = _retry_at(answer, self._clock()) if answer is not None else None
        said = f"Jira answered {what} with {status}: {(error.text or 'nothing else').strip()[:500]}"
        if status == 429:
            return JiraBusy(said, retry_at)
        if status >= 500 or status == 408:
            return JiraUnavailable(said, retry_at)
        if status in _WHAT_TO_DO:
            return JiraRefused(f"{said}. {_WHAT_TO_DO[status]}")
        return JiraGone(said) if status == 404 else JiraRefused(said)


_WHAT_TO_DO = {
    401: "The token was revoked or has run out, or does not belong to JIRA_EMAIL: make a new one and set JIRA_TOKEN.",
    403: "Our account lacks a permission: it must be an agent who may browse, edit and comment in the project.",
}


def _retry_at(answer: requests.Response, now: datetime) -> datetime | None:
    """Retry-After, in seconds or as a date (RFC 9110, 10.2.3); None where there is none that makes sense."""
    said = answer.headers.get("Retry-After", "").strip()
    if said.isascii() and said.isdigit():
        return now + timedelta(seconds=min(int(said), 86_400))
    try:
        moment = parsedate_to_datetime(said)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _part(text: str) -> str:
    return quote(text, safe="")


def _organization_property(organization: str, key: str) -> str:
    return f"/rest/servicedeskapi/organization/{_part(organization)}/property/{_part(key)}"
