"""The table of lessons is whole: every lesson has tests that exist, or says why it does not apply here."""

import re
from dataclasses import dataclass
from pathlib import Path

from tests.ids import ROOT, docstrings_of, is_a_test

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Lesson:
    """One row: its number, the links to where it was learnt, the ids of its tests, and what else is said of it."""

    number: int
    links: tuple[str, ...]
    tests: tuple[str, ...]
    said: str


def lessons() -> list[Lesson]:
    rows = re.findall(r"^\| (\d+) \| (.*) \| (.*) \|$", (HERE / "README.md").read_text("utf-8"), re.MULTILINE)
    return [
        Lesson(
            int(number),
            tuple(re.findall(r"\]\((https://[^)]+)\)", lesson)),
            tuple(re.findall(r"`([^`]+::[^`]+)`", shown)),
            re.sub(r"`[^`]+`|<br>", "", shown).strip(),
        )
        for number, lesson, shown in rows
    ]


def test_every_lesson_stands_in_the_table_once_in_order() -> None:
    assert [each.number for each in lessons()] == list(range(1, 83))


def test_every_lesson_has_tests_or_a_sentence_that_says_why_not() -> None:
    assert [each.number for each in lessons() if not each.tests and not each.said.endswith(".")] == []


def test_every_test_that_the_table_names_is_there() -> None:
    missing = []
    for lesson in lessons():
        for id in lesson.tests:
            plain, _, case = id.rstrip("]").partition("[")
            if not is_a_test(plain) or (
                case and f'"{case}"' not in (ROOT / plain.partition("::")[0]).read_text("utf-8")
            ):
                missing.append((lesson.number, id))
    assert missing == []


def test_every_test_here_names_its_lessons_and_stands_in_the_table() -> None:
    for file in sorted(HERE.glob("test_*.py")):
        path = file.relative_to(ROOT).as_posix()
        for name, docstring in docstrings_of(path).items() if file.name != "test_index.py" else ():
            found = [each for each in lessons() if f"{path}::{name}" in each.tests]
            told = {
                int(number)
                for group in re.findall(r"Lessons? ([\d, and]+)", docstring)
                for number in re.findall(r"\d+", group)
            }
            assert {each.number for each in found} == told != set(), name
            assert any(link in docstring for each in found for link in each.links), name
