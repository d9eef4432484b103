"""The application through waitress, over real HTTP: large bodies, slow clients, crowds."""

import http.client
import socket
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from plugin.settings import Settings
from plugin.store import Store
from plugin.store.census import open_doors
from plugin.store.tables import deliveries
from tests.road.house import shipped
from webhooks import create_app
from webhooks.admin import Desk
from webhooks.server import Server

UPDATED = (Path(__file__).parents[1] / "payloads" / "cloud-issue-updated.json").read_bytes()
PATH = "/webhooks/jira"
Signed = Callable[..., dict[str, str]]


@contextmanager
def served(app: Flask, settings: Settings) -> Iterator[int]:
    """Serve the application on 127.0.0.1; the port it got."""
    server = Server(app, settings)
    thread = threading.Thread(target=server.run)
    thread.start()
    yield server.port
    server.stop()
    thread.join(10)
    assert not thread.is_alive()


@pytest.fixture
def port(settings: Settings, store: Store) -> Iterator[int]:
    with served(create_app(settings, store), settings) as port:
        yield port


def _post(port: int, body: bytes, headers: dict[str, str], **more: bool) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        chunks = iter([body[:1000], body[1000:]]) if more.get("chunked") else body
        connection.request("POST", PATH, chunks, headers, encode_chunked=more.get("chunked", False))
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def _kept(store: Store) -> int:
    with store.reading() as tx:
        return tx.execute(select(func.count()).select_from(deliveries)).scalar_one()


def test_a_proxy_on_the_same_machine_is_no_browser_there(settings: Settings, store: Store) -> None:
    app = create_app(settings, store, desk=Desk(settings, store, shipped))
    with served(app, settings) as port:
        for name in ("X-Forwarded-For", "X-Forwarded-Host", "Forwarded", "X-Real-IP", "Via", "Accept"):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
            connection.request("GET", "/admin/sign-in", headers={name: "203.0.113.7"})
            assert connection.getresponse().status == (200 if name == "Accept" else 404), name
            connection.close()


def test_a_delivery_comes_through_and_the_server_does_not_say_what_it_is(port: int, signed: Signed) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("POST", PATH, UPDATED, signed(UPDATED))
    answer = connection.getresponse()
    assert (answer.status, answer.read()) == (202, b'{"outcome":"kept"}\n')
    assert answer.headers["Server"] is None
    connection.close()


@pytest.mark.parametrize("chunked", [False, True])
def test_two_megabytes_are_refused_with_a_sentence(port: int, store: Store, signed: Signed, chunked: bool) -> None:
    body = UPDATED + b" " * (2 * 1024 * 1024)
    headers = {**signed(body), **({"Transfer-Encoding": "chunked"} if chunked else {})}
    status, said = _post(port, body, headers, chunked=chunked)
    assert status == 413
    assert "raise MAX_BODY_BYTES" in said
    assert _kept(store) == 0


def test_a_body_that_announces_a_gigabyte_is_refused_before_it_is_sent(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        line.sendall(f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: {2**30}\r\n\r\n".encode())
        assert b" 413 " in line.recv(100)


def test_a_chunked_body_is_verified_as_it_was_sent(port: int, store: Store, signed: Signed) -> None:
    headers = {**signed(UPDATED), "Transfer-Encoding": "chunked"}
    assert _post(port, UPDATED, headers, chunked=True)[0] == 202
    assert _kept(store) == 1


def test_forty_clients_that_stop_half_way_or_drip_hold_up_nobody_and_leave_nothing(
    port: int, store: Store, signed: Signed
) -> None:
    head = f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(UPDATED)}\r\n"
    head += "".join(f"{name}: {value}\r\n" for name, value in signed(UPDATED, "half").items())
    lines = []
    for _ in range(40):
        line = socket.create_connection(("127.0.0.1", port), timeout=20)
        line.sendall(head.encode() + b"\r\n" + UPDATED[:100])
        lines.append(line)
    assert _post(port, UPDATED, signed(UPDATED, "whole"))[0] == 202
    for line in lines[::2]:
        line.sendall(b" ")
    assert _post(port, UPDATED, signed(UPDATED, "whole"))[0] == 202
    for line in lines:
        line.close()
    assert _post(port, UPDATED, signed(UPDATED, "whole"))[0] == 202
    with store.reading() as tx:
        assert tx.execute(select(deliveries.c.identity)).scalars().all() == ["whole"]


def test_a_slow_client_is_waited_for(port: int, store: Store, signed: Signed) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        head = f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(UPDATED)}\r\n"
        head += "".join(f"{name}: {value}\r\n" for name, value in signed(UPDATED).items())
        line.sendall(head.encode() + b"\r\n")
        for start in range(0, len(UPDATED), 500):
            line.sendall(UPDATED[start : start + 500])
            # Another client is served between any two pieces, so nothing is timed here.
            assert _post(port, b"", {})[0] == 401
        assert b" 202 " in line.recv(100)
    assert _kept(store) == 1


def test_fifty_at_once_with_one_identifier_are_one(port: int, store: Store, signed: Signed) -> None:
    answers: list[tuple[int, str]] = []
    gate = threading.Barrier(50)

    def send() -> None:
        gate.wait()
        answers.append(_post(port, UPDATED, signed(UPDATED, "6931227")))

    threads = [threading.Thread(target=send) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(answers) == {(202, '{"outcome":"kept"}\n'): 1, (202, '{"outcome":"known"}\n'): 49}
    assert _kept(store) == 1
    with store.reading() as tx:
        assert [door.knocks for door in open_doors(tx)] == [1]
