"""Which Jira field holds which word of the contract: declared by schema and name, found in the site's own catalogue.

Field ids differ from site to site and names are translated, so an id is never written down; JSM's own fields are found
by `schema.custom`, Jira's own by `schema.system`, others by their name or, where the site shows our account a
translation of it, by the name that searches know them by
(https://developer.atlassian.com/cloud/jira/platform/rest/v2/api-group-issue-fields/).
"""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, tzinfo
from typing import Any, Final, Literal

from plugin.contract.decision import Source
from plugin.jira.errors import JiraTrouble

READ: Final = (
    "organizations",
    "request_type",
    "product",
    "version",
    "environment",
    "impact",
    "stated_severity",
    "platform",
    "third_party",
    "modified",
    "language",
    "override",
    "override_reason",
    "appointment_from",
    "appointment_until",
    "participants",
)
"""The words that are read from a request."""

WRITTEN: Final = (
    "tier",
    "severity",
    "response_due",
    "eligibility",
    "reason",
    "credits_charged",
    "credits_left",
    "sessions_charged",
    "sessions_left",
    "patch_eligibility",
    "first_response",
    "response_kept",
    "response_reminder",
    "priority",
    "account_representative",
)
"""The words that are written onto a request."""

OPTIONAL: Final = frozenset(
    {
        "platform",
        "third_party",
        "modified",
        "language",
        "override",
        "override_reason",
        "appointment_from",
        "appointment_until",
        "sessions_charged",
        "sessions_left",
        "patch_eligibility",
        "priority",
        "account_representative",
        "first_response",
        "response_kept",
        "response_reminder",
        "participants",
    }
)
"""Words that a site may do without: left out of `fields.yaml` they are never read or written."""

DECIDED_BY: Final = frozenset(READ) - {"language", "participants"}
"""The words without which a decision could be another one. Where the site lacks a field for one that is declared, no
request is judged: what cannot be read must not look as if nobody had filled it in."""

KnownAs = Literal["accountId", "name"]
"""How a site knows people: by their account id (Cloud) or by their user name (Data Center)."""

_CHOICE = ("option", "string")
TYPES: Final[Mapping[str, tuple[str, ...]]] = {
    "organizations": ("array",),
    "request_type": ("sd-customerrequesttype",),
    "appointment_from": ("datetime",),
    "appointment_until": ("datetime",),
    "tier": _CHOICE,
    "severity": _CHOICE,
    "response_due": ("datetime",),
    "eligibility": _CHOICE,
    "reason": ("string",),
    "credits_charged": ("number",),
    "credits_left": ("number",),
    "sessions_charged": ("number",),
    "sessions_left": ("number",),
    "patch_eligibility": _CHOICE,
    "priority": ("priority", *_CHOICE),
    "account_representative": ("user",),
    "first_response": ("datetime",),
    "response_kept": _CHOICE,
    "response_reminder": ("string",),
    "participants": ("array",),
}
"""The types (`schema.type`) that a word's field may have; what a customer fills in is read whatever its type."""

_SHORT_TEXT: Final = "com.atlassian.jira.plugin.system.customfieldtypes:textfield"
"""One line of at most 255 characters: too short for the reasons, which Jira would refuse."""


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """How an admin declares a field: by `schema` (schema.custom, or schema.system of Jira's own) or by `name`.

    `values` are Jira's words -> ours.
    """

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
    customer is asked for something, and `waiting_back` is the one to go back to once nothing is asked of them any more;
    None where the status is to stay. Requests raised before `since`, a date in `zone`, the vendor's, are left alone, so
    that the first day does not answer years of old ones. `machines` are the accounts of automations, whose comments are
    no response of an agent's.
    """

    projects: tuple[str, ...]
    fields: Mapping[str, FieldSpec]
    request_types: Mapping[str, str]
    resolutions: Mapping[str, str]
    waiting_from: tuple[str, ...] = ()
    waiting_to: str | None = None
    waiting_back: str | None = None
    since: date | None = None
    zone: tzinfo = UTC
    machines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the site: its id, its display name, the type of its value, and the words of its options.

    `known_as` is the key by which the site knows the people in it.
    """

    id: str
    name: str
    type: str
    custom: str
    values: Mapping[str, str]
    known_as: KnownAs = "accountId"

    def word_of(self, option: str) -> str | None:
        """Our word for Jira's, in any case; None where the mapping has none."""
        wanted = option.strip().casefold()
        return next((word for name, word in self.values.items() if name.casefold() == wanted), None)

    def option_of(self, word: str) -> str:
        """Jira's word for ours; the word itself where the mapping has none."""
        return next((name for name, ours in self.values.items() if ours == word), word)


