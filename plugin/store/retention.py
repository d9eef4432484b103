"""What may go once it is old: how requests that are done were decided, and what was said to people about them.

These rows hold names, addresses and words of people. The ledger holds none, and is kept for ever: it says what each
request cost, and without it a request that is opened again would be charged again.
"""

from datetime import datetime
from typing import Final

from sqlalchemy import Connection, and_, delete, exists, func, or_, select

from plugin.store import memory
from plugin.store.tables import decisions, deliveries, doors, policies, replies

AT_ONCE: Final = 500
"""Requests forgotten in one transaction at most, so that nobody waits long for it."""


def forget(tx: Connection, before: datetime) -> int:
    """Remove what was decided and said on requests that are over since before that aware moment; how many there were.

    Over is a request that was done when it was decided last, or that Jira said was deleted, and that nobody is to look
    at. Up to `AT_ONCE` requests go; with fewer than that, the mapping files of revisions that no decision rests on any
    more go as well.
    """
    another = decisions.alias()
    newest = select(func.max(another.c.id)).where(another.c.request_id == decisions.c.request_id).scalar_subquery()
    deleted = exists().where(deliveries.c.request_id == decisions.c.request_id, deliveries.c.deleted)
    expected = exists().where(doors.c.request_id == decisions.c.request_id)
    over = or_(decisions.c.content["ended"].as_string().is_not(None), deleted)
    old = and_(decisions.c.decided_at < before, decisions.c.id == newest)
    found = list(tx.scalars(select(decisions.c.request_id).where(old, over, ~expected).limit(AT_ONCE)))
    if found:
        tx.execute(delete(decisions).where(decisions.c.request_id.in_(found)))
        tx.execute(delete(replies).where(replies.c.request_id.in_(found)))
        memory.known(tx, before)
    if len(found) < AT_ONCE:
        needed = exists().where(decisions.c.revision == policies.c.revision)
        tx.execute(delete(policies).where(policies.c.first_seen < before, ~needed))
    return len(found)
