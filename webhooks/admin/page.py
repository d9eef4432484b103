"""A page: a template of `templates/admin`, filled in, everything in it escaped; and the headers that guard it."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Final

from flask import Response, current_app, get_flashed_messages, request, url_for
from flask_wtf.csrf import generate_csrf
from jinja2 import Environment, PackageLoader, StrictUndefined

from webhooks.admin import language, tongue, wiki
from webhooks.admin.gate import visitor

STATIC: Final = Path(__file__).parent / "static"

NAVIGATION: Final = "admin_navigation"
"""Where an application keeps the pages that are in the navigation."""

HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""Nothing runs, looks or is fetched but what we ship; nobody frames us (https://owasp.org/www-project-secure-headers/)."""


@cache
def environment() -> Environment:
    """What templates are read by, with all that they may call."""
    environment = Environment(
        loader=PackageLoader("webhooks.admin", "templates/admin"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        _=language._,
        plural=language.plural,
        csrf_token=generate_csrf,
        here=lambda: request.full_path.rstrip("?"),
        languages=language.LANGUAGES,
        navigation=lambda: current_app.extensions[NAVIGATION],
        reader=language.reader,
        said=get_flashed_messages,
        static=static,
        tongue=tongue.tongue,
        url_for=url_for,
        visitor=visitor,
    )
    environment.filters.update(
        ago=language.ago_text,
        blocks=wiki.blocks,
        day=language.day_text,
        moment=language.moment_text,
        month=language.month_text,
        number=language.number_text,
        percent=language.percent_text,
        signed=language.signed_text,
        time=language.time_text,
        told=tongue.told,
        weekday=language.weekday_text,
        whole_month=language.whole_month_text,
    )
    return environment


def render(template: str, /, **values: object) -> str:
    """The page `<template>.html`, filled in."""
    return environment().get_template(f"{template}.html").render(values)


def part(template: str, block: str, /, **values: object) -> str:
    """One block of it, for a page that renews itself."""
    found = environment().get_template(f"{template}.html")
    return "".join(found.blocks[block](found.new_context(values)))


def static(name: str) -> str:
    """The address of a file of ours: another one after every change of it, so that browsers may keep it."""
    return url_for("admin.static", filename=name, v=_version(name))


def guarded(response: Response) -> Response:
    """Add the headers to an answer, where its view has not said otherwise.

    Pages are not kept by anybody: they are of one person, at one moment.
    """
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint == "admin.static":
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    else:
        response.headers["Cache-Control"] = "no-store"
        response.headers["Content-Language"] = language.reader().language
        response.vary.add("Accept-Language")
    return response


@cache
def _version(name: str) -> str:
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
