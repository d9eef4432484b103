"""Atlassian's document format, in which version 3 of the API tells texts of several lines, as the text it came from.

https://developer.atlassian.com/cloud/jira/platform/apis/document/structure
"""

from collections.abc import Iterator
from typing import Any


class _More(Exception):
    """More than plain text."""


def as_text(value: Any) -> Any:
    """The text of a document of plain paragraphs. Any other value, a document that holds more included, is as it was:
    it equals no text.
    """
    if not isinstance(value, dict) or value.get("type") != "doc":
        return value
    try:
        return "\n\n".join("".join(_paragraph(each)) for each in value["content"])
    except (_More, KeyError, TypeError):
        return value


def _paragraph(block: Any) -> Iterator[str]:
    if block["type"] != "paragraph":
        raise _More
    for node in block.get("content", ()):
        match node:
            case {"type": "hardBreak"}:
                yield "\n"
            case {"type": "text", "text": str(text), **rest} if not rest.get("marks"):
                yield text
            case _:
                raise _More
