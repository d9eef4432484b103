"""Who may use the pages: invited, made something else, removed; and every change of it is written down."""

import re

from plugin.store import audit, people
from plugin.store.people import Role
from tests.webhooks.admin.conftest import PASSWORD, Office


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


def test_what_somebody_may_changes_with_their_next_click(office: Office) -> None:
    with_people(office, Ida=Role.ADMIN, Tomas=Role.VIEWER)
    tomas, ida = office.signed_in(Role.VIEWER, "Tomas"), office.signed_in(Role.ADMIN, "Ida")
    assert tomas.get("/admin/people").status_code == 403
    ida.post("/admin/people/Tomas/role", seen_on="/admin/people", role="admin")
    assert tomas.get("/admin/people").status_code == 200
    ida.post("/admin/people/Tomas/remove", seen_on="/admin/people")
    assert tomas.get("/admin/now").status_code == 302
    assert roles(office) == {"Ida": Role.ADMIN}


def test_somebody_stays_an_admin(office: Office) -> None:
    with_people(office, Ida=Role.ADMIN, Tomas=Role.VIEWER)
    ida = office.signed_in(Role.ADMIN, "Ida")
    for path, form in (("role", {"role": "viewer"}), ("remove", {})):
        answer = ida.post(f"/admin/people/Ida/{path}", seen_on="/admin/people", **form)
        assert answer.status_code == 422
        assert "Somebody has to be an admin" in answer.text
    assert roles(office)["Ida"] is Role.ADMIN
    assert ida.post("/admin/people/Nobody/remove", seen_on="/admin/people").status_code == 404
    assert ida.post("/admin/people/Tomas/role", seen_on="/admin/people", role="king").status_code == 400


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
