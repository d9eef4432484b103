"""Secrets that this installation has made for itself, shared by all its processes; one for each purpose."""

import secrets
from enum import IntEnum

from sqlalchemy import Connection, select

from plugin.store.tables import admin_key
from plugin.store.upsert import insert_or


class Key(IntEnum):
    """What a secret signs; the number of its row."""

    SESSIONS = 1
    RECEIPTS = 2


def known(tx: Connection, key: Key) -> str | None:
    """The secret, 256 bits in hexadecimal; None where nothing was signed with one yet."""
    found: str | None = tx.scalar(select(admin_key.c.secret).where(admin_key.c.id == key))
    return found


def secret(tx: Connection, key: Key) -> str:
    """The secret; it is made the first time. Needs a transaction that writes."""
    if (found := known(tx, key)) is not None:
        return found
    # Two that make it at once agree on one.
    row = insert_or(tx.dialect.name, admin_key).values(id=int(key), secret=secrets.token_hex(32))
    tx.execute(row.on_conflict_do_nothing())
    return str(tx.execute(select(admin_key.c.secret).where(admin_key.c.id == key)).scalar_one())


def make_anew(tx: Connection, key: Key) -> None:
    """Put another secret in its place: whatever was signed with the old one is good for nothing from now on."""
    values = {"secret": secrets.token_hex(32)}
    row = insert_or(tx.dialect.name, admin_key).values(id=int(key), **values)
    tx.execute(row.on_conflict_do_update(index_elements=[admin_key.c.id], set_=values))
