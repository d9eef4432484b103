"""Is this body Jira's? Two proofs: a signature over the raw bytes, or a shared secret in a header.

Pure. Every comparison takes the same time whether it fits or not, and every secret is tried, so that the time taken
tells a stranger nothing.
"""

import hashlib
import hmac
from collections.abc import Iterable


def verify(body: bytes, header: str | None, secrets: Iterable[str]) -> bool:
    """Tell whether `X-Hub-Signature` (`sha256=<hex>`) is the HMAC of the raw body under one of the secrets.

    Atlassian, "Secure admin webhooks": the header is `method=signature`. Any other method is refused: one we do not
    know is one we cannot judge.
    """
    method, _, claimed = (header or "").strip().partition("=")
    if method.lower() != "sha256":
        return False
    digests = (hmac.new(secret.encode(), body, hashlib.sha256).hexdigest() for secret in secrets if secret)
    return _fits(claimed.strip().lower().encode(), (digest.encode() for digest in digests))


def knows_secret(header: str | None, secrets: Iterable[str]) -> bool:
    """Tell whether a header holds one of the shared secrets: JSM automation can send one, but cannot sign.

    `header` as WSGI gives it: the bytes of the line read as Latin-1.
    """
    offered = (header or "").strip().encode("latin-1", "replace")
    return _fits(offered, (secret.encode() for secret in secrets if secret))


def _fits(offered: bytes, allowed: Iterable[bytes]) -> bool:
    # Every one is compared before the answer: stopping at the first hit would tell how many secrets come before it.
    hits = [hmac.compare_digest(offered, one) for one in allowed]
    return True in hits
