"""The crash rig: people do things, the product is killed again and again, and in the end all is as the contract says.

A sandbox Jira sends its webhooks several times and out of order, and again until they are acknowledged. The product
runs as real processes on a real database: on SQLite one that receives and works, on PostgreSQL a second one beside it
that works. Each is killed with SIGKILL, at a line of the road or at a random moment, and started anew; now and then one
stands still instead, longer than a lease, and goes on.

Every other time Jira's search does not answer: nothing is reconciled then, and the webhooks have to do.
"""

import hashlib
import hmac
import random
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import requests
from sqlalchemy import select
from structlog.testing import capture_logs

from plugin.sandbox import Kind, running_sandbox
from plugin.sandbox.records import Issue
from plugin.sandbox.webhooks import Behaviour
from plugin.store import open_store
from plugin.store.tables import deliveries
from tests.crash.nodes import Doom, Node, Nursery, free_port, listens, wait_for
from tests.road.house import ACCOUNT, SECRET, Clock, House
from tests.road.play import People, all_is_as_the_contract_says, looking_again_changes_nothing
from tests.road.processes import MAPPINGS

UNREACHED_CALLS, UNREACHED_SECONDS = 60, 15.0
"""So many calls to Jira, or seconds, after which a line is given up as not on anybody's way just now."""
PACE = 0.06
"""Seconds from one deed to the next: the product has to keep up, or a line's turn comes after it was given up."""
LEASE_SECONDS = 2
MOST_UNDER_WAY = 30
FEWEST_REQUESTS, MOST_REQUESTS = 6, 16
DEEDS = (*("change",) * 8, *("raise",) * 3, *("solve",) * 3, "share", "share", "delete")

BADLY = Behaviour(copies=2, shuffle_seconds=0.4)
"""How webhooks travel: each twice, and not in their order."""


class Now(Clock):
    """The real clock, since processes have no other: to move it is to wait."""

    @property
    def now(self) -> datetime:
        """The moment that it is."""
        return datetime.now(UTC)

    @now.setter
    def now(self, moment: datetime) -> None:
        time.sleep(max(0.0, (moment - datetime.now(UTC)).total_seconds()))


@dataclass
class Figures:
    """What a run did and found."""

    kills: int = 0
    pauses: int = 0
    at_lines: set[tuple[str, int]] = field(default_factory=set)
    unreached: set[tuple[str, int]] = field(default_factory=set)
    rounds: int = 0
    requests: int = 0
    sent: int = 0
    acknowledged: int = 0
    repeated: int = 0
    lost: int = 0
    doubled: int = 0

    def __str__(self) -> str:
        return (
            f"{self.kills} kills ({len(self.at_lines)} lines of the road, {len(self.unreached)} more not come to), "
            f"{self.pauses} pauses, {self.requests} requests, {self.sent} webhooks sent, {self.acknowledged} "
            f"acknowledged of which {self.repeated} more than once, {self.rounds} times all was held against the "
            f"contract: {self.lost} lost, {self.doubled} doubled"
        )


