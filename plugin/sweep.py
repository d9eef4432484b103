"""Many doors at once: those at which nothing is to be done are closed after one call to Jira instead of one each.

Most webhooks of a burst are echoes of what we wrote ourselves, or of edits that the contract does not look at. On Cloud
a hundred requests are read together; whoever is as they should be is done with, the others are looked at one by one.
"""

import threading
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import structlog

from plugin.compare import compared
from plugin.jira.client import JiraClient
from plugin.jira.fields import DECIDED_BY, FieldMap
from plugin.jira.read import PROPERTY, wanted_fields
from plugin.look import Seen, seen_in
from plugin.mappings.load import Mappings
from plugin.memory import is_forgotten
from plugin.site_fields import field_map
from plugin.store import decisions, doors, memory, replies
from plugin.store.engine import Store

LEAST: Final = 10
"""Fewer due doors than that are quicker looked at one by one."""

MOST: Final = 100
"""As many as Jira reads with one call."""

EVERY: Final = timedelta(seconds=5)
"""How long a sweep that found little to close is good for: the doors that it left are being worked."""

log = structlog.get_logger()


class Turn:
    """Whose turn to sweep it is, and when: shared by the workers of a process, since one at a time is enough."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._next = datetime.min.replace(tzinfo=UTC)

    def taken(self, now: datetime) -> bool:
        """Is it the caller's turn now? Nobody else's until `EVERY` later."""
        with self._guard:
            if now < self._next:
                return False
            self._next = now + EVERY
            return True

    def again(self) -> None:
        """It was worth it: the next one may begin at once."""
        with self._guard:
            self._next = datetime.min.replace(tzinfo=UTC)


def sweep(jira: JiraClient, store: Store, mappings: Mappings, worker: str, now: datetime, lease: timedelta) -> int:
    """Close the due doors at which a look would change nothing; how many.

    Claimed before they are read: a knock meanwhile leaves a door open. Whatever goes wrong, the others are as before.

    Raises:
        JiraTrouble: when Jira does not answer as it should.
    """
    with store.writing() as tx:
        taken = () if memory.gap(tx) else doors.claim_many(tx, worker, now, lease, LEAST, MOST)
    if not taken:
        return 0
    well: dict[str, datetime | None] = {}
    try:
        fields = field_map(jira, mappings)
        found = jira.issues([each.request_id for each in taken], wanted_fields(fields), [PROPERTY])
        well = are_well(jira, store, mappings, fields, found, now)
    finally:
        with store.writing() as tx:
            for door in taken:
                if door.request_id in well:
                    doors.done(tx, door, well[door.request_id])
                else:
                    doors.give_back(tx, door)
    log.info("swept", doors=len(taken), closed=len(well))
    return len(well)


def are_well(
    jira: JiraClient,
    store: Store,
    mappings: Mappings,
    fields: FieldMap,
    issues: Sequence[Mapping[str, Any]],
    now: datetime,
) -> dict[str, datetime | None]:
    """The ids of those of the requests that a look would leave as they are, each with when to look again by itself.

    Whoever was asked something may have answered in a comment, whoever was never looked at has everything to be done,
    and a field that decisions rest on may have been deleted where it is not shown: they are not among them.
    """
    well, needed = dict[str, datetime | None](), [field.id for word, field in fields.items() if word in DECIDED_BY]
    for issue in issues:
        request_id = str(issue["id"])
        with store.reading() as tx:
            standing, ours = decisions.standing(tx, request_id), replies.comment_ids(tx, request_id)
        if standing is None or standing.waited or any(field not in issue["fields"] for field in needed):
            continue
        seen = seen_in(jira, mappings, fields, issue, standing, ours=ours)
        if isinstance(seen, Seen):
            with store.writing() as tx:
                forgotten = is_forgotten(tx, request_id, seen.shown.property, now)
                found = compared(tx, seen, mappings, fields, now)
                if not forgotten and not found.words:
                    well[request_id] = found.settled.decision.next_look
    return well
