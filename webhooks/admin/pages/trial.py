"""Try it: a request typed, or a real one with something changed, decided at any moment. Nothing is written anywhere."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from plugin.mappings.load import Mappings
from plugin.overview import trial
from plugin.overview.trial import NotTried
from plugin.store.decisions import Kept
from plugin.store.people import Role
from webhooks.admin.desk import Desk
from webhooks.admin.gate import open_to
from webhooks.admin.language import _
from webhooks.admin.page import render
from webhooks.admin.trial_form import Form, asked_in, choices, empty, filled, happened, rows


def add(pages: Blueprint, desk: Desk) -> None:
    """Add the views. Whoever may look may try."""

    def known(key: str | None) -> Kept | None:
        if key is None:
            return None
        with desk.store.reading() as tx:
            return trial.recorded(tx, key)

    def shown(mappings: Mappings, typed: MultiDict[str, str], **more: object) -> str:
        values = {"wrong": {}, "problem": None, "tried": None, "real": None, **more}
        return render("trial", typed=typed, choices=choices(mappings), rows=rows, happened=happened, **values)

    @pages.get("/try", endpoint="trial")
    def show() -> ResponseReturnValue:
        mappings, key = desk.mappings(), (request.args.get("key") or "").strip() or None
        kept = known(key)
        typed = empty(desk.now(), mappings)
        if key is not None and kept is None:
            return shown(mappings, typed, problem=_("No request %(key)s was decided on yet.", key=key)), 404
        if kept is None:
            return shown(mappings, typed)
        try:
            return shown(mappings, filled(kept, desk.now(), mappings), real=kept.content["request"]["key"])
        except NotTried as error:
            return shown(mappings, typed, problem=str(error)), 422

    @pages.post("/try", endpoint="tried")
    @open_to(Role.VIEWER)
    def decide() -> ResponseReturnValue:
        mappings, typed = desk.mappings(), request.form
        key = typed.get("key", "").strip() or None
        kept = known(key)
        form = Form(typed, mappings.policy.zone)
        asked = asked_in(form, mappings)
        real = kept.content["request"]["key"] if kept else None
        if form.wrong:
            return shown(mappings, typed, wrong=form.wrong, real=real), 422
        try:
            return shown(mappings, typed, tried=trial.tried(asked, mappings, kept), real=real)
        except NotTried as error:
            return shown(mappings, typed, problem=str(error), real=real), 422
