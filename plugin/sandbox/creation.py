"""Issues as agents create them, past the portal."""

from typing import Any

from flask import Blueprint, jsonify

from plugin.sandbox.platform import TEXT_VERSION, choose_version
from plugin.sandbox.rest import Answer, body, caller, part, sandbox
from plugin.sandbox.site import Named, Person
from plugin.sandbox.state import Refused

blueprint = Blueprint("creation", __name__)
blueprint.url_value_preprocessor(choose_version)


@blueprint.post(f"{TEXT_VERSION}/issue")
def create_issue() -> Answer:
    """Create an issue; it is a request where the request type is set, by its id."""
    here = sandbox()
    site, fields = here.site, dict(part(body(), "fields", dict))
    if _named(fields.pop("project", None), "id", "key") not in (site.project.id, site.project_key):
        raise Refused(400, errors={"project": "Specify a valid project ID or key"})
    if _named(fields.pop("issuetype", None), "id", "name") not in (site.issue_type.id, site.issue_type.name):
        raise Refused(400, errors={"issuetype": "Specify a valid issue type"})
    kind = _request_type(fields.pop(site.custom("vp-origin").id, None))
    reporter = _reporter(fields.pop("reporter", None))

    def on_screen(id: str) -> bool:
        return site.editable(id) or site.fields[id].on_portal

    with here.jira.lock:
        issue = here.jira.create(reporter, caller(), kind, fields, on_screen)
    return jsonify({"id": issue.id, "key": issue.key, "self": f"{here.url}/rest/api/2/issue/{issue.id}"}), 201


def _named(sent: Any, *keys: str) -> str | None:
    named = [str(sent[key]) for key in keys if key in sent] if isinstance(sent, dict) else []
    return named[0] if named else None


def _request_type(sent: Any) -> Named | None:
    if sent is None:
        return None
    site = sandbox().site
    if str(sent) not in site.request_types:
        raise Refused(400, errors={site.custom("vp-origin").id: f"The request type '{sent}' does not exist."})
    return site.request_types[str(sent)]


def _reporter(sent: Any) -> Person:
    if sent is None:
        return caller()
    site = sandbox().site
    try:
        return site.person(str(_named(sent, "accountId" if site.cloud else "name")))
    except KeyError:
        raise Refused(400, errors={"reporter": "The reporter specified is not a user."}) from None
