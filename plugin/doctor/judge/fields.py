"""The fields of fields.yaml: there, of use, with their options, and where they can be written."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from plugin.doctor.line import Line, ok, some, unknown, warning, wrong
from plugin.jira.fields import DECIDED_BY, OPTIONAL, WRITTEN, Declared, Field, FieldMap, FieldsMissing

_UNDECIDED: Final = "no request is worked"
_UNSHOWN: Final[Mapping[str, str]] = {
    "tier": "requests do not show the tier",
    "severity": "requests do not show the severity, and a goal of Jira's own SLA cannot use it",
    "response_due": "agents do not see until when the first response is due",
    "eligibility": "agents do not see whether a request is eligible",
    "reason": "agents do not see why",
    "credits_charged": "requests do not show what they cost",
    "credits_left": "requests do not show what is left",
    "sessions_charged": "requests do not show which training sessions they cost",
    "sessions_left": "requests do not show how many training sessions are left",
    "patch_eligibility": "requests do not show whether a patch is due",
    "first_response": "agents do not see when the first response was given",
    "response_kept": "requests do not show whether the first response was kept",
    "response_reminder": "no field reminds agents of a response that is due soon",
    "priority": "no priority is proposed",
    "account_representative": "nobody sees the customer's representative",
    "participants": "the customer's representative is not added to the request",
    "language": "customers are answered in the language of their agreement",
}


_CHOICES: Final = ("option", "priority")
"""The types of fields that have options; a text takes any."""

_CHOOSES: Final = {"override": "no agent"}
"""Who cannot choose an option that is gone, by the word that is read; else it is a customer."""

_ASKED: Final = ("product", "version", "environment", "impact")
"""What a customer is to say, and is asked for in a comment where no form of the portal does."""


def lost(word: str) -> str:
    """What is lost while the site lacks the field of a word."""
    return _UNDECIDED if word in DECIDED_BY else _UNSHOWN[word]


def found(fields: FieldMap | FieldsMissing) -> list[Line]:
    """Is each declared field there once, and of a type that can hold its word?"""
    if not isinstance(fields, FieldsMissing):
        return [ok(f"All {len(fields)} fields of fields.yaml are there, each once and of a type that fits.")]
    there = len(fields.found)
    lines = [ok(f"Fields that are there, each once and of a type that fits: {there}.")] if there else []
    for word, problem in fields.problems.items():
        sentence, _, remedy = problem.rpartition("; ")
        makes = " (support-contract setup --apply does, or says where)" if remedy.startswith("create") else ""
        optional = ", or take it out of fields.yaml" if word in OPTIONAL else ""
        lines.append(wrong(f"{sentence}: {lost(word)}.", f"{remedy[:1].upper()}{remedy[1:]}{makes}{optional}."))
    return lines


@dataclass(frozen=True, slots=True)
class Screen:
    """What can be set on a project's requests, by field id, and the options of each: on request `key`, or on new ones
    (None).
    """

    key: str | None
    settable: Mapping[str, tuple[str, ...]]


def options(declared: Declared, fields: FieldMap, screens: Mapping[str, Screen]) -> list[Line]:
    """Has each choice the options that fields.yaml knows? What is not on a screen is not judged here."""
    lines, good = [], 0
    for word, field in fields.items():
        wanted = (declared.fields[word].values or {}) if word in declared.fields else {}
        for project, screen in screens.items():
            if not wanted or field.type not in _CHOICES or field.id not in screen.settable:
                continue
            has = {each.casefold() for each in screen.settable[field.id]}
            missing = [repr(option) for option in wanted if option.casefold() not in has]
            if missing:
                remedy = f"Add it to the field in Jira, or correct {declared.fields[word].source} to the options there."
                lacks = f"{field.name} has no option {some(missing)} in {project}"
                lines.append(
                    wrong(f"{lacks}: where the contract says so, the field cannot be written.", remedy)
                    if word in WRITTEN
                    else warning(f"{lacks}: {_CHOOSES.get(word, 'no customer')} can choose it.", remedy)
                )
            else:
                good += 1
    if not good and not lines:
        return [unknown("Jira shows no choices to us that could be looked at.", "Run doctor again once we may edit.")]
    return [*([ok(f"Choices with every option that fields.yaml knows: {good}.")] if good else []), *lines]


def edit_screen(fields: FieldMap, screens: Mapping[str, Screen]) -> list[Line]:
    """Can each field that is written be set on a request of each project?"""
    written = {word: field for word, field in fields.items() if word in WRITTEN}
    lines = []
    for project, screen in screens.items():
        if screen.key is None:
            lines.append(
                unknown(
                    f"No request of {project} is open, so what can be edited on one cannot be told.",
                    "Raise one in the portal, and run doctor again.",
                )
            )
            continue
        if not screen.settable:
            lines.append(
                wrong(
                    f"Jira lets us edit nothing on {screen.key}: no field is written.",
                    "Let our account have Edit Issues; or the workflow keeps its status from being edited.",
                )
            )
            continue
        absent = {word: field for word, field in written.items() if field.id not in screen.settable}
        if len(absent) < len(written):
            lines.append(ok(f"{len(written) - len(absent)} fields can be written on {screen.key}."))
        lines += [_off(word, field, screen.key) for word, field in absent.items()]
    return lines


def _off(word: str, field: Field, key: str) -> Line:
    return wrong(
        f"{field.name} cannot be set on {key}: {lost(word)}.",
        "Put it on the edit screen of the project (company-managed), or into its request type's fields (team-managed); "
        "see that the field's context has the project.",
    )


def portal(
    declared: Declared, fields: FieldMap, forms: Mapping[str, Mapping[str, frozenset[str]] | None]
) -> list[Line]:
    """Does the portal ask customers for what the contract wants to know? `forms`: the fields of each request type."""
    lines, served = [], {name.casefold() for name in declared.request_types}
    for project, kinds in forms.items():
        shown = [on for name, on in (kinds or {}).items() if name.casefold() in served]
        if not shown:
            continue
        asked = [fields[word] for word in _ASKED if word in fields]
        missing = [field.name for field in asked if not any(field.id in on for on in shown)]
        if not asked:
            lines.append(
                unknown(
                    f"The fields that the portal of {project} is to ask customers for are not there.",
                    "Have them made first, then put them on the request types' forms.",
                )
            )
        elif missing:
            lines.append(
                warning(
                    f"No form of {project}'s portal asks for {some(missing)}: they are asked in a comment, each time.",
                    "Add it to the request types' forms: Project settings > Request types.",
                )
            )
        else:
            lines.append(ok(f"The portal of {project} asks customers for what the contract wants to know."))
    return lines or [unknown("No form of a portal could be looked at.", "See that the request types are there.")]
