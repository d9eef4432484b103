"""Is there a Jira at this address, and may it be trusted? Asked as a stranger: what everybody may know of it."""

import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPSConnection
from urllib3.connectionpool import ConnectionPool, HTTPSConnectionPool

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
    certificates = _Certificates()
    session = requests.Session()
    session.mount("https://", certificates)
    try:
        answer = session.get(f"{address}{PAGE}", timeout=timeout, allow_redirects=False)
    except requests.exceptions.SSLError as error:
        return Greeting(address, 0, asked, time.monotonic() - began, distrust=untrusted(error))
    except requests.exceptions.RequestException as error:
        raise JiraUnavailable(f"Nobody answers at {address} ({_reason(error)}).") from None
    finally:
        session.close()
    ends, issuer = _read(certificates.shown)
    return Greeting(
        address,
        answer.status_code,
        asked + (clock() - asked) / 2,
        time.monotonic() - began,
        info=_info(answer),
        certificate_ends=ends,
        issuer=issuer,
        aim=_aim(answer),
    )


class _Certificates(HTTPAdapter):
    """Notes which certificate it was shown, and trusted; through a proxy as well."""

    shown: dict[str, Any] | None = None

    def get_connection_with_tls_context(self, *arguments: Any, **named: Any) -> ConnectionPool:
        """The pool of connections for a request, each of which notes the certificate."""
        pool = super().get_connection_with_tls_context(*arguments, **named)
        notes = self

        class Noting(HTTPSConnection):
            def connect(self) -> None:
                super().connect()
                notes.shown = self.sock.getpeercert() if isinstance(self.sock, ssl.SSLSocket) else None

        if isinstance(pool, HTTPSConnectionPool):
            pool.ConnectionCls = Noting
        return pool


def _read(shown: dict[str, Any] | None) -> tuple[datetime | None, str | None]:
    """Until when a certificate is good, and who made it."""
    if not shown:
        return None, None
    ends = datetime.fromtimestamp(ssl.cert_time_to_seconds(str(shown["notAfter"])), UTC)
    told = {key: value for part in shown.get("issuer", ()) for key, value in part}
    return ends, told.get("organizationName") or told.get("commonName")


def _info(answer: requests.Response) -> dict[str, Any] | None:
    if answer.status_code != 200:
        return None
    try:
        told = content(answer)
    except ValueError:
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
