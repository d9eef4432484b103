"""The comments of an issue in the platform's API: public, unless a property of theirs says that they are internal."""

from flask import Blueprint, Response, jsonify, request

from plugin.sandbox.platform import ANY_VERSION, PAGE, TEXT_VERSION, choose_version, property_of, sent_properties
from plugin.sandbox.records import Comment, Issue
from plugin.sandbox.rest import Answer, body, caller, needs, number, part, sandbox
from plugin.sandbox.shown import show_comment
from plugin.sandbox.state import Refused

blueprint = Blueprint("comments", __name__)
blueprint.url_value_preprocessor(choose_version)


@blueprint.get(f"{TEXT_VERSION}/issue/<key>/comment")
def get_comments(key: str) -> Response:
    """The comments of an issue, the oldest first unless `orderBy=-created`; `expand=properties` adds properties."""
    jira = sandbox().jira
    with jira.lock:
        issue = jira.issue(key)
        ordered = issue.comments[::-1] if request.args.get("orderBy") == "-created" else issue.comments
        start = number("startAt", request.args.get("startAt"), 0)
        size = min(number("maxResults", request.args.get("maxResults"), 50), PAGE)
        page = ordered[start : start + size]
        return jsonify(
            {
                "startAt": start,
                "maxResults": size,
                "total": len(issue.comments),
                "comments": [show_comment(issue, comment) for comment in page],
            }
        )


@blueprint.post(f"{TEXT_VERSION}/issue/<key>/comment")
def add_comment(key: str) -> Answer:
    """Add a comment: public, unless its property `sd.public.comment` says `{"internal": true}`."""
    jira, sent = sandbox().jira, body()
    properties = sent_properties(sent)
    internal = properties.get("sd.public.comment")
    public = not (isinstance(internal, dict) and internal.get("internal") is True)
    with jira.lock:
        issue = jira.issue(key)
        comment = jira.comment(issue, caller(), sent.get("body"), public, properties)
        return jsonify(show_comment(issue, comment)), 201


@blueprint.get(f"{TEXT_VERSION}/issue/<key>/comment/<id>")
def get_comment(key: str, id: str) -> Response:
    """One comment."""
    with sandbox().jira.lock:
        return jsonify(show_comment(*_found(key, id)))


@blueprint.put(f"{TEXT_VERSION}/issue/<key>/comment/<id>")
def edit_comment(key: str, id: str) -> Response:
    """Change what a comment says."""
    jira, sent = sandbox().jira, body()
    with jira.lock:
        issue, comment = _found(key, id)
        jira.edit_comment(issue, comment, caller(), part(sent, "body", str))
        return jsonify(show_comment(issue, comment))


@blueprint.delete(f"{ANY_VERSION}/issue/<key>/comment/<id>")
def delete_comment(key: str, id: str) -> Answer:
    """Remove a comment for good."""
    jira = sandbox().jira
    needs("DELETE_OWN_COMMENTS", 400)
    with jira.lock:
        jira.delete_comment(*_found(key, id), caller())
    return Response(), 204


@blueprint.get(f"{ANY_VERSION}/comment/<id>/properties/<name>")
def comment_property(id: str, name: str) -> Response:
    """One property of a comment."""
    return jsonify({"key": name, "value": property_of(sandbox().jira.comment_by_id(id).properties, name)})


def _found(key: str, id: str) -> tuple[Issue, Comment]:
    """The comment of this issue, and the issue."""
    issue = sandbox().jira.issue(key)
    for comment in issue.comments:
        if comment.id == id:
            return issue, comment
    raise Refused(404, f"Can not find a comment for the id: {id}.")
