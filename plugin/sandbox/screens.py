"""Screens, and how they are tied to a project. The sandbox has two: Jira's own, and that of the project.

A team-managed project has no screens that could be seen here. Data Center tells nobody which screens a project uses;
where its people call, and are no administrators, it answers 401.
"""

from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, jsonify, request

from plugin.sandbox.fieldadmin import page
from plugin.sandbox.platform import ANY_VERSION, choose_version
from plugin.sandbox.rest import Answer, body, needs, part, sandbox
from plugin.sandbox.state import Refused

blueprint = Blueprint("screens", __name__)
blueprint.url_value_preprocessor(choose_version)

_DEFAULT, _PROJECT = 1, 10001
_TAB = {_DEFAULT: 10000, _PROJECT: 10001}
_SCHEME = "10001"
_FIELDS = f"{ANY_VERSION}/screens/<int:screen>/tabs/<int:tab>/fields"


@blueprint.get(f"{ANY_VERSION}/screens")
def get_screens() -> Response:
    """All screens: a page on Cloud, a list on Data Center."""
    _administers()
    shown = [{"id": id, "name": name, "description": ""} for id, name in _screens().items()]
    words = (request.args.get("queryString") or request.args.get("search") or "").casefold()
    found = [each for each in shown if words in str(each["name"]).casefold()]
    return page(found) if sandbox().site.cloud else jsonify(found)


@blueprint.get(f"{ANY_VERSION}/screens/<int:screen>/tabs")
def get_tabs(screen: int) -> Response:
    """The tabs of a screen: one."""
    _administers()
    _known(screen, _TAB.get(screen, 0))
    return jsonify([{"id": _TAB[screen], "name": "Field Tab"}])


@blueprint.get(_FIELDS)
def get_fields(screen: int, tab: int) -> Response:
    """The fields of a tab."""
    _administers()
    _known(screen, tab)
    return jsonify([_field(id) for id in _on(screen)])


@blueprint.post(_FIELDS)
def add_field(screen: int, tab: int) -> Response:
    """Put a field on a tab; it can be on a screen only once."""
    id = part(body(), "fieldId", str)
    _administers()
    _known(screen, tab)
    site = sandbox().site
    field = site.fields.get(id)
    if field is None or field.scope is not None:
        raise Refused(400, errors={"fieldId": f"The field with id '{id}' does not exist."})
    if id in _on(screen):
        raise Refused(400, errors={"fieldId": f"The field with id '{id}' already exists on the screen."})
    if screen == _DEFAULT:
        site.default_screen.append(id)
    else:
        site.fields[id] = replace(field, editable=True)
    return jsonify(_field(id))


@blueprint.delete(f"{_FIELDS}/<id>")
def remove_field(screen: int, tab: int, id: str) -> Answer:
    """Take a field off a tab."""
    _administers()
    _known(screen, tab)
    site = sandbox().site
    if id not in _on(screen):
        raise Refused(400, errors={"id": f"The field with id '{id}' is not on the screen."})
    if screen == _DEFAULT:
        site.default_screen.remove(id)
    else:
        site.fields[id] = replace(site.fields[id], editable=False)
    return Response(), 204


@blueprint.get(f"{ANY_VERSION}/issuetypescreenscheme/project")
def get_project_scheme() -> Response:
    """Cloud: the issue type screen scheme of some projects; team-managed ones have none."""
    _cloud()
    site = sandbox().site
    if not request.args.getlist("projectId"):
        raise Refused(400, "The project ids are missing.")
    used = not site.team_managed and site.project.id in request.args.getlist("projectId")
    scheme = {"id": _SCHEME, "name": f"{site.project_key}: JSM Issue Type Screen Scheme", "description": ""}
    return page([{"issueTypeScreenScheme": scheme, "projectIds": [site.project.id]}] if used else [])


@blueprint.get(f"{ANY_VERSION}/issuetypescreenscheme/mapping")
def get_scheme_mapping() -> Response:
    """Cloud: the screen scheme of each issue type."""
    _cloud()
    used = not sandbox().site.team_managed and _SCHEME in request.args.getlist("issueTypeScreenSchemeId")
    row = {"issueTypeScreenSchemeId": _SCHEME, "issueTypeId": "default", "screenSchemeId": _SCHEME}
    return page([row] if used else [])


@blueprint.get(f"{ANY_VERSION}/screenscheme")
def get_screen_schemes() -> Response:
    """Cloud: which screen is used for what; one that is not named is the default."""
    _cloud()
    site = sandbox().site
    used = not site.team_managed and request.args.getlist("id") in ([], [_SCHEME])
    row = {
        "id": int(_SCHEME),
        "name": f"{site.project_key}: JSM Screen Scheme",
        "description": "",
        "screens": {"default": _PROJECT},
    }
    return page([row] if used else [])


def _screens() -> dict[int, str]:
    site = sandbox().site
    known = {_DEFAULT: "Default Screen"}
    if not site.team_managed:
        known[_PROJECT] = f"{site.project_key}: JSM Service Request Screen"
    return known


def _on(screen: int) -> list[str]:
    site = sandbox().site
    if screen == _DEFAULT:
        return [id for id in site.default_screen if id in site.fields]
    return [id for id, field in site.fields.items() if field.editable and field.scope is None]


def _field(id: str) -> dict[str, Any]:
    return {"id": id, "name": sandbox().site.fields[id].name}


def _known(screen: int, tab: int) -> None:
    if screen not in _screens() or _TAB[screen] != tab:
        raise Refused(404 if sandbox().site.cloud else 400, f"The screen with id {screen} or its tab was not found.")


def _administers() -> None:
    needs("ADMINISTER", 403 if sandbox().site.cloud else 401)


def _cloud() -> None:
    if not sandbox().site.cloud:
        raise Refused(404, "null for uri: " + request.path)
    needs("ADMINISTER")
