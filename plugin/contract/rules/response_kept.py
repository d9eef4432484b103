"""C2: whether the first response was given in time. An agent gives it, to the customer; nothing else stops the clock.

Everything is worked out from what the request shows now: a comment that is withdrawn, a severity that is corrected or a
request that is opened again moves the ruling, and moves it back.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from plugin.contract.case import Case
from plugin.contract.decision import Citation, Finding, Outcome, ResponseKept, Ruling
from plugin.contract.instants import instant_of
from plugin.contract.model import Author, Comment
from plugin.contract.policy import CountsAsResponse
from plugin.contract.saying import Said, say
from plugin.contract.steps import Moment
from plugin.contract.tables import Cited

RULE = "response_kept"
PAST = timedelta(seconds=1)
"""After so long a response that was due is overdue: one at the very last moment is in time, and has to be heard of."""


def responses(comments: Iterable[Comment]) -> tuple[Comment, ...]:
    """Those of the comments that may be a response, the oldest first: what the others are is nobody's to keep."""
    public = (each for each in comments if each.public and each.by is Author.AGENT)
    return tuple(sorted(public, key=lambda each: (instant_of(each.written), each.id)))


def first_response(case: Case, started: datetime | None) -> Ruling[datetime | None]:
    """The moment of the first response that counts. `started` is when the response time began to run.

    While it has not begun, it is the moment of whatever was said first.

    Raises:
        LookupError: when no row fits; the check of the mapping files makes sure that one does.
    """
    row = _counting(case)
    given = sorted(_given(case, row.value), key=lambda each: instant_of(each[0]))
    counting = [each for each in given if started is None or row.value.early or not _before(each[0], started)]
    early = [] if counting else given
    if counting:
        moment, how = counting[0]
        sentence = say("{how} on {moment}.", how=how, moment=_said(case, moment))
        return Ruling(moment, (case.finding(RULE, Outcome.MET, sentence, row.cites),))
    if early and started is not None:
        sentence = say(
            "{how} on {moment}, before the response time began to run ({started}): that does not count.",
            how=early[0][1],
            moment=_said(case, early[0][0]),
            started=_said(case, started),
        )
        return Ruling(None, (case.finding(RULE, Outcome.LIMITED, sentence, row.cites),))
    sentence = say("No agent has responded to the customer yet.")
    return Ruling(None, (case.finding(RULE, Outcome.MET, sentence, row.cites),))


def response_kept(
    case: Case, due: Ruling[datetime | None], responded: datetime | None, now: datetime
) -> Ruling[ResponseKept]:
    """Whether the response that is `due` was given by then. `now` is the aware moment of the decision.

    A response at the very moment at which it is due is in time.
    """
    if due.value is None:
        sentence = say("No response is due: {why}", why=due.findings[0].sentence)
        return _ruled(case, ResponseKept.NOT_APPLICABLE, sentence, *due.findings[0].cites[1:])
    said, cites = _said(case, due.value), due.findings[0].cites[1:]
    if responded is not None:
        if _before(due.value, responded):
            sentence = say(
                "The response of {moment} came after it was due ({due}).", moment=_said(case, responded), due=said
            )
            return _ruled(case, ResponseKept.MISSED, sentence, *cites)
        sentence = say(
            "The response of {moment} came before it was due ({due}).", moment=_said(case, responded), due=said
        )
        return _ruled(case, ResponseKept.KEPT, sentence, *cites)
    ended = case.request.ended
    if ended is not None and _before(due.value, ended):
        sentence = say(
            "Resolved on {moment} without a response, which was due {due}.", moment=_said(case, ended), due=said
        )
        return _ruled(case, ResponseKept.MISSED, sentence, *cites)
    if ended is not None:
        sentence = say(
            "Resolved on {moment} without a response, before one was due ({due}).", moment=_said(case, ended), due=said
        )
        return _ruled(case, ResponseKept.NOT_APPLICABLE, sentence, *cites)
    if _before(due.value, now):
        return _ruled(
            case, ResponseKept.OVERDUE, say("The response was due {due}, and nobody has responded.", due=said), *cites
        )
    return _ruled(case, ResponseKept.OPEN, say("The response is due {due}.", due=said), *cites)


_OUTCOMES = {
    ResponseKept.KEPT: Outcome.MET,
    ResponseKept.OPEN: Outcome.MET,
    ResponseKept.NOT_APPLICABLE: Outcome.MET,
    ResponseKept.OVERDUE: Outcome.LIMITED,
    ResponseKept.MISSED: Outcome.NOT_MET,
}


def _ruled(case: Case, value: ResponseKept, sentence: str, *cites: Citation) -> Ruling[ResponseKept]:
    findings: tuple[Finding, ...] = (case.finding(RULE, _OUTCOMES[value], sentence, *cites),)
    return Ruling(value, findings)


def _counting(case: Case) -> Cited[CountsAsResponse]:
    row = case.policy.counts_as_response.find(case.as_of)
    if row is None:
        raise LookupError("coverage.yaml does not say what counts as the first response")
    return row


def _given(case: Case, counts: CountsAsResponse) -> list[tuple[datetime, Said]]:
    """Whatever may be the first response: its moment, and how a sentence about it begins."""
    request = case.request
    given = [(each.written, say("An agent responded to the customer")) for each in responses(request.comments)]
    if counts.on_behalf and request.on_behalf:
        given.append((request.raised, say("An agent raised the request for the customer")))
    if counts.resolved and request.ended is not None:
        given.append((request.ended, say("The request was resolved")))
    if counts.withdrawn and request.standing is not None and request.standing.responded is not None:
        given.append((request.standing.responded, say("There was a response")))
    return given


def _before(one: datetime, other: datetime) -> bool:
    """As instants: two times of one zone compare by the clock on the wall, which shows an hour twice in autumn."""
    return instant_of(one) < instant_of(other)


def _said(case: Case, moment: datetime) -> Moment:
    return Moment(moment.astimezone(case.policy.zone))
