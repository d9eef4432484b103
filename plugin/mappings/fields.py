"""`fields.yaml`: which Jira fields and words stand for those of the contract."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated

from pydantic import Field

from plugin.jira.fields import OPTIONAL, READ, WRITTEN, Declared, FieldSpec
from plugin.mappings.problem import Report, expected
from plugin.mappings.references import KindWord, OutcomeWord
from plugin.mappings.shape import Keyed, Rows, Shape
from plugin.mappings.values import Date, Text
from plugin.mappings.words import ANSWERS, ELIGIBILITIES, PATCH_ELIGIBILITIES, RESPONSES_KEPT, Names, Words, resolved

FILE = "fields.yaml"


class FieldShape(Shape):
    """How a field is found, and Jira's words for ours where it is a choice."""

    schema_: Text | None = Field(None, alias="schema")
    """The type that Jira gives the field, for fields of JSM (schema.custom) and Jira's own (schema.system)."""
    name: Text | None = None
    """Its name in Jira."""
    values: dict[str, Text] | None = None
    """Jira's options, and our word for each."""


class WaitingShape(Shape):
    """The statuses that may be left, and the one to go to, when the customer is asked for something; and back."""

    from_: Rows[Text] = Field(alias="from")
    """Statuses that may be left."""
    to: Text
    """The status to go to."""
    back_to: Text | None = None
    """The status to go back to when the customer has done it."""


class FieldsFile(Shape):
    """Which Jira fields, options, request types and statuses stand for the words of the contract."""

    projects: Rows[Text]
    """The keys of the Jira projects that are looked after."""
    read: Annotated[dict[str, FieldShape], Keyed(READ, OPTIONAL)]
    """The fields that are read from a request."""
    written: Annotated[dict[str, FieldShape], Keyed(WRITTEN, OPTIONAL)]
    """The fields that are written onto a request."""
    request_types: dict[str, KindWord]
    """Request types of the portal, and the kind of request that each is. Types that are not listed are left alone."""
    resolutions: dict[str, OutcomeWord]
    """Resolutions, and how a request with each has ended (outcomes in credits.yaml)."""
    waiting: WaitingShape | None = None
    machines: tuple[Text, ...] = ()
    """The accounts of automations: what they write to the customer is no response of an agent's."""
    since: Date | None = None
    """Requests raised before this day are left alone."""


def declared(file: FieldsFile, words: Words, report: Report) -> Declared:
    """Build what the Jira side needs, and check it against the words of the other files."""
    fields: dict[str, FieldSpec] = {}
    for group, declared_there, known in (("read", file.read, READ), ("written", file.written, WRITTEN)):
        for word, field in declared_there.items():
            if word not in known:
                place = file.key_place(group, word)
                report.problem(place, f"{group}: there is no word {word}; {expected(word, known)}")
                continue
            _check_field(word, field, words, report)
            if group == "written":
                _check_options(word, field, words, report)
            fields[word] = FieldSpec(word, field.place().source, field.schema_, field.name, _frozen(field.values))
        for word in known:
            if word not in declared_there and word not in OPTIONAL:
                report.problem(
                    file.key_place(group), f"{group}: {word} is missing; expected its field, such as {_SAMPLE}"
                )
    _check_twins(file, report)
    kinds = _translated(report, file, "request_types", file.request_types, words.kinds)
    outcomes = _translated(report, file, "resolutions", file.resolutions, words.outcomes)
    waiting = file.waiting
    return Declared(
        file.projects,
        MappingProxyType(fields),
        kinds,
        outcomes,
        waiting.from_ if waiting else (),
        waiting.to if waiting else None,
        waiting.back_to if waiting else None,
        file.since,
        machines=file.machines,
    )


_SAMPLE = "{name: Product version}"


def _choices(word: str, words: Words) -> Names | None:
    """The words that a choice stands for; None where the field is no choice or the words are not known."""
    return {
        "environment": words.environments,
        "impact": words.impacts,
        "stated_severity": words.severities,
        "tier": words.tiers,
        "severity": words.severities,
        "eligibility": ELIGIBILITIES,
        "modified": ANSWERS,
        "override": ELIGIBILITIES,
        "patch_eligibility": PATCH_ELIGIBILITIES,
        "priority": words.priorities,
        "response_kept": RESPONSES_KEPT,
    }.get(word)


_CHOICES = (
    "environment",
    "impact",
    "stated_severity",
    "modified",
    "override",
    "tier",
    "severity",
    "eligibility",
    "patch_eligibility",
    "priority",
    "response_kept",
)


def _check_field(word: str, field: FieldShape, words: Words, report: Report) -> None:
    if field.schema_ is None and field.name is None:
        report.problem(field.place(), f"{word}: the field cannot be found; expected its name, its schema, or both")
    if word in _CHOICES and not field.values:
        report.problem(field.place(), f"{word}: values are missing; expected Jira's options and what they stand for")
    if word not in _CHOICES and field.values is not None:
        report.problem(field.key_place("values"), f"{word}: this field is no choice; remove values")
        return
    for option, ours in (field.values or {}).items():
        resolved(report, field.place("values", option), option, ours, _choices(word, words))


def _check_options(word: str, field: FieldShape, words: Words, report: Report) -> None:
    """What is written needs exactly one option for each of our words."""
    known = _choices(word, words)
    if known is None or not field.values:
        return
    options: dict[str, str] = {}
    for option, ours in field.values.items():
        id_ = known.id_of(ours)
        if id_ in options:
            place = field.key_place("values", option)
            report.problem(place, f"{word}: {options[id_]} stands for {ours} already; keep one option for each word")
        elif id_ is not None:
            options[id_] = option
    for id_ in known.ids:
        if id_ not in options:
            report.problem(field.key_place("values"), f"{word}: no option stands for {id_}; add Jira's option for it")


def _check_twins(file: FieldsFile, report: Report) -> None:
    seen: dict[tuple[str | None, str | None], str] = {}
    for word, field in (*file.read.items(), *file.written.items()):
        found_by = (field.schema_, field.name and field.name.casefold())
        first = seen.setdefault(found_by, word)
        if first != word and found_by != (None, None):
            report.problem(
                field.place(), f"{word}: {first} is declared by the same name and schema; one of them is wrong"
            )


def _translated(
    report: Report, file: FieldsFile, key: str, given: Mapping[str, str], known: Names | None
) -> Mapping[str, str]:
    """Jira's words and the ids they stand for."""
    found = {}
    for name, word in given.items():
        id_ = resolved(report, file.place(key, name), name, word, known)
        if id_ is not None:
            found[name] = id_
    if not given:
        report.problem(file.key_place(key), f"{key}: nothing is listed; expected Jira's words and ours")
    return MappingProxyType(found)


def _frozen(values: Mapping[str, str] | None) -> Mapping[str, str] | None:
    return None if values is None else MappingProxyType(dict(values))
