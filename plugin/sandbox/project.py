"""The project: what it is, its properties, what can be set in it, and what the caller may do."""

from typing import Any

from flask import Blueprint, Response, jsonify, request

from plugin.sandbox.permissions import PERMISSIONS
from plugin.sandbox.platform import ANY_VERSION, choose_version, json_value
from plugin.sandbox.rest import Answer, caller, needs, number, sandbox
from plugin.sandbox.site import Field
from plugin.sandbox.state import Refused

blueprint = Blueprint("project", __name__)
blueprint.url_value_preprocessor(choose_version)

_PROPERTY = f"{ANY_VERSION}/project/<key>/properties/<name>"
_META = f"{ANY_VERSION}/issue/createmeta/<key>/issuetypes"


@blueprint.get(f"{ANY_VERSION}/project/<key>")
def get_project(key: str) -> Response:
    """What the project is. Cloud says who looks after it: an administrator (classic), or its own team (next-gen)."""
    _project(key)
    here = sandbox()
    spelled: dict[str, Any] = {
        **here.speller.project(here.site.project_key),
        "issueTypes": [here.speller.issue_type()],
        "description": "",
    }
    if here.site.cloud:
        team = here.site.team_managed
        spelled |= {"style": "next-gen" if team else "classic", "simplified": team, "isPrivate": False}
    return jsonify(spelled)


@blueprint.get(f"{ANY_VERSION}/project/<key>/statuses")
def get_statuses(key: str) -> Response:
    """The statuses that a request can have, by issue type."""
    _project(key)
    here = sandbox()
    kind = {name: told for name, told in here.speller.issue_type().items() if name in ("self", "id", "name", "subtask")}
    return jsonify([{**kind, "statuses": [here.speller.status(each) for each in here.site.statuses.values()]}])


@blueprint.get(f"{ANY_VERSION}/project/<key>/properties")
def get_property_keys(key: str) -> Response:
    """The keys of the project's properties."""
    _project(key)
    here = sandbox()
    link = f"{here.url}/rest/api/2/project/{key}/properties"
    return jsonify({"keys": [{"self": f"{link}/{name}", "key": name} for name in here.site.properties]})


@blueprint.get(_PROPERTY)
def get_property(key: str, name: str) -> Response:
    """One property of the project."""
    _project(key)
    return jsonify({"key": name, "value": _properties(name)[name]})


@blueprint.put(_PROPERTY)
def put_property(key: str, name: str) -> Answer:
    """Set one property of the project: 201 when it is new, else 200."""
    _project(key)
    needs("ADMINISTER_PROJECTS")
    properties, value = sandbox().site.properties, json_value()
    existed = name in properties
    properties[name] = value
    return Response(), 200 if existed else 201


@blueprint.delete(_PROPERTY)
def delete_property(key: str, name: str) -> Answer:
    """Remove one property of the project."""
    _project(key)
    needs("ADMINISTER_PROJECTS")
    del _properties(name)[name]
    return Response(), 204


@blueprint.get(f"{ANY_VERSION}/issue/<key>/editmeta")
def get_edit_meta(key: str) -> Response:
    """The fields that the caller can set on a request: those of the edit screen that the project has."""
    here = sandbox()
    here.jira.issue(key)
    if "EDIT_ISSUES" not in here.permissions(caller()):
        return jsonify({"fields": {}})
    site = here.site
    return jsonify({"fields": {id: _meta(field) for id, field in site.fields.items() if site.editable(id)}})


@blueprint.get(_META)
def get_create_meta(key: str) -> Response:
    """The issue types with which something can be created in the project."""
    _project(key)
    kinds = [sandbox().speller.issue_type()]
    return _meta_page("issueTypes", kinds)


@blueprint.get(f"{_META}/<kind>")
def get_create_meta_fields(key: str, kind: str) -> Response:
    """The fields that can be set when something is created."""
    _project(key)
    site = sandbox().site
    if kind != site.issue_type.id:
        raise Refused(400, f"The issue type '{kind}' does not exist in the project.")
    fields = [
        {"fieldId": id, **_meta(field)} for id, field in site.fields.items() if site.editable(id) or field.on_portal
    ]
    return _meta_page("fields", fields)


@blueprint.get(f"{ANY_VERSION}/mypermissions")
def my_permissions() -> Response:
    """What the caller may do: on Cloud only what is asked for, and it has to be asked for."""
    here = sandbox()
    asked = [each.strip() for each in request.args.get("permissions", "").split(",") if each.strip()]
    if here.site.cloud and not asked:
        raise Refused(400, "The 'permissions' query parameter is required.")
    unknown = [each for each in asked if each not in PERMISSIONS]
    if unknown:
        raise Refused(400, f"Unrecognized permission keys: {', '.join(unknown)}.")
    if request.args.get("projectKey"):
        _project(request.args["projectKey"])
    held = here.permissions(caller())
    told = {
        key: {
            "id": str(place),
            "key": key,
            "name": key.replace("_", " ").capitalize(),
            "type": "GLOBAL" if key == "ADMINISTER" else "PROJECT",
            "description": "",
            "havePermission": key in held,
        }
        for place, key in enumerate(PERMISSIONS)
        if not asked or key in asked
    }
    return jsonify({"permissions": told})


def _meta(field: Field) -> dict[str, Any]:
    here = sandbox()
    spelled: dict[str, Any] = {
        "required": field.id == "summary",
        "schema": here.speller.field(field)["schema"],
        "name": field.name,
        "operations": ["set"],
        "hasDefaultValue": False,
    }
    if here.site.cloud:
        spelled["key"] = field.id
    if field.options:
        spelled["allowedValues"] = [here.speller.value(field, option) for option in field.options]
    return spelled


def _meta_page(what: str, values: list[dict[str, Any]]) -> Response:
    """Cloud calls the list by what is in it, Data Center `values`."""
    start = number("startAt", request.args.get("startAt"), 0)
    size = number("maxResults", request.args.get("maxResults"), 50)
    shown, last = values[start : start + size], start + size >= len(values)
    told = {"startAt": start, "maxResults": size, "total": len(values)}
    return jsonify({**told, what: shown} if sandbox().site.cloud else {**told, "isLast": last, "values": shown})


def _project(key: str) -> None:
    site = sandbox().site
    if key not in (site.project_key, site.project.id) or "BROWSE_PROJECTS" not in sandbox().permissions(caller()):
        raise Refused(404, f"No project could be found with key '{key}'.")


def _properties(name: str) -> Any:
    properties = sandbox().site.properties
    if name not in properties:
        raise Refused(404, f"The property with key '{name}' does not exist.")
    return properties
