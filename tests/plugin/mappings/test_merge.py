"""Two edits of one text brought together: nothing that somebody wrote is lost."""

from hypothesis import given
from hypothesis import strategies as st

from plugin.mappings.merge import Piece, pieces, questions, together

BASE = "a\nb\nc\nd\ne\n"

lines = st.lists(st.sampled_from("abcd"), max_size=7).map(lambda each: "".join(f"{line}\n" for line in each))


def test_what_only_one_of_them_changed_is_taken() -> None:
    parts = pieces(BASE, BASE.replace("b", "B"), BASE.replace("e", "E") + "f\n")
    assert questions(parts) == ()
    assert together(parts) == "a\nB\nc\nd\nE\nf\n"


def test_what_both_changed_is_asked_with_all_three() -> None:
    parts = pieces(BASE, BASE.replace("c", "theirs"), BASE.replace("c", "ours"))
    assert questions(parts) == (Piece(("c\n",), ("theirs\n",), ("ours\n",)),)
    assert together(parts) == BASE.replace("c", "ours")
    assert together(parts, ["theirs"]) == BASE.replace("c", "theirs")
    assert together(parts, ["both"]) == BASE.replace("c", "theirs\nours")


def test_what_both_changed_alike_is_no_question() -> None:
    assert questions(pieces(BASE, BASE.replace("c", "x"), BASE.replace("c", "x"))) == ()


@given(lines, lines, lines)
def test_each_of_the_three_is_there_whole(base: str, theirs: str, ours: str) -> None:
    parts = pieces(base, theirs, ours)
    for name, text in (("base", base), ("theirs", theirs), ("ours", ours)):
        assert "".join(line for each in parts for line in getattr(each, name)) == text


@given(lines, lines)
def test_whoever_changed_nothing_takes_the_others_text(base: str, ours: str) -> None:
    assert together(pieces(base, base, ours)) == ours
    assert together(pieces(base, ours, base)) == ours
    assert together(pieces(base, ours, ours)) == ours
