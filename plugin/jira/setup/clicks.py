"""Where in Jira's pages an administrator does by hand what no API does, and what is to be entered there. Pure.

Addresses as Jira's own pages have them: Cloud https://support.atlassian.com/jira-cloud-administration/, Data Center
https://confluence.atlassian.com/adminjiraserver/.
"""

from typing import Final

from plugin.jira.seen import Server

_KINDS: Final = {
    "select": "a select list (single choice)",
    "textfield": "a short text (single line)",
    "textarea": "a paragraph (multi-line text)",
    "datetime": "a date and time",
    "float": "a number",
    "userpicker": "a user picker (single user)",
}


def kind(word: str) -> str:
    """How Jira's pages call a kind of field."""
    return _KINDS.get(word, word or "Jira's own field")


def fields(server: Server) -> str:
    """The page with the custom fields of the site."""
    return f"{server.url}/secure/admin/ViewCustomFields.jspa"


def options(server: Server, field: str) -> str:
    """The page with the contexts and options of a field."""
    number = field.removeprefix("customfield_")
    return f"{server.url}/secure/admin/ConfigureCustomField!default.jspa?customFieldId={number}"


def screens(server: Server, project: str) -> str:
    """The page with the screens that a project uses."""
    return f"{server.url}/plugins/servlet/project-config/{project}/screens"


def team_fields(server: Server, project: str) -> str:
    """Cloud: the page on which a team-managed project has its fields, by type of work."""
    return f"{server.url}/jira/servicedesk/projects/{project}/settings/issuetypes"


def request_types(server: Server, project: str) -> str:
    """The page with the request types of a service project, and the form of each."""
    if server.cloud:
        return f"{server.url}/jira/servicedesk/projects/{project}/settings/request-types"
    return f"{server.url}/servicedesk/admin/{project}/request-types"


def screen(name: str) -> str:
    """How a screen is called in a sentence."""
    return f"the screen {name!r}"


def webhooks(server: Server) -> str:
    """The page on which administrators register webhooks."""
    return f"{server.url}/plugins/servlet/webhooks"


def automation(server: Server, project: str) -> str:
    """Data Center: the settings of a project, with its automation rules."""
    return f"{server.url}/plugins/servlet/project-config/{project}"


def automation_rule(url: str, header: str) -> str:
    """The rule that stands in for a webhook where Jira cannot sign one."""
    return (
        "this Jira cannot sign webhooks (Data Center can from 10.0 on): make an automation rule instead. When: issue "
        "created, issue updated, issue commented (several triggers, or a rule for each). Then: send web request, to "
        f"{url}, with the method POST, the body 'issue data (Jira format)' and the header {header}, hidden, "
        "whose value is one of WEBHOOK_HEADER_SECRETS. Is the rule there already, there is nothing to do."
    )
