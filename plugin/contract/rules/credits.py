"""C9, C10: what a request costs in credits and training sessions, what is left, what happens when it is not enough."""

from plugin.contract.case import Case
from plugin.contract.decision import Eligibility, Finding, Outcome, Reason, Ruling
from plugin.contract.grants import CREDIT, TRAINING
from plugin.contract.policy import Inclusion, Shortage
from plugin.contract.saying import Said, say
from plugin.contract.tables import Cited

RULE = "credits"


def cost(case: Case, severity: int, unit: str = CREDIT) -> Ruling[int]:
    """What a request of this kind and severity costs, in whole units; nothing once it is deleted or refunded,
    or where a backfill took it up without a charge.

    Raises:
        LookupError: when no row fits; the check of the mapping files makes sure that the last row always does.
    """
    request = case.request
    if request.deleted:
        return Ruling(0, (case.finding(RULE, Outcome.LIMITED, say("The request was deleted: nothing is charged.")),))
    if request.backfill is not None and not request.backfill.charges:
        sentence = say("It was raised before requests were served, and taken up without a charge: nothing is charged.")
        return Ruling(0, (case.finding(RULE, Outcome.MET, sentence),))
    outcome = request.outcome or ""
    refund = case.policy.refunds.find(case.as_of, outcome=outcome) if outcome else None
    if refund is not None and refund.value:
        sentence = say(
            "The request turned out to be a {outcome}: nothing is charged.", outcome=outcome.replace("_", " ")
        )
        return Ruling(0, (case.finding(RULE, Outcome.MET, sentence, refund.cites),))
    service, kind = case.service(), case.handled_as
    if service is not None and service.value.included is Inclusion.NO and service.value.instead is None:
        sentence = say("The tier does not include a request of kind {kind}: nothing is charged.", kind=kind)
        return Ruling(0, (case.finding(RULE, Outcome.MET, sentence, service.cites),))
    row = case.policy.costs.find(case.as_of, kind=kind, severity=str(severity), unit=unit)
    if row is None:
        raise LookupError(f"no row of the costs fits kind {kind}, severity {severity}, unit {unit}")
    sentence = say("A request of kind {kind} costs {units}.", kind=kind, units=units(row.value, unit))
    return Ruling(row.value, (case.finding(RULE, Outcome.MET, sentence, row.cites),))


def enough(case: Case, price: int, available: int | None, unit: str = CREDIT) -> tuple[Finding, ...]:
    """Are there units for it? `available` leaves out what this request holds itself; None where none are counted."""
    if available is None:
        return (case.finding(RULE, Outcome.UNKNOWN, _not_counted(unit)),)
    if price <= max(available, 0):
        return (case.finding(RULE, Outcome.MET, say("There are {units} for this request.", units=_MANY[unit])),)
    mode = shortage(case)
    outcome, consequence = _WHEN_SHORT[mode.value]
    reason = _REASONS[unit][mode.value]
    sentence = say(
        "{needed} needed, {left} left: {consequence}.",
        needed=units(price, unit),
        left=units(max(available, 0), unit),
        consequence=consequence,
    )
    facts = {"needed": str(price), "left": str(max(available, 0))}
    return (case.finding(RULE, outcome, sentence, mode.cites, reason=reason, **facts),)


def charge(
    case: Case, price: Ruling[int], eligibility: Eligibility, available: int | None, unit: str = CREDIT
) -> Ruling[int]:
    """The units that the request should hold: its price as far as units are left; nothing if it is not served."""
    if not price.value:
        return price
    if eligibility.waits or eligibility is Eligibility.ON_HOLD:
        sentence = say("The request is {eligibility}: nothing is charged.", eligibility=eligibility)
        return Ruling(0, (case.finding(RULE, Outcome.NOT_MET, sentence),))
    if available is None:
        return Ruling(0, (case.finding(RULE, Outcome.UNKNOWN, _not_counted(unit)),))
    if price.value > max(available, 0):
        rest = max(available, 0)
        sentence = say("There are not enough {units}: {charged} charged.", units=_MANY[unit], charged=units(rest, unit))
        return Ruling(rest, (case.finding(RULE, Outcome.LIMITED, sentence), *price.findings))
    return price


def left(case: Case, charged: int, available: int | None, unit: str = CREDIT) -> Ruling[int | None]:
    """What the customer has once this request is booked, on the day it was raised."""
    if available is None:
        return Ruling(None, (case.finding(RULE, Outcome.UNKNOWN, _not_counted(unit)),))
    sentence = say(
        "{before} without this request, {after} with it.",
        before=units(available, unit),
        after=units(available - charged, unit),
    )
    return Ruling(available - charged, (case.finding(RULE, Outcome.MET, sentence),))


def shortage(case: Case) -> Cited[Shortage]:
    """What the table says to do for this kind of request when units of either sort are short.

    Raises:
        LookupError: when no row fits; the check of the mapping files makes sure that the last row always does.
    """
    row = case.policy.shortage.find(case.as_of, kind=case.handled_as)
    if row is None:
        raise LookupError(f"no row says what to do when credits are short for kind {case.handled_as}")
    return row


def units(amount: int, unit: str = CREDIT) -> Said:
    """
    >>> units(1), units(-2), units(2, TRAINING)
    ('1 credit', '-2 credits', '2 training sessions')
    """
    if unit == CREDIT:
        return say("{number} credit", number=amount) if abs(amount) == 1 else say("{number} credits", number=amount)
    if abs(amount) == 1:
        return say("{number} training session", number=amount)
    return say("{number} training sessions", number=amount)


def _not_counted(unit: str) -> Said:
    return say("Without an agreement in force no {units} are counted.", units=_MANY[unit])


_MANY = {CREDIT: say("credits"), TRAINING: say("training sessions")}
_WHEN_SHORT = {
    Shortage.ACCEPT_AND_FLAG: (Outcome.LIMITED, say("accepted, what is left is charged")),
    Shortage.HOLD: (Outcome.UNKNOWN, say("on hold until an agent decides")),
    Shortage.REFUSE: (Outcome.NOT_MET, say("not covered")),
}
_REASONS = {
    CREDIT: {
        Shortage.ACCEPT_AND_FLAG: Reason.CREDITS_FLAGGED,
        Shortage.HOLD: Reason.CREDITS_HELD,
        Shortage.REFUSE: Reason.CREDITS_REFUSED,
    },
    TRAINING: {
        Shortage.ACCEPT_AND_FLAG: Reason.SESSIONS_FLAGGED,
        Shortage.HOLD: Reason.SESSIONS_HELD,
        Shortage.REFUSE: Reason.SESSIONS_REFUSED,
    },
}
