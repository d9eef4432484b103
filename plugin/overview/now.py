"""How things stand now: the last requests, what needs a person, the queue, and how many webhooks come."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection

from plugin.contract.decision import Eligibility
from plugin.contract.rules.override import RULE as OVERRIDE
from plugin.store import decisions, inbox, memory, responses
from plugin.store.census import Census, census, parked
from plugin.store.doors import Door
from plugin.store.responses import Waiting

LATEST: Final = 50
"""Requests that are listed."""

NAMED: Final = 20
"""Requests that need a person and are named; how many there are is told beside them."""

SOON: Final = timedelta(hours=2)
"""A response that is due within so long is due soon."""

MINUTES: Final = 60
"""Minutes for which webhooks are counted."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A request in a list, by its newest decision. `customer` and `tier` are ids, `named` is the customer's name.

    `reason` is an agent's word against the rules, else the first sentence that stands in the way, "" where none does.
    `credits` and `sessions` are charged.
    """

    key: str
    customer: str | None
    named: str | None
    tier: str | None
    severity: int
    eligibility: Eligibility
    due: datetime | None
    credits: int
    sessions: int
    kept: str | None
    reason: str
    decided_at: datetime
    resolved: bool

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> "Listed":
        """Of a decision as it was kept; what was not ruled on yet when it was made is left out."""
        rulings = content["rulings"]

        def value(name: str) -> Any:
            return rulings.get(name, {}).get("value")

        due = value("response_due")
        findings = rulings["eligibility"]["findings"]
        # Whoever overruled the rules is heard first, as in `explain.objections`.
        spoken = [each["sentence"] for each in findings if each["rule"] == OVERRIDE]
        stands = [each["sentence"] for each in findings if each["reason"]]
        return cls(
            key=content["request"]["key"] or content["request"]["id"],
            customer=value("agreement"),
            named=rulings["agreement"]["findings"][0]["facts"].get("customer"),
            tier=value("tier"),
            severity=value("severity"),
            eligibility=Eligibility(value("eligibility")),
            due=datetime.fromisoformat(due) if due else None,
            credits=value("credits_charged") or 0,
            sessions=value("sessions_charged") or 0,
            kept=value("response_kept"),
            reason=next(iter((*spoken, *stands)), ""),
            decided_at=datetime.fromisoformat(content["decided_at"]),
            resolved=bool(content.get("ended")),
        )


@dataclass(frozen=True, slots=True)
class Now:
    """How things stand at a moment.

    `gap` is why nothing is worked, if it is not. `late` and `soon` are the first of those whose response was due, and
    is due soon, and `on_hold` the first of those that wait for an agent, the one first that does so longest; `lates`,
    `soons` and `holds` say how many there are.
    `webhooks` are counts, one for each of the last `MINUTES` minutes, the present one last.
    """

    at: datetime
    gap: str | None
    queue: Census
    parked: tuple[Door, ...]
    late: tuple[Waiting, ...]
    lates: int
    soon: tuple[Waiting, ...]
    soons: int
    on_hold: tuple[Listed, ...]
    holds: int
    latest: tuple[Listed, ...]
    webhooks: tuple[int, ...]

    @property
    def calm(self) -> bool:
        """Does nothing need a person?"""
        return not (self.gap or self.parked or self.late or self.soon or self.on_hold)


def now(tx: Connection, at: datetime) -> Now:
    """Look at `at`, an aware moment. It costs the same however many requests were ever decided."""
    lates, until_soon = responses.how_many_wait(tx, at), responses.how_many_wait(tx, at + SOON)
    present = at.replace(second=0, microsecond=0)
    return Now(
        at=at,
        gap=memory.gap(tx),
        queue=census(tx, at),
        parked=tuple(parked(tx, NAMED)),
        late=responses.waiting(tx, at, NAMED),
        lates=lates,
        soon=responses.waiting(tx, at + SOON, NAMED, since=at),
        soons=until_soon - lates,
        on_hold=_on_hold(tx),
        holds=responses.how_many_held(tx),
        latest=tuple(map(Listed.of, decisions.latest(tx, LATEST))),
        webhooks=inbox.by_minute(tx, present - timedelta(minutes=MINUTES - 1), MINUTES),
    )


def _on_hold(tx: Connection) -> tuple[Listed, ...]:
    held = responses.held(tx, NAMED)
    found = decisions.newest_on(tx, held)
    return tuple(Listed.of(found[each]) for each in held if each in found)
