"""Edits of the mapping files from the admin's pages: their history, and who is at it now. The files stay the truth."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Select, func, select

from plugin.store.tables import mapping_edit_files, mapping_editors, mapping_edits
from plugin.store.upsert import insert_or

AT_IT: Final = timedelta(minutes=15)
"""Whoever was seen at a file within so long is taken to be editing it still."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One edit of one file: what it said before and after, "" where it was not there.

    `id` is shared by files that were edited together.
    """

    id: int
    at: datetime
    person: str
    reason: str
    file: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Editor:
    """Somebody who has a file open, and when they were last seen there."""

    person: str
    at: datetime


def record(tx: Connection, person: str, reason: str, files: Mapping[str, tuple[str, str]], now: datetime) -> None:
    """Write down an edit: what each file said before, and says now. Whoever made it is at these files no more."""
    added = tx.execute(mapping_edits.insert().values(at=now, person=person, reason=reason))
    (edit,) = added.inserted_primary_key or (None,)
    rows = [{"edit": edit, "file": file, "before": before, "after": after} for file, (before, after) in files.items()]
    tx.execute(mapping_edit_files.insert(), rows)
    for file in files:
        ours = (mapping_editors.c.file == file, mapping_editors.c.person == person)
        tx.execute(mapping_editors.delete().where(*ours))


def of_file(tx: Connection, file: str, most: int) -> tuple[Edit, ...]:
    """The last edits of a file, newest first."""
    query = _edits().where(mapping_edit_files.c.file == file).order_by(mapping_edits.c.id.desc()).limit(most)
    return tuple(Edit(**row._mapping) for row in tx.execute(query))


def files_of(tx: Connection, edit: int) -> tuple[Edit, ...]:
    """Every file of one edit; none where there was no such edit."""
    query = _edits().where(mapping_edits.c.id == edit).order_by(mapping_edit_files.c.file)
    return tuple(Edit(**row._mapping) for row in tx.execute(query))


def taken_away(tx: Connection) -> tuple[Edit, ...]:
    """For each file that its last edit took away, that edit; the latest first."""
    file = mapping_edit_files.c
    newest = select(file.file, func.max(file.edit).label("edit")).group_by(file.file).subquery()
    query = _edits().join(newest, (newest.c.file == file.file) & (newest.c.edit == file.edit)).where(file.after == "")
    return tuple(Edit(**row._mapping) for row in tx.execute(query.order_by(file.edit.desc(), file.file)))


def at_it(tx: Connection, file: str, person: str, now: datetime) -> tuple[Editor, ...]:
    """Note that somebody has the file open; the others who do, the latest first."""
    seen = insert_or(tx.dialect.name, mapping_editors).values(file=file, person=person, at=now)
    tx.execute(seen.on_conflict_do_update(index_elements=["file", "person"], set_={"at": now}))
    tx.execute(mapping_editors.delete().where(mapping_editors.c.at < now - AT_IT))
    query = select(mapping_editors.c.person, mapping_editors.c.at).where(
        mapping_editors.c.file == file, mapping_editors.c.person != person
    )
    return tuple(Editor(**row._mapping) for row in tx.execute(query.order_by(mapping_editors.c.at.desc())))


def _edits() -> Select[tuple[Any, ...]]:
    edit, file = mapping_edits.c, mapping_edit_files.c
    joined = mapping_edits.join(mapping_edit_files, edit.id == file.edit)
    return select(edit.id, edit.at, edit.person, edit.reason, file.file, file.before, file.after).select_from(joined)
