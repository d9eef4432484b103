"""The crash rig: people do things, the product is killed again and again, and in the end all is as the contract says.

A sandbox Jira sends its webhooks several times and out of order, and again until they are acknowledged. The product
runs as real processes on a real database: on SQLite one that receives and works, on PostgreSQL a second one beside it
that works. Each is killed with SIGKILL, at a line of the road or at a random moment, and started anew.
"""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import requests
from structlog.testing import capture_logs

from plugin.sandbox import running_sandbox
from plugin.sandbox.webhooks import Behaviour
from plugin.store import open_store
from tests.road.house import ACCOUNT, SECRET, Clock, House
from tests.road.play import People, all_is_as_the_contract_says, looking_again_changes_nothing
from tests.road.processes import MAPPINGS

PATIENCE = 120.0
"""Seconds until a product that was left in peace has to be done with everything."""
UNREACHED = 2.5
"""Seconds of traffic after which a line is given up as not on anybody's way just now."""
MOST_REQUESTS = 30
DEEDS = (*("change",) * 8, *("raise",) * 3, *("solve",) * 3, "share", "share", "delete")

BADLY = Behaviour(copies=2, shuffle_seconds=0.4)
"""How webhooks travel: each twice, and not in their order."""

Doom = tuple[str, int, int]


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
    at_lines: set[tuple[str, int]] = field(default_factory=set)
    unreached: set[tuple[str, int]] = field(default_factory=set)
    rounds: int = 0
    requests: int = 0
    sent: int = 0
    acknowledged: int = 0
    repeated: int = 0

    def __str__(self) -> str:
        return (
            f"{self.kills} kills ({len(self.at_lines)} lines of the road, {len(self.unreached)} more not come to), "
            f"{self.requests} requests, {self.sent} webhooks sent, {self.acknowledged} acknowledged of which "
            f"{self.repeated} more than once, {self.rounds} times all was held against the contract: 0 lost, 0 doubled"
        )


