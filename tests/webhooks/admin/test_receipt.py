"""The receipt behind a link: whoever has it reads that one request, and nothing else, until it runs out."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from plugin.links import Links, signed
from plugin.sandbox.records import Issue
from plugin.store import Store, audit, keys, retention
from plugin.store.keys import Key
from plugin.store.people import Role
from tests.road.house import AGENT, JONAS, TOO_OLD, House, emptied, house
from tests.webhooks.admin.conftest import Browser, Office, office_over, settings_of
from webhooks import create_app

PUBLIC = "https://support.vendor.example"


@pytest.fixture
def home(kept_store: Store) -> Iterator[House]:
    with house(emptied(kept_store)) as built:
        built.links = Links(f"{PUBLIC}/admin/", timedelta(days=30))
        yield built


@pytest.fixture
def office(home: House) -> Office:
    """Return an office of another process than that of the workers, which others reach."""
    settings = settings_of(admin_pages="on", public_url=PUBLIC, jira_url=home.sandbox.url)
    return office_over(home.store, home.clock, settings)


@pytest.fixture
def agent(office: Office) -> Browser:
    """An agent's browser, who never signed in."""
    return office.browser(PUBLIC)


def link_in(home: House, issue: Issue) -> str:
    """The path that the newest note leads to."""
    found = re.findall(re.escape(PUBLIC) + r"(/admin/receipt/[^|\]]+)\]", home.notes(issue)[-1].body)
    path: str = found[-1]
    return path


def raised(home: House) -> Issue:
    issue = home.raised(version=TOO_OLD)
    home.settle()
    return issue


def test_the_link_in_the_note_opens_the_receipt_for_whoever_has_it(home: House, agent: Browser) -> None:
    issue = raised(home)
    answer = agent.get(link_in(home, issue))
    assert answer.status_code == 200
    assert f"{issue.key} is not eligible for support under the agreement of Aurora Robotics (Premium)" in answer.text
    assert "C21 releases.yaml:" in answer.text
    assert f'href="{home.sandbox.url}/browse/{issue.key}"' in answer.text
    german = agent.get(link_in(home, issue), Accept_Language="de").text
    assert '<html lang="de">' in german
    assert "Was entschieden wurde" in german


def test_it_is_to_be_read_and_leads_nowhere_else(home: House, agent: Browser) -> None:
    home.raised(JONAS)
    issue = raised(home)
    answer = agent.get(link_in(home, issue))
    for nothing in ("<form", "<button", "<script", "<input", "csrf"):
        assert nothing not in answer.text, nothing
    links = re.findall(r'<a [^>]*href="([^"]+)"', answer.text)
    assert links == ["#main", f"{home.sandbox.url}/browse/{issue.key}"]
    assert "SUP-1 " not in answer.text
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Robots-Tag"].startswith("noindex")
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert '<meta name="robots" content="noindex' in answer.text
    assert agent.get(f"/admin/requests/{issue.key}").status_code == 302


def test_a_link_that_has_run_out_says_so_and_how_to_come_by_another(home: House, agent: Browser) -> None:
    issue = raised(home)
    link = link_in(home, issue)
    home.clock.advance(days=30)
    answer = agent.get(link)
    assert answer.status_code == 410
    assert "This link has run out" in answer.text
    assert f'href="/admin/requests/{issue.key}"' in answer.text
    assert "Aurora Robotics" not in answer.text
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "abgelaufen" in agent.get(link, Accept_Language="de").text


def test_forged_cut_off_and_withdrawn_links_look_alike(home: House, agent: Browser) -> None:
    issue = raised(home)
    link = link_in(home, issue)
    with home.store.writing() as tx:
        keys.make_anew(tx, Key.RECEIPTS)
    forged = signed("0" * 64, issue.id, home.clock() + timedelta(days=1))
    said = {agent.get(each).text for each in (link, link[:-1], f"/admin/receipt/{forged}", "/admin/receipt/x")}
    assert len(said) == 1
    assert "This link opens nothing" in said.pop()
    assert agent.get(link).status_code == 404


def test_the_receipt_of_a_deleted_request_is_gone(home: House, agent: Browser) -> None:
    issue = raised(home)
    link = link_in(home, issue)
    home.delete(issue)
    home.settle()
    answer = agent.get(link)
    assert answer.status_code == 410
    assert "not here any more" in answer.text
    assert issue.key not in answer.text


def test_while_a_request_is_elsewhere_its_receipt_is_nobodys(home: House, agent: Browser) -> None:
    issue = raised(home)
    link, here = link_in(home, issue), issue.key
    home.sandbox.jira.move(issue, home.person(AGENT), "OPS-1")
    home.settle()
    assert agent.get(link).status_code == 410
    home.sandbox.jira.move(issue, home.person(AGENT), here)
    home.settle()
    assert agent.get(link).status_code == 200


def test_so_is_that_of_a_request_whose_history_was_forgotten(home: House, agent: Browser) -> None:
    issue = raised(home)
    link = link_in(home, issue)
    home.transition(issue, "Resolve this issue", "Done")
    home.settle()
    with home.store.writing() as tx:
        assert retention.forget(tx, home.clock() + timedelta(days=1)) == 1
    assert agent.get(link).status_code == 410


def test_before_any_link_was_made_none_opens_anything(agent: Browser) -> None:
    forged = signed("", "1", datetime(2100, 1, 1, tzinfo=UTC))
    assert agent.get(f"/admin/receipt/{forged}").status_code == 404


def test_who_signed_in_comes_to_the_whole_page(home: House, office: Office) -> None:
    issue = raised(home)
    viewer = office.signed_in(Role.VIEWER)
    assert viewer.get(link_in(home, issue)).location == f"/admin/requests/{issue.key}"


def test_where_the_pages_are_for_this_machine_alone_so_are_receipts(home: House) -> None:
    issue = raised(home)
    office = office_over(home.store, home.clock, settings_of(public_url=PUBLIC))
    client = create_app(office.settings, office.store, desk=office.desk).test_client()
    assert client.get(link_in(home, issue), base_url=PUBLIC).status_code == 404
    assert client.get(link_in(home, issue), base_url="http://localhost").status_code == 200


def test_where_no_links_are_wanted_any_more_the_old_ones_open_nothing(home: House) -> None:
    issue = raised(home)
    settings = settings_of(admin_pages="on", public_url=PUBLIC, receipt_link_days=0)
    office = office_over(home.store, home.clock, settings)
    assert office.browser(PUBLIC).get(link_in(home, issue)).status_code == 404
    page = office.signed_in().get(f"/admin/requests/{issue.key}").text
    assert "Make a link" not in page
    assert office.signed_in().post(f"/admin/requests/{issue.key}/link", seen_on="/admin/now").status_code == 404


def test_an_admin_makes_a_link_and_withdraws_all(home: House, office: Office, agent: Browser) -> None:
    issue = raised(home)
    admin, page = office.signed_in(), f"/admin/requests/{issue.key}"
    found = re.search(re.escape(PUBLIC) + r"(/admin/receipt/[\w.]+)", admin.post(f"{page}/link", seen_on=page).text)
    assert found is not None
    assert agent.get(found[1]).status_code == 200
    answer = admin.post("/admin/people/links", seen_on="/admin/people", reason="Somebody left")
    assert answer.status_code == 302
    assert agent.get(found[1]).status_code == 404
    with home.store.reading() as tx:
        done = [(each.action, each.subject, each.reason) for each in audit.changes(tx, 10)]
    assert done == [("links.withdraw", "receipts", "Somebody left"), ("request.link", issue.key, None)]
