"""What a customer can use today: the lots of every unit, in the order in which they are used up (C17)."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection

from plugin.contract.grants import UNITS, grants, usable
from plugin.contract.ledger import Lot
from plugin.contract.model import SupportAgreement
from plugin.contract.policy import Policy
from plugin.store import ledger


def lots_today(
    tx: Connection, agreement: SupportAgreement, policy: Policy, now: datetime
) -> Mapping[str, tuple[Lot, ...]]:
    """By unit, what is granted and not booked yet included."""
    today, places = policy.day(now), ledger.places(tx, agreement.customer)
    return {unit: usable(grants(agreement, policy, today, unit), places, today) for unit in UNITS}
