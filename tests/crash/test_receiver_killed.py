"""kill -9 of the receiver in a burst of deliveries: whatever it has acknowledged is there after the restart."""

import hashlib
import hmac
import json
import threading
from contextlib import ExitStack
from pathlib import Path

import requests
from sqlalchemy import select

from plugin.store import Store, open_store
from plugin.store.tables import deliveries, doors
from tests.road.processes import MAPPINGS, running, wait_until

SECRET = "burst"
SENDERS, ENOUGH = 4, 120


class Burst:
    """Several senders that deliver one webhook after the other, each with an identifier of its own, until refused."""

    def __init__(self, url: str) -> None:
        self.url = f"{url}/webhooks/jira"
        self.acknowledged: list[str] = []
        self._threads = [threading.Thread(target=self._send, args=(number,)) for number in range(SENDERS)]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def join(self) -> None:
        for thread in self._threads:
            thread.join(30)

    def _send(self, number: int) -> None:
        with requests.Session() as session:
            for count in range(5_000):
                identifier = f"{number}-{count}"
                try:
                    if deliver(session, self.url, identifier) != 202:
                        return
                except requests.RequestException:
                    return
                self.acknowledged.append(identifier)


def deliver(session: requests.Session, url: str, identifier: str) -> int:
    number = identifier.replace("-", "00")
    issue = {"id": number, "key": f"SUP-{number}", "fields": {"summary": "x" * 15_000}}
    body = json.dumps({"webhookEvent": "jira:issue_updated", "timestamp": 1, "issue": issue}).encode()
    digest = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    headers = {"X-Hub-Signature": f"sha256={digest}", "X-Atlassian-Webhook-Identifier": identifier}
    return session.post(url, data=body, headers=headers, timeout=10).status_code


def kept(store: Store) -> set[str]:
    with store.reading() as tx:
        return set(tx.scalars(select(deliveries.c.identity)))


def knocked(store: Store) -> set[str]:
    with store.reading() as tx:
        return set(tx.scalars(select(doors.c.request_id)))


def test_every_delivery_that_was_acknowledged_is_there_after_a_kill(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'burst.sqlite3'}"
    environment = {
        # Nobody listens there: the doors stay.
        "JIRA_URL": "http://127.0.0.1:9",
        "JIRA_TOKEN": "none",
        "JIRA_FLAVOUR": "datacenter",
        "WEBHOOK_SECRETS": SECRET,
        "DATABASE_URL": address,
        "MAPPINGS_DIR": str(MAPPINGS),
        "PORT": "0",
    }
    with running(tmp_path, "serve", ["serve"], environment) as serve:
        burst = Burst(serve.url)
        burst.start()
        wait_until(lambda: len(burst.acknowledged) >= ENOUGH, "the burst to be under way")
        serve.kill()
        burst.join()
    answered = set(burst.acknowledged)
    assert len(answered) >= ENOUGH
    with ExitStack() as stack:
        again = stack.enter_context(running(tmp_path, "serve", ["serve"], environment))
        store = open_store(address)
        stack.callback(store.close)
        assert answered <= kept(store)
        assert {identifier.replace("-", "00") for identifier in answered} <= knocked(store)
        # What Jira repeats, because it had no answer, is known or taken now: nothing comes twice.
        before = len(kept(store))
        with requests.Session() as session:
            for identifier in sorted(answered)[:10]:
                assert deliver(session, f"{again.url}/webhooks/jira", identifier) == 202
        assert len(kept(store)) == before
