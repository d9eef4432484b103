"""Check a directory of mapping files: everything that `load` finds, and the admins' own examples."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from plugin.mappings import examples
from plugin.mappings.clauses import check_cited
from plugin.mappings.document import read_document
from plugin.mappings.example_trial import run
from plugin.mappings.files import check_complete
from plugin.mappings.load import Loaded, Mappings, Reading, read, read_contents
from plugin.mappings.problem import Place, Problem, Report
from plugin.mappings.shape import shaped
from plugin.mappings.words import Words


def check(directory: Path, today: date) -> tuple[Problem, ...]:
    """All problems and warnings of a directory, its examples included, sorted. A warning is no failure."""
    loaded = load_and_try(directory, today)
    return tuple(sorted((*loaded.problems, *loaded.warnings)))


def load_and_try(directory: Path, today: date | None = None) -> Loaded:
    """Read a directory as `load` does and run its examples: an example that fails is a problem too."""
    report = Report()
    return _tried(read(directory, report, today), report)


def try_contents(contents: Mapping[str, bytes], today: date | None = None) -> Loaded:
    """The same of files by their names, as `read_files` gives them, before anybody writes them."""
    report = Report()
    check_complete(contents, report)
    return _tried(read_contents(contents, report, today), report)


def look_over(contents: Mapping[str, bytes]) -> tuple[tuple[Problem, ...], Words]:
    """What is wrong with files, but for what examples expect, which takes longer; and the words that they define."""
    report = Report()
    check_complete(contents, report)
    reading = read_contents(contents, report, None)
    _try(reading.examples, reading, None, report)
    return report.problems, reading.words


def _tried(reading: Reading, report: Report) -> Loaded:
    _try(reading.examples, reading, None if report.problems else reading.mappings, report)
    return Loaded(None if report.problems else reading.mappings, report.problems, report.warnings)


def _try(contents: Mapping[str, bytes], reading: Reading, mappings: Mappings | None, report: Report) -> None:
    """Read the examples, and run them where there is something wholly good to run them on."""
    if not contents:
        report.warning(Place(examples.FOLDER), "there are no examples; write what you expect, so that check can try it")
    for name, content in contents.items():
        document = read_document(name, content)
        report.add(document.problems)
        file = shaped(examples.ExamplesFile, document, report)
        if file is not None:
            check_cited((file,), reading.words.clauses, report)
        if file is not None and mappings is not None:
            run(file, mappings.policy, mappings.agreements, reading.words, report)
