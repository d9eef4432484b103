"""The administrator's side of fields: make, describe, remove; their contexts and options; the screens they are on.

Cloud has all of it for company-managed projects and nothing for team-managed ones. Data Center makes fields with their
context, shows options and removes fields, but adds no option.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, jsonify, request

from plugin.sandbox.platform import ANY_VERSION, choose_version
from plugin.sandbox.rest import Answer, body, needs, number, part, sandbox
from plugin.sandbox.seed import TYPE_OF, everywhere
from plugin.sandbox.site import CUSTOM_TYPES, Context, Field, Option
from plugin.sandbox.state import Refused

blueprint = Blueprint("fieldadmin", __name__)
blueprint.url_value_preprocessor(choose_version)

_FIELD = f"{ANY_VERSION}/field/<id>"
_PAGE = 50
_TOLD = ("id", "key", "name", "schema")
_LONGEST_NAME = 255


@blueprint.post(f"{ANY_VERSION}/field")
def create_field() -> Answer:
    """Make a custom field. Data Center takes the projects of its context along; Cloud makes it for all of them."""
    here, sent = sandbox(), body()
    needs("ADMINISTER", 400 if here.site.cloud else 403)
    name, kind = part(sent, "name", str).strip(), part(sent, "type", str)
    short = kind.removeprefix(CUSTOM_TYPES)
    errors = {}
    if not name or len(name) > _LONGEST_NAME:
        errors["name"] = "You must specify a name of at most 255 characters."
    if not kind.startswith(CUSTOM_TYPES) or short not in TYPE_OF:
        errors["type"] = f"The field type '{kind}' is unknown; the sandbox has {', '.join(TYPE_OF)}."
    if errors:
        raise Refused(400, errors=errors)
    with here.jira.lock:
        projects = () if here.site.cloud else tuple(str(each) for each in part(sent, "projectIds", list))
        context = replace(everywhere(name, here.site.numbers), projects=projects)
        id = f"customfield_{next(here.site.numbers)}"
        field = Field(id, name, TYPE_OF[short], kind, description=part(sent, "description", str), contexts=(context,))
        here.site.fields[id] = field
        return jsonify(here.speller.field(field)), 201


@blueprint.get(f"{ANY_VERSION}/field/search")
def search_fields() -> Response:
    """Cloud: the fields of company-managed projects, with their descriptions."""
    here = sandbox()
    _on_cloud()
    words, kind, ids = request.args.get("query", "").casefold(), request.args.get("type"), request.args.getlist("id")
    found = [
        {
            **{word: value for word, value in here.speller.field(field).items() if word in _TOLD},
            "description": field.description,
            "isLocked": field.custom is not None and not field.configurable,
        }
        for field in here.site.fields.values()
        if field.scope is None
        and (kind is None or (kind == "custom") == (field.custom is not None))
        and (not ids or field.id in ids)
        and (words in field.name.casefold() or words in field.description.casefold())
    ]
    return page(found)


@blueprint.put(_FIELD)
def update_field(id: str) -> Answer:
    """Cloud: rename or describe a custom field."""
    sent = body()
    _on_cloud()
    needs("ADMINISTER")
    field = _custom(id)
    name, told = part(sent, "name", str) or field.name, sent.get("description", field.description)
    _put(replace(field, name=name, description=str(told)))
    return Response(), 204


@blueprint.delete(_FIELD)
def delete_field(id: str) -> Answer:
    """Cloud: delete a custom field for good, which takes its time: the answer points at the task."""
    _on_cloud()
    needs("ADMINISTER")
    del sandbox().site.fields[_custom(id).id]
    task = {"self": f"{sandbox().url}/rest/api/3/task/1", "id": "1", "status": "COMPLETE", "progress": 100}
    answer = jsonify({**task, "elapsedRuntime": 1, "lastUpdate": 0, "submitted": 0, "submittedBy": 1})
    answer.headers["Location"] = task["self"]
    return answer, 303


@blueprint.post(f"{_FIELD}/trash")
def trash_field(id: str) -> Response:
    """Cloud: move a custom field to the trash, from which it can be restored for sixty days."""
    _on_cloud()
    needs("ADMINISTER")
    field = sandbox().site.fields.pop(_custom(id).id)
    sandbox().trash[field.id] = field
    return jsonify({})


@blueprint.get(f"{ANY_VERSION}/customFields")
def custom_fields() -> Response:
    """Data Center: the custom fields, with their descriptions, projects and screens."""
    here = sandbox()
    _on_data_center()
    words = request.args.get("search", "").casefold()
    found = []
    for field in here.site.fields.values():
        if field.custom and words in f"{field.name} {field.description}".casefold():
            projects = [int(project) for context in field.contexts for project in context.projects]
            found.append(
                {
                    "id": field.id,
                    "name": field.name,
                    "description": field.description,
                    "type": field.custom,
                    "numericId": int(field.id.removeprefix("customfield_")),
                    "isLocked": not field.configurable,
                    "isManaged": False,
                    "isAllProjects": not projects,
                    "projectIds": projects,
                    "projectsCount": len(projects),
                    "screensCount": int(field.editable) + int(field.id in here.site.default_screen),
                    "self": f"{here.url}/rest/api/2/customFields/{field.id}",
                }
            )
    return page(found)


@blueprint.delete(f"{ANY_VERSION}/customFields")
def delete_custom_fields() -> Response:
    """Data Center: delete custom fields for good, several at a time."""
    here, gone, kept = sandbox(), [], {}
    _on_data_center()
    needs("ADMINISTER")
    for id in request.args.get("ids", "").split(","):
        field = here.site.fields.get(id)
        if field is None or not field.configurable:
            kept[id] = "It does not exist, or is locked."
        else:
            del here.site.fields[id]
            gone.append(id)
    if not gone:
        raise Refused(400, "No fields were removed.")
    return jsonify({"message": "", "deletedCustomFields": gone, "notDeletedCustomFields": kept})


@blueprint.get(f"{ANY_VERSION}/customFields/<id>/options")
def custom_field_options(id: str) -> Response:
    """Data Center: the options of a field in the contexts of some projects."""
    here = sandbox()
    _on_data_center()
    field = here.site.fields.get(f"customfield_{id.removeprefix('customfield_')}")
    if field is None or field.custom is None:
        raise Refused(404, f"The custom field with id '{id}' does not exist.")
    options = [
        {
            "id": int(option.id),
            "value": option.value,
            "disabled": False,
            "self": f"{here.url}/rest/api/2/customFieldOption/{option.id}",
        }
        for option in field.options
    ]
    return jsonify({"total": len(options), "options": options})


@blueprint.get(f"{_FIELD}/context")
def get_contexts(id: str) -> Response:
    """Cloud: in which projects a field is to be had."""
    _on_cloud()
    needs("ADMINISTER")
    return page(
        [
            {
                "id": context.id,
                "name": context.name,
                "description": "",
                "isGlobalContext": not context.projects,
                "isAnyIssueType": True,
            }
            for context in _custom(id).contexts
        ]
    )


@blueprint.get(f"{_FIELD}/context/projectmapping")
def get_context_projects(id: str) -> Response:
    """Cloud: the projects of each context."""
    _on_cloud()
    needs("ADMINISTER")
    rows: list[dict[str, Any]] = []
    for context in _custom(id).contexts:
        rows += [{"contextId": context.id, "projectId": project} for project in context.projects]
        rows += [] if context.projects else [{"contextId": context.id, "isGlobalContext": True}]
    return page(rows)


@blueprint.post(f"{_FIELD}/context")
def create_context(id: str) -> Answer:
    """Cloud: make a field to be had in more projects; one project can be in one context only."""
    sent = body()
    _on_cloud()
    needs("ADMINISTER")
    field, projects = _custom(id), tuple(str(each) for each in part(sent, "projectIds", list))
    if any(set(projects) & set(context.projects) or projects == context.projects for context in field.contexts):
        raise Refused(400, "A project is in another context of this field already.")
    context = Context(str(next(sandbox().site.numbers)), part(sent, "name", str), projects)
    _put(replace(field, contexts=(*field.contexts, context)))
    return jsonify({"id": context.id, "name": context.name, "projectIds": list(projects), "issueTypeIds": []}), 201


@blueprint.delete(f"{_FIELD}/context/<context>")
def delete_context(id: str, context: str) -> Answer:
    """Cloud: take a context away, and with it the field from its projects."""
    _on_cloud()
    needs("ADMINISTER")
    field = _in_context(id, context)
    left = tuple(each for each in field.contexts if each.id != context)
    options = tuple(option for option in field.options if option.context != context)
    _put(replace(field, contexts=left, options=options))
    return Response(), 204


@blueprint.get(f"{_FIELD}/context/<context>/option")
def get_options(id: str, context: str) -> Response:
    """Cloud: the options of a field in one context."""
    _on_cloud()
    needs("ADMINISTER")
    return page([_option(option) for option in _in_context(id, context).options if option.context in (None, context)])


@blueprint.post(f"{_FIELD}/context/<context>/option")
def create_options(id: str, context: str) -> Response:
    """Cloud: add options."""
    here, sent = sandbox(), body()
    _on_cloud()
    needs("ADMINISTER")
    with here.jira.lock:
        field = _in_context(id, context)
        values = [str(each.get("value") or "") for each in part(sent, "options", list)]
        known = {option.value for option in field.options if option.context in (None, context)}
        if field.kind != "select" or not all(values) or known & set(values) or len(set(values)) < len(values):
            raise Refused(400, "Options need a value each that the context of this select list does not have yet.")
        added = tuple(Option(str(next(here.site.numbers)), value, context) for value in values)
        _put(replace(field, options=(*field.options, *added)))
        return jsonify({"options": [_option(option) for option in added]})


@blueprint.delete(f"{_FIELD}/context/<context>/option/<option>")
def delete_option(id: str, context: str, option: str) -> Answer:
    """Cloud: remove an option."""
    _on_cloud()
    needs("ADMINISTER")
    field = _in_context(id, context)
    left = tuple(each for each in field.options if each.id != option)
    if len(left) == len(field.options):
        raise Refused(404, f"The option with id {option} was not found.")
    _put(replace(field, options=left))
    return Response(), 204


def page(values: Sequence[Any]) -> Response:
    """A page as the platform API gives it."""
    start = number("startAt", request.args.get("startAt"), 0)
    size = min(number("maxResults", request.args.get("maxResults"), _PAGE), _PAGE)
    shown = list(values[start : start + size])
    last = start + size >= len(values)
    return jsonify({"startAt": start, "maxResults": size, "total": len(values), "isLast": last, "values": shown})


def _option(option: Option) -> dict[str, Any]:
    return {"id": option.id, "value": option.value, "disabled": False}


def _custom(id: str) -> Field:
    """A custom field that an administrator may change; a team-managed project's looks as if it did not exist."""
    field = sandbox().site.fields.get(id)
    if field is None or field.custom is None or field.scope is not None:
        raise Refused(404, "The custom field was not found.")
    if not field.configurable:
        raise Refused(400, "The custom field is locked.")
    return field


def _in_context(id: str, context: str) -> Field:
    field = _custom(id)
    if context not in {each.id for each in field.contexts}:
        raise Refused(404, "The context does not belong to the custom field.")
    return field


def _put(field: Field) -> None:
    sandbox().site.fields[field.id] = field


def _on_cloud() -> None:
    if not sandbox().site.cloud:
        raise Refused(404, "null for uri: " + request.path)


def _on_data_center() -> None:
    if sandbox().site.cloud:
        raise Refused(404, "null for uri: " + request.path)
