"""C22, C28: the agreement must cover the product."""

import pytest

from plugin.contract.decision import Outcome, Reason
from plugin.contract.model import NoAgreement
from plugin.contract.rules.covered_product import covered_product
from tests.plugin.contract.builders import agreement, case, entitlement, request

BOTH = agreement(entitlement(), entitlement(product="expecco-alm"))


@pytest.mark.parametrize("name", ["expecco", "EXPECCO", "  expecco ", "Expecco  Desktop"])
def test_a_covered_product_is_found_by_its_id_name_or_alias(name: str) -> None:
    (finding,) = covered_product(case(request(product=name)))
    assert (finding.outcome, finding.reason) == (Outcome.MET, None)
    assert finding.sentence == "The agreement covers expecco with 1 licences."
    assert [str(each) for each in finding.cites] == ["C28, eligibility.yaml:43", "C22, agreements/aurora.yaml:12"]


@pytest.mark.parametrize("name", [None, "", "  "])
def test_a_product_left_out_is_the_only_one_that_the_agreement_covers(name: str | None) -> None:
    (finding,) = covered_product(case(request(product=name)))
    assert finding.outcome is Outcome.MET
    assert finding.sentence == (
        "The agreement covers expecco with 1 licences. "
        "The request names no product; it is the only one that the agreement covers."
    )


def test_a_product_left_out_is_asked_about_where_several_are_covered() -> None:
    (finding,) = covered_product(case(request(product=None), BOTH))
    assert (finding.outcome, finding.reason) == (Outcome.UNKNOWN, Reason.PRODUCT_MISSING)
    assert finding.sentence == "The request does not say which product it is about."
    assert finding.facts == {"products": "expecco; expecco ALM"}


def test_a_product_left_out_is_asked_about_where_none_is_covered_any_more() -> None:
    (finding,) = covered_product(case(request(product=None, raised="2027-02-01 09:00")))
    assert finding.reason is Reason.PRODUCT_MISSING


def test_a_product_that_nobody_knows_is_asked_about() -> None:
    (finding,) = covered_product(case(request(product="Toaster")))
    assert (finding.outcome, finding.reason) == (Outcome.UNKNOWN, Reason.PRODUCT_UNKNOWN)
    assert finding.sentence == "There is no product by the name 'Toaster'."
    assert finding.facts == {"product": "Toaster", "products": "expecco; expecco ALM"}


def test_a_product_that_the_agreement_does_not_cover_is_refused() -> None:
    (finding,) = covered_product(case(request(product="ALM")))
    assert (finding.outcome, finding.reason) == (Outcome.NOT_MET, Reason.PRODUCT_NOT_COVERED)
    assert finding.sentence == "The agreement of Aurora Robotics does not cover expecco ALM."
    assert finding.facts == {"product": "expecco ALM"}
    assert [str(each) for each in finding.cites][1:] == ["C22, agreements/aurora.yaml:1"]


def test_a_product_is_covered_only_during_its_own_term() -> None:
    late = agreement(entitlement(), entitlement(product="expecco-alm", during="2026-07-01 2026-12-31"))
    (before,) = covered_product(case(request(product="ALM", raised="2026-06-30 23:59"), late))
    (after,) = covered_product(case(request(product="ALM", raised="2026-07-01 00:00"), late))
    assert (before.reason, after.reason) == (Reason.PRODUCT_NOT_COVERED, None)


def test_without_an_agreement_in_force_nothing_is_said_against_the_product() -> None:
    for asked, signed in ((request(), NoAgreement()), (request(raised="2027-02-01 09:00"), agreement())):
        (finding,) = covered_product(case(asked, signed))
        assert (finding.outcome, finding.reason) == (Outcome.UNKNOWN, None)
        assert finding.sentence == "Whether expecco is covered cannot be told without an agreement in force."
        assert [str(each) for each in finding.cites][1:] == ["C21, releases.yaml:9"]
