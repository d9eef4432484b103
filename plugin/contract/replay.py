"""A decision made once more, from what it was made from: under the policy of then it is the same decision."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from plugin.contract.decide import NOTHING_BOOKED, decide
from plugin.contract.decision import Decision
from plugin.contract.ledger import Places, Posting, places_of, settle
from plugin.contract.matching import find_agreement
from plugin.contract.model import Standing, SupportAgreement, SupportRequest
from plugin.contract.policy import Policy


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a decision is made from beside the mapping files.

    `request` comes with its standing, `now` is the aware moment of the decision. `others` says where the units of
    `customer` stood without what the request held itself; `customer` is None where nobody's were looked at.
    """

    request: SupportRequest
    now: datetime
    customer: str | None
    others: tuple[Posting, ...]


def inputs_of(request: SupportRequest, now: datetime, customer: str | None, others: Places) -> Inputs:
    """What a decision is made from, with the customer's units as places."""
    return Inputs(request, now, customer, settle(others, {}))


def at_next_look(inputs: Inputs, standing: Standing, now: datetime) -> Inputs:
    """What the next decision would be made from, as far as is known: the time has gone by, and the last one stands.

    `standing` is what the last one left behind, `now` an aware moment. A request that is resolved is left as it was: no
    look at it is to come.
    """
    if inputs.request.ended is not None:
        return inputs
    return replace(inputs, request=replace(inputs.request, standing=standing), now=max(now, inputs.now))


def replay(inputs: Inputs, policy: Policy, agreements: Iterable[SupportAgreement]) -> Decision:
    """Decide once more, by these mapping files. Where they find another customer, none of its units are in use.

    Raises:
        LookupError, NoCoverageAhead: as `decide` does.
    """
    agreement = find_agreement(inputs.request, agreements)
    same = isinstance(agreement, SupportAgreement) and agreement.customer == inputs.customer
    others = places_of(inputs.others) if same else NOTHING_BOOKED
    return decide(inputs.request, agreement, policy, inputs.now, others)
