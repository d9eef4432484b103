"""C15, C22, C28: an agreement in force on the day the request was raised."""

from dataclasses import replace

from plugin.contract.decision import Outcome, Reason
from plugin.contract.model import NoAgreement, Person, Renewal
from plugin.contract.rules.agreement_in_force import agreement_in_force, customer
from tests.plugin.contract.builders import AURORA_ORG, BIRCH_ORG, agreement, case, request

TWO_YEARS_WITH_A_GAP = agreement(terms=("2024", "2026"))


def test_a_term_that_covers_the_day_is_in_force() -> None:
    (finding,) = agreement_in_force(case())
    assert (finding.outcome, finding.reason) == (Outcome.MET, None)
    assert finding.sentence == "The agreement of Aurora Robotics runs from 2026-01-01 to 2026-12-31."
    assert [str(each) for each in finding.cites] == ["C22, eligibility.yaml:40", "C15, agreements/aurora.yaml:1"]
    assert finding.facts == {"customer": "Aurora Robotics", "ends": "2026-12-31"}


def test_the_last_day_of_a_term_is_in_it_to_its_last_minute() -> None:
    (last,) = agreement_in_force(case(request(raised="2026-12-31 23:59")))
    (late,) = agreement_in_force(case(request(raised="2027-01-01 00:00")))
    assert (last.outcome, late.outcome) == (Outcome.MET, Outcome.NOT_MET)


def test_an_agreement_that_has_ended_says_when() -> None:
    (finding,) = agreement_in_force(case(request(raised="2027-02-01 09:00")))
    assert (finding.outcome, finding.reason) == (Outcome.NOT_MET, Reason.AGREEMENT_ENDED)
    assert (
        finding.sentence
        == "The agreement of Aurora Robotics ended on 2026-12-31; the request was raised on 2027-02-01."
    )
    assert [str(each) for each in finding.cites] == ["C22, eligibility.yaml:40", "C15, agreements/aurora.yaml:1"]
    assert finding.facts == {"customer": "Aurora Robotics", "ended": "2026-12-31"}


def test_in_a_gap_the_agreement_has_ended_with_the_term_before() -> None:
    (finding,) = agreement_in_force(case(request(raised="2025-06-01 09:00"), TWO_YEARS_WITH_A_GAP))
    assert (finding.reason, finding.facts["ended"]) == (Reason.AGREEMENT_ENDED, "2024-12-31")


def test_after_several_terms_it_is_the_last_one_that_has_ended() -> None:
    backwards = agreement(terms=("2026", "2024"))
    (finding,) = agreement_in_force(case(request(raised="2027-06-01 09:00"), backwards))
    assert finding.facts["ended"] == "2026-12-31"


def test_an_agreement_that_has_not_begun_says_when_it_does() -> None:
    (finding,) = agreement_in_force(case(request(raised="2023-06-01 09:00"), TWO_YEARS_WITH_A_GAP))
    assert (finding.outcome, finding.reason) == (Outcome.NOT_MET, Reason.AGREEMENT_NOT_BEGUN)
    assert (
        finding.sentence
        == "The agreement of Aurora Robotics begins on 2024-01-01; the request was raised on 2023-06-01."
    )
    assert [str(each) for each in finding.cites] == ["C22, eligibility.yaml:40", "C15, agreements/aurora.yaml:1"]
    assert finding.facts == {"customer": "Aurora Robotics", "begins": "2024-01-01"}


def test_a_customer_who_is_not_found_is_asked_about() -> None:
    (finding,) = agreement_in_force(case(request(organizations=(BIRCH_ORG, AURORA_ORG)), NoAgreement()))
    assert (finding.outcome, finding.reason) == (Outcome.UNKNOWN, Reason.CUSTOMER_UNKNOWN)
    assert finding.sentence == "No agreement fits Mira Vogt (Birch Instruments, Aurora Robotics)."
    assert finding.facts == {"organizations": "Birch Instruments; Aurora Robotics"}


def test_somebody_without_an_organization_is_asked_about() -> None:
    (finding,) = agreement_in_force(case(request(organizations=(), raised_by=Person("Ada")), NoAgreement()))
    assert finding.sentence == "No agreement fits Ada (no organization)."


def test_several_that_fit_are_asked_about_and_the_customer_never_hears_the_others_names() -> None:
    (finding,) = agreement_in_force(case(signed=NoAgreement(("Aurora Robotics", "Birch Instruments"))))
    assert (finding.outcome, finding.reason) == (Outcome.UNKNOWN, Reason.CUSTOMER_AMBIGUOUS)
    assert finding.sentence == "More than one agreement fits this request: Aurora Robotics, Birch Instruments."
    assert finding.facts == {}


def test_the_customer_is_known_even_where_the_agreement_has_ended() -> None:
    assert customer(case(request(raised="2027-02-01 09:00"))).value == "aurora"
    assert customer(case(signed=NoAgreement())).value is None


def test_an_agreement_that_renews_by_itself_has_ended_all_the_same_and_the_agent_is_told() -> None:
    automatic = replace(agreement(), renewal=Renewal(automatic=True))
    (finding,) = agreement_in_force(case(request(raised="2027-02-01 09:00"), automatic))
    assert finding.reason is Reason.AGREEMENT_ENDED
    assert finding.sentence.endswith(
        "the request was raised on 2027-02-01. "
        "It renews by itself, but no further term is entered: enter it if it was not ended by notice."
    )
    manual = replace(agreement(), renewal=Renewal(automatic=False))
    (finding,) = agreement_in_force(case(request(raised="2027-02-01 09:00"), manual))
    assert "renews" not in finding.sentence
