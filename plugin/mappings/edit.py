"""An edit of mapping files: tried before it is written, and written only over what it was made from.

Files are written as editors that are careful do: into a new file beside the old one, which it then replaces; several
of them as one (`journal.py`).
"""

import hashlib
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from plugin.mappings import journal
from plugin.mappings.files import present, revision_of, why_not_a_name

_BOM = b"\xef\xbb\xbf"


class ChangedMeanwhile(Exception):
    """The files are not those any more that the edit was made from; nothing was written."""


class NotWritten(Exception):
    """The files cannot be written; the text says why. What is there is what was there, or was edited to the end."""


def on_disk(directory: Path) -> dict[str, bytes]:
    """Every mapping file as it is now, by its name; one that cannot be read is left out."""
    return _readable(present(directory))


def after(disk: Mapping[str, bytes], edited: Mapping[str, bytes | None]) -> dict[str, bytes]:
    """The files as an edit leaves them."""
    return {name: content for name, content in {**disk, **edited}.items() if content is not None}


def digest(content: bytes) -> str:
    """The same for the same bytes."""
    return hashlib.sha256(content).hexdigest()


def read_as(content: bytes) -> str:
    """A file as it is edited: with one sort of line ends. A byte that is no UTF-8 is a mark that stands for it."""
    return content.decode("utf-8-sig", "replace").replace("\r\n", "\n")


def typed(text: str, instead_of: bytes) -> bytes:
    """A text from a browser, which ends lines in a way of its own, as bytes: line ends, and a mark at the beginning, as
    the file has them; at its end there is a line end.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\N{BYTE ORDER MARK}")
    if lines and not lines.endswith("\n"):
        lines += "\n"
    if b"\r\n" in instead_of:
        lines = lines.replace("\n", "\r\n")
    return (_BOM if instead_of.startswith(_BOM) else b"") + lines.encode()


def why_not_writable(directory: Path, name: str) -> str | None:
    """Why a file cannot be edited from here, or added; None where it can."""
    path = (directory / name).resolve()
    if not path.is_relative_to(directory.resolve()):
        return f"{name} leads out of {directory}"
    folder = path.parent if path.parent.exists() else directory.resolve()
    if not os.access(folder, os.W_OK):
        return f"the folder {folder} is read-only for this service"
    if path.exists() and not os.access(directory / name, os.W_OK):
        return f"{name} is read-only for this service"
    return None


def write(directory: Path, edited: Mapping[str, bytes | None], made_from: str) -> None:
    """Write files, each with the mode that it has, and take away those that are None: all of them, or none.

    `made_from` is the revision (`revision_of`) of everything in the directory that the edit was made from.

    Raises:
        ChangedMeanwhile: when the directory holds something else by now.
        NotWritten: when a file cannot be written, or no mapping file can be called so.
    """
    try:
        with journal.alone(directory):
            journal.settle(directory)
            standing = _readable(present(directory, alone=True))
            if revision_of(standing) != made_from:
                raise ChangedMeanwhile
            for name in edited:
                why = None if name in standing else why_not_a_name(name)
                why = why or why_not_writable(directory, name)
                if why is not None:
                    raise NotWritten(f"{why}.")
            journal.commit(directory, {name: (standing.get(name), content) for name, content in edited.items()})
    except OSError as error:
        raise NotWritten(f"{error.filename or directory} cannot be written: {error.strerror}.") from None


def finish(directory: Path) -> None:
    """Put an edit in place that a process was killed in the middle of. Where nobody may, it is read all the same."""
    with suppress(OSError):
        if journal.pending(directory):
            with journal.alone(directory):
                journal.settle(directory)


def _readable(found: Mapping[str, bytes | OSError]) -> dict[str, bytes]:
    return {name: content for name, content in found.items() if isinstance(content, bytes)}
