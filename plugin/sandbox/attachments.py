"""Files on an issue, through the platform's API and through the portal's."""

from typing import Any

from flask import Blueprint, Response, jsonify, request

from plugin.sandbox.desk import own_request, page, spelled_comment, user
from plugin.sandbox.platform import ANY_VERSION, choose_version
from plugin.sandbox.records import Attachment
from plugin.sandbox.rest import Answer, body, caller, part, sandbox
from plugin.sandbox.state import Refused

blueprint = Blueprint("attachments", __name__)
blueprint.url_value_preprocessor(choose_version)

_DESK = "/rest/servicedeskapi"


@blueprint.post(f"{ANY_VERSION}/issue/<key>/attachments")
def add_attachments(key: str) -> Response:
    """Put files on an issue: the parts called `file` of a form."""
    here = sandbox()
    _must_not_be_checked()
    issue = here.jira.issue(key)
    sent = [(each.filename or "file", each.mimetype, each.read()) for each in request.files.getlist("file")]
    return jsonify([here.speller.attachment(here.jira.attach(issue, caller(), *each)) for each in sent])


@blueprint.get(f"{ANY_VERSION}/attachment/<id>")
def get_attachment(id: str) -> Response:
    """What an attachment is; Cloud has its id as a number here, and as a text on the issue."""
    here = sandbox()
    told = here.speller.attachment(_found(id))
    return jsonify({**told, "id": int(told["id"])} if here.site.cloud else told)


@blueprint.get(f"{ANY_VERSION}/attachment/content/<id>")
@blueprint.get("/secure/attachment/<id>/<name>")
def get_content(id: str, name: str = "") -> Response:
    """What is in an attachment; on Data Center outside of the API, and by its name as well."""
    found = _found(id)
    if name not in ("", found.name):
        raise Refused(404, f"The attachment '{name}' does not exist")
    return Response(found.content, mimetype=found.kind)


@blueprint.post(f"{_DESK}/servicedesk/1/attachTemporaryFile")
def attach_temporary_file() -> Answer:
    """Keep files until a request takes them."""
    _must_not_be_checked()
    kept = sandbox().temporary_files
    told = []
    for each in request.files.getlist("file"):
        id = f"temp{len(kept) + 1}"
        kept[id] = (each.filename or "file", each.mimetype, each.read())
        told.append({"temporaryAttachmentId": id, "fileName": kept[id][0]})
    return jsonify({"temporaryAttachments": told}), 201


@blueprint.post(f"{_DESK}/request/<key>/attachment")
def attach(key: str) -> Answer:
    """Put files that were kept on a request, with a comment that names them."""
    here, sent = sandbox(), body()
    public = sent.get("public")
    if not isinstance(public, bool):
        raise Refused(400, "'public' has to be true or false.")
    with here.jira.lock:
        issue = own_request(key)
        files = [here.temporary_files.pop(str(each), None) for each in part(sent, "temporaryAttachmentIds", list)]
        known = [each for each in files if each is not None]
        if not files or len(known) < len(files):
            raise Refused(400, "There are no temporary attachments with these ids.")
        attached = [here.jira.attach(issue, caller(), *each) for each in known]
        said = part(sent, "additionalComment", dict).get("body")
        named = " ".join(f"[^{each.name}]" for each in attached)
        comment = here.jira.comment(issue, caller(), f"{said}\n\n{named}" if said else named, public)
        return jsonify({"comment": spelled_comment(issue, comment), "attachments": _listed(attached)}), 201


@blueprint.get(f"{_DESK}/request/<key>/attachment")
def get_attachments(key: str) -> Response:
    """The files on a request."""
    with sandbox().jira.lock:
        return page([_spelled(each) for each in own_request(key).attachments])


def _must_not_be_checked() -> None:
    if request.headers.get("X-Atlassian-Token") not in ("no-check", "nocheck"):
        raise Refused(403, "XSRF check failed")


def _found(id: str) -> Attachment:
    for issue in sandbox().jira.issues():
        for each in issue.attachments:
            if each.id == id:
                return each
    raise Refused(404, f"The attachment with id '{id}' does not exist")


def _listed(attached: list[Attachment]) -> dict[str, Any]:
    values = [_spelled(each) for each in attached]
    return {"size": len(values), "start": 0, "limit": len(values), "isLastPage": True, "values": values}


def _spelled(attached: Attachment) -> dict[str, Any]:
    speller = sandbox().speller
    told = speller.attachment(attached)
    return {
        "filename": attached.name,
        "author": user(attached.author),
        "created": speller.date(attached.created),
        "size": len(attached.content),
        "mimeType": attached.kind,
        "_links": {"jiraRest": told["self"], "content": told["content"]},
    }
