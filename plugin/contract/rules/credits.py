"""C9: what a request costs, what is left, and what happens when that is not enough."""

from plugin.contract.case import Case
from plugin.contract.decision import Eligibility, Finding, Outcome, Reason, Ruling
from plugin.contract.policy import Cited, Shortage

RULE = "credits"


def cost(case: Case, severity: int) -> Ruling[int]:
    """What a request of this kind and severity costs, in whole credits; nothing once it is deleted or refunded.

    Raises:
        LookupError: when no row fits; the check of the mapping files makes sure that the last row always does.
    """
    request = case.request
    if request.deleted:
        return Ruling(0, (case.finding(RULE, Outcome.LIMITED, "The request was deleted: nothing is charged."),))
    refund = case.policy.refunds.find(case.day, outcome=request.outcome) if request.outcome else None
    if refund is not None and refund.value:
        sentence = f"The request turned out to be a {(request.outcome or '').replace('_', ' ')}: nothing is charged."
        return Ruling(0, (case.finding(RULE, Outcome.MET, sentence, refund.cites),))
    row = case.policy.costs.find(case.day, kind=request.kind, severity=str(severity))
    if row is None:
        raise LookupError(f"no row of the costs fits kind {request.kind}, severity {severity}")
    sentence = f"A request of kind {request.kind} costs {units(row.value)}."
    return Ruling(row.value, (case.finding(RULE, Outcome.MET, sentence, row.cites),))


def enough(case: Case, price: int, available: int | None) -> tuple[Finding, ...]:
    """Are there credits for it? `available` leaves out what this request holds itself; None where none are counted."""
    if available is None:
        return (case.finding(RULE, Outcome.UNKNOWN, _NOT_COUNTED),)
    if price <= max(available, 0):
        return (case.finding(RULE, Outcome.MET, "There are credits for this request."),)
    mode = shortage(case)
    reason, outcome, consequence = _WHEN_SHORT[mode.value]
    sentence = f"{units(price)} needed, {units(max(available, 0))} left: {consequence}."
    facts = {"needed": str(price), "left": str(max(available, 0))}
    return (case.finding(RULE, outcome, sentence, mode.cites, reason=reason, **facts),)


def charge(case: Case, price: Ruling[int], eligibility: Eligibility, available: int | None) -> Ruling[int]:
    """The credits that the request should hold: its price as far as credits are left; nothing if it is not served."""
    if not price.value:
        return price
    if eligibility.waits or eligibility is Eligibility.ON_HOLD:
        sentence = f"The request is {eligibility}: nothing is charged."
        return Ruling(0, (case.finding(RULE, Outcome.NOT_MET, sentence),))
    if available is None:
        return Ruling(0, (case.finding(RULE, Outcome.UNKNOWN, _NOT_COUNTED),))
    if price.value > max(available, 0):
        rest = max(available, 0)
        sentence = f"There are not enough credits: {units(rest)} charged."
        return Ruling(rest, (case.finding(RULE, Outcome.LIMITED, sentence), *price.findings))
    return price


def left(case: Case, charged: int, available: int | None) -> Ruling[int | None]:
    """What the customer has once this request is booked, on the day it was raised."""
    if available is None:
        return Ruling(None, (case.finding(RULE, Outcome.UNKNOWN, _NOT_COUNTED),))
    sentence = f"{units(available)} without this request, {units(available - charged)} with it."
    return Ruling(available - charged, (case.finding(RULE, Outcome.MET, sentence),))


def shortage(case: Case) -> Cited[Shortage]:
    """What the table says to do for this kind of request when credits are short.

    Raises:
        LookupError: when no row fits; the check of the mapping files makes sure that the last row always does.
    """
    row = case.policy.shortage.find(case.day, kind=case.request.kind)
    if row is None:
        raise LookupError(f"no row says what to do when credits are short for kind {case.request.kind}")
    return row


def units(amount: int) -> str:
    """
    >>> units(1), units(-2)
    ('1 credit', '-2 credits')
    """
    return f"{amount} credit{'' if abs(amount) == 1 else 's'}"


_NOT_COUNTED = "Without an agreement in force no credits are counted."
_WHEN_SHORT = {
    Shortage.ACCEPT_AND_FLAG: (Reason.CREDITS_FLAGGED, Outcome.LIMITED, "accepted, what is left is charged"),
    Shortage.HOLD: (Reason.CREDITS_HELD, Outcome.UNKNOWN, "on hold until an agent decides"),
    Shortage.REFUSE: (Reason.CREDITS_REFUSED, Outcome.NOT_MET, "not covered"),
}
