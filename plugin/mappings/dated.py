"""Changes of mapping files that are in force from a day on: the row of today stays, the new one stands below it. Pure.

Only tables whose rows have a day from which they are in force can wait for it (`RowShape`, `DatedShape`); whatever else
an edit changes holds at once, and is named.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from typing import Final

from plugin.contract.tables import AppliesTo
from plugin.mappings.document import Path
from plugin.mappings.filled import shown
from plugin.mappings.form_parts import Input, Part, Row
from plugin.mappings.forms import APPLIES_TO, FROM, form
from plugin.mappings.patch import Patch

BEGINNING: Final = date(1980, 1, 1)
"""Before every request, and a day that mapping files may name."""

_BESIDE: Final = (FROM, APPLIES_TO, "cites")
_Values = tuple[tuple[str, str | tuple[str, ...]], ...]


class NotDatable(Exception):
    """Something of an edit cannot wait for a day; `places` are where, as people say it, none where no form shows it."""

    def __init__(self, places: tuple[str, ...] = ()) -> None:
        super().__init__(", ".join(places))
        self.places = places


@dataclass(frozen=True, slots=True)
class Planned:
    """A row that is in force from a day to come: its table, the day, and what it says."""

    file: str
    at: str
    table: str
    day: date
    says: str


def dated(name: str, before: str, after: str, day: date, applies_to: AppliesTo) -> str:
    """An edited text whose changes are in force from that day; a row that has a day of its own keeps it.

    Raises:
        NotDatable: when something else was changed, or a row was taken away.
    """
    was, now = form(name, before, None), form(name, after, None)
    if was is None or now is None:
        raise NotDatable
    found = list(_changes(was, now))
    other = _other(was, now) + [_said(part, row) for part, row, new in found if new is None and row is not None]
    if other:
        raise NotDatable(tuple(dict.fromkeys(other)))
    fresh = [(part, old, new) for part, old, new in found if new is not None and not _has_own_day(old, new)]
    patch = Patch(after)
    for part, _, new in fresh:
        cells = {cell.name: cell for cell in new.every}
        patch.put(cells[FROM].path, day.isoformat(), cells[FROM].order)
        if applies_to is AppliesTo.OPEN and APPLIES_TO in part.schema["properties"]:
            patch.put(cells[APPLIES_TO].path, applies_to.value, cells[APPLIES_TO].order)
    patch, stood = Patch(patch.done()), Patch(before)
    for _, old, new in fresh:
        if old is not None:
            patch.put_above(new.path, stood.source(old.path))
    return patch.done()


def as_if_in_force(name: str, before: str, after: str, today: date) -> str:
    """An edited text with what it plans in force already, so that it can be seen what that would change."""
    was, now = form(name, before, None), form(name, after, None)
    if was is None or now is None:
        return after
    patch = Patch(after)
    for part, _, new in _changes(was, now):
        day = _day(new) if new is not None else None
        if new is not None and day is not None and day > today:
            past = [found for row in part.rows or () if (found := _day(row)) and found <= today]
            patch.put((*new.path, FROM), max(past, default=BEGINNING).isoformat())
    return patch.done()


def planned(name: str, text: str, today: date) -> tuple[Planned, ...]:
    """The rows of a file that are in force from a day to come, the nearest first."""
    whole = form(name, text, None)
    rows = [(part, row) for part in (whole.every() if whole else ()) for row in part.rows or ()]
    found = (
        Planned(name, row.at, part.name.replace("_", " "), day, _says(row))
        for part, row in rows
        if (day := _day(row)) is not None and day > today
    )
    return tuple(sorted(found, key=lambda each: each.day))


def can_wait(whole: Part | None) -> bool:
    """Has a form tables whose rows are in force from days?"""
    return whole is not None and any(part.dated for part in whole.every())


def _changes(was: Part, now: Part) -> Iterator[tuple[Part, Row | None, Row | None]]:
    """The rows of dated tables that are not what they were: table, row of then, row of now."""
    tables = {part.path: part for part in was.every() if part.dated}
    for part in now.every():
        if not part.dated:
            continue
        stood = tables[part.path].rows if part.path in tables else ()
        old, new = list(stood or ()), list(part.rows or ())
        same = SequenceMatcher(None, list(map(_values, old)), list(map(_values, new)), autojunk=False)
        for what, i1, i2, j1, j2 in same.get_opcodes():
            if what != "equal":
                for at in range(max(i2 - i1, j2 - j1)):
                    yield part, old[i1 + at] if i1 + at < i2 else None, new[j1 + at] if j1 + at < j2 else None


def _other(was: Part, now: Part) -> list[str]:
    """What else is different, as people say it."""
    one, other = (dict(_rest(each)) for each in (was, now))
    return [_place(path) for path in {**one, **other} if one.get(path) != other.get(path)]


def _rest(part: Part) -> Iterator[tuple[Path, object]]:
    """Every value that stands in no dated table."""
    if part.dated:
        return
    cells = (*((part.cell,) if part.cell else ()), *(cell for row in part.rows or () for cell in row.every))
    yield from ((cell.path, shown(cell)) for cell in cells if cell.present)
    yield from ((pair.path, pair.value.value) for pair in part.pairs or () if pair.key)
    for each in (*(part.entries or ()), *part.parts):
        yield from _rest(each)


def _has_own_day(old: Row | None, new: Row) -> bool:
    """Has somebody written a day that was not there, or does the row wait for one already?"""
    day = _day(new)
    return day is not None and (old is None or day != _day(old))


def _values(row: Row) -> _Values:
    return tuple(sorted((cell.name, shown(cell)) for cell in row.every if cell.present))


def _day(row: Row) -> date | None:
    cell = next((each for each in row.every if each.name == FROM and each.input is Input.DATE and each.value), None)
    try:
        return None if cell is None else date.fromisoformat(cell.value)
    except ValueError:
        return None


def _says(row: Row) -> str:
    values: Mapping[str, str | tuple[str, ...]] = dict(_values(row))
    parts = []
    for cell in row.every:
        if cell.name in values and cell.name not in _BESIDE:
            value = values[cell.name]
            parts.append(f"{cell.name.replace('_', ' ')} {value if isinstance(value, str) else ', '.join(value)}")
    return ", ".join(parts)


def _said(part: Part, row: Row) -> str:
    return f"{part.name.replace('_', ' ')}: {_says(row)}"


def _place(path: Path) -> str:
    return ", ".join(str(each + 1) if isinstance(each, int) else each.replace("_", " ") for each in path)
