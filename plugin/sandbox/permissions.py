"""What people may do, by Jira's keys for it. Pure."""

from typing import Final

from plugin.sandbox.site import Person

OF_AGENTS: Final = (
    "BROWSE_PROJECTS",
    "CREATE_ISSUES",
    "EDIT_ISSUES",
    "TRANSITION_ISSUES",
    "ADD_COMMENTS",
    "DELETE_OWN_COMMENTS",
    "SERVICEDESK_AGENT",
)
OF_ADMINS: Final = ("ADMINISTER", "ADMINISTER_PROJECTS")
PERMISSIONS: Final = (*OF_AGENTS, *OF_ADMINS)
"""All that the sandbox knows: https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-permissions/."""


def usual(person: Person) -> frozenset[str]:
    """What somebody may do whom nothing was taken from."""
    return frozenset((*(OF_AGENTS if person.agent else ()), *(OF_ADMINS if person.admin else ())))
