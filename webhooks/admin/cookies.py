"""Our cookies: over TLS alone, unless it is a browser on this machine that asks, and for no other host or path.

Over TLS their names begin with `__Host-`: then no other host of the same domain can plant one of that name
(https://www.rfc-editor.org/rfc/rfc6265bis, 4.1.3.2).
"""

from datetime import timedelta
from typing import Final

from flask import Flask, request
from flask.sessions import SecureCookieSessionInterface
from werkzeug import Response

from webhooks.addresses import names_here

SESSION: Final = "support_contract"


class Cookies(SecureCookieSessionInterface):
    """The session's cookie."""

    def get_cookie_name(self, _app: Flask) -> str:
        """The name, as said above."""
        return _name(SESSION)

    def get_cookie_path(self, _app: Flask) -> str:
        """The path, as the name demands."""
        return _path()

    def get_cookie_secure(self, _app: Flask) -> bool:
        """Only over TLS?"""
        return _secure()


def set_cookie(response: Response, name: str, value: str, lasts: timedelta) -> None:
    """Have the browser hold something."""
    response.set_cookie(
        _name(name), value, max_age=lasts, path=_path(), secure=_secure(), httponly=True, samesite="Strict"
    )


def take_cookie(name: str) -> str:
    """What the browser holds, "" where it holds nothing."""
    return request.cookies.get(_name(name), "")


def _secure() -> bool:
    return request.is_secure or not names_here(request.host)


def _name(name: str) -> str:
    return f"__Host-{name}" if _secure() else name


def _path() -> str:
    return "/" if _secure() else "/admin"
