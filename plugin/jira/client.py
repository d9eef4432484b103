"""What is asked of Jira, and done to it, by whoever works requests; `transport.py` has the HTTP."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Final
from urllib.parse import quote

from cachetools import TTLCache, cachedmethod

from plugin.contract.model import Organization
from plugin.jira.document import as_text
from plugin.jira.errors import JiraGone, JiraRefused
from plugin.jira.fields import KnownAs
from plugin.jira.pulse import BULK
from plugin.jira.transport import Json, Transport
from plugin.jira.trouble import DESK
from plugin.jira.values import account_of

CATALOGUE_SECONDS = 600
FRESH_SECONDS = 30
MEMBERSHIP_SECONDS = 300

_MOST: Final = 100
"""So many of a list at once, where Jira gives as many."""


class JiraClient(Transport):
    """Jira's REST API as one account sees it. Every method may raise the kinds of `JiraTrouble`."""

    @property
    def known_as(self) -> KnownAs:
        """How this site knows people."""
        return "accountId" if self.flavour == "cloud" else "name"

    @cached_property
    def _catalogue(self) -> TTLCache[str, list[Json]]:
        return TTLCache(1, CATALOGUE_SECONDS, self._seconds)

    @cached_property
    def _fresh(self) -> TTLCache[str, bool]:
        return TTLCache(100, FRESH_SECONDS, self._seconds)

    @cached_property
    def _account(self) -> TTLCache[Any, Any]:
        return TTLCache(1, CATALOGUE_SECONDS, self._seconds)

    @cached_property
    def _assignable(self) -> TTLCache[Any, Any]:
        return TTLCache(1_000, CATALOGUE_SECONDS, self._seconds)

    @cached_property
    def _memberships(self) -> TTLCache[Any, Any]:
        return TTLCache(10_000, MEMBERSHIP_SECONDS, self._seconds)

    def _seconds(self) -> float:
        return self._clock().timestamp()

    def myself(self) -> Json:
        """The account that we are: `GET /rest/api/2/myself`."""
        answer: Json = self.call("GET", "/rest/api/2/myself")
        return answer

    @cachedmethod(lambda self: self._account)
    def account(self) -> str | None:
        """By what Jira tells us from others, remembered for ten minutes."""
        return account_of(self.myself())

    def fields(self, afresh: str | None = None) -> list[Json]:
        """The site's field catalogue, remembered for ten minutes: `GET /rest/api/2/field`.

        `afresh` is why it is wanted afresh; for the same reason it is not asked for again within half a minute.
        """
        catalogue = self._catalogue.get("fields")
        if catalogue is None or (afresh is not None and afresh not in self._fresh):
            catalogue = self._catalogue["fields"] = self.call("GET", "/rest/api/2/field")
            self.names = {entry["id"]: str(entry.get("name")) for entry in catalogue}
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
        answer: Json = self.call("POST", BULK, body=body)
        return [
            {**issue, "fields": {name: as_text(value) for name, value in issue["fields"].items()}}
            for issue in answer["issues"]
        ]

    def changes(self, id_or_key: str) -> Iterator[Json]:
        """The whole change log, oldest first: Cloud only, where `issue` tells no more than the newest hundred."""
        return self.pages(f"/rest/api/2/issue/{_part(id_or_key)}/changelog", size=_MOST)

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
        path = f"/rest/api/2/issue/{_part(id_or_key)}/comment"
        return self.pages(path, {"orderBy": "-created"}, "comments", _MOST)

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

    @cachedmethod(lambda self: self._assignable)
    def is_assignable(self, account: str, project: str) -> bool | None:
        """Can requests of the project be assigned to this account? Remembered for ten minutes; None where we may not
        ask. `GET /rest/api/2/user/assignable/search`: Data Center searches by user name, and finds others beside.
        """
        who = {"accountId": "accountId", "name": "username"}[self.known_as]
        query = {who: account, "project": project, "maxResults": 100}
        try:
            found = self.call("GET", "/rest/api/2/user/assignable/search", query)
        except JiraRefused:
            return None
        return any(account_of(user) == account for user in found if isinstance(user, dict))

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

    @cachedmethod(lambda self: self._memberships)
    def organizations_of(self, account: str) -> tuple[Organization, ...]:
        """The organizations of a customer, remembered for five minutes. Cloud only: Data Center cannot be asked."""
        if self.flavour != "cloud":
            return ()
        found = self.pages("/rest/servicedeskapi/organization", {"accountId": account})
        return tuple(Organization(str(each["id"]), each["name"]) for each in found)

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
        query: Json = {"jql": jql, "fields": ",".join(fields)}
        if self.flavour != "cloud":
            yield from self.pages("/rest/api/2/search", query, "issues", _MOST)
            return
        query["maxResults"] = _MOST
        if properties:
            query["properties"] = ",".join(properties)
        while True:
            page = self.call("GET", "/rest/api/2/search/jql", query)
            yield from page["issues"]
            if page.get("isLast", True) or not page.get("nextPageToken"):
                return
            query["nextPageToken"] = page["nextPageToken"]


def _part(text: str) -> str:
    return quote(text, safe="")


def _organization_property(organization: str, key: str) -> str:
    return f"/rest/servicedeskapi/organization/{_part(organization)}/property/{_part(key)}"
