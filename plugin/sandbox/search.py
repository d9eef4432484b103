"""Search in both flavours: Cloud pages by token, Data Center by number."""

import base64
from typing import Any

from flask import Blueprint, Response, jsonify, request

from plugin.sandbox import jql
from plugin.sandbox.platform import ANY_VERSION, choose_version
from plugin.sandbox.records import Issue
from plugin.sandbox.rest import body, number, part, sandbox
from plugin.sandbox.shown import names, show_issue
from plugin.sandbox.state import Refused

_PAGE = 100

blueprint = Blueprint("search", __name__)
blueprint.url_value_preprocessor(choose_version)


@blueprint.route(f"{ANY_VERSION}/search/jql", methods=["GET", "POST"])
def search_jql() -> Response:
    """Cloud's search: pages by token, and only the ids where no fields are asked for."""
    here = sandbox()
    if not here.site.cloud:
        raise Refused(404, "Data Center has no /search/jql; use /search.")
    sent = _search_words()
    token = sent.get("nextPageToken")
    try:
        start = int(base64.b64decode(str(token), validate=True)) if token else 0
    except ValueError:
        raise Refused(400, f"The nextPageToken '{token}' is not valid.") from None
    found, size = _search(sent)
    page: dict[str, Any] = {"issues": [_hit(issue, sent) for issue in found[start : start + size]]}
    page["isLast"] = start + size >= len(found)
    if not page["isLast"]:
        page["nextPageToken"] = base64.b64encode(str(start + size).encode()).decode()
    return jsonify(page)


@blueprint.post(f"{ANY_VERSION}/issue/bulkfetch")
def bulk_fetch() -> Response:
    """Cloud only: up to a hundred issues by id or key, in the order of their ids; whatever is not there is left out."""
    here, sent = sandbox(), body()
    if not here.site.cloud:
        raise Refused(404, "Data Center has no /issue/bulkfetch.")
    wanted = {str(each) for each in part(sent, "issueIdsOrKeys", list)}
    if not wanted or len(wanted) > _PAGE:
        raise Refused(400, f"issueIdsOrKeys must name 1 to {_PAGE} issues.")
    found = sorted((each for each in here.jira.issues() if wanted & {each.id, each.key}), key=lambda each: int(each.id))
    asked = {"fields": ["*navigable"], **sent}
    return jsonify({"issues": [_hit(each, asked) for each in found], "issueErrors": []})


@blueprint.route(f"{ANY_VERSION}/search", methods=["GET", "POST"])
def search() -> Response:
    """Data Center's search: pages by number. On Cloud it is gone."""
    if sandbox().site.cloud:
        raise Refused(410, "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API.")
    sent = _search_words()
    start = number("startAt", sent.get("startAt"), 0)
    found, size = _search(sent)
    issues = [_hit(issue, {"fields": ["*all"], **sent}) for issue in found[start : start + size]]
    return jsonify({"startAt": start, "maxResults": size, "total": len(found), "issues": issues})


def _search_words() -> dict[str, Any]:
    if request.method == "POST":
        return body()
    asked: dict[str, Any] = request.args.to_dict()
    for name in ("fields", "properties"):
        if name in asked:
            asked[name] = names(asked[name])
    return asked


def _search(sent: dict[str, Any]) -> tuple[list[Issue], int]:
    here = sandbox()
    query = jql.parse(str(sent.get("jql") or ""), here.site, here.clock())
    return query.run(here.jira.issues()), min(number("maxResults", sent.get("maxResults"), 50), _PAGE) or 1


def _hit(issue: Issue, sent: dict[str, Any]) -> dict[str, Any]:
    expand = sent.get("expand") or []
    if not sent.get("fields"):
        return {"id": issue.id}
    expansions = names(expand) if isinstance(expand, str) else expand
    with sandbox().jira.lock:
        return show_issue(issue, sent["fields"], sent.get("properties") or [], expansions)
