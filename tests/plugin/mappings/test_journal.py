"""Several mapping files changed as one: killed at every step, read meanwhile, or edited by hand in between."""

import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from plugin.mappings import journal
from plugin.mappings.edit import NotWritten, finish, on_disk, write
from plugin.mappings.files import revision_of
from plugin.mappings.journal import JOURNAL

BEFORE = {"tiers.yaml": b"old\n", "agreements/a.yaml": b"a\n", "examples/gone.yaml": b"gone\n"}
EDIT = {"tiers.yaml": b"new\n", "agreements/b.yaml": b"b\n", "agreements/a.yaml": None, "examples/gone.yaml": None}
AFTER = {"tiers.yaml": b"new\n", "agreements/b.yaml": b"b\n"}
STEPS = ("open", "fsync", "replace", "unlink", "fchmod")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, content in BEFORE.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    return tmp_path


def hidden(folder: Path) -> list[str]:
    return [str(each.relative_to(folder)) for each in folder.rglob(".*")]


def plain(folder: Path) -> dict[str, bytes]:
    """The files as somebody sees them who knows nothing of journals."""
    paths = (each for each in folder.rglob("*") if each.is_file() and not each.name.startswith("."))
    return {str(each.relative_to(folder)): each.read_bytes() for each in paths}


def interrupted(act: Callable[[], None], step: int, how: Callable[[], None]) -> bool:
    """Do it, with something happening before that step; was it come to?"""
    taken = 0

    def counting(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            nonlocal taken
            taken += 1
            if taken == step:
                how()
            return real(*args, **kwargs)

        return call

    with pytest.MonkeyPatch.context() as patch:
        for name in STEPS:
            patch.setattr(os, name, counting(getattr(os, name)))
        act()
    return taken >= step


def killed(act: Callable[[], None], step: int) -> bool:
    """Do it in a process of its own that is killed before that step; was it?"""
    child = os.fork()
    if child == 0:
        interrupted(act, step, lambda: os.kill(os.getpid(), signal.SIGKILL))
        os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def reset(folder: Path) -> None:
    for path in [each for each in folder.rglob("*") if each.is_file()]:
        path.unlink()
    for name, content in BEFORE.items():
        (folder / name).write_bytes(content)


def test_killed_at_any_step_it_is_all_there_or_nothing(folder: Path) -> None:
    made_from, seen, step = revision_of(on_disk(folder)), set(), 1
    while killed(lambda: write(folder, EDIT, made_from), step):
        read = on_disk(folder)
        assert read in (BEFORE, AFTER), step
        finish(folder)
        assert on_disk(folder) == plain(folder) == read, step
        assert JOURNAL not in hidden(folder)
        seen.add(read == AFTER)
        reset(folder)
        step += 1
    assert seen == {False, True}
    assert step > 20
    assert plain(folder) == AFTER


def test_killed_while_it_is_finished_it_is_finished_the_next_time(folder: Path) -> None:
    half = {name: (BEFORE.get(name), content) for name, content in EDIT.items()}
    step = 1
    while True:
        reset(folder)
        journal.put(folder / JOURNAL, journal.said(half))
        if not killed(lambda: finish(folder), step):
            break
        assert on_disk(folder) == AFTER, step
        finish(folder)
        assert plain(folder) == AFTER, step
        step += 1
    assert step > 10


def test_what_a_kill_left_behind_is_in_nobodys_way(folder: Path) -> None:
    made_from = revision_of(on_disk(folder))
    (folder / ".tiers.yaml.new").write_bytes(b"half")
    write(folder, EDIT, made_from)
    assert plain(folder) == AFTER
    assert hidden(folder) == []


def test_a_file_that_was_changed_by_hand_since_stays_and_the_others_go_back(folder: Path) -> None:
    half = {name: (BEFORE.get(name), content) for name, content in EDIT.items()}
    journal.put(folder / JOURNAL, journal.said(half))
    (folder / "tiers.yaml").write_bytes(b"by hand\n")
    (folder / "agreements" / "b.yaml").write_bytes(b"b\n")
    wanted = {**BEFORE, "tiers.yaml": b"by hand\n"}
    assert on_disk(folder) == wanted
    finish(folder)
    assert plain(folder) == wanted


def test_where_the_disk_is_full_nothing_is_changed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, made_from = journal.put, revision_of(on_disk(folder))

    def full(path: Path, content: bytes | None) -> None:
        if path.name == "b.yaml" and content:
            raise OSError(28, "No space left on device", str(path))
        real(path, content)

    monkeypatch.setattr(journal, "put", full)
    with pytest.raises(NotWritten, match="No space left"):
        write(folder, EDIT, made_from)
    assert plain(folder) == BEFORE
    assert hidden(folder) == []


def test_whoever_reads_meanwhile_reads_all_or_nothing(folder: Path) -> None:
    made_from, seen = revision_of(on_disk(folder)), []
    reader = threading.Thread(target=lambda: seen.append(on_disk(folder)))
    assert interrupted(lambda: write(folder, EDIT, made_from), 12, reader.start)
    reader.join()
    assert seen in ([BEFORE], [AFTER])


def test_a_journal_that_nobody_can_read_is_none(folder: Path) -> None:
    (folder / JOURNAL).write_bytes(b"{")
    assert on_disk(folder) == BEFORE
