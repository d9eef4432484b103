"""JSM's own REST API, `/rest/servicedeskapi`: the portal as customers and agents reach it, and organizations."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, jsonify, request

from plugin.sandbox.platform import json_value
from plugin.sandbox.rest import Answer, body, caller, number, part, sandbox
from plugin.sandbox.site import Field, Named, Organization, Person
from plugin.sandbox.state import Comment, Issue, Refused

blueprint = Blueprint("servicedesk", __name__, url_prefix="/rest/servicedeskapi")


@blueprint.get("/servicedesk")
def service_desks() -> Response:
    """The one service desk."""
    return _page([_desk()])


@blueprint.get("/servicedesk/1")
def service_desk() -> Response:
    """The one service desk."""
    return jsonify(_desk())


@blueprint.get("/servicedesk/1/requesttype")
def request_types() -> Response:
    """The request types of the portal."""
    here = sandbox()
    return _page([here.speller.request_type(kind) for kind in here.site.request_types.values()])


@blueprint.get("/servicedesk/1/requesttype/<id>/field")
def request_type_fields(id: str) -> Response:
    """The fields that a customer fills in, with the options of each."""
    _request_type(id)
    fields = [_portal_field(field) for field in sandbox().site.fields.values() if field.on_portal]
    return jsonify(
        {"requestTypeFields": fields, "canRaiseOnBehalfOf": caller().agent, "canAddRequestParticipants": True}
    )


@blueprint.get("/request")
def get_requests() -> Response:
    """A customer's own requests; all of them for an agent."""
    jira, person = sandbox().jira, caller()
    with jira.lock:
        return _page([_request(issue) for issue in jira.issues() if person.agent or issue.reporter == person])


@blueprint.post("/request")
def post_request() -> Answer:
    """Raise a request, as the portal does; an agent may raise it on behalf of a customer."""
    here, sent, by = sandbox(), body(), caller()
    if sent.get("serviceDeskId") != "1":
        raise Refused(404, f"There is no service desk '{sent.get('serviceDeskId')}'; the sandbox has '1' (a string).")
    reporter = by
    if behalf := sent.get("raiseOnBehalfOf"):
        if not by.agent:
            raise Refused(403, "Customers cannot raise a request on behalf of somebody else.")
        try:
            reporter = here.site.person(str(behalf))
        except KeyError:
            raise Refused(400, f"The user '{behalf}' in raiseOnBehalfOf does not exist.") from None
    kind = _request_type(str(sent.get("requestTypeId")))
    with here.jira.lock:
        issue = here.jira.create(reporter, by, kind, part(sent, "requestFieldValues", dict))
        return jsonify(_request(issue)), 201


@blueprint.get("/request/<key>")
def get_request(key: str) -> Response:
    """One request as the portal shows it."""
    with sandbox().jira.lock:
        return jsonify(_request(_own(key)))


@blueprint.get("/request/<key>/comment")
def get_comments(key: str) -> Response:
    """The comments that the caller may see; `public` and `internal` leave out those of the one kind or the other."""
    wanted = {kind for kind in (True, False) if request.args.get("public" if kind else "internal") != "false"}
    with sandbox().jira.lock:
        issue = _own(key)
        seen = [one for one in issue.comments if one.public or caller().agent]
        return _page([_comment(issue, one) for one in seen if one.public in wanted])


@blueprint.post("/request/<key>/comment")
def post_comment(key: str) -> Answer:
    """Comment: customers always in public, agents as `public` says."""
    sent, person = body(), caller()
    public = sent.get("public")
    if not isinstance(public, bool):
        raise Refused(400, "'public' has to be true or false.")
    with sandbox().jira.lock:
        issue = _own(key)
        if not person.agent and not public:
            raise Refused(403, "Customers can only add public comments.")
        return jsonify(_comment(issue, sandbox().jira.comment(issue, person, sent.get("body"), public))), 201


@blueprint.get("/request/<key>/participant")
def get_participants(key: str) -> Response:
    """The people with whom a request is shared."""
    with sandbox().jira.lock:
        return _page([_user(one) for one in _participants(_own(key))])


@blueprint.post("/request/<key>/participant")
def post_participants(key: str) -> Response:
    """Share a request with more people; whoever takes part already does so still."""
    here, sent = sandbox(), body()
    known_as, named = ("accountId", "accountIds") if here.site.cloud else ("name", "usernames")
    with here.jira.lock:
        issue = _own(key)
        present = [one.account_id if here.site.cloud else one.username for one in _participants(issue)]
        people = [{known_as: one} for one in dict.fromkeys([*present, *part(sent, named, list)])]
        here.jira.edit(issue, caller(), {here.site.custom("sd-request-participants").id: people})
        return _page([_user(one) for one in _participants(issue)])


def _participants(issue: Issue) -> list[Person]:
    people = issue.values.get(sandbox().site.custom("sd-request-participants").id)
    return [one for one in people if isinstance(one, Person)] if isinstance(people, tuple) else []


