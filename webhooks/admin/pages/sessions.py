"""Where somebody is signed in themselves, and how they end what they left open elsewhere."""

from flask import Blueprint, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from plugin.overview.people import browser_text, own_sessions
from plugin.store import audit, people
from plugin.store.people import Role, Session
from webhooks.admin.desk import Desk
from webhooks.admin.gate import open_to, who
from webhooks.admin.page import render


def add(pages: Blueprint, desk: Desk) -> None:
    """Add the views. They are everybody's, for their own sessions."""

    def own(tx: Connection) -> tuple[Session, ...]:
        return own_sessions(tx, who().name, who().subject, desk.now())

    @pages.get("/sessions", endpoint="sessions")
    def show() -> ResponseReturnValue:
        with desk.store.reading() as tx:
            found = own(tx)
        return render("sessions", sessions=found, now=desk.now(), browser=browser_text)

    @pages.post("/sessions/end")
    @open_to(Role.VIEWER)
    def end_session() -> ResponseReturnValue:
        with desk.store.writing() as tx:
            wanted = next((each for each in own(tx) if each.id == request.form.get("session")), None) or abort(404)
            people.end_session(tx, wanted.id)
            _written_down(tx)
        return redirect(url_for("admin.sessions"))

    @pages.post("/sessions/end-others")
    @open_to(Role.VIEWER)
    def end_others() -> ResponseReturnValue:
        with desk.store.writing() as tx:
            if (subject := who().subject) is None:
                people.sign_out_everywhere(tx, who().name, but=who().session)
            else:
                people.sign_out_subject(tx, subject, but=who().session)
            _written_down(tx)
        return redirect(url_for("admin.sessions"))

    def _written_down(tx: Connection) -> None:
        audit.record(tx, who().name, "person.sign_out", who().name, desk.now())
