"""What was said on a request, taken from the comments themselves, so that it is not said again."""

from collections.abc import Iterable, Iterator

from sqlalchemy import Connection

from plugin.comments import NOTE, comments
from plugin.contract.books import matter_of, taken_from
from plugin.contract.decide import standing_after
from plugin.contract.decision import Decision
from plugin.contract.model import SupportAgreement
from plugin.jira.fields import FieldMap
from plugin.jira.plan import plan
from plugin.look import Seen
from plugin.mappings.load import Mappings
from plugin.remembered import Remembered, Said
from plugin.store import decisions, ledger, replies


def restore_comments(
    tx: Connection, request: Remembered, decision: Decision | None, mappings: Mappings, fields: FieldMap
) -> int:
    """Record the request's comments that are not known; how many. `decision` is the one in force, if it was not known
    either."""
    told, restored = dict[str, tuple[str, ...]](), 0
    if decision is not None and isinstance(request.seen, Seen):
        for intent, beside in _told_by(tx, request, request.seen, decision, mappings, fields):
            told[intent] = (*told.get(intent, ()), *beside)
    for each in request.said:
        causes = tuple(dict.fromkeys((*(each.causes or ()), *told.get(each.intent, ()))))
        public = not _is_note(causes) if each.comment.public is None else each.comment.public
        restored += replies.restore(
            tx, request.id, request.key, each.intent, causes, public, each.comment.id, each.comment.at
        )
    return restored


def _told_by(
    tx: Connection,
    request: Remembered,
    seen: Seen,
    decision: Decision,
    mappings: Mappings,
    fields: FieldMap,
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Which comment counts as having told what of the decision, beside what it says itself that it is for.

    A comment of an earlier release does not say that. The reasons that our property names were told then; and while the
    request shows all that is decided today, agents have read the note of it.
    """
    agreement = seen.agreement if isinstance(seen.agreement, SupportAgreement) else None
    held = taken_from(ledger.held(tx, agreement.customer, matter_of(request.id))) if agreement else {}
    waited = standing_after(decision, seen.request.standing).waited
    unchanged = plan(decision, held, waited, seen.shown, fields) is None
    stood = request.own.get("reasons")
    stood = stood if isinstance(stood, list) else []
    known_by = decisions.in_force(tx, request.id).known_by
    for each in comments(decision, known_by, seen.request, agreement, mappings):
        is_note = _is_note(each.said_for)
        if unchanged or (not is_note and all(finding.reason in stood for finding in decision.told)):
            fitting = [said for said in request.said if _may_have_told(said, each.public, is_note)]
            if fitting:
                yield fitting[-1].intent, each.said_for


def _may_have_told(said: Said, public: bool, is_note: bool) -> bool:
    if said.causes is None:
        return said.comment.public in (None, public)
    return is_note and _is_note(said.causes)


def _is_note(causes: Iterable[str]) -> bool:
    return any(cause.startswith(f"{NOTE}=") for cause in causes)
