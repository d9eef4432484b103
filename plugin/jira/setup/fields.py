"""The fields: there, to be made, or to be put right, with their contexts, options and screens. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from plugin.jira.fields import TYPES, FieldSpec, field_of, fitting, unfit
from plugin.jira.seen import CUSTOM_TYPES, SeenContext, SeenField, SeenProject, Survey
from plugin.jira.setup import clicks
from plugin.jira.setup.rows import (
    ADMIN_FIRST,
    MARK,
    SEARCHERS,
    AddContext,
    AddOptions,
    MakeField,
    PutOnScreen,
    Row,
    State,
    Wanted,
    is_ours,
    may_note,
)

_KINDS: Final = {"datetime": "datetime", "number": "float", "user": "userpicker", "string": "textarea"}

CUSTOMERS: Final = (
    "product",
    "version",
    "environment",
    "impact",
    "stated_severity",
    "platform",
    "third_party",
    "modified",
)
"""The words that a customer fills in, when they raise a request."""


def kind_of(spec: FieldSpec, choices: Mapping[str, tuple[str, ...]]) -> str | None:
    """The kind of custom field that can hold a word; None for fields that Jira or JSM brings along."""
    if spec.schema and not spec.schema.startswith(CUSTOM_TYPES):
        return None
    if spec.schema:
        return spec.schema.removeprefix(CUSTOM_TYPES)
    if spec.values or choices.get(spec.word):
        return "select"
    types = TYPES.get(spec.word)
    return _KINDS.get(types[0]) if types else "textfield"


def rows_of_field(seen: Survey, wanted: Wanted, spec: FieldSpec) -> Iterator[Row]:
    """How it stands with the field of one word, in every project."""
    subject, kind = f"field {spec.name or spec.schema}", kind_of(spec, wanted.choices)
    own = [project for project in seen.projects if project.team_managed]
    shared = [project for project in seen.projects if not project.team_managed]
    # What a team-managed project has is nothing to the others; once they have one, it is no longer taken for it.
    there = [entry for entry in fitting(spec, seen.catalogue) if not shared or not entry.get("scope")]
    if len(there) > 1:
        ids = ", ".join(str(entry["id"]) for entry in there)
        told = f"{len(there)} fields fit ({ids}): rename one in Jira, or give another name with --name {spec.word}=..."
        yield Row(subject, State.BLOCKED, told, None, clicks.fields(seen.server))
        return
    if there and (problem := unfit(spec, field_of(spec, there[0]))):
        told = f"{problem.partition(': ')[2]}; or use another name: --name {spec.word}='{spec.name} (contract)'"
        yield Row(subject, State.BLOCKED, told, None, clicks.fields(seen.server))
        return
    for project in own:
        yield from _of_own_field(seen, wanted, spec, kind, project)
    if not shared:
        return
    if there:
        yield from _of_shared_field(seen, wanted, spec, kind, seen.fields[str(there[0]["id"])], shared)
    elif kind is None:
        told = "Jira has no such field: is Jira Service Management there, and is this its schema?"
        yield Row(subject, State.BLOCKED, told)
    elif kind not in SEARCHERS:
        yield Row(subject, State.BY_HAND, f"create it, of the type {kind}", None, clicks.fields(seen.server))
    else:
        yield _to_make(seen, wanted, spec, kind)


def _to_make(seen: Survey, wanted: Wanted, spec: FieldSpec, kind: str) -> Row:
    name, options = spec.name or spec.word.replace("_", " ").capitalize(), _options(spec, wanted)
    what = clicks.kind(kind) + (f" with {', '.join(options)}" if options else "")
    subject, page = f"field {name}", clicks.fields(seen.server)
    if not seen.administers:
        return Row(subject, State.BY_HAND, f"{ADMIN_FIRST}, or let them create it there: {what}", None, page)
    deed = MakeField(name, kind, f"For support contracts. {MARK}")
    placed = "; then put it on the screens" if any(project.screens for project in seen.projects) else ""
    return Row(subject, State.MISSING, f"create: {what}{placed}", deed)


def _of_own_field(
    seen: Survey, wanted: Wanted, spec: FieldSpec, kind: str | None, project: SeenProject
) -> Iterator[Row]:
    """A team-managed project looks after its fields itself; no API makes one there, or puts it on a form."""
    if kind is None and not _is_set_by_us(spec):
        return
    subject = f"field {spec.name or spec.schema} in {project.key}"
    fits = [
        entry
        for entry in fitting(spec, seen.catalogue)
        if seen.fields[str(entry["id"])].scope in ((project.id,) if kind else (None, project.id))
    ]
    page = clicks.team_fields(seen.server, project.key)
    options = _options(spec, wanted)
    what = clicks.kind(kind or "") + (f" with {', '.join(options)}" if options else "")
    if not fits:
        if fitting(spec, seen.catalogue):
            told = (
                "the site has a field of this name that the project cannot use, and it would be taken for it: create "
                f"one of another name there, and say it with --name {spec.word}=..."
            )
            yield Row(subject, State.BY_HAND, told, None, page)
        else:
            yield Row(subject, State.BY_HAND, f"add it to the work type: {what}, named {spec.name!r}", None, page)
        return
    id = str(fits[0]["id"])
    if project.settable is not None and id not in project.settable:
        yield Row(subject, State.BY_HAND, "it is in no work type of these requests: add it to theirs", None, page)
        return
    lacks = _lacking(options, (project.settable or {}).get(id, options))
    if lacks and spec.values:
        yield Row(subject, State.BY_HAND, f"add the options {', '.join(lacks)}", None, page)
        return
    yield Row(subject, State.THERE, id)


def _of_shared_field(
    seen: Survey,
    wanted: Wanted,
    spec: FieldSpec,
    kind: str | None,
    there: SeenField,
    projects: Sequence[SeenProject],
) -> Iterator[Row]:
    rows: list[Row] = []
    for project in projects:
        context = next((each for each in there.contexts or () if each.has(project.id)), None)
        found = [
            *_of_context(seen, wanted, spec, there, project, context),
            *_of_screens(seen, spec, kind, there, project),
        ]
        rows += found or _still_amiss(seen, wanted, spec, kind, there, project)
    if not rows:
        rows = [Row(f"field {there.name}", State.THERE, there.id)]
    yield from rows


def _still_amiss(
    seen: Survey, wanted: Wanted, spec: FieldSpec, kind: str | None, there: SeenField, project: SeenProject
) -> Iterator[Row]:
    """What our account finds on a request, whatever the administrator's pages say."""
    if project.newest is None or project.settable is None or "EDIT_ISSUES" not in project.may:
        return
    if kind is None and not _is_set_by_us(spec):
        return
    subject, page = f"field {there.name} on {project.newest}", clicks.screens(seen.server, project.key)
    if there.id not in project.settable:
        told = (
            "it cannot be set there: it is hidden by the field configuration or field scheme, not to be had in the "
            "project (its context), or on another screen than the one in use"
        )
        yield Row(subject, State.BY_HAND, told, None, page)
    elif (
        spec.values
        and there.contexts is None
        and (lacks := _lacking(_options(spec, wanted), project.settable[there.id]))
    ):
        told = f"{ADMIN_FIRST}, or let them add the options {', '.join(lacks)}"
        yield Row(subject, State.BY_HAND, told, None, clicks.options(seen.server, there.id))