class Nursery:
    """The process that forks the product's processes."""

    def __init__(self) -> None:
        self._child = subprocess.Popen(
            [sys.executable, "-m", "tests.crash.nursery"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._say("") == "ready"

    def fork(self, arguments: list[str], environment: Mapping[str, str], log: Path, doom: Doom | None) -> int:
        """Start a command of ours; its process id."""
        order = {"arguments": arguments, "environment": dict(environment), "log": str(log), "doom": doom}
        return int(self._say(json.dumps(order) + "\n"))

    def close(self) -> None:
        """End it; its children were ended before."""
        assert self._child.stdin
        self._child.stdin.close()
        self._child.wait(10)
        if self._child.stdout:
            self._child.stdout.close()

    def _say(self, text: str) -> str:
        assert self._child.stdin
        assert self._child.stdout
        self._child.stdin.write(text)
        self._child.stdin.flush()
        return self._child.stdout.readline().strip()


@dataclass
class Node:
    """One process of the product: how it is started, and which process it is now."""

    name: str
    arguments: list[str]
    environment: dict[str, str]
    log: Path
    pid: int = 0

    @property
    def alive(self) -> bool:
        """Is it running? Its parent reaps it at once."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        return self.pid > 0

    def kill(self) -> None:
        """SIGKILL, and wait until it is gone."""
        if self.alive:
            os.kill(self.pid, signal.SIGKILL)
        wait_for(lambda: not self.alive, f"{self.name} to be gone", self.log, 10)
        self.pid = 0


class Rig:
    """A house whose product is killed."""

    def __init__(self, home: House, nursery: Nursery, nodes: list[Node], chance: random.Random) -> None:
        self.home, self.people = home, People(home)
        self.figures = Figures()
        self._nursery, self._nodes, self._chance = nursery, nodes, chance
        self._acknowledged: dict[str, int] = {}

    def start(self, node: Node, doom: Doom | None = None) -> None:
        """Start a node; one that receives is waited for until it listens."""
        node.pid = self._nursery.fork(node.arguments, node.environment, node.log, doom)
        if port := node.environment.get("PORT"):
            wait_for(lambda: not node.alive or _listens(int(port)), f"{node.name} to listen", node.log, 30)

    def kill_at(self, lines: Iterable[tuple[str, int]]) -> None:
        """Kill a node at each of these lines in turn, while people go on."""
        for number, (file, line) in enumerate(lines):
            # Only the one that receives comes to the lines of the receiver.
            node = self._nodes[0 if file.startswith("webhooks/") else number % len(self._nodes)]
            node.kill()
            self.start(node, (file, line, self._chance.choice((1, 1, 2, 3))))
            until = time.monotonic() + UNREACHED
            while node.alive and time.monotonic() < until:
                self.somebody_does_something()
            if node.alive:
                self.figures.unreached.add((file, line))
            else:
                self.figures.kills += 1
                self.figures.at_lines.add((file, line))
            self.all_are_up()

    def kill_anywhere(self, times: int) -> None:
        """Kill nodes at random moments, while people go on."""
        for _ in range(times):
            self.all_are_up()
            self.goes_on(self._chance.uniform(0.02, 0.6))
            self._chance.choice(self._nodes).kill()
            self.figures.kills += 1

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
        """A customer or an agent does something; requests do not become more and more."""
        deed = self._chance.choice(DEEDS)
        if not self.people.living or (deed == "raise" and len(self.people.living) >= MOST_REQUESTS):
            deed = "change" if self.people.living else "raise"
        self.people.happens(deed, self._chance.randrange(997), self._chance.randrange(997))
        time.sleep(0.02)

    def comes_to_rest(self) -> None:
        """Leave everybody in peace until there is nothing left to do; then hold all of it against the contract."""
        self.all_are_up()
        home, log, webhooks = self.home, self._nodes[0].log, self.home.sandbox.webhooks
        # Whatever was changed while nobody listened is found by the reconciliation that each start begins with.
        everything = self.people.living
        wait_for(lambda: webhooks.wait_idle(1), "all webhooks to be acknowledged", log)
        wait_for(lambda: not home.doors() and all(map(home.own, everything)), "everything to be done", log)
        # From here on nothing new is sent; what is under way still arrives somewhere.
        webhooks.behaviour = Behaviour(drop=True)
        wait_for(lambda: webhooks.wait_idle(1), "the last webhooks to be acknowledged", log)
        for node in self._nodes:
            node.kill()
        home.reconcile()
        home.settle(most=len(self.people.issues) + 200)
        all_is_as_the_contract_says(self.people)
        assert looking_again_changes_nothing(self.people)
        webhooks.behaviour = BADLY
        self._count()

    def _count(self) -> None:
        self.figures.rounds += 1
        self.figures.requests = len(self.people.issues)
        log = self.home.sandbox.webhooks.log
        for one in log:
            self._acknowledged.setdefault(one.identifier, 0)
            self._acknowledged[one.identifier] += 202 in one.answers
        log.clear()
        self.figures.sent = len(self._acknowledged)
        self.figures.acknowledged = sum(1 for times in self._acknowledged.values() if times)
        self.figures.repeated = sum(1 for times in self._acknowledged.values() if times > 1)
        assert self.figures.sent == self.figures.acknowledged


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
        port = _free_port()
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
            "LEASE_SECONDS": "2",
            # A lease that runs out is an attempt: killed again and again, a door would be parked for it.
            "MAX_ATTEMPTS": "1000000",
            "RECONCILE_SECONDS": "5",
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


def wait_for(condition: Callable[[], Any], what: str, log: Path, patience: float = PATIENCE) -> None:
    """Return once the condition holds; fail with the last words of the log after `patience` seconds."""
    deadline = time.monotonic() + patience
    while not condition():
        said = log.read_text()[-3000:] if log.exists() else ""
        assert time.monotonic() < deadline, f"waited {patience:.0f} seconds in vain for {what}:\n{said}"
        time.sleep(0.02)


def _listens(port: int) -> bool:
    try:
        return requests.get(f"http://127.0.0.1:{port}/health", timeout=2).status_code == 200
    except requests.RequestException:
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
