"""Reconciliation: knocking at every request that may have changed unheard, for webhooks that were lost."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count, islice
from math import ceil

from plugin.contract.ending import Ending, ending
from plugin.jira.client import JiraClient
from plugin.mappings.load import Mappings
from plugin.store import decisions, doors
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

OPEN = "statusCategory != Done"
"""What Jira calls a request that is not done."""

LATELY = timedelta(days=14)
"""How far back to look for requests that are done: longer than anybody leaves this switched off."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a reconciliation found: how many requests, and those of them that are open, id and key."""

    requests: int
    still_open: Mapping[str, str]


def knock_at_open_requests(
    jira: JiraClient, store: Store, mappings: Mappings, now: datetime, lately: timedelta = LATELY
) -> Found:
    """Knock at every request that is not done yet, or changed lately.

    A request that is done may have just turned out a product defect, which costs nothing, and the webhook that said so
    be lost: on Data Center nobody repeats it.
    """
    known: set[str] = set()
    still_open: dict[str, str] = {}
    knocks = count()
    minutes = max(1, ceil(lately / timedelta(minutes=1)))
    for project in mappings.declared.projects:
        for condition in (OPEN, f"updated >= -{minutes}m"):
            found = jira.search(f'project = "{project}" AND {condition} ORDER BY created ASC', ["created"])
            for batch in _batches(issue for issue in found if issue["id"] not in known):
                known.update(issue["id"] for issue in batch)
                if condition == OPEN:
                    still_open.update((str(issue["id"]), issue["key"]) for issue in batch)
                with store.writing() as tx:
                    # Whoever is waited for already comes up by itself; who was parked gets another chance now and then.
                    expected = waiting(tx, [str(issue["id"]) for issue in batch], now - AGAIN)
                    for issue in batch:
                        if str(issue["id"]) not in expected:
                            due = now + timedelta(seconds=next(knocks) / A_SECOND)
                            doors.knock(tx, str(issue["id"]), issue["key"], due)
    return Found(len(known), still_open)


def ending_agreements(
    store: Store, mappings: Mappings, still_open: Mapping[str, str], now: datetime
) -> tuple[Ending, ...]:
    """Agreements that have ended, or soon will, while requests are open; `still_open` has these, id and key."""
    return ending(mappings.agreements, mappings.policy.day(now), open_by_customer(store, still_open))


def open_by_customer(store: Store, still_open: Mapping[str, str]) -> dict[str, list[str]]:
    """The keys of open requests by the customer of their newest decision; those that are nobody's are left out."""
    with store.reading() as tx:
        owners = decisions.owners(tx, list(still_open))
    found: dict[str, list[str]] = {}
    for request_id, key in still_open.items():
        if request_id in owners:
            found.setdefault(owners[request_id], []).append(key)
    return found


def _batches(found: Iterator[dict[str, str]]) -> Iterator[list[dict[str, str]]]:
    while batch := list(islice(found, AT_ONCE)):
        yield batch
