"""Sends webhooks as Jira does: from behind, signed, at least once on Cloud, at most once on Data Center."""

import hashlib
import heapq
import hmac
import http.client
import json
import random
import threading
import time
import urllib.error
import urllib.request
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any, Final

from plugin.sandbox.site import Flavour, Guise

_AGAIN = {408, 409, 425, 429}
_TIMEOUT = 20.0
_KEPT = 10_000
_OF_ISSUES = ("jira:issue_created", "jira:issue_updated")
"""What an automation rule is told of: Jira sends the second for a comment as well."""


@dataclass(slots=True)
class Delivery:
    """One webhook on its way. `answers` has a status for each attempt, 0 where nobody answered."""

    identifier: str
    event: str
    issue_key: str
    body: bytes
    hook: int = 1
    answers: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Hook:
    """One registered webhook. No `events` are all of them; `jql` says of which issues it is told ("": of all)."""

    id: int
    name: str
    url: str
    events: tuple[str, ...] = ()
    jql: str = ""
    secret: str | None = None
    enabled: bool = True
    by: str = ""
    changed: float = 0.0


GIVEN: Final = 1
"""The id of the webhook that a sandbox was started with."""


@dataclass(slots=True)
class Behaviour:
    """How badly webhooks travel: times each is delivered, all lost, all kept until released, longest random delay."""

    copies: int = 1
    drop: bool = False
    hold: bool = False
    shuffle_seconds: float = 0.0


