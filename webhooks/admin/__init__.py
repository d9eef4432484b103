"""The admin's pages: see, understand, change safely. Server-rendered, under /admin; nothing is fetched from elsewhere.

To add a page:

1. What it shows is a function of `plugin/overview/` that takes a transaction (or values) and returns values; it is
   tested without Flask.
2. `webhooks/admin/pages/<name>.py` has `add(pages, desk)`, with the views on the blueprint `pages`. A view is for
   whoever is signed in where it only shows something, and for admins where it takes a form; `gate.open_to` says
   otherwise. It answers with `page.render("<name>", ...)`. What it changes it also writes down, in the same
   transaction: `audit.record(tx, who().name, "customer.grant", subject, now, reason=..., before=..., after=...)`.
3. `templates/admin/<name>.html` extends `base.html`, sets `section` (which entry of the navigation is the present one)
   and fills `title` and `main`; `parts.html` has what several pages draw. A form holds `{{ parts.token() }}`. No style
   and no script stands in a page: the browser would not take it (`page.HEADERS`).
4. A row in `PAGES` here; with a title it is in the navigation.
5. A row for each route in `tests/webhooks/admin/test_routes.py`, which opens all as everybody, with junk.
6. Texts stand in `_("...")`; `python -m webhooks.admin.locale` brings `locale/de.po` up to them, and then somebody says
   them in German. Sentences of the contract are drawn by `{{ sentence | told }}`, with `lang="{{ tongue(sentence) }}"`.
7. Its tests are `tests/webhooks/admin/test_<name>.py`, and a row in the tour of `tests/browser/admin/`, which opens
   every page at both widths, light and dark, and lets axe-core judge it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, Flask, Response, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from plugin.store import StoreUnavailable
from plugin.store.people import Role
from webhooks.admin import signin
from webhooks.admin.desk import Desk
from webhooks.admin.gate import EVERYBODY, Gate, open_to
from webhooks.admin.language import N_, _
from webhooks.admin.page import NAVIGATION, guarded, render
from webhooks.admin.pages import (
    changes,
    correcting,
    customers,
    mapping_edit,
    mapping_files,
    mappings,
    now,
    packages,
    people,
    receipt,
    reports,
    sessions,
    trial,
)
from webhooks.admin.pages import request as one_request
from webhooks.admin.tries import Tries

__all__ = ["PAGES", "Desk", "add_admin_pages"]


@dataclass(frozen=True, slots=True)
class Page:
    """One page: what adds its views, and where it stands in the navigation, if it does."""

    add: Callable[[Blueprint, Desk], None]
    endpoint: str = ""
    title: str = ""
    role: Role | None = None
    """Whom the navigation shows it to; None for everybody."""


PAGES: Final = (
    Page(now.add, "admin.now", N_("Now")),
    Page(one_request.add),
    Page(receipt.add),
    Page(customers.add, "admin.customers", N_("Customers")),
    Page(correcting.add),
    Page(packages.add),
    Page(reports.add, "admin.reports", N_("Reports")),
    Page(mappings.add, "admin.mappings", N_("Mappings")),
    Page(mapping_edit.add),
    Page(mapping_files.add),
    Page(trial.add, "admin.trial", N_("Try it")),
    Page(changes.add, "admin.changes", N_("Changes")),
    Page(people.add, "admin.people", N_("People"), Role.ADMIN),
    Page(sessions.add, "admin.sessions"),
)


def add_admin_pages(app: Flask, desk: Desk) -> None:
    """Add the pages to an application, under /admin. Raises `SettingsError` where OpenID Connect is half set up."""
    gate = Gate(app, desk)
    tries = Tries(desk)
    pages = Blueprint("admin", __name__, url_prefix="/admin", static_folder="static")
    pages.before_request(gate.check)
    # Also what matches no view, such as a method that there is not.
    pages.after_app_request(_guarded)
    pages.register_error_handler(HTTPException, _problem)
    pages.register_error_handler(StoreUnavailable, _unavailable)
    signin.add(pages, desk, tries, _add_openid(pages, desk, tries))
    for page in PAGES:
        page.add(pages, desk)

    @pages.get("/<path:rest>")
    @open_to(EVERYBODY)
    def unknown(rest: str) -> ResponseReturnValue:
        return _said(404, _("There is no page %(page)s.", page=f"/admin/{rest}"))

    app.register_blueprint(pages)
    app.extensions[NAVIGATION] = [each for each in PAGES if each.title]


def _guarded(response: Response) -> Response:
    return guarded(response) if request.path.startswith("/admin") else response


def _add_openid(pages: Blueprint, desk: Desk, tries: Tries) -> Callable[[str], str | None]:
    """Add the views of OpenID Connect, where the settings name a provider: only then is it loaded, which takes a while.

    Returns a function: an ID token -> where the provider ends the session that it is of, None where it does not.
    """
    access = desk.settings.openid()
    if access is None:
        return lambda _token: None
    from webhooks.admin import openid

    return openid.add(pages, desk, tries, access)


def _problem(error: HTTPException) -> ResponseReturnValue:
    sentences = {
        403: _("You may look at this, but only an admin may change it."),
        404: _("There is no such page."),
        429: _("Too many tries. Wait a quarter of an hour, then try again."),
        503: _("Too many sign in at this moment. Try again in a few seconds."),
    }
    if isinstance(error, CSRFError):
        return _said(400, _("This form is not valid any more. Go back, reload the page, and try again."))
    answer = _said(error.code or 500, sentences.get(error.code or 500, error.description or ""))
    # Where a method is wrong, the right ones; where it was too often, when to come again.
    return *answer, {name: value for name, value in error.get_headers() if name in ("Allow", "Retry-After")}


def _unavailable(_error: StoreUnavailable) -> ResponseReturnValue:
    return _said(503, _("The database does not answer. The log says why."))


def _said(status: int, sentence: str) -> tuple[str, int]:
    return render("problem", sentence=sentence), status
