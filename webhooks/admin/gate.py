"""Who may come in: nobody from afar unless the settings say so, nobody without signing in; only admins change things.

A view says who it is for by `open_to`; one that says nothing is for whoever is signed in where it only shows something,
and for admins alone where it takes a form. Every form needs a token that only our own pages hold (CSRF).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

from flask import Flask, Request, abort, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFProtect

from plugin.store import keys, openid_people, people
from plugin.store.keys import Key
from plugin.store.people import Role
from webhooks.addresses import is_here, names_here
from webhooks.admin.cookies import Cookies
from webhooks.admin.desk import Desk
from webhooks.admin.language import LANGUAGES, Reader, _, write_for
from webhooks.admin.roles import still
from webhooks.admin.sent import is_text

HELD: Final = "held"
"""What the cookie calls our session."""

LANGUAGE: Final = "language"

EVERYBODY: Final = "everybody"
"""For people who have not signed in."""

PROVIDER: Final = "provider"
"""For the OpenID Connect provider, which has no form of ours, and proves who it is by what it sends."""

View = TypeVar("View", bound=Callable[..., Any])

_FORWARDED: Final = ("forwarded", "x-forwarded-", "x-real-ip", "via", "cf-connecting-ip", "true-client-ip")
"""How the headers begin that proxies add."""

_READING: Final = ("GET", "HEAD", "OPTIONS")
_RENEWS_ITSELF: Final = "live"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Whoever is signed in, in which session; `subject` is what an OpenID Connect provider calls them."""

    name: str
    role: Role
    session: str
    subject: str | None

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
        self._desk, self._access = desk, desk.settings.openid()
        with desk.store.writing() as tx:
            app.secret_key = keys.secret(tx, Key.SESSIONS)
        app.config.update(
            SESSION_COOKIE_HTTPONLY=True,
            SESSION_COOKIE_SAMESITE="Lax",
            # The token lasts as long as the session: a page may stay open over lunch.
            WTF_CSRF_TIME_LIMIT=None,
            # Jira's webhooks are signed, and hold no token of ours.
            WTF_CSRF_CHECK_DEFAULT=False,
        )
        app.session_interface = Cookies()
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
        if not is_text(request):
            abort(400, _("What was sent is no text."))
        given = current_app.view_functions[endpoint].__dict__.get("open_to")
        if given == PROVIDER:
            return None
        if request.method not in _READING:
            self._csrf.protect()
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
        role = self._role(found) if found else None
        if found is None or role is None:
            session.pop(HELD)
            return None
        if people.is_stale(found, now) and _RENEWS_ITSELF not in request.args:
            with self._desk.store.writing() as tx:
                people.seen(tx, token, now)
                if found.subject is not None:
                    openid_people.seen(tx, found.subject, now)
        return Visitor(found.name, role, found.id, found.subject)

    def _role(self, found: people.Session) -> Role | None:
        """What they may now; None where what let them in is granted no more."""
        return found.role if found.claim is None else still(found.claim, self._access)

    @staticmethod
    def _language() -> str:
        chosen = session.get(LANGUAGE)
        if chosen in LANGUAGES:
            return str(chosen)
        return request.accept_languages.best_match(list(LANGUAGES)) or "en"


def _from_here(asked: Request) -> bool:
    """Does a browser on this machine ask, by a name of this machine, and no proxy for somebody else?

    By the name as well: a page from elsewhere may have its own name lead to 127.0.0.1 (DNS rebinding). A proxy that
    adds nothing and asks us by a name of ours (nginx, where nobody says otherwise) is told by HTTP/1.0, which no
    browser speaks, and by the origin of the forms that it passes on.
    """
    proxied = asked.environ.get("SERVER_PROTOCOL") == "HTTP/1.0" or any(
        name.lower().startswith(_FORWARDED) for name, _value in asked.headers
    )
    origin = asked.headers.get("Origin")
    from_ours = origin is None or names_here(urlsplit(origin).netloc)
    return not proxied and from_ours and names_here(asked.host) and is_here(asked.remote_addr or "")


def _to_sign_in() -> ResponseReturnValue:
    here = request.full_path.rstrip("?") if request.method == "GET" else url_for("admin.now")
    if "HX-Request" in request.headers:
        # htmx goes there with the whole page, not with the part that it asked for.
        return "", 401, {"HX-Redirect": url_for("admin.sign_in")}
    return redirect(url_for("admin.sign_in", next=here))
