"""The Flask side: what Jira knocks at, and what those who run it look at."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask

from plugin.settings import Proxies, Settings
from plugin.store import Store
from webhooks.addresses import BehindProxies
from webhooks.admin import Desk, add_admin_pages
from webhooks.health import health
from webhooks.metrics import Metrics
from webhooks.receiver import receiver
from webhooks.room import Room

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

__all__ = ["create_app", "create_watch"]


class _Application(Flask):
    def __init__(self, proxies: Proxies) -> None:
        super().__init__(__name__, static_folder=None)
        self._outside = BehindProxies(super().wsgi_app, proxies) if proxies else super().wsgi_app

    def wsgi_app(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        return self._outside(environ, start_response)


def create_app(settings: Settings, store: Store, metrics: Metrics | None = None, desk: Desk | None = None) -> Flask:
    """Return the application over a migrated store; raises `SettingsError` when no webhook secret is set.

    `metrics` are the process's, where more than this application counts; it has its own otherwise. With a `desk`, the
    admin's pages are there as well, if the settings want them.
    """
    settings.require_webhook_secret()
    metrics = metrics or Metrics(store)
    app = create_watch(store, metrics, settings.trusted_proxies)
    room = Room(store.folder, settings.min_free_mb * 1_000_000)
    app.register_blueprint(receiver(settings, store, metrics, room))
    if desk is not None and settings.serves_admin_pages:
        add_admin_pages(app, desk)
    return app


def create_watch(store: Store, metrics: Metrics, proxies: Proxies = ()) -> Flask:
    """Return an application that receives nothing: it only tells how the process is."""
    app = _Application(proxies)
    app.register_blueprint(health(store, metrics))
    return app
