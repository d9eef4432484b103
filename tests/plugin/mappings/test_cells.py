"""CSV read with positions."""

import csv
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.mappings.cells import read_cells
from plugin.mappings.problem import Place, Report


def texts(content: str) -> list[list[str]]:
    report = Report()
    rows = read_cells("c.csv", content.encode(), report)
    assert report.problems == ()
    return [[cell.text for cell in row] for row in rows]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_separator_is_that_of_the_first_line(separator: str) -> None:
    assert texts(separator.join("abc") + "\n" + separator.join("def")) == [["a", "b", "c"], ["d", "e", "f"]]


def test_every_cell_knows_its_line_and_column() -> None:
    rows = read_cells("c.csv", b'a,b\n"one\ntwo",x\n\n,"y"\n', Report())
    assert [(cell.text, cell.place[1:]) for row in rows for cell in row] == [
        ("a", (1, 1)),
        ("b", (1, 3)),
        ("one two", (2, 1)),
        ("x", (3, 6)),
        ("", (5, 1)),
        ("y", (5, 2)),
    ]


def test_quotes_hold_separators_and_doubled_quotes() -> None:
    assert texts('a,b\n"x, ""y""",z') == [["a", "b"], ['x, "y"', "z"]]


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_line_ends_and_a_byte_order_mark_of_any_program_are_understood(ends: str) -> None:
    assert texts(f"\ufeffa,b{ends}c,d{ends}") == [["a", "b"], ["c", "d"]]


@pytest.mark.parametrize(
    ("content", "place", "sentence"),
    [
        (b'a,b\nc,"d', Place("c.csv", 2, 3), "this quote is not closed"),
        (b'a,b\n"c"d,e', Place("c.csv", 2, 1), "after the closing quote stands 'd'; double a quote within a text"),
        (
            b"a,b\nc,\xe4",
            Place("c.csv", 2, 3),
            "byte 0xE4 is not UTF-8; save the file as CSV UTF-8, or name its encoding (that of Excel's plain CSV is "
            "cp1252)",
        ),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(content: bytes, place: Place, sentence: str) -> None:
    report = Report()
    read_cells("c.csv", content, report)
    (problem,) = report.problems
    assert (problem.file, problem.line, problem.column, problem.sentence) == (*place, sentence)


@given(st.lists(st.lists(st.text(st.sampled_from('ab ,;"\n'), max_size=5), min_size=2, max_size=4), min_size=1))
def test_what_the_standard_library_writes_is_read_back(rows: list[list[str]]) -> None:
    stream = StringIO()
    csv.writer(stream).writerows([["h", "h", "h", "h", "h", "h", "h"], *rows])
    plain = [[" ".join(cell.split()) for cell in row] for row in rows]
    assert texts(stream.getvalue())[1:] == [row for row in plain if any(row)]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_is_known_by_its_first_bytes(encoding: str) -> None:
    content = "\ufeffa\tb\r\nÖl\td".encode(encoding)
    assert [[cell.text for cell in row] for row in read_cells("c.csv", content, Report())] == [["a", "b"], ["Öl", "d"]]


def test_an_encoding_can_be_named() -> None:
    report = Report()
    assert read_cells("c.csv", "a;b\nÖl;d".encode("cp1252"), report, "cp1252")[1][0].text == "Öl"
    assert report.problems == ()
    read_cells("c.csv", b"a\n\x81", report, "cp1252")
    assert [each.sentence.partition(";")[0] for each in report.problems] == ["byte 0x81 is not cp1252"]
    with pytest.raises(LookupError):
        read_cells("c.csv", b"a", report, "latin99")