class FieldsMissing(JiraTrouble):
    """Fields that the mapping declares and the site lacks, has twice, or has with a type that cannot hold the word.

    `problems` has a sentence for each word, `found` the fields of all others.
    """

    def __init__(self, problems: Mapping[str, str], found: "FieldMap | None" = None) -> None:
        super().__init__("\n".join(problems.values()))
        self.problems, self.found = problems, found or {}


FieldMap = Mapping[str, Field]
"""The site's field for each word."""


def find_fields(
    specs: Iterable[FieldSpec], catalogue: list[dict[str, Any]], known_as: KnownAs = "accountId"
) -> FieldMap:
    """Find every declared field in the answer to `GET /rest/api/2/field` of a site that knows people like that.

    Raises:
        FieldsMissing: with a sentence for every declared field that is not there exactly once, or is of no use, and
            with all others.
    """
    found: dict[str, Field] = {}
    problems: dict[str, str] = {}
    for spec in specs:
        there = fitting(spec, catalogue)
        field = field_of(spec, there[0], known_as) if len(there) == 1 else None
        problem = unfit(spec, field) if field else _not_one(spec, there, catalogue)
        if problem:
            problems[spec.word] = problem
        elif field:
            found[spec.word] = field
    if problems:
        raise FieldsMissing(problems, found)
    return found


def fitting(spec: FieldSpec, catalogue: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The site's fields that fit; one of a single team-managed project (`scope`) only where no other does."""
    of_type = [entry for entry in catalogue if spec.schema in (None, *_schemas(entry))]
    if spec.name is None:
        fitting = of_type
    else:
        wanted = _folded(spec.name)
        fitting = [entry for entry in of_type if _folded(entry.get("name")) == wanted] or [
            entry for entry in of_type if wanted in map(_folded, entry.get("clauseNames") or ())
        ]
    return [entry for entry in fitting if not entry.get("scope")] or fitting


def _schemas(entry: dict[str, Any]) -> tuple[Any, ...]:
    """A custom field is known by the key of its type; Jira's own by the name that Jira itself has for it."""
    schema = entry.get("schema") or {}
    return tuple(schema[key] for key in ("custom", "system") if schema.get(key))


def _folded(name: object) -> str:
    return str(name).strip().casefold()


def _not_one(spec: FieldSpec, fitting: list[dict[str, Any]], catalogue: list[dict[str, Any]]) -> str:
    if fitting:
        ids = ", ".join(str(entry["id"]) for entry in fitting)
        return f"{spec}: {len(fitting)} fields of the site fit ({ids}); rename one, or name its schema"
    return f"{spec}: the site has no such field{_nearest(spec, catalogue)}; create it or correct the mapping"


def unfit(spec: FieldSpec, field: Field) -> str | None:
    """Why the word cannot be held by this field; None where it can."""
    expected = TYPES.get(spec.word)
    if expected is not None and field.type not in expected:
        return (
            f"{spec}: {field.name!r} ({field.id}) is of type {field.type}; expected {' or '.join(expected)}; "
            "name another field, or create it anew"
        )
    if spec.word == "reason" and field.custom == _SHORT_TEXT:
        return f"{spec}: {field.name!r} ({field.id}) holds one short line; make it a multi-line text (textarea)"
    return None


def field_of(spec: FieldSpec, entry: dict[str, Any], known_as: KnownAs = "accountId") -> Field:
    """The site's field, by its entry in the catalogue, as the word has it."""
    schema = entry.get("schema") or {}
    return Field(
        id=entry["id"],
        name=entry.get("name", ""),
        type=schema.get("type", "any"),
        custom=schema.get("custom", ""),
        values=spec.values or {},
        known_as=known_as,
    )


def _nearest(spec: FieldSpec, catalogue: list[dict[str, Any]]) -> str:
    if spec.name is None:
        return ""
    names = [str(entry.get("name", "")) for entry in catalogue]
    near = difflib.get_close_matches(spec.name, names, n=1)
    return f" (nearest: {near[0]!r})" if near else ""