@blueprint.get("/organization")
def organizations() -> Response:
    """All organizations, or on Cloud those of `?accountId=`. Customers never get here."""
    here = sandbox()
    known: Sequence[Organization] = list(here.site.organizations.values())
    account = request.args.get("accountId")
    if account and here.site.cloud:
        person = next((person for person in here.site.people if person.account_id == account), None)
        if person is None:
            raise Refused(400, f"The account ID '{account}' does not exist.")
        known = [one for one in known if one.id in person.organizations]
    return _page([here.speller.organization(one) for one in known])


@blueprint.get("/organization/<int:id>/property/<key>")
def get_property(id: int, key: str) -> Response:
    """One property of an organization."""
    properties = _organization_properties(id)
    if (id, key) not in properties:
        raise Refused(404, f"The property with key '{key}' does not exist.")
    return jsonify({"key": key, "value": properties[id, key]})


@blueprint.put("/organization/<int:id>/property/<key>")
def put_property(id: int, key: str) -> Answer:
    """Set one property of an organization: 201 when it is new, else 200."""
    properties, value = _organization_properties(id), json_value()
    existed = (id, key) in properties
    properties[id, key] = value
    return Response(), 200 if existed else 201


@blueprint.delete("/organization/<int:id>/property/<key>")
def delete_property(id: int, key: str) -> Answer:
    """Remove one property of an organization."""
    if _organization_properties(id).pop((id, key), None) is None:
        raise Refused(404, f"The property with key '{key}' does not exist.")
    return Response(), 204


def _organization_properties(id: int) -> dict[tuple[int, str], Any]:
    here = sandbox()
    if not here.site.cloud:
        raise Refused(404, "This Data Center has no organization properties.")
    if id not in here.site.organizations:
        raise Refused(404, f"The organization '{id}' does not exist.")
    return here.jira.organization_properties


def _own(key: str) -> Issue:
    """The request, unless it is another customer's, which looks as if it did not exist."""
    issue = sandbox().jira.issue(key)
    if caller().agent or issue.reporter == caller():
        return issue
    raise Refused(404, "The request does not exist, or you do not have permission to see it.")


def _request_type(id: str) -> Named:
    try:
        return sandbox().site.request_types[id]
    except KeyError:
        raise Refused(404, f"The request type '{id}' does not exist.") from None


def _page(values: list[dict[str, Any]]) -> Response:
    start = number("start", request.args.get("start"), 0)
    limit = min(number("limit", request.args.get("limit"), 50), 100)
    shown = values[start : start + limit]
    last = start + limit >= len(values)
    here = sandbox().url + request.path
    links = {"base": sandbox().url, "self": here}
    if not last:
        links["next"] = f"{here}?start={start + limit}&limit={limit}"
    return jsonify(
        {"size": len(shown), "start": start, "limit": limit, "isLastPage": last, "_links": links, "values": shown}
    )


def _desk() -> dict[str, Any]:
    here = sandbox()
    return {
        "id": "1",
        "projectId": here.site.project.id,
        "projectName": here.site.project.name,
        "projectKey": here.site.project_key,
        "_links": {"self": f"{here.url}/rest/servicedeskapi/servicedesk/1"},
    }


def _portal_field(field: Field) -> dict[str, Any]:
    values = [{"value": option.id, "label": option.value, "children": []} for option in field.options]
    return {
        "fieldId": field.id,
        "name": field.name,
        "description": "",
        "required": field.id == "summary",
        "defaultValues": [],
        "validValues": values,
        "jiraSchema": sandbox().speller.field(field)["schema"],
        "visible": True,
    }


def _request(issue: Issue) -> dict[str, Any]:
    here = sandbox()
    values = [
        {"fieldId": field.id, "label": field.name, "value": here.speller.value(field, issue.values[field.id])}
        for field in here.site.fields.values()
        if field.on_portal and field.id in issue.values
    ]
    return {
        "_expands": ["participant", "status", "sla", "requestType", "serviceDesk", "attachment", "action", "comment"],
        "issueId": issue.id,
        "issueKey": issue.key,
        "requestTypeId": issue.request_type.id,
        "serviceDeskId": "1",
        "createdDate": here.speller.date(issue.created),
        "reporter": _user(issue.reporter),
        "requestFieldValues": values,
        "currentStatus": here.speller.request_status(issue),
        "_links": here.speller.request_links(issue),
    }


def _comment(issue: Issue, comment: Comment) -> dict[str, Any]:
    here = sandbox()
    return {
        "_expands": ["attachment", "renderedBody"],
        "id": comment.id,
        "body": comment.body,
        "public": comment.public,
        "author": _user(comment.author),
        "created": here.speller.date(comment.created),
        "_links": {"self": f"{here.url}/rest/servicedeskapi/request/{issue.id}/comment/{comment.id}"},
    }


def _user(person: Person) -> dict[str, Any]:
    spelled = sandbox().speller.user(person)
    links = {"jiraRest": spelled.pop("self"), "avatarUrls": spelled.pop("avatarUrls")}
    spelled.pop("accountType", None)
    return {**spelled, "_links": links}
