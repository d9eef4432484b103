"""The platform REST API, `/rest/api/2` (Cloud also `/rest/api/3` where the text formats do not differ)."""

from typing import Any

from flask import Blueprint, Response, g, jsonify, request

from plugin.sandbox.records import Issue
from plugin.sandbox.rest import Answer, body, caller, number, part, sandbox
from plugin.sandbox.shown import names, show_issue
from plugin.sandbox.state import Refused

TEXT_VERSION = "/rest/api/<any('2', 'latest'):version>"
ANY_VERSION = "/rest/api/<any('2', '3', 'latest'):version>"
PAGE = 100
_LONGEST_PROPERTY = 32_768

blueprint = Blueprint("platform", __name__)


def choose_version(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Note which version of the API the path names."""
    g.version = (values or {}).pop("version", "2")


blueprint.url_value_preprocessor(choose_version)


@blueprint.before_request
def _has_version() -> None:
    if g.version == "3" and not sandbox().site.cloud:
        raise Refused(404, "Data Center has no /rest/api/3.")


@blueprint.get(f"{ANY_VERSION}/serverInfo")
def server_info() -> Response:
    """What this Jira is."""
    here = sandbox()
    cloud, numbers = here.site.cloud, here.site.guise.version
    return jsonify(
        {
            "baseUrl": here.url,
            "version": ".".join(map(str, numbers)) + ("-SNAPSHOT" if cloud else ""),
            "versionNumbers": list(numbers),
            "deploymentType": "Cloud" if cloud else "Server",
            "buildNumber": 100300 if cloud else 10030024,
            "serverTime": here.clock().strftime("%Y-%m-%dT%H:%M:%S.000%z"),
            "serverTitle": "Sandbox",
        }
    )


@blueprint.get(f"{ANY_VERSION}/myself")
def myself() -> Response:
    """Who calls."""
    return jsonify(sandbox().speller.user(caller()))


@blueprint.get(f"{ANY_VERSION}/user/assignable/search")
def assignable() -> Response:
    """To whom a request can be assigned: the agents. Cloud looks for an account, Data Center for a part of one."""
    here = sandbox()
    if request.args.get("project") not in (here.site.project_key, here.site.project.id):
        raise Refused(404, "No project could be found with the key given.")
    account, part_of = request.args.get("accountId"), request.args.get("username", "")
    return jsonify(
        [
            here.speller.user(person)
            for person in here.site.people
            if person.agent and (person.account_id == account if here.site.cloud else part_of in person.username)
        ]
    )


@blueprint.get(f"{ANY_VERSION}/field")
def fields() -> Response:
    """All fields of the site."""
    here = sandbox()
    return jsonify([here.speller.field(field) for field in here.site.fields.values()])


@blueprint.get(f"{ANY_VERSION}/issue/<key>")
def get_issue(key: str) -> Response:
    """One issue; `fields`, `properties` and `expand=changelog` as in Jira."""
    jira = sandbox().jira
    with jira.lock:
        return jsonify(
            show_issue(
                jira.issue(key),
                names(request.args.get("fields")) or ["*all"],
                names(request.args.get("properties")),
                names(request.args.get("expand")),
            )
        )


@blueprint.put(f"{TEXT_VERSION}/issue/<key>")
def edit_issue(key: str) -> Answer:
    """Edit fields, add comments and set properties in one call; a `transition` in it is ignored, as in Jira."""
    jira, sent = sandbox().jira, body()
    with jira.lock:
        issue = jira.issue(key)
        values: dict[str, Any] = dict(part(sent, "fields", dict))
        comments: list[str] = []
        for id, operations in part(sent, "update", dict).items():
            for operation in operations if isinstance(operations, list) else [None]:
                match operation:
                    case {"add": {"body": str(text)}} if id == "comment":
                        comments.append(text)
                    case {"set": value} if id not in values:
                        values[id] = value
                    case {"add": str(label)} if id == "labels":
                        values[id] = list(dict.fromkeys([*_labels(issue, values), label]))
                    case {"remove": str(label)} if id == "labels":
                        values[id] = [each for each in _labels(issue, values) if each != label]
                    case {"set": _}:
                        raise Refused(400, errors={id: f"Field '{id}' cannot appear in both 'fields' and 'update'"})
                    case _:
                        raise Refused(400, errors={id: f"The sandbox cannot do {operation} on '{id}', only set."})
        jira.edit(issue, caller(), values, comments, sent_properties(sent))
    return Response(), 204


def _labels(issue: Issue, sent: dict[str, Any]) -> list[str]:
    kept: Any = sent.get("labels", issue.values.get("labels"))
    return list(kept or ())


@blueprint.delete(f"{ANY_VERSION}/issue/<key>")
def delete_issue(key: str) -> Answer:
    """Delete an issue."""
    jira = sandbox().jira
    jira.delete(jira.issue(key), caller())
    return Response(), 204


@blueprint.get(f"{ANY_VERSION}/issue/<key>/changelog")
def get_changelog(key: str) -> Response:
    """The whole history, the oldest change first. Data Center has no such address: there the issue tells all of it."""
    here = sandbox()
    if not here.site.cloud:
        raise Refused(404, "null for uri: " + request.path)
    with here.jira.lock:
        changes = here.speller.changes(here.jira.issue(key))
        start = number("startAt", request.args.get("startAt"), 0)
        size = min(number("maxResults", request.args.get("maxResults"), PAGE), PAGE)
        last = start + size >= len(changes)
        page = changes[start : start + size]
    return jsonify({"startAt": start, "maxResults": size, "total": len(changes), "isLast": last, "values": page})


@blueprint.get(f"{ANY_VERSION}/issue/<key>/properties")
def property_keys(key: str) -> Response:
    """The keys of the issue's properties."""
    issue = sandbox().jira.issue(key)
    return jsonify({"keys": [{"self": _property_link(issue, name), "key": name} for name in issue.properties]})


@blueprint.get(f"{ANY_VERSION}/issue/<key>/properties/<name>")
def get_property(key: str, name: str) -> Response:
    """One property of an issue."""
    return jsonify({"key": name, "value": property_of(sandbox().jira.issue(key).properties, name)})


@blueprint.put(f"{ANY_VERSION}/issue/<key>/properties/<name>")
def put_property(key: str, name: str) -> Answer:
    """Set one property of an issue: 201 when it is new, else 200."""
    issue = sandbox().jira.issue(key)
    value = json_value()
    existed = name in issue.properties
    issue.properties[name] = value
    return Response(), 200 if existed else 201


@blueprint.delete(f"{ANY_VERSION}/issue/<key>/properties/<name>")
def delete_property(key: str, name: str) -> Answer:
    """Remove one property of an issue."""
    properties = sandbox().jira.issue(key).properties
    property_of(properties, name)
    del properties[name]
    return Response(), 204


@blueprint.get(f"{ANY_VERSION}/issue/<key>/transitions")
def get_transitions(key: str) -> Response:
    """The transitions that are offered now."""
    here = sandbox()
    issue = here.jira.issue(key)
    offered = [here.speller.transition(transition) for transition in here.jira.offered(issue)]
    return jsonify({"expand": "transitions", "transitions": offered})


@blueprint.post(f"{TEXT_VERSION}/issue/<key>/transitions")
def do_transition(key: str) -> Answer:
    """Move an issue on. A comment sent along is dropped without a word: none of the screens has the comment field."""
    jira, sent = sandbox().jira, body()
    id = part(sent, "transition", dict).get("id")
    if not str(id).isdecimal():
        raise Refused(400, "'transition' identifier must be an integer")
    jira.transition(jira.issue(key), caller(), str(id), part(sent, "fields", dict))
    return Response(), 204


def json_value() -> Any:
    """The value of a property that was sent: any JSON of at most 32,768 bytes."""
    if len(request.data) > _LONGEST_PROPERTY:
        raise Refused(400, f"The property value is too long: at most {_LONGEST_PROPERTY} bytes are allowed.")
    if not request.is_json or (value := request.get_json(silent=True)) is None:
        raise Refused(400, "The property value has to be JSON, and not empty.")
    return value


def sent_properties(sent: dict[str, Any]) -> dict[str, Any]:
    properties = {}
    for one in part(sent, "properties", list):
        if not isinstance(one, dict) or not isinstance(one.get("key"), str) or "value" not in one:
            raise Refused(400, "Invalid request payload: a property is an object with 'key' and 'value'.")
        properties[one["key"]] = one["value"]
    return properties


def property_of(properties: dict[str, Any], name: str) -> Any:
    if name not in properties:
        raise Refused(404, f"The property with key '{name}' does not exist.")
    return properties[name]


def _property_link(issue: Issue, name: str) -> str:
    return f"{sandbox().url}/rest/api/2/issue/{issue.id}/properties/{name}"
