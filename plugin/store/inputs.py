"""What a decision was made from, as JSON and back. A field that is added to a record needs nothing here."""

from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from plugin.contract.replay import Inputs

_SCHEMA: Final = 1
"""Grows when a field changes its meaning, so that what it said before is not misread."""

_ADAPTER: Final = TypeAdapter(Inputs)


class InputsUnreadable(ValueError):
    """It was kept by a release that knew other fields; to make the decision once more without them would be a guess."""


def to_json(inputs: Inputs) -> dict[str, Any]:
    """Plain data; moments are ISO 8601 with offset."""
    return {"schema": _SCHEMA, **_ADAPTER.dump_python(inputs, mode="json")}


def from_json(data: dict[str, Any]) -> Inputs:
    """The same inputs. A field that did not exist yet when they were kept has its default.

    Raises:
        InputsUnreadable: when they hold something that has no place in today's records.
    """
    try:
        inputs = _ADAPTER.validate_python(data)
    except ValidationError as error:
        raise InputsUnreadable(f"what it was made from cannot be read: {error.errors()[0]['msg']}") from None
    if not _holds(to_json(inputs), data):
        raise InputsUnreadable("what it was made from was kept by a release that knew other fields")
    return inputs


def _holds(whole: Any, part: Any) -> bool:
    """Is everything that `part` says in `whole`?"""
    if isinstance(part, dict):
        return isinstance(whole, dict) and all(key in whole and _holds(whole[key], each) for key, each in part.items())
    if isinstance(part, list):
        return isinstance(whole, list) and len(whole) == len(part) and all(map(_holds, whole, part))
    return bool(whole == part)
