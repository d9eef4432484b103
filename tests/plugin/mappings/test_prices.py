"""The mistakes that `prices.py` finds, each told with its place; the file may be left out."""

from decimal import Decimal
from pathlib import Path

import pytest

from plugin.mappings.load import load
from tests.plugin.mappings.broken import SHIPPED, TODAY, Mistake, copy_of_shipped, problems

MISTAKES = [
    Mistake(
        "a decimal comma",
        "prices.yaml",
        "price: 4800.00",
        'price: ^"4800,00"',
        "price: 4800,00 is not understood; expected an amount such as 4800 or 4800.50",
    ),
    Mistake(
        "a percent sign",
        "prices.yaml",
        "percent: 65",
        "percent: ^65 %",
        "percent: 65 % is not understood; expected a percentage such as 65 or 12.5",
    ),
    Mistake(
        "a currency sign",
        "prices.yaml",
        "currency: EUR",
        "currency: ^€",
        "currency: € is not understood; expected a currency such as EUR",
    ),
    Mistake(
        "a product without a price",
        "prices.yaml",
        "  - {product: expecco-alm, price: 3600.00, cites: C12}\n",
        "",
        "no row fits product expecco-alm from the beginning; add a row, or a last row that says any",
        at="list_prices",
    ),
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=str)
def test_a_mistake_is_told_with_its_place_and_what_was_expected(mistake: Mistake, tmp_path: Path) -> None:
    expected = mistake.make(tmp_path)

    assert problems(tmp_path / "mappings") == expected


def test_without_the_file_all_is_good_and_there_are_no_prices(tmp_path: Path) -> None:
    mappings = copy_of_shipped(tmp_path)
    (mappings / "prices.yaml").unlink()

    assert problems(mappings) == []
    loaded = load(mappings).mappings
    assert loaded is not None
    assert loaded.prices is None


@pytest.mark.parametrize(("tier", "percent"), [("premium", 65), ("advanced", 40), ("basic", 25)])
def test_the_shipped_percentages_are_those_of_the_contract(tier: str, percent: int) -> None:
    loaded = load(SHIPPED).mappings
    assert loaded is not None
    assert loaded.prices is not None
    fee, lapse = loaded.prices.annual_fee.find(TODAY, tier=tier), loaded.prices.lapse.find(TODAY, tier=tier)
    assert fee is not None
    assert lapse is not None
    assert (fee.value, lapse.value.first_year, lapse.value.following_years) == (Decimal(percent), 80, 20)
