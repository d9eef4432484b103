"""Every call that the client can send to Jira, listed once: one row for each of its methods."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from plugin.jira.client import JiraClient
from plugin.jira.read import PROPERTY
from plugin.jira.reply import REPLY_PROPERTY


class Known(NamedTuple):
    """What there is on the site to ask for."""

    key: str
    comment: str
    transition: str
    organization: str
    account: str
    fields: Mapping[str, object]


INTERNAL = {"sd.public.comment": {"internal": True}, REPLY_PROPERTY: {"intent": "01"}}

CALLS: Mapping[str, Callable[[JiraClient, Known], object]] = {
    "myself": lambda jira, _: jira.myself(),
    "fields": lambda jira, _: jira.fields("to see it"),
    "issue": lambda jira, known: jira.issue(known.key, ["summary", "comment"], [PROPERTY], history=True),
    "issues": lambda jira, known: jira.issues([known.key], ["summary"], [PROPERTY]),
    "changes": lambda jira, known: list(jira.changes(known.key)),
    "edit": lambda jira, known: jira.edit(known.key, known.fields, {PROPERTY: {"revision": "01"}}),
    "comment": lambda jira, known: jira.comment(known.key, "Thank you.", INTERNAL),
    "comments": lambda jira, known: list(jira.comments(known.key)),
    "public_comments": lambda jira, known: jira.public_comments(known.key),
    "comment_property": lambda jira, known: jira.comment_property(known.comment, REPLY_PROPERTY),
    "is_assignable": lambda jira, known: jira.is_assignable(known.account, "SUP"),
    "add_participant": lambda jira, known: jira.add_participant(known.key, known.account),
    "transitions": lambda jira, known: jira.transitions(known.key),
    "transition": lambda jira, known: jira.transition(known.key, known.transition),
    "organizations_of": lambda jira, known: jira.organizations_of(known.account),
    "organizations": lambda jira, _: list(jira.organizations()),
    "set_organization_property": lambda jira, known: jira.set_organization_property(known.organization, "b", {"n": 1}),
    "organization_property": lambda jira, known: jira.organization_property(known.organization, "b"),
    "search": lambda jira, _: list(jira.search("project = SUP ORDER BY key", ["status"], [PROPERTY])),
}

CLOUD_ONLY = {"issues", "changes"}
"""What is never asked of a Data Center: it cannot answer."""
