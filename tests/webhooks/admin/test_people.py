"""Who may use the pages: invited, made something else, removed; and every change of it is written down."""

import re

import pytest
from pydantic import SecretStr
from werkzeug.test import TestResponse

from plugin.store import Store, audit, openid_people, people
from plugin.store.people import OpenIdLogin, Role
from tests.road.house import Clock, emptied
from tests.webhooks.admin.conftest import PASSWORD, Browser, Office, office_over, settings_of


def with_people(office: Office, **roles: Role) -> None:
    with office.store.writing() as tx:
        for name, role in roles.items():
            token = people.invite(tx, name, role, "the test", office.clock())
            assert people.accept(tx, token, "", "hashed", office.clock())


def roles(office: Office) -> dict[str, Role]:
    with office.store.reading() as tx:
        return {each.name: each.role for each in people.people(tx)}


def test_an_invited_person_sets_a_password_and_looks(office: Office) -> None:
    page = office.signed_in().post("/admin/people", seen_on="/admin/people", name="Tomas Berg", role="viewer").text
    link = re.search(r"http://localhost(/admin/welcome/[\w-]+)", page)
    assert link is not None
    browser = office.browser()
    browser.post(link[1], seen_on=link[1], name="Tomas Berg", password=PASSWORD, again=PASSWORD)
    assert "Tomas Berg" in browser.get("/admin/now").text
    assert browser.get("/admin/people").status_code == 403
    assert roles(office) == {"Tomas Berg": Role.VIEWER}
    with office.store.reading() as tx:
        done = [(each.person, each.action, each.subject) for each in audit.changes(tx, 10)]
    assert done == [
        ("Tomas Berg", "person.password", "Tomas Berg"),
        ("Nora Quist", "person.invite", "Tomas Berg"),
    ]


def about(admin: Browser, what: str, **form: str) -> TestResponse:
    return admin.post(f"/admin/people/{what}", seen_on="/admin/people", **form)


def done(office: Office) -> list[tuple[str, str, str]]:
    with office.store.reading() as tx:
        return [(each.person, each.action, each.subject) for each in audit.changes(tx, 10)]


def test_what_somebody_may_changes_with_their_next_click(office: Office) -> None:
    with_people(office, Ida=Role.ADMIN, Tomas=Role.VIEWER)
    tomas, ida = office.signed_in(Role.VIEWER, "Tomas"), office.signed_in(Role.ADMIN, "Ida")
    assert tomas.get("/admin/people").status_code == 403
    about(ida, "role", name="Tomas", role="admin")
    assert tomas.get("/admin/people").status_code == 200
    about(ida, "role", name="tomas", role="viewer")
    assert tomas.post("/admin/people", seen_on="/admin/now", name="Eve", role="admin").status_code == 403
    about(ida, "remove", name="Tomas")
    assert tomas.get("/admin/now").status_code == 302
    assert roles(office) == {"Ida": Role.ADMIN}


def test_somebody_stays_an_admin(office: Office) -> None:
    with_people(office, Ida=Role.ADMIN, Tomas=Role.VIEWER)
    ida = office.signed_in(Role.ADMIN, "Ida")
    for what, form in (("/role", {"role": "viewer"}), ("/remove", {}), ("", {"role": "viewer"})):
        for name in ("Ida", " IDA "):
            answer = ida.post(f"/admin/people{what}", seen_on="/admin/people", name=name, **form)
            assert answer.status_code == 422
            assert "Somebody has to be an admin" in answer.text
    assert roles(office)["Ida"] is Role.ADMIN
    for what in ("remove", "sign-out"):
        assert about(ida, what, name="Nobody").status_code == 404
    assert about(ida, "role", name="Tomas", role="king").status_code == 400


def test_whoever_is_the_last_admin_by_now_is_not_made_a_viewer_by_an_old_link(office: Office) -> None:
    with_people(office, Ida=Role.ADMIN, Tomas=Role.ADMIN)
    with office.store.writing() as tx:
        token = people.invite(tx, "Tomas", Role.VIEWER, "Ida", office.clock())
        people.remove(tx, "Ida")
        people.accept(tx, token, "", "hashed", office.clock())
    assert roles(office) == {"Tomas": Role.ADMIN}


