"""Back into the agents' queue: a request that we asked something about, and that is answered, waits no more."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from plugin.sandbox import Flavour, Kind, seed
from plugin.store import Store
from tests.road.house import MIRA, NEWEST, TOO_OLD, UNCLEAR, House, emptied, house, sqlite_store

BACK = "Respond to support"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with sqlite_store(tmp_path_factory.mktemp("queue")) as store:
        yield store


@pytest.fixture(params=Flavour)
def home(kept: Store, request: pytest.FixtureRequest) -> Iterator[House]:
    with house(emptied(kept), seed(Flavour(request.param))) as built:
        yield built


def transitions(home: House) -> list[str]:
    return [write for write in home.writes() if "/transitions" in write]


def test_a_request_goes_back_once_its_version_is_supported_and_then_stays_where_the_agents_put_it(home: House) -> None:
    issue = home.raised(version=TOO_OLD)
    home.settle()
    assert home.status(issue) == "Waiting for customer"
    home.change(issue, by=MIRA, Product_version=NEWEST)
    home.settle()
    assert (home.shows(issue, "Eligibility"), home.status(issue)) == ("Eligible", "Waiting for support")
    assert home.own(issue)["waited"]

    home.transition(issue, "Respond to customer")  # an agent's own question
    home.forget_traffic()
    for environment in ("Test", "Production"):
        home.change(issue, Usage_environment=environment)
        home.settle()
    assert home.status(issue) == "Waiting for customer"
    assert transitions(home) == []


def test_an_agents_own_question_on_a_request_that_we_ask_nothing_about_is_left_alone(home: House) -> None:
    issue = home.raised()
    home.transition(issue, "Respond to customer")
    home.settle()
    assert (home.shows(issue, "Eligibility"), home.status(issue)) == ("Eligible", "Waiting for customer")
    assert transitions(home) == []


def test_a_request_that_is_still_asked_about_something_goes_on_waiting(home: House) -> None:
    issue = home.raised(version=UNCLEAR)
    home.settle()
    home.change(issue, by=MIRA, Product_version=TOO_OLD)
    home.settle()
    assert (home.shows(issue, "Eligibility"), home.status(issue)) == ("Not eligible", "Waiting for customer")


@pytest.mark.parametrize("taken", ["Start work", "Resolve this issue"])
def test_it_is_taken_back_from_no_other_status(home: House, taken: str) -> None:
    issue = home.raised(version=TOO_OLD)
    home.settle()
    home.transition(issue, taken, "Done" if "Resolve" in taken else None)
    where = home.status(issue)
    home.settle()
    home.forget_traffic()
    home.change(issue, Product_version=NEWEST)
    home.settle()
    assert (home.shows(issue, "Eligibility"), home.status(issue)) == ("Eligible", where)
    assert transitions(home) == []


def test_without_a_status_to_go_back_to_it_stays(home: House) -> None:
    home.mappings = replace(home.mappings, declared=replace(home.mappings.declared, waiting_back=None))
    issue = home.raised(version=TOO_OLD)
    home.settle()
    home.change(issue, Product_version=NEWEST)
    home.settle()
    assert (home.shows(issue, "Eligibility"), home.status(issue)) == ("Eligible", "Waiting for customer")


def test_a_crash_between_transition_and_fields_takes_it_once(home: House) -> None:
    issue = home.raised(version=TOO_OLD)
    home.settle()
    home.forget_traffic()
    home.change(issue, Product_version=NEWEST)
    home.fault(Kind.BROKEN, "PUT", f"/issue/{issue.id}$")
    home.settle()
    assert (home.shows(issue, "Eligibility"), home.status(issue)) == ("Eligible", "Waiting for support")
    assert len(transitions(home)) == 1


def test_a_transition_whose_answer_was_lost_is_not_taken_twice(home: House) -> None:
    issue = home.raised(version=TOO_OLD)
    home.settle()
    home.forget_traffic()
    home.change(issue, Product_version=NEWEST)
    home.fault(Kind.RESET_AFTER, "POST", "/transitions$")
    home.settle()
    assert (home.shows(issue, "Eligibility"), home.status(issue)) == ("Eligible", "Waiting for support")
    assert len(transitions(home)) == 1


def test_a_transition_that_jira_refuses_is_said_and_not_tried_for_ever(home: House) -> None:
    issue = home.raised(version=TOO_OLD)
    home.settle()
    home.forget_traffic()
    home.change(issue, Product_version=NEWEST)
    home.fault(Kind.FORBIDDEN, "POST", "/transitions$")
    home.settle()
    home.knock(issue)
    home.settle()
    assert (home.shows(issue, "Eligibility"), home.status(issue)) == ("Eligible", "Waiting for customer")
    assert len(transitions(home)) == 1
    assert [log["request"] for log in home.logs if log["event"] == "transition refused"] == [issue.key]


@pytest.mark.parametrize("flavour", Flavour)
def test_a_transition_that_is_not_offered_is_said_once(kept: Store, flavour: Flavour) -> None:
    site = seed(flavour)
    site = replace(site, transitions=tuple(each for each in site.transitions if each.name != BACK))
    with house(emptied(kept), site) as home:
        issue = home.raised(version=TOO_OLD)
        home.settle()
        home.change(issue, Product_version=NEWEST)
        home.settle()
        home.knock(issue)
        home.settle()
        assert (home.shows(issue, "Eligibility"), home.status(issue)) == ("Eligible", "Waiting for customer")
        said = [log["wanted"] for log in home.logs if log["event"] == "transition not offered"]
        assert said == ["Waiting for support"]
