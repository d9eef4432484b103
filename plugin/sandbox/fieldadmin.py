"""The administrator's side of fields: make, describe, remove. What is in `contexts` is Cloud's alone.

Cloud has it for company-managed projects and nothing for team-managed ones. Data Center makes fields with their
context, shows options and removes fields, but adds no option.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, jsonify, request

from plugin.sandbox.platform import ANY_VERSION, choose_version
from plugin.sandbox.rest import Answer, body, needs, number, part, sandbox
from plugin.sandbox.seed import TYPE_OF, everywhere
from plugin.sandbox.site import CUSTOM_TYPES, Field
from plugin.sandbox.state import Refused

blueprint = Blueprint("fieldadmin", __name__)
blueprint.url_value_preprocessor(choose_version)

ONE_FIELD = f"{ANY_VERSION}/field/<id>"
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
    on_cloud()
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


@blueprint.put(ONE_FIELD)
def update_field(id: str) -> Answer:
    """Cloud: rename or describe a custom field."""
    sent = body()
    on_cloud()
    needs("ADMINISTER")
    field = custom(id)
    name, told = part(sent, "name", str) or field.name, sent.get("description", field.description)
    put(replace(field, name=name, description=str(told)))
    return Response(), 204


@blueprint.delete(ONE_FIELD)
def delete_field(id: str) -> Answer:
    """Cloud: delete a custom field for good, which takes its time: the answer points at the task."""
    on_cloud()
    needs("ADMINISTER")
    del sandbox().site.fields[custom(id).id]
    task = {"self": f"{sandbox().url}/rest/api/3/task/1", "id": "1", "status": "COMPLETE", "progress": 100}
    answer = jsonify({**task, "elapsedRuntime": 1, "lastUpdate": 0, "submitted": 0, "submittedBy": 1})
    answer.headers["Location"] = task["self"]
    return answer, 303


@blueprint.post(f"{ONE_FIELD}/trash")
def trash_field(id: str) -> Response:
    """Cloud: move a custom field to the trash, from which it can be restored for sixty days."""
    on_cloud()
    needs("ADMINISTER")
    field = sandbox().site.fields.pop(custom(id).id)
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


def page(values: Sequence[Any]) -> Response:
    """A page as the platform API gives it."""
    start = number("startAt", request.args.get("startAt"), 0)
    size = min(number("maxResults", request.args.get("maxResults"), _PAGE), _PAGE)
    shown = list(values[start : start + size])
    last = start + size >= len(values)
    return jsonify({"startAt": start, "maxResults": size, "total": len(values), "isLast": last, "values": shown})


def custom(id: str) -> Field:
    """A custom field that an administrator may change; a team-managed project's looks as if it did not exist."""
    field = sandbox().site.fields.get(id)
    if field is None or field.custom is None or field.scope is not None:
        raise Refused(404, "The custom field was not found.")
    if not field.configurable:
        raise Refused(400, "The custom field is locked.")
    return field


def put(field: Field) -> None:
    """A field is as this from now on."""
    sandbox().site.fields[field.id] = field


def on_cloud() -> None:
    """`Refused` where this is no Cloud."""
    if not sandbox().site.cloud:
        raise Refused(404, "null for uri: " + request.path)


def _on_data_center() -> None:
    if sandbox().site.cloud:
        raise Refused(404, "null for uri: " + request.path)
