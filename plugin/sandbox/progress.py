"""How a request moves on, as the portal shows it: its statuses so far, and the transitions offered there."""

from flask import Blueprint, Response

from plugin.sandbox.desk import own_request, page
from plugin.sandbox.rest import Answer, body, caller, part, sandbox
from plugin.sandbox.state import Refused

blueprint = Blueprint("progress", __name__, url_prefix="/rest/servicedeskapi/request/<key>")


@blueprint.get("/status")
def get_statuses(key: str) -> Response:
    """The statuses that a request has had, the present one first."""
    here = sandbox()
    with here.jira.lock:
        issue = own_request(key)
        moves = [(here.site.first_status, issue.created)]
        for change in issue.history:
            moves += [(str(item.after[0]), change.at) for item in change.items if item.field_id == "status"]
    return page([here.speller.request_status(here.site.statuses[id], at) for id, at in reversed(moves)])


@blueprint.get("/transition")
def get_transitions(key: str) -> Response:
    """The transitions that are offered on the portal: none that asks for anything."""
    jira = sandbox().jira
    with jira.lock:
        offered = [one for one in jira.offered(own_request(key)) if not one.asks_resolution]
    return page([{"id": one.id, "name": one.name} for one in offered])


@blueprint.post("/transition")
def post_transition(key: str) -> Answer:
    """Move a request on; what is said along with it is a public comment."""
    jira, sent = sandbox().jira, body()
    with jira.lock:
        issue = own_request(key)
        if str(sent.get("id")) not in {one.id for one in jira.offered(issue) if not one.asks_resolution}:
            raise Refused(400, f"The transition '{sent.get('id')}' is not offered.")
        jira.transition(issue, caller(), str(sent["id"]), {})
        if said := part(sent, "additionalComment", dict).get("body"):
            jira.comment(issue, caller(), said, public=True)
    return Response(), 204
