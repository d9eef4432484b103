"""Whose request is it?"""

import pytest

from plugin.contract.matching import find_agreement
from plugin.contract.model import NoAgreement, Organization, Person
from tests.plugin.contract.builders import AURORA_ORG, BIRCH_ORG, agreement, request

AURORA = agreement()
BIRCH = agreement(
    customer="birch",
    name="Birch Instruments",
    organization_ids=("102",),
    organization_names=("Birch Instruments",),
    domains=("birch.example",),
)
BOTH = (AURORA, BIRCH)


def test_an_organization_id_finds_its_agreement() -> None:
    assert find_agreement(request(organizations=(BIRCH_ORG,)), BOTH) is BIRCH


def test_an_organization_id_counts_more_than_another_customers_name_or_domain() -> None:
    renamed = Organization("102", "Aurora Robotics")
    assert find_agreement(request(organizations=(renamed,)), BOTH) is BIRCH


def test_an_organization_name_finds_its_agreement_in_any_case() -> None:
    anew = Organization("777", "BIRCH instruments")
    assert find_agreement(request(organizations=(anew,)), BOTH) is BIRCH


def test_an_organization_name_counts_more_than_another_customers_domain() -> None:
    anew = Organization("777", "Birch Instruments")
    assert request().raised_by.email == "mira@aurora-robotics.example"
    assert find_agreement(request(organizations=(anew,)), BOTH) is BIRCH


@pytest.mark.parametrize("email", [" Mira@BIRCH.example ", '"mira@home"@birch.example'])
def test_an_email_domain_finds_the_agreement_of_a_request_without_organization(email: str) -> None:
    guest = Person("Mira Vogt", email=email)
    assert find_agreement(request(organizations=(), raised_by=guest), BOTH) is BIRCH


def test_a_domain_that_only_ends_alike_is_another_one() -> None:
    guest = Person("Someone", email="someone@notbirch.example")
    assert find_agreement(request(organizations=(), raised_by=guest), BOTH) == NoAgreement()


def test_an_agreement_without_domains_is_not_found_by_a_person_without_email() -> None:
    undomained = agreement(domains=("",))
    assert find_agreement(request(organizations=(), raised_by=Person("Nobody")), (undomained,)) == NoAgreement()


def test_two_agreements_that_fit_equally_well_are_asked_about() -> None:
    found = find_agreement(request(organizations=(AURORA_ORG, BIRCH_ORG)), BOTH)
    assert found == NoAgreement(("Aurora Robotics", "Birch Instruments"))


def test_two_that_share_a_domain_are_asked_about() -> None:
    twin = agreement(customer="twin", name="Aurora Labs", organization_ids=("103",), organization_names=())
    found = find_agreement(request(organizations=()), (AURORA, twin))
    assert found == NoAgreement(("Aurora Robotics", "Aurora Labs"))


def test_two_organizations_of_one_customer_are_no_riddle() -> None:
    wide = agreement(organization_ids=("101", "102"))
    assert find_agreement(request(organizations=(AURORA_ORG, BIRCH_ORG)), (wide,)) is wide


def test_nobody_known_is_no_agreement() -> None:
    stranger = Person("Someone", email="someone@elsewhere.example")
    assert find_agreement(request(organizations=(), raised_by=stranger), BOTH) == NoAgreement()
    assert find_agreement(request(), ()) == NoAgreement()


def test_an_email_domain_says_nothing_once_the_help_desk_has_placed_the_request_elsewhere() -> None:
    stranger = Organization("999", "Somebody Else")
    assert request().raised_by.email == "mira@aurora-robotics.example"
    assert find_agreement(request(organizations=(stranger,)), BOTH) == NoAgreement()
