"""Every address of the pages, opened by everybody, as it should be and as it should not.

A route that is new has to be written into `ROUTES`: whom it is for, an address of it, and the fields that it reads.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from shutil import copytree
from urllib.parse import quote, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pydantic import SecretStr
from werkzeug.test import TestResponse

from plugin.mappings.watched import Watched
from plugin.store import Store, openid_people, people
from plugin.store.people import Role
from tests.road.house import ACCOUNT, House, house
from tests.webhooks.admin.conftest import settings_of
from tests.webhooks.admin.test_markup import MARKUP, spoil
from webhooks import create_app
from webhooks.admin import Desk
from webhooks.admin.gate import EVERYBODY, PROVIDER
from webhooks.admin.page import HEADERS

BASE = "http://localhost"


@dataclass(frozen=True)
class Route:
    """Whom it is for; an address of it, and one that names what there is not; what it reads of a form or a query."""

    whom: str
    path: str
    unknown: str | None = None
    reads: tuple[str, ...] = ()
    opens: tuple[int, ...] = (200,)
    """What whoever it is for may be answered, when they send `sends`."""
    sends: tuple[tuple[str, str], ...] = ()

    def at(self, place: "Place") -> str:
        """The address, with a link that is good where it needs one."""
        if "/token" not in self.path:
            return self.path
        with place.store.writing() as tx:
            return self.path.replace("token", people.invite(tx, "Ida", Role.VIEWER, MARKUP, place.home.clock()))


REQUEST, NO_REQUEST = "/admin/requests/SUP-1", "/admin/requests/SUP-404"
CUSTOMER, NO_CUSTOMER = "/admin/customers/aurora-robotics", "/admin/customers/nobody"
SAYS_WHAT_IS_MISSING = (422,)
GOES_ON = (302,)
EDIT = ("file", "text", "base", "shape", "reason", "when", "day", "applies_to", "do", "at", "last", "seal", "standing")

V, A = Role.VIEWER, Role.ADMIN
ROUTES = {
    "openid": Route(EVERYBODY, "/admin/openid", reads=("next",), opens=(502,)),
    "openid_back": Route(EVERYBODY, "/admin/openid/back", reads=("code", "state", "error"), opens=(502,)),
    "openid_ended": Route(PROVIDER, "/admin/openid/ended", reads=("logout_token",), opens=(400,)),
    "sign_in": Route(EVERYBODY, "/admin/sign-in", reads=("next",), opens=(200, 302)),
    "signed_in": Route(EVERYBODY, "/admin/sign-in", reads=("name", "password", "next"), opens=(403,)),
    "sign_out": Route(EVERYBODY, "/admin/sign-out", opens=GOES_ON),
    "speak": Route(EVERYBODY, "/admin/language", reads=("language", "next"), opens=GOES_ON),
    "welcome": Route(EVERYBODY, "/admin/welcome/token", "/admin/welcome/none", opens=(200,)),
    "welcomed": Route(
        EVERYBODY, "/admin/welcome/token", "/admin/welcome/none", ("name", "password", "again"), SAYS_WHAT_IS_MISSING
    ),
    "home": Route(EVERYBODY, "/admin/", opens=GOES_ON),
    "unknown": Route(EVERYBODY, "/admin/nowhere", opens=(404,)),
    "receipt": Route(EVERYBODY, "/admin/receipt/none", opens=(404,)),
    "now": Route(V, "/admin/now"),
    "now_live": Route(V, "/admin/now/live", reads=("live",)),
    "one_request": Route(V, REQUEST, NO_REQUEST),
    "look_again": Route(A, f"{REQUEST}/look", f"{NO_REQUEST}/look", ("seen",), GOES_ON),
    "receipt_link": Route(A, f"{REQUEST}/link", f"{NO_REQUEST}/link", ("seen",)),
    "retry": Route(A, f"{REQUEST}/retry", f"{NO_REQUEST}/retry", ("seen",), (302, 422)),
    "discard": Route(A, f"{REQUEST}/discard", None, ("seen", "reason"), SAYS_WHAT_IS_MISSING),
    "override": Route(A, f"{REQUEST}/override", None, ("seen", "eligibility", "reason"), SAYS_WHAT_IS_MISSING),
    "rules_again": Route(A, f"{REQUEST}/rules", f"{NO_REQUEST}/rules", ("seen",), (302, 422)),
    "book": Route(A, f"{REQUEST}/appointment", None, ("seen", "begins", "ends"), SAYS_WHAT_IS_MISSING),
    "cancel": Route(A, f"{REQUEST}/appointment/cancel", f"{NO_REQUEST}/appointment/cancel", ("seen",), (302, 422)),
    "customers": Route(V, "/admin/customers", reads=("q",)),
    "customer": Route(V, CUSTOMER, NO_CUSTOMER, ("booked", "added")),
    "statement": Route(
        V, f"{CUSTOMER}/statement", f"{NO_CUSTOMER}/statement", ("format", "month", "language", "reasons"),
        sends=(("month", "2026-11"),),
    ),
    "preview_correction": Route(
        A, f"{CUSTOMER}/correct/preview", f"{NO_CUSTOMER}/correct/preview", ("of", "units", "reason", "key", "seen"),
        SAYS_WHAT_IS_MISSING,
    ),
    "correct": Route(
        A, f"{CUSTOMER}/correct", f"{NO_CUSTOMER}/correct", ("of", "units", "reason", "key", "seen"),
        SAYS_WHAT_IS_MISSING,
    ),
    "preview_package": Route(
        A, f"{CUSTOMER}/package/preview", f"{NO_CUSTOMER}/package/preview",
        ("credits", "bought", "expires", "reference", "reason", "key", "seal", "standing"), SAYS_WHAT_IS_MISSING,
    ),
    "add_package": Route(
        A, f"{CUSTOMER}/package", f"{NO_CUSTOMER}/package",
        ("credits", "bought", "expires", "reference", "reason", "key", "seal", "standing"), (409, 422),
    ),
    "reports": Route(V, "/admin/reports", reads=("from", "to")),
    "report": Route(V, "/admin/reports/responses.csv", "/admin/reports/none.csv", ("from", "to")),
    "mappings": Route(V, "/admin/mappings"),
    "mapping": Route(V, "/admin/mappings/tiers.yaml", "/admin/mappings/none.yaml", ("saved",)),
    "mapping_edit": Route(A, "/admin/mappings/edit/tiers.yaml", "/admin/mappings/edit/none.yaml", ("as",)),
    "mapping_change": Route(A, "/admin/mappings/change", None, EDIT, (400, 404)),
    "mapping_problems": Route(A, "/admin/mappings/problems", None, EDIT, (400, 404)),
    "mapping_complete": Route(A, "/admin/mappings/complete", None, EDIT, (400, 415)),
    "mapping_preview": Route(A, "/admin/mappings/preview", None, EDIT, (400, 404)),
    "mapping_withdraw": Route(A, "/admin/mappings/withdraw", None, ("name", "at"), (400, 404)),
    "mapping_save": Route(A, "/admin/mappings/save", None, EDIT, (400, 404)),
    "mapping_add": Route(
        A, "/admin/mappings/add", None, ("folder", "name", "like"), sends=(("folder", "agreements"), ("name", "echo"))
    ),
    "mapping_rename": Route(A, "/admin/mappings/rename", None, ("file", "name"), (404,)),
    "mapping_delete": Route(A, "/admin/mappings/delete", None, ("file",), (404,)),
    "mapping_return": Route(A, "/admin/mappings/return/1", None, (), (404,)),
    "trial": Route(V, "/admin/try", reads=("key",)),
    "tried": Route(
        V, "/admin/try", None, ("key", "customer", "raised_by", "product", "version", "at", "raised_at", "summary"),
        (200, 422),
    ),
    "changes": Route(V, "/admin/changes", reads=("before", "subject")),
    "people": Route(A, "/admin/people"),
    "invite": Route(A, "/admin/people", reads=("name", "role"), opens=(400,)),
    "withdraw_links": Route(A, "/admin/people/links", reads=("reason",), opens=SAYS_WHAT_IS_MISSING),
    "set_role": Route(A, "/admin/people/role", reads=("name", "role"), opens=(400,)),
    "sign_out_person": Route(A, "/admin/people/sign-out", reads=("name",), opens=(404,)),
    "remove": Route(A, "/admin/people/remove", reads=("name",), opens=(404,)),
    "sign_out_openid_person": Route(A, "/admin/people/openid/sign-out", reads=("subject",), opens=(404,)),
    "forget_openid_person": Route(A, "/admin/people/openid/forget", reads=("subject",), opens=(404,)),
    "sessions": Route(V, "/admin/sessions"),
    "end_session": Route(V, "/admin/sessions/end", reads=("session",), opens=(404,)),
    "end_others": Route(V, "/admin/sessions/end-others", opens=GOES_ON),
}  # fmt: skip

JUNK = (
    "\0",
    MARKUP,
    "x" * 100_000,
    "9" * 40,
    "9" * 5_000,
    "-1",
    "../../../../etc/passwd",
    "0001-01-01T00:00",
    "9999-12-31T23:59",
    "\ufffe\U0001f600\u202e",
)


ENDS = ("sign_out", "end_others")
"""What ends sessions, and is asked for in one of its own."""

NAMES = {"SUP-1", "aurora-robotics", "tiers.yaml", "responses.csv", "none", "nowhere", "1"}
"""What stands for something in an address."""


MANY = 20
"""Fields of a form, above which it is not gone through one by one."""


class Visit:
    """Somebody's browser, which complains of whatever no answer may be."""

    def __init__(self, place: "Place", role: Role | None) -> None:
        self._client: FlaskClient = place.app.test_client()
        if role is not None:
            with place.store.writing() as tx:
                token = people.sign_in(tx, MARKUP, role, place.home.clock())
            with self._client.session_transaction(base_url=f"{BASE}/admin/") as session:
                session["held"] = token
        page = self._client.get("/admin/sessions" if role else "/admin/sign-in", base_url=BASE).text
        self._token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
        self._wrong = place.wrong

    def ask(self, method: str, path: str, token: bool = True, **form: str) -> TestResponse:
        if method == "GET":
            answer = self._client.get(path, base_url=BASE, query_string=form)
        else:
            sent = {**form, "csrf_token": self._token} if token else form
            answer = self._client.open(path, method=method, base_url=BASE, data=sent)
        return self._judged(f"{method} {path} { {name: value[:60] for name, value in form.items()} }", answer)

    def ask_json(self, path: str, asked: object) -> TestResponse:
        headers = {"X-CSRFToken": self._token}
        return self._judged(
            f"{path} {asked!r}",
            self._client.post(
                path, base_url=BASE, data=json.dumps(asked), headers=headers, content_type="application/json"
            ),
        )

    def _judged(self, asked: str, answer: TestResponse) -> TestResponse:
        self._wrong += [f"{asked}: {each}" for each in objections(answer)]
        return answer


