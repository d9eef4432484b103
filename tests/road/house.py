"""The whole road in one process: a sandbox over real HTTP, the receiver, and workers stepped by hand on one clock."""

import hashlib
import hmac
import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import time_machine
from pydantic import SecretStr
from sqlalchemy import func, select
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from plugin.contract.books import matter_of
from plugin.contract.grants import CREDIT
from plugin.contract.ledger import Account, Places
from plugin.contract.model import SupportAgreement
from plugin.figures import Figures
from plugin.jira.client import JiraClient
from plugin.jira.pace import Pace
from plugin.jira.pulse import Pulse
from plugin.jira.read import PROPERTY
from plugin.jira.reply import REPLY_PROPERTY
from plugin.jira.transport import TIMEOUT
from plugin.links import Links
from plugin.mappings.load import Mappings, load
from plugin.pause import Pause
from plugin.rebuild import Rebuilt, rebuild
from plugin.reconcile import Found, knock_at_open_requests
from plugin.remembered import Remembered, recall
from plugin.rewrites import Rewrites
from plugin.sandbox import Behaviour, Fault, Kind, Sandbox, running_sandbox, seed
from plugin.sandbox.records import Comment, Issue
from plugin.sandbox.site import Option, Person, Site
from plugin.sandbox.webhooks import Delivery
from plugin.settings import Settings
from plugin.store import Store, doors, ledger
from plugin.store.census import open_doors, parked
from plugin.store.doors import Door
from plugin.store.tables import doors as doors_table
from plugin.store.tables import ledger_postings, metadata
from plugin.worker import Common, Worker
from tests.openapi import judge
from tests.stores import migrated
from webhooks import create_app

ACCOUNT, AGENT = "support-contract@vendor.example", "sam.okafor@vendor.example"
MIRA, JONAS = "mira.castellan@aurora-robotics.example", "jonas.feld@aurora-robotics.example"
EMIL, GRETA = "emil.sandor@brennhaus-medical.example", "greta.holm@brennhaus-medical.example"
YUSUF, LENA = "yusuf.adeyemi@cobalt-rail.example", "lena.roth@cobalt-rail.example"
OSKAR = "oskar.brandt@delta-foundry.example"

FAULT, QUESTION, SESSION = "Report a fault", "Ask a question", "Ask for a remote session"
DOWN, IMPAIRED = "Totally non-operational", "Seriously impaired"
NEWEST, ONE_BACK, TOO_OLD, UNCLEAR = "26.2", "26.1", "24.2", "latest"
BOARD = "support-contract.credits"

FRIDAY = datetime(2026, 11, 20, 13, 30, tzinfo=UTC)
"""A Friday, 14:30 in Berlin."""

SECRET = "between-us"


class Clock:
    """A clock that moves when it is told to."""

    def __init__(self, now: datetime = FRIDAY) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **amount: float) -> None:
        self.now += timedelta(**amount)


@cache
def shipped() -> Mappings:
    """The mapping files that the project ships."""
    loaded = load(Path(__file__).parents[2] / "mappings")
    assert loaded.mappings is not None, loaded.problems
    return loaded.mappings


