"""Who we are in Jira, and what we may do there."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from plugin.doctor.line import Line, ok, some, unknown, warning, wrong
from plugin.jira.errors import JiraLockedOut, JiraTrouble
from plugin.jira.inquiries import Token
from plugin.settings import JiraAccess

SOON: Final = timedelta(days=30)
"""How long before its end a token is spoken of."""

ADMINISTER: Final = "ADMINISTER"
DELETE_OWN_COMMENTS: Final = "DELETE_OWN_COMMENTS"

NEEDED: Final[Mapping[str, tuple[str, str]]] = {
    "BROWSE_PROJECTS": ("Browse Projects", "no request can be seen, so none is worked"),
    "EDIT_ISSUES": ("Edit Issues", "no field of the contract is written onto requests"),
    "ADD_COMMENTS": ("Add Comments", "customers get no reply, and agents no note"),
    "TRANSITION_ISSUES": ("Transition Issues", "requests are not moved to the customer and back into the queue"),
    "SERVICEDESK_AGENT": (
        "Service Project Agent",
        "organizations are not known, balances not shown, notes not internal, and nobody is added as a participant",
    ),
}
"""By Jira's key: how Jira calls the permission, and what is lost without it."""

ASKED: Final = (*NEEDED, ADMINISTER, DELETE_OWN_COMMENTS)
"""What Jira is asked about."""


def login(told: Mapping[str, Any] | JiraTrouble, access: JiraAccess) -> list[Line]:
    """Does Jira let us in, and as whom?"""
    kind = kind_of(access)
    if isinstance(told, JiraLockedOut):
        return [wrong(f"Jira does not let us in with {kind} (401).", _REMEDIES[kind])]
    if isinstance(told, JiraTrouble):
        return [wrong(f"Jira does not say who we are: {told}", "Run doctor again; look at Jira's log if it stays.")]
    name = str(told.get("displayName") or told.get("name") or "?")
    if told.get("active") is False:
        return [wrong(f"The account {name} is not active any more.", "Activate it, or use another account's token.")]
    return [ok(f"We are {name}, with {kind}.")]


def kind_of(access: JiraAccess) -> str:
    """The kind of credential that we have, as people call it."""
    if access.client:
        return _CLIENT
    if access.flavour == "cloud":
        return _SCOPED if access.gateway or "/ex/jira/" in access.url else _PLAIN
    return _BASIC if access.email else _PERSONAL


_CLIENT: Final = "an OAuth 2.0 credential of a service account"
_SCOPED: Final = "a token with scopes through the gateway"
_PLAIN: Final = "an API token"
_BASIC: Final = "a user name and its password"
_PERSONAL: Final = "a personal access token"

_REMEDIES: Final = {
    _CLIENT: "Make a new OAuth 2.0 credential for the service account: set JIRA_CLIENT_ID to its id, JIRA_TOKEN to its "
    "secret.",
    _SCOPED: "Make a new token for the service account, with the scopes that the README names, and set JIRA_TOKEN. "
    "A token without scopes wants no JIRA_GATEWAY.",
    _PLAIN: "Make a new API token for the account in JIRA_EMAIL and set JIRA_TOKEN. If it has scopes, set JIRA_GATEWAY "
    "as well.",
    _BASIC: "Make a personal access token, set JIRA_TOKEN to it, and leave JIRA_EMAIL out.",
    _PERSONAL: "Make a new personal access token in the account's profile and set JIRA_TOKEN.",
}


def token_age(tokens: Sequence[Token] | JiraTrouble | None, access: JiraAccess, now: datetime) -> list[Line]:
    """How long is the token still good? `tokens`: those of our account, as Data Center tells; None where none does."""
    if access.client:
        return [ok("The token is good for an hour and is renewed in time, as long as the credential itself is good.")]
    if access.flavour == "cloud":
        return [
            unknown(
                "Cloud does not say how long a token is good: a year at most.",
                "Put the day on which it runs out into your calendar (id.atlassian.com > Security > API tokens).",
            )
        ]
    if tokens is None or isinstance(tokens, JiraTrouble) or not tokens:
        return [
            unknown(
                "Jira does not say how long our token is good.",
                "Look at the account's profile, under Personal Access Tokens, and put that day into your calendar.",
            )
        ]
    # Which of them is ours Jira does not tell: so the first to run out is spoken of.
    ending = sorted((each.ends, each.name) for each in tokens if each.ends is not None and each.ends > now)
    if not ending:
        return [ok("The token does not run out.")]
    ends, name = ending[0]
    told = f"The token {name!r} of our account is good until {ends:%Y-%m-%d}"
    if ends - now < SOON:
        return [
            warning(
                f"{told}, {(ends - now).days} days from now.",
                "If it is ours: make a new one, set JIRA_TOKEN and start anew, then revoke the old one.",
            )
        ]
    return [ok(f"{told}.")]


def permissions(held: Mapping[str, Mapping[str, bool]], waits: bool) -> list[Line]:
    """May we do what is to be done in each project? `held`: by project, then Jira's key; a key that Jira does not know
    is not there. `waits`: whether requests are moved to the customer and back.
    """
    lines = []
    for key, (name, lost) in NEEDED.items():
        if key == "TRANSITION_ISSUES" and not waits:
            continue
        lacking = [project for project, keys in held.items() if keys.get(key) is False]
        untold = [project for project, keys in held.items() if key not in keys]
        if lacking:
            lines.append(
                wrong(
                    f"We lack the permission {name} in {some(lacking)}: {lost}.",
                    f"Project settings > Permissions (or People): let our account have {name}.",
                )
            )
        elif untold:
            lines.append(
                unknown(f"Jira does not say whether we have the permission {name}.", "Look at the permission scheme.")
            )
    good = len(NEEDED) - (not waits) - len(lines)
    return (
        [*([ok(f"We have {good} of the permissions that are needed.")] if good else []), *lines]
        if lines
        else [ok(f"We have all {good} permissions that are needed in {some(list(held))}.")]
    )


def administrator(held: Mapping[str, Mapping[str, bool]]) -> list[Line]:
    """May we look at webhooks? Working requests needs no administrator."""
    if any(keys.get(ADMINISTER) for keys in held.values()):
        return [ok("We are Jira's administrator: more than working requests needs.")]
    return [ok("We are not Jira's administrator, and need not be; only webhooks and screens cannot be looked at.")]
