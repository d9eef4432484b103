"""What all parts of servicedeskapi share: pages of a list, whose a request is, the spelling of people and comments."""

from typing import Any

from flask import Response, jsonify, request

from plugin.sandbox.records import Comment, Issue
from plugin.sandbox.rest import body, caller, number, part, sandbox
from plugin.sandbox.site import Person
from plugin.sandbox.state import Refused


def named_people() -> list[Person]:
    """Those whom the body names: by their account ids on Cloud, by their user names on Data Center."""
    site, sent = sandbox().site, body()
    wanted = part(sent, "accountIds" if site.cloud else "usernames", list)
    known = {one.account_id if site.cloud else one.username: one for one in site.people}
    if unknown := [str(each) for each in wanted if each not in known]:
        raise Refused(400, *(f"User '{each}' does not exist." for each in unknown))
    return [known[each] for each in wanted]


def own_request(key: str) -> Issue:
    """The request; one that is another customer's, or no portal's, looks as if it did not exist."""
    issue = sandbox().jira.issue(key)
    if issue.request_type and (caller().agent or issue.reporter == caller()):
        return issue
    raise Refused(404, "The request does not exist, or you do not have permission to see it.")


def page(values: list[dict[str, Any]]) -> Response:
    """One page of a list, as `start` and `limit` ask for it."""
    start = number("start", request.args.get("start"), 0)
    limit = min(number("limit", request.args.get("limit"), 50), 100)
    shown = values[start : start + limit]
    last = start + limit >= len(values)
    here = sandbox().url + request.path
    links = {"base": sandbox().url, "self": here}
    if not last:
        links["next"] = f"{here}?start={start + limit}&limit={limit}"
    return jsonify(
        {"size": len(shown), "start": start, "limit": limit, "isLastPage": last, "_links": links, "values": shown}
    )


def spelled_comment(issue: Issue, comment: Comment) -> dict[str, Any]:
    """A comment, as servicedeskapi spells it."""
    here = sandbox()
    return {
        "_expands": ["attachment", "renderedBody"],
        "id": comment.id,
        "body": comment.body,
        "public": comment.public,
        "author": user(comment.author),
        "created": here.speller.date(comment.created),
        "_links": {"self": f"{here.url}/rest/servicedeskapi/request/{issue.id}/comment/{comment.id}"},
    }


def user(person: Person) -> dict[str, Any]:
    """Somebody, as servicedeskapi spells them."""
    spelled = sandbox().speller.user(person)
    links = {"jiraRest": spelled.pop("self"), "avatarUrls": spelled.pop("avatarUrls")}
    spelled.pop("accountType", None)
    return {**spelled, "_links": links}
