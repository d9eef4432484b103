"""`prices.yaml`: list prices and percentages, for quotes only (C12, C16). The file may be left out."""

from plugin.contract.quote import Lapse, Prices
from plugin.mappings.problem import Report
from plugin.mappings.references import AnyProduct, AnyTier
from plugin.mappings.shape import DatedShape, Rows, Shape
from plugin.mappings.tables import table
from plugin.mappings.values import Currency, Money, Percent
from plugin.mappings.words import Words

FILE = "prices.yaml"


class ListPriceShape(DatedShape):
    """What one developer licence of a product costs, without tax."""

    product: AnyProduct
    price: Money
    """Without tax."""


class AnnualFeeShape(DatedShape):
    """What a year of support costs at a tier, in percent of the list price."""

    tier: AnyTier
    percent: Percent
    """In percent of the list price."""


class LapseShape(DatedShape):
    """What the years cost that were not ordered in time, in percent of the list price."""

    tier: AnyTier
    first_year: Percent
    """In percent of the list price."""
    following_years: Percent
    """In percent of the list price."""


class PricesFile(Shape):
    """What support costs: for quotes only, no request is judged by it."""

    currency: Currency
    """The currency of all prices."""
    list_prices: Rows[ListPriceShape]
    """What one developer licence costs."""
    annual_fee: Rows[AnnualFeeShape]
    """What a year of support costs."""
    lapse: Rows[LapseShape]
    """What the years cost that were not ordered in time."""


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
