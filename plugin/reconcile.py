"""Reconciliation: every request that may have changed unheard is held against what it should show, every balance too.

On Cloud a hundred requests are read with one call, and only those are knocked at that a look would change. Data
Center's search does not tell what we left on a request: there each is knocked at.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count, islice
from math import ceil
from typing import Any

from plugin.balances import Misshown, known_organizations, misshown, shown_after
from plugin.contract.ending import Ending, ending
from plugin.jira.board import board_of
from plugin.jira.client import JiraClient
from plugin.jira.read import PROPERTY, wanted_fields
from plugin.mappings.load import Mappings
from plugin.memory import Forgotten, forgotten_entries
from plugin.rewrites import Rewrites
from plugin.site_fields import field_map
from plugin.store import decisions, doors, ledger
from plugin.store.census import waiting, with_doors
from plugin.store.engine import Store
from plugin.sweep import are_well
from plugin.troubles import Troubles
from plugin.write import Writer

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
    """What a reconciliation found: how many requests, and those of them that are open, id and key.

    `knocked` are those at which it knocked: not everybody who is as they should be, or comes up by themselves.
    """

    requests: int
    still_open: Mapping[str, str]
    knocked: int


def knock_at_open_requests(
    jira: JiraClient, store: Store, mappings: Mappings, now: datetime, lately: timedelta = LATELY
) -> Found:
    """Knock at every request that is not done yet, or changed lately, unless all is well with it.

    A request that is done may have just turned out a product defect, which costs nothing, and the webhook that said so
    be lost: on Data Center nobody repeats it.
    """
    known: set[str] = set()
    still_open: dict[str, str] = {}
    knocks = count()
    minutes = max(1, ceil(lately / timedelta(minutes=1)))
    fields = field_map(jira, mappings) if jira.flavour == "cloud" else None
    wanted = wanted_fields(fields) if fields else ["created"]
    for project in mappings.declared.projects:
        for condition in (OPEN, f"updated >= -{minutes}m"):
            jql = f'project = "{project}" AND {condition} ORDER BY created ASC'
            found = jira.search(jql, wanted, [PROPERTY])
            for batch in _batches(issue for issue in found if issue["id"] not in known):
                known.update(issue["id"] for issue in batch)
                if condition == OPEN:
                    still_open.update((str(issue["id"]), issue["key"]) for issue in batch)
                well = are_well(jira, store, mappings, fields, batch, now) if fields else {}
                with store.writing() as tx:
                    # Whoever is waited for already comes up by itself; who was parked gets another chance now and then.
                    ids = [str(issue["id"]) for issue in batch]
                    expected = waiting(tx, ids, now - AGAIN) | (well.keys() - with_doors(tx, ids))
                    for issue in batch:
                        if str(issue["id"]) not in expected:
                            due = now + timedelta(seconds=next(knocks) / A_SECOND)
                            doors.knock(tx, str(issue["id"]), issue["key"], due)
    return Found(len(known), still_open, next(knocks))


def misshown_balances(jira: JiraClient, store: Store, mappings: Mappings, now: datetime) -> tuple[Misshown, ...]:
    """Every balance that Jira shows otherwise than the ledger has it.

    Raises:
        Forgotten: when one was shown after an entry that this ledger does not have.
    """
    board = board_of(mappings.board, jira)
    if board is None:
        return ()
    known = known_organizations(jira, mappings.agreements)
    today, sure = mappings.policy.day(now), jira.flavour == "cloud"
    with store.reading() as tx:
        found = tuple(misshown(tx, mappings.agreements, mappings.policy, today, board, known, sure))
    for each in found:
        # Asked afresh: it may have been booked and shown while the boards were read.
        with store.reading() as tx:
            booked = ledger.sequence(tx, each.customer)
        if shown_after(each.shown) > booked:
            raise Forgotten(forgotten_entries(each.customer, shown_after(each.shown), booked))
    return found


def show_balances(
    jira: JiraClient, store: Store, mappings: Mappings, found: Sequence[Misshown], clock: Callable[[], datetime]
) -> None:
    """Make the boards show what the ledger has.

    Raises:
        JiraRefused, JiraHitch: after the others were put right, as `Troubles.tell` has it.
    """
    writer = Writer(store, jira, mappings, clock, lambda: None, Rewrites())
    by_customer, troubles = {each.customer: each for each in mappings.agreements}, Troubles()
    for each in found:
        with troubles.apart():
            writer.show_balance_on(each.organization, by_customer[each.customer])
    troubles.tell()


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


def _batches(found: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    while batch := list(islice(found, AT_ONCE)):
        yield batch
