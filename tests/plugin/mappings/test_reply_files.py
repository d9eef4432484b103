"""The mistakes that `reply_files.py` finds, each told with its place."""

from pathlib import Path

import pytest

from plugin.mappings.problem import one_of
from plugin.mappings.replies import NAMES
from tests.plugin.mappings.broken import Mistake, problems

MISTAKES = [
    Mistake(
        "a brace that is not closed",
        "replies/version_too_old.en.md",
        "{{ version }}",
        "{{ version }",
        "the template cannot be read: unexpected '}'",
        at="Your",
    ),
    Mistake(
        "a name with letters swapped",
        "replies/version_too_old.en.md",
        "{{ version }}",
        "{{ versoin }}",
        f"the template uses versoin; expected {one_of(NAMES)} (nearest: version)",
        at="Your",
    ),
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=str)
def test_a_mistake_is_told_with_its_place_and_what_was_expected(mistake: Mistake, tmp_path: Path) -> None:
    expected = mistake.make(tmp_path)

    assert problems(tmp_path / "mappings") == expected
