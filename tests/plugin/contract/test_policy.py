"""What the policy knows by name and by day."""

import pytest

from plugin.contract.policy import AppointmentDays
from tests.plugin.contract.builders import CALENDAR, POLICY, at, on


def test_a_day_is_the_vendors_day() -> None:
    assert POLICY.day(at("2026-12-31 23:59")) == on("2026-12-31")
    assert POLICY.day(at("2026-12-31 23:59").astimezone(tz=None)) == on("2026-12-31")


def test_tiers_and_products_are_known_by_id_name_and_alias() -> None:
    assert [POLICY.tier_named(word) for word in ("premium", " GOLD ", "Premium")] == [POLICY.tiers[0]] * 3
    assert POLICY.tier_named("platinum") is None
    assert POLICY.tier("basic").name == "Basic"
    assert [POLICY.product_named(word) for word in ("expecco-alm", "Expecco   ALM", "alm")] == [POLICY.products[1]] * 3
    assert POLICY.product_named("expecco 25.1") is None


def test_a_line_is_out_from_its_day_on() -> None:
    released = POLICY.products[0].released_by
    assert [line.name for line in released(on("2016-11-08"))] == ["2.8", "2.9", "2.10"]
    assert [line.name for line in released(on("2016-11-07"))] == ["2.8", "2.9"]


@pytest.mark.parametrize(
    ("days", "granted"),
    [
        (AppointmentDays.ANY_DAY, [True, True]),
        (AppointmentDays.OPENING_DAYS, [True, False]),
        (AppointmentDays.NONE, [False, False]),
    ],
)
def test_appointments_are_granted_on_any_day_on_opening_days_or_never(
    days: AppointmentDays, granted: list[bool]
) -> None:
    friday, saturday = on("2026-11-20"), on("2026-11-21")
    assert [days.include(day, CALENDAR) for day in (friday, saturday)] == granted
