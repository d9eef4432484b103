"""Who may use these pages: invite somebody, change what they may, sign them out, take it away."""

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from plugin.links import links_of
from plugin.overview.people import people_seen
from plugin.store import audit, keys, openid_people
from plugin.store import people as kept
from plugin.store.keys import Key
from plugin.store.people import Role
from webhooks.admin.desk import Desk
from webhooks.admin.gate import open_to, who
from webhooks.admin.language import _
from webhooks.admin.page import render
from webhooks.admin.roles import still

LONGEST = 200


def add(pages: Blueprint, desk: Desk) -> None:
    """Add the views. For admins only: a viewer is not to know who else is there.

    Whom a form is about stands in it, and not in its address: a name may be anything.
    """
    access = desk.settings.openid()

    def shown(problem: str | None = None, link: str | None = None, invited: str = "") -> str:
        now = desk.now()
        with desk.store.reading() as tx:
            everybody, came = people_seen(tx, now)
        links = links_of(desk.settings)
        may = {each.person.claim: still(each.person.claim, access) for each in came}
        return render(
            "people",
            people=everybody,
            came=came,
            may=may,
            now=now,
            problem=problem,
            link=link,
            invited=invited,
            link_days=links.lasting.days if links else None,
        )

    def last_admin() -> ResponseReturnValue:
        return shown(problem=_("Somebody has to be an admin: make another one first.")), 422

    def done() -> ResponseReturnValue:
        return redirect(url_for("admin.people"))

    @pages.get("/people", endpoint="people")
    @open_to(Role.ADMIN)
    def show() -> ResponseReturnValue:
        return shown()

    @pages.post("/people")
    def invite() -> ResponseReturnValue:
        name, role, now = _name(), _role(), desk.now()
        if not name or len(name) > LONGEST or not name.isprintable():
            return shown(problem=_("Give a name, in printable characters.")), 422
        with desk.store.writing() as tx:
            known = kept.person(tx, name)
            called = known.name if known else name
            if last := role is not Role.ADMIN and kept.is_last_admin(tx, called):
                token = ""
            else:
                token = kept.invite(tx, called, role, who().name, now)
                before = {"role": known.role.value} if known else None
                audit.record(tx, who().name, "person.invite", called, now, before=before, after={"role": role.value})
        return last_admin() if last else shown(link=_address(desk, token), invited=called)

    @pages.post("/people/links")
    def withdraw_links() -> ResponseReturnValue:
        reason, now = request.form.get("reason", "").strip()[:LONGEST], desk.now()
        if not reason:
            return shown(problem=_("Say why: it is kept.")), 422
        with desk.store.writing() as tx:
            keys.make_anew(tx, Key.RECEIPTS)
            audit.record(tx, who().name, "links.withdraw", "receipts", now, reason=reason)
        flash(_("No link that was made until now opens a receipt any more."))
        return done()

    @pages.post("/people/role")
    def set_role() -> ResponseReturnValue:
        role, now = _role(), desk.now()
        with desk.store.writing() as tx:
            known = kept.person(tx, _name()) or abort(404)
            if not (last := role is not Role.ADMIN and kept.is_last_admin(tx, known.name)):
                kept.set_role(tx, known.name, role)
                before, after = {"role": known.role.value}, {"role": role.value}
                audit.record(tx, who().name, "person.role", known.name, now, before=before, after=after)
        return last_admin() if last else done()

    @pages.post("/people/sign-out")
    def sign_out_person() -> ResponseReturnValue:
        with desk.store.writing() as tx:
            known = kept.person(tx, _name()) or abort(404)
            kept.sign_out_everywhere(tx, known.name)
            audit.record(tx, who().name, "person.sign_out", known.name, desk.now())
        return done()

    @pages.post("/people/remove")
    def remove() -> ResponseReturnValue:
        now = desk.now()
        with desk.store.writing() as tx:
            known = kept.person(tx, _name()) or abort(404)
            if not (last := kept.is_last_admin(tx, known.name)):
                kept.remove(tx, known.name)
                audit.record(tx, who().name, "person.remove", known.name, now, before={"role": known.role.value})
        return last_admin() if last else done()

    @pages.post("/people/openid/sign-out")
    def sign_out_openid_person() -> ResponseReturnValue:
        with desk.store.writing() as tx:
            known = openid_people.openid_person(tx, request.form.get("subject", "")) or abort(404)
            kept.sign_out_subject(tx, known.subject)
            audit.record(tx, who().name, "person.sign_out", known.name, desk.now())
        return done()

    @pages.post("/people/openid/forget")
    def forget_openid_person() -> ResponseReturnValue:
        with desk.store.writing() as tx:
            known = openid_people.openid_person(tx, request.form.get("subject", "")) or abort(404)
            openid_people.forget(tx, known.subject)
            audit.record(tx, who().name, "person.remove", known.name, desk.now(), before={"claim": known.claim})
        return done()


def _name() -> str:
    return request.form.get("name", "").strip()


def _role() -> Role:
    try:
        return Role(request.form.get("role", ""))
    except ValueError:
        abort(400)


def _address(desk: Desk, token: str) -> str:
    path = url_for("admin.welcome", token=token)
    return (desk.settings.public_url or request.host_url.rstrip("/")) + path
