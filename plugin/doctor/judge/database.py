"""The database: there, of this release, with room, and not another one than the one that Jira knows."""

from pathlib import Path

from plugin.doctor.line import Line, ok, warning, wrong
from plugin.store import StoreError
from plugin.store.engine import Schema

_MB = 1_000_000


def answers(where: str, trouble: StoreError | None, is_there: bool) -> list[Line]:
    """Can it be reached? A file that is not there yet is made by the service."""
    if trouble is not None:
        return [wrong(str(trouble), "Correct DATABASE_URL, or start the database.")]
    if not is_there:
        return [
            warning(
                f"{where} is not there yet: nothing has run with it.",
                "support-contract serve makes it; or set DATABASE_URL to the one that the service uses.",
            )
        ]
    return [ok(f"{where} answers.")]


def schema(found: Schema) -> list[Line]:
    """Is it of this release?"""
    if found.moved_to is not None:
        return [wrong(f"It was moved to {found.moved_to} and takes nothing any more.", "Set DATABASE_URL to that one.")]
    if found.current is None:
        return [warning("It is empty: nothing has run with it yet.", "support-contract serve fills it, or migrate.")]
    if found.is_newer:
        return [
            wrong(
                f"It was made by a newer release (schema {found.current}).",
                "Install that release again, or restore the back-up taken before it.",
            )
        ]
    if found.current != found.newest:
        return [
            warning(
                f"It is of an earlier release (schema {found.current}, this one has {found.newest}).",
                "support-contract migrate; serve does it by itself when it starts.",
            )
        ]
    return [ok(f"It is of this release (schema {found.current}).")]


def room(free: int | None, least: int, folder: Path | None) -> list[Line]:
    """Is there room beside a file of SQLite's? `free` and `least` in bytes; None: it is a server's."""
    if free is None:
        return [ok("It is a server's, which looks after its own disk.")]
    told = f"{free // _MB:,} MB are free in {folder}"
    if free < least:
        return [
            wrong(
                f"{told}; below {least // _MB} MB (MIN_FREE_MB) webhooks are refused.",
                "Make room: back-ups and logs first.",
            )
        ]
    if free < 3 * least:
        return [warning(f"{told}; below {least // _MB} MB webhooks are refused.", "Make room before it is needed.")]
    return [ok(f"{told}.")]


def mode(bits: int | None, file: str) -> list[Line]:
    """May others read a file of SQLite's? It holds names, addresses and words of customers."""
    if bits is not None and bits & 0o007:
        return [
            warning(
                f"Every user of this machine may read {file}, which holds what customers wrote.", f"chmod o= {file}"
            )
        ]
    return [ok("No other user of this machine may read it." if bits is not None else "There is no file to be read.")]


def gap(sentence: str | None) -> list[Line]:
    """Does Jira know more than it does? Then nothing is worked."""
    if sentence is None:
        return [ok("As far as was seen, Jira knows nothing that it does not.")]
    first, _, rest = sentence.partition(". ")
    return [wrong(f"{first}.", rest)]
