"""Signing in with a password, setting one by a link, signing out; and the language of the pages."""

from collections.abc import Callable
from typing import Final

from flask import Blueprint, Response, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter
from werkzeug.security import check_password_hash, generate_password_hash

from plugin.store import audit, people
from plugin.store.people import Role
from webhooks.admin.desk import Desk
from webhooks.admin.gate import EVERYBODY, HELD, LANGUAGE, open_to, visitor
from webhooks.admin.language import LANGUAGES, _
from webhooks.admin.page import render

SHORTEST: Final = 12
LONGEST: Final = 200
"""Characters of a password. Long beats odd: nothing else is asked of it (NIST SP 800-63B, 3.1.1.2)."""

BY_NAME: Final = "10 per 15 minutes"
BY_ADDRESS: Final = "30 per 15 minutes"
"""Wrong passwords that are listened to, in each process; behind a proxy all come from its address."""

_NOBODYS: Final = generate_password_hash("nobody has this password", "scrypt")
"""Looked at for a name that nobody has, so that it takes as long."""


def add(pages: Blueprint, desk: Desk, limiter: Limiter) -> None:
    """Add the views."""
    with_openid = desk.settings.openid() is not None

    def refused(sentence: str, name: str) -> ResponseReturnValue:
        return render("sign_in", problem=sentence, name=name, with_openid=with_openid, next=_next()), 403

    @pages.get("/sign-in")
    @open_to(EVERYBODY)
    def sign_in() -> ResponseReturnValue:
        if visitor() is not None:
            return redirect(_next())
        return render("sign_in", problem=None, name="", with_openid=with_openid, next=_next())

    @pages.post("/sign-in")
    @open_to(EVERYBODY)
    @limiter.limit(BY_ADDRESS, deduct_when=_was_wrong)
    @limiter.limit(BY_NAME, key_func=_typed_name, deduct_when=_was_wrong)
    def signed_in() -> ResponseReturnValue:
        name, password = request.form.get("name", ""), request.form.get("password", "")[:LONGEST]
        with desk.store.reading() as tx:
            found = people.person(tx, name)
        right = check_password_hash(found.password if found else _NOBODYS, password)
        if found is None or not right:
            return refused(_("This name and this password do not belong together."), name)
        begin(desk, found.name, found.role)
        return redirect(_next())

    @pages.post("/sign-out")
    @open_to(EVERYBODY)
    def sign_out() -> ResponseReturnValue:
        held = session.pop(HELD, None)
        if held:
            with desk.store.writing() as tx:
                people.sign_out(tx, held)
        return redirect(url_for("admin.sign_in"))

    @pages.post("/language")
    @open_to(EVERYBODY)
    def speak() -> ResponseReturnValue:
        chosen = request.form.get("language")
        if chosen in LANGUAGES:
            session[LANGUAGE] = chosen
        return redirect(_next())

    @pages.get("/welcome/<token>")
    @open_to(EVERYBODY)
    def welcome(token: str) -> ResponseReturnValue:
        with desk.store.reading() as tx:
            found = people.invitation(tx, token, desk.now())
        status = 200 if found else 404
        return render("welcome", invited=found, token=token, name="", problem=None, shortest=SHORTEST), status

    @pages.post("/welcome/<token>")
    @open_to(EVERYBODY)
    @limiter.limit(BY_ADDRESS, deduct_when=_was_wrong)
    def welcomed(token: str) -> ResponseReturnValue:
        now = desk.now()
        with desk.store.reading() as tx:
            found = people.invitation(tx, token, now)
        if found is None:
            return render("welcome", invited=None, token=token, name="", problem=None, shortest=SHORTEST), 404
        name, password = found.name or request.form.get("name", "").strip(), request.form.get("password", "")
        problem = _objection(name, password, request.form.get("again", ""))
        if problem:
            return render("welcome", invited=found, token=token, name=name, problem=problem, shortest=SHORTEST), 422
        hashed = generate_password_hash(password, "scrypt")
        with desk.store.writing() as tx:
            person = people.accept(tx, token, name, hashed, now)
            if person is not None:
                after = {"role": person.role.value, "invited_by": found.created_by}
                audit.record(tx, person.name, "person.password", person.name, now, after=after)
        if person is None:
            return render("welcome", invited=None, token=token, name="", problem=None, shortest=SHORTEST), 404
        begin(desk, person.name, person.role)
        return redirect(url_for("admin.now"))


def begin(desk: Desk, name: str, role: Role) -> None:
    """Sign somebody in, with a cookie that nothing of before is in (session fixation), but the language."""
    language = session.get(LANGUAGE)
    session.clear()
    if language:
        session[LANGUAGE] = language
    with desk.store.writing() as tx:
        session[HELD] = people.sign_in(tx, name, role, desk.now())


def _objection(name: str, password: str, again: str) -> str | None:
    if not name or len(name) > LONGEST or not name.isprintable():
        return _("Give a name, in printable characters.")
    if not SHORTEST <= len(password) <= LONGEST:
        return _("Take a password of %(least)s to %(most)s characters.", least=SHORTEST, most=LONGEST)
    if name.casefold() in password.casefold():
        return _("Take a password without your name in it.")
    if password != again:
        return _("The two passwords are not the same.")
    return None


def _next() -> str:
    """Where to go afterwards: a page of ours, never another site's."""
    wanted = request.values.get("next", "")
    ours = wanted.startswith("/admin/") and "\\" not in wanted and wanted.isprintable()
    return wanted if ours else url_for("admin.now")


def _typed_name() -> str:
    return request.form.get("name", "").strip().casefold()[:LONGEST]


def _was_wrong(response: Response) -> bool:
    return response.status_code in (403, 404)


Adds = Callable[[Blueprint, Desk], None]
"""What adds a page's views."""
