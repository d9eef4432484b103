"""Is there a Jira at this address, and may it be trusted? Asked as a stranger: what everybody may know of it."""

import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import requests

from plugin.jira.errors import JiraUnavailable
from plugin.jira.keepable import content
from plugin.jira.trouble import untrusted

PAGE = "/rest/api/2/serverInfo"
"""Which Jira tells to anybody; the gateway of Cloud does not."""


@dataclass(frozen=True, slots=True)
class Greeting:
    """How an address answered. `at` is the aware moment, by our clock, in the middle of asking and being answered.

    `info` is what Jira says of itself, None where it says nothing to strangers or is none. `certificate_ends` is None
    without TLS. `distrust` says why the certificate cannot be trusted, `aim` where we were sent instead.
    """

    address: str
    status: int
    at: datetime
    seconds: float
    info: dict[str, Any] | None = None
    certificate_ends: datetime | None = None
    issuer: str | None = None
    distrust: str | None = None
    aim: str | None = None


def greet(address: str, timeout: tuple[float, float], clock: Callable[[], datetime]) -> Greeting:
    """Ask for what Jira tells everybody. `timeout`: seconds to connect, and to wait for an answer.

    Raises:
        JiraUnavailable: when nobody answers.
    """
    asked, began = clock(), time.monotonic()
    try:
        # Streamed, so that the connection is still there whose certificate we want to see.
        answer = requests.get(f"{address}{PAGE}", timeout=timeout, allow_redirects=False, stream=True)
    except requests.exceptions.SSLError as error:
        return Greeting(address, 0, asked, time.monotonic() - began, distrust=untrusted(error))
    except requests.exceptions.RequestException as error:
        raise JiraUnavailable(f"Nobody answers at {address} ({_reason(error)}).") from None
    with answer:
        at = asked + (clock() - asked) / 2
        ends, issuer = _certificate(answer)
        return Greeting(
            address,
            answer.status_code,
            at,
            time.monotonic() - began,
            info=_info(answer),
            certificate_ends=ends,
            issuer=issuer,
            aim=_aim(answer),
        )


def _certificate(answer: requests.Response) -> tuple[datetime | None, str | None]:
    connection = getattr(answer.raw, "connection", None)
    sock = getattr(connection, "sock", None)
    if not isinstance(sock, ssl.SSLSocket) or not (shown := sock.getpeercert()):
        return None, None
    ends = datetime.fromtimestamp(ssl.cert_time_to_seconds(str(shown["notAfter"])), UTC)
    issuer: Any = shown.get("issuer", ())
    told = {key: value for part in issuer for key, value in part}
    return ends, told.get("organizationName") or told.get("commonName")


def _info(answer: requests.Response) -> dict[str, Any] | None:
    if answer.status_code != 200:
        return None
    try:
        told = content(answer)
    except (ValueError, requests.exceptions.RequestException):
        return None
    return told if isinstance(told, dict) and "versionNumbers" in told else None


def _aim(answer: requests.Response) -> str | None:
    if not 300 <= answer.status_code < 400:
        return None
    aim = urlsplit(answer.headers.get("Location", ""))
    return f"{aim.scheme}://{aim.netloc.rpartition('@')[2]}" if aim.netloc else "another page"


def _reason(error: requests.exceptions.RequestException) -> str:
    """What the library says, without the address: a proxy's may hold a password."""
    told = str(error)
    for sign, words in (
        ("NameResolutionError", "the name is not known"),
        ("Name or service not known", "the name is not known"),
        ("Connection refused", "the connection is refused"),
        ("No route to host", "there is no way to it"),
        ("ProxyError", "the proxy does not let us through"),
    ):
        if sign in told:
            return words
    timed_out = isinstance(error, requests.exceptions.Timeout)
    return "no answer in time" if timed_out else type(error).__name__
