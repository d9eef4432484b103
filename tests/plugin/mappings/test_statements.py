"""The words of statements: complete in every language, and what is filled into them is there."""

from pathlib import Path

import pytest

from plugin.mappings.load import load
from plugin.mappings.statements import PLACEHOLDERS, StatementFile
from tests.plugin.mappings.broken import SHIPPED


def changed(folder: Path, old: str, new: str, name: str = "en.yaml") -> list[str]:
    """The problems once these words are others."""
    for path in SHIPPED.rglob("*"):
        if path.is_file() and path.suffix in (".yaml", ".md"):
            (folder / path.relative_to(SHIPPED)).parent.mkdir(parents=True, exist_ok=True)
            (folder / path.relative_to(SHIPPED)).write_bytes(path.read_bytes())
    text = (SHIPPED / "statements" / "en.yaml").read_text()
    assert old in text
    (folder / "statements" / name).write_text(text.replace(old, new))
    return [str(each) for each in load(folder).problems]


def test_they_are_shipped_in_english_and_german() -> None:
    loaded = load(SHIPPED).mappings
    assert loaded is not None
    assert set(loaded.statement_words) == {"de", "en"}


def test_they_decide_nothing() -> None:
    loaded = load(SHIPPED).mappings
    assert loaded is not None
    assert [name for name in loaded.files if name.startswith("statements/")] == []


def test_what_is_filled_in_is_filled_into_a_text_that_there_is() -> None:
    assert set(PLACEHOLDERS) <= set(StatementFile.model_fields)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('{moment}."\nnot_over', '{time}."\nnot_over', "made_on: {time} is not known here; expected {moment}"),
        ("{used} of {limit}", "{used} of {limit:x}", "seats: {limit} is not known here; expected {used}, {limit}"),
        (
            "title: Support statement",
            'title: "Statement {month}"',
            "title: {month} is not known here",
        ),
        ("title: Support statement", 'title: "Statement {"', "title: a brace is not closed; expected no braces"),
        ("title: Support statement\n", "", "title"),
        ("nothing: None.", "nothing: None.\nnothin: x", "nothin"),
        (
            "not_eligible: not covered",
            "not_eligible: no\nkinds:\n  - {kind: falt, name: Fault}",
            "there is no kind falt",
        ),
        (
            "not_eligible: not covered",
            "not_eligible: no\nkinds:\n  - {kind: fault, name: A}\n  - {kind: fault, name: B}",
            "fault has a name already; remove one",
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_place(tmp_path: Path, old: str, new: str, problem: str) -> None:
    found = changed(tmp_path, old, new)
    assert [each for each in found if problem in each and each.startswith("statements/en.yaml:")], found


def test_a_file_that_is_no_languages_is_said(tmp_path: Path) -> None:
    found = changed(tmp_path, "title", "title", "english.yaml")
    assert found == ["statements/english.yaml:1:1: english is no language; name the file like en.yaml or de.yaml"]


def test_an_installation_without_them_goes_on_working(tmp_path: Path) -> None:
    changed(tmp_path, "title", "title")
    for each in (tmp_path / "statements").iterdir():
        each.unlink()
    assert load(tmp_path).problems == ()
