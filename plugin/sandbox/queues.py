"""The agents' queues of the one service desk."""

from typing import Any, Final

from flask import Blueprint, Response, jsonify

from plugin.sandbox import jql
from plugin.sandbox.desk import page
from plugin.sandbox.records import Issue
from plugin.sandbox.rest import flag, sandbox
from plugin.sandbox.state import Refused

blueprint = Blueprint("queues", __name__, url_prefix="/rest/servicedeskapi/servicedesk/1/queue")

_QUEUES: Final = {
    "1": ("Open requests", "project = {project} AND statusCategory != Done ORDER BY created ASC"),
    "2": ("All requests", "project = {project} ORDER BY updated DESC"),
}
_FIELDS: Final = ("issuetype", "summary", "created", "reporter", "status", "priority")


@blueprint.get("")
def get_queues() -> Response:
    """The queues; `includeCount=true` tells how many requests are in each."""
    return page([_queue(id) for id in _QUEUES])


@blueprint.get("/<id>")
def get_queue(id: str) -> Response:
    """One queue."""
    return jsonify(_queue(id))


@blueprint.get("/<id>/issue")
def get_issues(id: str) -> Response:
    """The requests in a queue, with the fields that it shows."""
    speller = sandbox().speller
    return page([speller.issue(issue, _FIELDS) for issue in _issues(id)])


def _queue(id: str) -> dict[str, Any]:
    here = sandbox()
    name, query = _known(id)
    link = f"{here.url}/rest/servicedeskapi/servicedesk/1/queue/{id}"
    counted = {"issueCount": len(_issues(id))} if flag("includeCount", False) else {}
    return {"id": id, "name": name, "jql": query, "fields": list(_FIELDS), **counted, "_links": {"self": link}}


def _issues(id: str) -> list[Issue]:
    here = sandbox()
    with here.jira.lock:
        return jql.parse(_known(id)[1], here.site, here.clock()).run(here.jira.issues())


def _known(id: str) -> tuple[str, str]:
    if id not in _QUEUES:
        raise Refused(404, f"The queue '{id}' does not exist.")
    name, query = _QUEUES[id]
    return name, query.format(project=sandbox().site.project_key)
