"""Reconciliation: knocking at every request that may have changed unheard, for webhooks that were lost."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count, islice
from math import ceil

from plugin.jira.client import JiraClient
from plugin.mappings.load import Mappings
from plugin.store import doors
from plugin.store.census import waiting
from plugin.store.engine import Store

AT_ONCE = 100
"""Knocks in one transaction."""

AGAIN = timedelta(hours=1)
"""After so long a parked door is tried once more by itself: whatever was in the way may have been put right in Jira."""

A_SECOND = 10
"""How many of the requests found are due in the same second. A webhook's knock comes before those that are due later:
whoever raises a request just now does not wait for all the others to be looked at, and Jira is not asked for all of
them at a stroke."""

LATELY = timedelta(days=14)
"""How far back to look for requests that are done: longer than anybody leaves this switched off."""


def knock_at_open_requests(
    jira: JiraClient, store: Store, mappings: Mappings, now: datetime, lately: timedelta = LATELY
) -> int:
    """Knock at every request that is not done yet, or changed lately; returns how many there are.

    A request that is done may have just turned out a product defect, which costs nothing, and the webhook that said so
    be lost: on Data Center nobody repeats it.
    """
    known: set[str] = set()
    knocks = count()
    minutes = max(1, ceil(lately / timedelta(minutes=1)))
    for project in mappings.declared.projects:
        for condition in ("statusCategory != Done", f"updated >= -{minutes}m"):
            found = jira.search(f'project = "{project}" AND {condition} ORDER BY created ASC', ["created"])
            for batch in _batches(issue for issue in found if issue["id"] not in known):
                known.update(issue["id"] for issue in batch)
                with store.writing() as tx:
                    # Whoever is waited for already comes up by itself; who was parked gets another chance now and then.
                    expected = waiting(tx, [str(issue["id"]) for issue in batch], now - AGAIN)
                    for issue in batch:
                        if str(issue["id"]) not in expected:
                            due = now + timedelta(seconds=next(knocks) / A_SECOND)
                            doors.knock(tx, str(issue["id"]), issue["key"], due)
    return len(known)


def _batches(found: Iterator[dict[str, str]]) -> Iterator[list[dict[str, str]]]:
    while batch := list(islice(found, AT_ONCE)):
        yield batch
