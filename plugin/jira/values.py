"""How Jira spells a value, and ours for it: times, options, people."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from plugin.contract.model import Person
from plugin.jira.fields import Field

Json = Mapping[str, Any]


def moment(text: str) -> datetime:
    """A time as Jira spells it, `2026-11-20T14:03:11.000+0000`, as an aware datetime.

    Raises:
        ValueError: when it is none.
    """
    read = datetime.fromisoformat(text)
    if read.tzinfo is None:
        raise ValueError(f"{text!r} has no time zone")
    return read


def moment_of(value: object) -> datetime | None:
    """The moment that a text says; None where it says none."""
    try:
        return moment(value) if isinstance(value, str) else None
    except ValueError:
        return None


def value_of(value: Any, field: Field) -> Any:
    """A field's value in our words: text, whole number, aware datetime, the word for an option, or an account."""
    if value is None or value == "":
        return None
    match field.type:
        case "datetime":
            return moment(value)
        case "number":
            return int(value) if float(value).is_integer() else float(value)
        case "option":
            return field.word_of(value["value"]) or value["value"]
        case "priority":
            return field.word_of(value["name"]) or value["name"]
        case "user":
            return account_of(value)
    return field.word_of(str(value)) or str(value)


def person_of(user: Json | None) -> Person:
    """Whoever that is; the e-mail address may be hidden."""
    if not user:
        return Person("nobody")
    account = account_of(user)
    return Person(user.get("displayName") or account or "nobody", account, user.get("emailAddress") or None)


def account_of(user: Json | None) -> str | None:
    """By what Jira tells people apart: accountId on Cloud, else the name, which Data Center gives only once."""
    spelled = user or {}
    return spelled.get("accountId") or spelled.get("name") or spelled.get("key")
