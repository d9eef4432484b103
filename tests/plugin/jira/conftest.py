"""A sandbox over real HTTP in both flavours, our client on it, and a request that a customer raised."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal

import pytest
import requests

from plugin.jira.client import JiraClient
from plugin.jira.fields import FieldMap, find_fields
from plugin.sandbox import Flavour, Sandbox, running_sandbox, seed
from tests.plugin.jira.builders import SPECS

PLUGIN = "support-contract@vendor.example"
MIRA = "mira.castellan@aurora-robotics.example"
SHORT = (2.0, 0.4)
PATIENT = (5.0, 10.0)
"""Time-outs of the tests, in seconds."""


@pytest.fixture(params=list(Flavour))
def flavour(request: pytest.FixtureRequest) -> Flavour:
    return Flavour(request.param)


@pytest.fixture
def sandbox(flavour: Flavour) -> Iterator[Sandbox]:
    with running_sandbox(seed(flavour)) as running:
        yield running


@pytest.fixture
def cloud() -> Iterator[Sandbox]:
    with running_sandbox(seed(Flavour.CLOUD)) as running:
        yield running


ClientOf = Callable[..., JiraClient]


@pytest.fixture
def client_of() -> Iterator[ClientOf]:
    """Makes clients as an installation would: e-mail and token on Cloud, the token alone on Data Center."""
    made: list[JiraClient] = []

    def make(sandbox: Sandbox, who: str = PLUGIN, **options: Any) -> JiraClient:
        person = sandbox.site.person(who)
        flavour: Literal["cloud", "datacenter"] = "cloud" if sandbox.site.cloud else "datacenter"
        email = person.email if sandbox.site.cloud else None
        options.setdefault("timeout", PATIENT)
        made.append(JiraClient(sandbox.url, email, person.token, flavour, **options))
        return made[-1]

    yield make
    for client in made:
        client.close()


@pytest.fixture
def jira(sandbox: Sandbox, client_of: ClientOf) -> JiraClient:
    return client_of(sandbox)


@pytest.fixture
def fields(jira: JiraClient) -> FieldMap:
    return find_fields(SPECS, jira.fields(), jira.known_as)


def raise_request(sandbox: Sandbox, who: str = MIRA) -> str:
    """The key of a request that this customer raised through the portal API."""
    person = sandbox.site.person(who)
    ids = {one.name: one.id for one in sandbox.site.fields.values()}
    values = {"summary": "The robot arm stops", ids["Product"]: {"value": "expecco"}, ids["Product version"]: "25.1"}
    answer = requests.post(
        f"{sandbox.url}/rest/servicedeskapi/request",
        json={"serviceDeskId": "1", "requestTypeId": "1", "requestFieldValues": values},
        auth=(person.email, person.token),
        timeout=5,
    )
    assert answer.status_code == 201, answer.text
    return str(answer.json()["issueKey"])


@pytest.fixture
def raised(sandbox: Sandbox) -> str:
    return raise_request(sandbox)


@dataclass
class Server:
    """Answers every call with the next of `answers`: status, headers, body; `got` are method, path and headers."""

    url: str = ""
    answers: list[tuple[int, dict[str, str], bytes]] = field(default_factory=list)
    got: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)


@pytest.fixture
def servers() -> Iterator[Callable[[], Server]]:
    """Makes servers that say what a test wants: for what no Jira, and no sandbox, would answer."""
    running: list[tuple[ThreadingHTTPServer, threading.Thread]] = []

    def start() -> Server:
        kept = Server()

        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                kept.got.append(
                    (self.command, self.path, {name.title(): value for name, value in self.headers.items()})
                )
                status, told, body = kept.answers.pop(0)
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), **told}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_PUT = do_POST = answer

            def log_message(self, *args: Any) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        kept.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        running.append((server, thread))
        return kept

    yield start
    for server, thread in running:
        server.shutdown()
        thread.join()
        server.server_close()
