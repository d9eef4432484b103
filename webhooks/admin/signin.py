"""Signing in with a password, setting one by a link, signing out; and the language of the pages."""

from collections.abc import Callable
from functools import cache
from typing import Final

import structlog
from flask import Blueprint, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.security import check_password_hash, generate_password_hash

from plugin.store import audit, openid_people, people
from plugin.store.people import OpenIdLogin, Person, Role
from webhooks.admin.desk import Desk
from webhooks.admin.gate import EVERYBODY, HELD, LANGUAGE, open_to, visitor
from webhooks.admin.language import LANGUAGES, _
from webhooks.admin.page import render
from webhooks.admin.tries import Tries

log = structlog.get_logger(__name__)

SHORTEST: Final = 12
LONGEST: Final = 200
"""Characters of a password. Long beats odd: nothing else is asked of it (NIST SP 800-63B, 3.1.1.2)."""

_NOTHING_KEPT: Final = {"Clear-Site-Data": '"cache"'}
"""Pages of before are not to be there for whoever goes back."""


def add(pages: Blueprint, desk: Desk, tries: Tries, goodbye: Callable[[str], str | None]) -> None:
    """Add the views. `goodbye`: an ID token -> where the provider that gave it ends its session, if it does."""
    with_openid = desk.settings.openid() is not None

    def refused(sentence: str, name: str) -> ResponseReturnValue:
        return render("sign_in", problem=sentence, name=name, with_openid=with_openid, next=next_page()), 403

    @pages.get("/sign-in")
    @open_to(EVERYBODY)
    def sign_in() -> ResponseReturnValue:
        if visitor() is not None:
            return redirect(next_page())
        return render("sign_in", problem=None, name="", with_openid=with_openid, next=next_page())

    @pages.post("/sign-in")
    @open_to(EVERYBODY)
    def signed_in() -> ResponseReturnValue:
        name, password = request.form.get("name", "")[:LONGEST], request.form.get("password", "")
        with tries.place():
            counted = tries.password(name)
            with desk.store.reading() as tx:
                found = people.person(tx, name)
            # Asked for in any case: a process takes longer at its first try, whoever it is for.
            nobodys = _nobodys()
            # What is longer is nobody's, and takes as long.
            right = check_password_hash(found.password if found else nobodys, password[: LONGEST + 1])
        if found is None or not right:
            # Not as whom: people type their password into the wrong field.
            log.warning("sign-in refused", sender=request.remote_addr)
            return refused(_("This name and this password do not belong together."), name)
        tries.right(counted)
        return come_in(found, next_page())

    def come_in(person: Person, where: str) -> ResponseReturnValue:
        begin(desk, person.name, person.role)
        response = redirect(where)
        tries.remember(response, person.name)
        return response

    @pages.post("/sign-out")
    @open_to(EVERYBODY)
    def sign_out() -> ResponseReturnValue:
        held, token = session.get(HELD), None
        if isinstance(held, str):
            with desk.store.writing() as tx:
                token = people.sign_out(tx, held)
        _begin_anew()
        if token is None:
            return redirect(url_for("admin.sign_in")), _NOTHING_KEPT
        # Led on by the page, since what a form leads to may be ours alone (`form-action`).
        leads = goodbye(token)
        headers = {**_NOTHING_KEPT, **({"Refresh": f"0; url={leads}"} if leads else {})}
        return render("signed_out", leads=leads), headers

    @pages.post("/language")
    @open_to(EVERYBODY)
    def speak() -> ResponseReturnValue:
        chosen = request.form.get("language")
        if chosen in LANGUAGES:
            session[LANGUAGE] = chosen
        return redirect(next_page())

    @pages.get("/welcome/<token>")
    @open_to(EVERYBODY)
    def welcome(token: str) -> ResponseReturnValue:
        with desk.store.reading() as tx:
            found = people.invitation(tx, token, desk.now())
        status = 200 if found else 404
        return render("welcome", invited=found, token=token, name="", problem=None, shortest=SHORTEST), status

    @pages.post("/welcome/<token>")
    @open_to(EVERYBODY)
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
        with tries.place():
            hashed = generate_password_hash(password, "scrypt")
        with desk.store.writing() as tx:
            person = people.accept(tx, token, name, hashed, now)
            if person is not None:
                after = {"role": person.role.value, "invited_by": found.created_by}
                audit.record(tx, person.name, "person.password", person.name, now, after=after)
        if person is None:
            return render("welcome", invited=None, token=token, name="", problem=None, shortest=SHORTEST), 404
        return come_in(person, url_for("admin.now"))


@cache
def _nobodys() -> str:
    """A hash to look at for a name that nobody has, so that it takes as long."""
    return generate_password_hash("nobody has this password", "scrypt")


def begin(desk: Desk, name: str, role: Role, openid: OpenIdLogin | None = None) -> None:
    """Sign somebody in, with a cookie that nothing of before is in (session fixation)."""
    before, now = session.get(HELD), desk.now()
    agent = request.user_agent.string[:LONGEST]
    _begin_anew()
    with desk.store.writing() as tx:
        if isinstance(before, str):
            people.sign_out(tx, before)
        session[HELD] = people.sign_in(tx, name, role, now, openid=openid, address=request.remote_addr, agent=agent)
        if openid:
            openid_people.came(tx, openid.subject, name, openid.claim, now)
    log.info("signed in", person=name, by=openid.claim if openid else "password", sender=request.remote_addr)


def _begin_anew() -> None:
    """Have nothing in the cookie but the language."""
    language = session.get(LANGUAGE)
    session.clear()
    if language:
        session[LANGUAGE] = language


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


def next_page() -> str:
    """Where to go afterwards: a page of ours, never another site's."""
    wanted = request.values.get("next", "")
    ours = wanted.startswith("/admin/") and "\\" not in wanted and wanted.isprintable()
    return wanted if ours else url_for("admin.now")
