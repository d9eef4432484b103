"""The files of a mappings directory: which there are, which belong there, and their bytes."""

import hashlib
import os
from collections.abc import Collection, Iterator, Mapping
from contextlib import nullcontext
from pathlib import Path, PurePosixPath
from typing import Final

from plugin.mappings import agreements, journal, reply_files
from plugin.mappings.catalogue import FOLDERS, SCHEMAS, TABLES
from plugin.mappings.problem import Place, Report, nearest
from plugin.mappings.values import is_id

_TABLES: Final = tuple(sort.name for sort in TABLES)
_FOLDERS: Final = tuple(sort.name for sort in FOLDERS)
_REPLIES: Final = f"{reply_files.FOLDER}/"


def read_files(directory: Path, report: Report) -> dict[str, bytes]:
    """The bytes of every mapping file by its name, relative to the directory, with `/` between.

    Problems: no such directory, a file that is missing, cannot be read or has a name that nobody would read.
    """
    if not directory.is_dir():
        there = "is no directory" if directory.exists() else "does not exist"
        report.problem(Place("."), f"the mappings directory {directory} {there}; set MAPPINGS_DIR to the one to use")
        return {}
    contents = {}
    for name, content in present(directory).items():
        place = Place(name)
        if _belongs(name, place, report):
            if isinstance(content, bytes):
                contents[name] = content
            else:
                report.problem(place, f"the file cannot be read ({content.strerror}); check its permissions")
    check_complete(contents, report)
    return contents


def check_complete(contents: Collection[str], report: Report) -> None:
    """Problems: a table that is needed and not there, no agreement at all."""
    for sort in TABLES:
        if sort.needed and sort.name not in contents:
            report.problem(Place(sort.name), "the file is missing; restore it, every table is needed")
    if not any(in_folder(name, agreements.FOLDER) for name in contents):
        report.problem(Place(agreements.FOLDER), "there is no agreement; expected one file for each customer")


def present(directory: Path, *, alone: bool = False) -> dict[str, bytes | OSError]:
    """Every YAML file and reply with its bytes, or why they cannot be read, as one edit after another left them.

    `alone`: no edit is made meanwhile, for the caller is the one who makes it.
    """
    with nullcontext() if alone else journal.together(directory):
        edited = journal.pending(directory)
        found = {name: _bytes_of(directory / name) for name in names_in(directory)}
    return {name: each for name, each in sorted({**found, **edited}.items()) if each is not None}


def why_not_a_name(name: str) -> str | None:
    """Why no mapping file can be called so; None where one can."""
    if PurePosixPath(name).name.startswith("."):
        return "hidden files are passed over; leave out the dot at the beginning"
    report = Report()
    _belongs(name, Place(name), report)
    return next((each.sentence for each in report.problems), None)


def can_go(name: str) -> bool:
    """May this file be taken away: is it one of several, or one that may be left out?"""
    return all(not sort.needed for sort in TABLES if sort.name == name)


def _bytes_of(path: Path) -> bytes | OSError:
    try:
        return path.read_bytes()
    except OSError as error:
        return error


def in_folder(name: str, folder: str) -> bool:
    """Is this file one of that folder's?"""
    return name.startswith(f"{folder}/")


def names_in(directory: Path) -> tuple[str, ...]:
    """The names of all YAML files and of all replies, sorted; hidden files and folders are passed over."""
    return tuple(sorted(_walk(directory, "")))


def _walk(directory: Path, prefix: str) -> Iterator[str]:
    try:
        entries = sorted(os.scandir(directory), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        name = f"{prefix}{entry.name}"
        if entry.name.startswith(".") or name == SCHEMAS:
            continue
        if entry.is_dir():
            yield from _walk(Path(entry.path), f"{name}/")
        elif entry.name.casefold().endswith((".yaml", ".yml")) or (name.endswith(".md") and prefix == _REPLIES):
            yield name


def revision_of(contents: Mapping[str, bytes]) -> str:
    """Twelve hex digits that change with any name or byte."""
    digest = hashlib.sha256()
    for name, content in sorted(contents.items()):
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:12]


def _belongs(name: str, place: Place, report: Report) -> bool:
    path = PurePosixPath(name)
    folder = str(path.parent)
    if folder == reply_files.FOLDER and path.suffix == ".md":
        return True
    if path.suffix != ".yaml":
        report.problem(place, f"nobody would read this file; rename it to {path.stem}.yaml")
    elif folder == agreements.FOLDER and not is_id(path.stem):
        report.problem(place, "the file's name is the customer's: expected small letters, digits, - and _")
    elif folder in _FOLDERS or name in _TABLES:
        return True
    elif folder == ".":
        near = nearest(path.stem, [PurePosixPath(table).stem for table in _TABLES])
        hint = f"; is it {near}.yaml?" if near else ""
        report.problem(place, f"nobody would read this file: it is none of {', '.join(_TABLES)}{hint}")
    else:
        near = nearest(folder, _FOLDERS) or agreements.FOLDER
        report.problem(
            place, f"nobody would read this file here; expected it in {near}/ (nearest), without folders below"
        )
    return False
