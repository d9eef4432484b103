"""One request: what was decided on it and why, how it came to that, and what an agent may do about it."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from webhooks.admin.desk import Desk
from webhooks.admin.page import render


def add(pages: Blueprint, desk: Desk) -> None:
    """Add the views."""
    _ = desk

    @pages.get("/requests/<key>", endpoint="one_request")
    def show(key: str) -> ResponseReturnValue:
        return render("request", key=key)
