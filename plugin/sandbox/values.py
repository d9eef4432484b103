"""What a field may hold: Jira's JSON to a stored value, and a stored value to the words of a changelog. Pure."""

import re
from datetime import UTC, datetime
from typing import Any, TypeAlias

from plugin.sandbox.site import Field, Option, Person, Site

Value: TypeAlias = (
    str | float | datetime | Option | Person | tuple[int, ...] | tuple[Person, ...] | tuple[str, ...] | None
)

_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d{4}")
_LONGEST = {"textfield": 255, "textarea": 32_767, "string": 32_767}


def stamp(moment: datetime) -> str:
    """An instant in Jira's spelling, `2026-11-20T14:03:11.000+0000`: milliseconds, and an offset without a colon."""
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}{moment:%z}"


def parse(site: Site, field: Field, raw: Any) -> Value:
    """The value that `raw` means in `field`; `ValueError` with Jira's own sentence when it means none."""
    if raw is None or raw == "" or raw == []:
        return None
    match field.kind:
        case "select":
            return _option(field, raw)
        case "priority":
            return _priority(field, raw)
        case "userpicker":
            return _person(site, raw)
        case "float":
            if isinstance(raw, bool) or not isinstance(raw, int | float):
                raise ValueError("Operation value must be a number")
            return float(raw)
        case "datetime":
            return _moment(raw)
        case "sd-customer-organizations":
            return _organizations(site, raw)
        case "sd-request-participants":
            return tuple(_person(site, one) for one in _list(raw))
        case "array":
            return tuple(str(label) for label in _list(raw))
        case kind:
            return _text(raw, _LONGEST[kind])


def words(site: Site, value: Value) -> tuple[str | None, str | None]:
    """The `from`/`to` and the `fromString`/`toString` of a changelog item; numbers and texts only have the latter."""
    match value:
        case Option(id=id, value=text):
            return id, text
        case Person():
            return value.account_id if site.cloud else value.key, value.name
        case datetime():
            return f"{value:%Y-%m-%dT%H:%M:%S%z}", f"{value:%d/%b/%y} {value:%I:%M %p}".replace(" 0", " ")
        case float():
            return None, f"{value:g}" if value.is_integer() else str(value)
        case (int(), *_):
            return str(list(value)), ", ".join(site.organizations[id].name for id in value if isinstance(id, int))
        case (Person(), *_):
            people = [person for person in value if isinstance(person, Person)]
            ids = [person.account_id if site.cloud else person.key for person in people]
            return f"[{', '.join(ids)}]", ", ".join(person.name for person in people)
        case (str(), *_):
            return None, " ".join(str(label) for label in value)
        case str():
            return None, value
        case _:
            return None, None


def _text(raw: Any, longest: int) -> str:
    if not isinstance(raw, str):
        raise ValueError("Operation value must be a string")
    if len(raw) > longest:
        raise ValueError(f"The entered text is too long. It exceeds the allowed limit of {longest:,} characters.")
    return raw


def _option(field: Field, raw: Any) -> Option:
    if not isinstance(raw, dict) or not ({"id", "value"} & raw.keys()):
        raise ValueError("Could not find valid 'id' or 'value' in the Parent Option object.")
    for option in field.options:
        if option.id == str(raw.get("id")) or ("id" not in raw and option.value == raw["value"]):
            return option
    if "id" in raw:
        raise ValueError(f"Option id '{raw['id']}' is not valid")
    raise ValueError(f"Option value '{raw['value']}' is not valid")


def _moment(raw: Any) -> datetime:
    if not isinstance(raw, str):
        raise ValueError("Operation value must be a string")
    try:
        if not _DATE.fullmatch(raw):
            raise ValueError
        return datetime.fromisoformat(raw).astimezone(UTC)
    except ValueError:
        raise ValueError(f"Error parsing date string: {raw} (expected yyyy-MM-dd'T'HH:mm:ss.SSSZ)") from None


def _organizations(site: Site, raw: Any) -> tuple[int, ...]:
    ids = _list(raw)
    for id in ids:
        if isinstance(id, bool) or not isinstance(id, int) or id not in site.organizations:
            raise ValueError(f"Organization id '{id}' is not valid")
    return tuple(ids)


def _priority(field: Field, raw: Any) -> Option:
    if not isinstance(raw, dict) or not ({"id", "name"} & raw.keys()):
        raise ValueError("Specify the Priority (id or name) in the string format")
    for option in field.options:
        if raw.get("id", option.id) == option.id and raw.get("name", option.value) == option.value:
            return option
    raise ValueError(f"Priority name '{raw['name']}' is not valid" if "name" in raw else "Priority id is not valid")


def _person(site: Site, raw: Any) -> Person:
    known_as = "accountId" if site.cloud else "name"
    if not isinstance(raw, dict) or not isinstance(raw.get(known_as), str):
        raise ValueError(f"Specify a valid '{known_as}' for the user")
    try:
        return site.person(raw[known_as])
    except KeyError:
        raise ValueError(f"User '{raw[known_as]}' does not exist.") from None


def _list(raw: Any) -> list[Any]:
    if not isinstance(raw, list):
        raise ValueError("data was not an array")
    return raw
