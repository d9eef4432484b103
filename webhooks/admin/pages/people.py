"""Who may use these pages with a password: invite somebody, change what they may, take it away."""

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from plugin.links import links_of
from plugin.store import audit, keys
from plugin.store import people as kept
from plugin.store.keys import Key
from plugin.store.people import Role
from webhooks.admin.desk import Desk
from webhooks.admin.gate import open_to, who
from webhooks.admin.language import _
from webhooks.admin.page import render

LONGEST = 200


def add(pages: Blueprint, desk: Desk) -> None:
    """Add the views. For admins only: a viewer is not to know who else is there."""

    def shown(problem: str | None = None, link: str | None = None, invited: str = "") -> str:
        with desk.store.reading() as tx:
            everybody = kept.people(tx)
        links = links_of(desk.settings)
        return render(
            "people",
            people=everybody,
            roles=list(Role),
            problem=problem,
            link=link,
            invited=invited,
            link_days=links.lasting.days if links else None,
        )

    @pages.get("/people", endpoint="people")
    @open_to(Role.ADMIN)
    def show() -> ResponseReturnValue:
        return shown()

    @pages.post("/people")
    def invite() -> ResponseReturnValue:
        name, role, now = request.form.get("name", "").strip(), _role(), desk.now()
        if not name or len(name) > LONGEST or not name.isprintable():
            return shown(problem=_("Give a name, in printable characters.")), 422
        with desk.store.writing() as tx:
            known = kept.person(tx, name)
            called = known.name if known else name
            token = kept.invite(tx, called, role, who().name, now)
            before = {"role": known.role.value} if known else None
            audit.record(tx, who().name, "person.invite", called, now, before=before, after={"role": role.value})
        return shown(link=_address(desk, token), invited=called)

    @pages.post("/people/links")
    def withdraw_links() -> ResponseReturnValue:
        reason, now = request.form.get("reason", "").strip()[:LONGEST], desk.now()
        if not reason:
            return shown(problem=_("Say why: it is kept.")), 422
        with desk.store.writing() as tx:
            keys.make_anew(tx, Key.RECEIPTS)
            audit.record(tx, who().name, "links.withdraw", "receipts", now, reason=reason)
        flash(_("No link that was made until now opens a receipt any more."))
        return redirect(url_for("admin.people"))

    @pages.post("/people/<name>/role")
    def set_role(name: str) -> ResponseReturnValue:
        role, now = _role(), desk.now()
        with desk.store.writing() as tx:
            known = kept.person(tx, name) or abort(404)
            if not (last := role is not Role.ADMIN and _is_last_admin(kept.people(tx), name)):
                kept.set_role(tx, known.name, role)
                before, after = {"role": known.role.value}, {"role": role.value}
                audit.record(tx, who().name, "person.role", known.name, now, before=before, after=after)
        if last:
            return shown(problem=_("Somebody has to be an admin: make another one first.")), 422
        return redirect(url_for("admin.people"))

    @pages.post("/people/<name>/remove")
    def remove(name: str) -> ResponseReturnValue:
        now = desk.now()
        with desk.store.writing() as tx:
            known = kept.person(tx, name) or abort(404)
            if not (last := _is_last_admin(kept.people(tx), known.name)):
                kept.remove(tx, known.name)
                audit.record(tx, who().name, "person.remove", known.name, now, before={"role": known.role.value})
        if last:
            return shown(problem=_("Somebody has to be an admin: make another one first.")), 422
        return redirect(url_for("admin.people"))


def _role() -> Role:
    try:
        return Role(request.form.get("role", ""))
    except ValueError:
        abort(400)


def _is_last_admin(everybody: tuple[kept.Person, ...], name: str) -> bool:
    return {each.name for each in everybody if each.role is Role.ADMIN} == {name}


def _address(desk: Desk, token: str) -> str:
    path = url_for("admin.welcome", token=token)
    return (desk.settings.public_url or request.host_url.rstrip("/")) + path
