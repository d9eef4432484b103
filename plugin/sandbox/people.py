"""People in the platform's API: one, those who are looked for, and who watches an issue."""

from datetime import timedelta

from flask import Blueprint, Response, jsonify, request

from plugin.sandbox.platform import ANY_VERSION, choose_version
from plugin.sandbox.rest import Answer, caller, number, sandbox
from plugin.sandbox.site import Person
from plugin.sandbox.state import Refused
from plugin.sandbox.values import stamp

blueprint = Blueprint("people", __name__)
blueprint.url_value_preprocessor(choose_version)

_WATCHERS = f"{ANY_VERSION}/issue/<key>/watchers"


@blueprint.get(f"{ANY_VERSION}/user")
def get_user() -> Response:
    """One person: by account id on Cloud, by user name or key on Data Center."""
    return jsonify(sandbox().speller.user(_asked_for("key")))


@blueprint.get(f"{ANY_VERSION}/user/search")
def search_users() -> Response:
    """People whose name or address holds what is looked for, or whose account id it is."""
    here = sandbox()
    wanted = request.args.get("query" if here.site.cloud else "username", "").lower()
    if not wanted:
        raise Refused(400, "The username query parameter was not provided.")
    found = [one for one in here.site.people if wanted == one.account_id or wanted in f"{one.name} {one.email}".lower()]
    start = number("startAt", request.args.get("startAt"), 0)
    shown = found[start : start + number("maxResults", request.args.get("maxResults"), 50)]
    return jsonify([here.speller.user(one) for one in shown])


@blueprint.get("/rest/pat/latest/tokens")
def get_tokens() -> Response:
    """Data Center: the personal access tokens of whoever asks, without what they are."""
    here, person = sandbox(), caller()
    if here.site.cloud:
        raise Refused(404, "null for uri: " + request.path)
    made = here.token_ends - timedelta(days=365)
    told = {"createdAt": stamp(made), "lastAccessed": stamp(here.clock()), "expiringAt": stamp(here.token_ends)}
    return jsonify([{"id": 1, "name": f"token of {person.username}", **told}])


@blueprint.get(_WATCHERS)
def get_watchers(key: str) -> Response:
    """Who is told of every change of an issue."""
    here = sandbox()
    watchers = here.jira.issue(key).watchers
    return jsonify(
        {
            "self": f"{here.url}{request.path}",
            "isWatching": caller() in watchers,
            "watchCount": len(watchers),
            "watchers": [here.speller.user(one) for one in watchers],
        }
    )


@blueprint.post(_WATCHERS)
def post_watcher(key: str) -> Answer:
    """Let somebody watch: the caller, or the account id or user name that is the whole body, in quotes."""
    issue, who = sandbox().jira.issue(key), request.get_json(silent=True)
    person = caller() if who is None else _person(str(who))
    if person not in issue.watchers:
        issue.watchers.append(person)
    return Response(), 204


@blueprint.delete(_WATCHERS)
def delete_watcher(key: str) -> Answer:
    """Let somebody watch no more."""
    issue, person = sandbox().jira.issue(key), _asked_for()
    if person in issue.watchers:
        issue.watchers.remove(person)
    return Response(), 204


def _asked_for(*others: str) -> Person:
    named = ("accountId",) if sandbox().site.cloud else ("username", *others)
    who = next((request.args[name] for name in named if name in request.args), None)
    if who is None:
        raise Refused(400, f"The query parameter '{named[0]}' is required.")
    return _person(who)


def _person(who: str) -> Person:
    try:
        return sandbox().site.person(who)
    except KeyError:
        raise Refused(404, f"The user '{who}' does not exist.") from None
