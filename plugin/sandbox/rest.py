"""What all REST calls share: who asks, the body they sent, and how a refusal is spelled."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, cast

from flask import Flask, Request, Response, g, jsonify, request
from werkzeug.exceptions import HTTPException

from plugin.sandbox.sandbox import Sandbox
from plugin.sandbox.site import Person
from plugin.sandbox.state import Refused

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

Answer = tuple[Response, int]


class Before:
    """Wraps a WSGI application: each request that comes through is one to this sandbox."""

    def __init__(self, app: "WSGIApplication", sandbox: Sandbox) -> None:
        self._app, self._sandbox = app, sandbox

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer one request."""
        environ["sandbox"] = self._sandbox
        return self._app(environ, start_response)


def sandbox() -> Sandbox:
    """The sandbox behind the present request."""
    return cast("Sandbox", request.environ["sandbox"])


def caller() -> Person:
    """Who sent the present request."""
    return cast("Person", g.person)


def body() -> dict[str, Any]:
    """The JSON object that was sent; `Refused` 415 or 400 when it is none."""
    if not request.is_json:
        raise Refused(415, f"Unsupported Media Type: send application/json, not '{request.mimetype or 'nothing'}'.")
    sent = request.get_json(silent=True)
    if not isinstance(sent, dict):
        raise Refused(400, "Invalid request payload. Refer to the REST API documentation and try again.")
    return sent


def part(sent: dict[str, Any], key: str, kind: type) -> Any:
    """`sent[key]`, or an empty `kind` where it is missing or null; `Refused` 400 when it is something else."""
    value = sent.get(key)
    if value is None:
        return kind()
    if not isinstance(value, kind):
        raise Refused(400, f"Invalid request payload: '{key}' is not {kind.__name__}. Refer to the documentation.")
    return value


def number(name: str, sent: object, default: int) -> int:
    """A paging parameter; `Refused` 400 when it is not a whole number from 0 on."""
    if sent is None:
        return default
    if isinstance(sent, int | str) and str(sent).isdecimal():
        return int(sent)
    raise Refused(400, f"The value '{sent}' of '{name}' is not a number.")


def flag(name: str, default: bool) -> bool:
    """A parameter that is true or false, however it is capitalised; anything else is false, as Java has it."""
    sent = request.args.get(name)
    return default if sent is None else sent.lower() == "true"


def needs(permission: str, status: int = 403) -> None:
    """`Refused` with `status` where the caller lacks a permission, by Jira's key for it."""
    if permission not in sandbox().permissions(caller()):
        told = "Administrator privileges are required." if permission == "ADMINISTER" else f"{permission} is required."
        raise Refused(status, f"You are not authorized to perform this operation. {told}")


def install(app: Flask) -> None:
    """Let the application check who calls `/rest/` and spell refusals as Jira does."""
    app.before_request(_check_caller)
    app.after_request(_spell_type)
    app.register_error_handler(Refused, _refusal)
    app.register_error_handler(HTTPException, _http_error)


def _spell_type(answer: Response) -> Response:
    """Clients of Jira compare the whole header."""
    if answer.mimetype == "application/json":
        answer.headers["Content-Type"] = "application/json;charset=UTF-8"
    return answer


def _check_caller() -> None:
    if not request.path.startswith("/rest/"):
        return
    header = request.headers.get("Authorization")
    gateway = "sandbox.gateway" in request.environ
    person = sandbox().authenticate(header, gateway)
    if gateway and (person is None or request.path.startswith("/rest/webhooks/")):
        # The gateway knows documented APIs only, and Jira's administrators register webhooks with another.
        raise Refused(401, "Unauthorized; scope does not match")
    if person:
        g.person = person
        request.environ["sandbox.who"] = person.email
    elif header or not request.path.endswith("/serverInfo"):  # Jira tells strangers its version
        raise Refused(401, "Client must be authenticated to access this resource.")
    if person and not person.agent and not _is_portal(request):
        raise Refused(403, "You do not have the permission to do this: customers use their own portal requests only.")


def _is_portal(asked: Request) -> bool:
    portal = ("/rest/servicedeskapi/request", "/rest/servicedeskapi/servicedesk")
    return asked.path.startswith(portal) or asked.path.endswith("/serverInfo")


def _refusal(refused: Refused) -> Answer:
    if request.path.startswith("/rest/servicedeskapi/"):
        told = [*refused.messages, *(f"{field}: {text}" for field, text in refused.errors.items())]
        sentence = " ".join(told)
        shape: dict[str, Any] = {
            "errorMessage": sentence,
            "i18nErrorMessage": {"i18nKey": "sd.sandbox.refused", "parameters": [sentence]},
        }
    else:
        shape = {"errorMessages": list(refused.messages), "errors": refused.errors}
    answer = jsonify(shape)
    if refused.status == 401:
        answer.headers["WWW-Authenticate"] = 'Basic realm="Jira"'
        answer.headers["X-Seraph-LoginReason"] = "AUTHENTICATED_FAILED"
    return answer, refused.status


def _http_error(error: HTTPException) -> Answer | HTTPException:
    if not request.path.startswith(("/rest/", "/sandbox/")):
        return error
    code = error.code or 500
    message = f"The sandbox has no {request.method} {request.path}" if code in (404, 405) else str(error.description)
    return jsonify({"message": message, "status-code": code}), code