class Rig:
    """A house whose product is killed."""

    def __init__(self, home: House, nursery: Nursery, nodes: list[Node], chance: random.Random) -> None:
        self.home, self.people = home, People(home)
        self.figures = Figures()
        self._nursery, self._nodes, self._chance = nursery, nodes, chance
        self._acknowledged: dict[str, int] = {}
        self._travels()

    def start(self, node: Node, doom: Doom | None = None) -> None:
        """Start a node; one that receives is waited for until it listens."""
        node.pid = self._nursery.fork(node.arguments, node.environment, node.log, doom)
        if port := node.environment.get("PORT"):
            wait_for(lambda: not node.alive or listens(int(port)), f"{node.name} to listen", node.log, 30)

    @property
    def log(self) -> str:
        """What the nodes have said so far."""
        return "".join(node.log.read_text() for node in self._nodes if node.log.exists())

    def kill_at(self, lines: Iterable[tuple[str, int]]) -> None:
        """Kill a node at each of these lines in turn, while people go on."""
        for number, (file, line) in enumerate(lines):
            # Only the one that receives comes to the lines of the receiver.
            node = self._nodes[0 if file.startswith("webhooks/") else number % len(self._nodes)]
            node.kill()
            self.start(node, (file, line, self._chance.choice((1, 1, 2, 3)), None))
            # So that somebody comes to the lines that look whether a comment is there.
            self.home.fault(self._chance.choice((Kind.CONFLICT, Kind.CONFLICT, Kind.RESET_AFTER)), "POST", "/comment$")
            self.home.forget_traffic()
            until = time.monotonic() + UNREACHED_SECONDS
            while node.alive and self.home.calls() < UNREACHED_CALLS and time.monotonic() < until:
                self.somebody_does_something()
            if node.alive:
                # It would still die there, when nobody looks after it any more.
                node.kill()
                self.figures.unreached.add((file, line))
            else:
                self.figures.kills += 1
                self.figures.at_lines.add((file, line))
            self.all_are_up()

    def stand_still_at(self, lines: Iterable[tuple[str, int]]) -> None:
        """Let a node stand still at each of these lines in turn, for half a lease or longer than one, and go on."""
        for number, (file, line) in enumerate(lines):
            node = self._nodes[number % len(self._nodes)]
            node.kill()
            self.start(node, (file, line, 1, self._chance.choice((0.5, 1.5)) * LEASE_SECONDS))
            until, stood = time.monotonic() + 3 * LEASE_SECONDS, False
            while not stood and time.monotonic() < until:
                self.somebody_does_something()
                stood = f"stood still at {file}:{line}\n" in self.log
            if stood:
                self.figures.pauses += 1
            else:
                self.figures.unreached.add((file, line))

    def kill_anywhere(self, times: int, pauses: float = 0.05) -> None:
        """Kill nodes at random moments, while people go on; `pauses`: how often one stands still before, 0.0 to 1.0."""
        for _ in range(times):
            self.all_are_up()
            self.goes_on(self._chance.uniform(0.02, 0.6))
            node = self._chance.choice(self._nodes)
            if self._chance.random() < pauses:
                with node.standing_still():
                    self.goes_on(self._chance.uniform(0.5, 1.5) * LEASE_SECONDS)
                self.figures.pauses += 1
                self.goes_on(self._chance.uniform(0.02, 0.6))
            node.kill()
            self.figures.kills += 1

    @contextmanager
    def full_disk(self) -> Iterator[None]:
        """Until the block ends, there is no room for another page of a SQLite database."""
        full = self._nodes[0].log.with_name("full")
        full.touch()
        try:
            yield
        finally:
            full.unlink()

    def deliver(self, identifier: str, body: bytes) -> requests.Response:
        """A delivery by hand; the answer to it."""
        digest = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        headers = {"X-Hub-Signature": f"sha256={digest}", "X-Atlassian-Webhook-Identifier": identifier}
        return requests.post(self.home.sandbox.webhooks.url or "", data=body, headers=headers, timeout=10)

    def goes_on(self, seconds: float) -> None:
        """People go on for so long."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.somebody_does_something()

    def all_are_up(self) -> None:
        """Start whoever is down."""
        for node in self._nodes:
            if not node.alive:
                self.start(node)

    def somebody_does_something(self) -> None:
        """A customer or an agent does something; requests do not become more and more, nor do webhooks under way."""
        time.sleep(PACE)
        if self.home.sandbox.webhooks.pending > MOST_UNDER_WAY:
            return
        deed = self._chance.choice(DEEDS)
        if not self.people.living or (deed == "raise" and len(self.people.living) >= MOST_REQUESTS):
            deed = "change" if self.people.living else "raise"
        self.people.happens(deed, self._chance.randrange(997), self._chance.randrange(997))

    def comes_to_rest(self) -> None:
        """Leave everybody in peace until there is nothing left to do; then hold all of it against the contract."""
        self.all_are_up()
        home, log, webhooks = self.home, self._nodes[0].log, self.home.sandbox.webhooks
        everything = self.people.living
        wait_for(lambda: webhooks.wait_idle(1), "all webhooks to be acknowledged", log)
        wait_for(lambda: not home.doors() and all(map(home.own, everything)), "everything to be done", log)
        # From here on nothing new is sent; what is under way still arrives somewhere.
        webhooks.behaviour = Behaviour(drop=True)
        wait_for(lambda: webhooks.wait_idle(1), "the last webhooks to be acknowledged", log)
        wait_for(lambda: not home.doors(), "the last doors to be closed", log)
        for node in self._nodes:
            node.kill()
        self._count()
        all_is_as_the_contract_says(self.people)
        assert looking_again_changes_nothing(self.people)
        self._travels()
        self._forget()

    def _forget(self) -> None:
        """Delete all requests but the newest, so that a rest takes no longer the more there were.

        Nobody hears of it at first: the nodes are down. Those that were deleted before have been held against the
        contract without what they held.
        """
        self.people.issues = self.people.living
        for issue in self.people.issues[:-FEWEST_REQUESTS]:
            self.people.delete(issue)

    def _travels(self) -> None:
        """Let webhooks travel badly, and Jira's search answer every other time only."""
        self.home.sandbox.webhooks.behaviour = BADLY
        self.home.sandbox.faults.clear()
        if self.figures.rounds % 2 == 0:
            self.home.fault(Kind.TOO_LARGE, "GET", "/search", times=1_000_000)

    def _count(self) -> None:
        figures, log = self.figures, self.home.sandbox.webhooks.log
        figures.rounds += 1
        figures.requests = self.people.raised
        for one in log:
            self._acknowledged.setdefault(one.identifier, 0)
            self._acknowledged[one.identifier] += 202 in one.answers
        # Nor may what was lost arrive in what comes now.
        log.clear()
        figures.sent = len(self._acknowledged)
        figures.acknowledged = sum(1 for times in self._acknowledged.values() if times)
        figures.repeated = sum(1 for times in self._acknowledged.values() if times > 1)
        figures.lost = len({each for each, times in self._acknowledged.items() if times} - self._kept())
        figures.doubled = sum(_doubled(self.home, issue) for issue in self.people.living)
        assert figures.sent == figures.acknowledged
        assert (figures.lost, figures.doubled) == (0, 0), f"{figures}"

    def _kept(self) -> set[str]:
        """The identities of the deliveries in the inbox."""
        with self.home.store.reading() as tx:
            return set(tx.scalars(select(deliveries.c.identity)))


