"""Looking at Jira too: each thing once, whoever asks for it, and within a time. Only `knocked` changes anything."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Any, Final

from plugin.contract.model import Organization
from plugin.doctor.ask import TIMEOUT
from plugin.doctor.here import PATIENCE, Here, utc_now
from plugin.doctor.judge.account import ASKED, DELETE_OWN_COMMENTS
from plugin.doctor.judge.fields import Screen
from plugin.doctor.judge.webhook import ours
from plugin.doctor.kept import looked
from plugin.doctor.knock import let_jira_knock
from plugin.doctor.seen import Arrival, Change
from plugin.jira import inquiries
from plugin.jira.admin import SIGNED_SINCE, Admin
from plugin.jira.client import JiraClient
from plugin.jira.errors import JiraGone, JiraLockedOut, JiraRefused, JiraTrouble
from plugin.jira.fields import FieldMap, FieldsMissing, find_fields
from plugin.jira.greeting import Greeting, greet
from plugin.jira.inquiries import Token
from plugin.jira.seen import SeenHook
from plugin.jira.survey import hook_of
from plugin.jira.values import moment_of
from plugin.reconcile import OPEN
from plugin.service import KEPT, jira_client
from plugin.store import inbox
from plugin.store.inbox import AUTOMATION

EXAMPLES: Final = 100
"""Open requests of a project, the newest ones, among which one is looked for in each status."""


@dataclass(frozen=True, slots=True)
class Server:
    """What Jira says of itself, and when, by our clock."""

    info: Mapping[str, Any]
    at: datetime


@dataclass(frozen=True, slots=True)
class Example:
    """An open request: its key, its status, and when it was changed last."""

    key: str
    id: str
    status: str
    changed: datetime | None


class Looks(Here):
    """What there is to be seen, here and in Jira, where an attribute may raise `JiraTrouble` as well.

    `request` is the key of a request that a note may be left on for a moment; its webhook is waited for `wait` seconds.
    """

    def __init__(
        self,
        request: str | None = None,
        clock: Callable[[], datetime] = utc_now,
        patience: float = PATIENCE,
        wait: float = 0.0,
    ) -> None:
        super().__init__(clock, patience)
        self.request, self.wait = request, wait

    def close(self) -> None:
        """Give connections back."""
        for name in ("jira", "store"):
            if name in self._found and self._found[name].exception() is None:
                self._found[name].result().close()

    @looked
    def jira(self) -> JiraClient:
        """Our client."""
        return jira_client(self.settings, timeout=TIMEOUT)

    @property
    def admin(self) -> Admin:
        """Our client, for what administrators ask; it need not be one's own."""
        admin = Admin(self.jira)
        # Where Data Center has its webhooks depends on its version.
        admin.major = int(next(iter(self.server.info.get("versionNumbers") or ()), 0))
        return admin

    @looked
    def greeting(self) -> Greeting:
        """How Jira answers a stranger."""
        return greet(self.jira.base, TIMEOUT, self.clock)

    @looked
    def server(self) -> Server:
        """What Jira says of itself: to strangers, or else to us."""
        if self.greeting.info is not None:
            return Server(self.greeting.info, self.greeting.at)
        before = self.clock()
        info = inquiries.server(self.jira)
        return Server(info, before + (self.clock() - before) / 2)

    @looked
    def myself(self) -> Mapping[str, Any]:
        """Who we are."""
        return self.jira.myself()

    @looked
    def tokens(self) -> Sequence[Token] | None:
        """The personal access tokens of our account; only Data Center tells them."""
        if self.jira.flavour == "cloud":
            return None
        return inquiries.tokens(self.jira)

    @looked
    def permissions(self) -> Mapping[str, Mapping[str, bool]]:
        """What we may do, by project and Jira's key for it."""
        return {project: inquiries.held(self.jira, project, ASKED) for project in self._projects_there()}

    @looked
    def projects(self) -> Mapping[str, Mapping[str, Any] | JiraTrouble]:
        """Each project of fields.yaml as Jira shows it, or why it does not."""
        return {key: attempt(partial(self.admin.project, key)) for key in self.mappings.declared.projects}

    def _projects_there(self) -> list[str]:
        return [key for key, told in self.projects.items() if not isinstance(told, JiraTrouble)]

    @looked
    def forms(self) -> Mapping[str, Mapping[str, frozenset[str]] | None]:
        """The fields that customers are shown, by project and name of the request type; None without a portal.

        The forms of types that are left alone are not looked at.
        """
        return {project: self._forms(project) for project in self._projects_there()}

    def _forms(self, project: str) -> Mapping[str, frozenset[str]] | None:
        desk = self.admin.desk(project)
        if desk is None:
            return None
        kinds = self.admin.request_types(desk)
        return {name: self.admin.form(desk, id) if self._serves(name) else frozenset() for id, name in kinds.items()}

    def _serves(self, request_type: str) -> bool:
        return request_type.casefold() in {name.casefold() for name in self.mappings.declared.request_types}

    @looked
    def statuses(self) -> Mapping[str, Sequence[str]]:
        """The names of the statuses of each project."""
        return {project: inquiries.statuses(self.jira, project) for project in self._projects_there()}

    @looked
    def resolutions(self) -> Sequence[str]:
        """The names of the site's resolutions."""
        return inquiries.resolutions(self.jira)

    @looked
    def fields(self) -> FieldMap | FieldsMissing:
        """The site's fields for the words of fields.yaml, and what is wrong with the others."""
        specs = self.mappings.declared.fields.values()
        try:
            return find_fields(specs, self.jira.fields(), self.jira.known_as)
        except FieldsMissing as missing:
            return missing

    @property
    def fields_found(self) -> FieldMap:
        """Those that are in order."""
        return self.fields.found if isinstance(self.fields, FieldsMissing) else self.fields

    @looked
    def examples(self) -> Mapping[str, Sequence[Example]]:
        """Open requests of each project whose type is looked after, the newest first."""
        return {key: list(self._examples(key)) for key in self._projects_there()}

    def _examples(self, project: str) -> list[Example]:
        kind = self.fields_found.get("request_type")
        wanted = ["status", "updated", *([kind.id] if kind else [])]
        found = []
        for issue in islice(
            self.jira.search(f'project = "{project}" AND {OPEN} ORDER BY created DESC', wanted), EXAMPLES
        ):
            shown = issue["fields"]
            name = ((shown.get(kind.id) or {}).get("requestType") or {}).get("name", "") if kind else ""
            if kind is None or self._serves(str(name)):
                found.append(
                    Example(issue["key"], str(issue["id"]), shown["status"]["name"], moment_of(shown.get("updated")))
                )
        return found

    @looked
    def screens(self) -> Mapping[str, Screen]:
        """What can be set on a request of each project: on the one to be tried on, else the newest open one."""
        found = {}
        for project, examples in self.examples.items():
            ours = self.request if self.request and self.request.rpartition("-")[0] == project else None
            key = ours or next((each.key for each in examples), None)
            settable = self.admin.settable(key) if key else self.admin.settable_at_creation(project)
            found[project] = Screen(key, settable)
        return found

    @looked
    def offered(self) -> Mapping[tuple[str, str], Sequence[str] | None]:
        """From each status of each project that a request may have to leave, the statuses that Jira offers us."""
        declared = self.mappings.declared
        leaving = [*declared.waiting_from, *([declared.waiting_to] if declared.waiting_to else [])]
        found: dict[tuple[str, str], Sequence[str] | None] = {}
        for project, examples in self.examples.items():
            for status in leaving:
                there = next((each for each in examples if each.status.casefold() == status.casefold()), None)
                ways = self.jira.transitions(there.key) if there else None
                found[project, status] = None if ways is None else [str(each["to"]["name"]) for each in ways]
        return found

    @looked
    def organizations(self) -> Sequence[Organization]:
        """The site's organizations, as far as we see them."""
        return list(self.jira.organizations())

    @looked
    def organization_properties(self) -> Sequence[str] | JiraRefused | None:
        """The keys of the properties of an organization, of one that an agreement names if there is one."""
        named = {id for each in self.mappings.agreements for id in each.organization_ids}
        known = sorted(self.organizations, key=lambda each: each.id not in named)
        if not known:
            return None
        look = partial(inquiries.organization_properties, self.jira, known[0].id)
        told: Sequence[str] | JiraRefused = attempt(look, JiraRefused)
        return told

    # The webhook

    @looked
    def hooks(self) -> Sequence[SeenHook] | JiraTrouble:
        """The webhooks, or why we are not shown them: who is let in and then locked out lacks a permission."""
        told = attempt(self.admin.hooks, JiraRefused, JiraLockedOut)
        return told if isinstance(told, JiraTrouble) else [hook_of(each) for each in told]

    @property
    def hook(self) -> SeenHook:
        """The one that is for us, once it is known that there is one."""
        found = None if isinstance(self.hooks, JiraTrouble) else ours(self.hooks, self.settings.public_url)
        if found is None:
            raise JiraGone("There is no webhook for us.")
        return found

    @property
    def signs(self) -> bool:
        """Whether this Jira can sign webhooks."""
        return self.admin.cloud or self.admin.major >= SIGNED_SINCE

    @property
    def may_remove_notes(self) -> bool:
        """Whether our account may take its own comments back."""
        return all(keys.get(DELETE_OWN_COMMENTS, True) for keys in self.permissions.values())

    @looked
    def changes(self) -> Sequence[Change]:
        """The open requests that changed lately, and when a webhook about each was last kept."""
        recent = [
            each
            for examples in self.examples.values()
            for each in examples
            if each.changed is not None and self.clock() - each.changed < KEPT
        ]
        with self.store.reading() as tx:
            heard = {each.id: inbox.latest(tx, each.id, 1) for each in recent} if self.schema.current else {}
        return [
            Change(each.key, each.changed, next((one.received_at for one in heard.get(each.id, ())), None))
            for each in recent
            if each.changed is not None
        ]

    def knocked(self, key: str) -> Arrival:
        """Let Jira knock: the one look that changes something, and takes it back, whatever ends it."""
        came, since = self._came, self.clock()
        return let_jira_knock(self.jira, lambda *which: self.within_time(partial(came, since, *which)), key, self.wait)

    def _came(self, since: datetime, request_id: str, comment: str) -> bool:
        """Is a webhook about this comment kept? An automation rule sends the issue, whatever happened to it: any of
        its since then will do."""
        with self.store.reading() as tx:
            kept = [each for each in inbox.latest(tx, request_id) if each.body]
        if any(each.event == AUTOMATION and each.received_at >= since for each in kept):
            return True
        return any(str((json.loads(each.body).get("comment") or {}).get("id")) == comment for each in kept)


def attempt(find: Callable[[], Any], *kinds: type[JiraTrouble]) -> Any:
    """What is found, or the trouble with Jira that was met; where kinds are named, only of these."""
    try:
        return find()
    except JiraTrouble as trouble:
        if kinds and not isinstance(trouble, kinds):
            raise
        return trouble
