"""Checks traffic against Atlassian's own OpenAPI documents, where they are at hand.

They lie in `../shared/jira/specs` beside the checkout, or where the environment variable `JIRA_SPECS` says. They are
not part of this project: without them the tests that ask for them are skipped, and say so.
"""

import json
import os
import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import parse_qsl, urlsplit

import pytest
from openapi_core import Config, OpenAPI
from openapi_core.exceptions import OpenAPIError
from openapi_core.templating.responses.exceptions import ResponseFinderError
from openapi_core.testing import MockRequest, MockResponse

FOLDER = Path(os.environ.get("JIRA_SPECS") or Path(__file__).parents[2] / "shared" / "jira" / "specs")
_CLOUD_2, _CLOUD_3 = "jira-cloud-platform-v2_2021-04.json", "jira-cloud-platform-v3_2025-12.json"
_DATA_CENTER, _DESK = "jira-dc-10.3.24-openapi.json", "jsm-cloud_ballerina.json"
_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)")
_HOST = "http://jira.example"
_LISTED = ("FieldBean", "ScreenableTabBean", "ScreenableFieldBean")
# Only these parts of the API are looked at: the documents are large.
_PATHS = (
    "serverInfo",
    "customFields",
    "mypermissions",
    "project/{projectIdOrKey}",
    "screens",
    "screenscheme",
    "myself",
    "field",
    "issue/{issueIdOrKey}",
    "issue/bulkfetch",
    "issue/createmeta/",
    "comment/{commentId}",
    "search",
    "servicedeskapi/",
)


class NotAsDocumented(AssertionError):
    """A request or an answer that Atlassian's document for it does not allow."""


def require_documents() -> None:
    """Skip the present test, loudly, where the documents are not at hand."""
    if not (FOLDER / _CLOUD_3).is_file():
        pytest.skip(f"NOT CHECKED AGAINST JIRA'S OPENAPI DOCUMENTS: there are none in {FOLDER} (set JIRA_SPECS)")


def validate_request(
    method: str, url: str, headers: Mapping[str, str], body: bytes | None, *, cloud: bool = True
) -> None:
    """Check one request; `NotAsDocumented` tells what the document objects to. The host in `url` does not matter."""
    request = _request(method, url, headers, body)
    try:
        _document(request.path, cloud).validate_request(request)
    except OpenAPIError as problem:
        _object(f"{method} {url} {(body or b'').decode()}", problem)


def validate_response(
    method: str,
    url: str,
    status: int,
    headers: Mapping[str, str],
    body: bytes,
    *,
    cloud: bool = True,
) -> None:
    """Check one answer. Errors that the document does not list are let pass: no document lists all of them."""
    request = _request(method, url, {}, None)
    content_type = headers.get("Content-Type", "").partition(";")[0]
    response = MockResponse(body, status_code=status, headers=dict(headers), content_type=content_type)
    try:
        _document(request.path, cloud).validate_response(request, response)
    except ResponseFinderError as problem:
        if status < 400:
            _object(f"{method} {url} answered {status}", problem)
    except OpenAPIError as problem:
        _object(f"{method} {url} answered {status} {body.decode()}", problem)


def validate_traffic(exchanges: Iterable[Mapping[str, Any]], *, cloud: bool = True) -> int:
    """Check exchanges as `/sandbox/traffic` lists them (or `asdict` of them), both ways; how many they were.

    The answers of faults are the sandbox's own and are not checked, nor are answers that were never sent.
    """
    checked = 0
    for one in exchanges:
        body, answer = (one[part].encode() if isinstance(one[part], str) else one[part] for part in ("body", "answer"))
        url = f"{one['path']}?{one['query']}" if one["query"] else one["path"]
        validate_request(one["method"], url, one["headers"], body, cloud=cloud)
        if one["status"]:
            told = {"Content-Type": one["answer_type"]}
            validate_response(one["method"], url, one["status"], told, answer, cloud=cloud)
        checked += 1
    return checked


