"""One request: everything about it, and what an admin may do about it, which Jira then shows."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from plugin.sandbox.state import Issue
from plugin.store import Store, audit
from plugin.store.people import Role
from tests.road.house import TOO_OLD, House, emptied, house
from tests.webhooks.admin.conftest import Browser, Office, office_at, park


@pytest.fixture
def home(kept_store: Store) -> Iterator[House]:
    with house(emptied(kept_store)) as built:
        yield built


@pytest.fixture
def office(home: House) -> Office:
    return office_at(home)


@pytest.fixture
def admin(office: Office) -> Browser:
    return office.signed_in()


def acted(office: Office) -> list[tuple[str, str, str | None]]:
    """Who did what and why, the last first."""
    with office.store.reading() as tx:
        return [(each.person, each.action, each.reason) for each in audit.changes(tx, 10)]


def press(admin: Browser, issue: Issue, button: str, **form: str) -> str:
    """Press a button on the request's page; what the page says then."""
    page = f"/admin/requests/{issue.key}"
    answer = admin.post(f"{page}/{button}", seen_on=page, **form)
    return admin.get(page).text if answer.status_code == 302 else answer.text


def test_the_page_has_the_receipt_the_history_and_what_was_written(home: House, admin: Browser) -> None:
    issue = home.raised(version=TOO_OLD)
    home.settle()
    home.change(issue, Product_version="26.2")
    home.settle()
    text = admin.get(f"/admin/requests/{issue.key}").text
    assert f"{issue.key} is eligible for support under the agreement of Aurora Robotics (Premium)" in text
    assert '<a href="/admin/mappings/clauses.yaml#C18">C18</a> <a href="/admin/mappings/severities.yaml#L' in text
    assert "Eligibility: eligible instead of not eligible" in text
    assert "is older than what is supported" in text
    assert "to the customer" in text
    assert "note for agents" in text
    assert "A request of kind fault costs 1 credit." in text
    assert "jira:issue_created" in text
    assert '<rect class="open"' in text
    # As they were sent, and not as they were written.
    assert "<p>Hello Mira Castellan,</p>" in text
    assert re.search(r'<li><span class="sign met"[^>]*>✓</span> The agreement of Aurora Robotics runs from', text)


def test_lines_that_may_have_moved_since_are_not_led_to(home: House, office: Office) -> None:
    issue = home.raised()
    home.settle()
    newer = replace(home.mappings, policy=replace(home.mappings.policy, revision="another"))
    pages = replace(office, desk=replace(office.desk, mappings=lambda: newer))
    text = pages.signed_in().get(f"/admin/requests/{issue.key}").text
    assert '<a href="/admin/mappings/severities.yaml">severities.yaml:' in text


def test_a_request_that_nobody_knows_has_no_page(office: Office) -> None:
    assert office.signed_in().get("/admin/requests/SUP-404").status_code == 404


def test_a_viewer_sees_no_buttons(home: House, office: Office) -> None:
    issue = home.raised()
    home.settle()
    text = office.signed_in(Role.VIEWER).get(f"/admin/requests/{issue.key}").text
    assert "Overrule" not in text
    assert "Look at it again" not in text


def test_an_admin_overrules_the_contract_and_takes_it_back(home: House, office: Office, admin: Browser) -> None:
    issue = home.raised(version=TOO_OLD)
    home.settle()
    assert home.shows(issue, "Eligibility") == "Not eligible"
    assert "Say why" in press(admin, issue, "override", eligibility="eligible", reason=" ")
    assert "It is overruled." in press(admin, issue, "override", eligibility="eligible", reason="Promised on the phone")
    home.settle()
    assert home.shows(issue, "Eligibility") == "Eligible"
    assert home.shows(issue, "Contract override reason") == "Promised on the phone (Nora Quist)"
    assert "Overruled by an agent: eligible instead of not eligible." in admin.get(f"/admin/requests/{issue.key}").text

    press(admin, issue, "rules")
    home.settle()
    assert home.shows(issue, "Eligibility") == "Not eligible"
    assert home.shows(issue, "Contract override") is None
    assert acted(office) == [
        ("Nora Quist", "request.rules", None),
        ("Nora Quist", "request.override", "Promised on the phone"),
    ]
    with office.store.reading() as tx:
        back, over = audit.changes(tx, 10)
    assert over.before == {"override": None, "override_reason": None}
    assert back.before == {"override": "eligible", "override_reason": "Promised on the phone (Nora Quist)"}


def test_an_admin_books_an_appointment_in_the_vendors_zone(home: House, office: Office, admin: Browser) -> None:
    issue = home.raised()
    home.settle()
    assert "end after it begins" in press(
        admin, issue, "appointment", begins="2026-11-21T13:00", ends="2026-11-21T09:00"
    )
    assert "with day and time" in press(admin, issue, "appointment", begins="tomorrow", ends="")
    assert "It is booked." in press(admin, issue, "appointment", begins="2026-11-21T09:00", ends="2026-11-21T13:00")
    assert home.shows(issue, "Appointment from") == datetime(2026, 11, 21, 8, tzinfo=UTC)
    home.settle()
    text = admin.get(f"/admin/requests/{issue.key}").text
    assert "counts as open time" in text
    assert '<rect class="appointment"' in text
    press(admin, issue, "appointment/cancel")
    assert home.shows(issue, "Appointment from") is None
    assert [action for _, action, _ in acted(office)] == ["request.appointment"] * 2


def test_what_jira_does_not_take_is_said_and_not_written_down(home: House, office: Office, admin: Browser) -> None:
    issue = home.raised()
    home.settle()
    home.delete(issue)
    text = press(admin, issue, "override", eligibility="eligible", reason="Because")
    assert 'role="alert"' in text
    assert "Because" in text
    assert acted(office) == []


def test_a_parked_request_is_tried_again_or_left_alone(home: House, office: Office, admin: Browser) -> None:
    issue = home.raised()
    home.settle()
    assert "not parked any more" in press(admin, issue, "retry")
    park(home, issue)
    page = admin.get(f"/admin/requests/{issue.key}").text
    assert "It cannot be worked, and waits for a person" in page
    assert "Jira said no." in page
    assert "Say why" in press(admin, issue, "discard", reason="")
    assert "It was put aside" in press(admin, issue, "discard", reason="A test of ours")
    assert "A test of ours (by Nora Quist on 2026-11-20)" in admin.get(f"/admin/requests/{issue.key}").text
    press(admin, issue, "retry")
    [door] = home.doors()
    assert not door.parked
    assert acted(office) == [
        ("Nora Quist", "request.retry", None),
        ("Nora Quist", "request.discard", "A test of ours"),
    ]


def test_an_admin_has_it_looked_at_again(home: House, office: Office, admin: Browser) -> None:
    issue = home.raised()
    home.settle()
    assert "as soon as a worker is free" in press(admin, issue, "look")
    [door] = home.doors()
    assert (door.request_key, door.knocks) == (issue.key, 1)
    assert acted(office) == [("Nora Quist", "request.look", None)]
