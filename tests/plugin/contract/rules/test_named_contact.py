"""C4, C24: support is given to the named contacts; others are redirected to them."""

import pytest

from plugin.contract.decision import Outcome, Reason
from plugin.contract.model import NoAgreement, Organization, Person
from plugin.contract.policy import UNLIMITED, Quantity
from plugin.contract.rules.named_contact import folded, is_member, named_contact, recognised
from tests.plugin.contract.builders import (
    AURORA_ORG,
    BIRCH_ORG,
    JONAS,
    agreement,
    always,
    at,
    case,
    contact,
    entitlement,
    policy,
    request,
)

SUBSTITUTE = contact("Jonas Falk", ["acc-jonas"], ["jonas@aurora-robotics.example"], "2026-11-01 2026-11-22")


@pytest.mark.parametrize(
    "person",
    [
        Person("M.", account="acc-mira"),
        Person("M.", account="acc-mira", email="private@elsewhere.example"),
        Person("M.", email="mira@aurora-robotics.example"),
        Person("M.", email=" MIRA@Aurora-Robotics.example "),
        Person("M.", email="mira+jira@aurora-robotics.example"),
        Person("M.", account="a-new-one", email="mira@aurora-robotics.example"),
    ],
)
def test_a_named_contact_is_recognised_by_account_or_by_email(person: Person) -> None:
    (finding,) = named_contact(case(request(raised_by=person)))
    assert (finding.outcome, finding.reason) == (Outcome.MET, None)
    assert [str(each) for each in finding.cites] == ["C24, eligibility.yaml:42", "C4, agreements/aurora.yaml:20"]


@pytest.mark.parametrize(
    "person",
    [
        Person("Mira Vogt"),
        Person("Mira Vogt", account="ACC-MIRA"),
        Person("Mira Vogt", email="mira@aurora-robotics.example.org"),
        Person("Mira Vogt", email="mira@elsewhere.example"),
        Person("Mira Vogt", email=""),
        Person("Mira Vogt", account=""),
    ],
)
def test_a_like_name_or_another_address_is_not_enough(person: Person) -> None:
    (finding,) = named_contact(case(request(raised_by=person)))
    assert (finding.outcome, finding.reason) == (Outcome.NOT_MET, Reason.CONTACT_NOT_NAMED)


def test_any_of_several_addresses_is_enough_and_they_may_be_written_with_a_plus() -> None:
    known = contact(emails=("m.vogt@old.example", "Mira+work@aurora-robotics.example"), accounts=())
    assert recognised(known, Person("M.", email="mira@aurora-robotics.example"))
    assert recognised(known, Person("M.", email="M.Vogt@old.example"))


def test_a_colleague_is_told_who_may_ask() -> None:
    (finding,) = named_contact(case(request(raised_by=JONAS)))
    assert finding.sentence == "Jonas Falk is not a named contact of Aurora Robotics."
    assert finding.facts == {
        "customer": "Aurora Robotics",
        "person": "Jonas Falk",
        "contacts": "Mira Vogt",
        "seats": "1",
        "limit": "5",
    }


@pytest.mark.parametrize(("tier", "seats", "limit", "full"), [("advanced", "1", "2", None), ("basic", "1", "1", "yes")])
def test_a_colleague_is_told_how_many_seats_are_used_and_whether_there_is_room(
    tier: str, seats: str, limit: str, full: str | None
) -> None:
    (finding,) = named_contact(case(request(raised_by=JONAS), agreement(entitlement(tier))))
    assert (finding.facts["seats"], finding.facts["limit"], finding.facts.get("full")) == (seats, limit, full)


def test_a_substitute_takes_a_seat_on_their_days_only() -> None:
    signed = agreement(entitlement("advanced"), contacts=[contact(), SUBSTITUTE])
    nobody = Person("Ada Brandt")
    (during,) = named_contact(
        case(request(raised="2026-11-22 09:00", raised_by=nobody), signed, now=at("2026-11-22 12:00"))
    )
    (after,) = named_contact(
        case(request(raised="2026-11-22 09:00", raised_by=nobody), signed, now=at("2026-11-23 12:00"))
    )
    assert (during.facts["seats"], after.facts["seats"]) == ("2", "1")


def test_seats_of_an_agreement_that_has_ended_since_are_those_of_the_day_of_the_request() -> None:
    (finding,) = named_contact(case(request(raised_by=JONAS), now=at("2027-02-01 09:00")))
    assert (finding.facts["seats"], finding.facts["limit"]) == ("1", "5")


