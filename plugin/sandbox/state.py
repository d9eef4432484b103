"""The requests of a sandbox, in memory, and everything that can be done to them. No HTTP; thread-safe."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from typing import Any

from plugin.sandbox.members import Members
from plugin.sandbox.records import Attachment, Change, Comment, Event, Issue, Item
from plugin.sandbox.site import Named, Person, Site, Transition
from plugin.sandbox.values import Value, parse, words


class Refused(Exception):
    """Jira says no: `status`, sentences for the whole request, and one sentence per field at fault."""

    def __init__(self, status: int, *messages: str, errors: Mapping[str, str] | None = None) -> None:
        super().__init__(status, messages, errors)
        self.status = status
        self.messages = messages
        self.errors = dict(errors or {})


class Jira:
    """The state of one site. Every write tells `listener` while the lock is held, so that events keep their order."""

    def __init__(self, site: Site, clock: Callable[[], datetime], listener: Callable[[Event], None]) -> None:
        self.site = site
        self.lock = threading.RLock()
        self.organization_properties: dict[tuple[int, str], Any] = {}
        self.members = Members(site)
        self._clock = clock
        self._listener = listener
        self._issues: dict[str, Issue] = {}
        self._numbers = count(1)
        self._comment_ids = count(10001)
        self._attachment_ids = count(10001)
        # A restarted sandbox must not repeat the change ids of the one before: receivers know deliveries by them.
        self._change_ids = count(int(time.time()))

    def issues(self) -> list[Issue]:
        """All requests, the newest first."""
        with self.lock:
            return list(reversed(self._issues.values()))

    def issue(self, id_or_key: str) -> Issue:
        """The request with this key or numeric id; `Refused` 404 as Jira says it."""
        with self.lock:
            for issue in self._issues.values():
                if id_or_key in (issue.id, issue.key):
                    return issue
        cloud = "Issue does not exist or you do not have permission to see it."
        raise Refused(404, cloud if self.site.cloud else "Issue Does Not Exist")

    def create(
        self,
        reporter: Person,
        by: Person,
        request_type: Named | None,
        raw: Mapping[str, Any],
        on_screen: Callable[[str], bool] | None = None,
    ) -> Issue:
        """Raise a request for `reporter`; it is shared with their organization where they belong to just one.

        `on_screen` is whether a field, by its id, may be set; those of the portal's form, where nothing else is said.
        """
        with self.lock:
            errors: dict[str, str] = {}
            values: dict[str, Value] = {"priority": self.site.default_priority}
            values |= self._parse(raw, errors, on_screen or (lambda id: self.site.fields[id].on_portal))
            if not values.get("summary") and "summary" not in errors:
                errors["summary"] = "You must specify a summary of the issue."
            if errors:
                raise Refused(400, errors=errors)
            values[self.site.custom("sd-request-language").id] = reporter.language
            shared = self.members.organizations(reporter)
            if len(shared) == 1:
                values[self.site.custom("sd-customer-organizations").id] = shared
            number, now = next(self._numbers), self._now()
            issue = Issue(
                id=str(10000 + number),
                key=f"{self.site.project_key}-{number}",
                request_type=request_type,
                reporter=reporter,
                creator=by,
                created=now,
                updated=now,
                status=self.site.first_status,
                status_since=now,
                values={id: value for id, value in values.items() if value is not None},
            )
            self._issues[issue.key] = issue
            items = [self._item(id, None, value) for id, value in issue.values.items()]
            change = Change(str(next(self._change_ids)), now, by, tuple(items))
            self._listener(Event("jira:issue_created", "issue_created", now, by, issue, change))
            return issue

    def edit(
        self,
        issue: Issue,
        by: Person,
        raw: Mapping[str, Any],
        comments: Sequence[str] = (),
        properties: Mapping[str, Any] | None = None,
    ) -> None:
        """Set fields, comments and properties in one go: all of it or, when one field is wrong, nothing."""
        with self._holding(issue):
            errors: dict[str, str] = {}
            values = self._parse(raw, errors, self.site.editable)
            if "summary" in values and not values["summary"]:
                errors["summary"] = "You must specify a summary of the issue."
            if errors:
                raise Refused(400, errors=errors)
            issue.properties.update(properties or {})
            items = []
            for id, value in values.items():
                old = issue.values.get(id)
                if old != value:
                    items.append(self._item(id, old, value))
                    issue.values[id] = value
            if items:
                self._changed(issue, by, "issue_updated", items)
            for body in comments:
                self.comment(issue, by, body, public=True)

    def comment(
        self, issue: Issue, by: Person, body: Any, public: bool, properties: Mapping[str, Any] | None = None
    ) -> Comment:
        """Add a comment. Jira tells the world twice: a comment event, and an update of the issue."""
        with self._holding(issue):
            if not isinstance(body, str) or not body.strip():
                raise Refused(400, errors={"comment": "Comment body can not be empty!"})
            now = self._now()
            comment = Comment(
                str(next(self._comment_ids)), by, by, body, now, now, public, properties=dict(properties or {})
            )
            issue.comments.append(comment)
            issue.updated = now
            self._listener(Event("comment_created", None, now, by, issue, comment=comment))
            self._listener(Event("jira:issue_updated", "issue_commented", now, by, issue, comment=comment))
            return comment

    def edit_comment(self, issue: Issue, comment: Comment, by: Person, body: str) -> None:
        """Change what a comment says."""
        with self._holding(issue):
            comment.body, comment.update_author, comment.updated = body, by, self._now()
            issue.updated = comment.updated
            self._listener(Event("comment_updated", None, comment.updated, by, issue, comment=comment))

    def delete_comment(self, issue: Issue, comment: Comment, by: Person) -> None:
        """Remove a comment for good."""
        with self.lock:
            issue.comments.remove(comment)
            issue.updated = self._now()
            self._listener(Event("comment_deleted", None, issue.updated, by, issue, comment=comment))

    def attach(self, issue: Issue, by: Person, name: str, kind: str, content: bytes) -> Attachment:
        """Put a file on a request."""
        with self._holding(issue):
            attached = Attachment(str(next(self._attachment_ids)), name, kind, content, by, self._now())
            issue.attachments.append(attached)
            item = Item("attachment", "Attachment", False, (None, None), (attached.id, name))
            self._changed(issue, by, "issue_updated", [item])
            return attached

    def comment_by_id(self, id: str) -> Comment:
        """The comment with this id on any request; `Refused` 404 as Jira says it."""
        with self.lock:
            for issue in self._issues.values():
                for comment in issue.comments:
                    if comment.id == id:
                        return comment
        raise Refused(404, f"Can not find a comment for the id: {id}.")

    def offered(self, issue: Issue) -> list[Transition]:
        """The transitions that lead away from the present status."""
        return [transition for transition in self.site.transitions if issue.status in transition.sources]

    def transition(self, issue: Issue, by: Person, id: str, raw: Mapping[str, Any]) -> None:
        """Move the request on; `Refused` 400 when the transition is not offered or its resolution is wrong."""
        with self._holding(issue):
            chosen = next((transition for transition in self.offered(issue) if transition.id == id), None)
            if chosen is None:
                raise Refused(400, f"Transition id '{id}' is not valid for this issue.")
            resolution = self._resolution(chosen, raw)
            before, after = self.site.statuses[issue.status], self.site.statuses[chosen.target]
            items = [Item("status", "status", False, (before.id, before.name), (after.id, after.name))]
            if resolution != issue.resolution:
                items.append(Item("resolution", "resolution", False, _named(issue.resolution), _named(resolution)))
            issue.status, issue.resolution, issue.status_since = after.id, resolution, self._now()
            issue.resolved = issue.status_since if resolution else None
            if after.category == "done":
                type_name = "issue_resolved"
            else:
                type_name = "issue_reopened" if before.category == "done" else "issue_generic"
            self._changed(issue, by, type_name, items)

    def move(self, issue: Issue, by: Person, key: str) -> None:
        """Move a request to another project, or back: it gets this key, and keeps its id."""
        with self._holding(issue):
            before, projects = issue.key, [issue.project_key, key.rpartition("-")[0]]
            del self._issues[before]
            issue.key = key
            self._issues[key] = issue
            items = [
                Item("Key", "Key", False, (None, before), (None, key)),
                Item("project", "project", False, (None, projects[0]), (None, projects[1])),
            ]
            self._changed(issue, by, "issue_moved", items)

    def delete_organization(self, id: int) -> None:
        """Remove an organization for good; requests and people are in it no more. Nobody is told."""
        with self.lock:
            self.site.organizations.pop(id, None)
            field = self.site.custom("sd-customer-organizations").id
            for issue in self._issues.values():
                shared = issue.values.get(field)
                if isinstance(shared, tuple):
                    issue.values[field] = tuple(each for each in shared if isinstance(each, int) and each != id)
            for place in [place for place in self.organization_properties if place[0] == id]:
                del self.organization_properties[place]

    def delete(self, issue: Issue, by: Person) -> None:
        """Remove a request for good; its number is not given again."""
        with self._holding(issue):
            del self._issues[issue.key]
            self._listener(Event("jira:issue_deleted", None, self._now(), by, issue))

    @contextmanager
    def _holding(self, issue: Issue) -> Iterator[None]:
        """Holds the lock, once it is sure that nobody has deleted the request since the caller looked."""
        with self.lock:
            self.issue(issue.key)
            yield

    def _now(self) -> datetime:
        now = self._clock().astimezone(UTC)
        return now.replace(microsecond=now.microsecond // 1000 * 1000)

    def _parse(
        self, raw: Mapping[str, Any], errors: dict[str, str], allowed: Callable[[str], bool]
    ) -> dict[str, Value]:
        values: dict[str, Value] = {}
        for id, given in raw.items():
            if id not in self.site.fields or not allowed(id):
                errors[id] = f"Field '{id}' cannot be set. It is not on the appropriate screen, or unknown."
                continue
            try:
                values[id] = parse(self.site, self.site.fields[id], given)
            except ValueError as problem:
                errors[id] = str(problem)
        return values

    def _resolution(self, transition: Transition, raw: Mapping[str, Any]) -> Named | None:
        errors = {
            id: f"Field '{id}' cannot be set. It is not on the appropriate screen, or unknown."
            for id in raw
            if not (id == "resolution" and transition.asks_resolution)
        }
        found = None
        if transition.asks_resolution:
            asked = raw.get("resolution")
            wanted = asked if isinstance(asked, dict) else {}
            found = next((r for r in self.site.resolutions if wanted in ({"id": r.id}, {"name": r.name})), None)
            if asked is None:
                errors["resolution"] = "Resolution is required."
            elif found is None:
                name = wanted.get("name", wanted.get("id", asked))
                errors["resolution"] = f"Resolution name '{name}' is not valid"
        if errors:
            raise Refused(400, errors=errors)
        return found

    def _item(self, id: str, old: Value, new: Value) -> Item:
        known = self.site.fields[id]
        name = known.name if known.custom else id
        return Item(id, name, known.custom is not None, words(self.site, old), words(self.site, new))

    def _changed(self, issue: Issue, by: Person, type_name: str, items: Sequence[Item]) -> None:
        issue.updated = self._now()
        change = Change(str(next(self._change_ids)), issue.updated, by, tuple(items))
        issue.history.append(change)
        self._listener(Event("jira:issue_updated", type_name, issue.updated, by, issue, change))


def _named(thing: Named | None) -> tuple[str | None, str | None]:
    return (thing.id, thing.name) if thing else (None, None)
