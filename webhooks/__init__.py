"""The Flask side: what Jira knocks at, and what those who run it look at."""

from flask import Flask

from plugin.settings import Settings
from plugin.store import Store
from webhooks.health import health
from webhooks.metrics import Metrics
from webhooks.receiver import receiver
from webhooks.room import Room

__all__ = ["create_app"]


def create_app(settings: Settings, store: Store) -> Flask:
    """Return the application over a migrated store; raises `SettingsError` when no webhook secret is set."""
    settings.require_webhook_secret()
    app = Flask(__name__, static_folder=None)
    metrics = Metrics(store)
    room = Room(store.folder, settings.min_free_mb * 1_000_000)
    app.register_blueprint(receiver(settings, store, metrics, room))
    app.register_blueprint(health(store, metrics))
    return app
