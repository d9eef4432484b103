"""The one-process server: waitress, which buffers slow clients so that none of them holds a thread."""

import logging
from contextlib import suppress
from typing import Any

from flask import Flask
from waitress import create_server, wasyncore

from plugin.settings import Settings

# A delivery is one short transaction: threads only wait for the disk.
THREADS = 8

# Up to here an answer is sent whole.
ANSWER_BYTES = 18_000

# It warns whenever a request waits for a thread, which is what its queue is for.
logging.getLogger("waitress.queue").setLevel(logging.ERROR)


class Server:
    """A server that is bound and not yet serving; `port` is the one it got when PORT is 0."""

    def __init__(self, app: Flask, settings: Settings, port: int | None = None) -> None:
        """Bind to HOST and PORT, or another `port`; raises OSError when the address is taken."""
        self._sockets: dict[int, Any] = {}
        self._server: Any = create_server(
            app,
            map=self._sockets,
            host=settings.host,
            port=settings.port if port is None else port,
            threads=THREADS,
            # Up to here the application answers with a sentence (waitress spools such a body to disk); beyond,
            # waitress hangs up by itself.
            max_request_body_size=8 * settings.max_body_bytes,
            # Seconds after which a client that stopped half way through is dropped.
            channel_timeout=30,
            connection_limit=1000,
            # select(2) cannot watch that many.
            asyncore_use_poll=True,
            ident=None,
            # Taken off, they would be missed by whoever looks at them to tell a proxy from a browser on this machine.
            clear_untrusted_proxy_headers=False,
        )
        # An answer is small: sent whole by the thread that waits on all sockets, instead of piece by piece by the one
        # that made it, it costs the interpreter's lock far fewer hand-overs (a fifth more webhooks a second). No
        # argument of the above, because waitress means to drop it: this will then do nothing.
        self._server.adj.send_bytes = ANSWER_BYTES
        # A name such as localhost may stand for several addresses: then there are several sockets.
        many = getattr(self._server, "effective_listen", None)
        self.port: int = many[0][1] if many else self._server.effective_port

    def run(self) -> None:
        """Serve until `stop()`, KeyboardInterrupt or SystemExit; then finish what is in hand and close the sockets.

        A delivery kept in that moment may get no answer: Jira sends it again, and it is known then.
        """
        try:
            self._server.run()
        finally:
            self._server.task_dispatcher.shutdown()
            wasyncore.close_all(self._sockets)

    def stop(self) -> None:
        """Make `run()` return; from any thread."""
        for channel in list(self._sockets.values()):
            # The serving thread has to close its own sockets: it is waiting on them.
            if hasattr(channel, "pull_trigger"):
                # Awake for another reason, it may do so before it is woken for this one.
                with suppress(OSError):
                    channel.pull_trigger(lambda: wasyncore.close_all(self._sockets))
                return
