"""Several files changed as one: all of them or none, whoever reads meanwhile, and over a kill between any two steps.

What several files are to be is written into one hidden file first, the journal. With that the edit is made: whoever
reads the directory reads what the journal says, and whoever may write there puts the files in their places, then takes
the journal away. A file that somebody changed by hand since is theirs, and the others are put back to what they were.
"""

import fcntl
import json
import os
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

JOURNAL: Final = ".edit.json"
"""Hidden, as everything that is no mapping file."""

_MODE: Final = 0o644
"""Of a file that was not there yet."""

Content = bytes | None
"""The bytes of a file; None where there is none."""


@contextmanager
def alone(directory: Path) -> Iterator[None]:
    """One edit at a time, whichever process makes it, and nobody reads meanwhile. Raises OSError."""
    opened = os.open(directory, os.O_RDONLY)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX)
        yield
    finally:
        os.close(opened)


@contextmanager
def together(directory: Path) -> Iterator[None]:
    """Read what no edit is changing meanwhile. Where nothing can be locked there is nobody else to wait for."""
    opened = None
    with suppress(OSError):
        opened = os.open(directory, os.O_RDONLY)
        fcntl.flock(opened, fcntl.LOCK_SH)
    try:
        yield
    finally:
        if opened is not None:
            os.close(opened)


def pending(directory: Path) -> dict[str, Content]:
    """What files are to be by an edit that was made and not put in place yet; nothing, nearly always."""
    try:
        said = json.loads((directory / JOURNAL).read_bytes())
    except FileNotFoundError:
        return {}
    except (OSError, ValueError):
        # Only what is whole gets that name.
        return {}
    edit = {name: (_bytes(before), _bytes(after)) for name, (before, after) in said.items()}
    stand = {name: _read(directory / name) for name in edit}
    if all(stand[name] in pair for name, pair in edit.items()):
        return {name: after for name, (_, after) in edit.items()}
    return {name: before for name, (before, after) in edit.items() if stand[name] in (before, after)}


def commit(directory: Path, files: Mapping[str, tuple[Content, Content]]) -> None:
    """Change files, each from what it is to what it is to be. To be called `alone`. Raises OSError."""
    if len(files) > 1:
        put(directory / JOURNAL, said(files))
        try:
            settle(directory)
        except OSError:
            put(directory / JOURNAL, said({name: (after, before) for name, (before, after) in files.items()}))
            settle(directory)
            raise
    else:
        for name, (_, after) in files.items():
            put((directory / name).resolve(), after)


def settle(directory: Path) -> None:
    """Put an edit in place that was made and not finished, if there is one. To be called `alone`. Raises OSError."""
    if not (directory / JOURNAL).exists():
        return
    for name, content in pending(directory).items():
        if _read(directory / name) != content:
            put((directory / name).resolve(), content)
    put(directory / JOURNAL, None)


def said(files: Mapping[str, tuple[Content, Content]]) -> bytes:
    return json.dumps({name: [_text(before), _text(after)] for name, (before, after) in files.items()}).encode()


def put(path: Path, content: Content) -> None:
    """Write a file whole, with the mode that it has, or take it away; on the disk when this returns."""
    if content is None:
        with suppress(FileNotFoundError):
            path.unlink()
    else:
        with suppress(FileExistsError):
            path.parent.mkdir()
        mode = path.stat().st_mode & 0o7777 if path.exists() else _MODE
        aside = path.with_name(f".{path.name}.new")
        with suppress(FileNotFoundError):
            # Of an edit that was killed, or a trap.
            aside.unlink()
        handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fchmod(file.fileno(), mode)
                os.fsync(file.fileno())
            os.replace(aside, path)
        except BaseException:
            with suppress(OSError):
                aside.unlink()
            raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _read(path: Path) -> Content:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _text(content: Content) -> str | None:
    return None if content is None else b64encode(content).decode()


def _bytes(text: str | None) -> Content:
    return None if text is None else b64decode(text)
