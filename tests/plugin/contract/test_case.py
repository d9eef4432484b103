"""One request beside the agreement and the policy: what is looked up for every rule."""

import pytest

from plugin.contract.decision import Outcome, Reason
from plugin.contract.model import NoAgreement
from plugin.contract.tables import AsOf
from tests.plugin.contract.builders import POLICY, agreement, at, case, entitlement, on, request, table

FREE = entitlement("none at all", free=True)


def test_the_day_is_that_of_raising_and_today_that_of_deciding_in_the_vendors_zone() -> None:
    laid = case(request(raised="2026-11-23 23:59"), now=at("2026-11-24 00:00"))
    assert (laid.day, laid.today) == (on("2026-11-23"), on("2026-11-24"))


def test_today_is_never_before_the_day_of_raising() -> None:
    """A request may be decided as of an earlier time, by hand, or by a clock that goes wrong."""
    assert case(request(raised="2026-11-23 09:00"), now=at("2026-01-01 09:00")).today == on("2026-11-23")


@pytest.mark.parametrize(
    ("ended", "now", "until"),
    [
        (None, "2026-11-23 09:00", "2026-11-23"),
        (None, "2026-12-01 00:00", "2026-12-01"),
        ("2026-11-25 23:59", "2026-12-01 00:00", "2026-11-25"),
        ("2026-11-23 08:59", "2026-12-01 00:00", "2026-11-23"),  # imported, or by another clock
    ],
)
def test_a_request_is_open_until_today_or_until_it_was_resolved(ended: str | None, now: str, until: str) -> None:
    laid = case(request(ended=at(ended) if ended else None), now=at(now))
    assert laid.as_of == AsOf(on("2026-11-23"), on(until))


def test_an_agreement_that_cannot_be_told_is_none() -> None:
    torn = NoAgreement(("Aurora Robotics", "Birch Instruments"))
    laid = case(signed=torn)
    assert (laid.agreement, laid.no_agreement, laid.entitlement) == (None, torn, None)


def test_the_entitlement_is_the_paid_one_before_the_free_and_the_better_before_the_lesser() -> None:
    basic, premium = entitlement("basic"), entitlement("premium")
    for several in ((FREE, basic, premium), (premium, basic, FREE), (basic, FREE, premium)):
        assert case(signed=agreement(*several)).entitlement == premium
    assert case(signed=agreement(FREE)).entitlement == FREE
    free = entitlement("basic", free=True)
    assert case(signed=agreement(FREE, free)).entitlement == free


def test_a_product_left_out_is_looked_up_only_among_what_is_covered_on_the_day() -> None:
    moved = agreement(
        entitlement(during="2026-01-01 2026-06-30"), entitlement(product="expecco-alm", during="2026-07-01 2026-12-31")
    )
    laid = [case(request(product=None, raised=f"2026-{month}-15 09:00"), moved).product for month in ("03", "09")]
    assert [product and product.name for product in laid] == ["expecco", "expecco ALM"]


def test_a_finding_cites_the_row_of_its_rule_first() -> None:
    row = table("C2", "tiers.yaml", ({}, 7)).rows[0].cited
    finding = case().finding("tier", Outcome.NOT_MET, "So it is.", row.cites, reason=Reason.FREE_LICENSE, who="Mira")
    assert [str(each) for each in finding.cites] == ["C1, eligibility.yaml:46", "C2, tiers.yaml:1"]
    assert (finding.reason, finding.facts) == (Reason.FREE_LICENSE, {"who": "Mira"})


def test_a_rule_that_the_policy_does_not_state_is_an_error() -> None:
    with pytest.raises(KeyError, match="horoscope"):
        case(under=POLICY).cite("horoscope")
