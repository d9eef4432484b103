"""The receipt of one request, for whoever has its link from a note: to be read, and nothing else.

Who signed in already comes to the whole page of the request instead.
"""

from typing import Final

from flask import Blueprint, Response, make_response, redirect, url_for
from flask.typing import ResponseReturnValue

from plugin.links import PATH, opened
from plugin.overview.request import request_seen
from plugin.store import keys, responses
from plugin.store.keys import Key
from webhooks.admin.desk import Desk
from webhooks.admin.drawing import days
from webhooks.admin.gate import EVERYBODY, open_to, visitor
from webhooks.admin.page import render

NOT_TOLD: Final = {"Referrer-Policy": "no-referrer"}
"""The address is the key: no other site is to learn it."""


def add(pages: Blueprint, desk: Desk) -> None:
    """Add the view."""

    @pages.get(f"/{PATH}<token>", endpoint="receipt")
    @open_to(EVERYBODY)
    def show(token: str) -> ResponseReturnValue:
        mappings, now = desk.mappings(), desk.now()
        with desk.store.reading() as tx:
            secret = keys.known(tx, Key.RECEIPTS)
            link = opened(secret, token) if secret and desk.settings.receipt_link_days else None
            if link is None:
                return _closed("unknown", 404)
            # Of a request that was deleted, or moved away, the receipt is not for everybody any more.
            served = responses.is_counted(tx, link.request_id)
            seen = request_seen(tx, link.request_id, mappings.policy, desk.recorded) if served else None
        if seen is None:
            return _closed("gone", 410)
        if visitor() is not None:
            return redirect(url_for("admin.one_request", key=seen.key))
        if link.ends_at <= now:
            return _closed("over", 410, key=seen.key, ended=link.ends_at)
        return _answer(
            render(
                "receipt",
                seen=seen,
                drawn=days(seen.strip.days) if seen.strip else None,
                tiers={tier.id: tier.name for tier in mappings.policy.tiers},
                now=now,
                jira=desk.settings.jira_url,
                ends_at=link.ends_at,
            )
        )


def _closed(why: str, status: int, **values: object) -> Response:
    return _answer(render("receipt_closed", why=why, **values), status)


def _answer(page: str, status: int = 200) -> Response:
    return make_response(page, status, NOT_TOLD)
