"""Who may come in: nobody from afar unless the settings say so, nobody without signing in; only admins change things.

A view says who it is for by `open_to`; one that says nothing is for whoever is signed in where it only shows something,
and for admins alone where it takes a form. Every form needs a token that only our own pages hold (CSRF).
"""

from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

from flask import Flask, Request, abort, current_app, g, redirect, request, session, url_for
from flask.sessions import SecureCookieSessionInterface
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFProtect

from plugin.store import keys, people
from plugin.store.keys import Key
from plugin.store.people import Role
from webhooks.admin.desk import Desk
from webhooks.admin.language import LANGUAGES, Reader, write_for

HELD: Final = "held"
"""What the cookie calls our session."""

LANGUAGE: Final = "language"

EVERYBODY: Final = "everybody"
"""For people who have not signed in."""

View = TypeVar("View", bound=Callable[..., Any])

_FORWARDED: Final = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via")
_READING: Final = ("GET", "HEAD", "OPTIONS")
_RENEWS_ITSELF: Final = "live"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Whoever is signed in."""

    name: str
    role: Role

    @property
    def may_change(self) -> bool:
        """Are they an admin?"""
        return self.role is Role.ADMIN


def open_to(whom: str) -> Callable[[View], View]:
    """Say who a view is for: EVERYBODY, or everybody who has at least this role."""

    def marked(view: View) -> View:
        view.__dict__["open_to"] = whom
        return view

    return marked


def visitor() -> Visitor | None:
    """Who is signed in, if anybody."""
    found: Visitor | None = g.get("visitor")
    return found


def who() -> Visitor:
    """Who is signed in, on a page that nobody else sees."""
    found = visitor()
    if found is None:
        raise LookupError("nobody is signed in")
    return found


class Gate:
    """Stands before every view of the pages."""

    def __init__(self, app: Flask, desk: Desk) -> None:
        self._desk = desk
        with desk.store.writing() as tx:
            app.secret_key = keys.secret(tx, Key.SESSIONS)
        app.config.update(
            SESSION_COOKIE_NAME="support_contract",
            SESSION_COOKIE_PATH="/admin",
            SESSION_COOKIE_HTTPONLY=True,
            SESSION_COOKIE_SAMESITE="Lax",
            # The token lasts as long as the session: a page may stay open over lunch.
            WTF_CSRF_TIME_LIMIT=None,
            # Jira's webhooks are signed, and hold no token of ours.
            WTF_CSRF_CHECK_DEFAULT=False,
        )
        app.session_interface = _Cookies()
        self._csrf = CSRFProtect(app)

    def check(self) -> ResponseReturnValue | None:
        """Answer for the view where it is not for whoever asks; None where it is."""
        if self._desk.settings.admin_pages != "on" and not _from_here(request):
            abort(404)
        endpoint = request.endpoint or ""
        if endpoint.endswith(".static"):
            return None
        g.visitor = self._signed_in()
        write_for(Reader(self._language(), self._desk.mappings().policy.zone))
        if request.method not in _READING:
            self._csrf.protect()
        given = current_app.view_functions[endpoint].__dict__.get("open_to")
        wanted = given or (Role.VIEWER if request.method in _READING else Role.ADMIN)
        if wanted == EVERYBODY:
            return None
        if g.visitor is None:
            return _to_sign_in()
        if wanted == Role.ADMIN and not g.visitor.may_change:
            abort(403)
        return None

    def _signed_in(self) -> Visitor | None:
        token, now = session.get(HELD), self._desk.now()
        if not isinstance(token, str):
            return None
        with self._desk.store.reading() as tx:
            found = people.session(tx, token, now)
        if found is None:
            session.pop(HELD)
            return None
        if people.is_stale(found, now) and _RENEWS_ITSELF not in request.args:
            with self._desk.store.writing() as tx:
                people.seen(tx, token, now)
        return Visitor(found.name, found.role)

    @staticmethod
    def _language() -> str:
        chosen = session.get(LANGUAGE)
        if chosen in LANGUAGES:
            return str(chosen)
        return request.accept_languages.best_match(list(LANGUAGES)) or "en"


class _Cookies(SecureCookieSessionInterface):
    def get_cookie_secure(self, _app: Flask) -> bool:
        """Only over TLS; a browser on this machine talks to us without."""
        return not _names_here(request.host)


def _from_here(asked: Request) -> bool:
    """Does a browser on this machine ask, by a name of this machine, and no proxy for somebody else?

    By the name as well: a page from elsewhere may have its own name lead to 127.0.0.1 (DNS rebinding).
    """
    forwarded = any(name in asked.headers for name in _FORWARDED)
    return not forwarded and _names_here(asked.host) and _is_here(asked.remote_addr or "")


def _names_here(host: str) -> bool:
    name = urlsplit(f"//{host}").hostname or ""
    return name == "localhost" or _is_here(name)


def _is_here(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def _to_sign_in() -> ResponseReturnValue:
    here = request.full_path.rstrip("?") if request.method == "GET" else url_for("admin.now")
    if "HX-Request" in request.headers:
        # htmx goes there with the whole page, not with the part that it asked for.
        return "", 401, {"HX-Redirect": url_for("admin.sign_in")}
    return redirect(url_for("admin.sign_in", next=here))
