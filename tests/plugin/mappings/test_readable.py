"""A mapping file as a page: every value and every comment of it is there, once."""

import re
from pathlib import Path

import pytest

from plugin.mappings.document import read_document
from plugin.mappings.edit import on_disk
from plugin.mappings.readable import Readable, Value, readable

SHIPPED = {name: content for name, content in on_disk(Path("mappings")).items() if name.endswith(".yaml")}

FILE = b"""\
# yaml-language-server: $schema=x
# What it is.

# Before a table
# goes on.
rows:
  # Before a row.
  - {a: 1, b: [x, y]} # Beside it.
  - {a: "# no comment", c: {d: 2}}
word: yes # It is.
# The end.
"""


def texts(value: object) -> list[str]:
    """Every text in plain data or in a page."""
    if isinstance(value, Value):
        own = [value.text] if not value.several and not value.keys else []
        return own + [text for each in (*value.several, *(each for _, each in value.keys)) for text in texts(each)]
    if isinstance(value, dict):
        return [text for each in value.values() for text in texts(each)]
    if isinstance(value, list):
        return [text for each in value for text in texts(each)] or [""]
    return [str(value)]


def shown(page: Readable) -> list[str]:
    cells = [cell for part in page.sections for row in part.rows for cell in row.cells if cell]
    values = [part.value for part in page.sections if part.value]
    return [text for each in (*cells, *values) for text in texts(each)]


def comments(page: Readable) -> str:
    rows = [text for part in page.sections for row in part.rows for text in (*row.above, row.beside)]
    return " ".join(
        (*page.head, *page.foot, *(text for part in page.sections for text in (*part.about, part.beside)), *rows)
    )


def test_a_table_has_its_rows_and_the_comments_their_places() -> None:
    page = readable("x.yaml", FILE)
    assert page is not None
    assert page.head == ("What it is.",)
    assert page.foot == ("The end.",)
    rows, word = page.sections
    assert (rows.name, rows.line, rows.about) == ("rows", 6, ("Before a table", "goes on."))
    assert rows.columns == ("a", "b", "c")
    assert [(row.line, row.above, row.beside) for row in rows.rows] == [
        (8, ("Before a row.",), "Beside it."),
        (9, (), ""),
    ]
    assert (word.beside, word.value and word.value.text) == ("It is.", "yes")


@pytest.mark.parametrize("name", SHIPPED)
def test_every_value_of_a_shipped_file_is_shown(name: str) -> None:
    page = readable(name, SHIPPED[name])
    assert page is not None
    missing = set(texts(read_document(name, SHIPPED[name]).data)) - set(shown(page))
    assert missing == set()


@pytest.mark.parametrize("name", SHIPPED)
def test_every_comment_of_a_shipped_file_is_shown(name: str) -> None:
    page = readable(name, SHIPPED[name])
    assert page is not None
    for line in SHIPPED[name].decode().splitlines():
        written = re.search(r"(?:^|\s)#\s+(.*)", line)
        if written and "yaml-language-server" not in line:
            assert written[1] in comments(page)


@pytest.mark.parametrize("content", [b"", b"- a", b"a: [", b"\xff"])
def test_what_is_no_mapping_file_has_no_page(content: bytes) -> None:
    assert readable("x.yaml", content) is None
