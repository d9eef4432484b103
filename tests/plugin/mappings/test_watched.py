"""Files that are picked up while the plugin runs, and only when they are wholly good."""

import threading
from datetime import timedelta
from pathlib import Path

import pytest

from plugin.mappings.load import Mappings
from plugin.mappings.watched import MappingProblems, Watched
from tests.plugin.mappings.broken import copy_of_shipped, replaced

AT_ONCE = timedelta(0)


def limit_of(mappings: Mappings) -> object:
    """How many named contacts Premium allows."""
    row = mappings.policy.contact_limits.find(mappings.agreements[0].terms[0].first, tier="premium")
    return row and row.value


def test_a_change_is_in_force_at_the_next_look(tmp_path: Path) -> None:
    directory = copy_of_shipped(tmp_path)
    watched = Watched(directory, AT_ONCE)
    before = watched.current()
    replaced(directory, "tiers.yaml", "limit: 5", "limit: 7")

    assert (limit_of(before), limit_of(watched.current())) == (5, 7)
    assert watched.current().policy.revision != before.policy.revision


def test_nothing_changed_is_the_very_same_mappings(tmp_path: Path) -> None:
    watched = Watched(copy_of_shipped(tmp_path), AT_ONCE)

    assert watched.current() is watched.current()


def test_a_mistake_leaves_the_last_good_files_in_force_and_is_told(tmp_path: Path) -> None:
    directory = copy_of_shipped(tmp_path)
    watched = Watched(directory, AT_ONCE)
    before = watched.current()
    replaced(directory, "tiers.yaml", "limit: 5", "limit: 7")
    replaced(directory, "releases.yaml", "count: 2", "count: two")

    assert watched.current() is before
    assert [each.file for each in watched.problems] == ["releases.yaml"]
    replaced(directory, "releases.yaml", "count: two", "count: 2")
    assert limit_of(watched.current()) == 7
    assert watched.problems == ()


def test_what_an_example_contradicts_is_not_taken(tmp_path: Path) -> None:
    directory = copy_of_shipped(tmp_path)
    watched = Watched(directory, AT_ONCE)
    before = watched.current()
    replaced(
        directory, "tiers.yaml", "tier: premium, severity: 1, within: 8 h", "tier: premium, severity: 1, within: 9 h"
    )

    assert watched.current() is before
    contradicted = {"examples/appointments.yaml", "examples/response-times.yaml", "examples/responses.yaml"}
    assert {each.file for each in watched.problems} == contradicted


@pytest.mark.parametrize("name", ["agreements/echo.yaml", "replies/credits_held.en.md"])
def test_a_new_file_is_seen_and_so_is_its_going(name: str, tmp_path: Path) -> None:
    directory = copy_of_shipped(tmp_path)
    watched = Watched(directory, AT_ONCE)
    before = watched.current()
    (directory / name).write_text("{{ nobody }")
    watched.current()

    assert {each.file for each in watched.problems} == {name}
    (directory / name).unlink()
    watched.current()
    assert watched.problems == ()
    assert watched.current().policy.revision == before.policy.revision


def test_a_file_of_the_same_size_put_in_place_of_another_is_seen(tmp_path: Path) -> None:
    directory = copy_of_shipped(tmp_path)
    watched = Watched(directory, AT_ONCE)
    other = tmp_path / "tiers.yaml"
    other.write_text((directory / "tiers.yaml").read_text("utf-8").replace("limit: 5", "limit: 6"), "utf-8")
    other.replace(directory / "tiers.yaml")

    assert limit_of(watched.current()) == 6


def test_files_that_are_not_good_to_begin_with_are_refused_with_all_problems(tmp_path: Path) -> None:
    directory = copy_of_shipped(tmp_path)
    replaced(directory, "tiers.yaml", "limit: 5", "limit: five")
    replaced(directory, "releases.yaml", "count: 2", "count: two")

    with pytest.raises(MappingProblems, match="limit: five is not understood") as trouble:
        Watched(directory)
    assert [each.file for each in trouble.value.problems] == ["releases.yaml", "tiers.yaml"]


def test_between_two_looks_files_are_left_alone_unless_asked_for(tmp_path: Path) -> None:
    directory = copy_of_shipped(tmp_path)
    watched = Watched(directory, timedelta(hours=1))
    replaced(directory, "tiers.yaml", "limit: 5", "limit: 7")

    assert limit_of(watched.current()) == 5
    assert limit_of(watched.look()) == 7


def test_a_directory_that_goes_away_leaves_the_last_good_files_in_force(tmp_path: Path) -> None:
    directory = copy_of_shipped(tmp_path)
    watched = Watched(directory, AT_ONCE)
    before = watched.current()
    directory.rename(tmp_path / "elsewhere")

    assert watched.current() is before
    assert ".:1:1:" in str(watched.problems[0])


def test_threads_see_whole_mappings_while_files_change(tmp_path: Path) -> None:
    directory = copy_of_shipped(tmp_path)
    watched = Watched(directory, AT_ONCE)
    seen: set[tuple[str, object]] = set()
    stop = threading.Event()

    def look() -> None:
        while not stop.is_set():
            mappings = watched.current()
            seen.add((mappings.policy.revision, limit_of(mappings)))

    threads = [threading.Thread(target=look) for _ in range(3)]
    for thread in threads:
        thread.start()
    for old, new in ((5, 6), (6, 7), (7, 8)):
        replaced(directory, "tiers.yaml", f"limit: {old}", f"limit: {new}")
        watched.look()
    stop.set()
    for thread in threads:
        thread.join()

    seen.add((watched.current().policy.revision, limit_of(watched.current())))
    assert (watched.current().policy.revision, 8) in seen
    assert len({revision for revision, _ in seen}) == len(seen)
