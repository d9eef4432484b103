"""One request, with everything that is known of it: what was decided and why, how it came to that, what was said."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Connection

from plugin.comments import LETTERS, REMINDER
from plugin.contract.books import matter_of
from plugin.contract.decision import Citation, Outcome, Source
from plugin.contract.grants import CREDIT, TRAINING
from plugin.contract.policy import Clause, Policy
from plugin.contract.receipt import Line, Section, one_line, receipt, title, value_text
from plugin.contract.statement import StatementLine
from plugin.mappings.load import Mappings
from plugin.overview.history import told
from plugin.overview.now import Listed
from plugin.overview.strip import Strip, strip_of
from plugin.review import NotReplayable, again
from plugin.store import attempts, audit, census, decisions, inbox, ledger, replies
from plugin.store.attempts import Attempt
from plugin.store.audit import Change
from plugin.store.decisions import Kept
from plugin.store.doors import Door
from plugin.store.inbox import Delivery
from plugin.store.replies import Written

LAST: Final = 50
"""Decisions of a request that are shown; of older ones only that there are some."""


class Told(StrEnum):
    """What a comment of ours is: read by the customer, or by agents alone."""

    LETTER = "to the customer"
    DRAFT = "draft for an agent to send"
    NOTE = "note for agents"
    REMINDER = "reminder for agents"


@dataclass(frozen=True, slots=True)
class Step:
    """One decision in the history, and what it changed."""

    number: int
    decided_at: datetime
    revision: str
    stands: Listed
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """A request as its newest decision has it.

    `summary`, `sections` and `clauses` are the receipt's. Where the decision cannot be made once more, `not_again` says
    why, `sections` is what was kept of it, and the others are empty. `as_filed`: it was made by the mapping files as
    they are now, so that what it rests on is still on those lines. `movements` are what it took of its customer's
    credits or sessions, or gave back, by unit. `older` decisions are not among the `steps`.
    """

    request_id: str
    key: str
    stands: Listed
    summary: tuple[str, ...]
    sections: tuple[Section, ...]
    clauses: tuple[tuple[str, Clause], ...]
    not_again: str | None
    as_filed: bool
    strip: Strip | None
    steps: tuple[Step, ...]
    older: int
    movements: tuple[tuple[str, StatementLine], ...]
    deliveries: tuple[Delivery, ...]
    replies: tuple[tuple[Told, Written], ...]
    door: Door | None
    tried: tuple[Attempt, ...]
    changes: tuple[Change, ...]


def request_seen(
    tx: Connection, request_id: str, policy: Policy, recorded: Callable[[str, Connection], Mappings]
) -> Seen | None:
    """Everything about the request with this id; None where nothing was ever decided on it, or is kept any more.

    `policy` is the one in force; `recorded` gives the mapping files of a revision, or raises `NotReplayable`.
    """
    kept = decisions.kept(tx, request_id)
    if not kept:
        return None
    newest = kept[-1]
    stands = Listed.of(newest.content)
    customers = {each.content["rulings"]["agreement"]["value"] for each in kept} - {None}
    summary, sections, clauses, not_again, strip = _explained(tx, newest, policy, recorded)
    steps = [
        Step(number, each.decided_at, each.revision, Listed.of(each.content), changed)
        for number, (each, changed) in enumerate(told(kept, policy), 1)
    ]
    return Seen(
        request_id=request_id,
        key=stands.key,
        stands=stands,
        summary=summary,
        sections=sections,
        clauses=clauses,
        not_again=not_again,
        as_filed=newest.revision == policy.revision,
        strip=strip,
        steps=tuple(reversed(steps[-LAST:])),
        older=max(len(steps) - LAST, 0),
        movements=tuple(
            (unit, line)
            for customer in sorted(customers)
            for unit in (CREDIT, TRAINING)
            for line in ledger.statement(tx, customer, unit, matter_of(request_id))
        ),
        deliveries=tuple(reversed(inbox.latest(tx, request_id, 20))),
        replies=tuple((_told_as(each), each) for each in reversed(replies.written(tx, request_id))),
        door=census.door_of(tx, request_id),
        tried=tuple(attempts.latest(tx, request_id)),
        changes=audit.changes(tx, 50, subject=stands.key),
    )


_Explained = tuple[tuple[str, ...], tuple[Section, ...], tuple[tuple[str, Clause], ...], str | None, Strip | None]


def _explained(
    tx: Connection, kept: Kept, policy: Policy, recorded: Callable[[str, Connection], Mappings]
) -> _Explained:
    """The receipt, by the mapping files of then; where the decision cannot be made once more, what was kept of it."""
    try:
        mappings = recorded(kept.revision, tx)
        made = again(kept, mappings)
    except NotReplayable as why:
        return (), _as_kept(kept.content, policy), (), str(why), None
    told = receipt(made.decision, mappings.policy)
    return told.summary, told.sections, told.clauses, None, strip_of(made.decision, made.inputs, mappings)


def _told_as(comment: Written) -> Told:
    """By its name: what it was made of, or what it was there for."""
    if comment.public:
        return Told.LETTER
    if comment.name == REMINDER:
        return Told.REMINDER
    return Told.DRAFT if set(comment.name.split("+")) & set(LETTERS) else Told.NOTE


def _as_kept(content: Mapping[str, Any], policy: Policy) -> tuple[Section, ...]:
    sections = []
    for key, ruling in content["rulings"].items():
        name = key.replace("_", " ")
        lines = tuple(
            Line(Outcome(each["outcome"]), one_line(each["sentence"]), tuple(map(_citation, each["cites"])))
            for each in ruling["findings"]
        )
        sections.append(Section(name, title(name), value_text(name, ruling["value"], policy), lines))
    return tuple(sections)


def _citation(cite: Mapping[str, str]) -> Citation:
    file, _, line = cite["source"].rpartition(":")
    return Citation(cite["clause"], Source(file, int(line)) if line.isdecimal() else Source(cite["source"], 1))
