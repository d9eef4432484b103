"""A row added to a list of a file: the row, and not a letter else."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.mappings.document import read_document
from plugin.mappings.rows import NotAdded, with_row

ROW = {"bought": "2027-10-01", "credits": "20", "reference": "PO 4711"}
LINE = "  - {bought: 2027-10-01, credits: 20, reference: PO 4711}\n"
HEAD = "# Whose\nname:   Echo  # by the bakery\n"


def added(text: str, *order: str) -> str:
    return with_row("agreements/echo.yaml", text.encode(), "packages", ROW, order).decode()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", f"\npackages:\n{LINE}"),
        ("packages: []\n", f"packages:\n{LINE}"),
        (
            "packages:\n  - {credits: 1}  # why\n\n# About it\nlanguage: de",
            f"packages:\n  - {{credits: 1}}  # why\n{LINE}\n# About it\nlanguage: de\n",
        ),
    ],
)
def test_the_rest_of_the_file_stays_as_it_was_written(before: str, after: str) -> None:
    assert added(HEAD + before) == HEAD + after


def test_a_list_that_is_new_stands_where_its_like_do() -> None:
    assert added(f"{HEAD}language: de\n", "name", "packages", "language") == f"{HEAD}\npackages:\n{LINE}language: de\n"


def test_line_ends_stay_those_of_the_file() -> None:
    assert added("name: Echo\r\n") == f"name: Echo\r\n\r\npackages:\r\n{LINE[:-1]}\r\n"


@pytest.mark.parametrize("text", ["packages: soon\n", "- a\n", "a: [\n", "a: \x00\n", "a: &b c\nd: *b\n"])
def test_what_cannot_be_added_to_is_refused(text: str) -> None:
    with pytest.raises(NotAdded):
        added(text)


@given(st.text(st.characters(blacklist_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1))
def test_whatever_is_written_is_read_again(reference: str) -> None:
    stood = Path("mappings/agreements/brennhaus-medical.yaml").read_bytes()
    content = with_row("agreements/x.yaml", stood, "packages", {"credits": "1", "reference": reference})
    assert read_document("agreements/x.yaml", content).data["packages"][-1]["reference"] == reference