def _of_context(
    seen: Survey,
    wanted: Wanted,
    spec: FieldSpec,
    there: SeenField,
    project: SeenProject,
    context: SeenContext | None,
) -> Iterator[Row]:
    if there.contexts is None or not there.type.startswith(CUSTOM_TYPES):
        return
    subject, note = f"field {there.name} in {project.key}", None if is_ours(there) else project.key
    if context is None:
        if may_note(project, note):
            deed = AddContext(there.id, f"support-contract {project.key}", project.id, note)
            yield Row(subject, State.MISSING, "make it to be had in the project (a context)", deed)
        else:
            yield _cannot_note(subject, project)
        return
    wants = _options(spec, wanted) if spec.values or is_ours(there) else ()
    lacks = _lacking(wants, tuple(context.options.values()))
    if not lacks or there.type != f"{CUSTOM_TYPES}select":
        return
    told = f"the options {', '.join(lacks)}"
    if not seen.server.cloud:
        page = clicks.options(seen.server, there.id)
        yield Row(subject, State.BY_HAND, f"Data Center lets nobody add options by its API: add {told}", None, page)
    elif may_note(project, note):
        yield Row(subject, State.MISSING, f"add {told}", AddOptions(there.id, context.id, lacks, note))
    else:
        yield _cannot_note(subject, project)


def _of_screens(
    seen: Survey, spec: FieldSpec, kind: str | None, there: SeenField, project: SeenProject
) -> Iterator[Row]:
    if kind is None and not _is_set_by_us(spec):
        return
    subject, page = f"field {there.name} on the screens of {project.key}", clicks.screens(seen.server, project.key)
    note = None if is_ours(there) else project.key
    if project.screens is None:
        if project.settable is not None and there.id not in project.settable:
            how = "put it on the edit screen that the project uses" + (
                "" if seen.server.cloud else ", or say which it is with --screen ID"
            )
            yield Row(
                subject, State.BY_HAND, how if seen.administers else f"{ADMIN_FIRST}, or let them {how}", None, page
            )
        return
    for screen in project.screens:
        if there.id in screen.fields or not (screen.edits or spec.word in CUSTOMERS):
            continue
        if may_note(project, note):
            deed = PutOnScreen(there.id, screen.id, screen.tab, note)
            yield Row(subject, State.MISSING, f"put it on {clicks.screen(screen.name)}", deed)
        else:
            yield _cannot_note(subject, project)


def _options(spec: FieldSpec, wanted: Wanted) -> tuple[str, ...]:
    return tuple(spec.values) if spec.values else wanted.choices.get(spec.word, ())


def _lacking(options: Sequence[str], there: Sequence[str]) -> tuple[str, ...]:
    """Jira's words are compared in any case, as they are read."""
    known = {each.strip().casefold() for each in there}
    return tuple(each for each in options if each.strip().casefold() not in known)


def _is_set_by_us(spec: FieldSpec) -> bool:
    """Jira's own fields that are written: they have to be on the screen as well."""
    return spec.schema == "priority"


def _cannot_note(subject: str, project: SeenProject) -> Row:
    told = (
        f"the field was there before, and what is changed about it has to be noted in {project.key}: our account lacks "
        "the permission Administer Projects there"
    )
    return Row(subject, State.BLOCKED, told)
