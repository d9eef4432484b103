"""The mistakes that `words.py` finds, each told with its place."""

from pathlib import Path

import pytest

from tests.plugin.mappings.broken import Mistake, problems

MISTAKES = [
    Mistake(
        "an alias of two tiers",
        "tiers.yaml",
        "aliases: [Silver]",
        "aliases: [^gold]",
        "gold is already a tier in tiers.yaml:{line}; expected a name of its own",
        refers="{id: premium",
    ),
    Mistake(
        "an alias that is another product's name",
        "releases.yaml",
        "aliases: [ALM]",
        "aliases: [ALM, ^Expecco]",
        "Expecco is already a product in releases.yaml:{line}; expected a name of its own",
        refers="- id: expecco\n",
    ),
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=str)
def test_a_mistake_is_told_with_its_place_and_what_was_expected(mistake: Mistake, tmp_path: Path) -> None:
    expected = mistake.make(tmp_path)

    assert problems(tmp_path / "mappings") == expected
