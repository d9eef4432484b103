"""What somebody may who came by OpenID Connect: pure, from what the provider says of them and what the settings grant.

It is asked again with every click, so that what the settings grant no more ends with the next one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from plugin.settings import OpenId
from plugin.store.people import Role


@dataclass(frozen=True, slots=True)
class Granted:
    """A role, and the group or address that it was given to, as the settings spell it."""

    role: Role
    claim: str


def granted(claims: Mapping[str, Any], access: OpenId) -> Granted | None:
    """The higher of somebody's roles, None where they have none.

    An e-mail address counts only where the provider has made sure that it is theirs.
    """
    said, address = claims.get(access.groups_claim), (email(claims) or "").casefold()
    groups = said if isinstance(said, list) else [said]
    for role, entries in _by_role(access):
        for entry in sorted(entries):
            # Addresses are written in any case; groups are what they are.
            if entry in groups or ("@" in entry and entry.casefold() == address):
                return Granted(role, entry)
    return None


def still(claim: str, access: OpenId | None) -> Role | None:
    """What a group or an address gives now, None where it gives nothing any more."""
    return next((role for role, entries in _by_role(access) if claim in entries), None) if access else None


def name_of(claims: Mapping[str, Any]) -> str:
    """Under which name somebody is written down: their address if it is sure, else what the provider knows them by."""
    if address := email(claims):
        return address
    said = claims.get("preferred_username") or claims.get("name")
    return f"{said} ({claims['sub']})" if said else str(claims["sub"])


def email(claims: Mapping[str, Any]) -> str | None:
    """Somebody's address, if the provider has made sure that it is theirs."""
    said = claims.get("email")
    return said if isinstance(said, str) and claims.get("email_verified") is True else None


def _by_role(access: OpenId) -> tuple[tuple[Role, frozenset[str]], ...]:
    return (Role.ADMIN, access.admins), (Role.VIEWER, access.viewers)
