"""JSON Schemas of the mapping files, from their shapes: an editor says while somebody types what `check` says later.

Draft 7, which every editor knows. What joins several files (is there such a tier?) only `check` can say. A file that
`check` accepts is never marked by an editor, whichever YAML it reads.
"""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from plugin.mappings.catalogue import FOLDERS, TABLES, Sort, sort_of
from plugin.mappings.reads import A_TEXT

_NO_NEWS: Final = f"expected {A_TEXT}"
DRAFT: Final = "http://json-schema.org/draft-07/schema#"


def schemas() -> dict[str, bytes]:
    """Every schema by its name, relative to the mappings directory."""
    return {sort.schema: _written(sort) for sort in (*TABLES, *FOLDERS)}


@cache
def schema_of(name: str) -> Mapping[str, Any] | None:
    """The schema of a mapping file, by the file's name; None for one that has none, such as a reply."""
    sort = sort_of(name)
    return None if sort is None else json.loads(_written(sort))


def write(directory: Path) -> dict[str, str]:
    """Write the schemas into the mappings directory; which are new, and which have changed.

    Raises OSError where they cannot be written.
    """
    told = {}
    for name, content in schemas().items():
        path = directory / name
        before = path.read_bytes() if path.exists() else None
        if before != content:
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)
            told[name] = "new" if before is None else "changed"
    return told


def _written(sort: Sort) -> bytes:
    made = sort.shape.model_json_schema(ref_template="#/definitions/{model}", schema_generator=_ForEditors)
    parts = made.pop("$defs", {})
    for schema in (made, *parts.values()):
        _describe(schema)
    whole = {
        "$schema": DRAFT,
        "$comment": "Written by support-contract schemas. Do not change it: the next time overwrites it.",
        **made,
        "title": sort.name if sort in TABLES else f"{sort.name}/*.yaml",
        "definitions": parts,
    }
    return (json.dumps(whole, indent=2, ensure_ascii=False) + "\n").encode()


class _ForEditors(GenerateJsonSchema):
    """What is written in a file, not what is made of it: a key is left out, never null, and needs no default."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])


def _describe(schema: dict[str, Any]) -> None:
    """Say of every value what it is about and what is expected; its key is its title."""
    for value in _values(schema):
        value.pop("title", None)
        about, expected = value.get("description", ""), value.get("errorMessage", "")
        if expected not in ("", _NO_NEWS):
            value["description"] = f"{about} {expected[0].upper()}{expected[1:]}.".strip()
        _describe(value)


def _values(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from schema.get("properties", {}).values()
    for key in ("items", "additionalProperties"):
        if isinstance(schema.get(key), dict):
            yield schema[key]
