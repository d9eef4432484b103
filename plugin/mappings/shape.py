"""The shape of a file: pydantic models over what `document.py` read, and pydantic's errors as problems."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Any, ClassVar, TypeVar, get_args, get_origin

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    ModelWrapValidatorHandler,
    PrivateAttr,
    ValidationError,
    model_validator,
)
from pydantic.fields import FieldInfo
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, ErrorDetails

from plugin.contract.decision import Citation
from plugin.contract.tables import AppliesTo, Cited
from plugin.mappings.document import Document, Mapped, Path, Places
from plugin.mappings.problem import Place, Report, nearest
from plugin.mappings.reads import Reads, member_of
from plugin.mappings.values import Clause, Date

T = TypeVar("T")
S = TypeVar("S", bound="Shape")


class Shape(BaseModel):
    """Keys that belong together. It knows where it stands; unknown keys are errors."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        arbitrary_types_allowed=True,
        # For editors: what a key is about, and what is between a pair of brackets.
        use_attribute_docstrings=True,
        model_title_generator=lambda shape: re.sub(
            r"(?<!^)(?=[A-Z])", " ", shape.__name__.removesuffix("Shape")
        ).capitalize(),
    )

    misplaced: ClassVar[Mapping[str, str]] = {}
    """Keys that somebody may well try here, and why they say nothing."""

    _places: Places = PrivateAttr(default_factory=lambda: Places(""))
    _path: Path = PrivateAttr(default=())

    @model_validator(mode="wrap")
    @classmethod
    def _keep_the_place(cls, data: Any, handler: ModelWrapValidatorHandler["Shape"]) -> "Shape":
        shaped = handler(data)
        if isinstance(data, Mapped):
            shaped._places, shaped._path = data.places, data.path
        return shaped

    def place(self, *path: str | int) -> Place:
        """Where this stands, or one of its values: `place("aliases", 0)`."""
        return self._places.value((*self._path, *path))

    def key_place(self, *path: str | int) -> Place:
        """Where one of its keys stands."""
        return self._places.key((*self._path, *path))


class DatedShape(Shape):
    """A row of a table by which no request is judged: the clause that it rests on, and the day it is in force from."""

    misplaced: ClassVar[Mapping[str, str]] = {"applies_to": "no request is judged by this row; remove it"}

    cites: Clause
    """The clause of the contract that it rests on."""
    since: Date = Field(default=date.min, alias="from")
    """The day from which it is in force; left out: from the beginning."""

    def cited(self, value: T, _report: Report) -> Cited[T]:
        """What the row says, with what it rests on."""
        return Cited(value, Citation(self.cites, self.place().source), self.since)


class RowShape(DatedShape):
    """A row of a table by which requests are judged: those raised from its day on, or those still open then as well."""

    model_config = ConfigDict(json_schema_extra={"dependencies": {"applies_to": ["from"]}})
    misplaced: ClassVar[Mapping[str, str]] = {}

    applies_to: Annotated[AppliesTo, member_of(AppliesTo)] = AppliesTo.RAISED
    """raised: to requests raised from that day on; open: to those that are open on it as well."""

    def cited(self, value: T, report: Report) -> Cited[T]:
        """What the row says; it is a problem to say which requests it applies to where it applies to all of them."""
        if "applies_to" in self.model_fields_set and "since" not in self.model_fields_set:
            sentence = "applies_to: a row without from: applies to every request; remove it, or add from:"
            report.problem(self.key_place("applies_to"), sentence)
        return replace(super().cited(value, report), applies_to=self.applies_to)


@dataclass(frozen=True, slots=True)
class Keyed:
    """Tells editors the keys of a mapping: the words that are known, and those of them that may be left out."""

    words: tuple[str, ...]
    optional: frozenset[str]

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """The same for each of the words, instead of for any key."""
        made = handler(schema)
        each = made.pop("additionalProperties")
        return made | {
            "properties": dict.fromkeys(self.words, each),
            "required": [word for word in self.words if word not in self.optional],
            "additionalProperties": False,
        }


Rows = Annotated[tuple[T, ...], Field(min_length=1)]