@pytest.mark.parametrize("limit", [None, 0, UNLIMITED], ids=str)
def test_without_a_number_of_seats_none_is_told(limit: Quantity) -> None:
    limits = policy(contact_limits=always(limit))
    (finding,) = named_contact(case(request(raised_by=JONAS), under=limits))
    assert "seats" not in finding.facts


@pytest.mark.parametrize("organization", [Organization("101", "Renamed"), Organization("7", "aurora ROBOTICS")])
def test_a_colleague_is_who_the_help_desk_itself_placed_there(organization: Organization) -> None:
    (finding,) = named_contact(case(request(raised_by=JONAS, organizations=(organization,))))
    assert finding.facts["contacts"] == "Mira Vogt"


def test_a_stranger_is_not_told_whatever_the_email_claims() -> None:
    stranger = case(request(raised_by=JONAS, organizations=(Organization("999", "Elsewhere"),)))
    assert not is_member(stranger)
    (finding,) = named_contact(stranger)
    assert not {"contacts", "seats", "limit"} & finding.facts.keys()
    (finding,) = named_contact(case(request(raised_by=JONAS, organizations=())))
    assert "contacts" not in finding.facts


def test_nobody_is_named_on_a_request_that_is_shared_with_another_organization() -> None:
    shared = case(request(raised_by=JONAS, organizations=(AURORA_ORG, BIRCH_ORG)))
    (finding,) = named_contact(shared)
    assert not {"contacts", "seats", "limit"} & finding.facts.keys()
    both = agreement(organization_ids=("101", "102"))
    (finding,) = named_contact(case(request(raised_by=JONAS, organizations=(AURORA_ORG, BIRCH_ORG)), both))
    assert finding.facts["contacts"] == "Mira Vogt"


def test_only_contacts_who_serve_on_the_day_are_named_to_colleagues() -> None:
    signed = agreement(contacts=[contact(), SUBSTITUTE])
    nobody = Person("Ada Brandt")
    (during,) = named_contact(case(request(raised="2026-11-22 23:59", raised_by=nobody), signed))
    (after,) = named_contact(case(request(raised="2026-11-23 00:00", raised_by=nobody), signed))
    assert (during.facts["contacts"], after.facts["contacts"]) == ("Mira Vogt; Jonas Falk", "Mira Vogt")


def test_a_substitute_may_ask_during_their_days_only() -> None:
    signed = agreement(contacts=[contact(), SUBSTITUTE])
    outcomes = [
        named_contact(case(request(raised=raised, raised_by=JONAS), signed, now=at("2026-12-01 09:00")))[0].outcome
        for raised in ("2026-10-31 23:59", "2026-11-01 00:00", "2026-11-22 23:59", "2026-11-23 00:00")
    ]
    assert outcomes == [Outcome.NOT_MET, Outcome.MET, Outcome.MET, Outcome.NOT_MET]


def test_an_agreement_without_contacts_names_nobody() -> None:
    (finding,) = named_contact(case(signed=agreement(contacts=[])))
    assert finding.reason is Reason.CONTACT_NOT_NAMED
    assert "contacts" not in finding.facts


def test_without_an_agreement_it_cannot_be_told() -> None:
    nobody = case(signed=NoAgreement())
    (finding,) = named_contact(nobody)
    assert (finding.outcome, finding.reason) == (Outcome.UNKNOWN, None)
    assert not is_member(nobody)


@pytest.mark.parametrize(
    ("email", "plain"),
    [
        ("Mira+jira@Aurora.example", "mira@aurora.example"),
        (" mira@aurora.example\n", "mira@aurora.example"),
        ("a+b+c@x.example", "a@x.example"),
        ("mira@plus+host.example", "mira@plus+host.example"),
        ('"mira@home+jira"@aurora.example', '"mira@home@aurora.example'),
        ("", ""),
    ],
)
def test_an_address_is_compared_without_its_plus_part_in_lower_case(email: str, plain: str) -> None:
    assert folded(email) == plain


def test_whoever_was_added_because_we_asked_is_helped_with_the_same_request() -> None:
    added = contact("Jonas Falk", ["acc-jonas"], ["jonas@aurora-robotics.example"], "2026-11-22 2027-12-31")
    signed = agreement(contacts=(added,))
    raised = request(raised_by=JONAS, raised=at("2026-11-20 10:00"))
    (before,) = named_contact(case(raised, signed, now=at("2026-11-21 10:00")))
    (after,) = named_contact(case(raised, signed, now=at("2026-11-22 10:00")))
    assert (before.outcome, after.outcome) == (Outcome.NOT_MET, Outcome.MET)
