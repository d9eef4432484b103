"""Who may use the admin's pages, by a password of their own; links that let somebody set one; and who is signed in.

Links and sessions are kept as digests: whoever reads the database can use none of them. Passwords come here hashed.
Whoever comes by OpenID Connect has sessions here and no password; a name that both have is that of two people.
"""

import hashlib
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import ColumnElement, Connection, delete, func, or_, select, update

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
class OpenIdLogin:
    """How an OpenID Connect provider let somebody in: what it calls them, which of their groups or addresses gave them
    their role, what it calls its own session (None where it has no name), and the ID token that says all that.
    """

    subject: str
    claim: str
    sid: str | None
    id_token: str


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who is signed in. `id` names the session, and lets nobody into it; `subject` and `claim` are those of
    `OpenIdLogin`, None of whoever has a password; `address` and `agent` say which browser it is.
    """

    id: str
    name: str
    role: Role
    begun_at: datetime
    seen_at: datetime
    subject: str | None
    claim: str | None
    address: str | None
    agent: str | None


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


def is_last_admin(tx: Connection, name: str) -> bool:
    """Is nobody else an admin with a password? Nobody stops being one until the transaction is over."""
    admins = select(admin_people.c.name).where(admin_people.c.role == Role.ADMIN.value).order_by(admin_people.c.name)
    return set(tx.scalars(admins.with_for_update())) == {name}


def remove(tx: Connection, name: str) -> bool:
    """Take somebody's password away, and end their sessions; False where there is nobody of that name.

    Links end as well: one that would let them in again, and those with which they let others in.
    """
    sign_out_everywhere(tx, name)
    withdraw_links(tx, for_name=name, made_by=name)
    return bool(tx.execute(delete(admin_people).where(admin_people.c.name == name)).rowcount)


def set_role(tx: Connection, name: str, role: Role) -> bool:
    """Let somebody be something else, from their next click on; False where there is nobody of that name.

    A link that says otherwise ends, and what a viewer made as an admin.
    """
    withdraw_links(tx, for_name=name, made_by=name if role is Role.VIEWER else None)
    theirs = admin_sessions.c.name == name, admin_sessions.c.subject.is_(None)
    tx.execute(update(admin_sessions).where(*theirs).values(role=role.value))
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


def withdraw_links(tx: Connection, for_name: str | None = None, made_by: str | None = None) -> None:
    """Links for somebody, and links that somebody made, are good for nothing any more."""
    for column, name in ((admin_invitations.c.name, for_name), (admin_invitations.c.created_by, made_by)):
        if name is not None:
            tx.execute(delete(admin_invitations).where(column == name))


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
    # Invited as a viewer when there was another admin still.
    role = Role.ADMIN if is_last_admin(tx, called) else found.role
    values = {"role": role.value, "password": password}
    row = insert_or(tx.dialect.name, admin_people).values(
        name=called, created_at=now, created_by=found.created_by, **values
    )
    tx.execute(row.on_conflict_do_update(index_elements=[admin_people.c.name], set_=values))
    return person(tx, called)


def sign_in(
    tx: Connection,
    name: str,
    role: Role,
    now: datetime,
    *,
    openid: OpenIdLogin | None = None,
    address: str | None = None,
    agent: str | None = None,
) -> str:
    """Begin a session; returns what the browser is to hold. Sessions that are over are forgotten."""
    over = or_(admin_sessions.c.seen_at <= now - IDLE, admin_sessions.c.begun_at <= now - LONGEST)
    tx.execute(delete(admin_sessions).where(over))
    token = secrets.token_urlsafe(32)
    values = {
        "digest": _digest(token),
        "name": name,
        "role": role.value,
        "begun_at": now,
        "seen_at": now,
        "address": address,
        "agent": agent,
        **(asdict(openid) if openid else {}),
    }
    tx.execute(admin_sessions.insert().values(values))
    return token


def session(tx: Connection, token: str, now: datetime) -> Session | None:
    """Who holds this, while their session lasts."""
    return next(iter(_sessions(tx, now, admin_sessions.c.digest == _digest(token))), None)


def sessions(tx: Connection, now: datetime) -> tuple[Session, ...]:
    """Everybody who is signed in, those first who clicked last."""
    return _sessions(tx, now)


def is_stale(found: Session, now: datetime) -> bool:
    """Is it time to write down that somebody is still there?"""
    return now - found.seen_at >= _SEEN_EVERY


def seen(tx: Connection, token: str, now: datetime) -> None:
    """Somebody has clicked."""
    tx.execute(update(admin_sessions).where(admin_sessions.c.digest == _digest(token)).values(seen_at=now))


def sign_out(tx: Connection, token: str) -> str | None:
    """End a session; returns the ID token that it began with, if it began with one."""
    ended = delete(admin_sessions).where(admin_sessions.c.digest == _digest(token)).returning(admin_sessions.c.id_token)
    return tx.scalar(ended)


def end_session(tx: Connection, session_id: str) -> None:
    """End the session of that id."""
    tx.execute(delete(admin_sessions).where(admin_sessions.c.digest == session_id))


def sign_out_everywhere(tx: Connection, name: str, but: str | None = None) -> None:
    """End every session of somebody who has a password; of one in which they ask for it, its id is `but`."""
    _end(tx, but, admin_sessions.c.name == name, admin_sessions.c.subject.is_(None))


def sign_out_subject(tx: Connection, subject: str, but: str | None = None) -> None:
    """End every session of somebody who came by OpenID Connect, likewise."""
    _end(tx, but, admin_sessions.c.subject == subject)


def sign_out_at_provider(tx: Connection, subject: str | None, sid: str | None) -> int:
    """End what the provider says is over: its session of that name, or else everything of that person; how many."""
    at = admin_sessions.c
    theirs = [at.sid == sid] if sid else []
    theirs += [at.subject == subject] if subject else []
    return tx.execute(delete(admin_sessions).where(*theirs)).rowcount if theirs else 0


def _end(tx: Connection, but: str | None, *whose: ColumnElement[bool]) -> None:
    tx.execute(delete(admin_sessions).where(*whose, admin_sessions.c.digest != (but or "")))


def _sessions(tx: Connection, now: datetime, *which: ColumnElement[bool]) -> tuple[Session, ...]:
    at = admin_sessions.c
    columns = (at.digest, at.name, at.role, at.begun_at, at.seen_at, at.subject, at.claim, at.address, at.agent)
    lasting = (at.seen_at > now - IDLE, at.begun_at > now - LONGEST)
    found = tx.execute(select(*columns).where(*lasting, *which).order_by(at.seen_at.desc(), at.digest))
    return tuple(Session(digest, name, Role(role), *rest) for digest, name, role, *rest in found)


def _digest(token: str) -> str:
    # No slow hash: what is hidden are 256 bits of chance, not a word somebody thought of.
    return hashlib.sha256(token.encode()).hexdigest()


def _person(name: str, role: str, password: str, created_at: datetime, created_by: str) -> Person:
    return Person(name, Role(role), password, created_at, created_by)
