"""POST /webhooks/jira: check, keep, knock, 202. Nothing here looks at a request or speaks to Jira."""

from datetime import UTC, datetime
from uuid import uuid4

import structlog
from flask import Blueprint, Response, jsonify, request
from pydantic import SecretStr
from structlog.contextvars import bind_contextvars, clear_contextvars
from werkzeug.exceptions import RequestEntityTooLarge

from plugin.settings import Settings
from plugin.store import Store, StoreUnavailable
from webhooks.deliveries import Ignored, Malformed, read_delivery
from webhooks.keeper import Keeper
from webhooks.metrics import Metrics
from webhooks.room import Room
from webhooks.signature import knows_secret, verify
from webhooks.strangers import RETRY_AFTER_SECONDS as AWAY_SECONDS
from webhooks.strangers import Strangers

# Jira repeats after 5 to 15 minutes whatever we say; other senders take the hint.
RETRY_AFTER_SECONDS = 60

log = structlog.get_logger(__name__)


def receiver(settings: Settings, store: Store, metrics: Metrics, room: Room) -> Blueprint:
    """Return the part of the application that Jira knocks at.

    Answers 202 (kept, known already, or nothing to look at), 400 (not a webhook), 401 (a stranger), 413 (too large),
    429 (a stranger who does not stop), 503 with Retry-After (the database does not answer or the disk is all but full,
    nothing kept: Jira repeats on 5xx).
    """
    blueprint = Blueprint("receiver", __name__)
    keeper, strangers = Keeper(store), Strangers()
    signing, shared = _plain(settings.webhook_secrets), _plain(settings.webhook_header_secrets)

    @blueprint.post("/webhooks/jira")
    def receive() -> Response:
        # Per request, because the admin's pages may have other limits; it also holds for a body of unsaid length.
        request.max_content_length = settings.max_body_bytes
        try:
            body = request.get_data(cache=False)
        except RequestEntityTooLarge:
            reason = f"The body is larger than {settings.max_body_bytes} bytes: raise MAX_BODY_BYTES to take it."
            return answer("too_large", 413, reason)
        proofs = (
            verify(body, request.headers.get("X-Hub-Signature"), signing),
            knows_secret(request.headers.get(settings.webhook_header), shared),
        )
        if not any(proofs):
            if strangers.too_many(request.remote_addr):
                return quietly("strangers", 429, "Too many requests without a signature that fits.", AWAY_SECONDS)
            return answer(
                "stranger",
                401,
                f"Neither X-Hub-Signature nor {settings.webhook_header} fits: set the webhook's secret in Jira to one "
                "of WEBHOOK_SECRETS (or the header of the automation rule to one of WEBHOOK_HEADER_SECRETS).",
            )
        identifier = request.headers.get("X-Atlassian-Webhook-Identifier")
        sent = {"identity": identifier} if identifier else {}
        read = read_delivery(
            body,
            identifier=identifier,
            retry=request.headers.get("X-Atlassian-Webhook-Retry"),
            received_at=datetime.now(UTC),
            fresh=lambda: f"fresh:{uuid4()}",
        )
        if isinstance(read, Malformed):
            return answer("malformed", 400, read.reason, **sent)
        if isinstance(read, Ignored):
            return answer("ignored", 202, read.reason, webhook=read.event, **sent)
        if not room.left():
            return quietly("no_room", 503, "The disk is all but full: send it again later.", RETRY_AFTER_SECONDS)
        facts = {
            "identity": read.identity,
            "webhook": read.event,
            "request": read.request_key or read.request_id,
            "request_id": read.request_id,
        }
        try:
            new = keeper.keep(read)
        except StoreUnavailable as trouble:
            log.error("store unavailable", **facts, reason=str(trouble))
            response = answer("unavailable", 503, "The delivery could not be kept: send it again later.", **facts)
            response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
            return response
        except Exception:
            # A bug of ours: for Flask's line about it.
            bind_contextvars(**facts)
            raise
        return answer("kept" if new else "known", 202, None, **facts)

    @blueprint.teardown_request
    def forget(error: BaseException | None) -> None:
        if error is not None:
            clear_contextvars()

    def quietly(outcome: str, status: int, reason: str, retry_after: int) -> Response:
        """Counted, and not logged: there may be thousands."""
        metrics.deliveries.labels(outcome).inc()
        response = jsonify(outcome=outcome, reason=reason)
        response.status_code = status
        response.headers["Retry-After"] = str(retry_after)
        return response

    def answer(outcome: str, status: int, reason: str | None, **facts: str) -> Response:
        metrics.deliveries.labels(outcome).inc()
        said = {"outcome": outcome} if reason is None else {"outcome": outcome, "reason": reason}
        # One line for each delivery; never the body, which holds people's words, and never a secret.
        (log.info if status == 202 else log.warning)(
            "delivery", status=status, sender=request.remote_addr, **facts, **said
        )
        response = jsonify(said)
        response.status_code = status
        return response

    return blueprint


def _plain(secrets: tuple[SecretStr, ...]) -> list[str]:
    return [secret.get_secret_value() for secret in secrets]
