"""The survey before a backfill: requests that are there already, what would be written to each, and why.

Whoever is taken up has its terms with it from then on (`Backfill`), so that a later look goes on where this one was: by
default it costs nothing, nobody is written to and no status is moved, and no webhook ever changes that.
"""

import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from plugin.compare import Compared, compared
from plugin.contract.books import matter_of, taken_from
from plugin.contract.coverage import NoCoverageAhead
from plugin.contract.decide import in_question
from plugin.contract.decision import Backfill, Decision
from plugin.contract.explain import objections, reason_text, rulings
from plugin.contract.grants import UNITS
from plugin.contract.model import Standing, SupportRequest
from plugin.contract.preview import because
from plugin.contract.receipt import grounds, one_line, places, value_text
from plugin.jira.client import JiraClient
from plugin.jira.errors import JiraGone, JiraHitch, JiraRefused
from plugin.jira.fields import FieldMap
from plugin.jira.plan import PARTICIPANTS, goes_back, may_wait, wanted_proposals, wanted_values
from plugin.jira.read import PROPERTY, wanted_fields
from plugin.look import Outside, Seen, see, seen_in
from plugin.mappings.load import Mappings
from plugin.memory import Forgotten, forgotten_request, is_forgotten
from plugin.site_fields import known_fields
from plugin.store import decisions, ledger
from plugin.store.backfills import Ordered
from plugin.store.engine import Store

_QUOTED: Final = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'")
_ORDER: Final = re.compile(r"\border\s+by\b", re.IGNORECASE)

LEDGER: Final = "ledger"
COMMENT: Final = "comment"
STATUS: Final = "status"
DECISION: Final = "decision"
"""What is told as changed beside the fields: what the ledger holds, what is written to people, where the request
stands, and the decision that our property on it keeps."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that would be written: its name as people know it, before and after in words, and what it rests on."""

    name: str
    before: str
    after: str
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Surveyed:
    """One request as it would be written to; `left_out` is why it would not be, whatever `changes` there are.

    `takes_up`: on the terms of the backfill; otherwise it is served already. `charge` is by how many units of each kind
    more it would hold.
    """

    request_id: str
    key: str
    customer: str | None = None
    open: bool = False
    changes: tuple[Change, ...] = ()
    takes_up: bool = False
    left_out: str | None = None
    charge: Mapping[str, int] | None = None

    @property
    def is_to_do(self) -> bool:
        """Is anything to be written?"""
        return bool(self.changes) and self.left_out is None


class BadQuery(ValueError):
    """JQL that cannot be part of a search; the text says why."""


