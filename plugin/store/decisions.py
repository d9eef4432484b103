"""The history of decisions: a new row when a request is decided differently or resolved, not at every look."""

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, insert, null, select

from plugin.contract.decision import Backfill, Decision
from plugin.contract.explain import READINGS, as_json
from plugin.contract.model import Standing
from plugin.contract.replay import Inputs
from plugin.store.inputs import to_json
from plugin.store.tables import decisions, responses

AT_ONCE = 500
"""Requests in one question: SQLite and PostgreSQL both take so many names."""

_OF_THE_MOMENT = ("decided_at", "revision", "followed_since")


@dataclass(frozen=True, slots=True)
class Kept:
    """A decision as it was kept: as JSON (`plugin.contract.explain.as_json`), and what it was made from.

    The JSON also says whether the customer had to do something first by then (`waited`), since when reminders are given
    (`followed_since`) and, where the request was resolved, when (`ended`). `inputs` are for
    `plugin.store.inputs.from_json`; None in rows of the time before they were kept.
    """

    decided_at: datetime
    revision: str
    content: dict[str, Any]
    inputs: dict[str, Any] | None

    @property
    def standing(self) -> Standing:
        """What it left behind for the next decision on the request."""
        return _left_behind(self.decided_at, self.content)


@dataclass(frozen=True, slots=True)
class InForce:
    """Which decision is in force: the digest that it is known by, the same for the same rulings and findings, and since
    when."""

    known_by: str
    since: datetime


def record(tx: Connection, decision: Decision, standing: Standing, inputs: Inputs | None = None) -> bool:
    """Keep a decision together with what it leaves behind; False when the newest one says the same already.

    `inputs` is what it was made from; None where nobody knows.
    """
    ended = inputs.request.ended if inputs else None
    content = {
        **as_json(decision),
        "waited": standing.waited,
        "ended": _iso(ended),
        "followed_since": _iso(standing.followed_since),
    }
    digest = _digest(content)
    newest = select(decisions.c.digest).where(decisions.c.request_id == decision.request_id)
    if tx.scalar(newest.order_by(decisions.c.id.desc()).limit(1)) == digest:
        return False
    tx.execute(
        insert(decisions).values(
            request_id=decision.request_id,
            request_key=decision.request_key,
            decided_at=decision.decided_at,
            revision=decision.revision,
            digest=digest,
            content=content,
            # A JSON null would be a value; what is not known is none.
            inputs=null() if inputs is None else to_json(inputs),
        )
    )
    return True


def standing(tx: Connection, request_id: str) -> Standing | None:
    """What the newest decision on the request left behind; None where there is none."""
    query = select(decisions.c.decided_at, decisions.c.content).where(decisions.c.request_id == request_id)
    row = tx.execute(query.order_by(decisions.c.id.desc()).limit(1)).first()
    return _left_behind(*row) if row else None


def in_force(tx: Connection, request_id: str) -> InForce:
    """The newest decision on the request.

    Raises:
        LookupError: when there is no decision on it.
    """
    query = select(decisions.c.digest, decisions.c.decided_at).where(decisions.c.request_id == request_id)
    row = tx.execute(query.order_by(decisions.c.id.desc()).limit(1)).first()
    if row is None:
        raise LookupError(f"there is no decision on request {request_id}")
    return InForce(row.digest, row.decided_at)


def last_decided(tx: Connection, request_id: str) -> datetime | None:
    """The latest moment of any decision on the request; None where there is none.

    Not that of the newest: the clocks of two nodes differ.
    """
    latest = func.max(decisions.c.decided_at)
    decided: datetime | None = tx.scalar(select(latest).where(decisions.c.request_id == request_id))
    return decided


def content(tx: Connection, request_id: str, digest: str) -> dict[str, Any] | None:
    """The newest decision on the request with that digest as JSON; None where none is kept."""
    query = select(decisions.c.content).where(decisions.c.request_id == request_id, decisions.c.digest == digest)
    found: dict[str, Any] | None = tx.scalar(query.order_by(decisions.c.id.desc()).limit(1))
    return found


def history(tx: Connection, request_id: str) -> tuple[dict[str, Any], ...]:
    """Every decision on the request as JSON (`plugin.contract.explain.as_json`), oldest first."""
    query = select(decisions.c.content).where(decisions.c.request_id == request_id).order_by(decisions.c.id)
    return tuple(tx.scalars(query))


def kept(tx: Connection, request_id: str) -> tuple[Kept, ...]:
    """Every decision on the request, oldest first."""
    return _kept(tx, select(decisions.c.id).where(decisions.c.request_id == request_id))


def last(tx: Connection, most: int) -> tuple[Kept, ...]:
    """The newest decision on each request, of at most so many requests that were decided last; oldest first.

    Finding them costs the same however many are kept.
    """
    return _kept(tx, select(decisions.c.id).where(_is_newest()).order_by(decisions.c.id.desc()).limit(most))


def latest(tx: Connection, most: int) -> tuple[dict[str, Any], ...]:
    """The newest decision on each request as JSON, of at most so many requests that were decided last; newest first.

    It costs the same however many are kept.
    """
    query = select(decisions.c.content).where(_is_newest()).order_by(decisions.c.id.desc()).limit(most)
    return tuple(tx.scalars(query))


