"""The plan of setup: what is there, what is missing, and what is done about it. Pure."""

from collections.abc import Iterator

from plugin.jira.fields import fitting
from plugin.jira.seen import SeenProject, Survey
from plugin.jira.setup import clicks
from plugin.jira.setup.fields import CUSTOMERS, rows_of_field
from plugin.jira.setup.rows import Row, State, Wanted
from plugin.jira.setup.webhook import row_of_hook


def plan(seen: Survey, wanted: Wanted) -> tuple[Row, ...]:
    """What is there, what is missing, and what setup would do about it now.

    What can only be done once something else is there (the options of a field that is still to be made) comes up when
    it is: plan again after each round.
    """
    rows = [
        Row(f"project {key}", State.BLOCKED, "our account does not see it: browse permission, or another key", None)
        for key in seen.lost
    ]
    for spec in wanted.specs:
        rows += rows_of_field(seen, wanted, spec)
    for project in seen.projects:
        rows += _of_forms(seen, wanted, project)
    return (*rows, row_of_hook(seen, wanted))


def _of_forms(seen: Survey, wanted: Wanted, project: SeenProject) -> Iterator[Row]:
    """Which fields customers are shown is JSM's own, and no API changes it."""
    if project.forms is None:
        told = seen.unseen.get(f"service desk of {project.key}", "it is no service project, and requests come from one")
        yield Row(f"service desk of {project.key}", State.BLOCKED, told)
        return
    page = clicks.request_types(seen.server, project.key)
    asked: dict[str, str | None] = {}
    for spec in wanted.specs:
        if spec.word in CUSTOMERS:
            there = fitting(spec, seen.catalogue)
            asked[spec.name or spec.word] = str(there[0]["id"]) if len(there) == 1 else None
    forms = {name.casefold(): (name, shown) for name, shown in project.forms.items()}
    lacking: dict[tuple[str, ...], list[str]] = {}
    for kind in wanted.request_types:
        name, shown = forms.get(kind.casefold(), (kind, None))
        if shown is None:
            told = "there is none of that name: create it, or put yours into fields.yaml (request_types)"
            yield Row(f"request type {name} in {project.key}", State.BY_HAND, told, None, page)
        else:
            lacks = tuple(field for field, id in asked.items() if id not in shown)
            lacking.setdefault(lacks, []).append(name)
    for lacks, names in lacking.items():
        subject = f"request types in {project.key}: {', '.join(map(repr, names))}"
        if lacks:
            told = f"add to the form what it is to ask for, of: {', '.join(lacks)}"
            yield Row(subject, State.BY_HAND, told, None, page)
        else:
            yield Row(subject, State.THERE, "their forms have the fields")