def objections(answer: TestResponse) -> Iterator[str]:
    """What no answer may be, whatever was asked."""
    if answer.status_code >= 500 and answer.status_code not in (502, 503):
        yield f"answers {answer.status_code}"
    for name, value in HEADERS.items():
        if name != "Referrer-Policy" and answer.headers.get(name) != value:
            yield f"has {name}: {answer.headers.get(name)}"
    if answer.headers.get("Referrer-Policy") not in ("same-origin", "no-referrer"):
        yield "tells others where it was"
    if answer.headers.get("Cache-Control") != "no-store":
        yield f"may be kept: {answer.headers.get('Cache-Control')}"
    if answer.location and (urlsplit(answer.location).netloc or not answer.location.startswith("/admin/")):
        yield f"leads away to {answer.location}"
    if answer.mimetype == "text/html":
        for pattern in (r"<img", r"<script(?! src=\"/admin/static/)", r"\son\w+=", r"\sstyle=", r"javascript:"):
            # What is escaped may look so within a value.
            if re.search(pattern, re.sub(r"&lt;.*?&gt;", "", answer.text, flags=re.DOTALL)):
                yield f"holds {pattern}"


@dataclass
class Place:
    """The pages, over a request that was worked, with markup in whatever a customer, Jira or a person said."""

    app: Flask
    home: House
    wrong: list[str] = field(default_factory=list)
    _visits: dict[Role | None, Visit] = field(default_factory=dict)

    @property
    def store(self) -> Store:
        return self.home.store

    def visit(self, role: Role | None, anew: bool = False) -> Visit:
        """A browser of somebody who is that; one is enough for all that does not end its session."""
        if anew or role not in self._visits:
            self._visits[role] = Visit(self, role)
        return self._visits[role]

    def objections(self) -> list[str]:
        """What was wrong with any answer until now."""
        found, self.wrong[:] = list(self.wrong), []
        return found

    def rules(self) -> Iterator[tuple[str, str, Route]]:
        """Each route's name, its method, and what is said of it here."""
        for rule in self.app.url_map.iter_rules():
            name = rule.endpoint.removeprefix("admin.")
            if name in ROUTES:
                yield name, "POST" if "POST" in (rule.methods or ()) and name != "unknown" else "GET", ROUTES[name]


