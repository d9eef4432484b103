"""The pages for people: the customer's portal and the agent's desk. Nobody logs in: one picks who one is."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, get_template_attribute, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from plugin.sandbox.records import Comment, Issue
from plugin.sandbox.rest import sandbox
from plugin.sandbox.site import Field, Option, Person
from plugin.sandbox.state import Refused
from plugin.sandbox.values import Value, stamp, words
from plugin.sandbox.wiki import rendered

Page = str | Redirect
View = dict[str, Any]

blueprint = Blueprint("pages", __name__)


@blueprint.errorhandler(Refused)
def refused(problem: Refused) -> tuple[str, int]:
    """Tell a person what Jira would not do."""
    return render_template("problem.html", sentences=_sentences(problem)), problem.status


@blueprint.get("/")
def home() -> Page:
    """The two doors: portal and desk."""
    return render_template("home.html", site=sandbox().site, webhooks=sandbox().webhooks)


@blueprint.get("/portal")
def portal() -> Page:
    """Pick who you are; then what to ask for, and the requests raised before."""
    here = sandbox()
    who = _customer()
    mine = [_view(issue) for issue in here.jira.issues() if issue.reporter == who and issue.request_type]
    groups = [
        (organization.name, [_person(person) for person in here.jira.members.people(organization.id)])
        for organization in here.site.organizations.values()
    ]
    return render_template(
        "portal.html", groups=groups, who=who and _person(who), types=here.site.request_types.values(), requests=mine
    )


@blueprint.route("/portal/new/<type_id>", methods=["GET", "POST"])
def raise_request(type_id: str) -> Page:
    """The form of one request type."""
    here, who = sandbox(), _customer()
    kind = here.site.request_types.get(type_id)
    if kind is None or who is None:
        return redirect(url_for("pages.portal"), 303)
    sentences: list[str] = []
    if request.method == "POST":
        try:
            issue = here.jira.create(who, who, kind, _sent_fields())
            return redirect(url_for("pages.portal_request", key=issue.key), 303)
        except Refused as problem:
            sentences = _sentences(problem)
    fields = [field for field in here.site.fields.values() if field.on_portal and field.custom]
    return render_template(
        "new.html", kind=kind, who=_person(who), fields=fields, sent=request.form, sentences=sentences
    )


@blueprint.get("/portal/<key>")
def portal_request(key: str) -> Page:
    """A request as its customer sees it."""
    return render_template("request.html", issue=_view(sandbox().jira.issue(key)))


@blueprint.get("/portal/<key>.json")
def portal_request_parts(key: str) -> Response:
    """The parts of the customer's page that change by themselves."""
    return _parts(sandbox().jira.issue(key), "status", "answers")


@blueprint.post("/portal/<key>/comment")
def customer_comment(key: str) -> Page:
    """The customer answers."""
    jira = sandbox().jira
    issue = jira.issue(key)
    jira.comment(issue, issue.reporter, request.form.get("body"), public=True)
    return redirect(url_for("pages.portal_request", key=key), 303)


@blueprint.post("/portal/<key>/version")
def customer_version(key: str) -> Page:
    """The customer corrects the product version."""
    here = sandbox()
    issue = here.jira.issue(key)
    here.jira.edit(issue, issue.reporter, {here.site.field("Product version").id: request.form.get("version")})
    return redirect(url_for("pages.portal_request", key=key), 303)


@blueprint.get("/agent")
def queue() -> Page:
    """The agent's queue."""
    return render_template("queue.html", issues=_queue())


@blueprint.get("/agent.json")
def queue_parts() -> Response:
    """The queue, as it is now."""
    return jsonify({"queue": _macro("queue", _queue())})


@blueprint.get("/agent/<key>")
def agent_request(key: str) -> Page:
    """A request as the agent sees it: every field, every comment."""
    fields = [field for field in sandbox().site.fields.values() if field.by_agent or (field.on_portal and field.custom)]
    return render_template("agent.html", issue=_view(sandbox().jira.issue(key)), fields=fields)


@blueprint.get("/agent/<key>.json")
def agent_request_parts(key: str) -> Response:
    """The parts of the agent's page that change by themselves."""
    return _parts(sandbox().jira.issue(key), "status", "contract", "given", "talk", "moves")


@blueprint.post("/agent/<key>/fields")
def agent_edit(key: str) -> Page:
    """The agent corrects what the customer filled in."""
    sandbox().jira.edit(sandbox().jira.issue(key), _agent(), _sent_fields())
    return redirect(url_for("pages.agent_request", key=key), 303)