def test_any_name_can_be_taken_back(office: Office) -> None:
    names = ("a/b", "..", "?role=admin", "<b>&\"'", "people")
    with_people(office, **dict.fromkeys(names, Role.VIEWER), Ida=Role.ADMIN)
    ida = office.signed_in(Role.ADMIN, "Ida")
    page = ida.get("/admin/people").text
    assert "<b>" not in page
    for name in names:
        assert about(ida, "role", name=name, role="admin").status_code == 302
        assert about(ida, "remove", name=name).status_code == 302
    assert roles(office) == {"Ida": Role.ADMIN}


def test_an_admin_signs_somebody_out_on_every_node(office: Office) -> None:
    with_people(office, Ida=Role.ADMIN, Tomas=Role.VIEWER)
    ida, here, there = office.signed_in(Role.ADMIN, "Ida"), *(office.signed_in(Role.VIEWER, "Tomas") for _ in range(2))
    assert "2 sessions, last click just now" in ida.get("/admin/people").text
    about(ida, "sign-out", name="Tomas")
    assert [each.get("/admin/now").status_code for each in (here, there, ida)] == [302, 302, 200]
    assert done(office)[0] == ("Ida", "person.sign_out", "Tomas")


def come(office: Office, subject: str, name: str, claim: str) -> Browser:
    """Come by OpenID Connect, as whoever signs in there does."""
    login = OpenIdLogin(subject, claim, None, "a.b.c")
    with office.store.writing() as tx:
        token = people.sign_in(tx, name, Role.ADMIN, office.clock(), openid=login)
        openid_people.came(tx, subject, name, claim, office.clock())
    return office.holding(token)


@pytest.fixture
def with_openid(kept_store: Store) -> Office:
    settings = settings_of(
        oidc_issuer="https://login.vendor.example",
        oidc_client_id="support-contract",
        oidc_client_secret=SecretStr("between us"),
        oidc_admins=("support-admins",),
        oidc_viewers=("support",),
    )
    return office_over(emptied(kept_store), Clock(), settings)


def test_whoever_came_by_openid_connect_is_on_the_list_with_what_let_them_in(with_openid: Office) -> None:
    office = with_openid
    come(office, "17", "mia@vendor.example", "support")
    come(office, "18", "jon@vendor.example", "left-long-ago")
    office.clock.advance(minutes=50)
    nora = come(office, "19", "nora@vendor.example", "support-admins")
    page = nora.get("/admin/people").text
    rows = {name: page.partition(f"<strong>{name}")[2].partition("</li>")[0] for name in ("mia@", "jon@", "nora@")}
    assert ">viewer<" in rows["mia@"]
    assert "by support, first on" in rows["mia@"]
    assert "last seen 50 minutes ago" in rows["mia@"]
    assert "session," not in rows["mia@"]
    assert "may not come any more" in rows["jon@"]
    assert ">admin<" in rows["nora@"]
    assert "1 session, last click just now" in rows["nora@"]


def test_whoever_came_by_openid_connect_is_signed_out_and_taken_off_the_list(with_openid: Office) -> None:
    office = with_openid
    nora, mia = (come(office, each, f"{each}@vendor.example", "support-admins") for each in ("nora", "mia"))
    namesake = office.signed_in(Role.VIEWER, "mia@vendor.example")
    about(nora, "openid/sign-out", subject="mia")
    assert mia.get("/admin/now").status_code == 302
    assert "mia@vendor.example" in nora.get("/admin/people").text
    mia = come(office, "mia", "mia@vendor.example", "support-admins")
    about(nora, "openid/forget", subject="mia")
    assert mia.get("/admin/now").status_code == 302
    assert "mia@vendor.example" not in nora.get("/admin/people").text
    assert namesake.get("/admin/now").status_code == 200, "somebody with a password is somebody else"
    for what in ("sign-out", "forget"):
        assert about(nora, f"openid/{what}", subject="mia").status_code == 404
    assert [action for _who, action, _whom in done(office)] == ["person.remove", "person.sign_out"]


