"""The mapping files, each as a page that people read, with its history. How they are edited: `mapping_edit.py`."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Final

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue

from plugin.mappings import agreements
from plugin.mappings.check import try_contents
from plugin.mappings.dated import Planned, planned
from plugin.mappings.edit import on_disk, read_as, why_not_writable
from plugin.mappings.files import can_go
from plugin.mappings.problem import Problem
from plugin.mappings.readable import readable
from plugin.overview.edit import difference
from plugin.store import edits
from webhooks.admin.desk import Desk
from webhooks.admin.editor import Editor
from webhooks.admin.language import N_
from webhooks.admin.page import render
from webhooks.admin.pages.mapping_files import ENDINGS

SHOWN: Final = 50
"""Edits of a file that are listed."""

_MOST_FILES: Final = 1_000

GROUPS: Final = (
    ("", N_("Rules")),
    (agreements.FOLDER, N_("Agreements")),
    ("replies", N_("Replies to customers")),
    ("statements", N_("Words of statements")),
    ("examples", N_("Examples that are held against every change")),
)


def add(pages: Blueprint, desk: Desk) -> None:
    """Add the views."""
    editor = Editor(desk)
    directory = editor.directory

    def found(name: str) -> dict[str, bytes]:
        """What is on disk; 404 where that file is none of it: only what is listed there can be named."""
        disk = on_disk(directory)
        return disk if name in disk else abort(404)

    def standing_problems(disk: Mapping[str, bytes]) -> tuple[Problem, ...]:
        """What keeps the files from being used; none where they are in force, or will be in a moment."""
        in_force = desk.mappings().files
        if all(disk.get(name) == content for name, content in in_force.items()):
            return ()
        return try_contents(disk).problems

    @pages.get("/mappings", endpoint="mappings")
    def every() -> ResponseReturnValue:
        disk = on_disk(directory)
        groups = [(folder, title, [each for each in disk if _folder(each) == folder]) for folder, title in GROUPS]
        with desk.store.reading() as tx:
            gone = [each for each in edits.taken_away(tx) if each.file not in disk]
        names = {f"{agreements.FOLDER}/{each.customer}.yaml": each.name for each in desk.mappings().agreements}
        return render(
            "mappings",
            groups=groups,
            gone=gone,
            endings=ENDINGS,
            saved="saved" in request.args,
            problems=standing_problems(disk),
            heads={each: _head(content) for each, content in disk.items()} | names,
            plans=sorted(
                (plan for name, content in disk.items() for plan in _plans(name, content, editor.today())),
                key=lambda plan: plan.day,
            ),
            where=directory,
        )

    @pages.get("/mappings/<path:name>", endpoint="mapping")
    def one(name: str) -> ResponseReturnValue:
        disk = found(name)
        with desk.store.reading() as tx:
            history = edits.of_file(tx, name, SHOWN)
        text = read_as(disk[name])
        since = history and history[0].after != text
        return render(
            "mapping",
            name=name,
            page=readable(name, disk[name]),
            text=text,
            history=[(each, difference(each.before, each.after)) for each in history],
            since=difference(history[0].after, text) if since else (),
            problems=[each for each in standing_problems(disk) if each.file == name],
            read_only=why_not_writable(directory, name),
            clauses=set(desk.mappings().policy.clauses),
            can_go=can_go(name),
            plans=_plans(name, disk[name], editor.today()),
            saved="saved" in request.args,
        )


@lru_cache(maxsize=_MOST_FILES)
def _plans(name: str, content: bytes, now: date) -> tuple[Planned, ...]:
    """What a file plans for days to come. The answer is remembered."""
    return planned(name, read_as(content), now)


def _folder(name: str) -> str:
    folder = str(PurePosixPath(name).parent)
    return "" if folder == "." else folder


def _head(content: bytes) -> str:
    """What a file says about itself at its beginning; "" where it says nothing."""
    for line in read_as(content).splitlines():
        if line and not line.startswith("#"):
            break
        if (said := line.lstrip("#").strip()) and not said.startswith("yaml-language-server"):
            return said
    return ""
