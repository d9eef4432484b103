"""An agent's override, from the field on the request to all that follows from it; and the customer's language."""

from tests.road.house import MIRA, TOO_OLD, House

EMIL = "emil.sandor@brennhaus-medical.example"


def test_an_override_wins_survives_every_look_and_ends_when_it_is_cleared(home: House) -> None:
    issue = home.raised(version=TOO_OLD)
    home.settle()
    assert home.shows(issue, "Eligibility") == "Not eligible"

    home.change(issue, Contract_override="Eligible")
    home.settle()
    assert home.shows(issue, "Eligibility") == "Not eligible"
    assert "gives no reason" in home.shows(issue, "Eligibility reason")

    home.change(issue, Contract_override_reason="Goodwill, update planned for January")
    home.settle()
    for _ in range(3):
        home.knock(issue)
        home.settle()
    assert (home.shows(issue, "Eligibility"), home.shows(issue, "Credits charged")) == ("Eligible", 1)
    assert home.shows(issue, "Response due") is not None
    assert home.shows(issue, "Eligibility reason").startswith(
        "Overruled by an agent: eligible instead of not eligible."
    )
    assert len(home.replies(issue)) == 1

    home.change(issue, Contract_override=None)
    home.settle()
    assert (home.shows(issue, "Eligibility"), home.shows(issue, "Credits charged")) == ("Not eligible", 0)
    assert home.sums_to_zero()


def test_a_reply_is_written_in_the_language_in_which_the_customer_used_the_portal(home: House) -> None:
    german, english = home.raised(EMIL, version=TOO_OLD), home.raised(MIRA, version=TOO_OLD)
    home.settle()
    assert home.replies(german)[0].body.startswith("Guten Tag Dr. Emil Sandor,")
    assert home.replies(english)[0].body.startswith("Hello Mira Castellan,")
