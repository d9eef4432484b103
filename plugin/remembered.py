"""What Jira remembers of our doing, read for a database that has forgotten some of it. Writes nothing."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

from plugin.balances import known_organizations, organizations_of, shown_after
from plugin.contract.books import matter_of, request_of
from plugin.contract.grants import UNITS
from plugin.jira.board import board_of
from plugin.jira.client import JiraClient
from plugin.jira.errors import JiraGone
from plugin.jira.fields import FieldMap
from plugin.jira.plan import standing_of
from plugin.jira.read import COMMENT, PROPERTY, own_property
from plugin.jira.reply import REPLY_PROPERTY
from plugin.jira.values import account_of, moment, moment_of
from plugin.look import Outside, Seen, see
from plugin.mappings.load import Mappings
from plugin.memory import is_forgotten
from plugin.site_fields import field_map
from plugin.store import ledger, memory, replies
from plugin.store.engine import Store

Json = Mapping[str, Any]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Written:
    """A comment by our account. `public` is None where Jira does not say who sees it (Data Center)."""

    id: str
    at: datetime
    public: bool | None


@dataclass(frozen=True, slots=True)
class Traces:
    """What a request shows of ours before it is looked at: our property, and the comments of our account."""

    id: str
    key: str
    own: Json | None
    written: tuple[Written, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """A comment that carries our intent. `causes` are None where an earlier release did not say what it is for."""

    comment: Written
    intent: str
    causes: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Remembered:
    """A request of which Jira knows more than the database.

    `seen` is None where its newest decision is known, and only comments on it are not.
    """

    id: str
    key: str
    own: Json
    seen: Seen | Outside | None
    said: tuple[Said, ...]

    @property
    def decided(self) -> datetime | None:
        """Since when it has been decided so, as far as it says that."""
        return moment_of(self.own.get("since")) or moment_of(self.own.get("decided_at"))

    @property
    def customer(self) -> str | None:
        """Whose units it was charged to."""
        customer = self.own.get("customer")
        return customer if isinstance(customer, str) else None

    @property
    def charged(self) -> dict[str, int] | None:
        """What it says that it holds of each lot; None where that cannot be read."""
        return lots_in(self.own.get("charged"), least=1)


def lots_in(value: object, least: int | None = None) -> dict[str, int] | None:
    """Whole units by lot; None where it is anything else. Whoever may edit a property may write anything into it."""
    if not isinstance(value, Mapping):
        return None
    for lot, units in value.items():
        known = isinstance(lot, str) and any(lot.startswith(f"{unit} ") for unit in UNITS)
        if not known or type(units) is not int or (least is not None and units < least):
            return None
    return dict(value)


class Told(Protocol):
    """Goes through several things and tells a person how far it is; `total` is None where nobody knows how many."""

    def __call__(self, several: Iterable[T], what: str, total: int | None, /) -> Iterable[T]:
        """Yield each of them."""


def quietly(several: Iterable[T], _what: str, _total: int | None) -> Iterable[T]:
    """Tell nobody."""
    return several


@dataclass(frozen=True, slots=True)
class Memory:
    """What Jira knows and the database does not, read at one aware moment: `found` of so many `requests`.

    `boards` is what Jira shows of balances, by customer. `gone` are the matters of requests that the ledger has charged
    and Jira does not show to us, `moved` those that are in a project by now that is not served, with their keys there.
    """

    at: datetime
    fields: FieldMap
    requests: int
    found: tuple[Remembered, ...]
    boards: Mapping[str, Json]
    gone: frozenset[str]
    moved: Mapping[str, str]


def recall(jira: JiraClient, store: Store, mappings: Mappings, now: datetime, told: Told = quietly) -> Memory:
    """Read all of it.

    Raises:
        JiraTrouble, FieldsMissing: when Jira cannot be read; half of it is of no use.
    """
    fields = field_map(jira, mappings)
    traces = list(told(requests(jira, mappings), "Reading requests", None))
    missing = forgotten(store, traces, now)
    looked = [
        remembered(jira, mappings, fields, each, undecided, now)
        for each, undecided in told(missing, "Looking at what is missing", len(missing))
    ]
    found, shown = tuple(each for each in looked if each), boards(jira, mappings)
    gone, moved = _left(jira, store, mappings, {matter_of(each.id) for each in traces})
    return Memory(now, fields, len(traces), found, shown, gone, moved)


def _left(jira: JiraClient, store: Store, mappings: Mappings, read: set[str]) -> tuple[frozenset[str], dict[str, str]]:
    """The matters that the ledger has charged and that are not served any more: gone, and moved elsewhere."""
    with store.reading() as tx:
        charged = {each.matter for each in ledger.charges(tx)}
    gone, moved = set(), dict[str, str]()
    for matter in sorted(charged - read):
        try:
            issue = jira.issue(request_of(matter), ["project"], [])
        except JiraGone:
            gone.add(matter)
            continue
        if issue["fields"]["project"]["key"] not in mappings.declared.projects:
            moved[matter] = issue["key"]
    return frozenset(gone), moved


def requests(jira: JiraClient, mappings: Mappings) -> Iterator[Traces]:
    """Every request, open or done, the oldest first: a backfill may have taken up any of them, however old.

    A hundred with one call on Cloud; on Data Center one call each, since its search does not tell what we left there.
    """
    declared, account = mappings.declared, jira.account()
    for project in declared.projects:
        jql = f'project = "{project}" ORDER BY created ASC'
        wanted = ["created", COMMENT] if jira.flavour == "cloud" else ["created"]
        for found in jira.search(jql, wanted, [PROPERTY]):
            try:
                yield _traces(jira, found, account)
            except JiraGone:
                continue  # deleted meanwhile


def _traces(jira: JiraClient, found: dict[str, Any], account: str | None) -> Traces:
    cloud = jira.flavour == "cloud"
    issue = found if cloud else jira.issue(found["id"], ["created", COMMENT], [PROPERTY])
    page = issue["fields"].get(COMMENT)
    comments = (page or {}).get("comments") or []
    # What is not told in one go is asked for: a comment that is overlooked would be written once more.
    if page is None or page.get("total", 0) > len(comments):
        comments = list(jira.comments(issue["id"]))
    written = (
        Written(str(each["id"]), moment(each["created"]), public if isinstance(public, bool) else None)
        for each in comments
        if account and account_of(each.get("author")) == account
        for public in [each.get("jsdPublic")]
    )
    ordered = tuple(sorted(written, key=lambda each: int(each.id)))
    return Traces(str(issue["id"]), issue["key"], own_property(issue), ordered)


def forgotten(store: Store, shown: Iterable[Traces], now: datetime) -> list[tuple[Traces, bool]]:
    """Those of the requests of which something is not known: it and whether that is its newest decision."""
    found = []
    for each in shown:
        with store.reading() as tx:
            undecided = is_forgotten(tx, each.id, each.own, now)
            until, known = memory.known_until(tx), replies.comment_ids(tx, each.id)
        fresh = tuple(one for one in each.written if one.id not in known and (until is None or one.at > until))
        if undecided or fresh:
            found.append((Traces(each.id, each.key, each.own, fresh), undecided))
    return found


def remembered(
    jira: JiraClient, mappings: Mappings, fields: FieldMap, shown: Traces, undecided: bool, now: datetime
) -> Remembered | None:
    """Look at one request of those; None where it is gone, or what was not known is nothing of ours."""
    own = shown.own or {}
    try:
        seen = see(jira, mappings, fields, shown.id, standing_of(own), now) if undecided else None
    except JiraGone:
        return None
    said = tuple(each for written in shown.written if (each := _said(jira, written)))
    return Remembered(shown.id, shown.key, own, seen, said) if undecided or said else None


def _said(jira: JiraClient, written: Written) -> Said | None:
    """None where somebody wrote it by hand with our account."""
    value = jira.comment_property(written.id, REPLY_PROPERTY)
    if not isinstance(value, Mapping) or not isinstance(value.get("intent"), str):
        return None
    causes = value.get("causes")
    listed = isinstance(causes, list) and all(isinstance(each, str) and each and " " not in each for each in causes)
    return Said(written, value["intent"], tuple(causes) if isinstance(causes, list) and listed else None)


def boards(jira: JiraClient, mappings: Mappings) -> dict[str, Json]:
    """What Jira shows of each customer's balance, by customer; of several boards the one that was shown last."""
    board = board_of(mappings.board, jira)
    if board is None:
        return {}
    known, found = known_organizations(jira, mappings.agreements), dict[str, Json]()
    for agreement in mappings.agreements:
        values = [board.shown(each) for each in organizations_of(agreement, known)]
        if shown := [value for value in values if isinstance(value, Mapping)]:
            found[agreement.customer] = max(shown, key=shown_after)
    return found
