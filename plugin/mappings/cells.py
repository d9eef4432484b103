"""CSV read with positions: every cell knows its line and column, whatever separates the cells (RFC 4180)."""

from bisect import bisect_right
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator
from typing import Final, NamedTuple

from plugin.mappings.problem import Place, Report

UTF_8: Final = "utf-8-sig"
SEPARATORS: Final = (",", ";", "\t")


class Cell(NamedTuple):
    """The text of a cell without spaces around it, and where it begins."""

    text: str
    place: Place


def read_cells(file: str, content: bytes, report: Report, encoding: str = UTF_8) -> list[list[Cell]]:
    """The rows that are not empty. The separator is that of the first line: comma, semicolon or tabulator.

    UTF-16 is known by its first two bytes. Problems: bytes that are not in the encoding, a quote that is not closed,
    text after a closing quote. Raises LookupError for an encoding that there is not.
    """
    try:
        text = content.decode("utf-16" if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) else encoding)
    except UnicodeDecodeError as error:
        before = content[: error.start].rpartition(b"\n")[2].decode(encoding, "replace")
        place = Place(file, content.count(b"\n", 0, error.start) + 1, len(before) + 1)
        named = "UTF-8" if encoding == UTF_8 else encoding
        sentence = f"byte 0x{content[error.start]:02X} is not {named}; save the file as CSV UTF-8, or name its encoding"
        report.problem(place, f"{sentence} (that of Excel's plain CSV is cp1252)")
        return []
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    separator = max(SEPARATORS, key=text.partition("\n")[0].count)
    begins = [0, *(number + 1 for number, character in enumerate(text) if character == "\n")]
    rows: list[list[Cell]] = [[]]
    for cell, position, trouble, ends_row in _cells(text, separator):
        line = bisect_right(begins, position)
        place = Place(file, line, position - begins[line - 1] + 1)
        if trouble:
            report.problem(place, trouble)
        rows[-1].append(Cell(" ".join(cell.split()), place))
        if ends_row:
            rows.append([])
    return [row for row in rows if any(cell.text for cell in row)]


def _cells(text: str, separator: str) -> Iterator[tuple[str, int, str, bool]]:
    """Every cell, where it begins, what is wrong with it, and whether it is the last of its row."""
    position = 0
    while position <= len(text):
        begin, trouble = position, ""
        if text[position : position + 1] == '"':
            value, position = _quoted(text, position)
            if position > len(text):
                trouble = "this quote is not closed"
            elif rest := _until(text, position, separator):
                trouble = f"after the closing quote stands {rest.strip()!r}; double a quote within a text"
                position += len(rest)
        else:
            value = _until(text, position, separator)
            position += len(value)
        yield value, begin, trouble, text[position : position + 1] != separator
        position += 1


def _until(text: str, position: int, separator: str) -> str:
    """What stands before the next separator or line end."""
    ends = [found for mark in (separator, "\n") if (found := text.find(mark, position)) >= 0]
    return text[position : min(ends, default=len(text))]


def _quoted(text: str, position: int) -> tuple[str, int]:
    """The text between quotes, doubled ones undone, and where it ends; beyond the end where it is not closed."""
    parts, begin = [], position + 1
    while (end := text.find('"', begin)) >= 0:
        parts.append(text[begin:end])
        if text[end + 1 : end + 2] != '"':
            return "".join(parts), end + 1
        parts.append('"')
        begin = end + 2
    return text[position + 1 :], len(text) + 1
