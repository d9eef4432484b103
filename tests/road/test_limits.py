"""What limits a request without refusing it, and what is asked about, from the customer's words to Jira's fields."""

import pytest

from tests.road.house import AGENT, MIRA, SESSION, TOO_OLD, YUSUF, House


def test_an_unknown_platform_is_asked_about_and_the_answer_opens_the_request_by_itself(home: House) -> None:
    issue = home.raised()
    home.change(issue, Platform="Other")
    home.settle()
    assert (home.shows(issue, "Eligibility"), home.status(issue)) == ("Needs information", "Waiting for customer")
    assert "Windows and Linux" in home.replies(issue)[0].body

    home.change(issue, MIRA, Platform="Linux")
    home.settle()
    assert (home.shows(issue, "Eligibility"), home.shows(issue, "Credits charged")) == ("Eligible", 1)
    assert home.shows(issue, "Response due") is not None


def test_third_party_software_is_helped_with_and_its_limit_said_without_making_the_customer_wait(home: House) -> None:
    issue = home.raised()
    home.change(issue, MIRA, **{"Third-party software": "Selenium 4"})
    home.settle()
    [reply] = home.replies(issue)
    assert "Selenium" in reply.body
    assert "Before we can work on it" not in reply.body
    assert (home.shows(issue, "Eligibility"), home.status(issue)) == ("Limited", "Waiting for support")
    assert home.shows(issue, "Credits charged") == 1


@pytest.mark.parametrize(("who", "eligibility"), [(MIRA, "Eligible"), (YUSUF, "Not eligible")])
def test_a_modification_is_refused_where_no_authorization_is_on_file(home: House, who: str, eligibility: str) -> None:
    issue = home.raised(who, type="Suggest an improvement")
    home.change(issue, who, Modified_by_customer="Yes")
    home.settle()
    assert home.shows(issue, "Eligibility") == eligibility
    assert len(home.replies(issue)) == (eligibility == "Not eligible")


def test_a_session_on_basic_is_refused_and_the_request_taken_up_all_the_same(home: House) -> None:
    issue = home.raised(YUSUF, type=SESSION)
    home.settle()
    [reply] = home.replies(issue)
    assert "Premium or Advanced" in reply.body
    assert (home.shows(issue, "Eligibility"), home.status(issue)) == ("Limited", "Waiting for support")


def test_a_lowered_severity_is_told_and_a_corrected_answer_counts_from_the_first_moment(home: House) -> None:
    issue = home.raised(environment="Test")
    home.change(issue, MIRA, Stated_severity="Severity 1")
    home.settle()
    [reply] = home.replies(issue)
    assert "usage environment" in reply.body
    assert (home.shows(issue, "Eligibility"), home.status(issue)) == ("Eligible", "Waiting for support")
    assert (home.shows(issue, "Ruled severity"), home.shows(issue, "Stated severity")) == ("Severity 3", "Severity 1")

    home.clock.advance(hours=3)
    home.change(issue, AGENT, Usage_environment="Production")
    home.settle()
    at_once = home.raised()
    home.settle()
    assert home.shows(issue, "Ruled severity") == "Severity 1"
    # Raised three hours before the other one, within the same opening hours.
    assert home.shows(issue, "Response due") < home.shows(at_once, "Response due")
    assert len(home.replies(issue)) == 1


def test_patch_eligibility_is_shown_to_the_agent(home: House) -> None:
    grave, old = home.raised(), home.raised(version=TOO_OLD)
    home.settle()
    shown = [home.shows(each, "Patch eligibility") for each in (grave, old)]
    assert shown == ["Patch", "Next maintenance release"]