@blueprint.post("/agent/<key>/transition/<id>")
def agent_transition(key: str, id: str) -> Page:
    """The agent moves the request on."""
    resolution = request.form.get("resolution")
    fields = {"resolution": {"name": resolution}} if resolution else {}
    sandbox().jira.transition(sandbox().jira.issue(key), _agent(), id, fields)
    return redirect(url_for("pages.agent_request", key=key), 303)


@blueprint.post("/agent/<key>/comment")
def agent_comment(key: str) -> Page:
    """The agent comments, in public or not."""
    public = "internal" not in request.form
    sandbox().jira.comment(sandbox().jira.issue(key), _agent(), request.form.get("body"), public)
    return redirect(url_for("pages.agent_request", key=key), 303)


@blueprint.post("/agent/<key>/delete")
def agent_delete(key: str) -> Page:
    """The agent deletes the request."""
    sandbox().jira.delete(sandbox().jira.issue(key), _agent())
    return redirect(url_for("pages.queue"), 303)


def _agent() -> Person:
    return next(person for person in sandbox().site.people if person.agent)


def _customer() -> Person | None:
    who = request.values.get("as")
    return next((person for person in sandbox().site.people if person.email == who and not person.agent), None)


def _sent_fields() -> dict[str, Any]:
    """What a form sent, as the REST API would get it."""
    fields: dict[str, Any] = {}
    for id, text in request.form.items():
        field = sandbox().site.fields.get(id)
        if field:
            fields[id] = _sent(field, text)
    return fields


def _sent(field: Field, text: str) -> Any:
    """What a form's control sends, as Jira's JSON: an option by its value, a time of UTC with its zone."""
    match field.kind:
        case "select" if text:
            return {"value": text}
        case "priority" if text:
            return {"name": text}
        case "datetime" if text:
            with suppress(ValueError):
                return stamp(datetime.fromisoformat(text).replace(tzinfo=UTC))
    return text


def _sentences(problem: Refused) -> list[str]:
    fields = sandbox().site.fields
    named = [f"{fields[id].name if id in fields else id}: {text}" for id, text in problem.errors.items()]
    return [*problem.messages, *named]


def _queue() -> list[View]:
    return [_view(issue) for issue in sandbox().jira.issues()]


def _parts(issue: Issue, *names: str) -> Response:
    view = _view(issue)
    return jsonify({name: _macro(name, view) for name in names})


def _macro(name: str, argument: Any) -> str:
    return str(get_template_attribute("parts.html", name)(argument))


def _view(issue: Issue) -> View:
    """A request as the templates show it."""
    here = sandbox()
    with here.jira.lock:
        site = here.site
        shown = {field.name: _text(issue.values.get(field.id)) for field in site.fields.values()}
        own = [field for field in site.fields.values() if field.by_agent or "customfieldtypes" in (field.custom or "")]
        status = site.statuses[issue.status]
        return {
            "key": issue.key,
            "summary": shown["Summary"],
            "description": shown["Description"],
            "type": issue.request_type.name if issue.request_type else "",
            "reporter": _person(issue.reporter),
            "organization": shown["Organizations"],
            "status": {"name": status.name, "category": status.category},
            "resolution": issue.resolution.name if issue.resolution else "",
            "created": _text(issue.created),
            "shown": shown,
            "given": [_row(field, shown) for field in own if field.on_portal],
            "contract": [_row(field, shown) for field in own if not field.on_portal],
            "values": {field.id: _entered(issue.values.get(field.id)) for field in own},
            "comments": [_comment(comment) for comment in issue.comments],
            "moves": here.jira.offered(issue),
            "resolutions": [resolution.name for resolution in site.resolutions],
        }


def _row(field: Field, shown: dict[str, str]) -> View:
    return {"name": field.name, "text": shown[field.name], "kind": field.kind}


def _comment(comment: Comment) -> View:
    author = _person(comment.author)
    return {"author": author, "body": rendered(comment.body), "public": comment.public, "when": _text(comment.created)}


def _person(person: Person) -> View:
    names = person.name.removeprefix("Dr. ").split()
    return {
        "name": person.name,
        "email": person.email,
        "initials": names[0][0] + names[-1][0],
        "agent": person.agent,
    }


def _entered(value: Value) -> str:
    """A value as a form's control holds it: a time of UTC to the minute, everything else as it is shown."""
    return f"{value:%Y-%m-%dT%H:%M}" if isinstance(value, datetime) else _text(value)


def _text(value: Value) -> str:
    if isinstance(value, datetime):
        return f"{value:%a} {value.day} {value:%b %Y, %H:%M} UTC"
    if isinstance(value, Option):
        return value.value
    return words(sandbox().site, value)[1] or ""
