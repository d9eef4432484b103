"""From where somebody comes: through the proxies that the settings trust, and through no others.

Whoever sends X-Forwarded-For may write anything into it; each proxy adds at its end the address that it was asked from.
So it is read from the end, as far as proxies of ours have written it, and not at all where none of ours has.
"""

from collections.abc import Iterable
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from werkzeug.http import parse_list_header
from werkzeug.middleware.proxy_fix import ProxyFix

from plugin.settings import Network, Proxies

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_HOUSEHOLD: Final = 64
"""Bits of an IPv6 address that a provider gives to one customer, who may take any address below."""


class BehindProxies:
    """The application as it is seen through the proxies: the address is that of whoever asked the first of them, and
    whether TLS was spoken is what the last one says.
    """

    def __init__(self, app: "WSGIApplication", proxies: Proxies) -> None:
        self._app, self._proxies = app, proxies

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer."""
        asked = parse_list_header(environ.get("HTTP_X_FORWARDED_FOR", ""))
        passed = hops(environ.get("REMOTE_ADDR", ""), asked, self._proxies)
        return (ProxyFix(self._app, x_for=passed, x_proto=1) if passed else self._app)(environ, start_response)


def hops(peer: str, asked: list[str], proxies: Proxies) -> int:
    """How many entries, from the end of X-Forwarded-For (`asked`), proxies of ours have written; `peer` asked us.

    A number of proxies is taken as it is, so long as there are so many entries: whoever reaches us past the proxies
    has fewer.
    """
    if isinstance(proxies, int):
        return proxies if len(asked) >= proxies else 0
    passed = 0
    for address in (peer, *reversed(asked)):
        if passed == len(asked) or not _is_in(address, proxies):
            return passed
        passed += 1
    return passed


def household(address: str | None) -> str:
    """What is counted as one: an address of IPv4, the 2^64 of IPv6 that one customer has."""
    try:
        found = ip_address(address or "")
    except ValueError:
        return "unknown"
    if not isinstance(found, IPv6Address):
        return str(found)
    return str(found.ipv4_mapped or IPv6Network((int(found), _HOUSEHOLD), strict=False))


def names_here(host: str) -> bool:
    """Does the name (of a Host header) mean the machine on which it is asked for?"""
    name = urlsplit(f"//{host}").hostname or ""
    return name == "localhost" or is_here(name)


def is_here(address: str) -> bool:
    """Is it an address of this machine that no other can reach?"""
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def _is_in(address: str, networks: tuple[Network, ...]) -> bool:
    try:
        found = ip_address(address)
    except ValueError:
        return False
    real = (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found
    return any(real in network for network in networks)
