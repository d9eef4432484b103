"""An issue whose comments matter: comments and change log whole, and of each comment whether the customer sees it.

Of a comment, Cloud says `jsdPublic`; Data Center says it in servicedeskapi only. There it is asked for where the
reporter has written at all. An internal note is never taken for the customer's word: what is not known to be public
is not.
"""

from typing import Any

import structlog

from plugin.jira.client import JiraClient
from plugin.jira.errors import JiraRefused
from plugin.jira.read import COMMENT, account_of, by_reporter

Json = dict[str, Any]

log = structlog.get_logger()


def listen(jira: JiraClient, issue: Json) -> Json:
    """The issue with what its comments and its change log lack; without comments where the reporter is our account."""
    page = issue["fields"].get(COMMENT) or {}
    comments = page.get("comments") or []
    if page.get("total", 0) > len(comments):
        comments = list(jira.comments(issue["id"]))
    issue = _with_comments(issue, comments)
    written = by_reporter(issue)
    if not written:
        return issue
    if jira.account() == account_of(issue["fields"].get("reporter")):
        return _with_comments(issue, [])
    unsaid = {each["id"] for each in written if not isinstance(each.get("jsdPublic"), bool)}
    public = _public(jira, issue) if unsaid else frozenset()
    issue = _with_comments(
        issue, [{**each, "jsdPublic": each["id"] in public} if each["id"] in unsaid else each for each in comments]
    )
    history = issue.get("changelog") or {}
    if history.get("total", 0) > len(history.get("histories", ())):
        issue = {**issue, "changelog": {**history, "histories": list(jira.changes(issue["id"]))}}
    return issue


def _with_comments(issue: Json, comments: list[Json]) -> Json:
    return {**issue, "fields": {**issue["fields"], COMMENT: {"comments": comments, "total": len(comments)}}}


def _public(jira: JiraClient, issue: Json) -> frozenset[str]:
    try:
        return jira.public_comments(issue["id"])
    except JiraRefused as refusal:
        # A person reads them.
        log.warning("comments not heard", request=issue["key"], trouble=str(refusal))
        return frozenset()