class Steps:
    """So many steps a minute and no more, evenly. `clock` is in seconds, and need be no time of day."""

    def __init__(
        self,
        per_minute: int,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._apart, self.sleep, self._clock = 60 / per_minute, sleep, clock
        self._next = clock()

    def wait(self) -> None:
        """Return when it is time for the next step."""
        now = self._clock()
        if (rest := self._next - now) > 0:
            self.sleep(rest)
        self._next = max(self._next, now) + self._apart


def query(jql: str, projects: Sequence[str]) -> str:
    """The search for requests that fit, of the projects that are looked after, the oldest first.

    Raises:
        BadQuery: when there is nothing in it, or an order.
    """
    if not jql.strip():
        raise BadQuery('JQL is missing: say which requests, such as --jql "created >= -365d".')
    if _ORDER.search(_QUOTED.sub("", jql)):
        raise BadQuery("Leave out ORDER BY: requests are gone through from the oldest to the newest.")
    named = ", ".join(f'"{each}"' for each in projects)
    return f"project in ({named}) AND ({jql.strip()}) ORDER BY created ASC"


def survey(
    jira: JiraClient, store: Store, mappings: Mappings, jql: str, terms: Backfill, now: datetime, steps: Steps
) -> Iterator[Surveyed]:
    """What would be written to each request that fits. Writes nothing.

    On Cloud a hundred are read with one call; on Data Center, and where the customer may have answered in a comment,
    one each.

    Raises:
        BadQuery: as `query` does.
        JiraTrouble, FieldsMissing: when Jira cannot be read.
        Forgotten: when Jira shows what the database should know and does not.
    """
    surveyor = _Surveyor(jira, store, mappings, known_fields(jira, mappings)[0], terms, now, steps)
    wanted = wanted_fields(surveyor.fields) if jira.flavour == "cloud" else ["created"]
    known: set[str] = set()
    for issue in jira.search(query(jql, mappings.declared.projects), wanted, [PROPERTY]):
        if issue["id"] not in known:
            known.add(issue["id"])
            yield surveyor.surveyed(issue)


@dataclass(frozen=True, slots=True)
class _Surveyor:
    jira: JiraClient
    store: Store
    mappings: Mappings
    fields: FieldMap
    terms: Backfill
    now: datetime
    steps: Steps

    def surveyed(self, issue: Mapping[str, Any]) -> Surveyed:
        request_id, key = str(issue["id"]), str(issue["key"])
        with self.store.reading() as tx:
            standing = decisions.standing(tx, request_id)
        try:
            seen, takes_up = self._seen(issue, standing)
            if isinstance(seen, Outside):
                return Surveyed(request_id, key, left_out=f"It is left alone: {seen.why}.")
            with self.store.writing() as tx:
                if is_forgotten(tx, request_id, seen.shown.property, self.now):
                    raise Forgotten(forgotten_request(key))
                found = compared(tx, seen, self.mappings, self.fields, self.now)
                held = ledger.held(tx, found.settled.decision.customer.value or "", matter_of(request_id))
        except JiraGone:
            return Surveyed(request_id, key, left_out="It is not there any more, or hidden from our account.")
        except (JiraRefused, JiraHitch, LookupError, NoCoverageAhead) as trouble:
            return Surveyed(request_id, key, left_out=str(trouble))
        more = Counter(_by_unit(found.settled.held))
        more.subtract(_by_unit(taken_from(held)))
        decision = found.settled.decision
        changes = tuple(self._changes(seen, found, _by_unit(taken_from(held))))
        left_out = None if takes_up else self._beyond_fields(changes)
        customer, is_open = decision.customer.value, seen.request.ended is None
        return Surveyed(request_id, key, customer, is_open, changes, takes_up, left_out, {**more})

    def _seen(self, issue: Mapping[str, Any], standing: Standing | None) -> tuple[Seen | Outside, bool]:
        """The request as a look would see it, and whether the backfill takes it up.

        What the service has decided on, and an open request that is its own to take up, are left to it.
        """
        own = self._looked(issue, standing, None)
        if isinstance(own, Seen) and _is_the_services(own.request):
            return own, False
        return self._looked(issue, standing, self.terms), True

    def _looked(self, issue: Mapping[str, Any], standing: Standing | None, terms: Backfill | None) -> Seen | Outside:
        if self.jira.flavour == "cloud" and not (standing and standing.waited):
            seen = seen_in(self.jira, self.mappings, self.fields, issue, standing, terms)
            if isinstance(seen, Outside) or not in_question(
                seen.request, seen.agreement, self.mappings.policy, self.now
            ):
                return seen
        self.steps.wait()
        return see(self.jira, self.mappings, self.fields, str(issue["id"]), standing, self.now, terms)

    def _beyond_fields(self, changes: Iterable[Change]) -> str | None:
        """Why a request that is served already is left to the service: more than was asked for would come of it."""
        asked = {LEDGER: self.terms.charges, COMMENT: self.terms.replies, STATUS: self.terms.replies}
        beyond = [_BEYOND[each.name] for each in changes if not asked.get(each.name, True)]
        if not beyond:
            return None
        return (
            f"It is served already, and a look would also {' and '.join(dict.fromkeys(beyond))}: left to the service."
        )

    def _changes(self, seen: Seen, found: Compared, held: Mapping[str, int]) -> Iterator[Change]:
        decision, shown = found.settled.decision, seen.shown
        edit, wanted = found.edit, {**wanted_values(decision), **wanted_proposals(decision)}
        for word in edit.words if edit else ():
            if word == PARTICIPANTS:
                continue
            before, after = (self._told(word, value) for value in (shown.values[word], wanted.get(word)))
            if word == "account_representative" and wanted.get(word):
                after = str(decision.account_representative.value)
            yield Change(self.fields[word].name, before, after, _why(word, decision))
        if edit and edit.participant:
            yield Change("Request participants", "", str(edit.participant), _why("account_representative", decision))
        if edit and not edit.words:
            value = str(decision.eligibility.value)
            yield Change(DECISION, "", value, _why("eligibility", decision))
        after_units = _by_unit(found.settled.held)
        if held != after_units:
            yield Change(LEDGER, _said(held), _said(after_units), _why("credits_charged", decision))
        for unsent in found.settled.unsent:
            to = "to the customer" if unsent.intent.public else "to agents"
            yield Change(COMMENT, "", f"written {to}", _why("eligibility", decision))
        yield from self._status(seen, found)

    def _told(self, word: str, value: object) -> str:
        """A field's value as people see it in Jira; a moment in the vendor's zone."""
        if value is not None and not isinstance(value, datetime):
            return one_line(self.fields[word].option_of(str(value)))
        return value_text(word.replace("_", " "), value, self.mappings.policy)

    def _status(self, seen: Seen, found: Compared) -> Iterator[Change]:
        declared, decision = self.mappings.declared, found.settled.decision
        asks = decision.eligibility.value.waits and any(each.intent.public for each in found.settled.unsent)
        to = None
        if asks and may_wait(seen.shown, declared):
            to = declared.waiting_to
        elif goes_back(decision, seen.shown, declared):
            to = declared.waiting_back
        if to:
            yield Change(STATUS, seen.shown.status, to, _why("eligibility", decision))


def _is_the_services(request: SupportRequest) -> bool:
    """Does the service decide on it by itself, or has it done so?"""
    return request.backfill is None and (request.standing is not None or request.ended is None)


_BEYOND: Final = {LEDGER: "move credits", COMMENT: "write a comment", STATUS: "move its status"}


def _by_unit(held: Mapping[str, int]) -> dict[str, int]:
    """Units by their kind, of units by lot."""
    amounts = Counter[str]()
    for lot, units in held.items():
        amounts[next(each for each in UNITS if lot.startswith(f"{each} "))] += units
    return {unit: amount for unit, amount in amounts.items() if amount}


def _said(amounts: Mapping[str, int]) -> str:
    """Amounts as people say them: `2 credits and 1 training session`."""
    said = [f"{amount} {unit.replace('_', ' ')}{'' if amount == 1 else 's'}" for unit, amount in amounts.items()]
    return " and ".join(said) or "0 credits"


def _why(word: str, decision: Decision) -> tuple[str, ...]:
    """What a field's value rests on."""
    if word in ("reason", "eligibility"):
        if objected := objections(decision):
            return tuple(map(because, objected))
        met = (cite for finding in decision.eligibility.findings for cite in grounds(finding))
        return (f"{reason_text(decision)} [{places(met)}]",)
    return tuple(map(because, rulings(decision)[word.replace("_", " ")].findings[:1]))


def ordered(found: Iterable[Surveyed]) -> list[Ordered]:
    """What of a survey is to be done."""
    return [Ordered(each.request_id, each.key, each.takes_up) for each in found if each.is_to_do]
