"""What is only asked to find out how this Jira is: permissions, tokens, statuses, resolutions, properties there are.

https://developer.atlassian.com/cloud/jira/platform/rest/v2/, Data Center 10.3; personal access tokens:
https://confluence.atlassian.com/enterprise/using-personal-access-tokens-1026032365.html.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote

from plugin.jira.client import JiraClient
from plugin.jira.greeting import PAGE
from plugin.jira.values import moment_of

TOKENS: Final = "/rest/pat/latest/tokens"


@dataclass(frozen=True, slots=True)
class Token:
    """A personal access token as its owner may see it, never the token itself. `ends` is aware; None: it does not."""

    name: str
    ends: datetime | None


def server(jira: JiraClient) -> Mapping[str, Any]:
    """What Jira says of itself to those whom it lets in."""
    told: Mapping[str, Any] = jira.call("GET", PAGE)
    return told


def held(jira: JiraClient, project: str, keys: Sequence[str]) -> Mapping[str, bool]:
    """Which of these permissions our account has in a project, by Jira's key; what Jira does not know is left out."""
    query = {"projectKey": project, "permissions": ",".join(keys)}
    told = jira.call("GET", "/rest/api/2/mypermissions", query)["permissions"]
    return {key: bool(one.get("havePermission")) for key, one in told.items() if key in keys}


def tokens(jira: JiraClient) -> Sequence[Token]:
    """Data Center: the personal access tokens of our account. Which of them is in use Jira does not tell."""
    told = jira.call("GET", TOKENS)
    return [Token(str(each.get("name", "?")), moment_of(each.get("expiringAt"))) for each in told]


def statuses(jira: JiraClient, project: str) -> Sequence[str]:
    """The names of the statuses that requests of a project can have."""
    told = jira.call("GET", f"/rest/api/2/project/{quote(project, safe='')}/statuses")
    return list(dict.fromkeys(str(status["name"]) for kind in told for status in kind["statuses"]))


def resolutions(jira: JiraClient) -> Sequence[str]:
    """The names of the site's resolutions."""
    return [str(each["name"]) for each in jira.call("GET", "/rest/api/2/resolution")]


def organization_properties(jira: JiraClient, organization: str) -> Sequence[str]:
    """The keys of an organization's entity properties."""
    told = jira.call("GET", f"/rest/servicedeskapi/organization/{quote(organization, safe='')}/property")
    return [str(each["key"]) for each in told["keys"]]


def remove_comment(jira: JiraClient, request: str, comment: str) -> None:
    """Remove a comment of our own."""
    jira.call("DELETE", f"/rest/api/2/issue/{quote(request, safe='')}/comment/{quote(comment, safe='')}")
