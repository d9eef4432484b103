"""What was filled into a form, written into the text of the file: each value where it stands. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from plugin.mappings.document import Path
from plugin.mappings.form_parts import Cell, Input, Pair, Part, Schema, pointer
from plugin.mappings.patch import Patch
from plugin.mappings.written import Data

UNIT: Final = "~unit"
KEY: Final = "~key"
"""What follows the name of a value that has two inputs. No name ends like this: `~` is always followed by 0 or 1."""

ACTIONS: Final = ("add", "copy", "remove", "up", "down")
_EMPTY: Final = ("", ())


def filled(text: str, form: Part, answers: Mapping[str, Sequence[str]]) -> str:
    """The text with what was filled in; `answers` are the form's inputs by name. What is not among them stays."""
    patch = Patch(text)
    fresh: dict[Path, dict[str, Any]] = {}
    emptied = {part.path for part in form.every() if _is_emptied(part, answers)}
    dropped: list[Path] = list(emptied)
    for cell in form.cells():
        wanted = answer(cell, answers)
        if wanted is None or wanted == shown(cell) or any(cell.path[: len(path)] == path for path in emptied):
            continue
        if wanted in _EMPTY and not cell.needed:
            dropped.append(cell.path)
        elif cell.present or patch.at(cell.path[:-1]) is not None:
            _put(patch, cell, wanted)
        else:
            # What it belongs to is not there yet either.
            fresh.setdefault(cell.path[:-1], {})[cell.name] = wanted
    for part in form.every():
        for pair in part.pairs or ():
            dropped += _pair(patch, pair, answers)
        if part.path in fresh:
            needed = dict.fromkeys(part.schema.get("required", ()), "")
            patch.put_new(part.path, {**needed, **fresh[part.path]}, part.order)
    patch.drop(dropped)
    return patch.done()


def acted(text: str, form: Part, action: str, at: str) -> str:
    """The text with a row more, or one less, or at another place; the same where that has no meaning."""
    patch = Patch(text)
    for part in form.every():
        if action == "add" and part.at == at and (part.rows is not None or part.entries is not None):
            patch.add_row(part.path, _blank(part), part.order)
        rows = (each.path for each in (part.rows if part.rows is not None else part.entries or ()))
        for path in (each for each in rows if pointer(each) == at):
            match action:
                case "copy":
                    patch.copy_row(path)
                case "remove":
                    patch.remove_row(path)
                case "up" | "down":
                    patch.move_row(path, -1 if action == "up" else 1)
    return patch.done()


def shown(cell: Cell) -> str | tuple[str, ...]:
    """What stands in the text, as an answer would say it."""
    if cell.is_list:
        return cell.several
    return _measured(cell.value, cell.unit, cell) if cell.input is Input.NUMBER else _moment(cell.value, cell)


def answer(cell: Cell, answers: Mapping[str, Sequence[str]]) -> str | tuple[str, ...] | None:
    """What was filled in; None where it was not asked for."""
    given = answers.get(cell.at)
    if given is None:
        return None
    if cell.input is Input.CHECKS:
        return tuple(each for each in cell.words if each in given)
    value = given[0].replace("\r\n", "\n").strip()
    if cell.input is Input.LINES:
        return tuple(line.strip() for line in value.split("\n") if line.strip())
    if cell.input is Input.NUMBER:
        return _measured(value, next(iter(answers.get(cell.at + UNIT, ())), cell.unit), cell)
    return _moment(value, cell)


def _measured(number: str, unit: str, cell: Cell) -> str:
    """A number with its unit, or a word instead of it."""
    if unit in cell.words:
        return unit
    if not number or not unit:
        return number
    return f"{number} {unit.removesuffix('s') if number == '1' else unit}"


def _moment(value: str, cell: Cell) -> str:
    return value.replace("T", " ", 1)[:16] if cell.input is Input.MOMENT else value


def _is_emptied(part: Part, answers: Mapping[str, Sequence[str]]) -> bool:
    """Is it a group that may be left out, and was every value of it emptied?"""
    if not (part.optional and part.present and part.parts) or any(each.cell is None for each in part.parts):
        return False
    return all(answer(cell, answers) in _EMPTY for cell in part.cells())


def _put(patch: Patch, cell: Cell, wanted: str | tuple[str, ...]) -> None:
    if isinstance(wanted, str):
        patch.put(cell.path, wanted, cell.order)
    else:
        patch.put_list(cell.path, wanted, cell.order)


def _pair(patch: Patch, pair: Pair, answers: Mapping[str, Sequence[str]]) -> Iterator[Path]:
    """Write a pair of key and value; its path where it is to go."""
    key = next((each.strip() for each in answers.get(pair.at + KEY, ())), None)
    wanted = answer(pair.value, answers)
    if key is None or not isinstance(wanted, str):
        return
    if not pair.key:
        if key:
            patch.put((*pair.path[:-1], key), wanted)
    elif not key and not wanted:
        yield pair.path
    else:
        if key and key != pair.key:
            patch.rename(pair.path, key)
        if wanted != shown(pair.value):
            patch.put(pair.path, wanted)


def _blank(part: Part) -> Data:
    """A row with nothing filled in, but for what every row says alike where there is a choice."""
    alike: dict[str, str] = {}
    if part.rows and len(part.rows) > 1:
        for cells in zip(*(row.cells for row in part.rows), strict=True):
            values = {cell.value for cell in cells}
            if cells[0].input is Input.CHOICE and len(values) == 1:
                alike |= {cells[0].name: cells[0].value}
    model = part.entries[0] if part.entries else None
    return _empty(part.schema, alike, model, [column.name for column in part.columns])


def _empty(schema: Schema, alike: Mapping[str, str], model: Part | None, columns: Sequence[str] = ()) -> Data:
    made: dict[str, Data] = {}
    inside = {each.name: each for each in model.parts} if model else {}
    for key in schema.get("required", ()):
        like = inside.get(key)
        if schema["properties"][key].get("type") == "array":
            made[key] = []
        elif like is not None and like.parts:
            made[key] = _empty(like.schema, {}, like)
        else:
            made[key] = alike.get(key, "")
    return {key: made[key] for key in (*columns, *schema["properties"]) if key in made}
