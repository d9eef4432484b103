"""`prices.yaml`: list prices and percentages, for quotes only (C12, C16). The file may be left out."""

from plugin.contract.quote import Lapse, Prices
from plugin.mappings.problem import Report
from plugin.mappings.shape import DatedShape, Rows, Shape
from plugin.mappings.tables import table
from plugin.mappings.values import Condition, Currency, Money, Percent
from plugin.mappings.words import Words

FILE = "prices.yaml"


class ListPriceShape(DatedShape):
    """What one developer licence of a product costs, without tax."""

    product: Condition
    price: Money


class AnnualFeeShape(DatedShape):
    """What a year of support costs at a tier, in percent of the list price."""

    tier: Condition
    percent: Percent


class LapseShape(DatedShape):
    """What the years cost that were not ordered in time, in percent of the list price."""

    tier: Condition
    first_year: Percent
    following_years: Percent


class PricesFile(Shape):
    """The whole file."""

    currency: Currency
    list_prices: Rows[ListPriceShape]
    annual_fee: Rows[AnnualFeeShape]
    lapse: Rows[LapseShape]


def prices(file: PricesFile, words: Words, report: Report) -> Prices:
    """Build the prices, and check them."""
    products, tiers = {"product": words.products}, {"tier": words.tiers}
    return Prices(
        file.currency,
        table(report, file.key_place("list_prices"), file.list_prices, products, lambda row: row.price),
        table(report, file.key_place("annual_fee"), file.annual_fee, tiers, lambda row: row.percent),
        table(
            report, file.key_place("lapse"), file.lapse, tiers, lambda row: Lapse(row.first_year, row.following_years)
        ),
    )
