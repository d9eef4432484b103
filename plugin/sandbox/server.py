"""Serves a sandbox over real HTTP: in a thread for tests, or in the foreground for people."""

import logging
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from flask import Flask
from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

from plugin.sandbox import (
    attachments,
    comments,
    contexts,
    control,
    creation,
    fieldadmin,
    gateway,
    hooks,
    lists,
    organizations,
    pages,
    people,
    platform,
    progress,
    project,
    queues,
    rest,
    screens,
    search,
    servicedesk,
)
from plugin.sandbox.sandbox import RETRY_DELAYS, Sandbox, utc_now
from plugin.sandbox.seed import seed
from plugin.sandbox.site import Flavour, Guise, Site
from plugin.sandbox.wire import ConnectionDropped, Wire

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

_RESET = struct.pack("ii", 1, 0)  # linger on, for no time: close() sends a reset

_PARTS = (
    *(platform, creation, comments, attachments, people, lists, search),
    *(project, fieldadmin, contexts, screens, hooks),
    *(servicedesk, progress, organizations, queues),
    *(gateway, control, pages),
)


def create_sandbox(sandbox: Sandbox) -> "WSGIApplication":
    """The WSGI application in front of `sandbox`, which `rest.sandbox()` finds while a request is answered."""
    inner = rest.Before(_application(), sandbox)
    return gateway.Gateway(Wire(inner, sandbox.faults, sandbox.traffic), sandbox)


@cache
def _application() -> Flask:
    """The one Flask application of all sandboxes in a process: werkzeug takes its time to compile so many routes."""
    app = Flask(__name__)
    rest.install(app)
    for part in _PARTS:
        app.register_blueprint(part.blueprint)
    return app


@contextmanager
def running_sandbox(
    site: Site | None = None,
    *,
    webhook_url: str | None = None,
    webhook_secret: str | None = None,
    retry_delays: Sequence[float] = RETRY_DELAYS,
    clock: Callable[[], datetime] = utc_now,
    port: int = 0,
    tls: ssl.SSLContext | None = None,
) -> Iterator[Sandbox]:
    """Serve a sandbox on 127.0.0.1 in a thread until the block ends; its `url` says where. With `tls`, over HTTPS."""
    sandbox = Sandbox(
        site, webhook_url=webhook_url, webhook_secret=webhook_secret, retry_delays=retry_delays, clock=clock
    )
    server = _Server("127.0.0.1", port, create_sandbox(sandbox), handler=_Handler, ssl_context=tls)
    sandbox.url = f"{'https' if tls else 'http'}://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, name="sandbox", daemon=True)
    thread.start()
    try:
        yield sandbox
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        sandbox.webhooks.stop()


def serve(
    host: str = "127.0.0.1",
    port: int = 8089,
    *,
    flavour: Guise | Flavour = Guise.COMPANY_MANAGED,
    bare: bool = False,
    webhook_url: str | None = None,
    webhook_secret: str | None = None,
    retry_delays: Sequence[float] = RETRY_DELAYS,
    url: str | None = None,
    ready: Callable[[Sandbox], None] | None = None,
) -> None:
    """Serve the shipped site until interrupted; `ready` is called once connections are taken (port 0: any free one).

    A `bare` site has none of the contract's fields. `url` is the address that clients see, where it is not
    `http://host:port`. `OSError` when the port is taken.
    """
    site = seed(flavour, bare=bare)
    sandbox = Sandbox(site, webhook_url=webhook_url, webhook_secret=webhook_secret, retry_delays=retry_delays)
    server = _Server(host, port, create_sandbox(sandbox), handler=_Handler)
    sandbox.url = url or f"http://{host}:{server.server_port}"
    try:
        if ready:
            ready(sandbox)
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()
        sandbox.webhooks.stop()


class _Server(ThreadedWSGIServer):
    daemon_threads = True
    request_queue_size = 128

    def shutdown_request(self, request: Any) -> None:
        # The base class says goodbye (FIN) first; a connection that was told to end with a reset must not.
        self.close_request(request)


class _Handler(WSGIRequestHandler):
    def connection_dropped(self, error: BaseException, _environ: Any = None) -> None:
        self.close_connection = True
        if isinstance(error, ConnectionDropped) and error.abruptly:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)

    def log(self, type: str, message: str, *args: Any) -> None:
        # The traffic log tells more than a line per request would; only trouble is worth a line.
        if type == "error":
            logging.getLogger("plugin.sandbox").error(message, *args)
