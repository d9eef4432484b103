"""The product's processes: forked, killed, and made to stand still for a while."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

PATIENCE = 120.0
"""Seconds until a product that was left in peace has to be done with everything."""

Doom = tuple[str, int, int, float | None]
"""The file and line at which a process kills itself, and at which time it comes there; or stands still for so long."""


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

    @contextmanager
    def running(self, node: "Node") -> Iterator[None]:
        """Run a node until the block ends: then it is killed, if it was not before."""
        node.pid = self.fork(node.arguments, node.environment, node.log, None)
        try:
            yield
        finally:
            node.kill()

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

    @contextmanager
    def standing_still(self) -> Iterator[None]:
        """SIGSTOP until the block ends: then it goes on where it was, and knows nothing of the time between."""
        os.kill(self.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self.pid, signal.SIGCONT)


def wait_for(condition: Callable[[], Any], what: str, log: Path, patience: float = PATIENCE) -> None:
    """Return once the condition holds; fail with the last words of the log after `patience` seconds."""
    deadline = time.monotonic() + patience
    while not condition():
        said = log.read_text()[-3000:] if log.exists() else ""
        assert time.monotonic() < deadline, f"waited {patience:.0f} seconds in vain for {what}:\n{said}"
        time.sleep(0.02)


def listens(port: int) -> bool:
    try:
        return requests.get(f"http://127.0.0.1:{port}/healthz", timeout=2).status_code == 200
    except requests.RequestException:
        return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
