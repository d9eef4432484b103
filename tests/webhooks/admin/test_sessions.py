"""Where somebody is signed in themselves: they see it, and end what they left open."""

import re

import pytest

from plugin.store import audit, people
from plugin.store.people import OpenIdLogin, Role
from tests.webhooks.admin.conftest import Browser, Office


def ids(page: str) -> list[str]:
    return re.findall(r'name="session" value="(\w+)"', page)


@pytest.mark.parametrize("role", Role)
def test_everybody_ends_their_own_sessions_and_no_others(office: Office, role: Role) -> None:
    here, there, third = (office.signed_in(role, "Tomas") for _ in range(3))
    ida = office.signed_in(Role.ADMIN, "Ida")
    page = here.get("/admin/sessions").text
    assert page.count(">this one<") == 1
    assert len(ids(page)) == 2
    [another, *_] = ids(office.signed_in(Role.ADMIN, "Ida").get("/admin/sessions").text)
    assert here.post("/admin/sessions/end", seen_on="/admin/now", session=another).status_code == 404
    assert here.post("/admin/sessions/end", seen_on="/admin/now").status_code == 404
    assert ida.get("/admin/now").status_code == 200
    here.post("/admin/sessions/end", seen_on="/admin/now", session=ids(page)[0])
    assert sorted(each.get("/admin/now").status_code for each in (there, third)) == [200, 302]
    here.post("/admin/sessions/end-others", seen_on="/admin/now")
    assert [each.get("/admin/now").status_code for each in (here, there, third, ida)] == [200, 302, 302, 200]
    with office.store.reading() as tx:
        assert {(each.person, each.action) for each in audit.changes(tx, 9)} == {("Tomas", "person.sign_out")}
    assert "Nowhere else." in here.get("/admin/sessions").text


def test_a_session_says_from_where_and_with_what_it_is(office: Office) -> None:
    login = OpenIdLogin("17", "support", None, "a.b.c")
    agent = "Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0"
    with office.store.writing() as tx:
        people.sign_in(tx, "Tomas", Role.VIEWER, office.clock(), address="203.0.113.7", agent=agent)
        people.sign_in(tx, "Tomas", Role.VIEWER, office.clock(), openid=login, address="198.51.100.4", agent=agent)
    tomas: Browser = office.signed_in(Role.VIEWER, "Tomas")
    page = tomas.get("/admin/sessions").text
    assert "Firefox, Linux" in page
    assert "from 203.0.113.7" in page
    assert "198.51.100.4" not in page, "of that name there are two people"
