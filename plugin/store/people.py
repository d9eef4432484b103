"""Who may use the admin's pages, by a password of their own; links that let somebody set one; and who is signed in.

Links and sessions are kept as digests: whoever reads the database can use none of them. Passwords come here hashed.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import Connection, delete, func, or_, select, update

from plugin.store.tables import admin_invitations, admin_people, admin_sessions
from plugin.store.upsert import insert_or

IDLE: Final = timedelta(minutes=45)
"""After so long without a click a session is over; a page that renews itself is no click."""

LONGEST: Final = timedelta(hours=12)
"""After so long a session is over whatever happens."""

INVITED: Final = timedelta(hours=24)
"""How long a link to set a password can be used."""

_SEEN_EVERY: Final = timedelta(minutes=1)


class Role(StrEnum):
    """What somebody may: look, or change as well."""

    VIEWER = "viewer"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who signs in with a password. `password` is its hash."""

    name: str
    role: Role
    password: str
    created_at: datetime
    created_by: str


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a link is good for. `name` is None where whoever has it chooses one: the first person of all."""

    name: str | None
    role: Role
    created_by: str


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who is signed in."""

    name: str
    role: Role
    begun_at: datetime
    seen_at: datetime


def people(tx: Connection) -> tuple[Person, ...]:
    """Everybody with a password, by name."""
    return tuple(_person(*row) for row in tx.execute(select(admin_people).order_by(admin_people.c.name)))


def anybody(tx: Connection) -> bool:
    """Has anybody a password yet?"""
    return tx.scalar(select(admin_people.c.name).limit(1)) is not None


def person(tx: Connection, name: str) -> Person | None:
    """The person of that name, in any case; None where there is nobody."""
    row = tx.execute(select(admin_people).where(func.lower(admin_people.c.name) == name.strip().lower())).first()
    return _person(*row) if row else None


def remove(tx: Connection, name: str) -> bool:
    """Take somebody's password away, and end their sessions; False where there is nobody of that name."""
    sign_out_everywhere(tx, name)
    return bool(tx.execute(delete(admin_people).where(admin_people.c.name == name)).rowcount)


def set_role(tx: Connection, name: str, role: Role) -> bool:
    """Let somebody be something else, from their next click on; False where there is nobody of that name."""
    tx.execute(update(admin_sessions).where(admin_sessions.c.name == name).values(role=role.value))
    return bool(tx.execute(update(admin_people).where(admin_people.c.name == name).values(role=role.value)).rowcount)


def invite(tx: Connection, name: str | None, role: Role, by: str, now: datetime) -> str:
    """Let somebody set a password; returns what their link ends with. Earlier links of the same name end."""
    token = secrets.token_urlsafe(32)
    if name is not None:
        tx.execute(delete(admin_invitations).where(admin_invitations.c.name == name))
    tx.execute(delete(admin_invitations).where(admin_invitations.c.ends_at <= now))
    values = {"digest": _digest(token), "name": name, "role": role.value, "ends_at": now + INVITED, "created_by": by}
    tx.execute(admin_invitations.insert().values(values))
    return token


def invitation(tx: Connection, token: str, now: datetime) -> Invitation | None:
    """What a link is good for; None where it was used, is too old, or never was one."""
    at = admin_invitations.c
    query = select(at.name, at.role, at.created_by).where(at.digest == _digest(token), at.ends_at > now)
    row = tx.execute(query).first()
    return Invitation(row.name, Role(row.role), row.created_by) if row else None


def accept(tx: Connection, token: str, name: str, password: str, now: datetime) -> Person | None:
    """Use a link: this name has that password (hashed) from now on. None where the link is not good any more.

    A name that somebody has keeps its spelling, and its sessions end. Once there is anybody, nobody chooses a name.
    """
    found = invitation(tx, token, now)
    used = delete(admin_invitations).where(admin_invitations.c.digest == _digest(token))
    # Two who use one link at once: only one of them removes it.
    if found is None or not tx.execute(used).rowcount:
        return None
    known = person(tx, found.name or name)
    called = known.name if known else (found.name or name.strip())
    tx.execute(
        delete(admin_invitations).where(or_(admin_invitations.c.name.is_(None), admin_invitations.c.name == called))
    )
    sign_out_everywhere(tx, called)
    values = {"role": found.role.value, "password": password}
    row = insert_or(tx.dialect.name, admin_people).values(
        name=called, created_at=now, created_by=found.created_by, **values
    )
    tx.execute(row.on_conflict_do_update(index_elements=[admin_people.c.name], set_=values))
    return person(tx, called)


def sign_in(tx: Connection, name: str, role: Role, now: datetime) -> str:
    """Begin a session; returns what the browser is to hold. Sessions that are over are forgotten."""
    over = or_(admin_sessions.c.seen_at <= now - IDLE, admin_sessions.c.begun_at <= now - LONGEST)
    tx.execute(delete(admin_sessions).where(over))
    token = secrets.token_urlsafe(32)
    values = {"digest": _digest(token), "name": name, "role": role.value, "begun_at": now, "seen_at": now}
    tx.execute(admin_sessions.insert().values(values))
    return token


def session(tx: Connection, token: str, now: datetime) -> Session | None:
    """Who holds this, while their session lasts."""
    at = admin_sessions.c
    mine = (at.digest == _digest(token), at.seen_at > now - IDLE, at.begun_at > now - LONGEST)
    row = tx.execute(select(at.name, at.role, at.begun_at, at.seen_at).where(*mine)).first()
    return Session(row.name, Role(row.role), row.begun_at, row.seen_at) if row else None


def is_stale(found: Session, now: datetime) -> bool:
    """Is it time to write down that somebody is still there?"""
    return now - found.seen_at >= _SEEN_EVERY


def seen(tx: Connection, token: str, now: datetime) -> None:
    """Somebody has clicked."""
    tx.execute(update(admin_sessions).where(admin_sessions.c.digest == _digest(token)).values(seen_at=now))


def sign_out(tx: Connection, token: str) -> None:
    """End a session."""
    tx.execute(delete(admin_sessions).where(admin_sessions.c.digest == _digest(token)))


def sign_out_everywhere(tx: Connection, name: str) -> None:
    """End every session of somebody."""
    tx.execute(delete(admin_sessions).where(admin_sessions.c.name == name))


def _digest(token: str) -> str:
    # No slow hash: what is hidden are 256 bits of chance, not a word somebody thought of.
    return hashlib.sha256(token.encode()).hexdigest()


def _person(name: str, role: str, password: str, created_at: datetime, created_by: str) -> Person:
    return Person(name, Role(role), password, created_at, created_by)
