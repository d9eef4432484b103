"""Who may use the admin's pages, by a password or by OpenID Connect, and where each of them is signed in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from plugin.store import openid_people, people
from plugin.store.openid_people import OpenIdPerson
from plugin.store.people import Person, Session

_BROWSERS: Final = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS: Final = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)
"""What a browser calls itself holds the names of others as well: the first that is found is its own."""


@dataclass(frozen=True, slots=True)
class PersonSeen:
    """Somebody with a password, in how many sessions they are signed in, and when they last clicked in one."""

    person: Person
    sessions: int
    seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class OpenIdPersonSeen:
    """Somebody who came by OpenID Connect, and in how many sessions they are signed in."""

    person: OpenIdPerson
    sessions: int


def people_seen(tx: Connection, now: datetime) -> tuple[tuple[PersonSeen, ...], tuple[OpenIdPersonSeen, ...]]:
    """Everybody with a password, and everybody who came by OpenID Connect, by name."""
    by_name: dict[str, list[Session]] = {}
    by_subject: dict[str, list[Session]] = {}
    for each in people.sessions(tx, now):
        found, key = (by_name, each.name) if each.subject is None else (by_subject, each.subject)
        found.setdefault(key, []).append(each)
    return (
        tuple(
            PersonSeen(each, len(theirs), theirs[0].seen_at if theirs else None)
            for each in people.people(tx)
            for theirs in [by_name.get(each.name, [])]
        ),
        tuple(
            OpenIdPersonSeen(each, len(by_subject.get(each.subject, []))) for each in openid_people.openid_people(tx)
        ),
    )


def own_sessions(tx: Connection, name: str, subject: str | None, now: datetime) -> tuple[Session, ...]:
    """Where somebody is signed in, where they clicked last first."""
    return tuple(each for each in people.sessions(tx, now) if (each.name, each.subject) == (name, subject))


def browser_text(agent: str | None) -> str | None:
    """`Firefox, Linux`: what a browser calls itself, in short; None where that says nothing."""
    found = [next((name for mark, name in names if mark in (agent or "")), None) for names in (_BROWSERS, _SYSTEMS)]
    return ", ".join(filter(None, found)) or None