def test_a_name_that_two_have_is_of_two_people(with_openid: Office) -> None:
    office = with_openid
    with_people(office, Ida=Role.ADMIN, Tomas=Role.ADMIN)
    guest = come(office, "20", "Tomas", "support")
    about(office.signed_in(Role.ADMIN, "Ida"), "role", name="Tomas", role="admin")
    assert guest.get("/admin/people").status_code == 403
    about(office.signed_in(Role.ADMIN, "Ida"), "remove", name="Tomas")
    assert guest.get("/admin/now").status_code == 200


def test_changes_are_listed_page_by_page_and_by_what_they_changed(office: Office) -> None:
    with office.store.writing() as tx:
        for number in range(150):
            subject = "SUP-1" if number % 2 else "<b>SUP-2</b>"
            after = {"override": "<i>eligible</i>"}
            audit.record(tx, "Ida", f"request.{number}.", subject, office.clock(), reason="<u>", after=after)
    admin = office.signed_in()
    first = admin.get("/admin/changes").text
    assert "request.149." in first
    assert "request.49." not in first
    assert "<b>" not in first
    assert "<i>" not in first
    assert "<u>" not in first
    older = re.search(r'href="(/admin/changes\?before=\d+)"', first)
    assert older is not None
    second = admin.get(older[1]).text
    assert "request.49." in second
    assert "request.0." in second
    one = admin.get("/admin/changes?subject=SUP-1").text
    assert "request.149." in one
    assert "request.148." not in one


def test_no_link_outlives_what_it_was_made_for(office: Office) -> None:
    with_people(office, Ida=Role.ADMIN, Tomas=Role.ADMIN)
    ida, tomas = office.signed_in(Role.ADMIN, "Ida"), office.signed_in(Role.ADMIN, "Tomas")

    def link(by: Browser, name: str, role: Role) -> str:
        page = by.post("/admin/people", seen_on="/admin/people", name=name, role=role.value).text
        return page.partition("http://localhost")[2].partition("<")[0]

    def good(*links: str) -> list[bool]:
        return [office.browser().get(each).status_code == 200 for each in links]

    again, another, hers = link(ida, "Tomas", Role.ADMIN), link(tomas, "Eve", Role.ADMIN), link(ida, "Jon", Role.VIEWER)
    assert good(again, another, hers) == [True, True, True]
    about(ida, "role", name="Tomas", role="viewer")
    assert good(again, another, hers) == [False, False, True]
    again = link(ida, "Tomas", Role.VIEWER)
    about(ida, "remove", name="Tomas")
    assert good(again, hers) == [False, True]


def test_no_link_outlives_somebody_who_is_taken_off_the_list(with_openid: Office) -> None:
    nora, mia = (come(with_openid, each, each, "support-admins") for each in ("nora", "mia"))
    page = mia.post("/admin/people", seen_on="/admin/people", name="Eve", role="admin").text
    link = page.partition("http://localhost")[2].partition("<")[0]
    about(nora, "openid/forget", subject="mia")
    assert with_openid.browser().get(link).status_code == 404


def test_links_lead_to_our_own_address_whatever_name_we_are_asked_by(kept_store: Store) -> None:
    settings = settings_of(admin_pages="on", public_url="https://support.vendor.example")
    office = office_over(emptied(kept_store), Clock(), settings)
    with office.store.writing() as tx:
        token = people.sign_in(tx, "Ida", Role.ADMIN, office.clock())
    admin = office.holding(token, "https://elsewhere.example")
    page = admin.post("/admin/people", seen_on="/admin/people", name="Eve", role="admin").text
    assert "https://support.vendor.example/admin/welcome/" in page
    assert "elsewhere" not in page
