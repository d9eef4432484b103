"""An issue whose comments matter: comments and change log whole, and of each comment whether the customer sees it.

Of a comment, Cloud says `jsdPublic`; Data Center says it in servicedeskapi only. There it is asked for where the
reporter has written at all. An internal note is never taken for the customer's word: what is not known to be public
is not.
"""

from typing import Any

from plugin.jira.authors import said_in_public, with_comments
from plugin.jira.client import JiraClient
from plugin.jira.read import by_reporter
from plugin.jira.values import account_of

Json = dict[str, Any]


def listen(jira: JiraClient, issue: Json) -> Json:
    """The issue, whole comments and all, with what its change log lacks, and of the reporter's comments those that are
    public; without comments where the reporter is our account.
    """
    written = by_reporter(issue)
    if not written:
        return issue
    if jira.account() == account_of(issue["fields"].get("reporter")):
        return with_comments(issue, [])
    heard = [{**each, "jsdPublic": True} for each in said_in_public(jira, issue, written)]
    history = issue.get("changelog") or {}
    if history.get("total", 0) > len(history.get("histories", ())):
        issue = {**issue, "changelog": {**history, "histories": list(jira.changes(issue["id"]))}}
    return with_comments(issue, heard)
