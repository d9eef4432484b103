"""C1: the tier of the entitlement in force on the day the request was raised."""

import pytest

from plugin.contract.decision import Outcome
from plugin.contract.model import NoAgreement, SupportAgreement
from plugin.contract.rules.tier import tier
from tests.plugin.contract.builders import TIERS, agreement, case, entitlement, request


@pytest.mark.parametrize("name", TIERS)
def test_the_tier_is_that_of_the_entitlement(name: str) -> None:
    ruled = tier(case(signed=agreement(entitlement(name, licenses=7))))
    assert ruled.value == name
    assert ruled.findings[0].sentence == f"{name.capitalize()}, for 7 licences, from 2026-01-01 to 2026-12-31."
    assert [str(each) for each in ruled.findings[0].cites] == [
        "C1, eligibility.yaml:46",
        "C1, agreements/aurora.yaml:12",
    ]


def test_an_upgrade_within_the_year_counts_from_its_day_on() -> None:
    grown = agreement(
        entitlement("basic", during="2026-01-01 2026-06-30"), entitlement("premium", during="2026-07-01 2026-12-31")
    )
    assert tier(case(request(raised="2026-06-30 23:59"), grown)).value == "basic"
    assert tier(case(request(raised="2026-07-01 00:00"), grown)).value == "premium"


def test_of_two_at_once_the_better_one_serves_in_whatever_order_they_are_written() -> None:
    few, many = entitlement("premium", licenses=1), entitlement("basic", licenses=50)
    for both in ((few, many), (many, few)):
        assert tier(case(signed=agreement(*both))).value == "premium"


def test_each_product_has_its_own_tier() -> None:
    both = agreement(entitlement("basic"), entitlement("premium", product="expecco-alm"))
    assert tier(case(request(), both)).value == "basic"
    assert tier(case(request(product="ALM"), both)).value == "premium"


@pytest.mark.parametrize(
    "signed",
    [
        NoAgreement(),
        agreement(entitlement(free=True)),
        agreement(entitlement(product="expecco-alm")),
        agreement(terms=("2025",)),
        agreement(entitlement(during="2025")),
    ],
)
def test_without_a_paid_entitlement_in_force_there_is_no_tier(signed: SupportAgreement | NoAgreement) -> None:
    ruled = tier(case(signed=signed))
    assert (ruled.value, ruled.findings[0].outcome) == (None, Outcome.NOT_MET)
