"""Which files are read, and what is said of those that are not."""

from pathlib import Path

import pytest

from plugin.mappings.files import revision_of
from plugin.mappings.load import load
from tests.plugin.mappings.broken import copy_of_shipped, problems, warnings

TABLES = (
    "tiers.yaml, severities.yaml, coverage.yaml, releases.yaml, eligibility.yaml, credits.yaml, fields.yaml, "
    "clauses.yaml, prices.yaml"
)
MISNAMED = {
    "tier.yaml": f"nobody would read this file: it is none of {TABLES}; is it tiers.yaml?",
    "sundry.yaml": f"nobody would read this file: it is none of {TABLES}",
    "agreements/echo.yml": "nobody would read this file; rename it to echo.yaml",
    "agreements/old/echo.yaml": (
        "nobody would read this file here; expected it in agreements/ (nearest), without folders below"
    ),
    "agrements/echo.yaml": (
        "nobody would read this file here; expected it in agreements/ (nearest), without folders below"
    ),
    "agreements/Echo Ltd.yaml": "the file's name is the customer's: expected small letters, digits, - and _",
    "replies/too_old.en.md": (
        "nobody would use this file: expected <name>.<language>.md, the name frame, receipt, draft or a reason; "
        "is it version_too_old.en.md?"
    ),
}


@pytest.mark.parametrize(("name", "sentence"), MISNAMED.items(), ids=list(MISNAMED))
def test_a_file_that_nobody_would_read_is_a_problem_and_not_silence(name: str, sentence: str, tmp_path: Path) -> None:
    mappings = copy_of_shipped(tmp_path)
    (mappings / name).parent.mkdir(exist_ok=True)
    (mappings / name).write_text("name: Echo\n")

    assert problems(mappings) == [f"{name}:1:1: {sentence}"]


@pytest.mark.parametrize(
    "name", [".tiers.yaml.swp", ".git/config.yaml", "schema/tiers.yaml", "tiers.yaml~", "README.md"]
)
def test_hidden_files_backups_and_what_is_for_editors_are_passed_over(name: str, tmp_path: Path) -> None:
    mappings = copy_of_shipped(tmp_path)
    (mappings / name).parent.mkdir(exist_ok=True)
    (mappings / name).write_text("what: ever\n")

    assert problems(mappings) == []


def test_a_directory_that_does_not_exist_is_a_problem(tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere"

    said = f"the mappings directory {nowhere} does not exist; set MAPPINGS_DIR to the one to use"
    assert f".:1:1: {said}" in problems(nowhere)


def test_a_file_in_the_place_of_the_directory_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    said = f"the mappings directory {tmp_path / 'file'} is no directory; set MAPPINGS_DIR to the one to use"
    assert f".:1:1: {said}" in problems(tmp_path / "file")


def test_a_missing_table_is_one_problem_and_what_rests_on_it_is_not_judged(tmp_path: Path) -> None:
    mappings = copy_of_shipped(tmp_path)
    (mappings / "tiers.yaml").unlink()

    assert problems(mappings) == ["tiers.yaml:1:1: the file is missing; restore it, every table is needed"]


def test_a_file_that_cannot_be_read_is_a_problem(tmp_path: Path) -> None:
    mappings = copy_of_shipped(tmp_path)
    (mappings / "agreements" / "echo.yaml").symlink_to(tmp_path / "nowhere")

    said = "the file cannot be read (No such file or directory); check its permissions"
    assert problems(mappings) == [f"agreements/echo.yaml:1:1: {said}"]


def test_no_agreement_at_all_is_a_problem(tmp_path: Path) -> None:
    mappings = copy_of_shipped(tmp_path)
    for path in (mappings / "agreements").iterdir():
        path.unlink()
    for path in (mappings / "examples").iterdir():
        path.unlink()

    assert problems(mappings) == ["agreements:1:1: there is no agreement; expected one file for each customer"]
    said = "there are no examples; write what you expect, so that check can try it"
    assert warnings(mappings) == [f"examples:1:1: warning: {said}"]


def test_the_revision_changes_with_any_name_and_any_byte_of_what_decides(tmp_path: Path) -> None:
    mappings = copy_of_shipped(tmp_path)

    def revision() -> str:
        loaded = load(mappings).mappings
        assert loaded is not None
        return loaded.policy.revision

    revisions = [revision()]
    (mappings / "agreements" / "cobalt-rail.yaml").rename(mappings / "agreements" / "cobalt.yaml")
    revisions.append(revision())
    with (mappings / "tiers.yaml").open("a") as file:
        file.write("\n")
    revisions.append(revision())
    assert len(set(revisions)) == 3
    with (mappings / "examples" / "credits.yaml").open("a") as file:
        file.write("\n")
    assert revision() == revisions[-1]


def test_bytes_that_move_from_one_file_to_the_next_change_the_revision() -> None:
    assert revision_of({"a": b"xy", "b": b""}) != revision_of({"a": b"x", "b": b"y"})
    assert revision_of({"ab": b""}) != revision_of({"a": b"b"})
    assert len(revision_of({})) == 12
