"""The mistakes that `releases.py` finds, each told with its place."""

from pathlib import Path

import pytest

from tests.plugin.mappings.broken import Mistake, copy_of_shipped, problems, replaced

MISTAKES = [
    Mistake(
        "a release before the one above it",
        "releases.yaml",
        "released: 2026-10-12",
        "released: ^2026-04-12",
        "26.2 was released on 2026-04-12, before 26.1 above it (2026-04-13); expected the oldest first: correct the "
        "date or the order",
    ),
    Mistake(
        "the same line in another spelling",
        "releases.yaml",
        "      - {line: 26.2, released: 2026-10-12, cites: C13}",
        "      - {line: ^26.01, released: 2026-10-12, cites: C13}",
        "line 26.01 is already in line {line} of the file; remove one",
        refers="{line: 26.1, released: 2026-04",
    ),
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=str)
def test_a_mistake_is_told_with_its_place_and_what_was_expected(mistake: Mistake, tmp_path: Path) -> None:
    expected = mistake.make(tmp_path)

    assert problems(tmp_path / "mappings") == expected


def test_two_lines_may_be_released_on_one_day(tmp_path: Path) -> None:
    mappings = copy_of_shipped(tmp_path)
    replaced(mappings, "releases.yaml", "released: 2015-06-15", "released: 2014-04-14")

    assert problems(mappings) == []
