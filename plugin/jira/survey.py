"""Look at what is there, once. Nothing is changed, nothing is judged."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

from plugin.jira.admin import Admin
from plugin.jira.errors import JiraGone, JiraLockedOut, JiraRefused
from plugin.jira.fields import FieldSpec, fitting
from plugin.jira.seen import (
    ADMINISTER_PROJECTS,
    CUSTOM_TYPES,
    RECORD,
    SeenContext,
    SeenField,
    SeenHook,
    SeenProject,
    SeenScreen,
    Server,
    Survey,
)

ADMINISTER: Final = "ADMINISTER"
ASKED: Final = (
    "BROWSE_PROJECTS",
    "EDIT_ISSUES",
    "TRANSITION_ISSUES",
    "ADD_COMMENTS",
    "SERVICEDESK_AGENT",
    ADMINISTER_PROJECTS,
)
"""The permissions in a project that matter here, by Jira's keys."""

_T = TypeVar("_T")


def survey(
    admin: Admin,
    projects: Iterable[str],
    specs: Iterable[FieldSpec],
    screens: Iterable[int] = (),
    step: Callable[[str], None] = lambda _what: None,
) -> Survey:
    """Look at everything that bears on these projects and declared fields; `step` is told what is being looked at.

    `screens` are those to use where Jira does not say (Data Center).

    Raises:
        JiraTrouble: where Jira cannot be asked at all, or is of another kind than our client takes it for. What it
            only does not show us is None.
    """
    unseen: dict[str, str] = {}
    step("the server")
    server = _server(admin)
    if server.cloud is not admin.cloud:
        is_, said = ("Cloud", "datacenter") if server.cloud else ("a Data Center", "cloud")
        right = "cloud" if server.cloud else "datacenter"
        raise JiraRefused(f"This Jira is {is_}, and taken for {said}: set JIRA_FLAVOUR={right}.")
    admin.major = server.major
    account = str(admin.jira.myself().get("displayName") or admin.jira.account())
    administers = ADMINISTER in admin.permissions([ADMINISTER])
    step("the fields")
    catalogue = tuple(admin.fields())
    told = _or_none(unseen, "descriptions", admin.descriptions) if administers else None
    wanted = {str(entry["id"]) for spec in specs for entry in fitting(spec, catalogue)}
    fields = {}
    for entry in catalogue:
        seen = _seen_field(entry, told)
        if seen.id in wanted and administers and seen.type.startswith(CUSTOM_TYPES) and seen.scope is None:
            step(f"the field {seen.name}")
            seen = _with_contexts(admin, seen, unseen)
        fields[seen.id] = seen
    seen_projects, lost = [], []
    for key in projects:
        step(f"the project {key}")
        try:
            seen_projects.append(_project(admin, key, administers, tuple(screens), unseen))
        except JiraGone:
            lost.append(key)
    if not admin.cloud and administers:
        fields |= {
            id: _with_options(admin, seen, seen_projects, unseen)
            for id, seen in fields.items()
            if id in wanted and seen.type == f"{CUSTOM_TYPES}select"
        }
    step("the webhooks")
    hooks = _or_none(unseen, "webhooks", lambda: tuple(map(hook_of, admin.hooks())))
    return Survey(server, account, administers, tuple(seen_projects), tuple(lost), catalogue, fields, hooks, unseen)


def _or_none(unseen: dict[str, str], what: str, look: Callable[[], _T]) -> _T | None:
    """What our account may see, or None and a note. It was let in before: to be locked out here is a permission."""
    try:
        return look()
    except (JiraRefused, JiraLockedOut) as trouble:
        unseen[what] = str(trouble)
        return None


def _server(admin: Admin) -> Server:
    told = admin.server()
    numbers = told.get("versionNumbers")
    try:
        time = datetime.fromisoformat(str(told.get("serverTime"))).astimezone(UTC)
    except ValueError:
        time = None
    return Server(
        cloud=told.get("deploymentType") == "Cloud",
        url=str(told.get("baseUrl") or admin.jira.url).rstrip("/"),
        version=tuple(int(each) for each in numbers) if isinstance(numbers, list) else (),
        time=time,
    )


def _seen_field(entry: Mapping[str, Any], told: Mapping[str, str] | None) -> SeenField:
    id, schema = str(entry["id"]), entry.get("schema") or {}
    scope = (entry.get("scope") or {}).get("project") or {}
    return SeenField(
        id=id,
        name=str(entry.get("name", "")),
        type=str(schema.get("custom") or schema.get("system") or ""),
        scope=str(scope["id"]) if scope.get("id") else None,
        description=None if told is None else told.get(id, ""),
    )


