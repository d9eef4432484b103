"""A bounded load: so many signed webhooks over a few kept connections, all to 127.0.0.1."""

import hashlib
import hmac
import http.client
import json
import os
import re
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SECRET = b"bench"
CONNECTIONS = 8
BODY_BYTES = 15_000


@dataclass(frozen=True, slots=True)
class Answered:
    """How fast webhooks were acknowledged: per second, and the 99th percentile in milliseconds."""

    per_second: float
    p99: float


def fire(port: int, count: int, run: str, requests: Sequence[str] = ()) -> Answered:
    """Send `count` webhooks, of these requests in turn, else each of another; every one must be answered 202.

    Raises:
        RuntimeError: when one is not.
    """
    took: list[float] = []
    failed: list[int] = []
    numbers = iter(range(count))
    turn = threading.Lock()

    def send() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        while True:
            with turn:
                number = next(numbers, None)
            if number is None:
                break
            body = webhook(number, requests[number % len(requests)] if requests else str(20_000 + number))
            headers = {
                "Content-Type": "application/json",
                "X-Hub-Signature": "sha256=" + hmac.new(SECRET, body, hashlib.sha256).hexdigest(),
                "X-Atlassian-Webhook-Identifier": f"{run}-{number}",
            }
            start = time.perf_counter()
            connection.request("POST", "/webhooks/jira", body, headers)
            answer = connection.getresponse()
            answer.read()
            took.append(time.perf_counter() - start)
            if answer.status != 202:
                failed.append(answer.status)
        connection.close()

    threads = [threading.Thread(target=send) for _ in range(CONNECTIONS)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - start
    if failed:
        raise RuntimeError(f"{len(failed)} of {count} webhooks were not acknowledged: {sorted(set(failed))}")
    return Answered(count / seconds, sorted(took)[int(count * 0.99)] * 1000)


def webhook(number: int, request: str) -> bytes:
    """A webhook of 15 KB, the size that Jira sends for an issue with many fields."""
    issue = {"id": request, "key": f"SUP-{request}", "fields": {"description": "x" * (BODY_BYTES - 200)}}
    said = {"timestamp": 1_790_000_000_000 + number, "webhookEvent": "jira:issue_updated", "issue": issue}
    return json.dumps(said).encode()


@dataclass(frozen=True, slots=True)
class Process:
    """Something that listens."""

    port: int
    pid: int

    @property
    def megabytes(self) -> float:
        """How much memory it has just now; Linux only."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0]) / 1000


@contextmanager
def process(command: list[str], environment: Mapping[str, str]) -> Iterator[Process]:
    """Run something that listens until the block ends; its first line names its port."""
    child = subprocess.Popen(
        command, env={**os.environ, **environment}, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        said = child.stdout.readline() if child.stdout else ""
        found = re.search(r"http://127\.0\.0\.1:(\d+)", said)
        if found is None:
            raise RuntimeError(f"{command} does not say where it listens: {said!r}")
        yield Process(int(found[1]), child.pid)
    finally:
        child.terminate()
        child.wait(30)
        if child.stdout:
            child.stdout.close()
