"""A customer's balance as Jira is to show it, and whether it does: absolute values, never deltas."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from plugin.contract.grants import CREDIT, TRAINING, grants, usable
from plugin.contract.ledger import Account, Places, balance
from plugin.contract.model import Organization, SupportAgreement
from plugin.contract.policy import Policy
from plugin.jira.board import Board
from plugin.jira.client import JiraClient
from plugin.store import ledger


@dataclass(frozen=True, slots=True)
class Misshown:
    """A balance board that shows something else than the ledger says; None where it shows nothing."""

    customer: str
    organization: str
    shown: Any
    wanted: dict[str, Any]


def balance_of(tx: Connection, agreement: SupportAgreement, policy: Policy, today: date) -> dict[str, Any]:
    """What the board is to show on a day, in the vendor's zone; `corrections` and `entries` are for whoever has to make
    the ledger again: what was given to each lot by hand, and the number of the entry after which it is shown."""
    places = ledger.places(tx, agreement.customer)
    lots = usable(grants(agreement, policy, today, CREDIT), places, today)
    return {
        "schema": 1,
        "customer": agreement.name,
        "available": balance(lots),
        "consumed": sum(places.get((lot.id, Account.CONSUMED), 0) for lot in lots),
        "training_sessions": balance(usable(grants(agreement, policy, today, TRAINING), places, today)),
        "lots": [{"lot": lot.id, "available": lot.available, "last_day": lot.last.isoformat()} for lot in lots],
        "corrections": corrections(places),
        "entries": ledger.sequence(tx, agreement.customer),
    }


def corrections(places: Places) -> dict[str, int]:
    """What was given to each lot by hand, or (negative) taken."""
    given = {lot: -units for (lot, account), units in places.items() if account is Account.CORRECTED}
    return dict(sorted(given.items()))


def shown_after(shown: Any) -> int:
    """The number of the entry after which a board was shown; 0 where it says none, as in earlier releases."""
    entries = shown.get("entries") if isinstance(shown, Mapping) else None
    return entries if isinstance(entries, int) else 0


def organizations_of(agreement: SupportAgreement, known: Iterable[Organization]) -> list[str]:
    """The organizations that show an agreement's balance: those that it names by id, and of the known ones those that
    it names by name; never another that a request is shared with too."""
    names = {name.casefold() for name in agreement.organization_names}
    named = {each.id for each in known if each.name.casefold() in names}
    return sorted({*agreement.organization_ids, *named})


def known_organizations(jira: JiraClient, agreements: Sequence[SupportAgreement]) -> tuple[Organization, ...]:
    """The site's organizations, where an agreement names one only by its name; none otherwise."""
    named = any(each.organization_names and not each.organization_ids for each in agreements)
    return tuple(jira.organizations()) if named else ()


def misshown(
    tx: Connection,
    agreements: Iterable[SupportAgreement],
    policy: Policy,
    today: date,
    board: Board,
    known: Iterable[Organization],
    sure: bool = True,
) -> Iterator[Misshown]:
    """Every board that does not show what it is to show. An agreement that nothing was ever booked for has none.

    `sure`: a board that shows nothing is one; otherwise there may be none (Data Center may have no such properties).
    """
    organizations = list(known)
    for agreement in agreements:
        if not ledger.sequence(tx, agreement.customer):
            continue
        wanted = balance_of(tx, agreement, policy, today)
        for organization in organizations_of(agreement, organizations):
            shown = board.shown(organization)
            if shown != wanted and (sure or shown is not None):
                yield Misshown(agreement.customer, organization, shown, wanted)
