"""Documents of version 3 of the API, and the texts that they came from."""

from typing import Any

import pytest

from plugin.jira.document import as_text


def document(*blocks: Any) -> dict[str, Any]:
    return {"type": "doc", "version": 1, "content": list(blocks)}


def paragraph(*nodes: Any) -> dict[str, Any]:
    return {"type": "paragraph", "content": list(nodes)}


def words(text: str, **more: Any) -> dict[str, Any]:
    return {"type": "text", "text": text, **more}


BREAK = {"type": "hardBreak"}


def test_paragraphs_of_lines_are_the_text_that_was_written() -> None:
    told = document(paragraph(words("one"), BREAK, words("two")), paragraph(words("three")))

    assert as_text(told) == "one\ntwo\n\nthree"


@pytest.mark.parametrize("value", [None, "text", 3.0, {"value": "Basic"}, ["a"], {"type": "doc"}])
def test_what_is_no_document_is_as_it_was(value: Any) -> None:
    assert as_text(value) == value


@pytest.mark.parametrize(
    "block",
    [
        {"type": "bulletList", "content": []},
        paragraph(words("bold", marks=[{"type": "strong"}])),
        paragraph({"type": "mention", "attrs": {"id": "1"}}),
        paragraph({"type": "text"}),
        paragraph("text"),
        "text",
    ],
)
def test_a_document_that_holds_more_than_plain_text_is_no_text(block: Any) -> None:
    told = document(paragraph(words("one")), block)

    assert as_text(told) == told