def _doubled(home: House, issue: Issue) -> int:
    """How many letters the customer has read more than once."""
    read = [comment.body for comment in home.replies(issue)]
    return len(read) - len(set(read))


@contextmanager
def rig(url: str, folder: Path, seed: int = 1) -> Iterator[Rig]:
    """A rig on an empty database; whatever it started has ended when the block ends."""
    with ExitStack() as stack:
        store = open_store(url)
        stack.callback(store.close)
        store.migrate()
        logs = stack.enter_context(capture_logs())
        sandbox = stack.enter_context(running_sandbox(retry_delays=[0.3] * 400))
        home = House(sandbox, store, Now(), logs)
        stack.callback(home.close)
        port = free_port()
        sandbox.webhooks.url = f"http://127.0.0.1:{port}/webhooks/jira"
        sandbox.webhooks.behaviour = BADLY
        environment = {
            "JIRA_URL": sandbox.url,
            "JIRA_EMAIL": ACCOUNT,
            "JIRA_TOKEN": home.person(ACCOUNT).token,
            "JIRA_FLAVOUR": "cloud",
            "JIRA_REQUESTS_PER_SECOND": "100000",
            "WEBHOOK_SECRETS": SECRET,
            "DATABASE_URL": url,
            "MAPPINGS_DIR": str(MAPPINGS),
            "LEASE_SECONDS": f"{LEASE_SECONDS}",
            # A lease that runs out is an attempt: killed again and again, a door would be parked for it.
            "MAX_ATTEMPTS": "1000000",
            "RECONCILE_SECONDS": "5",
            # However little is free on this machine.
            "MIN_FREE_MB": "0",
            "LOG_FORMAT": "json",
        }
        nodes = [Node("one", ["serve"], {**environment, "PORT": str(port)}, folder / "one.log")]
        if url.startswith("postgresql"):
            nodes.append(Node("two", ["worker"], environment, folder / "two.log"))
        nursery = Nursery()
        stack.callback(nursery.close)
        built = Rig(home, nursery, nodes, random.Random(seed))
        for node in nodes:
            stack.callback(node.kill)
        yield built