class House:
    """Everything the product needs, and hands to play customer, agent and network with."""

    def __init__(self, sandbox: Sandbox, store: Store, clock: Clock, logs: Sequence[Mapping[str, Any]]) -> None:
        self.sandbox, self.store, self.clock, self.logs = sandbox, store, clock, logs
        self.mappings = self.accounted(shipped())
        self.pause, self.pulse, self.rewrites, self.figures = Pause(), Pulse(), Rewrites(), Figures()
        self.pace: Pace | None = None
        self.links: Links | None = None
        self.patience: tuple[float, float] = TIMEOUT
        settings = Settings(webhook_secrets=(SecretStr(SECRET),))
        self._receiver = create_app(settings, store).test_client()
        self._clients: dict[str, JiraClient] = {}
        self._taken = 0
        # Held: each test says what is delivered, when and how often.
        sandbox.webhooks.url, sandbox.webhooks.secret = "http://receiver.example", SECRET
        sandbox.webhooks.behaviour = Behaviour(hold=True)

    def accounted(self, mappings: Mappings) -> Mappings:
        """Mappings with people's accounts as this Jira knows them."""
        return mappings if self.sandbox.site.cloud else with_user_names(mappings, self.sandbox.site)

    def close(self) -> None:
        """Give the connections back."""
        for client in self._clients.values():
            client.close()

    # The customer and the agent

    def person(self, email: str) -> Person:
        return self.sandbox.site.person(email)

    def raised(
        self,
        who: str = MIRA,
        type: str = FAULT,
        version: str | None = NEWEST,
        impact: str | None = DOWN,
        environment: str = "Production",
        product: str = "expecco",
    ) -> Issue:
        """A request as the portal's form gives it."""
        kind = next(each for each in self.sandbox.site.request_types.values() if each.name == type)
        values = {
            "summary": "The recorder does not start",
            self.field("Product"): {"value": product},
            self.field("Usage environment"): {"value": environment},
        }
        if version is not None:
            values[self.field("Product version")] = version
        if impact is not None:
            values[self.field("Business impact")] = {"value": impact}
        person = self.person(who)
        return self.sandbox.jira.create(person, person, kind, values)

    def field(self, name: str) -> str:
        return self.sandbox.site.field(name).id

    def change(self, issue: Issue, by: str = AGENT, **values: Any) -> None:
        """Edit fields by name, blanks for underscores; choices by their value, people by their e-mail address."""
        raw = {}
        for name, value in values.items():
            known = self.sandbox.site.field(name.replace("_", " "))
            key = {"select": "value", "priority": "name"}.get(known.kind)
            raw[known.id] = {key: value} if key and value is not None else value
            if known.kind == "userpicker" and value is not None:
                raw[known.id] = self.spelled(value)
        self.sandbox.jira.edit(issue, self.person(by), raw)

    def spelled(self, email: str) -> dict[str, str]:
        """Somebody as this kind of Jira wants them written."""
        person = self.person(email)
        return {"accountId": person.account_id} if self.sandbox.site.cloud else {"name": person.username}

    def move_to(self, issue: Issue, *organizations: int) -> None:
        """An agent shares the request with other organizations."""
        field = self.sandbox.site.custom("sd-customer-organizations").id
        self.sandbox.jira.edit(issue, self.person(AGENT), {field: list(organizations)})

    def transition(self, issue: Issue, name: str, resolution: str | None = None) -> None:
        """An agent takes a transition by its name, if it is offered."""
        chosen = next((each for each in self.sandbox.jira.offered(issue) if each.name == name), None)
        if chosen is not None:
            fields = {"resolution": {"name": resolution}} if resolution else {}
            self.sandbox.jira.transition(issue, self.person(AGENT), chosen.id, fields)

    def delete(self, issue: Issue) -> None:
        self.sandbox.jira.delete(issue, self.person(AGENT))

    # The network

    def sent(self) -> list[Delivery]:
        """The webhooks that Jira has sent since the last call, and nobody has received yet."""
        log = list(self.sandbox.webhooks.log)
        fresh, self._taken = log[self._taken :], len(log)
        return fresh

    def receive(self, *deliveries: Delivery) -> None:
        """The receiver gets these webhooks, in this order."""
        for delivery in deliveries:
            digest = hmac.new(SECRET.encode(), delivery.body, hashlib.sha256).hexdigest()
            headers = {"X-Hub-Signature": f"sha256={digest}"}
            if self.sandbox.site.cloud:
                headers["X-Atlassian-Webhook-Identifier"] = delivery.identifier
            with time_machine.travel(self.clock.now, tick=False):
                answer = self._receiver.post("/webhooks/jira", data=delivery.body, headers=headers)
            assert answer.status_code == 202, answer.text

    def fault(
        self, kind: Kind, method: str = "*", path: str = "", times: int = 1, seconds: float = 0.02, body: str = ""
    ) -> None:
        """Let the next so many calls that fit go wrong."""
        self.sandbox.faults.add(Fault(kind, method, path, times, seconds, body))

    # The plugin

    def client(self, name: str = "one") -> JiraClient:
        """A client of its own for each worker."""
        if name not in self._clients:
            cloud = self.sandbox.site.cloud
            self._clients[name] = JiraClient(
                self.sandbox.url,
                ACCOUNT if cloud else None,
                self.person(ACCOUNT).token,
                "cloud" if cloud else "datacenter",
                self.clock,
                self.patience,
                self.pace,
                pulse=self.pulse,
                figures=self.figures,
            )
        return self._clients[name]

    def worker(self, name: str = "one", jira: JiraClient | None = None, max_attempts: int = 8) -> Worker:
        return Worker(
            name,
            self.store,
            jira or self.client(name),
            lambda: self.mappings,
            Common(self.pause, self.rewrites, figures=self.figures, links=self.links),
            max_attempts=max_attempts,
            clock=self.clock,
        )

    def recalled(self) -> Remembered:
        """What Jira shows that a database should know."""
        return recall(self.client(), self.store, self.mappings, self.clock())

    def rebuild(self, trust_board: bool = False) -> Rebuilt:
        """Make the ledger again from what Jira shows."""
        remembered = self.recalled()
        with self.store.writing() as tx:
            return rebuild(tx, remembered, self.mappings, trust_board)

    def settle(self, *workers: Worker, most: int = 200) -> int:
        """Deliver and work until nothing is left to do, moving the clock to whatever is next; the looks it took."""
        looks = 0
        for turn in range(10 * most):
            self.receive(*self.sent())
            worker = workers[turn % len(workers)] if workers else self.worker()
            if worker.step():
                looks += 1
                assert looks < most, f"not settled after {most} looks: {self.doors()}"
                continue
            if self._what_was_under_way():
                continue
            if not (doors_left := self.doors()):
                return looks
            self.clock.now = max(self.clock.now, self.pause.until, doors_left[0].due)
        raise AssertionError(f"not settled: {self.doors()}")

    def settle_for(self, **amount: float) -> None:
        """Deliver and work for so long, one worker on its own; what is not done then is left as it is."""
        until, worker = self.clock.now + timedelta(**amount), self.worker()
        while True:
            self.receive(*self.sent())
            if worker.step() or self._what_was_under_way():
                continue
            due = [max(door.due, self.pause.until) for door in self.doors()[:1]]
            if not due or due[0] > until:
                break
            self.clock.now = max(self.clock.now, due[0])
        self.clock.now = max(self.clock.now, until)

    def settle_until_reminded(self) -> None:
        """Move the clock to the next door that comes up by itself, if there is one, and work until all is done."""
        with self.store.reading() as tx:
            following = tx.scalar(select(func.min(doors_table.c.due)).where(doors_table.c.knocks == 0))
        self.clock.now = max(self.clock.now, following or self.clock.now)
        self.settle()

    def _what_was_under_way(self) -> bool:
        """Receive what came of requests that we do not wait for any more: in life, they are done long before we try
        again, and here the clock jumps."""
        assert self.sandbox.traffic.wait_idle(10)
        late = self.sent()
        self.receive(*late)
        return bool(late)

    def knock(self, issue: Issue) -> None:
        with self.store.writing() as tx:
            doors.knock(tx, issue.id, issue.key, self.clock())

    def reconcile(self) -> int:
        return self.reconciled().requests

    def reconciled(self) -> Found:
        return knock_at_open_requests(self.client("reconciler"), self.store, self.mappings, self.clock())

    def doors(self) -> list[Door]:
        with self.store.reading() as tx:
            return open_doors(tx)

    def parked(self) -> list[Door]:
        with self.store.reading() as tx:
            return parked(tx)

    # What there is to see

    def shows(self, issue: Issue, name: str) -> Any:
        """What a field of the request shows: a choice's value, somebody's address, a number, a text, a moment."""
        value = issue.values.get(self.field(name))
        return value.value if isinstance(value, Option) else value.email if isinstance(value, Person) else value

    def participants(self, issue: Issue) -> list[str]:
        """The addresses of those with whom the request is shared."""
        people: Any = issue.values.get(self.field("Request participants")) or ()
        return [person.email for person in people]

    def status(self, issue: Issue) -> str:
        return self.sandbox.site.statuses[issue.status].name

    def replies(self, issue: Issue) -> list[Comment]:
        """Our own comments that the customer reads."""
        return [comment for comment in self._ours(issue) if comment.public]

    def notes(self, issue: Issue) -> list[Comment]:
        """Our own comments that only agents see."""
        return [comment for comment in self._ours(issue) if not comment.public]

    def _ours(self, issue: Issue) -> list[Comment]:
        """Each has to carry its intent, which no other does."""
        ours = [comment for comment in issue.comments if comment.author.email == ACCOUNT]
        intents = [comment.properties[REPLY_PROPERTY]["intent"] for comment in ours]
        assert len(set(intents)) == len(intents), "a reply was sent twice"
        return ours

    def board(self, organization: int) -> Mapping[str, Any] | None:
        shown: Mapping[str, Any] | None = self.sandbox.jira.organization_properties.get((organization, BOARD))
        return shown

    def agreement(self, customer: str) -> SupportAgreement:
        return next(each for each in self.mappings.agreements if each.customer == customer)

    def places(self, customer: str) -> Places:
        with self.store.reading() as tx:
            return ledger.places(tx, customer, CREDIT)

    def available(self, customer: str) -> int:
        return sum(units for (_, account), units in self.places(customer).items() if account is Account.AVAILABLE)

    def held(self, customer: str, issue: Issue) -> int:
        """The credits that the request holds of the customer's."""
        with self.store.reading() as tx:
            moved = ledger.held(tx, customer, matter_of(issue.id))
        return sum(units for (_, account), units in moved.items() if account is Account.CONSUMED)

    def holders(self, issue: Issue) -> dict[str, int]:
        """Every customer of whose credits the request holds some, with how many."""
        with self.store.reading() as tx:
            customers = ledger.holders(tx, matter_of(issue.id))
        return {each: units for each in customers if (units := self.held(each, issue))}

    def own(self, issue: Issue) -> Any:
        """Our property on the request."""
        return issue.properties.get(PROPERTY)

    def sums_to_zero(self) -> bool:
        with self.store.reading() as tx:
            lots = select(func.sum(ledger_postings.c.units)).group_by(ledger_postings.c.lot)
            return not any(tx.scalars(lots))

    def writes(self) -> list[str]:
        """Every change to Jira that was asked for since the traffic was last forgotten; reading many is none."""
        asked = [one for one in self.sandbox.traffic.all() if one.method != "GET"]
        return [f"{one.method} {one.path} {one.status}" for one in asked if not one.path.endswith("/bulkfetch")]

    def calls(self) -> int:
        """How often Jira was asked for anything since the traffic was last forgotten."""
        return len(self.sandbox.traffic.all())

    def forget_traffic(self) -> None:
        self.sandbox.traffic.clear()


