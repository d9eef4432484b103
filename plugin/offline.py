"""A request from a file, without a Jira: a webhook as received, or an issue as Jira's REST API gives it."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from plugin.contract.model import SupportRequest
from plugin.jira.fields import FieldsMissing, find_fields
from plugin.jira.read import LeftAlone, read
from plugin.mappings.load import Mappings


class PayloadError(Exception):
    """The file holds no request that can be read; the text says what is missing and how to get it."""


def read_payload(path: Path, mappings: Mappings, catalogue: Path | None = None) -> SupportRequest | LeftAlone:
    """The request in a file. Field ids are explained by the issue itself (`expand=names,schema`), else by `catalogue`.

    Raises:
        PayloadError: when the file is no JSON, holds no issue, or its fields cannot be told.
    """
    data = _json(path)
    issue = data.get("issue", data) if isinstance(data, dict) else None
    if not isinstance(issue, dict) or not isinstance(issue.get("fields"), dict):
        raise PayloadError(
            f"{path}: there is no issue in it; expected a Jira webhook, or an issue as Jira's REST API gives it"
        )
    try:
        fields = find_fields(mappings.declared.fields.values(), _catalogue(path, issue, catalogue))
        return read(issue, fields, mappings.declared)
    except FieldsMissing as missing:
        raise PayloadError(f"{path}: {missing}") from None
    except (AttributeError, KeyError, TypeError, ValueError) as problem:
        raise PayloadError(f"{path}: the issue cannot be read: {type(problem).__name__}: {problem}") from None


def _catalogue(path: Path, issue: Mapping[str, Any], catalogue: Path | None) -> list[dict[str, Any]]:
    if catalogue is not None:
        entries = _json(catalogue)
        if not isinstance(entries, list):
            raise PayloadError(f"{catalogue}: expected the list that GET /rest/api/2/field answers")
        return entries
    names, schemas = issue.get("names"), issue.get("schema")
    if not isinstance(names, dict) or not isinstance(schemas, dict):
        raise PayloadError(
            f"{path}: a webhook does not say what its fields are called. Save the answer of GET /rest/api/2/field and "
            "give it with --fields, or save the issue with GET /rest/api/2/issue/KEY?expand=names,schema instead"
        )
    return [{"id": id, "name": name, "schema": schemas.get(id)} for id, name in names.items()]


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes())
    except OSError as error:
        raise PayloadError(f"{path}: {error.strerror}.") from None
    except ValueError as error:
        raise PayloadError(f"{path}: this is no JSON: {error}") from None
