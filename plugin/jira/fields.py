"""Which Jira field holds which word of the contract: declared by schema and name, found in the site's own catalogue.

Field ids differ from site to site and names are translated, so an id is never written down; JSM's own fields are found
by `schema.custom` (https://developer.atlassian.com/cloud/jira/platform/rest/v2/api-group-issue-fields/).
"""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from plugin.contract.decision import Source

READ: Final = ("organizations", "request_type", "product", "version", "environment", "impact", "stated_severity")
"""The words that are read from a request."""

WRITTEN: Final = ("tier", "severity", "response_due", "eligibility", "reason", "credits_charged", "credits_left")
"""The words that are written onto a request."""


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """How an admin declares a field: by `schema` (schema.custom) or by `name`; `values` are Jira's words -> ours."""

    word: str
    source: Source
    schema: str | None = None
    name: str | None = None
    values: Mapping[str, str] | None = None

    def __str__(self) -> str:
        return f"{self.word} ({self.source}): " + (f"name {self.name!r}" if self.name else f"schema {self.schema!r}")


@dataclass(frozen=True, slots=True)
class Declared:
    """What `fields.yaml` says: the projects looked after, the fields, and Jira's words for kinds, outcomes, statuses.

    `request_types` maps a request type's name to a kind of request; other types are left alone. `resolutions` maps a
    resolution's name to an outcome. `waiting_from` are the statuses that may be left for `waiting_to` when the
    customer is asked for something; None where the status is to stay.
    """

    projects: tuple[str, ...]
    fields: Mapping[str, FieldSpec]
    request_types: Mapping[str, str]
    resolutions: Mapping[str, str]
    waiting_from: tuple[str, ...] = ()
    waiting_to: str | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the site: its id, its display name, the type of its value, and the words of its options."""

    id: str
    name: str
    type: str
    custom: str
    values: Mapping[str, str]

    def word_of(self, option: str) -> str | None:
        """Our word for Jira's, in any case; None where the mapping has none."""
        wanted = option.strip().casefold()
        return next((word for name, word in self.values.items() if name.casefold() == wanted), None)

    def option_of(self, word: str) -> str:
        """Jira's word for ours; the word itself where the mapping has none."""
        return next((name for name, ours in self.values.items() if ours == word), word)


class FieldsMissing(Exception):
    """Fields that the mapping declares and the site does not have, or has twice. `problems` has a sentence for each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


FieldMap = Mapping[str, Field]
"""The site's field for each word."""


def find_fields(specs: Iterable[FieldSpec], catalogue: list[dict[str, Any]]) -> FieldMap:
    """Find every declared field in the answer to `GET /rest/api/2/field`.

    Raises:
        FieldsMissing: with a sentence for every declared field that is not there exactly once.
    """
    found: dict[str, Field] = {}
    problems: list[str] = []
    for spec in specs:
        fitting = [entry for entry in catalogue if _fits(spec, entry)]
        if len(fitting) == 1:
            found[spec.word] = _field(spec, fitting[0])
        elif fitting:
            ids = ", ".join(str(entry["id"]) for entry in fitting)
            problems.append(f"{spec}: {len(fitting)} fields of the site fit ({ids}); rename one, or name its schema")
        else:
            problems.append(
                f"{spec}: the site has no such field{_nearest(spec, catalogue)}; create it or correct the mapping"
            )
    if problems:
        raise FieldsMissing(problems)
    return found


def _fits(spec: FieldSpec, entry: dict[str, Any]) -> bool:
    if spec.schema is not None and (entry.get("schema") or {}).get("custom") != spec.schema:
        return False
    return spec.name is None or str(entry.get("name", "")).strip().casefold() == spec.name.strip().casefold()


def _field(spec: FieldSpec, entry: dict[str, Any]) -> Field:
    schema = entry.get("schema") or {}
    return Field(
        entry["id"], entry.get("name", ""), schema.get("type", "any"), schema.get("custom", ""), spec.values or {}
    )


def _nearest(spec: FieldSpec, catalogue: list[dict[str, Any]]) -> str:
    if spec.name is None:
        return ""
    names = [str(entry.get("name", "")) for entry in catalogue]
    near = difflib.get_close_matches(spec.name, names, n=1)
    return f" (nearest: {near[0]!r})" if near else ""
