"""The comments that are still to be sent: each is recorded first, then sent in the words that were recorded."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from plugin.comments import NOTE, Comment, Noted, comments, told_in_notes
from plugin.contract.decision import Decision
from plugin.contract.model import SupportAgreement, SupportRequest
from plugin.contract.policy import Policy
from plugin.contract.steps import moment_text
from plugin.jira.client import JiraClient
from plugin.jira.note import with_link
from plugin.jira.reply import find
from plugin.links import Links, signed
from plugin.mappings.load import Mappings
from plugin.store import decisions, keys, replies
from plugin.store.keys import Key

Sought = Mapping[str, str | None]
"""Intents that are not known to be sent, each with the id of its comment where that is on the request all the same."""

NOTHING_SOUGHT: Final[Sought] = {}


@dataclass(frozen=True, slots=True)
class Unsent:
    """A comment that is not known to be sent. `comment`: the id under which it was found on the request all the same:
    then what is done after sending is still to be done.
    """

    intent: replies.Intent
    comment: str | None = None


def look_for(jira: JiraClient, request_id: str, intents: Collection[str]) -> Sought:
    """Look whether comments that are not known to be sent are on the request: whoever sends one may be killed, or hear
    no answer, before that is noted. No call, where there are none.
    """
    account = jira.account() if intents else None
    found = find(jira, request_id, intents, account) if account else {}
    return {intent: found.get(intent) for intent in intents}


def intend(
    tx: Connection,
    decision: Decision,
    known_by: str,
    request: SupportRequest,
    agreement: SupportAgreement | None,
    mappings: Mappings,
    now: datetime,
    sought: Sought,
    links: Links | None = None,
) -> tuple[Unsent, ...]:
    """What is to be said and is not known to be: recorded first, then sent in the words that were recorded.

    A note that is news gets a link to its receipt, as `links` has it. The link is no part of what it says: that it runs
    out is no cause for another note.

    What was to be said earlier and could not be sent is not sent any more once it is not so any more.
    """
    id_, key, unsent = decision.request_id, decision.request_key, []
    recorded = _recorded(tx, id_, sought)
    noted = _noted(tx, id_, recorded, known_by)
    for each in comments(decision, known_by, request, agreement, mappings, noted):
        if each.is_news(recorded):
            said_for, place = each.said_for, recorded[-1].place + 1 if recorded else 0
            body = _linked(tx, each, id_, mappings.policy, now, links) if links else each.body
            replies.intend(tx, id_, key, each.name, each.language, said_for, body, now, public=each.public, place=place)
            recorded = _recorded(tx, id_, sought)
        same = [intent for intent in recorded if intent.causes == each.said_for]
        unsent += [Unsent(last, sought.get(last.id)) for last in same[-1:] if last.id in sought or not last.sent]
    for outdated in sought.keys() - {each.intent.id for each in unsent}:
        if comment := sought[outdated]:
            replies.sent(tx, outdated, comment, now)
        else:
            replies.forget(tx, outdated)
    return tuple(unsent)


def _linked(tx: Connection, comment: Comment, request_id: str, policy: Policy, now: datetime, links: Links) -> str:
    """The body of a comment. Only the note with the receipt has a link: nothing does that a customer may ever read."""
    if comment.name != NOTE or comment.public:
        return comment.body
    ends_at = now + links.lasting
    token = signed(keys.secret(tx, Key.RECEIPTS), request_id, ends_at)
    return with_link(comment.body, links.leads_to(token), moment_text(ends_at.astimezone(policy.zone)))


def _recorded(tx: Connection, request_id: str, sought: Sought) -> tuple[replies.Intent, ...]:
    """Every comment that was recorded; what was found on the request counts as sent."""
    return tuple(
        replace(each, sent=each.sent or bool(sought.get(each.id))) for each in replies.recorded(tx, request_id)
    )


def _noted(tx: Connection, request_id: str, recorded: Sequence[replies.Intent], known_by: str) -> tuple[Noted, ...]:
    """What agents were told by the last note that is known to be sent, and by the last one recorded if it is another.

    None is looked up while the last one told of this very decision, as at nearly every look.
    """
    told = told_in_notes(recorded)
    if told and told[-1][0] == known_by:
        return ()
    last = dict.fromkeys((*[each for each in told if each[1]][-1:], *told[-1:]))
    kept = ((digest, sent, decisions.content(tx, request_id, digest)) for digest, sent in last)
    return tuple(Noted(digest, content, sent) for digest, sent, content in kept if content is not None)
