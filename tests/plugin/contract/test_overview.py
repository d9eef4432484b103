"""An agreement at a glance: what it says on a day, before it begins and after it has ended."""

from dataclasses import replace

import pytest

from plugin.contract.model import Renewal
from plugin.contract.overview import Overview, overview
from plugin.contract.policy import UNLIMITED
from plugin.contract.seats import contact_limit, serving
from tests.plugin.contract.builders import POLICY, agreement, contact, entitlement, on, policy, table

SIGNED = agreement(
    entitlement("advanced", licenses=2, during="2026-01-01 2027-12-31"),
    entitlement(product="expecco ALM", during="2026-07-01 2027-12-31"),
    entitlement(free=True, licenses=9, during="2026-01-01 2027-12-31"),
    terms=["2026", "2027", "2029"],
    contacts=[contact(), contact("Jonas Falk", during="2026-07-01 2026-12-31")],
)


def seen(day: str, renewal: Renewal | None = None) -> Overview:
    return overview(replace(SIGNED, renewal=renewal), POLICY, on(day))


def test_terms_that_follow_each_other_are_one_and_a_gap_ends_it() -> None:
    assert str(seen("2026-11-23").term) == "2026-01-01 to 2027-12-31"
    assert str(seen("2028-06-01").term) == "2029-01-01 to 2029-12-31"
    assert str(seen("2031-01-01").term) == "2029-01-01 to 2029-12-31"


@pytest.mark.parametrize(
    ("day", "left", "begun"),
    [
        ("2026-01-01", 730, True),
        ("2027-12-31", 1, True),
        ("2027-12-01", 31, True),
        ("2028-12-31", 366, False),
        ("2030-01-01", 0, True),
    ],
)
def test_days_left_count_today_and_the_last_day(day: str, left: int, begun: bool) -> None:
    assert (seen(day).days_left, seen(day).begun) == (left, begun)


def test_tiers_and_licences_are_those_paid_for_on_the_day() -> None:
    assert (seen("2026-06-30").tiers, seen("2026-06-30").licenses) == (("advanced",), (("expecco", 2),))
    assert seen("2026-07-01").tiers == ("premium", "advanced")
    assert seen("2026-07-01").licenses == (("expecco", 2), ("expecco ALM", 1))


@pytest.mark.parametrize(
    ("day", "contacts", "limit"), [("2026-06-30", 1, 2), ("2026-07-01", 2, 5), ("2027-01-01", 1, 5)]
)
def test_contacts_are_counted_against_the_best_tier_of_the_day(day: str, contacts: int, limit: int) -> None:
    assert (seen(day).contacts, seen(day).limit) == (contacts, limit)


def test_notice_is_possible_until_so_many_months_before_the_end_and_renewal_extends_nothing() -> None:
    automatic = seen("2026-11-23", Renewal(automatic=True, notice_months=3))
    assert (str(automatic.notice_by), automatic.days_left) == ("2027-09-30", seen("2026-11-23").days_left)
    assert automatic.renewal == Renewal(automatic=True, notice_months=3)
    assert seen("2026-11-23", Renewal(automatic=False, notice_months=3)).notice_by is None
    assert seen("2026-11-23").notice_by is None


def test_without_a_paid_entitlement_there_is_no_limit_to_speak_of() -> None:
    free = agreement(entitlement(free=True))
    assert contact_limit(free, POLICY.contact_limits, on("2026-11-23")) is None


def test_no_limit_is_more_than_any_number_and_none_is_less() -> None:
    limits = table(
        "C4", "tiers.yaml", ({"tier": "premium"}, None), ({"tier": "advanced"}, UNLIMITED), ({"tier": "any"}, 1)
    )
    both = agreement(entitlement(), entitlement("advanced"))
    found = contact_limit(both, policy(contact_limits=limits).contact_limits, on("2026-11-23"))
    assert found is not None
    assert found.value is UNLIMITED
    lesser = contact_limit(agreement(entitlement(), entitlement("basic")), limits, on("2026-11-23"))
    assert lesser is not None
    assert lesser.value == 1


def test_a_seat_is_taken_only_on_the_days_of_a_contact() -> None:
    assert [each.name for each in serving(SIGNED, on("2026-12-31"))] == ["Mira Vogt", "Jonas Falk"]
    assert [each.name for each in serving(SIGNED, on("2027-01-01"))] == ["Mira Vogt"]