def shaped(model: type[S], document: Document | None, report: Report) -> S | None:
    """The document as a `model`; None, and a problem for each thing that is wrong, where it is not one."""
    if document is None or document.problems:
        return None
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        _tell(model, document.places, error.errors(include_url=False), report)
        return None


def _tell(model: type[Shape], places: Places, errors: list[ErrorDetails], report: Report) -> None:
    meant: set[Path] = set()
    for error in errors:
        if error["type"] == "extra_forbidden":
            *around, unknown = error["loc"]
            if why := _misplaced(model, around, str(unknown)):
                report.problem(places.key(error["loc"]), f"{unknown}: {why}")
                continue
            known = _fields(model, around)
            near = nearest(str(unknown), known)
            if near:
                meant.add((*around, near))
            sentence = f"unknown key {unknown}; expected {', '.join(known)}" + (f" (nearest: {near})" if near else "")
            report.problem(places.key(error["loc"]), sentence)
    for error in errors:
        path = error["loc"]
        *around, name = path or ("",)
        if error["type"] == "missing" and path not in meant:
            info = _fields(model, around).get(str(name))
            report.problem(places.value(path), f"key {name} is missing; expected {_expected(info)}")
        elif error["type"] not in ("missing", "extra_forbidden") and not _is_an_echo(error):
            report.problem(places.value(path), _sentence(model, path, error))


def _is_an_echo(error: ErrorDetails) -> bool:
    """Pydantic counts only the good entries of a list: one whose entries are all wrong seems to be empty."""
    return error["type"] == "too_short" and bool(error["input"])


def _sentence(model: type[Shape], path: Path, error: ErrorDetails) -> str:
    names = [each for each in path if isinstance(each, str)]
    label = f"{names[-1]}: " if names else ""
    info = _info(model, path)
    match error["type"]:
        case "value_error":
            return f"{label}{error['ctx']['error']}; expected {_expected(info, entry=isinstance(path[-1], int))}"
        case "too_short":
            return f"{label}the list is empty; expected at least one entry"
        case "tuple_type":
            return f"{label}expected a list such as [a, b], or lines that begin with -"
        case _:
            return f"{label}expected keys and values: {', '.join(_fields(model, list(path))) or 'key: value'}"


def _expected(info: FieldInfo | None, *, entry: bool = False) -> str:
    """What a key's value should be, or an `entry` of it where it is a list."""
    own = [each for each in info.metadata if isinstance(each, Reads)] if info else []
    if not own and not entry and info and get_origin(info.annotation) is tuple:
        return "a list"
    reads = own or [each for each in _parts(info.annotation if info else None) if isinstance(each, Reads)]
    return reads[0].expected if reads else "keys and values"


def _parts(annotation: Any) -> Iterator[Any]:
    yield annotation
    for each in get_args(annotation):
        yield from _parts(each)


def _info(model: type[Shape], path: Path) -> FieldInfo | None:
    """The declaration of the innermost key of `path` that is one of a shape's own."""
    names = [position for position, each in enumerate(path) if isinstance(each, str)]
    for position in reversed(names):
        if info := _fields(model, list(path[:position])).get(str(path[position])):
            return info
    return None


def _fields(model: type[Shape], path: list[str | int]) -> dict[str, FieldInfo]:
    """The keys of the shape that stands at `path`; empty where none does."""
    inside = _inside(model, path)
    return {info.alias or name: info for name, info in inside.model_fields.items()} if inside else {}


def _misplaced(model: type[Shape], path: list[str | int], key: str) -> str | None:
    """Why a key has no meaning in the shape that stands at `path`, if that is known."""
    inside = _inside(model, path)
    return inside.misplaced.get(key) if inside else None


def _inside(model: type[Shape], path: list[str | int]) -> type[Shape] | None:
    """The shape that stands at `path`, or None."""
    inside: type[Shape] | None = model
    for step in path:
        known = {info.alias or name: info for name, info in inside.model_fields.items()} if inside else {}
        if isinstance(step, str) and known.get(step):
            models = [
                each for each in _parts(known[step].annotation) if isinstance(each, type) and issubclass(each, Shape)
            ]
            inside = models[0] if models else None
    return inside
