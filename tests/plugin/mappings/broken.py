"""The shipped mapping files with one mistake in them."""

import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from plugin.mappings.check import check

SHIPPED = Path(__file__).parents[3] / "mappings"
TODAY = date(2026, 11, 23)


@dataclass(frozen=True)
class Mistake:
    """`new` in the place of `old` in `file` is one problem, with exactly this sentence, in exactly one place.

    The place is where `^` stands in `new`, or else where the text `at` begins. `{line}` in the sentence is the line in
    which the text `refers` begins, in the same file or in the one named before it.
    """

    name: str
    file: str
    old: str
    new: str
    sentence: str
    at: str | None = None
    refers: str | tuple[str, str] | None = None

    def __str__(self) -> str:
        return self.name

    def make(self, folder: Path) -> list[str]:
        """Make the mistake in a copy of the shipped files; what is expected of the check."""
        mappings = copy_of_shipped(folder)
        text = replaced(mappings, self.file, self.old, self.new.replace("^", ""))
        if self.at is None:
            begins = text.index(self.new.replace("^", "")) + self.new.index("^")
        else:
            begins = position(text, self.at)
        sentence = self.sentence
        if self.refers is not None:
            file, referred = self.refers if isinstance(self.refers, tuple) else (self.file, self.refers)
            there = (mappings / file).read_text("utf-8")
            sentence = sentence.replace("{line}", str(there.count("\n", 0, position(there, referred)) + 1))
        line, column = text.count("\n", 0, begins) + 1, begins - text.rfind("\n", 0, begins)
        return [f"{self.file}:{line}:{column}: {sentence}"]


def copy_of_shipped(folder: Path) -> Path:
    """The shipped mapping files, to be changed."""
    copied = folder / "mappings"
    shutil.copytree(SHIPPED, copied)
    return copied


def replaced(mappings: Path, file: str, old: str, new: str) -> str:
    """Put `new` in the place of `old`, which has to be there exactly once; the file's new text."""
    path = mappings / file
    before = path.read_text("utf-8")
    text = before.replace(before[position(before, old) :][: len(old)], new)
    path.write_text(text, "utf-8")
    return text


def position(text: str, part: str) -> int:
    """Where a part begins that is in the text exactly once."""
    assert text.count(part) == 1, f"{part!r} is there {text.count(part)} times"
    return text.index(part)


def problems(mappings: Path) -> list[str]:
    """What `check` says is wrong, warnings left out."""
    return [str(each) for each in check(mappings, TODAY) if not each.warning]


def warnings(mappings: Path) -> list[str]:
    """What `check` warns of, but for the one shipped agreement that has ended."""
    found = [str(each) for each in check(mappings, TODAY) if each.warning]
    return [each for each in found if not each.startswith("agreements/delta-foundry.yaml:")]