def _request(method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> MockRequest:
    parts = urlsplit(url)
    content_type = next((value for name, value in headers.items() if name.lower() == "content-type"), "")
    return MockRequest(
        host_url=_HOST,
        method=method.lower(),
        path=parts.path.replace("/rest/api/latest/", "/rest/api/2/"),
        args=dict(parse_qsl(parts.query, keep_blank_values=True)),
        headers=dict(headers),
        data=body or None,
        content_type=content_type.partition(";")[0] or "application/json",
    )


def _document(path: str, cloud: bool) -> OpenAPI:
    if path.startswith("/rest/servicedeskapi/"):
        return _load(_DESK)  # Data Center has no document of its own; the calls in use are the same
    if not cloud:
        return _load(_DATA_CENTER)
    if path.startswith("/rest/api/3/") or "/search/jql" in path:
        return _load(_CLOUD_3)
    return _load(_CLOUD_2)


@cache
def _load(name: str) -> OpenAPI:
    require_documents()
    document = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    paths = {}
    for path, item in document["paths"].items():
        path = path if path.startswith("/rest") else f"/rest{path}"
        if any(part in path for part in _PATHS):
            paths[path] = item
            if "/search/jql" in path:  # younger than the document of version 2, which has it just the same
                paths[path.replace("/api/3/", "/api/2/")] = item
    for item in paths.values():
        for operation in item.values():
            if isinstance(operation, dict):
                operation.pop("security", None)
                operation.pop("servers", None)
    document["paths"] = paths
    document["servers"] = [{"url": _HOST}]
    document.pop("security", None)
    _correct(document)
    # Atlassian's documents are not valid OpenAPI to the letter: the check of the document itself stays off.
    return OpenAPI.from_dict(
        document, config=Config(spec_validator_cls=None, extra_format_validators={"date-time": _is_date})
    )


def _is_date(value: object) -> bool:
    """Jira's dates have no colon in the offset, which RFC 3339 and so OpenAPI's `date-time` want."""
    return not isinstance(value, str) or _DATE.fullmatch(value) is not None


def _correct(node: Any) -> None:
    """Mend what the documents say wrongly of the Jira that everybody knows (recordings, and the examples in them)."""
    if isinstance(node, list):
        for one in node:
            _correct(one)
        return
    if not isinstance(node, dict):
        return
    for name, value in node.items():
        match name, value:
            case "ChangeDetails" | "ChangeItemBean", {"properties": words}:
                for word in words.values():  # a change from nothing or to nothing has null
                    word["nullable"] = True
            case "screens" | "ScreenTypes", {"writeOnly": True}:
                del value["writeOnly"]  # the example in the document reads them
            case "EntityPropertyBean", {"properties": words}:
                words["value"] = {}  # any JSON, not a string
            case "schema", {"type": "string", "format": "json"}:
                node[name] = {}  # likewise
            case "get", {
                "responses": {"200": {"content": {"application/json": {"schema": {"$ref": str(of)}} as told}}}
            } if of.rpartition("/")[2] in _LISTED:
                told["schema"] = {"type": "array", "items": {"$ref": of}}  # "a list of all fields"
            case "get", {"responses": {"201": {"description": str(text)} as right} as answers} if "default tab" in text:
                answers["200"] = right  # the screens of Data Center, described as something else
            case "schema" | "items", {"$ref": "#/components/schemas/StringList"}:
                node[name] = {"type": "string"}  # "a comma-separated list"
            case "additionalProperties", {"type": "object"} if "properties" not in value:
                node[name] = {}  # the fields of an issue: texts and numbers too
            case "200" | "201" | "204", {"content": {"application/json": {"schema": schema}}} if not schema:
                del value["content"]  # answers without a body
            case _:
                _correct(value)


def _object(what: str, problem: OpenAPIError) -> NoReturn:
    reasons: list[str] = []
    cause = problem.__cause__
    while cause is not None:
        errors = getattr(cause, "schema_errors", [])
        reasons += [f"{error.json_path}: {error.message[-300:]}" for error in errors]
        cause = cause.__cause__
    told = "\n  ".join(reasons or [str(problem)[:300]])
    raise NotAsDocumented(f"{what[:300]}\n  {told}") from problem