def _with_contexts(admin: Admin, seen: SeenField, unseen: dict[str, str]) -> SeenField:
    if not admin.cloud:
        return seen

    def look() -> tuple[SeenContext, ...]:
        choice = seen.type == f"{CUSTOM_TYPES}select"
        return tuple(
            SeenContext(id, projects, admin.options(seen.id, id) if choice else {})
            for id, projects in admin.contexts(seen.id).items()
        )

    return replace(seen, contexts=_or_none(unseen, f"contexts of {seen.name}", look))


def _with_options(admin: Admin, seen: SeenField, projects: Iterable[SeenProject], unseen: dict[str, str]) -> SeenField:
    """Data Center tells the options by project, not the contexts."""

    def look() -> tuple[SeenContext, ...]:
        return tuple(
            SeenContext(each.id, frozenset({each.id}), admin.options_in_projects(seen.id, each.id)) for each in projects
        )

    return replace(seen, contexts=_or_none(unseen, f"options of {seen.name}", look))


def _project(admin: Admin, key: str, administers: bool, chosen: tuple[int, ...], unseen: dict[str, str]) -> SeenProject:
    told = admin.project(key)
    id, team_managed = str(told["id"]), told.get("style") == "next-gen" or told.get("simplified") is True
    newest = _or_none(unseen, f"requests of {key}", lambda: admin.newest(key))
    settable = _or_none(
        unseen,
        f"edit screen of {key}",
        lambda: admin.settable(newest) if newest else admin.settable_at_creation(key),
    )
    screens = None
    if administers and not team_managed:
        screens = _or_none(unseen, f"screens of {key}", lambda: _screens(admin, key, id, chosen))
    record = _or_none(unseen, f"record in {key}", lambda: admin.project_property(key, RECORD))
    return SeenProject(
        key=key,
        id=id,
        team_managed=team_managed,
        may=admin.permissions(ASKED, key),
        newest=newest,
        settable=settable,
        screens=screens or None,
        forms=_or_none(unseen, f"service desk of {key}", lambda: _forms(admin, key)),
        record=record if isinstance(record, Mapping) else {},
    )


def _screens(admin: Admin, key: str, id: str, chosen: tuple[int, ...]) -> tuple[SeenScreen, ...]:
    """The screens of a project. Data Center does not tell them: those that were chosen, else those called after it."""
    names = admin.screens()
    if chosen or not admin.cloud:
        mine = set(chosen) or {
            screen
            for screen, name in names.items()
            if name.casefold().startswith(f"{key.casefold()}:") and "resolve" not in name.casefold()
        }
        uses = {"edit": frozenset(mine), "create": frozenset(mine)}
    else:
        uses = admin.screens_of(id)
    found = []
    for screen in sorted(uses["edit"] | uses["create"]):
        tabs = admin.tabs(screen)
        if tabs:
            on = frozenset[str]().union(*tabs.values())
            name = names.get(screen, str(screen))
            found.append(
                SeenScreen(screen, name, next(iter(tabs)), on, screen in uses["edit"], screen in uses["create"])
            )
    return tuple(found)


def _forms(admin: Admin, key: str) -> dict[str, frozenset[str]] | None:
    desk = admin.desk(key)
    if desk is None:
        return None
    return {name: admin.form(desk, id) for id, name in admin.request_types(desk).items()}


def hook_of(told: Mapping[str, Any]) -> SeenHook:
    """A webhook, as either of its addresses spells it."""
    where = told.get("configuration")
    signed = told.get("isSigned")
    if isinstance(where, Mapping) and where.get("SECRET"):
        signed = True
    filters = told.get("filters") or _filters(where)
    jql = filters.get("issue-related-events-section") if isinstance(filters, Mapping) else None
    return SeenHook(
        id=str(told.get("id") or str(told.get("self", "")).rstrip("/").rpartition("/")[2]),
        name=str(told.get("name", "")),
        url=str(told.get("url", "")),
        events=frozenset(str(each) for each in told.get("events") or ()),
        jql=None if jql is None else str(jql),
        enabled=told.get("enabled", told.get("active")) is not False,
        signed=signed if isinstance(signed, bool) else None,
    )


def _filters(where: Any) -> Any:
    """The filters of a webhook where Data Center 10 has them: as JSON in a text."""
    try:
        return json.loads(where["FILTERS"])
    except (TypeError, KeyError, ValueError):
        return None
