"""Jira's issue JSON -> the contract's request, and what the issue shows of our own fields. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from plugin.contract.decision import Eligibility
from plugin.contract.model import Answer, Appointment, Change, Organization, Override, SupportRequest
from plugin.jira.fields import WRITTEN, Declared, Field, FieldMap
from plugin.jira.values import Json, account_of, moment, moment_of, person_of, value_of

PROPERTY: Final = "support-contract.decision"
"""The entity property that carries our decision on the issue."""

SYSTEM_FIELDS: Final = ("project", "created", "reporter", "status", "resolution", "resolutiondate", "creator")
JUDGED: Final = (
    "organizations", "request_type", "product", "version", "environment", "impact",
    "platform", "third_party", "modified", "override", "override_reason",
)  # fmt: skip
"""The words whose change can make a request eligible; `reporter` is the system field that can as well."""

COMMENT: Final = "comment"
"""The system field with an issue's comments."""

_YEARS: Final = range(1900, 2200)


@dataclass(frozen=True, slots=True)
class LeftAlone:
    """An issue that the contract has nothing to say about, and why."""

    why: str


@dataclass(frozen=True, slots=True)
class Shown:
    """What an issue shows of ours: a value for each written word, our property, and the status it is in.

    `participants` are the accounts of those whom the request is shared with. `ended`: it is resolved.
    """

    values: Mapping[str, Any]
    property: Json | None
    status: str
    participants: tuple[str, ...] = ()
    ended: bool = False


def wanted_fields(fields: FieldMap) -> list[str]:
    """The fields to ask Jira for."""
    return [*SYSTEM_FIELDS, COMMENT, *(field.id for field in fields.values())]


def read(issue: Json, fields: FieldMap, declared: Declared, whenever: bool = False) -> SupportRequest | LeftAlone:
    """The request, or why the issue is left alone: another project, no portal request, a type without a kind, or one
    that was raised too early, unless `whenever` it was raised is fine.
    """
    values = issue["fields"]
    project = (values.get("project") or {}).get("key", "")
    if project not in declared.projects:
        return LeftAlone(
            f"project {project or 'unknown'} is not among those looked after ({', '.join(declared.projects)})"
        )
    kind_or_why = _kind(values.get(fields["request_type"].id), declared)
    if isinstance(kind_or_why, LeftAlone):
        return kind_or_why
    raised = moment(values["created"])
    day = raised.astimezone(declared.zone).date()
    if not whenever and declared.since is not None and day < declared.since:
        return LeftAlone(f"it was raised on {day}, before {declared.since}, from when on requests are served")
    severity = _word(values, fields["stated_severity"])
    changed = _changed(issue.get("changelog"), fields)
    return SupportRequest(
        id=str(issue["id"]),
        key=issue["key"],
        raised=raised,
        raised_by=person_of(values.get("reporter")),
        kind=kind_or_why,
        organizations=_organizations(values.get(fields["organizations"].id)),
        product=_text(values, fields["product"]),
        version=_text(values, fields["version"]),
        environment=_word(values, fields["environment"]),
        impact=_word(values, fields["impact"]),
        stated_severity=int(severity) if severity and severity.isdigit() else None,
        outcome=_outcome(values.get("resolution"), declared),
        ended=moment(values["resolutiondate"]) if values.get("resolutiondate") else None,
        amended=max(changed.values(), default=None),
        changed=tuple(Change(word, at) for word, at in sorted(changed.items())),
        answers=_answers(issue),
        platform=_text(values, fields.get("platform")),
        third_party=_text(values, fields.get("third_party")),
        language=_language(values, fields.get("language")),
        override=_override(values, fields),
        appointments=_appointments(values, fields),
        on_behalf=_on_behalf(values),
        modified={"yes": True, "no": False}.get(_word(values, fields.get("modified")) or ""),
    )


def shown(issue: Json, fields: FieldMap) -> Shown:
    """What the issue shows of the fields that we write."""
    values = issue["fields"]
    status = (values.get("status") or {}).get("name", "")
    written = {word: fields[word] for word in WRITTEN if word in fields}
    people = values.get(fields["participants"].id) if "participants" in fields else None
    return Shown(
        {word: value_of(values.get(field.id), field) for word, field in written.items()},
        own_property(issue),
        status,
        tuple(account for user in people or () if isinstance(user, Mapping) and (account := account_of(user))),
        values.get("resolutiondate") is not None,
    )


def own_property(issue: Json) -> Json | None:
    """Our property, where it is this issue's own: whoever copies an issue may copy its properties along.

    Properties of an earlier release do not say whose they are; there no decision is older than the issue.
    """
    # Whoever may edit the issue may write anything into it.
    own = (issue.get("properties") or {}).get(PROPERTY)
    if not isinstance(own, Mapping):
        return None
    if "request" in own:
        return own if own["request"] == str(issue["id"]) else None
    decided = moment_of(own.get("decided_at"))
    copied = decided is not None and decided < moment(issue["fields"]["created"])
    return None if copied else own


