"""How Jira spells its records in JSON: the two flavours differ mostly in how they call people. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from plugin.sandbox.records import Attachment, Change, Comment, Issue
from plugin.sandbox.site import Field, Named, Option, Organization, Person, Site, Status, Transition
from plugin.sandbox.values import Value, stamp

Json = dict[str, Any]

_CATEGORIES = {
    "new": (2, "blue-gray", "To Do"),
    "indeterminate": (4, "yellow", "In Progress"),
    "done": (3, "green", "Done"),
}
_CHANGES = 100
_PARTIAL = ("summary", "issuetype", "project", "assignee", "priority", "status")

_LANGUAGES = {"en": "English", "de": "Deutsch"}


@dataclass(frozen=True, slots=True)
class Speller:
    """Spells the records of `site` with links below `url`, the address that clients see."""

    site: Site
    url: str

    def user(self, person: Person, with_email: bool = True) -> Json:
        """A user. Cloud leaves the e-mail out of webhooks (`with_email=False`)."""
        common: Json = {
            "avatarUrls": {f"{n}x{n}": f"{self.url}/secure/useravatar?size={n}" for n in (16, 24, 32, 48)},
            "displayName": person.name,
            "active": True,
            "timeZone": "Etc/UTC",
        }
        if not self.site.cloud:
            link = f"{self._api}/user?username={person.username}"
            return {
                "self": link,
                "name": person.username,
                "key": person.key,
                "emailAddress": person.email,
                **common,
            }
        account: Json = {
            "self": f"{self._api}/user?accountId={person.account_id}",
            "accountId": person.account_id,
            "accountType": "atlassian" if person.agent else "customer",
        }
        return {**account, **({"emailAddress": person.email} if with_email else {}), **common}

    def issue(self, issue: Issue, only: Collection[str] | None = None, with_email: bool = True) -> Json:
        """An issue with all its fields, or with those named in `only`."""
        fields = self.fields(issue, with_email)
        if only is not None and "*all" not in only:
            fields = {id: value for id, value in fields.items() if id in only}
        return {"id": issue.id, "self": f"{self._api}/issue/{issue.id}", "key": issue.key, "fields": fields}

    def partial_issue(self, issue: Issue) -> Json:
        """The little that Cloud tells of an issue in a comment event."""
        return self.issue(issue, _PARTIAL, with_email=False)

    def fields(self, issue: Issue, with_email: bool = True) -> Json:
        """Every field of the site, null where the request has no value."""
        site, values = self.site, issue.values
        fields = {id: self.value(field, values.get(id), with_email) for id, field in site.fields.items()}
        resolution = issue.resolution
        return fields | {
            "issuetype": self.issue_type(),
            "project": self.project(issue.project_key),
            "status": self.status(self.site.statuses[issue.status]),
            "resolution": self.resolution(resolution) if resolution else None,
            "resolutiondate": stamp(issue.resolved) if issue.resolved else None,
            "reporter": self.user(issue.reporter, with_email),
            "creator": self.user(issue.creator, with_email),
            "created": stamp(issue.created),
            "updated": stamp(issue.updated),
            self.site.custom("vp-origin").id: self._request_type_value(issue),
        }

    def value(self, field: Field, value: Value, with_email: bool = True) -> Any:
        """One field's value; a list field without a value is an empty list, anything else null."""
        match value:
            case None:
                return [] if field.type == "array" else None
            case str() if field.kind == "sd-request-language":
                return {"languageCode": value, "displayName": _LANGUAGES[value]}
            case Option() if field.kind == "priority":
                return self.priority(value)
            case Person():
                return self.user(value, with_email)
            case Option():
                return {"self": f"{self._api}/customFieldOption/{value.id}", "value": value.value, "id": value.id}
            case datetime():
                return stamp(value)
            case (int(), *_):
                return [self.organization(self.site.organizations[id]) for id in value if isinstance(id, int)]
            case (Person(), *_):
                return [self.user(person, with_email) for person in value if isinstance(person, Person)]
            case _:
                return value

    def comment(self, issue: Issue, comment: Comment, with_email: bool = True) -> Json:
        """A comment as the platform API spells it; `jsdPublic` is Cloud's."""
        return {
            "self": f"{self._api}/issue/{issue.id}/comment/{comment.id}",
            "id": comment.id,
            "author": self.user(comment.author, with_email),
            "body": comment.body,
            "updateAuthor": self.user(comment.update_author, with_email),
            "created": stamp(comment.created),
            "updated": stamp(comment.updated),
            **({"jsdPublic": comment.public} if self.site.cloud else {}),
        }

    def attachment(self, attached: Attachment) -> Json:
        """A file on an issue as the platform API spells it; what is in it Data Center has outside of the API."""
        content = f"{self._api}/attachment/content/{attached.id}"
        return {
            "self": f"{self._api}/attachment/{attached.id}",
            "id": attached.id,
            "filename": attached.name,
            "author": self.user(attached.author),
            "created": stamp(attached.created),
            "size": len(attached.content),
            "mimeType": attached.kind,
            "content": content if self.site.cloud else f"{self.url}/secure/attachment/{attached.id}/{attached.name}",
        }

    def changelog(self, change: Change) -> Json:
        """A change as webhooks tell it; Data Center names the field by its display name only."""
        items = []
        for item in change.items:
            spelled: Json = {"field": item.field, "fieldtype": "custom" if item.custom else "jira"}
            if self.site.cloud:
                spelled["fieldId"] = item.field_id
            spelled |= {"from": item.before[0], "fromString": item.before[1]}
            spelled |= {"to": item.after[0], "toString": item.after[1]}
            items.append(spelled)
        return {"id": change.id, "items": items}

    def history(self, issue: Issue) -> Json:
        """The history as `expand=changelog` gives it, the newest change first; on Cloud only the newest hundred."""
        changes = self.changes(issue)[::-1]
        histories = changes[:_CHANGES] if self.site.cloud else changes
        return {"startAt": 0, "maxResults": len(histories), "total": len(changes), "histories": histories}

    def changes(self, issue: Issue) -> list[Json]:
        """Every change of an issue, the oldest first."""
        return [
            {"author": self.user(change.author), "created": stamp(change.at), **self.changelog(change)}
            for change in issue.history
        ]

    def field(self, field: Field) -> Json:
        """A field as `GET /field` lists it."""
        schema: Json = {"type": field.type}
        if field.items:
            schema["items"] = field.items
        clauses = [field.id]
        if field.custom:
            number = int(field.id.removeprefix("customfield_"))
            schema |= {"custom": field.custom, "customId": number}
            clauses = [f"cf[{number}]", field.name]
        else:
            schema["system"] = field.id
        return {
            "id": field.id,
            **({"key": field.id} if self.site.cloud else {}),
            "name": field.name,
            "custom": field.custom is not None,
            "orderable": True,
            "navigable": True,
            "searchable": True,
            "clauseNames": clauses,
            "schema": schema,
            **({"scope": {"type": "PROJECT", "project": {"id": field.scope}}} if field.scope else {}),
        }

    def transition(self, transition: Transition) -> Json:
        """A transition as offered; only Cloud tells whether it has a screen."""
        status = self.status(self.site.statuses[transition.target])
        spelled: Json = {"id": transition.id, "name": transition.name, "to": status}
        if self.site.cloud:
            spelled["hasScreen"] = transition.asks_resolution
        return spelled

    def status(self, status: Status) -> Json:
        """A status and its category."""
        number, colour, name = _CATEGORIES[status.category]
        return {
            "self": f"{self._api}/status/{status.id}",
            "description": "",
            "iconUrl": f"{self.url}/images/icons/statuses/generic.png",
            "name": status.name,
            "id": status.id,
            "statusCategory": {
                "self": f"{self._api}/statuscategory/{number}",
                "id": number,
                "key": status.category,
                "colorName": colour,
                "name": name,
            },
        }

    def priority(self, priority: Option) -> Json:
        """A priority."""
        return {
            "self": f"{self._api}/priority/{priority.id}",
            "iconUrl": f"{self.url}/images/icons/priorities/{priority.value.lower()}.svg",
            "name": priority.value,
            "id": priority.id,
        }

    def resolution(self, resolution: Named) -> Json:
        """A resolution."""
        link = f"{self._api}/resolution/{resolution.id}"
        return {"self": link, "id": resolution.id, "description": "", "name": resolution.name}

    def issue_type(self) -> Json:
        """The site's one issue type."""
        kind = self.site.issue_type
        return {
            "self": f"{self._api}/issuetype/{kind.id}",
            "id": kind.id,
            "description": "",
            "iconUrl": f"{self.url}/images/icons/issuetypes/generic.png",
            "name": kind.name,
            "subtask": False,
        }

    def project(self, key: str) -> Json:
        """The site's one project with a service desk, or another that a request was moved to."""
        project = self.site.project if key == self.site.project_key else Named(f"id-{key}", key)
        return {
            "self": f"{self._api}/project/{project.id}",
            "id": project.id,
            "key": key,
            "name": project.name,
            "projectTypeKey": "service_desk",
        }

    def organization(self, organization: Organization) -> Json:
        """An organization: the value of the Organizations field, and what servicedeskapi answers."""
        link = f"{self.url}/rest/servicedeskapi/organization/{organization.id}"
        return {"id": str(organization.id), "name": organization.name, "_links": {"self": link}}

    def request_type(self, kind: Named) -> Json:
        """A request type as servicedeskapi spells it."""
        link = f"{self.url}/rest/servicedeskapi/servicedesk/1/requesttype/{kind.id}"
        return {
            "id": kind.id,
            "_links": {"self": link},
            "name": kind.name,
            "description": "",
            "helpText": "",
            "issueTypeId": self.site.issue_type.id,
            "serviceDeskId": "1",
            "groupIds": ["1"],
        }

    def request_status(self, status: Status, since: datetime) -> Json:
        """A status as the portal shows it."""
        category = {"new": "NEW", "indeterminate": "INDETERMINATE", "done": "DONE"}[status.category]
        return {"status": status.name, "statusCategory": category, "statusDate": self.date(since)}

    def date(self, moment: datetime) -> Json:
        """A date in the four spellings of servicedeskapi."""
        return {
            "iso8601": f"{moment:%Y-%m-%dT%H:%M:%S%z}",
            "jira": stamp(moment),
            "friendly": f"{moment:%d/%b/%y %H:%M}",
            "epochMillis": int(moment.timestamp() * 1000),
        }

    def request_links(self, issue: Issue) -> Json:
        """Where a request is found: in the API, on the portal, and for the agent."""
        return {
            "jiraRest": f"{self._api}/issue/{issue.id}",
            "web": f"{self.url}/portal/{issue.key}",
            "agent": f"{self.url}/agent/{issue.key}",
            "self": f"{self.url}/rest/servicedeskapi/request/{issue.id}",
        }

    def _request_type_value(self, issue: Issue) -> Json | None:
        if issue.request_type is None:
            return None
        return {
            "_links": self.request_links(issue),
            "requestType": {"_expands": ["field"], **self.request_type(issue.request_type), "portalId": "1"},
            "currentStatus": self.request_status(self.site.statuses[issue.status], issue.status_since),
        }

    @property
    def _api(self) -> str:
        return f"{self.url}/rest/api/2"
