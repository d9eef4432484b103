"""The plan backwards: what setup has made and changed, and how it is taken back. Pure."""

from collections.abc import Iterator

from plugin.jira.seen import SeenProject, Survey
from plugin.jira.setup import clicks
from plugin.jira.setup.rows import (
    ADMIN_FIRST,
    Forget,
    RemoveContext,
    RemoveField,
    RemoveOption,
    Row,
    State,
    TakeOffScreen,
    Unregister,
    Wanted,
    is_ours,
)
from plugin.jira.setup.webhook import is_this_ones


def undo(seen: Survey, wanted: Wanted) -> tuple[Row, ...]:
    """What setup has made and changed here, as far as it is still so, and how that is taken back."""
    if not seen.administers:
        return (Row("what setup made", State.BLOCKED, f"our account does not see all of it; {ADMIN_FIRST}"),)
    rows: list[Row] = []
    for project in seen.projects:
        rows += _recorded(seen, project)
    for each in seen.fields.values():
        if is_ours(each):
            fate = "into Jira's trash, for 60 days" if seen.server.cloud else "for good, with the values in it"
            rows.append(Row(f"field {each.name}", State.MISSING, f"remove ({fate})", RemoveField(each.id)))
    for hook in seen.hooks or ():
        if is_this_ones(hook, wanted):
            rows.append(Row(f"webhook {hook.url}", State.MISSING, "remove", Unregister(hook.id)))
    if not rows:
        rows = [
            Row(f"record in {project.key}", State.MISSING, "remove", Forget(project.key))
            for project in seen.projects
            if project.record
        ]
    if seen.hooks is None:
        told = "webhooks are not to be seen by our account: remove the one that goes to this service"
        rows.append(Row("webhook", State.BY_HAND, told, None, clicks.webhooks(seen.server)))
    return tuple(rows)


def _recorded(seen: Survey, project: SeenProject) -> Iterator[Row]:
    """What setup changed about things of others, as far as it is still so."""
    for id, context in _pairs(project, "contexts"):
        there = seen.fields.get(id)
        for each in (there.contexts if there else None) or ():
            if there and each.projects == frozenset({project.id}) and context == project.id:
                told = "take the context away that setup added"
                yield Row(f"field {there.name} in {project.key}", State.MISSING, told, RemoveContext(id, each.id))
    for id, value in _pairs(project, "options"):
        there = seen.fields.get(id)
        for each in (there.contexts if there else None) or ():
            for option, name in each.options.items():
                if there and each.has(project.id) and name == value:
                    told, deed = f"remove the option {value} that setup added", RemoveOption(id, each.id, option)
                    yield Row(f"field {there.name} in {project.key}", State.MISSING, told, deed)
    for id, place in _pairs(project, "screens"):
        there = seen.fields.get(id)
        for screen in project.screens or ():
            if there and id in screen.fields and place == str(screen.id):
                told, off = f"take it off {clicks.screen(screen.name)}", TakeOffScreen(id, screen.id, screen.tab)
                yield Row(f"field {there.name} on the screens of {project.key}", State.MISSING, told, off)


def _pairs(project: SeenProject, what: str) -> Iterator[tuple[str, str]]:
    found = project.record.get(what)
    for each in found if isinstance(found, list) else ():
        if isinstance(each, list) and len(each) == 2:
            yield str(each[0]), str(each[1])
