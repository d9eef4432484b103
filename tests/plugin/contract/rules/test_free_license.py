"""C23: free licences do not include support."""

from plugin.contract.decision import Outcome, Reason
from plugin.contract.model import NoAgreement
from plugin.contract.rules.free_license import free_license
from tests.plugin.contract.builders import agreement, case, entitlement, request

FREE = entitlement(free=True)
PAID = entitlement()


def test_a_paid_licence_is_in_order() -> None:
    (finding,) = free_license(case(signed=agreement(entitlement(product="expecco-alm")), asked=request(product="ALM")))
    assert (finding.outcome, finding.reason) == (Outcome.MET, None)
    assert finding.sentence == "The licence for expecco ALM is a paid one."
    assert [str(each) for each in finding.cites] == ["C23, eligibility.yaml:41", "C23, agreements/aurora.yaml:12"]


def test_a_free_licence_is_refused() -> None:
    (finding,) = free_license(case(signed=agreement(FREE)))
    assert (finding.outcome, finding.reason) == (Outcome.NOT_MET, Reason.FREE_LICENSE)
    assert finding.sentence == "The licence for expecco is a free one, which includes no support."
    assert finding.facts == {"product": "expecco"}
    assert [str(each) for each in finding.cites] == ["C23, eligibility.yaml:41", "C23, agreements/aurora.yaml:12"]


def test_a_free_licence_takes_nothing_away_from_a_paid_one_in_whatever_order_they_are_written() -> None:
    for both in ((FREE, PAID), (PAID, FREE)):
        (finding,) = free_license(case(signed=agreement(*both)))
        assert finding.outcome is Outcome.MET


def test_without_an_entitlement_no_free_licence_is_in_question() -> None:
    (finding,) = free_license(case(signed=NoAgreement()))
    assert (finding.outcome, finding.reason) == (Outcome.MET, None)
    assert finding.sentence == "No free licence is in question."
