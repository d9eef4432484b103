"""JSM's own SLA held against the contract: in every guise, with each fault that an administrator can make."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from plugin.cli.sla import FIRST_RESPONSE, audit
from plugin.contract.measured import Cause
from plugin.sandbox import Guise, seed
from plugin.sandbox.records import Issue
from plugin.store import Store
from tests.road.house import AGENT, IMPAIRED, MIRA, TOO_OLD, House, house
from tests.road.test_appointments import MORNING

HOLY = datetime(2026, 12, 23, 10, 0, tzinfo=UTC)
"""A Wednesday: 12 hours from 11:00 in Berlin end on Thursday; 24 hours only after Christmas."""


@pytest.fixture(params=list(Guise))
def home(store: Store, request: pytest.FixtureRequest) -> Iterator[House]:
    with house(store, seed(Guise(request.param))) as built:
        yield built


@pytest.fixture
def single(store: Store) -> Iterator[House]:
    with house(store, seed(Guise.COMPANY_MANAGED)) as built:
        yield built


def told(home: House, issue: Issue) -> dict[Cause, str]:
    """Why the request's SLA ends at another moment, each cause with its sentence."""
    found = audit(home.client(), home.store, home.mappings, "created >= -30d", FIRST_RESPONSE, home.clock())
    [audited] = [each for each in found if each.key == issue.key]
    return {each.cause: each.sentence for each in audited.why}


def test_where_jsm_is_set_up_as_the_recipe_says_nothing_differs_and_each_fault_is_named(home: House) -> None:
    home.clock.now = HOLY
    issue = home.raised(MIRA, impact="No outage")
    home.settle()
    sla = home.sandbox.sla
    assert told(home, issue) == {}

    del sla.closed[date(2026, 12, 25)]
    assert told(home, issue) == {Cause.HOLIDAY: "Its calendar is open on Fri 25 Dec 2026 (Christmas Day)."}
    sla.closed[date(2026, 12, 25)] = "Christmas Day"

    goal = ("Premium", "Severity 3")
    sla.goals[goal] = timedelta(hours=6)
    assert told(home, issue) == {Cause.GOAL: "Its goal is 6 h; the contract gives 24 h."}
    sla.goals[goal] = timedelta(hours=12)
    assert told(home, issue) == {
        Cause.SEVERITY: "Its goal is 12 h, that of severity 2; the request has severity 3 now."
    }
    sla.goals[goal] = timedelta(hours=24)

    home.clock.advance(hours=2)
    sla.pauses[issue.key] = [(HOLY + timedelta(hours=1), HOLY + timedelta(hours=2))]
    assert told(home, issue) == {Cause.PAUSED: "It was paused for 1 h; here nothing pauses."}
    sla.pauses.clear()

    sla.starts[issue.key] = HOLY + timedelta(hours=1)
    assert list(told(home, issue)) == [Cause.START]
    sla.starts.clear()
    assert told(home, issue) == {}

    home.sandbox.jira.comment(issue, home.person(AGENT), "We are on it.", public=True)
    assert told(home, issue) == {}


def test_what_is_not_measured_and_what_is_not_due_is_told(single: House) -> None:
    asked, refused = single.raised(MIRA), single.raised(MIRA, version=TOO_OLD)
    # Nothing is written yet: JSM has nothing to choose a goal by.
    assert list(told(single, asked)) == [Cause.NOT_MEASURED, Cause.NOT_WRITTEN]
    single.settle()
    assert told(single, asked) == {}
    [(cause, sentence)] = told(single, refused).items()
    assert cause is Cause.NOT_DUE
    assert "run once the customer has done what is asked" in sentence


def test_a_goal_by_fields_that_are_not_written_yet_is_told_so(single: House) -> None:
    issue = single.raised(MIRA, impact=IMPAIRED)
    single.settle()
    single.change(issue, Business_impact="Totally non-operational")
    assert list(told(single, issue)) == [Cause.NOT_WRITTEN, Cause.SEVERITY]
    single.settle()
    assert told(single, issue) == {}


def test_hours_and_appointments_that_jsm_does_not_know_are_told(single: House) -> None:
    issue = single.raised(MIRA)
    single.settle()
    single.change(issue, **MORNING)
    single.settle()
    assert list(told(single, issue)) == [Cause.APPOINTMENT]
    single.change(issue, **dict.fromkeys(MORNING))
    single.settle()
    single.sandbox.sla.closes = single.sandbox.sla.closes.replace(hour=17)
    assert list(told(single, issue)) == [Cause.CALENDAR]
