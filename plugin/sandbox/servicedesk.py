"""JSM's own REST API, `/rest/servicedeskapi`: the portal as customers and agents reach it."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, jsonify, request

from plugin.sandbox import sla
from plugin.sandbox.desk import named_people, own_request, page, spelled_comment, user
from plugin.sandbox.records import Issue
from plugin.sandbox.rest import Answer, body, caller, flag, part, sandbox
from plugin.sandbox.site import Field, Named, Person
from plugin.sandbox.state import Refused

blueprint = Blueprint("servicedesk", __name__, url_prefix="/rest/servicedeskapi")


@blueprint.get("/info")
def info() -> Response:
    """What this service management is."""
    here = sandbox()
    version = ".".join(map(str, here.site.guise.version))
    return jsonify(
        {
            "version": version,
            "platformVersion": version,
            "buildDate": here.speller.date(here.clock()),
            "buildChangeSet": "sandbox",
            "isLicensedForUse": True,
            "_links": {"self": f"{here.url}/rest/servicedeskapi/info"},
        }
    )


@blueprint.get("/servicedesk")
def service_desks() -> Response:
    """The one service desk."""
    return page([_desk()])


@blueprint.get("/servicedesk/1")
def service_desk() -> Response:
    """The one service desk."""
    return jsonify(_desk())


@blueprint.get("/servicedesk/1/customer")
def customers() -> Response:
    """The customers of the one service desk; `query` is in the name or the address."""
    wanted = request.args.get("query", "").lower()
    people = [one for one in sandbox().site.people if not one.agent and wanted in f"{one.name} {one.email}".lower()]
    return page([user(one) for one in people])


@blueprint.get("/servicedesk/1/requesttype")
def request_types() -> Response:
    """The request types of the portal."""
    here = sandbox()
    return page([here.speller.request_type(kind) for kind in here.site.request_types.values()])


@blueprint.get("/servicedesk/1/requesttype/<id>")
def request_type(id: str) -> Response:
    """One request type."""
    return jsonify(sandbox().speller.request_type(_request_type(id)))


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
        mine = [issue for issue in jira.issues() if person.agent or issue.reporter == person]
        return page([_request(issue) for issue in mine if issue.request_type])


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
        return jsonify(_request(own_request(key)))


@blueprint.get("/request/<key>/comment")
def get_comments(key: str) -> Response:
    """The comments that the caller may see; `public` and `internal` leave out those of the one kind or the other."""
    wanted = {kind for kind in (True, False) if flag("public" if kind else "internal", True)}
    with sandbox().jira.lock:
        issue = own_request(key)
        seen = [one for one in issue.comments if one.public or caller().agent]
        return page([spelled_comment(issue, one) for one in seen if one.public in wanted])


@blueprint.get("/request/<key>/comment/<id>")
def get_comment(key: str, id: str) -> Response:
    """One comment that the caller may see."""
    with sandbox().jira.lock:
        issue = own_request(key)
        for one in issue.comments:
            if one.id == id and (one.public or caller().agent):
                return jsonify(spelled_comment(issue, one))
    raise Refused(404, f"The comment '{id}' does not exist.")


@blueprint.post("/request/<key>/comment")
def post_comment(key: str) -> Answer:
    """Comment: customers always in public, agents as `public` says."""
    sent, person = body(), caller()
    public = sent.get("public")
    if not isinstance(public, bool):
        raise Refused(400, "'public' has to be true or false.")
    with sandbox().jira.lock:
        issue = own_request(key)
        if not person.agent and not public:
            raise Refused(403, "Customers can only add public comments.")
        return jsonify(spelled_comment(issue, sandbox().jira.comment(issue, person, sent.get("body"), public))), 201


@blueprint.get("/request/<key>/sla")
def get_slas(key: str) -> Response:
    """The measurements of a request, for agents only."""
    return page([_sla(key)])


@blueprint.get("/request/<key>/sla/<id>")
def get_sla(key: str, id: str) -> Response:
    """One of them."""
    if id != sla.ID:
        raise Refused(404, f"The SLA metric '{id}' does not exist.")
    return jsonify(_sla(key))


def _sla(key: str) -> dict[str, Any]:
    here = sandbox()
    if not caller().agent:
        raise Refused(403, "Only agents can see the SLAs of a request.")
    with here.jira.lock:
        issue = here.jira.issue(key)
        cycle = here.sla.cycle(here.site, issue, here.clock())
    link = f"{here.url}/rest/servicedeskapi/request/{issue.id}/sla/{sla.ID}"
    told: dict[str, Any] = {"id": sla.ID, "name": sla.NAME, "_links": {"self": link}, "completedCycles": []}
    if cycle is None:
        return told
    date = here.speller.date
    spelled: dict[str, Any] = {
        "startTime": date(cycle.start),
        "breachTime": date(cycle.breach),
        "breached": cycle.elapsed > cycle.goal,
        "goalDuration": _duration(cycle.goal),
        "elapsedTime": _duration(cycle.elapsed),
        "remainingTime": _duration(cycle.goal - cycle.elapsed),
    }
    if cycle.stop is not None:
        told["completedCycles"] = [{**spelled, "stopTime": date(cycle.stop)}]
    else:
        told["ongoingCycle"] = {**spelled, "paused": cycle.paused, "withinCalendarHours": cycle.open_now}
    return told


def _duration(length: timedelta) -> dict[str, Any]:
    minutes = int(abs(length).total_seconds()) // 60
    sign = "-" if length < timedelta() else ""
    return {"millis": int(length.total_seconds() * 1000), "friendly": f"{sign}{minutes // 60}h {minutes % 60}m"}


@blueprint.get("/request/<key>/participant")
def get_participants(key: str) -> Response:
    """The people with whom a request is shared."""
    with sandbox().jira.lock:
        return page([user(one) for one in _participants(own_request(key))])


@blueprint.post("/request/<key>/participant")
def post_participants(key: str) -> Response:
    """Share a request with more people; whoever takes part already does so still."""
    with sandbox().jira.lock:
        issue = own_request(key)
        present = _participants(issue)
        return _share(issue, [*present, *(one for one in named_people() if one not in present)])


@blueprint.delete("/request/<key>/participant")
def delete_participants(key: str) -> Response:
    """Share a request with fewer people."""
    with sandbox().jira.lock:
        issue, gone = own_request(key), named_people()
        return _share(issue, [one for one in _participants(issue) if one not in gone])


def _share(issue: Issue, people: list[Person]) -> Response:
    here = sandbox()
    raw = [{"accountId": one.account_id} if here.site.cloud else {"name": one.username} for one in people]
    here.jira.edit(issue, caller(), {here.site.custom("sd-request-participants").id: raw})
    return page([user(one) for one in _participants(issue)])


def _participants(issue: Issue) -> list[Person]:
    people = issue.values.get(sandbox().site.custom("sd-request-participants").id)
    return [one for one in people if isinstance(one, Person)] if isinstance(people, tuple) else []


def _request_type(id: str) -> Named:
    try:
        return sandbox().site.request_types[id]
    except KeyError:
        raise Refused(404, f"The request type '{id}' does not exist.") from None


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
        "requestTypeId": issue.request_type.id if issue.request_type else None,
        "serviceDeskId": "1",
        "createdDate": here.speller.date(issue.created),
        "reporter": user(issue.reporter),
        "requestFieldValues": values,
        "currentStatus": here.speller.request_status(here.site.statuses[issue.status], issue.status_since),
        "_links": here.speller.request_links(issue),
    }
