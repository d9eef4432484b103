"""Does Jira show more of our own doing than this database knows? Then it is another one's life that goes on here."""

from collections.abc import Mapping
from datetime import datetime
from itertools import islice
from typing import Any, Final

from sqlalchemy import Connection

from plugin.jira.client import JiraClient
from plugin.jira.errors import JiraGone
from plugin.jira.read import PROPERTY, own_property
from plugin.jira.values import moment_of
from plugin.mappings.load import Mappings
from plugin.store import decisions, memory
from plugin.store.engine import Store

REBUILD: Final = "support-contract ledger rebuild"

NEWEST: Final = {"cloud": 100, "datacenter": 20}
"""Requests that are read before anything is worked: of each project those that changed last, since those are what an
older database does not know. On Cloud they come with one call, on Data Center with one each."""


class Forgotten(Exception):
    """Jira shows what this database should know and does not; the text says what to do."""


def is_forgotten(tx: Connection, request_id: str, own: Mapping[str, Any] | None, now: datetime) -> bool:
    """Does our property on the request tell of a decision that this database does not know? `now` is aware.

    A moment that is still to come is nobody's of ours.
    """
    if own is None:
        return False
    since = moment_of(own.get("since"))
    told = since or moment_of(own.get("decided_at"))
    if told is None or told > now:
        return False
    kept = decisions.last_decided(tx, request_id)
    # An earlier release wrote another moment than the one that it kept: there any decision will do.
    if kept is not None and (since is None or since <= kept):
        return False
    until = memory.known_until(tx)
    return until is None or told > until


def forgotten_request(key: str) -> str:
    """What to say of a request that shows a decision which this database does not know."""
    return f"On {key} Jira shows a decision of this product that the database does not know. {_WHAT_TO_DO}"


def forgotten_entries(customer: str, shown: int, booked: int) -> str:
    """What to say of a balance board that was shown after more entries than this ledger has."""
    return (
        f"Jira shows the balance of {customer} as it was after {shown} entries in its ledger, and the database has "
        f"{booked}. {_WHAT_TO_DO}"
    )


_WHAT_TO_DO: Final = (
    "So it is a new database or an older one, and nothing is worked or written to Jira, lest anything be charged or "
    f"said twice. If it was lost, or restored from a back-up: {REBUILD}. If DATABASE_URL names the wrong one: correct "
    "it, and start again."
)


def look_back(jira: JiraClient, store: Store, mappings: Mappings, now: datetime) -> str | None:
    """Hold the requests that changed last against what this database knows; what to say of the first it does not.

    What is found stands in the store from then on (`plugin.store.memory`).
    """
    for project in mappings.declared.projects:
        jql = f'project = "{project}" ORDER BY updated DESC'
        for found in islice(jira.search(jql, ["created"], [PROPERTY]), NEWEST[jira.flavour]):
            try:
                issue = found if jira.flavour == "cloud" else jira.issue(found["id"], ["created"], [PROPERTY])
            except JiraGone:
                continue  # deleted meanwhile
            with store.reading() as tx:
                forgotten = is_forgotten(tx, str(issue["id"]), own_property(issue), now)
            if forgotten:
                sentence = forgotten_request(issue["key"])
                with store.writing() as tx:
                    memory.found_gap(tx, sentence)
                return sentence
    return None
