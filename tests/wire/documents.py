"""Atlassian's OpenAPI documents of Jira, cut down to what is asked for and mended where they are wrong.

They lie in `../shared/jira/specs` beside the checkout, or where the environment variable `JIRA_SPECS` says. They are
not part of this project: without them the tests that ask for them are skipped, and say so.
"""

import json
import os
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.wire.corrections import correct

FOLDER = Path(os.environ.get("JIRA_SPECS") or Path(__file__).parents[3] / "shared" / "jira" / "specs")
CLOUD_2, CLOUD_3 = "jira-cloud-platform-v2_2021-04.json", "jira-cloud-platform-v3_2025-12.json"
DATA_CENTER, DESK = "jira-dc-10.3.24-openapi.json", "jsm-cloud_ballerina.json"
HOST = "http://jira.example"

Json = dict[str, Any]


class Operation(NamedTuple):
    """One operation as a document names it: `path` has its placeholders, and is what clients ask for."""

    document: str
    method: str
    path: str

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    def is_described(self, cloud: bool) -> bool:
        """Whether the document is of this kind of Jira, and not only the nearest that there is."""
        return cloud or self.document == DATA_CENTER


def require_documents() -> None:
    """Skip the present test, loudly, where the documents are not at hand."""
    if not (FOLDER / CLOUD_3).is_file():
        pytest.skip(f"NOT CHECKED AGAINST JIRA'S OPENAPI DOCUMENTS: there are none in {FOLDER} (set JIRA_SPECS)")


def operation(method: str, path: str, cloud: bool) -> Operation | None:
    """The operation that a request is of; None where no document has it."""
    path = path.replace("/rest/api/latest/", "/rest/api/2/")
    for name in _documents(path, cloud):
        for template, pattern in _templates(name):
            # Version 3's document is the younger one: what it alone has, version 2 has just the same.
            asked = path.replace("/api/2/", "/api/3/") if name == CLOUD_3 else path
            if pattern.fullmatch(asked) and method.lower() in _whole(name)["paths"][template]:
                served = _served(template).replace("/api/3/", "/api/2/") if asked != path else _served(template)
                return Operation(name, method.upper(), served)
    return None


def cut(operations: Iterable[Operation]) -> Json:
    """One document of these operations alone, with the schemas that they need.

    What is not kept is not read: the documents are large, and in other corners not valid.
    """
    paths: Json = {}
    schemas: Json = {}
    for one in operations:
        whole = _whole(one.document)
        template = next(each for each in whole["paths"] if _served(each) in (one.path, _younger(one)))
        item = whole["paths"][template]
        kept = {name: value for name, value in item.items() if name == "parameters"}
        kept[one.method.lower()] = item[one.method.lower()]
        paths.setdefault(one.path, {}).update(_of_its_own(kept, one.document))
        _reach(kept, one.document, schemas)
    document = {
        "openapi": "3.0.1",
        "info": {"title": "Jira", "version": "1"},
        "servers": [{"url": HOST}],
        "paths": paths,
        "components": {"schemas": schemas},
    }
    correct(document)
    return document


def _documents(path: str, cloud: bool) -> tuple[str, ...]:
    if path.startswith("/rest/servicedeskapi/"):
        return (DESK,)  # Data Center has no document of its own
    if not cloud:
        return (DATA_CENTER,)
    return (CLOUD_3,) if path.startswith("/rest/api/3/") else (CLOUD_2, CLOUD_3)


def _younger(one: Operation) -> str:
    return one.path.replace("/api/2/", "/api/3/") if one.document == CLOUD_3 else one.path


def _served(template: str) -> str:
    return template if template.startswith("/rest") else f"/rest{template}"


@cache
def _whole(name: str) -> Json:
    require_documents()
    document: Json = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    return document


@cache
def _templates(name: str) -> list[tuple[str, re.Pattern[str]]]:
    """The paths, those with the fewest placeholders first: `/field/search` is none of the `/field/{fieldId}`."""
    paths = sorted(_whole(name)["paths"], key=lambda each: each.count("{"))
    return [(each, re.compile(re.sub(r"\{[^}]*\}", "[^/]+", _served(each)))) for each in paths]


def _reach(node: Any, name: str, schemas: Json) -> None:
    """Add the schemas that `node` refers to, and theirs; each is called after its document as well."""
    for reference in _references(node):
        word = reference.rsplit("/", 1)[1]
        if _renamed(name, word) not in schemas:
            schema = _whole(name)["components"]["schemas"][word]
            schemas[_renamed(name, word)] = _of_its_own(schema, name)
            _reach(schema, name, schemas)


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for one in node:
            yield from _references(one)
    elif isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for one in node.values():
            yield from _references(one)


def _of_its_own(node: Any, name: str) -> Any:
    """A copy whose references lead to the schemas of one document among several."""
    if isinstance(node, list):
        return [_of_its_own(one, name) for one in node]
    if not isinstance(node, dict):
        return node
    if isinstance(node.get("$ref"), str):
        return {"$ref": f"#/components/schemas/{_renamed(name, node['$ref'].rsplit('/', 1)[1])}"}
    return {key: _of_its_own(value, name) for key, value in node.items()}


def _renamed(name: str, schema: str) -> str:
    return f"{name.partition('.')[0]}.{schema}"
