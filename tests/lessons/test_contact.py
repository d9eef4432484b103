"""Who may ask, and what others are told: what went wrong elsewhere (the numbers are those of README.md here)."""

import pytest

from plugin.contract.decision import Decision
from plugin.contract.model import Organization, Person
from tests.lessons.shipped import AURORA, BRENNHAUS, fault, judged, reasons, shipped

PIA = Person("Pia Lindqvist", email="pia.lindqvist@aurora-robotics.example")
KIM = Person("Kim Stranger", email="kim@elsewhere.example")
FORGED = Person("Mira Castellan", account="somebody", email="mira.castellan@aurora-robotics.example.attacker.example")
PARTNER = Organization("77", "Partner GmbH")


def reply(decision: Decision, language: str = "en") -> str:
    return shipped().replies.letter(decision, "whoever asked", language)


def private(text: str) -> list[str]:
    """What of Aurora's own affairs stands in a text: who its contacts are, how many seats are taken."""
    return [each for each in ("Mira", "Castellan", "Jonas", "Feld", "2 of", "5") if each in text]


def test_a_colleague_is_told_whom_to_ask() -> None:
    """Lesson 45: https://github.com/docker/docs/pull/5801: give the requester a way forward."""
    told = reply(judged(fault(raised_by=PIA)))
    assert "ask Mira Castellan or Jonas Feld to raise it for you, or to have you added" in told
    assert "2 of the 5 contacts" in told


@pytest.mark.parametrize(
    ("person", "organizations"),
    [
        pytest.param(PIA, (), id="by the domain of an address alone"),
        pytest.param(KIM, (AURORA, PARTNER), id="shared with a partner, who reads the answer"),
        pytest.param(PIA, (AURORA, PARTNER), id="a colleague, but a partner reads the answer"),
        pytest.param(KIM, (PARTNER,), id="somebody else's organization"),
        pytest.param(PIA, (PARTNER,), id="the address says so, Jira does not"),
        pytest.param(KIM, (), id="nobody"),
        pytest.param(FORGED, (), id="an address that only begins like theirs"),
        pytest.param(PIA, (Organization("77", "Aurora"),), id="an organization of a like name"),
        pytest.param(PIA, (AURORA, BRENNHAUS), id="two customers at once"),
    ],
)
@pytest.mark.parametrize("language", ["en", "de"])
def test_who_the_contacts_are_is_not_told_to_strangers_and_they_have_a_way_forward(
    person: Person, organizations: tuple[Organization, ...], language: str
) -> None:
    """Lesson 45: https://github.com/docker/docs/pull/5801: do not reveal the authorised contacts to strangers."""
    decision = judged(fault(raised_by=person, organizations=organizations))
    told = reply(decision, language)
    assert decision.eligibility.value.waits
    assert private(told) == []
    assert "Brennhaus" not in told
    assert told.strip().endswith({"en": "Your support team", "de": "Ihr Support-Team"}[language])
    assert {"en": "Just answer here", "de": "Antworten Sie einfach hier"}[language] in told


def test_nothing_that_the_customer_is_told_names_another_customer() -> None:
    """Lesson 46: https://github.com/uvdesk/api-bundle/issues/80: what one customer reads is their own."""
    several = judged(fault(raised_by=KIM, organizations=(AURORA, BRENNHAUS)))
    assert reasons(several) == ["customer_ambiguous"]
    assert not any(name in reply(several) for name in ("Aurora", "Brennhaus"))
    # The agent is told.
    assert "Aurora Robotics, Brennhaus Medical" in several.customer.findings[0].sentence
