"""Reconciliation: knocking at every open request's door, for webhooks that were lost or came while nobody was here."""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from plugin.jira.client import JiraClient
from plugin.mappings.load import Mappings
from plugin.store import doors
from plugin.store.engine import Store

AT_ONCE = 100
"""Knocks in one transaction."""


def knock_at_open_requests(jira: JiraClient, store: Store, mappings: Mappings, now: datetime) -> int:
    """Knock at the door of every request that is not done yet; returns how many there are."""
    count = 0
    for project in mappings.declared.projects:
        found = jira.search(f'project = "{project}" AND statusCategory != Done ORDER BY created ASC', ["created"])
        for batch in _batches(found):
            with store.writing() as tx:
                for issue in batch:
                    doors.knock(tx, str(issue["id"]), issue["key"], now)
            count += len(batch)
    return count


def _batches(found: Iterator[dict[str, str]]) -> Iterator[list[dict[str, str]]]:
    while batch := list(islice(found, AT_ONCE)):
        yield batch
