"""Two admins at one request: each thing is done once, and whoever comes second is told what the first did."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from werkzeug.test import TestResponse

from plugin.sandbox.state import Issue
from plugin.store import Store, audit, doors
from tests.road.house import TOO_OLD, House, emptied, house
from tests.webhooks.admin.conftest import Browser, Office, office_at, park

BOOK = {"begins": "2026-11-21T09:00", "ends": "2026-11-21T13:00"}


@pytest.fixture
def home(kept_store: Store) -> Iterator[House]:
    with house(emptied(kept_store)) as built:
        yield built


@pytest.fixture
def office(home: House) -> Office:
    return office_at(home)


@pytest.fixture
def issue(home: House) -> Issue:
    raised = home.raised(version=TOO_OLD)
    home.settle()
    return raised


@dataclass
class Open:
    """The page of a request in somebody's browser, as it was when they opened it."""

    browser: Browser
    path: str
    fields: dict[str, str]

    def press(self, button: str, **form: str) -> TestResponse:
        return self.browser.post(f"{self.path}/{button}", seen_on=None, **self.fields, **form)

    def told(self, button: str, **form: str) -> str:
        """What the page says then."""
        answer = self.press(button, **form)
        text = self.browser.get(self.path).text if answer.status_code == 302 else answer.text
        said = re.search(r'role="(?:status|alert)">([^<]+)<', text)
        assert said is not None
        return said[1]


def opened(office: Office, issue: Issue, name: str) -> Open:
    browser, path = office.signed_in(name=name), f"/admin/requests/{issue.key}"
    page = browser.get(path).text
    fields = {each: re.findall(rf'name="{each}" value="([^"]+)"', page)[0] for each in ("csrf_token", "seen")}
    return Open(browser, path, fields)


def done(office: Office) -> list[tuple[str, str]]:
    with office.store.reading() as tx:
        return [(each.person, each.action) for each in reversed(audit.changes(tx, 10))]


def test_a_second_override_is_told_of_the_first_and_changes_nothing(home: House, office: Office, issue: Issue) -> None:
    nora, tomas = opened(office, issue, "Nora"), opened(office, issue, "Tomas")
    assert "It is overruled" in nora.told("override", eligibility="eligible", reason="Promised")
    office.clock.advance(minutes=2)
    for button, form in (("override", {"eligibility": "limited", "reason": "Half of it"}), ("rules", {})):
        answer = tomas.press(button, **form)
        assert answer.status_code == 422
        assert "Nora was faster, 2 minutes ago: overruled the contract. Nothing more was done." in answer.text
    assert "Half of it" in tomas.press("override", eligibility="limited", reason="Half of it").text
    assert home.shows(issue, "Contract override reason") == "Promised (Nora)"
    assert done(office) == [("Nora", "request.override")]
    again = opened(office, issue, "Tomas")
    assert "It is overruled" in again.told("override", eligibility="limited", reason="Half of it")
    assert home.shows(issue, "Contract override reason") == "Half of it (Tomas)"


def test_an_appointment_is_booked_once(home: House, office: Office, issue: Issue) -> None:
    nora, tomas = opened(office, issue, "Nora"), opened(office, issue, "Tomas")
    assert "It is booked" in nora.told("appointment", **BOOK)
    other = {"begins": "2026-11-22T09:00", "ends": "2026-11-22T10:00"}
    for button, form in (("appointment", other), ("appointment", BOOK), ("appointment/cancel", {})):
        assert "Nora was faster" in tomas.told(button, **form)
    assert home.shows(issue, "Appointment from") == datetime(2026, 11, 21, 8, tzinfo=UTC)
    assert "It is overruled" in tomas.told("override", eligibility="eligible", reason="Another matter")
    assert done(office) == [("Nora", "request.appointment"), ("Tomas", "request.override")]


def test_a_button_that_is_pressed_twice_does_it_once(office: Office, issue: Issue) -> None:
    nora = opened(office, issue, "Nora")
    for _ in range(2):
        assert "It is overruled" in nora.told("override", eligibility="eligible", reason="Promised")
        assert "It is booked" in nora.told("appointment", **BOOK)
    assert done(office) == [("Nora", "request.override"), ("Nora", "request.appointment")]


def test_of_two_at_the_same_moment_one_does_it(home: House, office: Office, issue: Issue) -> None:
    both = [opened(office, issue, name) for name in ("Nora", "Tomas")]
    with ThreadPoolExecutor(2) as pool:
        said = list(pool.map(lambda each: each.told("override", eligibility="eligible", reason="Promised"), both))
    assert sorted("was faster" in each for each in said) == [False, True]
    [(person, _action)] = done(office)
    assert home.shows(issue, "Contract override reason") == f"Promised ({person})"
    home.settle()
    assert home.doors() == []


def test_while_a_worker_is_inside_nothing_is_set(
    home: House, office: Office, issue: Issue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webhooks.admin.acting._ASKED_EVERY", 0)
    nora = opened(office, issue, "Nora")
    with home.store.writing() as tx:
        door = doors.enter(tx, issue.id, issue.key, "a worker", home.clock(), timedelta(minutes=1))
    assert "looked at at this very moment" in nora.told("override", eligibility="eligible", reason="Promised")
    assert done(office) == []
    with home.store.writing() as tx:
        assert door is not None
        assert doors.leave(tx, door)
    assert "It is overruled" in nora.told("override", eligibility="eligible", reason="Promised")


def test_what_jira_does_not_take_leaves_the_door_as_it_was(home: House, office: Office, issue: Issue) -> None:
    nora = opened(office, issue, "Nora")
    home.delete(issue)
    before = home.doors()
    assert nora.press("override", eligibility="eligible", reason="Promised").status_code == 422
    assert home.doors() == before
    assert done(office) == []


def test_a_parked_request_is_tried_again_or_put_aside_by_one_of_them(home: House, office: Office, issue: Issue) -> None:
    park(home, issue)
    nora, tomas, ida = (opened(office, issue, name) for name in ("Nora", "Tomas", "Ida"))
    nora.press("discard", reason="A test of ours")
    assert "Nora was faster, just now: put it aside." in tomas.told("discard", reason="Something else")
    assert "Nora was faster, just now: put it aside." in tomas.told("retry")
    assert "A test of ours" in tomas.browser.get(tomas.path).text
    assert "tried again as soon as" in opened(office, issue, "Ida").told("retry")
    assert "Ida was faster, just now: had it tried again." in ida.told("discard", reason="Too late")
    assert done(office) == [("Nora", "request.discard"), ("Ida", "request.retry")]


def test_whoever_has_it_looked_at_as_well_is_told_and_no_harm_is_done(office: Office, issue: Issue) -> None:
    nora, tomas = opened(office, issue, "Nora"), opened(office, issue, "Tomas")
    assert "as soon as a worker is free" in nora.told("look")
    assert "as soon as a worker is free" in nora.told("look")
    assert "Nora was faster, just now: had it looked at." in tomas.told("look")
