"""What happens between the socket and the application: faults, and the log of all traffic. WSGI, below Flask."""

import io
import json
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from plugin.sandbox.faults import Fault, Faults, Kind

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_KEPT = 20_000
_PAGE = b"<!doctype html><title>Log in - Jira</title><p>Please log in.</p>"


class ConnectionDropped(ConnectionResetError):
    """The connection must end without an answer; `abruptly` with a reset instead of an orderly close."""

    def __init__(self, abruptly: bool) -> None:
        super().__init__("the sandbox was told to drop this connection")
        self.abruptly = abruptly


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request to the REST API and what came of it; `status` is 0 where no answer was sent."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes
    who: str | None
    status: int
    answer: bytes
    answer_type: str


class Traffic:
    """The exchanges so far, the oldest first; the last 20,000 are kept."""

    def __init__(self) -> None:
        self._exchanges: deque[Exchange] = deque(maxlen=_KEPT)
        self._lock = threading.Condition()
        self._under_way = 0

    @contextmanager
    def under_way(self) -> Iterator[None]:
        """A request is worked on until the block ends, whoever still waits for its answer."""
        with self._lock:
            self._under_way += 1
        try:
            yield
        finally:
            with self._lock:
                self._under_way -= 1
                self._lock.notify_all()

    def wait_idle(self, seconds: float) -> bool:
        """Wait until no request is worked on; False when one still is after so many seconds."""
        with self._lock:
            return self._lock.wait_for(lambda: not self._under_way, seconds)

    def add(self, exchange: Exchange) -> None:
        """Note one exchange."""
        with self._lock:
            self._exchanges.append(exchange)

    def all(self) -> list[Exchange]:
        """All exchanges."""
        with self._lock:
            return list(self._exchanges)

    def clear(self) -> None:
        """Forget them."""
        with self._lock:
            self._exchanges.clear()


class Wire:
    """Wraps a WSGI application: requests below `/rest/` may be hit by a fault, and all of them are logged."""

    def __init__(self, app: "WSGIApplication", faults: Faults, traffic: Traffic) -> None:
        self._app = app
        self._faults = faults
        self._traffic = traffic

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer one request, or raise `ConnectionDropped`."""
        path = environ.get("PATH_INFO", "")
        if not path.startswith("/rest/"):
            return self._app(environ, start_response)
        with self._traffic.under_way():
            return self._answered(path, environ, start_response)

    def _answered(self, path: str, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        fault = self._faults.take(environ["REQUEST_METHOD"], path, body.decode(errors="replace"))
        if fault and fault.kind is Kind.RESET_BEFORE:
            self._note(environ, body, "0", b"", "")
            raise ConnectionDropped(abruptly=True)
        if fault and fault.kind is Kind.SLOW:
            time.sleep(fault.seconds)
        status, headers, answer = self._answer(environ, fault)
        if fault and fault.kind in (Kind.RESET_AFTER, Kind.TIMEOUT_AFTER):
            self._note(environ, body, "0", b"", "")
            if fault.kind is Kind.TIMEOUT_AFTER:
                time.sleep(fault.seconds)
            raise ConnectionDropped(abruptly=fault.kind is Kind.RESET_AFTER)
        self._note(environ, body, status, answer, dict(headers).get("Content-Type", ""))
        if fault and fault.kind is Kind.SPENT:
            headers = [*headers, *fault.spent(self._faults.clock()).items()]
        if fault and fault.kind is Kind.NEAR:
            headers = [*headers, *fault.near().items()]
        start_response(status, headers)
        return _half(answer) if fault and fault.kind is Kind.HALF else [answer]

    def _answer(self, environ: "WSGIEnvironment", fault: Fault | None) -> tuple[str, list[tuple[str, str]], bytes]:
        refusal = fault.answer(self._faults.clock()) if fault else None
        if refusal:
            code, message, extra = refusal
            told = json.dumps({"errorMessages": [message], "errors": {}})
            text, kind = (told.encode(), "application/json") if message else (_PAGE, "text/html")
            plain = {"Content-Type": f"{kind};charset=UTF-8", "Content-Length": str(len(text)), **extra}
            return f"{code} Fault", list(plain.items()), text
        started: list[Any] = []

        def start(status: str, headers: list[tuple[str, str]], _exc_info: Any = None) -> Any:
            started[:] = [status, headers]

        chunks = self._app(environ, start)
        try:
            answer = b"".join(chunks)
        finally:
            if hasattr(chunks, "close"):
                chunks.close()
        return started[0], started[1], answer

    def _note(self, environ: "WSGIEnvironment", body: bytes, status: str, answer: bytes, answer_type: str) -> None:
        headers = {
            name.removeprefix("HTTP_").replace("_", "-").title(): value
            for name, value in environ.items()
            if name.startswith("HTTP_") and name != "HTTP_AUTHORIZATION"
        }
        if environ.get("CONTENT_TYPE"):
            headers["Content-Type"] = environ["CONTENT_TYPE"]
        self._traffic.add(
            Exchange(
                method=environ["REQUEST_METHOD"],
                path=environ["PATH_INFO"],
                query=environ.get("QUERY_STRING", ""),
                headers=headers,
                body=body,
                who=environ.get("sandbox.who"),
                status=int(status.split()[0]),
                answer=answer,
                answer_type=answer_type,
            )
        )


def _half(answer: bytes) -> Iterable[bytes]:
    """The first half of what was announced; the rest never comes."""
    yield answer[: len(answer) // 2]
    raise ConnectionDropped(abruptly=False)