def _kind(value: Any, declared: Declared) -> str | LeftAlone:
    if not isinstance(value, Mapping):
        return LeftAlone("it was not raised through a portal: it has no request type")
    kind_of = {title.strip().casefold(): kind for title, kind in declared.request_types.items()}
    spelled = value.get("requestType") or {}
    # `name` is in the language of our account, `defaultName` in that of the portal.
    names = [str(spelled[key]) for key in ("name", "defaultName") if spelled.get(key)]
    found = [kind_of[name] for name in (each.strip().casefold() for each in names) if name in kind_of]
    return (
        found[0]
        if found
        else LeftAlone(f"request type {' or '.join(dict.fromkeys(names))!r} has no kind in fields.yaml")
    )


def _on_behalf(values: Json) -> bool:
    """Did somebody raise it for somebody else? In a portal only agents can; an app that takes mail in is nobody."""
    creator = values.get("creator") or {}
    account = account_of(creator)
    return account not in (None, account_of(values.get("reporter"))) and creator.get("accountType") not in (
        "app",
        "customer",
    )


def _organizations(value: Any) -> tuple[Organization, ...]:
    return tuple(Organization(str(each["id"]), each["name"]) for each in value or ())


def _text(values: Json, field: Field | None) -> str | None:
    """What was written or chosen, as it stands; None where the site has no such field."""
    value = values.get(field.id) if field else None
    several = value if isinstance(value, list) else [value]
    texts = [str(text) for text in map(_said, several) if text not in (None, "")]
    return ", ".join(texts) or None


def _said(value: Any) -> Any:
    """An option says its value; a version or a component, with which a site may ask as well, its name."""
    return value.get("value", value.get("name")) if isinstance(value, Mapping) else value


def _word(values: Json, field: Field | None) -> str | None:
    """Our word for what was chosen; None where nothing was, or something the mapping does not know."""
    text = _text(values, field)
    return field.word_of(text) if field and text else None


def _language(values: Json, field: Field | None) -> str | None:
    """The language of the portal when the request was raised, such as `de`: JSM's own field, or a text."""
    value = values.get(field.id) if field else None
    code = value.get("languageCode") if isinstance(value, Mapping) else value
    return str(code).replace("_", "-").partition("-")[0].casefold() or None if code else None


def _override(values: Json, fields: FieldMap) -> Override | None:
    word = _word(values, fields.get("override"))
    if word is None:
        return None
    return Override(Eligibility(word), _text(values, fields.get("override_reason")) or "")


def _appointments(values: Json, fields: FieldMap) -> tuple[Appointment, ...]:
    """The window that an agent booked; that an end is missing is for the contract to say."""
    start, end = (_moment(values, fields.get(word)) for word in ("appointment_from", "appointment_until"))
    return () if start is None and end is None else (Appointment(start, end),)


def _moment(values: Json, field: Field | None) -> datetime | None:
    """A time that a person gave; None where it is none that anybody can mean, such as a year with a digit too many."""
    written = values.get(field.id) if field else None
    try:
        given = moment(written) if written else None
    except ValueError:
        return None
    return given if given is not None and given.year in _YEARS else None


def _outcome(resolution: Json | None, declared: Declared) -> str | None:
    name = str((resolution or {}).get("name", "")).strip().casefold()
    return next((outcome for title, outcome in declared.resolutions.items() if title.casefold() == name), None)


def _changed(changelog: Json | None, fields: FieldMap) -> dict[str, datetime]:
    """When each thing that the contract judges by was last changed. Older Data Center names fields without ids."""
    judged = {word: fields[word] for word in JUDGED if word in fields}
    by_id = {"reporter": "reporter", **{field.id: word for word, field in judged.items()}}
    by_name = {"reporter": "reporter", **{field.name.casefold(): word for word, field in judged.items()}}
    changed: dict[str, datetime] = {}
    for history in (changelog or {}).get("histories", ()):
        for item in history.get("items", ()):
            id, name = item.get("fieldId"), str(item.get("field", "")).casefold()
            word = by_id.get(id) if id else by_name.get(name)
            if word is not None:
                at = moment(history["created"])
                changed[word] = max(at, changed.get(word, at))
    return changed


def by_reporter(issue: Json) -> list[Json]:
    """The comments in an issue that its reporter wrote, and nobody else changed since."""
    reporter = account_of(issue["fields"].get("reporter"))
    comments = (issue["fields"].get(COMMENT) or {}).get("comments") or ()
    return [
        each
        for each in comments
        if reporter and account_of(each.get("author")) == reporter == (account_of(each.get("updateAuthor")) or reporter)
    ]


def _answers(issue: Json) -> tuple[Answer, ...]:
    """What the reporter said in public. None without the change log, by which an answer is newer than a field."""
    if "histories" not in (issue.get("changelog") or {}):
        return ()
    return tuple(
        Answer(str(each.get("body") or ""), moment(each.get("updated") or each["created"]))
        for each in by_reporter(issue)
        if _is_public(each)
    )


def _is_public(comment: Json) -> bool:
    """Does the customer see it? What came by mail from somebody who cannot see the request is nobody's word."""
    outsider = comment.get("jsdAuthorCanSeeRequest") is False
    return comment.get("jsdPublic") is True and not comment.get("visibility") and not outsider
