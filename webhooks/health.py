"""For those who run it: is the process alive, is it of use, and how busy is it."""

import structlog
from flask import Blueprint, Response, jsonify
from prometheus_client import CONTENT_TYPE_LATEST

from plugin.store import Store, StoreUnavailable
from webhooks.metrics import Metrics

log = structlog.get_logger(__name__)


def health(store: Store, metrics: Metrics) -> Blueprint:
    """Return /healthz (alive), /readyz (the database answers; else 503) and /metrics (Prometheus)."""
    blueprint = Blueprint("health", __name__)

    @blueprint.get("/healthz")
    def alive() -> Response:
        return jsonify(status="alive")

    @blueprint.get("/readyz")
    def ready() -> Response:
        try:
            store.check()
        except StoreUnavailable as trouble:
            # The reason names hosts and users: it belongs into the log, not to whoever asks.
            log.error("not ready", reason=str(trouble))
            response = jsonify(status="not ready", reason="The database does not answer; the log says why.")
            response.status_code = 503
            return response
        return jsonify(status="ready")

    @blueprint.get("/metrics")
    def figures() -> Response:
        return Response(metrics.text(), content_type=CONTENT_TYPE_LATEST)

    return blueprint