@contextmanager
def furnished(store: Store, folder: Path) -> Iterator[Place]:
    with house(store) as home:
        issue = home.raised()
        home.settle()
        spoil(home, issue.id)
        home.clock.advance(minutes=5)
        settings = settings_of(
            jira_url=home.sandbox.url,
            jira_email=ACCOUNT,
            jira_token=SecretStr(home.person(ACCOUNT).token),
            jira_flavour="cloud",
            mappings_dir=str(copytree("mappings", folder / "mappings")),
            admin_pages="on",
            public_url=BASE,
            oidc_issuer="http://127.0.0.1:1",
            oidc_client_id="support-contract",
            oidc_client_secret=SecretStr("between us"),
            oidc_admins=("support-admins",),
        )
        desk = Desk(settings, store, Watched(folder / "mappings").look, home.pause, home.clock)
        with store.writing() as tx:
            openid_people.came(tx, MARKUP, MARKUP, MARKUP, home.clock())
            people.accept(tx, people.invite(tx, MARKUP, Role.VIEWER, MARKUP, home.clock()), "", "x", home.clock())
        yield Place(create_app(settings, store, desk=desk), home)


@pytest.fixture(scope="module")
def place(kept_store: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with furnished(kept_store, tmp_path_factory.mktemp("place")) as place:
        yield place


def test_every_route_is_here_and_is_for_whom_it_is_said_to_be(place: Place) -> None:
    marks = {}
    for rule in place.app.url_map.iter_rules():
        if rule.endpoint.startswith("admin.") and rule.endpoint != "admin.static":
            default = Role.ADMIN if "POST" in (rule.methods or ()) else Role.VIEWER
            view = place.app.view_functions[rule.endpoint]
            marks[rule.endpoint.removeprefix("admin.")] = view.__dict__.get("open_to", default)
    assert marks == {name: route.whom for name, route in ROUTES.items()}


@pytest.mark.parametrize("role", [None, Role.VIEWER, Role.ADMIN])
def test_each_is_opened_by_whom_it_is_for_and_by_nobody_else(place: Place, role: Role | None) -> None:
    wrong = []
    for name, method, route in sorted(place.rules(), key=lambda rule: rule[0] in ENDS):
        visit = place.visit(role, anew=name in ENDS)
        if method == "POST" and route.whom != PROVIDER:
            answer = visit.ask("POST", route.at(place), token=False)
            if answer.status_code != 400:
                wrong.append(f"{name} without a token: {answer.status_code}")
        answer = visit.ask(method, route.at(place), **dict(route.sends))
        if route.whom in (EVERYBODY, PROVIDER) or (role and (role is Role.ADMIN or route.whom == role)):
            fits = answer.status_code in route.opens
        elif role is None:
            fits = answer.status_code == 302 and answer.location.startswith("/admin/sign-in")
        else:
            fits = answer.status_code == 403
        if not fits:
            wrong.append(f"{name}: {answer.status_code}, {answer.location}")
    assert wrong + place.objections() == []


def test_another_method_and_what_there_is_not_are_answered_with_a_page(place: Place) -> None:
    admin, wrong = place.visit(Role.ADMIN, anew=True), []
    known = {(route.path, method) for _name, method, route in place.rules()}
    for name, method, route in place.rules():
        for other in ("GET", "POST", "PUT", "DELETE", "PATCH"):
            if (route.path, other) in known:
                continue
            answer = admin.ask(other, route.path)
            if answer.status_code not in (400, 404, 405):
                wrong.append(f"{other} at {name}: {answer.status_code}")
        if route.unknown and (code := admin.ask(method, route.unknown, **dict(route.sends)).status_code) != 404:
            wrong.append(f"{method} {route.unknown}: {code}")
    assert wrong + place.objections() == []


class Forms(HTMLParser):
    """The forms of a page: where each is sent to, and what is in it when nobody has touched it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: dict[str, dict[str, str]] = {}
        self._fields: dict[str, str] = {}
        self._text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._fields = {}
        if where := told.get("action" if tag == "form" else "formaction"):
            self.found[urlsplit(where).path] = self._fields
        if "name" in told and tag in ("input", "select", "textarea", "button"):
            self._fields.setdefault(told["name"], told.get("value", ""))
        self._text = told.get("name", "") if tag == "textarea" else ""

    def handle_data(self, data: str) -> None:
        if self._text:
            self._fields[self._text] += data


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
def test_junk_is_answered_without_harm(store: Store, tmp_path: Path) -> None:
    """On PostgreSQL, which takes less as text and as a number than SQLite does."""
    with furnished(store, tmp_path) as place:
        admin, forms = place.visit(Role.ADMIN), {}
        rules = [rule for rule in place.rules() if rule[0] not in (*ENDS, "withdraw_links")]
        for _name, method, route in rules:
            if method == "GET" and route.opens == (200,):
                forms |= Forms(admin.ask("GET", route.at(place)).text).found
        assert len(forms) > 20, "forms are found"
        for _name, method, route in rules:
            path, filled = route.at(place), forms.get(route.path, {}) if method == "POST" else {}
            reads = {*route.reads, *filled} - {"csrf_token"}
            large = len(reads) > MANY
            # Of a file that there is not, nothing more is read.
            kept = {name: filled[name] for name in filled.keys() & {"file"}}
            for junk in JUNK[:: 3 if large else 1]:
                if reads:
                    admin.ask(method, path, **{**dict.fromkeys(reads, junk), **kept})
                for part in NAMES & set(path.split("/")) if len(junk) < 10_000 else ():
                    admin.ask(method, path.replace(f"/{part}", f"/{quote(junk, safe='')}"))
            for each in () if large else reads:
                for junk in JUNK[4:5]:
                    admin.ask(method, path, **{**filled, each: junk})
        for asked in ([], None, {"file": "\0", "text": "\ud800", "at": "\0"}, {"file": [], "text": {}, "at": 1}):
            admin.ask_json("/admin/mappings/complete", asked)
        assert place.objections() == []
