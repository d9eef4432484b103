"""Where administrators register webhooks: at one address up to Data Center 9 and on Cloud, at another from 10 on.

The old one is told the secret as `secret` (Data Center 9 takes no notice of it), and says on Cloud whether a webhook
`isSigned`. The new one has it in `configuration`, as `SECRET`; a `secret` beside it is silently ignored.
"""

import json
from typing import Any, Final

from flask import Blueprint, Response, jsonify, request

from plugin.sandbox.rest import Answer, body, caller, needs, part, sandbox
from plugin.sandbox.site import Guise
from plugin.sandbox.state import Refused
from plugin.sandbox.webhooks import Hook

blueprint = Blueprint("hooks", __name__)

OLD: Final = "/rest/webhooks/1.0/webhook"
NEW: Final = "/rest/jira-webhook/1.0/webhooks"
EVENTS: Final = frozenset(
    {
        "jira:issue_created",
        "jira:issue_updated",
        "jira:issue_deleted",
        "comment_created",
        "comment_updated",
        "comment_deleted",
    }
)
_JQL = "issue-related-events-section"


@blueprint.before_request
def _administers() -> None:
    new = sandbox().site.guise is Guise.DATACENTER_10
    if request.path.startswith(NEW) is not new:
        raise Refused(404, "null for uri: " + request.path)
    needs("ADMINISTER")


@blueprint.route(OLD, methods=["GET"])
@blueprint.route(NEW, methods=["GET"])
def get_hooks() -> Response:
    """Every webhook."""
    return jsonify([_spelled(hook) for hook in sandbox().webhooks.hooks()])


@blueprint.route(OLD, methods=["POST"])
@blueprint.route(NEW, methods=["POST"])
def create_hook() -> Answer:
    """Register a webhook."""
    return jsonify(_spelled(sandbox().webhooks.register(_read(0)))), 201


@blueprint.route(f"{OLD}/<int:id>", methods=["GET"])
@blueprint.route(f"{NEW}/<int:id>", methods=["GET"])
def get_hook(id: int) -> Response:
    """One webhook."""
    return jsonify(_spelled(_known(id)))


@blueprint.route(f"{OLD}/<int:id>", methods=["PUT"])
@blueprint.route(f"{NEW}/<int:id>", methods=["PUT"])
def change_hook(id: int) -> Response:
    """Change a webhook: what is not sent is lost, but for the secret."""
    before = _known(id)
    return jsonify(_spelled(sandbox().webhooks.register(_read(id, before.secret))))


@blueprint.route(f"{OLD}/<int:id>", methods=["DELETE"])
@blueprint.route(f"{NEW}/<int:id>", methods=["DELETE"])
def delete_hook(id: int) -> Answer:
    """Remove a webhook."""
    sandbox().webhooks.remove(_known(id).id)
    return Response(), 204


def _known(id: int) -> Hook:
    for hook in sandbox().webhooks.hooks():
        if hook.id == id:
            return hook
    raise Refused(404, f"There is no webhook {id}.")


def _read(id: int, secret: str | None = None) -> Hook:
    here, sent = sandbox(), body()
    name, url = part(sent, "name", str), part(sent, "url", str)
    events = tuple(str(each) for each in part(sent, "events", list))
    if not name or not url.startswith(("http://", "https://")) or not events:
        raise Refused(400, "A webhook needs a name, an address and at least one event.")
    if unknown := set(events) - EVENTS:
        raise Refused(400, f"Unknown events: {', '.join(sorted(unknown))}.")
    where: Any = sent
    filters = part(sent, "filters", dict)
    if here.site.guise is Guise.DATACENTER_10:
        where = part(sent, "configuration", dict)
        filters = filters or json.loads(where.get("FILTERS") or "{}")
        told = where.get("SECRET")
    else:
        told = sent.get("secret") if here.site.cloud else None
    return Hook(
        id=id,
        name=name,
        url=url,
        events=events,
        jql=str(filters.get(_JQL, "")),
        secret=str(told) if told else secret,
        enabled=sent.get("active" if where is not sent else "enabled") is not False,
        by=caller().username,
        changed=here.clock().timestamp(),
    )


def _spelled(hook: Hook) -> dict[str, Any]:
    here = sandbox()
    events, filters, changed = sorted(hook.events or EVENTS), {_JQL: hook.jql}, int(hook.changed * 1000)
    if here.site.guise is Guise.DATACENTER_10:
        secret = {"SECRET": "********"} if hook.secret else {}
        return {
            "id": hook.id,
            "name": hook.name,
            "url": hook.url,
            "events": events,
            "active": hook.enabled,
            "scopeType": "global",
            "sslVerificationRequired": True,
            "configuration": {"EXCLUDE_BODY": "false", "FILTERS": json.dumps(filters), **secret},
            "createdDate": changed,
            "updatedDate": changed,
        }
    spelled = {
        "name": hook.name,
        "url": hook.url,
        "events": events,
        "filters": filters,
        "excludeBody": False,
        "enabled": hook.enabled,
        "self": f"{here.url}{OLD}/{hook.id}",
        "lastUpdatedUser": hook.by,
        "lastUpdatedDisplayName": hook.by,
        "lastUpdated": changed,
    }
    return {**spelled, "isSigned": hook.secret is not None} if here.site.cloud else spelled
