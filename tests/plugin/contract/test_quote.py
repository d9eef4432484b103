"""What a support agreement costs: renewal, upgrade within the year, and coming back after a lapse."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.contract.model import SupportAgreement
from plugin.contract.policy import UNLIMITED, Quantity
from plugin.contract.quote import CENT, Lapse, NoQuote, Prices, Quote, QuoteKind, quote
from tests.plugin.contract.builders import POLICY, WITH_TRAINING, agreement, always, entitlement, on, table

PRICES = Prices(
    "EUR",
    table("C12", "prices.yaml", ({"product": "expecco"}, Decimal("4800")), ({"product": "any"}, Decimal("99.99"))),
    table(
        "C12",
        "prices.yaml",
        ({"tier": "premium"}, Decimal(65)),
        ({"tier": "advanced"}, Decimal(40)),
        ({"tier": "basic"}, Decimal(25)),
    ),
    table("C16", "prices.yaml", ({"tier": "any"}, Lapse(Decimal(80), Decimal(20)))),
)
SIGNED = agreement(entitlement("advanced", licenses=2))


def offered(
    day: str = "2026-10-01",
    signed: SupportAgreement = SIGNED,
    tier: str | None = None,
    licenses: dict[str, int] | None = None,
    prices: Prices = PRICES,
) -> tuple[Quote, ...]:
    return quote(signed, POLICY, prices, on(day), tier, licenses)


def amounts(offer: Quote) -> list[str]:
    return [str(line.amount) for line in offer.lines]


@pytest.mark.parametrize(("tier", "fee"), [("premium", "3120.00"), ("advanced", "1920.00"), ("basic", "1200.00")])
def test_a_year_costs_the_percentage_of_the_tier(tier: str, fee: str) -> None:
    (renewal,) = offered(signed=agreement(entitlement(tier)))
    assert (renewal.kind, amounts(renewal)) == (QuoteKind.RENEWAL, [fee])


def test_a_renewal_continues_the_term_for_a_year_and_shows_its_arithmetic() -> None:
    (renewal,) = offered()
    assert str(renewal.term) == "2027-01-01 to 2027-12-31"
    (line,) = renewal.lines
    assert line.text == "2 licences of expecco x 4,800.00 EUR x 40 % (Advanced) = 3,840.00 EUR"
    assert [str(each) for each in line.cites] == ["C12, prices.yaml:2", "C12, prices.yaml:1"]
    assert renewal.notes == ("named contacts with Advanced: 2 (C4, tiers.yaml:2)",)


def test_a_renewal_costs_what_is_in_force_on_its_first_day() -> None:
    dearer = replace(
        PRICES,
        list_prices=table(
            "C12",
            "prices.yaml",
            ({"product": "any"}, Decimal(100)),
            ({"product": "any"}, Decimal(110), on("2027-01-01")),
        ),
    )
    (renewal,) = offered(prices=dearer)
    assert amounts(renewal) == ["88.00"]


def test_products_are_lines_of_their_own_and_free_licences_cost_nothing() -> None:
    signed = agreement(
        entitlement(), entitlement("basic", product="expecco ALM", licenses=3), entitlement(free=True, licenses=9)
    )
    (renewal,) = offered(signed=signed)
    assert amounts(renewal) == ["3120.00", "74.99"]
    assert renewal.total == Decimal("3194.99")


def test_a_product_is_called_by_its_name_and_one_licence_is_singular() -> None:
    (renewal,) = offered(signed=agreement(entitlement("basic", product="expecco-alm")))
    assert renewal.lines[0].text == "1 licence of expecco ALM x 99.99 EUR x 25 % (Basic) = 25.00 EUR"


@pytest.mark.parametrize(("limit", "said"), [(None, "0"), (0, "0"), (3, "3"), (UNLIMITED, "unlimited")])
def test_how_many_contacts_come_with_it_is_none_a_number_or_unlimited(limit: Quantity, said: str) -> None:
    limits = replace(POLICY, contact_limits=always(limit, "C4", "tiers.yaml"))
    (renewal,) = quote(SIGNED, limits, PRICES, on("2026-10-01"))
    assert renewal.notes == (f"named contacts with Advanced: {said} (C4, tiers.yaml:1)",)


def test_licences_that_were_added_are_one_line_with_the_first() -> None:
    grown = agreement(entitlement(licenses=2), entitlement(licenses=1, during="2026-07-01 2026-12-31"))
    assert offered("2026-06-30", grown)[0].lines[0].text.startswith("3 licences")


def test_a_better_tier_within_the_year_costs_the_difference_for_the_rest_of_it() -> None:
    upgrade, renewal = offered("2026-07-01", tier="premium")
    assert (upgrade.kind, str(upgrade.term)) == (QuoteKind.UPGRADE, "2026-07-01 to 2026-12-31")
    (line,) = upgrade.lines
    assert line.text == (
        "2 licences of expecco x 4,800.00 EUR x 65 % (Premium) = 6,240.00 EUR instead of "
        "2 licences of expecco x 4,800.00 EUR x 40 % (Advanced) = 3,840.00 EUR: "
        "2,400.00 EUR more a year, x 184 of 365 days = 1,209.86 EUR"
    )
    assert [str(each) for each in line.cites] == [
        "C25, agreements/aurora.yaml:1",
        "C12, prices.yaml:1",
        "C12, prices.yaml:2",
    ]
    assert (renewal.kind, amounts(renewal)) == (QuoteKind.RENEWAL, ["6240.00"])


def test_an_upgrade_says_how_many_contacts_and_units_come_with_it() -> None:
    upgrade, _ = offered("2026-07-01", tier="premium")
    assert upgrade.notes == (
        "named contacts with Premium: 5 (C4, tiers.yaml:1)",
        "17 credits more from 2026-07-01 to 2026-12-31",
    )


def test_training_sessions_that_come_with_an_upgrade_are_told_too() -> None:
    upgrade, _ = quote(agreement(entitlement("basic")), WITH_TRAINING, PRICES, on("2026-01-01"), "advanced")
    assert upgrade.notes[1:] == (
        "16 credits more from 2026-01-01 to 2026-12-31",
        "1 training session more from 2026-01-01 to 2026-12-31",
    )
    upgrade, _ = quote(agreement(entitlement("basic")), WITH_TRAINING, PRICES, on("2026-01-01"), "premium")
    assert upgrade.notes[2] == "3 training sessions more from 2026-01-01 to 2026-12-31"
    upgrade, _ = quote(agreement(entitlement("advanced")), WITH_TRAINING, PRICES, on("2026-10-02"), "premium")
    assert upgrade.notes[2] == "1 training session more from 2026-10-02 to 2026-12-31"


@pytest.mark.parametrize(
    ("rows", "credits"),
    [
        pytest.param([("2026", 2), ("2026-06-30 2026-12-31", 1)], 49, id="one added on the day before"),
        pytest.param([("2026-01-01 2026-03-31", 5), ("2026-05-01 2026-12-31", 1)], 0, id="some that ended in March"),
        pytest.param([("2026", 2), ("2026-10-01 2026-12-31", 1)], 49, id="one that is to come"),
    ],
)
def test_what_comes_with_an_upgrade_is_counted_from_what_there_is_on_the_day(
    rows: list[tuple[str, int]], credits: int
) -> None:
    """On 1 July three licences more are 96 credits a year for 184 of 365 days, above what there has been before."""
    signed = agreement(*(entitlement(licenses=number, during=during) for during, number in rows))
    before = sum(number for during, number in rows if entitlement(during=during).term.covers(on("2026-07-01")))
    upgrade, _ = offered("2026-07-01", signed, licenses={"expecco": before + 3})
    told = [note for note in upgrade.notes if "credits more" in note]
    assert told == ([f"{credits} credits more from 2026-07-01 to 2026-12-31"] if credits else [])


def test_half_a_cent_of_an_upgrade_is_rounded_up() -> None:
    """A quarter more a year for half of a leap year, 183 of 366 days, is 12.5 cents."""
    one = replace(PRICES, list_prices=always(Decimal(1), "C12", "prices.yaml"))
    upgrade, _ = offered(
        "2028-07-02", agreement(entitlement("advanced", during="2028"), terms=["2028"]), "premium", prices=one
    )
    assert amounts(upgrade) == ["0.13"]


def test_more_licences_within_the_year_cost_the_difference_too() -> None:
    upgrade, renewal = offered("2026-12-31", licenses={"expecco": 4})
    assert upgrade.lines[0].text.endswith("3,840.00 EUR more a year, x 1 of 365 days = 10.52 EUR")
    assert amounts(renewal) == ["7680.00"]


def test_an_upgrade_on_the_first_day_of_a_year_costs_the_whole_difference() -> None:
    upgrade, _ = offered("2026-01-01", tier="premium")
    assert amounts(upgrade) == ["2400.00"]
    assert "32 credits more from 2026-01-01 to 2026-12-31" in upgrade.notes


@pytest.mark.parametrize(("tier", "licenses"), [("basic", None), (None, {"expecco": 1}), (None, None)])
def test_less_is_refunded_by_nobody_and_cheaper_from_the_renewal_on(
    tier: str | None, licenses: dict[str, int] | None
) -> None:
    assert [offer.kind for offer in offered(tier=tier, licenses=licenses)] == [QuoteKind.RENEWAL]


@pytest.mark.parametrize("reverse", [False, True])
def test_an_upgrade_of_one_product_does_not_pay_for_less_of_another(reverse: bool) -> None:
    both = [entitlement(licenses=1), entitlement("advanced", product="expecco-alm", licenses=5)]
    signed = agreement(*(reversed(both) if reverse else both))
    upgrade, _ = offered("2026-07-01", signed, licenses={"expecco": 2, "expecco-alm": 1})
    assert [line.text.split(" x ")[0] for line in upgrade.lines] == ["2 licences of expecco"]


def test_after_a_lapse_the_term_goes_on_and_the_first_year_costs_most() -> None:
    (back,) = offered("2028-03-01", tier="premium")
    assert (back.kind, str(back.term)) == (QuoteKind.LAPSE, "2027-01-01 to 2028-12-31")
    assert [line.text for line in back.lines] == [
        "2027-01-01 to 2027-12-31: 2 licences of expecco x 4,800.00 EUR x 80 % = 7,680.00 EUR",
        "2028-01-01 to 2028-12-31: 2 licences of expecco x 4,800.00 EUR x 20 % = 1,920.00 EUR",
    ]
    assert back.total == Decimal("9600.00")
    assert back.notes[0] == "named contacts with Premium: 5 (C4, tiers.yaml:1)"
    assert back.notes[-1] == "each following year: 2 licences of expecco x 4,800.00 EUR x 20 % = 1,920.00 EUR"
    assert {each.clause for line in back.lines for each in line.cites} == {"C12", "C16"}


@pytest.mark.parametrize(("day", "years"), [("2027-01-01", 1), ("2027-12-31", 1), ("2028-01-01", 2)])
def test_a_lapse_is_counted_in_years_that_have_begun(day: str, years: int) -> None:
    (back,) = offered(day)
    assert (back.kind, len(back.lines)) == (QuoteKind.LAPSE, years)


def test_the_last_day_of_a_term_is_no_lapse() -> None:
    assert [offer.kind for offer in offered("2026-12-31")] == [QuoteKind.RENEWAL]


@pytest.mark.parametrize(
    ("signed", "day", "licenses", "sentence"),
    [
        (SIGNED, "2025-12-31", {}, "no agreement in force on 2025-12-31, and one that begins later"),
        (agreement(entitlement(free=True)), "2026-10-01", {}, "has no paid licence on 2026-10-01"),
        (SIGNED, "2026-10-01", {"expecco ALM": 2}, "does not cover expecco ALM on 2026-10-01; expected expecco"),
        (
            agreement(entitlement(), entitlement(product="expecco-alm")),
            "2026-10-01",
            {"Toaster": 2},
            "does not cover Toaster on 2026-10-01; expected expecco or expecco-alm",
        ),
    ],
)
def test_what_cannot_be_quoted_is_told(
    signed: SupportAgreement, day: str, licenses: dict[str, int], sentence: str
) -> None:
    with pytest.raises(NoQuote, match=sentence):
        offered(day, signed, licenses=licenses)


def test_prices_without_a_row_that_fits_are_a_mistake_in_the_mapping_files() -> None:
    holed = replace(PRICES, annual_fee=table("C12", "prices.yaml", ({"tier": "basic"}, Decimal(25))))
    with pytest.raises(LookupError, match=r"prices.yaml has no annual fee of tier advanced"):
        offered(prices=holed)


@pytest.mark.parametrize(("price", "fee"), [("0.10", "0.03"), ("0.30", "0.08"), ("0.11", "0.03"), ("0.09", "0.02")])
def test_half_a_cent_is_rounded_up(price: str, fee: str) -> None:
    """A quarter of 10 cents is 2.5 cents: rounding to the even cent would make it 2."""
    cheap = replace(PRICES, list_prices=table("C12", "prices.yaml", ({"product": "any"}, Decimal(price))))
    (renewal,) = offered(signed=agreement(entitlement("basic")), prices=cheap)
    assert amounts(renewal) == [fee]


money = st.decimals(0, 100_000, places=2)
percents = st.decimals(0, 100, places=2)


@given(money, percents, percents, st.integers(1, 50), st.dates(on("2026-01-01"), on("2026-12-31")))
def test_amounts_are_whole_cents_and_an_upgrade_never_costs_more_than_its_whole_year(
    price: Decimal, low: Decimal, high: Decimal, licenses: int, day: object
) -> None:
    low, high = sorted((low, high))
    prices = Prices(
        "EUR",
        table("C12", "prices.yaml", ({"product": "any"}, price)),
        table("C12", "prices.yaml", ({"tier": "premium"}, high), ({"tier": "any"}, low)),
        PRICES.lapse,
    )
    signed = agreement(entitlement("advanced", licenses=licenses))
    offers = quote(signed, POLICY, prices, on(str(day)), "premium")
    renewal = offers[-1]
    assert renewal.total == (licenses * price * high / 100).quantize(CENT, "ROUND_HALF_UP")
    for offer in offers:
        assert all(line.amount == line.amount.quantize(CENT) and line.amount >= 0 for line in offer.lines)
        assert offer.total <= renewal.total
