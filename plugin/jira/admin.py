"""What administrators ask of Jira, and do to it: fields, contexts, options, screens, webhooks, project properties.

Addresses and shapes are those of Atlassian's documents (Cloud platform v3, Data Center 10.3); webhooks are in neither:
https://developer.atlassian.com/cloud/jira/platform/webhooks/ and https://developer.atlassian.com/server/jira/platform/webhooks/.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from plugin.jira.client import JiraClient
from plugin.jira.errors import JiraGone
from plugin.jira.transport import Json
from plugin.jira.trouble import DESK

OLD_HOOKS: Final = "/rest/webhooks/1.0/webhook"
NEW_HOOKS: Final = "/rest/jira-webhook/1.0/webhooks"
"""Where Data Center has its webhooks from 10.0 on; everybody else has them at the old place."""

SIGNED_SINCE: Final = 10
"""The major version of Data Center from which on webhooks are signed."""

_FILTER: Final = "issue-related-events-section"


@dataclass(frozen=True, slots=True)
class HookWanted:
    """A webhook as it should be. `secret` is kept out of every print."""

    name: str
    url: str
    events: tuple[str, ...]
    jql: str
    secret: str

    def __repr__(self) -> str:
        return f"HookWanted({self.name!r}, {self.url!r})"


class Admin:
    """An administrator's calls, through a client of theirs. Every method may raise the kinds of `JiraTrouble`.

    `major` is the major version of Data Center; Cloud's does not matter.
    """

    def __init__(self, jira: JiraClient) -> None:
        self.jira, self.cloud = jira, jira.flavour == "cloud"
        self._api = "/rest/api/3" if self.cloud else "/rest/api/2"
        self.major = 0

    # What is there

    def server(self) -> Json:
        """What this Jira is, and what time it has; at the address that every kind of Jira has."""
        answer: Json = self.jira.call("GET", "/rest/api/2/serverInfo")
        return answer

    def permissions(self, keys: Sequence[str], project: str | None = None) -> frozenset[str]:
        """Which of these permissions our account has, in a project or anywhere."""
        query = {"permissions": ",".join(keys), **({"projectKey": project} if project else {})}
        told: Json = self._get("mypermissions", query)["permissions"]
        return frozenset(key for key in keys if told.get(key, {}).get("havePermission") is True)

    def fields(self) -> list[Json]:
        """The catalogue of fields, as it is at this moment."""
        catalogue: list[Json] = self.jira.call("GET", f"{self._api}/field")
        return catalogue

    def descriptions(self) -> dict[str, str]:
        """What each custom field says of itself."""
        found = self._pages("field/search", {"type": "custom"}) if self.cloud else self._pages("customFields")
        return {str(each["id"]): str(each.get("description") or "") for each in found}

    def project(self, key: str) -> Json:
        """What a project is."""
        return self._get(f"project/{_part(key)}")

    def contexts(self, field: str) -> dict[str, frozenset[str] | None]:
        """Cloud: the projects (ids) of each context of a field; None where it is for all of them."""
        found: dict[str, set[str] | None] = {}
        for row in self._pages(f"field/{field}/context/projectmapping"):
            if row.get("isGlobalContext"):
                found[str(row["contextId"])] = None
            elif (there := found.setdefault(str(row["contextId"]), set())) is not None:
                there.add(str(row.get("projectId")))
        return {id: None if projects is None else frozenset(projects) for id, projects in found.items()}

    def options(self, field: str, context: str) -> dict[str, str]:
        """Cloud: the options of a field in a context that are not disabled, by id."""
        found = self._pages(f"field/{field}/context/{context}/option")
        return {str(each["id"]): str(each["value"]) for each in found if not each.get("disabled")}

    def options_in_projects(self, field: str, project: str) -> dict[str, str]:
        """Data Center: the options of a field in a project (its id) that are not disabled, by id."""
        number = field.removeprefix("customfield_")
        query = {"projectIds": project, "maxResults": "1000"}
        found = self._get(f"customFields/{number}/options", query)["options"]
        return {str(each["id"]): str(each["value"]) for each in found if not each.get("disabled")}

    def screens_of(self, project: str) -> dict[str, frozenset[int]]:
        """Cloud: the screens with which requests of a project (its id) are edited and created; none if team-managed."""
        schemes = [
            str(each["issueTypeScreenScheme"]["id"])
            for each in self._pages("issuetypescreenscheme/project", {"projectId": project})
        ]
        used = {
            str(row["screenSchemeId"])
            for scheme in schemes
            for row in self._pages("issuetypescreenscheme/mapping", {"issueTypeScreenSchemeId": scheme})
        }
        found: dict[str, set[int]] = {"edit": set(), "create": set()}
        for scheme in used:
            for row in self._pages("screenscheme", {"id": scheme}):
                for use in found:
                    found[use].add(int(row["screens"].get(use) or row["screens"]["default"]))
        return {use: frozenset(screens) for use, screens in found.items()}

    def screens(self) -> dict[int, str]:
        """Every screen, by id."""
        if self.cloud:
            found: Iterable[Json] = self._pages("screens")
        else:
            found = self._all("screens")
        return {int(each["id"]): str(each["name"]) for each in found}

    def tabs(self, screen: int) -> dict[int, frozenset[str]]:
        """The fields on each tab of a screen, by the tab's id, in the order of the tabs."""
        tabs = self._all(f"screens/{screen}/tabs")
        return {
            int(tab["id"]): frozenset(
                str(each["id"]) for each in self._all(f"screens/{screen}/tabs/{tab['id']}/fields")
            )
            for tab in tabs
        }

    def newest(self, project: str) -> str | None:
        """The key of the newest request that we see in a project, if any."""
        jql = f'project = "{project}" ORDER BY created DESC'
        found: Json = next(iter(self.jira.search(jql, ["created"])), {})
        return found.get("key")

    def settable(self, key: str) -> dict[str, tuple[str, ...]]:
        """The fields that we may set on a request, and the options of each."""
        fields: Json = self._get(f"issue/{_part(key)}/editmeta")["fields"]
        return {id: _allowed(meta) for id, meta in fields.items()}

    def settable_at_creation(self, project: str) -> dict[str, tuple[str, ...]]:
        """The same for a new one, whatever its type: for a project that has none yet."""
        base, found = f"issue/createmeta/{_part(project)}/issuetypes", {}
        for kind in self._pages(base, of="issueTypes"):
            for meta in self._pages(f"{base}/{kind['id']}", of="fields"):
                found[str(meta["fieldId"])] = _allowed(meta)
        return found

    def desk(self, project: str) -> str | None:
        """The id of the service desk of a project."""
        found = self.jira.pages(f"{DESK}servicedesk")
        return next((str(each["id"]) for each in found if each.get("projectKey") == project), None)

    def request_types(self, desk: str) -> dict[str, str]:
        """The request types of a service desk: their names by id."""
        return {str(each["id"]): str(each["name"]) for each in self.jira.pages(f"{DESK}servicedesk/{desk}/requesttype")}

    def form(self, desk: str, request_type: str) -> frozenset[str]:
        """The fields that a customer is shown for a request type."""
        path = f"{DESK}servicedesk/{desk}/requesttype/{request_type}/field"
        return frozenset(str(each["fieldId"]) for each in self.jira.call("GET", path)["requestTypeFields"])

    def hooks(self) -> list[Json]:
        """The registered webhooks, as Jira tells of them."""
        found: list[Json] = self.jira.call("GET", self._hooks)
        return found

    def project_property(self, project: str, key: str) -> Any:
        """An entity property of a project; None where it has none."""
        try:
            return self._get(f"project/{_part(project)}/properties/{_part(key)}")["value"]
        except JiraGone:
            return None

    # What is done

    def set_project_property(self, project: str, key: str, value: Any) -> None:
        """Set an entity property of a project."""
        self._do("PUT", f"project/{_part(project)}/properties/{_part(key)}", value)

    def delete_project_property(self, project: str, key: str) -> None:
        """Remove an entity property of a project."""
        self._do("DELETE", f"project/{_part(project)}/properties/{_part(key)}")

    def create_field(self, name: str, type: str, searcher: str, description: str) -> None:
        """Make a custom field, to be had in all projects; one without a searcher could not be found by."""
        body = {"name": name, "description": description, "type": type, "searcherKey": searcher}
        self._do("POST", "field", body)

    def remove_field(self, field: str) -> None:
        """Cloud: into the trash, whence it can be restored for 60 days. Data Center: for good, with its values."""
        if self.cloud:
            self._do("POST", f"field/{field}/trash")
        else:
            self.jira.call("DELETE", f"{self._api}/customFields", {"ids": field})

    def create_context(self, field: str, name: str, projects: Sequence[str]) -> None:
        """Cloud: make a field to be had in these projects (ids)."""
        self._do("POST", f"field/{field}/context", {"name": name, "projectIds": list(projects), "issueTypeIds": []})

    def remove_context(self, field: str, context: str) -> None:
        """Cloud: take a context away."""
        self._do("DELETE", f"field/{field}/context/{context}")

    def add_options(self, field: str, context: str, values: Sequence[str]) -> None:
        """Cloud: add options to a field in a context."""
        body = {"options": [{"value": value, "disabled": False} for value in values]}
        self._do("POST", f"field/{field}/context/{context}/option", body)

    def remove_option(self, field: str, context: str, option: str) -> None:
        """Cloud: take an option away."""
        self._do("DELETE", f"field/{field}/context/{context}/option/{option}")

    def put_on_screen(self, screen: int, tab: int, field: str) -> None:
        """Put a field on a tab of a screen."""
        self._do("POST", f"screens/{screen}/tabs/{tab}/fields", {"fieldId": field})

    def take_off_screen(self, screen: int, tab: int, field: str) -> None:
        """Take a field off a tab of a screen."""
        self._do("DELETE", f"screens/{screen}/tabs/{tab}/fields/{field}")

    def register(self, wanted: HookWanted, id: str | None = None) -> None:
        """Register a webhook, or make the one with this id so."""
        filters = {_FILTER: wanted.jql}
        body: Json = {"name": wanted.name, "url": wanted.url, "events": list(wanted.events), "filters": filters}
        if self._has_new_hooks:
            # A secret beside the configuration would be ignored without a word.
            told = {"SECRET": wanted.secret, "EXCLUDE_BODY": "false", "FILTERS": json.dumps(filters)}
            body |= {"configuration": told, "active": True, "scopeType": "global"}
        else:
            body |= {"excludeBody": False, "enabled": True, "secret": wanted.secret}
        self.jira.call("PUT" if id else "POST", f"{self._hooks}/{id}" if id else self._hooks, body=body)

    def unregister(self, id: str) -> None:
        """Remove a webhook."""
        self.jira.call("DELETE", f"{self._hooks}/{id}")

    @property
    def _has_new_hooks(self) -> bool:
        return not self.cloud and self.major >= SIGNED_SINCE

    @property
    def _hooks(self) -> str:
        return NEW_HOOKS if self._has_new_hooks else OLD_HOOKS

    def _get(self, path: str, query: Mapping[str, str] | None = None) -> Json:
        answer: Json = self.jira.call("GET", f"{self._api}/{path}", dict(query or {}))
        return answer

    def _all(self, path: str) -> list[Json]:
        """A list; some versions of Data Center give a page of it where others give it bare."""
        answer: Any = self.jira.call("GET", f"{self._api}/{path}")
        values: list[Json] = answer["values"] if isinstance(answer, dict) else answer
        return values

    def _do(self, method: str, path: str, body: Any = None) -> None:
        self.jira.call(method, f"{self._api}/{path}", body=body)

    def _pages(self, path: str, query: Mapping[str, str] | None = None, of: str = "values") -> Iterator[Json]:
        return self.jira.pages(f"{self._api}/{path}", dict(query or {}), of)


def _allowed(meta: Json) -> tuple[str, ...]:
    """The options of a field, by the names that people know them by."""
    found = meta.get("allowedValues") or ()
    return tuple(str(each.get("value") or each.get("name")) for each in found if isinstance(each, dict))


def _part(text: str) -> str:
    return quote(text, safe="")
