"""`support-contract`: every command of `plugin.cli`, and `serve` and `worker`, which need the Flask side."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from types import FrameType

from flask import Flask

from plugin.cli import main
from plugin.cli.edge import fail, failures, opened, say, settings_or_fail, wait_for_signal
from plugin.logs import configure_logs
from plugin.service import Crew
from plugin.settings import Settings
from plugin.store import Store, people
from webhooks import create_app, create_watch
from webhooks.admin import Desk
from webhooks.metrics import Metrics
from webhooks.server import Server


@main.command()
def serve() -> None:
    """Receive webhooks and work requests, in one process.

    Ends on SIGTERM or Ctrl-C after finishing what is in hand; a second Ctrl-C does not wait for that.
    """
    settings = settings_or_fail()
    configure_logs(settings.log_format)
    with failures():
        settings.require_webhook_secret()
    with opened(settings) as (store, mappings), failures():
        metrics = Metrics(store)
        crew = Crew(settings, store, mappings, metrics)
        app = create_app(settings, store, metrics, Desk(settings, store, mappings, crew.pause))
        server = _listening(app, settings, "PORT", settings.port)

        def stop(_signal: int, _frame: FrameType | None) -> None:
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            say("Ending after what is in hand ...")
            server.stop()

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        crew.start()
        if settings.serves_admin_pages:
            say(_how_to_sign_in(settings, store, server.port))
        say(f"Listening on http://{settings.host}:{server.port}; Jira's webhook goes to /webhooks/jira there.")
        try:
            server.run()
        finally:
            crew.stop()


@main.command()
def worker() -> None:
    """Work requests without receiving webhooks.

    For more hands beside support-contract serve. Several processes on one database need PostgreSQL. With METRICS_PORT
    it tells there how it is: /healthz, /readyz, /metrics.
    """
    settings = settings_or_fail()
    configure_logs(settings.log_format)
    with opened(settings) as (store, mappings), failures():
        metrics = Metrics(store)
        crew = Crew(settings, store, mappings, metrics)
        with _watched(settings, create_watch(store, metrics)):
            crew.start()
            say("Working. Press Ctrl-C to stop.")
            try:
                wait_for_signal()
            finally:
                crew.stop()


def _how_to_sign_in(settings: Settings, store: Store, port: int) -> str:
    """Where the admin's pages are; while nobody can sign in, with a link to set the first password."""
    address = settings.admin_address(port)
    with store.reading() as tx:
        known = people.anybody(tx)
    if known or settings.openid():
        return f"The admin's pages: {address}"
    with store.writing() as tx:
        token = people.invite(tx, None, people.Role.ADMIN, "the first start", datetime.now(UTC))
    return f"The admin's pages: {address}welcome/{token} sets the first password; it works once, for a day."


@contextmanager
def _watched(settings: Settings, app: Flask) -> Iterator[None]:
    """Serve the application at METRICS_PORT, if there is one, until the end of the block."""
    if settings.metrics_port is None:
        yield
        return
    server = _listening(app, settings, "METRICS_PORT", settings.metrics_port)
    thread = threading.Thread(target=server.run, name="watched")
    thread.start()
    say(f"Telling how it is on http://{settings.host}:{server.port}/healthz, /readyz and /metrics.")
    try:
        yield
    finally:
        server.stop()
        thread.join()


def _listening(app: Flask, settings: Settings, variable: str, port: int) -> Server:
    try:
        return Server(app, settings, port)
    except OSError as error:
        fail(f"Cannot listen on {settings.host}:{port}: {error.strerror}. Set {variable} to another one.")


if __name__ == "__main__":
    main(prog_name="support-contract")