def _is_newest() -> ColumnElement[bool]:
    """Is there no later decision on the same request?"""
    another = decisions.alias()
    later = select(another.c.id).where(another.c.request_id == decisions.c.request_id, another.c.id > decisions.c.id)
    return ~later.exists()


def of_customer(tx: Connection, customer: str, request_ids: Collection[str]) -> tuple[Kept, ...]:
    """The newest decision on each of these requests that finds it to be this customer's, in no order."""
    wanted, found = sorted(request_ids), list[Kept]()
    for begin in range(0, len(wanted), AT_ONCE):
        asked = decisions.c.request_id.in_(wanted[begin : begin + AT_ONCE])
        found += _kept(tx, select(func.max(decisions.c.id)).where(asked).group_by(decisions.c.request_id))
    return tuple(each for each in found if each.content["rulings"]["agreement"]["value"] == customer)


def latest_of(tx: Connection, customer: str, most: int) -> tuple[dict[str, Any], ...]:
    """The newest decision on each of a customer's requests as JSON, of at most so many that were decided last; newest
    first.

    Whose a request is, the reports know (`responses`); so it costs the same however many are kept of others.
    """
    theirs = select(responses.c.request_id).where(responses.c.customer == customer)
    last = func.max(decisions.c.id)
    ids = select(last).where(decisions.c.request_id.in_(theirs)).group_by(decisions.c.request_id)
    ids = ids.order_by(last.desc()).limit(most)
    return tuple(tx.scalars(select(decisions.c.content).where(decisions.c.id.in_(ids)).order_by(decisions.c.id.desc())))


def newest_on(tx: Connection, request_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """The newest decision on each of these few requests as JSON, by request id; without one it is left out."""
    last = select(func.max(decisions.c.id)).where(decisions.c.request_id.in_(request_ids))
    query = select(decisions.c.request_id, decisions.c.content)
    rows = tx.execute(query.where(decisions.c.id.in_(last.group_by(decisions.c.request_id))))
    return {each.request_id: each.content for each in rows}


def request_named(tx: Connection, key: str) -> str | None:
    """The id of the request that was decided last under this key; None where none was."""
    query = select(decisions.c.request_id).where(decisions.c.request_key == key)
    found: str | None = tx.scalar(query.order_by(decisions.c.id.desc()).limit(1))
    return found


def owners(tx: Connection, request_ids: Sequence[str]) -> dict[str, str]:
    """The customer of each of these requests by its newest decision, by request id; without one it is left out."""
    customer = decisions.c.content["rulings"]["agreement"]["value"].as_string()
    found: dict[str, str] = {}
    for begin in range(0, len(request_ids), AT_ONCE):
        asked = decisions.c.request_id.in_(request_ids[begin : begin + AT_ONCE])
        last = select(func.max(decisions.c.id)).where(asked).group_by(decisions.c.request_id)
        rows = tx.execute(select(decisions.c.request_id, customer).where(decisions.c.id.in_(last)))
        found.update((request_id, owner) for request_id, owner in rows if owner is not None)
    return found


def newest(tx: Connection, since: datetime) -> tuple[dict[str, Any], ...]:
    """The newest decision on each request as JSON, of those made at or after an aware moment, oldest first."""
    last = select(func.max(decisions.c.id)).group_by(decisions.c.request_id)
    query = select(decisions.c.content).where(decisions.c.id.in_(last), decisions.c.decided_at >= since)
    return tuple(tx.scalars(query.order_by(decisions.c.id)))


def _left_behind(decided_at: datetime, content: dict[str, Any]) -> Standing:
    started, terms = content["clock_started"], content.get("backfill")
    backfill = Backfill(**terms) if terms else None
    responded = content["rulings"].get("first_response", {}).get("value")
    followed = content.get("followed_since")
    moments = _moment(responded), _moment(followed)
    return Standing(decided_at, content["waited"], _moment(started), backfill, *moments)


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _kept(tx: Connection, ids: Select[tuple[int]]) -> tuple[Kept, ...]:
    columns = (decisions.c.decided_at, decisions.c.revision, decisions.c.content, decisions.c.inputs)
    rows = tx.execute(select(*columns).where(decisions.c.id.in_(ids)).order_by(decisions.c.id))
    return tuple(Kept(*row) for row in rows)


def _digest(content: dict[str, Any]) -> str:
    """Of what was ruled and why. The moment of deciding and the balance of the day make no new decision, nor does a row
    that stands on another line of its file since something was written above it.
    """
    ruled = {name: value for name, value in content.items() if name not in _OF_THE_MOMENT}
    ruled["rulings"] = {
        name: {**ruling, "findings": [_wherever(finding) for finding in ruling["findings"]]}
        for name, ruling in content["rulings"].items()
        if name not in READINGS
    }
    return hashlib.sha256(json.dumps(ruled, sort_keys=True).encode()).hexdigest()


def _wherever(finding: dict[str, Any]) -> dict[str, Any]:
    cites = [{**each, "source": each["source"].rpartition(":")[0]} for each in finding["cites"]]
    return {**finding, "cites": cites}
