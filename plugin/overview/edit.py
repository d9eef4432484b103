"""An edit of the mapping files as its admin sees it before it is saved: what is wrong with it, what it would change."""

import difflib
import hmac
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from plugin.contract.policy import Policy
from plugin.contract.preview import Difference, more_charged, sums
from plugin.contract.receipt import value_text
from plugin.mappings.check import look_over, try_contents
from plugin.mappings.dated import as_if_in_force
from plugin.mappings.edit import after, digest, read_as, write
from plugin.mappings.files import revision_of
from plugin.mappings.load import Mappings, read_contents
from plugin.mappings.problem import Problem, Report
from plugin.mappings.words import Words
from plugin.review import Previewed, WhatIf, what_if
from plugin.store import audit, edits
from plugin.store.decisions import Kept

AROUND: Final = 2
"""Lines that are shown around what differs."""


@dataclass(frozen=True, slots=True)
class DiffLine:
    """One line of a difference; `sign` is `+`, `-`, a blank, or `@` for a gap."""

    sign: str
    text: str


@dataclass(frozen=True, slots=True)
class Changed:
    """One value of one request that would be another, as people read it."""

    name: str
    before: str
    after: str
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sum:
    """How often a value would be otherwise, in words, and by how many units more is charged in all."""

    name: str
    how: tuple[tuple[str, int], ...]
    more: int


@dataclass(frozen=True, slots=True)
class Effects:
    """What an edit would change about the last requests: one by one, and in sum."""

    found: WhatIf
    requests: tuple[tuple[Previewed, tuple[Changed, ...]], ...]
    sums: tuple[Sum, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """An edit looked at. `problems` keep it from being saved, `warnings` do not; `effects` are there where it can be.

    `standing` is the revision of everything on disk that it was made from, `mappings` what would be in force. `later`:
    what it plans for days to come was looked at as if it held already, since no request was raised then yet. `words`:
    those to choose from.
    """

    standing: str
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    effects: Effects | None
    mappings: Mappings | None = None
    later: bool = False
    words: Words | None = None

    def elsewhere(self, files: Collection[str]) -> tuple[str, ...]:
        """The files that have problems with this edit and are not among these."""
        return tuple(dict.fromkeys(each.file for each in self.problems if each.file not in files))


def preview(
    kept: Iterable[Kept],
    disk: Mapping[str, bytes],
    edited: Mapping[str, bytes | None],
    in_force: Mappings,
    now: datetime,
) -> Preview:
    """Check an edit as `support-contract check` would once it is saved, and make these decisions once more by it."""
    today = now.astimezone(in_force.policy.zone).date()
    files = after(disk, edited)
    loaded = try_contents(files, today)
    effects, later = None, False
    if loaded.mappings is not None:
        already = _as_if_in_force(disk, edited, today)
        later = already != edited
        # The examples expect what holds today.
        tried = read_contents(after(disk, already), Report(), None).mappings if later else loaded.mappings
        effects = _effects(what_if(kept, tried or loaded.mappings, in_force, now), loaded.mappings.policy)
    words = look_over(files)[1].or_else(look_over(disk)[1])
    return Preview(revision_of(disk), loaded.problems, loaded.warnings, effects, loaded.mappings, later, words)


def key(disk: Mapping[str, bytes], edited: Mapping[str, bytes | None], in_force: Mappings, last: int) -> str:
    """The same for the same preview."""
    return seal("", f"{revision_of(disk)}\0{in_force.policy.revision}\0{last}", edited)


def seal(secret: str, standing: str, edited: Mapping[str, bytes | None]) -> str:
    """What only a preview of this very edit of these very files is given: it is asked for before they are saved."""
    gone = (f"{name}\0{'' if content is None else digest(content)}" for name, content in sorted(edited.items()))
    said = "\0".join((standing, *gone))
    return hmac.digest(secret.encode(), f"mapping preview\0{said}".encode(), "sha256").hex()


def save(
    tx: Connection,
    directory: Path,
    changed: Mapping[str, tuple[bytes | None, bytes | None]],
    standing: str,
    person: str,
    reason: str,
    now: datetime,
) -> None:
    """Write files that were edited, each from what it was to what it is to be (None: not there), and write that down:
    in their history, and among the changes. `standing` is the revision of everything that the edit was previewed over.

    Raises:
        ChangedMeanwhile, NotWritten: as `plugin.mappings.edit.write` does; then the transaction is to be given up.
    """
    texts = {name: (read_as(before or b""), read_as(content or b"")) for name, (before, content) in changed.items()}
    edits.record(tx, person, reason, texts, now)
    for name, (before, content) in texts.items():
        lines = [line.sign for line in difference(before, content)]
        counted = {"lines_added": lines.count("+"), "lines_removed": lines.count("-")}
        audit.record(tx, person, "mapping.edit", name, now, reason=reason, after=counted)
    # Last: what is written is written down, and what is not written is not.
    write(directory, {name: content for name, (_before, content) in changed.items()}, standing)


def difference(before: str, after: str) -> tuple[DiffLine, ...]:
    """What differs between two texts, line by line, with a few lines around it; none where nothing does."""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=AROUND)
    return tuple(
        DiffLine("@", "…") if line.startswith("@@") else DiffLine(line[:1], line[1:])
        for number, line in enumerate(lines)
        if number > 1
    )


def _as_if_in_force(
    disk: Mapping[str, bytes], edited: Mapping[str, bytes | None], today: date
) -> dict[str, bytes | None]:
    def already(name: str, content: bytes | None) -> bytes | None:
        if content is None or name not in disk:
            return content
        wanted = read_as(content)
        text = as_if_in_force(name, read_as(disk[name]), wanted, today)
        return content if text == wanted else text.encode()

    return {name: already(name, content) for name, content in edited.items()}


def _effects(found: WhatIf, policy: Policy) -> Effects:
    def read(each: Difference) -> Changed:
        before, after = (value_text(each.name, value, policy) for value in (each.before, each.after))
        return Changed(each.name, before, after, each.why)

    every = [each for request in found.different for each in request.differences]
    return Effects(
        found,
        tuple((request, tuple(map(read, request.differences))) for request in found.different),
        tuple(Sum(name, tuple(how.items()), more_charged(every, name)) for name, how in sums(every).items()),
    )
