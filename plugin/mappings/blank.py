"""A new mapping file: what its schema needs, with nothing filled in. Pure."""

from typing import Any

from plugin.mappings.catalogue import sort_of
from plugin.mappings.schemas import schema_of
from plugin.mappings.written import written


def blank(name: str) -> str:
    """The text of a new file: every key that is needed, one row in each table; "" where there is no schema for it."""
    sort, schema = sort_of(name), schema_of(name)
    if sort is None or schema is None:
        return ""
    return sort.first_line + "".join(_lines(schema, schema, 0))


def _lines(whole: dict[str, Any] | Any, schema: Any, indent: int) -> list[str]:
    pad, lines = " " * indent, []
    for key in schema.get("required", ()):
        inside = _resolved(whole, schema["properties"][key])
        entry = _resolved(whole, inside.get("items", {}))
        if entry.get("type") == "object":
            row = _lines(whole, entry, indent + 4)
            flat = all(line.rstrip().endswith('""') for line in row)
            held = f"{{{', '.join(line.strip() for line in row)}}}\n" if flat else "".join(row).lstrip()
            lines.append(f"{pad}{written(key)}:\n{pad}  - {held}")
        elif inside.get("type") == "array":
            lines.append(f"{pad}{written(key)}: []\n")
        elif inside.get("type") == "object":
            below = _lines(whole, inside, indent + 2)
            lines.append(f"{pad}{written(key)}:\n{''.join(below)}" if below else f"{pad}{written(key)}: {{}}\n")
        else:
            lines.append(f'{pad}{written(key)}: ""\n')
    return lines


def _resolved(whole: Any, schema: Any) -> Any:
    found = schema.get("$ref", "")
    return whole["definitions"][found.rpartition("/")[2]] if found else schema
