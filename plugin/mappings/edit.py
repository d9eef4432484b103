"""An edit of mapping files: tried before it is written, and written only over what it was made from.

Files are written as editors that are careful do: into a new file beside the old one, which it then replaces.
"""

import fcntl
import hashlib
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from plugin.mappings.files import names_in, revision_of

_BOM = b"\xef\xbb\xbf"


class ChangedMeanwhile(Exception):
    """The files are not those any more that the edit was made from; nothing was written."""


class NotWritten(Exception):
    """The files cannot be written; the text says why. What is there is what was there, or was edited to the end."""


def on_disk(directory: Path) -> dict[str, bytes]:
    """Every mapping file as it is now, by its name; one that cannot be read is left out."""
    contents = {}
    for name in names_in(directory):
        with suppress(OSError):
            contents[name] = (directory / name).read_bytes()
    return contents


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
    """Why a file cannot be edited from here; None where it can."""
    path = directory / name
    if not path.resolve().is_relative_to(directory.resolve()):
        return f"{name} leads out of {directory}"
    if not os.access(path.resolve().parent, os.W_OK):
        return f"the folder {path.resolve().parent} is read-only for this service"
    if not os.access(path, os.W_OK):
        return f"{name} is read-only for this service"
    return None


def write(directory: Path, edited: Mapping[str, bytes], made_from: str) -> None:
    """Write files that are there already, each with the mode that it has.

    `made_from` is the revision (`revision_of`) of everything in the directory that the edit was made from.

    Raises:
        ChangedMeanwhile: when the directory holds something else by now.
        NotWritten: when a file cannot be written.
    """
    with _alone(directory):
        standing = on_disk(directory)
        if revision_of(standing) != made_from or not edited.keys() <= standing.keys():
            raise ChangedMeanwhile
        for name in edited:
            why = why_not_writable(directory, name)
            if why is not None:
                raise NotWritten(f"{why}.")
        for name, content in edited.items():
            try:
                _replace((directory / name).resolve(), content)
            except OSError as error:
                raise NotWritten(f"{name} cannot be written: {error.strerror}.") from None


@contextmanager
def _alone(directory: Path) -> Iterator[None]:
    """One edit at a time, whichever process makes it."""
    try:
        opened = os.open(directory, os.O_RDONLY)
    except OSError as error:
        raise NotWritten(f"{directory} cannot be opened: {error.strerror}.") from None
    try:
        fcntl.flock(opened, fcntl.LOCK_EX)
        yield
    finally:
        os.close(opened)


def _replace(path: Path, content: bytes) -> None:
    mode = path.stat().st_mode
    # Hidden: nobody takes it for a mapping file while it is written.
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fchmod(file.fileno(), mode & 0o7777)
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(name)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
