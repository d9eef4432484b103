"""Asking a service of our own over HTTP."""

from typing import Any, Final

import requests

from plugin.doctor.seen import Answer

TIMEOUT: Final = (5.0, 10.0)
"""Seconds to connect, and to wait for an answer: an admin waits for it."""

MOST: Final = 1_000_000
"""Characters of an answer that are read."""


def ask(url: str, **sent: Any) -> Answer:
    """Ask a service of our own: a page, or with `data` and `headers` by POST."""
    try:
        answer = requests.request("POST" if sent else "GET", url, timeout=TIMEOUT, allow_redirects=False, **sent)
    except requests.exceptions.RequestException as error:
        refused = "Connection refused" in str(error)
        return Answer(trouble="the connection is refused" if refused else type(error).__name__)
    return Answer(answer.status_code, answer.text[:MOST])
