"""What lies before a Cloud site: its id, the gateway that service accounts use, and their OAuth 2.0 tokens.

https://support.atlassian.com/user-management/docs/create-oauth-2-0-credential-for-service-accounts/
"""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, jsonify, request

from plugin.sandbox.rest import Answer, sandbox

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from plugin.sandbox.sandbox import Sandbox

blueprint = Blueprint("gateway", __name__)

_THROUGH = re.compile(r"/ex/jira/([^/]+)(/rest/.*)")


@blueprint.get("/_edge/tenant_info")
def tenant_info() -> Answer:
    """The id of the site, which anybody may know. Data Center has no such page."""
    here = sandbox()
    if not here.site.cloud:
        return jsonify({"errorMessage": "There is no such page."}), 404
    return jsonify({"cloudId": here.cloud_id}), 200


@blueprint.post("/oauth/token")
def token() -> Answer:
    """A token for an hour, for who knows a client's secret: the host is Atlassian's own, here it is the sandbox."""
    sent: Any = request.get_json(silent=True) or request.form
    if sent.get("grant_type") != "client_credentials":
        return jsonify({"error": "unsupported_grant_type", "error_description": "Use client_credentials."}), 400
    bearer = sandbox().bearer(sent.get("client_id"), sent.get("client_secret"))
    if bearer is None:
        return jsonify({"error": "access_denied", "error_description": "Unauthorized"}), 401
    return jsonify({"access_token": bearer, "token_type": "Bearer", "expires_in": 3600, "scope": "read:jira-work"}), 200


class Gateway:
    """Wraps a WSGI application: what comes for `/ex/jira/{cloudId}/rest/` goes to the site, marked as such."""

    def __init__(self, app: "WSGIApplication", sandbox: "Sandbox") -> None:
        self._app, self._sandbox = app, sandbox

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer one request."""
        through = _THROUGH.fullmatch(environ.get("PATH_INFO", ""))
        if through and self._sandbox.site.cloud:
            if through[1] != self._sandbox.cloud_id:
                return Response('{"code":404,"message":"Not Found"}', 404, mimetype="application/json")(
                    environ, start_response
                )
            environ["PATH_INFO"], environ["sandbox.gateway"] = through[2], True
        return self._app(environ, start_response)
