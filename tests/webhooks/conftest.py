"""What the receiver's tests share: settings with secrets, and headers as Jira sends them."""

import hashlib
import hmac
from collections.abc import Callable

import pytest
from pydantic import SecretStr

from plugin.settings import Settings

SECRET = "correct-horse-battery"


@pytest.fixture
def settings() -> Settings:
    """Return settings as a small installation has them, on a free port."""
    return Settings(
        webhook_secrets=(SecretStr("the new one"), SecretStr(SECRET)),
        webhook_header_secrets=(SecretStr("automation-knows-this"),),
        max_body_bytes=1024 * 1024,
        port=0,
    )


@pytest.fixture
def signed() -> Callable[..., dict[str, str]]:
    """Return a function: a body -> the headers that Jira sends with it."""

    def headers(body: bytes, identifier: str | None = None) -> dict[str, str]:
        digest = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        sent = {"Content-Type": "application/json; charset=UTF-8", "X-Hub-Signature": f"sha256={digest}"}
        return sent if identifier is None else {**sent, "X-Atlassian-Webhook-Identifier": identifier}

    return headers