class Webhooks:
    """The registered webhooks, the queue of what is on its way to them, and the thread that empties it.

    `url` and `secret` are those of the webhook that is there from the start. `retry_delays` are the seconds before the
    second and each later attempt (Cloud waits 5 to 15 minutes, five times). Data Center 9 signs nothing. With `rule`,
    the headers of an automation rule, it is such a rule that stands there instead: it sends the issue alone, unsigned.
    """

    def __init__(self, guise: Guise, url: str | None, secret: str | None, retry_delays: Sequence[float]) -> None:
        self.url = url
        self.secret = secret
        self.rule: Mapping[str, str] = {}
        self._registered: dict[int, Hook] = {}
        self._hook_ids = count(GIVEN + 1)
        self._signs = guise is not Guise.DATACENTER_9
        self.behaviour = Behaviour()
        self.log: deque[Delivery] = deque(maxlen=_KEPT)
        self._cloud = guise.flavour is Flavour.CLOUD
        self._retry_delays = tuple(retry_delays)
        # Identifiers are unique per site for good: a restarted sandbox must not repeat those of the one before.
        self._identifiers = count(time.time_ns() // 1000)
        self._turns = count()
        self._held: list[Delivery] = []
        self._due: list[tuple[float, int, Delivery]] = []
        self._in_hand = 0
        self._stopped = False
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    def hooks(self) -> list[Hook]:
        """Every webhook that is registered."""
        given = [Hook(GIVEN, "Sandbox", self.url, secret=self.secret)] if self.url else []
        return [*given, *self._registered.values()]

    def register(self, hook: Hook) -> Hook:
        """Keep a webhook; one without an id (0) gets the next."""
        with self._changed:
            kept = replace(hook, id=hook.id or next(self._hook_ids))
            if kept.id == GIVEN:
                self.url, self.secret = kept.url, kept.secret
            else:
                self._registered[kept.id] = kept
            return kept

    def remove(self, id: int) -> None:
        """Forget a webhook."""
        with self._changed:
            if id == GIVEN:
                self.url = None
            self._registered.pop(id, None)

    def send(self, event: str, issue_key: str, body: bytes, meant: Callable[[Hook], bool] = lambda _hook: True) -> None:
        """Put an event on its way to every webhook that is told of it, as often as the behaviour says."""
        with self._changed:
            if self.behaviour.drop or self._stopped:
                return
            for hook in self.hooks():
                told = _OF_ISSUES if self._is_rule(hook) else hook.events or (event,)
                if hook.enabled and event in told and meant(hook):
                    self._send(hook, event, issue_key, body)

    def _is_rule(self, hook: Hook) -> bool:
        return hook.id == GIVEN and bool(self.rule)

    def _send(self, hook: Hook, event: str, issue_key: str, body: bytes) -> None:
        identifier = str(next(self._identifiers))
        copies = [Delivery(identifier, event, issue_key, body, hook.id) for _ in range(self.behaviour.copies)]
        self.log.extend(copies)
        if self.behaviour.hold:
            self._held.extend(copies)
            return
        for copy in copies:
            self._schedule(copy, 0.0)

    def release(self) -> None:
        """Stop holding; send what was held."""
        with self._changed:
            self.behaviour.hold = False
            held, self._held = self._held, []
            for delivery in held:
                self._schedule(delivery, 0.0)

    @property
    def pending(self) -> int:
        """How many are under way; held ones do not count."""
        with self._changed:
            return len(self._due) + self._in_hand

    def state(self) -> dict[str, Any]:
        """What is under way, for the control address."""
        with self._changed:
            return {
                "url": self.url,
                "signed": self.secret is not None and self._signs,
                "pending": len(self._due) + self._in_hand,
                "held": len(self._held),
                "deliveries": [
                    {"identifier": one.identifier, "event": one.event, "issue": one.issue_key, "answers": one.answers}
                    for one in self.log
                ],
            }

    def wait_idle(self, timeout: float = 10.0) -> bool:
        """Wait until nothing is under way (held ones do not count); False when `timeout` seconds were not enough."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._due and not self._in_hand, timeout)

    def stop(self) -> None:
        """Forget what is not yet sent and end the thread."""
        with self._changed:
            self._stopped = True
            self._due.clear()
            self._changed.notify_all()
        if self._thread:
            self._thread.join()

    def _schedule(self, delivery: Delivery, delay: float) -> None:
        if self.behaviour.shuffle_seconds:
            delay += random.uniform(0, self.behaviour.shuffle_seconds)
        heapq.heappush(self._due, (time.monotonic() + delay, next(self._turns), delivery))
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="sandbox-webhooks", daemon=True)
            self._thread.start()
        self._changed.notify_all()

    def _run(self) -> None:
        while True:
            with self._changed:
                self._in_hand = 0
                self._changed.notify_all()
                while not self._stopped and (not self._due or self._due[0][0] > time.monotonic()):
                    self._changed.wait(self._due[0][0] - time.monotonic() if self._due else None)
                if self._stopped:
                    return
                delivery = heapq.heappop(self._due)[2]
                self._in_hand = 1
            status = self._post(delivery)
            with self._changed:
                delivery.answers.append(status)
                attempts = len(delivery.answers)
                failed = status in _AGAIN or status >= 500 or status == 0
                if failed and self._cloud and attempts <= len(self._retry_delays) and not self._stopped:
                    self._schedule(delivery, self._retry_delays[attempts - 1])

    def _post(self, delivery: Delivery) -> int:
        # Looked up at the last moment: somebody may have moved or removed it since.
        hook = next((each for each in self.hooks() if each.id == delivery.hook), None)
        if hook is None:
            return 410
        headers = {"Content-Type": "application/json; charset=UTF-8", "User-Agent": "Atlassian Webhook HTTP Client"}
        body = delivery.body
        if self._is_rule(hook):
            body = json.dumps({"issue": json.loads(body)["issue"]}, ensure_ascii=False).encode()
            headers |= {"Content-Type": "application/json", "User-Agent": "Automation for Jira", **self.rule}
        elif self._cloud:
            headers["X-Atlassian-Webhook-Identifier"] = delivery.identifier
            headers["X-Atlassian-Webhook-Flow"] = "Primary"
            if delivery.answers:
                headers["X-Atlassian-Webhook-Retry"] = str(len(delivery.answers))
        if hook.secret is not None and self._signs and not self._is_rule(hook):
            digest = hmac.new(hook.secret.encode(), body, hashlib.sha256).hexdigest()
            headers["X-Hub-Signature"] = f"sha256={digest}"
        request = urllib.request.Request(hook.url, data=body, headers=headers, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=_TIMEOUT) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as refusal:
            with refusal:
                return refusal.code
        except (OSError, http.client.HTTPException):
            return 0
