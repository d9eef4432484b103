"""A sandbox over real HTTP, in both flavours, people who call it, and a receiver that keeps its webhooks."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import requests

from plugin.sandbox import Flavour, Sandbox, running_sandbox, seed

PLUGIN = "support-contract@vendor.example"
MIRA = "mira.castellan@aurora-robotics.example"


@dataclass
class Caller:
    """Somebody who calls the REST API with their own token."""

    sandbox: Sandbox
    email: str

    def __call__(self, method: str, path: str, **options: Any) -> requests.Response:
        person = self.sandbox.site.person(self.email)
        options.setdefault("auth", (person.email, person.token))
        return requests.request(method, self.sandbox.url + path, timeout=5, **options)


@dataclass
class Receiver:
    """Keeps every webhook; answers with the statuses of `answers` first, then 202."""

    url: str = ""
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)


@pytest.fixture(params=list(Flavour))
def flavour(request: pytest.FixtureRequest) -> Flavour:
    return Flavour(request.param)


@pytest.fixture
def sandbox(flavour: Flavour, receiver: Receiver) -> Iterator[Sandbox]:
    """Both flavours, with signed webhooks and very short delays between attempts."""
    with running_sandbox(
        seed(flavour), webhook_url=receiver.url, webhook_secret="s3cret", retry_delays=[0.01] * 5
    ) as running:
        yield running


@pytest.fixture
def plugin(sandbox: Sandbox) -> Caller:
    return Caller(sandbox, PLUGIN)


@pytest.fixture
def mira(sandbox: Sandbox) -> Caller:
    return Caller(sandbox, MIRA)


@pytest.fixture
def calling(sandbox: Sandbox) -> Callable[[str], Caller]:
    return lambda email: Caller(sandbox, email)


@pytest.fixture
def raised(mira: Caller) -> str:
    """The key of a request that Mira raised through the portal API."""
    ids = {one.name: one.id for one in mira.sandbox.site.fields.values()}
    answer = mira(
        "POST",
        "/rest/servicedeskapi/request",
        json={
            "serviceDeskId": "1",
            "requestTypeId": "1",
            "requestFieldValues": {
                "summary": "The robot arm stops",
                "description": "Since <b>Monday</b>",
                ids["Product"]: {"value": "expecco"},
                ids["Product version"]: "25.1",
            },
        },
    )
    assert answer.status_code == 201, answer.text
    return str(answer.json()["issueKey"])


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    kept = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            kept.got.append((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(kept.answers.pop(0) if kept.answers else 202)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    kept.url = f"http://127.0.0.1:{server.server_port}/webhooks/jira"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield kept
    server.shutdown()
    thread.join()
    server.server_close()
