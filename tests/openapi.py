"""Checks traffic against Atlassian's own OpenAPI documents, where they are at hand (`tests.wire.documents`)."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from functools import cache
from typing import Any, NoReturn
from urllib.parse import parse_qsl, urlsplit

from openapi_core import Config, OpenAPI
from openapi_core.exceptions import OpenAPIError
from openapi_core.templating.responses.exceptions import ResponseFinderError
from openapi_core.testing import MockRequest, MockResponse

from plugin.sandbox import Sandbox
from tests.wire.documents import FOLDER, HOST, Operation, cut, operation
from tests.wire.undocumented import has_page

_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)")


class NotAsDocumented(AssertionError):
    """A request or an answer that Atlassian's document for it does not allow."""


def validate_request(
    method: str, url: str, headers: Mapping[str, str], body: bytes | None, *, cloud: bool = True
) -> None:
    """Check one request; `NotAsDocumented` tells what the document objects to. The host in `url` does not matter."""
    request = _request(method, url, headers, body)
    try:
        _document(method, url, cloud).validate_request(request)
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
        _document(method, url, cloud).validate_response(request, response)
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


def judge(sandbox: Sandbox) -> None:
    """Check all that a sandbox was asked and answered, both ways, where the documents are at hand.

    Each kind of exchange is checked once in this process: same operation, same status, words of the same types.
    Refusals and pages are let pass: many of them are faults, which are the sandbox's own.
    """
    if not FOLDER.is_dir():
        return
    cloud = sandbox.site.cloud
    for one in sandbox.traffic.all():
        right = one.status < 400 and one.answer_type.startswith("application/json")
        kind = (
            operation(one.method, one.path, cloud),
            frozenset(name for name, _ in parse_qsl(one.query)),
            one.status,
            _kind(one.body),
            _kind(one.answer) if right else None,
        )
        if kind not in _SEEN and not has_page(one.method, one.path):
            validate_traffic([asdict(one if right else replace(one, status=0))], cloud=cloud)
            _SEEN.add(kind)


_SEEN: set[object] = set()


def _kind(text: bytes) -> object:
    try:
        return _types(json.loads(text))
    except ValueError:
        return None


def _types(value: object) -> object:
    if isinstance(value, dict):
        return frozenset((name, _types(one)) for name, one in value.items())
    if isinstance(value, list):
        return ("each", frozenset(map(_types, value)))
    return type(value)


def _request(method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> MockRequest:
    parts = urlsplit(url)
    content_type = next((value for name, value in headers.items() if name.lower() == "content-type"), "")
    return MockRequest(
        host_url=HOST,
        method=method.lower(),
        path=parts.path.replace("/rest/api/latest/", "/rest/api/2/"),
        args=dict(parse_qsl(parts.query, keep_blank_values=True)),
        headers=dict(headers),
        data=body or None,
        content_type=content_type.partition(";")[0] or "application/json",
    )


def _document(method: str, url: str, cloud: bool) -> OpenAPI:
    found = operation(method, urlsplit(url).path, cloud)
    if found is None:
        raise NotAsDocumented(f"{method} {url}: no document has it")
    return _of(found)


@cache
def _of(found: Operation) -> OpenAPI:
    # Atlassian's documents are not valid OpenAPI to the letter: the check of the document itself stays off.
    config = Config(spec_validator_cls=None, extra_format_validators={"date-time": _is_date})
    return OpenAPI.from_dict(cut([found]), config=config)


def _is_date(value: object) -> bool:
    """Jira's dates have no colon in the offset, which RFC 3339 and so OpenAPI's `date-time` want."""
    return not isinstance(value, str) or _DATE.fullmatch(value) is not None


def _object(what: str, problem: OpenAPIError) -> NoReturn:
    reasons: list[str] = []
    cause = problem.__cause__
    while cause is not None:
        errors = getattr(cause, "schema_errors", [])
        reasons += [f"{error.json_path}: {error.message[-300:]}" for error in errors]
        cause = cause.__cause__
    told = "\n  ".join(reasons or [str(problem)[:300]])
    raise NotAsDocumented(f"{what[:300]}\n  {told}") from problem
