"""Who has come to the admin's pages by OpenID Connect, as of the last time: a list to look at. It lets nobody in."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from plugin.store import people
from plugin.store.tables import admin_openid_people
from plugin.store.upsert import insert_or


@dataclass(frozen=True, slots=True)
class OpenIdPerson:
    """Somebody the provider let in: what it calls them, their name, and which of their groups or addresses let them."""

    subject: str
    name: str
    claim: str
    first_at: datetime
    seen_at: datetime


def came(tx: Connection, subject: str, name: str, claim: str, now: datetime) -> None:
    """Write down that somebody has come."""
    values = {"name": name, "claim": claim, "seen_at": now}
    row = insert_or(tx.dialect.name, admin_openid_people).values(subject=subject, first_at=now, **values)
    tx.execute(row.on_conflict_do_update(index_elements=[admin_openid_people.c.subject], set_=values))


def seen(tx: Connection, subject: str, now: datetime) -> None:
    """Somebody is still there."""
    tx.execute(update(admin_openid_people).where(admin_openid_people.c.subject == subject).values(seen_at=now))


def openid_people(tx: Connection) -> tuple[OpenIdPerson, ...]:
    """Everybody who came, by name."""
    query = select(admin_openid_people).order_by(admin_openid_people.c.name, admin_openid_people.c.subject)
    return tuple(OpenIdPerson(*row) for row in tx.execute(query))


def openid_person(tx: Connection, subject: str) -> OpenIdPerson | None:
    """Whoever the provider calls so; None where nobody of that name came."""
    row = tx.execute(select(admin_openid_people).where(admin_openid_people.c.subject == subject)).first()
    return OpenIdPerson(*row) if row else None


def forget(tx: Connection, subject: str) -> None:
    """End somebody's sessions and the links that they made, and have them on no list until they come again, if the
    provider lets them.
    """
    people.sign_out_subject(tx, subject)
    if found := openid_person(tx, subject):
        people.withdraw_links(tx, made_by=found.name)
    tx.execute(delete(admin_openid_people).where(admin_openid_people.c.subject == subject))
