"""How often a password may be tried: counted in the store, for all processes together.

Three counts stand in the way of somebody who guesses: of one address, of one name from one address, and of one name
from anywhere. The last could be used up by somebody who wants to keep a person out. So a browser in which that person
has signed in before, which it proves by a cookie, has a count of its own, which nobody else can use up (OWASP's device
cookies: https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies).

Passwords are looked at a few at a time, since each costs a tenth of a second and 32 MB: in a crowd one is told to come
again, before anything is spent on it.
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import BoundedSemaphore
from typing import Final

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug import Response
from werkzeug.exceptions import ServiceUnavailable, TooManyRequests

from plugin.store import tries
from webhooks.addresses import household
from webhooks.admin.cookies import set_cookie, take_cookie
from webhooks.admin.desk import Desk

BY_ADDRESS: Final = 30
BY_NAME_AND_ADDRESS: Final = 10
BY_NAME: Final = 60
BY_BROWSER: Final = 10
"""Wrong passwords that are listened to, of each, in a quarter of an hour."""

AT_ONCE: Final = 2
WAIT_SECONDS: Final = 0.5
"""How many passwords a process looks at together, and how long anybody else waits for that."""

KNOWN: Final = timedelta(days=180)
"""How long a browser is known after somebody has signed in."""

_COOKIE: Final = "support_contract_known"


class Tries:
    """Counts tries. One for each application; safe to share between threads."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._places = BoundedSemaphore(AT_ONCE)

    @contextmanager
    def place(self) -> Iterator[None]:
        """Look at a password, or make the hash of one; raises ServiceUnavailable where too many do."""
        if not self._places.acquire(timeout=WAIT_SECONDS):
            raise ServiceUnavailable(retry_after=5)
        try:
            yield
        finally:
            self._places.release()

    def password(self, name: str) -> tuple[str, ...]:
        """Count a password that is tried of this name; returns what is to be taken back where it is `right`.

        Raises TooManyRequests where there were too many.
        """
        known, address = _called(name), household(request.remote_addr)
        if browser := self._browser(known):
            return self._admitted((("browser", browser), BY_BROWSER))
        return self._admitted(
            (("address", address), BY_ADDRESS),
            (("both", address, known), BY_NAME_AND_ADDRESS),
            (("name", known), BY_NAME),
        )

    def logout(self) -> tuple[str, ...]:
        """Count a word of the provider's that may be none of its, likewise."""
        return self._admitted((("logout", household(request.remote_addr)), BY_ADDRESS))

    def right(self, counted: tuple[str, ...]) -> None:
        """It was right: it does not count."""
        with self._desk.store.writing() as tx:
            tries.take_back(tx, counted)

    def remember(self, response: Response, name: str) -> None:
        """Know this browser as one in which somebody of that name has signed in."""
        held = _signer().dumps([_called(name), secrets.token_urlsafe(16)])
        set_cookie(response, _COOKIE, str(held), KNOWN)

    def _admitted(self, *limits: tuple[tuple[str, ...], int]) -> tuple[str, ...]:
        counted = [(_count_of(what), most) for what, most in limits]
        with self._desk.store.writing() as tx:
            admitted = tries.admit(tx, counted, self._desk.now())
        if not admitted:
            raise TooManyRequests(retry_after=int(tries.WINDOW.total_seconds()))
        return tuple(what for what, _most in counted)

    @staticmethod
    def _browser(known: str) -> str | None:
        """What makes this browser one of its own, where somebody of that name has signed in in it."""
        try:
            name, browser = _signer().loads(take_cookie(_COOKIE), max_age=int(KNOWN.total_seconds()))
        except (BadSignature, ValueError, TypeError):
            return None
        return str(browser) if name == known else None


def _called(name: str) -> str:
    return name.strip().casefold()


def _count_of(what: tuple[str, ...]) -> str:
    """Under what it is counted: nobody is to read there what somebody typed as their name."""
    return hmac.new(str(current_app.secret_key).encode(), "\0".join(what).encode(), hashlib.sha256).hexdigest()


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt="a browser that is known")
