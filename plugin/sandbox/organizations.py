"""Organizations in JSM's REST API: which there are, who belongs to them, and their properties. Not for customers."""

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, Response, jsonify, request

from plugin.sandbox.desk import named_people, page, user
from plugin.sandbox.platform import json_value
from plugin.sandbox.rest import Answer, body, number, part, sandbox
from plugin.sandbox.site import Organization
from plugin.sandbox.state import Refused

blueprint = Blueprint("organizations", __name__, url_prefix="/rest/servicedeskapi")

_DESKS_OWN = "/servicedesk/1/organization"


@blueprint.get("/organization")
def organizations() -> Response:
    """All organizations, or on Cloud those of `?accountId=`."""
    here = sandbox()
    known: Iterable[Organization] = list(here.site.organizations.values())
    account = request.args.get("accountId")
    if account and here.site.cloud:
        person = next((person for person in here.site.people if person.account_id == account), None)
        if person is None:
            raise Refused(400, f"The account ID '{account}' does not exist.")
        known = [here.site.organizations[id] for id in here.jira.members.organizations(person)]
    return page([here.speller.organization(one) for one in known])


@blueprint.post("/organization")
def post_organization() -> Answer:
    """Make an organization."""
    here, name = sandbox(), part(body(), "name", str)
    if not name.strip():
        raise Refused(400, "The organization name must not be empty.")
    return jsonify(here.speller.organization(here.jira.members.found(name))), 201


@blueprint.get("/organization/<int:id>")
def get_organization(id: int) -> Response:
    """One organization."""
    return jsonify(sandbox().speller.organization(_organization(id)))


@blueprint.delete("/organization/<int:id>")
def delete_organization(id: int) -> Answer:
    """Remove an organization for good."""
    sandbox().jira.delete_organization(_organization(id).id)
    return Response(), 204


@blueprint.get("/organization/<int:id>/user")
def get_users(id: int) -> Response:
    """The members of an organization."""
    return page([user(one) for one in sandbox().jira.members.people(_organization(id).id)])


@blueprint.post("/organization/<int:id>/user")
def post_users(id: int) -> Answer:
    """Let people into an organization."""
    sandbox().jira.members.add(_organization(id).id, named_people())
    return Response(), 204


@blueprint.delete("/organization/<int:id>/user")
def delete_users(id: int) -> Answer:
    """Let people go from an organization."""
    sandbox().jira.members.remove(_organization(id).id, named_people())
    return Response(), 204


@blueprint.get(_DESKS_OWN)
def get_served() -> Response:
    """The organizations of the one service desk."""
    here = sandbox()
    return page([here.speller.organization(one) for id, one in here.site.organizations.items() if id in _served()])


@blueprint.post(_DESKS_OWN)
def post_served() -> Answer:
    """Let the service desk serve an organization."""
    _served().add(_sent_organization())
    return Response(), 204


@blueprint.delete(_DESKS_OWN)
def delete_served() -> Answer:
    """Let the service desk serve an organization no more."""
    _served().discard(_sent_organization())
    return Response(), 204


@blueprint.get("/organization/<int:id>/property")
def get_property_keys(id: int) -> Response:
    """The keys of an organization's properties."""
    link = f"{sandbox().url}{request.path}"
    keys = [key for owner, key in _properties(id) if owner == id]
    return jsonify({"keys": [{"self": f"{link}/{key}", "key": key} for key in keys]})


@blueprint.get("/organization/<int:id>/property/<key>")
def get_property(id: int, key: str) -> Response:
    """One property of an organization."""
    properties = _properties(id)
    if (id, key) not in properties:
        raise Refused(404, f"The property with key '{key}' does not exist.")
    return jsonify({"key": key, "value": properties[id, key]})


@blueprint.put("/organization/<int:id>/property/<key>")
def put_property(id: int, key: str) -> Answer:
    """Set one property of an organization: 201 when it is new, else 200."""
    properties, value = _properties(id), json_value()
    existed = (id, key) in properties
    properties[id, key] = value
    return Response(), 200 if existed else 201


@blueprint.delete("/organization/<int:id>/property/<key>")
def delete_property(id: int, key: str) -> Answer:
    """Remove one property of an organization."""
    if _properties(id).pop((id, key), None) is None:
        raise Refused(404, f"The property with key '{key}' does not exist.")
    return Response(), 204


def _properties(id: int) -> dict[tuple[int, str], Any]:
    here = sandbox()
    if not here.site.cloud:
        raise Refused(404, "This Data Center has no organization properties.")
    return here.jira.organization_properties if _organization(id) else {}


def _served() -> set[int]:
    return sandbox().jira.members.served


def _sent_organization() -> int:
    return _organization(number("organizationId", body().get("organizationId"), 0)).id


def _organization(id: int) -> Organization:
    try:
        return sandbox().site.organizations[id]
    except KeyError:
        raise Refused(404, f"The organization '{id}' does not exist.") from None
