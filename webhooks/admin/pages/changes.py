"""Every change that was made from these pages."""

from typing import Final

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from plugin.store import audit
from webhooks.admin.desk import Desk
from webhooks.admin.page import render
from webhooks.admin.sent import number

AT_ONCE: Final = 100


def add(pages: Blueprint, desk: Desk) -> None:
    """Add the view."""

    @pages.get("/changes")
    def changes() -> ResponseReturnValue:
        before, subject = request.args.get("before", type=number), request.args.get("subject") or None
        with desk.store.reading() as tx:
            found = audit.changes(tx, AT_ONCE + 1, subject, before)
        more = found[AT_ONCE - 1].id if len(found) > AT_ONCE else None
        return render("changes", changes=found[:AT_ONCE], more=more, subject=subject)