@contextmanager
def house(
    store: Store, site: Site | None = None, now: datetime = FRIDAY, tls: ssl.SSLContext | None = None
) -> Iterator[House]:
    """A house over an empty store; with `tls`, Jira is reached over HTTPS.

    Whatever went to Jira and came back is in the end held against Jira's documents, where they are at hand.
    """
    clock = Clock(now)
    with capture_logs([merge_contextvars]) as logs, running_sandbox(site or seed(), clock=clock, tls=tls) as sandbox:
        built = House(sandbox, store, clock, logs)
        try:
            yield built
        finally:
            built.close()
        judge(sandbox)


def emptied(store: Store) -> Store:
    """The same store without a row."""
    with store.writing() as tx:
        for table in reversed(metadata.sorted_tables):
            tx.execute(table.delete())
    return store


@contextmanager
def sqlite_store(folder: Path) -> Iterator[Store]:
    """A migrated store in a file of its own; for a whole module, emptied before each test."""
    store = migrated(f"sqlite:///{folder / 'house.sqlite3'}")
    yield store
    store.close()


def with_user_names(mappings: Mappings, site: Site) -> Mappings:
    """The same mappings as an installation on Data Center has them: our people known by their user names."""
    agreements = tuple(
        each
        if (who := each.account_representative) is None
        else replace(each, account_representative=replace(who, account=site.person(who.account).username))
        for each in mappings.agreements
    )
    return replace(mappings, agreements=agreements)


def without_field(mappings: Mappings, word: str, name: str) -> Mappings:
    """The same mappings, with a word declared to be in a field that the site does not have."""
    fields = {**mappings.declared.fields, word: replace(mappings.declared.fields[word], name=name)}
    return replace(mappings, declared=replace(mappings.declared, fields=fields))
