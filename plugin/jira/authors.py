"""Who wrote which comment on a request, and whether the customer sees it: what Jira does not say of itself.

Cloud tells portal customers and apps from others, Data Center tells nobody apart. An agent of the project is one to
whom its requests can be assigned; a customer of the mapping files is none, whatever Jira allows them. Nothing is asked
about comments that cannot matter.
https://developer.atlassian.com/cloud/jira/platform/rest/v2/api-group-user-search/
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import structlog

from plugin.contract.model import Author, Comment, Person
from plugin.jira.client import JiraClient
from plugin.jira.errors import JiraRefused
from plugin.jira.read import COMMENT
from plugin.jira.reply import REPLY_PROPERTY
from plugin.jira.values import account_of, moment, person_of

Json = dict[str, Any]

_TYPES: Final = {"customer": Author.CUSTOMER, "app": Author.MACHINE}
"""What Cloud says of an account that it is for sure (`accountType`)."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class People:
    """Who is known without asking Jira: comments that are ours by their ids, accounts of agents and of automations."""

    ours: Collection[str]
    agents: Collection[str]
    machines: Collection[str]
    is_customer: Callable[[Person], bool]


def whole(jira: JiraClient, issue: Mapping[str, Any]) -> Json:
    """The issue with all its comments: with it, Jira may tell only some of them."""
    page = issue["fields"].get(COMMENT) or {}
    comments = page.get("comments") or []
    if page.get("total", 0) > len(comments):
        comments = list(jira.comments(issue["id"]))
    return with_comments(issue, comments)


def with_comments(issue: Mapping[str, Any], comments: Iterable[Mapping[str, Any]]) -> Json:
    """The issue with these comments."""
    told = list(comments)
    return {**issue, "fields": {**issue["fields"], COMMENT: {"comments": told, "total": len(told)}}}


def comments_of(jira: JiraClient, issue: Json, people: People) -> tuple[Comment, ...]:
    """The comments of others than the reporter that the customer sees, each with who wrote it."""
    reporter = account_of(issue["fields"].get("reporter"))
    others = [
        each
        for each in (issue["fields"].get(COMMENT) or {}).get("comments") or ()
        if str(each["id"]) not in people.ours and account_of(each.get("author")) not in (None, reporter)
    ]
    authors = _Authors(jira, issue, people)
    return tuple(
        Comment(str(each["id"]), moment(each["created"]), authors.of(each), public=True)
        for each in said_in_public(jira, issue, others)
    )


def said_in_public(jira: JiraClient, issue: Json, comments: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Those of the comments that the customer sees. Data Center has to be asked for it; not known to be public is not.

    What came by mail from somebody who cannot see the request is nobody's word.
    """
    told = [each for each in comments if not each.get("visibility") and each.get("jsdAuthorCanSeeRequest") is not False]
    unsaid = {str(each["id"]) for each in told if not isinstance(each.get("jsdPublic"), bool)}
    public = _public(jira, issue) if unsaid else frozenset()
    return [each for each in told if each.get("jsdPublic") is True or str(each["id"]) in unsaid & public]


def _public(jira: JiraClient, issue: Json) -> frozenset[str]:
    try:
        return jira.public_comments(issue["id"])
    except JiraRefused as refusal:
        # A person reads them.
        log.warning("comments not heard", request=issue["key"], trouble=str(refusal))
        return frozenset()


class _Authors:
    """The authors of one request's comments."""

    def __init__(self, jira: JiraClient, issue: Json, people: People) -> None:
        self._jira, self._people = jira, people
        self._project = str(issue["fields"]["project"]["key"])
        self._sharing = {
            account_of(user)
            for value in issue["fields"].values()
            if isinstance(value, list)
            for user in value
            if isinstance(user, dict)
        }

    def of(self, comment: Mapping[str, Any]) -> Author:
        """Who wrote it."""
        user, known = comment["author"], self._people
        account = account_of(user) or ""
        if account == self._jira.account():
            # Whoever has no account for this product alone writes by hand with the same one.
            ours = self._jira.comment_property(str(comment["id"]), REPLY_PROPERTY) is not None
            return Author.MACHINE if ours else Author.AGENT
        if account in known.agents:
            return Author.AGENT
        if account in known.machines:
            return Author.MACHINE
        if user.get("accountType") in _TYPES:
            return _TYPES[user["accountType"]]
        if known.is_customer(person_of(user)):
            return Author.CUSTOMER
        # Somebody who has left can be assigned nothing any more, and what they wrote is still an answer.
        assignable = self._jira.is_assignable(account, self._project) if user.get("active", True) else None
        if assignable is None:
            assignable = account not in self._sharing
        return Author.AGENT if assignable else Author.CUSTOMER
