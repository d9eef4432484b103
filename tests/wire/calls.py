"""Every call that the product can send to Jira: the client's, one row for each, and an administrator's."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from plugin.jira import inquiries
from plugin.jira.admin import Admin, HookWanted
from plugin.jira.client import JiraClient
from plugin.jira.read import PROPERTY
from plugin.jira.reply import REPLY_PROPERTY


class Known(NamedTuple):
    """What there is on the site to ask for."""

    key: str
    project: str
    comment: str
    transition: str
    organization: str
    account: str
    fields: Mapping[str, object]


_INTERNAL = {"sd.public.comment": {"internal": True}, REPLY_PROPERTY: {"intent": "01"}}
_TYPES = "com.atlassian.jira.plugin.system.customfieldtypes:"

CALLS: Mapping[str, Callable[[JiraClient, Known], object]] = {
    "myself": lambda jira, _: jira.myself(),
    "fields": lambda jira, _: jira.fields("to see it"),
    "issue": lambda jira, known: jira.issue(known.key, ["summary", "comment"], [PROPERTY], history=True),
    "issues": lambda jira, known: jira.issues([known.key], ["summary"], [PROPERTY]),
    "changes": lambda jira, known: list(jira.changes(known.key)),
    "edit": lambda jira, known: jira.edit(known.key, known.fields, {PROPERTY: {"revision": "01"}}),
    "comment": lambda jira, known: jira.comment(known.key, "Thank you.", _INTERNAL),
    "comments": lambda jira, known: list(jira.comments(known.key)),
    "public_comments": lambda jira, known: jira.public_comments(known.key),
    "slas": lambda jira, known: jira.slas(known.key),
    "comment_property": lambda jira, known: jira.comment_property(known.comment, REPLY_PROPERTY),
    "is_assignable": lambda jira, known: jira.is_assignable(known.account, known.project),
    "add_participant": lambda jira, known: jira.add_participant(known.key, known.account),
    "transitions": lambda jira, known: jira.transitions(known.key),
    "transition": lambda jira, known: jira.transition(known.key, known.transition),
    "organizations_of": lambda jira, known: jira.organizations_of(known.account),
    "organizations": lambda jira, _: list(jira.organizations()),
    "set_organization_property": lambda jira, known: jira.set_organization_property(known.organization, "b", {"n": 1}),
    "organization_property": lambda jira, known: jira.organization_property(known.organization, "b"),
    "server": lambda jira, _: inquiries.server(jira),
    "held": lambda jira, known: inquiries.held(jira, known.project, ["EDIT_ISSUES"]),
    "statuses": lambda jira, known: inquiries.statuses(jira, known.project),
    "resolutions": lambda jira, _: inquiries.resolutions(jira),
    "organization_properties": lambda jira, known: inquiries.organization_properties(jira, known.organization),
    "remove_comment": lambda jira, known: inquiries.remove_comment(jira, known.key, known.comment),
    "search": lambda jira, known: list(jira.search(f"project = {known.project}", ["status"], [PROPERTY])),
}

CLOUD_ONLY = {"issues", "changes"}
"""What is never asked of a Data Center: it cannot answer."""


def administer(admin: Admin, known: Known) -> None:
    """Every call of an administrator but those about webhooks: a field is made, shown and taken away again.

    Where an answer names nothing, as a mock's may, some id is asked for.
    """
    admin.server()
    admin.permissions(["EDIT_ISSUES"], known.project)
    project = str(admin.project(known.project)["id"])
    before = {each["id"] for each in admin.fields()}
    admin.create_field("Ember", f"{_TYPES}select", f"{_TYPES}multiselectsearcher", "ours")
    field = next((str(each["id"]) for each in admin.fields() if each["id"] not in before), "customfield_10000")
    admin.descriptions()
    screen = next(iter(admin.screens()), 1)
    tab = next(iter(admin.tabs(screen)), 10000)
    admin.put_on_screen(screen, tab, field)
    if admin.cloud:
        admin.screens_of(project)
        context = next(iter(admin.contexts(field)), "10000")
        admin.add_options(field, context, ["glowing"])
        option = next(iter(admin.options(field, context)), "10000")
        admin.remove_option(field, context, option)
        admin.remove_context(field, context)
        admin.create_context(field, "ours", [project])
    else:
        admin.options_in_projects(field, project)
    admin.newest(known.project)
    admin.settable(known.key)
    admin.settable_at_creation(known.project)
    desk = admin.desk(known.project) or "1"
    admin.form(desk, next(iter(admin.request_types(desk)), "1"))
    admin.set_project_property(known.project, "ours", {"made": [field]})
    admin.project_property(known.project, "ours")
    admin.delete_project_property(known.project, "ours")
    admin.take_off_screen(screen, tab, field)
    admin.remove_field(field)


def register(admin: Admin) -> None:
    """Every call about webhooks: one is registered, changed and removed again."""
    wanted = HookWanted("ours", "https://plugin.example/webhooks/jira", ("jira:issue_created",), "project = SUP", "s")
    admin.register(wanted)
    [hook] = admin.hooks()
    id = str(hook.get("id") or str(hook["self"]).rpartition("/")[2])
    admin.register(wanted, id)
    admin.unregister(id)
