"""How things stand now, and what needs a person first. The page renews itself."""

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from plugin.overview.now import now as look
from webhooks.admin.desk import Desk
from webhooks.admin.drawing import bars
from webhooks.admin.gate import EVERYBODY, open_to
from webhooks.admin.page import part, render


def add(pages: Blueprint, desk: Desk) -> None:
    """Add the views."""

    def shown() -> dict[str, object]:
        at = desk.now()
        with desk.store.reading() as tx:
            seen = look(tx, at)
        mappings = desk.mappings()
        return {
            "now": seen,
            "chart": bars(seen.webhooks),
            "tiers": {tier.id: tier.name for tier in mappings.policy.tiers},
            "customers": {each.customer: each.name for each in mappings.agreements},
            "pause": desk.pause,
        }

    @pages.get("/")
    @open_to(EVERYBODY)
    def home() -> ResponseReturnValue:
        return redirect(url_for("admin.now"))

    @pages.get("/now")
    def now() -> ResponseReturnValue:
        return render("now", **shown())

    @pages.get("/now/live")
    def now_live() -> ResponseReturnValue:
        return part("now", "live", **shown())
