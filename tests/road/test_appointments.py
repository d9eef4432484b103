"""An agent books a Saturday morning on a request: the response is due earlier, until the appointment is taken back."""

from datetime import UTC, datetime

import pytest

from plugin.sandbox import Flavour, seed
from plugin.store import Store
from tests.road.house import EMIL, MIRA, YUSUF, House, house

WITHOUT = datetime(2026, 11, 23, 11, 30, tzinfo=UTC)
"""8 hours from Friday 14:30 in Berlin: 3.5 of them on Friday, the rest until Monday 12:30."""

BOOKED = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)
"""With four of them on Saturday morning: Monday 8:30."""

MORNING = {
    "Appointment_from": "2026-11-21T09:00:00.000+0100",
    "Appointment_until": "2026-11-21T12:00:00.000+0000",
}
NOTHING: dict[str, str | None] = dict.fromkeys(MORNING)


@pytest.mark.parametrize("flavour", Flavour)
def test_a_booked_saturday_moves_the_due_time_and_taking_it_back_moves_it_back(store: Store, flavour: Flavour) -> None:
    with house(store, seed(flavour)) as home:
        issue = home.raised(MIRA)
        home.settle()
        assert home.shows(issue, "Response due") == WITHOUT
        before = {name: home.shows(issue, name) for name in ("Eligibility", "Credits charged", "Credits left")}

        home.change(issue, **MORNING)
        home.settle()
        assert home.shows(issue, "Response due") == BOOKED
        assert home.own(issue)["response_due"] == BOOKED.isoformat()
        home.forget_traffic()
        home.knock(issue)
        home.settle()
        assert home.writes() == []

        home.change(issue, **NOTHING)
        home.settle()
        assert home.shows(issue, "Response due") == WITHOUT
        assert {name: home.shows(issue, name) for name in before} == before
        assert home.replies(issue) == []


@pytest.mark.parametrize("who", [EMIL, YUSUF])
def test_a_saturday_that_the_tier_does_not_grant_moves_nothing_and_nobody_is_told(home: House, who: str) -> None:
    issue = home.raised(who)
    home.settle()
    due, status = home.shows(issue, "Response due"), home.status(issue)
    home.forget_traffic()
    home.change(issue, **MORNING)
    home.settle()
    assert (home.shows(issue, "Response due"), home.status(issue)) == (due, status)
    assert (home.writes(), home.replies(issue)) == ([], [])


@pytest.mark.parametrize(
    "half",
    [
        {"Appointment_from": MORNING["Appointment_from"]},
        {"Appointment_until": MORNING["Appointment_until"]},
        {"Appointment_from": MORNING["Appointment_until"], "Appointment_until": MORNING["Appointment_from"]},
    ],
    ids=["no end", "no beginning", "the wrong way round"],
)
def test_an_appointment_that_cannot_be_meant_moves_nothing_and_breaks_nothing(
    home: House, half: dict[str, str]
) -> None:
    issue = home.raised(MIRA)
    home.change(issue, **half)
    home.settle()
    assert home.shows(issue, "Response due") == WITHOUT
    assert home.parked() == []
