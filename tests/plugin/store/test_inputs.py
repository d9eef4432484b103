"""What a decision was made from, as JSON and back: every field of every record in it, one added later included."""

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from enum import Enum
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.contract.ledger import Account, Posting
from plugin.contract.model import SupportRequest
from plugin.contract.replay import Inputs, inputs_of
from plugin.store.inputs import InputsUnreadable, from_json, to_json
from tests.plugin.contract.builders import MIRA, NOON, request

OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
PLAIN: Mapping[type, st.SearchStrategy[Any]] = {
    str: st.text(),
    int: st.integers(-(10**9), 10**9),
    bool: st.booleans(),
    NoneType: st.none(),
    datetime: st.builds(
        lambda micros, offset: (NOON + timedelta(microseconds=micros)).astimezone(offset),
        st.integers(-(10**15), 10**15),
        OFFSETS,
    ),
    date: st.dates(),
}


def anything(kind: Any) -> st.SearchStrategy[Any]:
    """Any value of a declared type: every field of a record takes any value of its own."""
    if kind in PLAIN:
        return PLAIN[kind]
    if get_origin(kind) is tuple:
        return st.lists(anything(get_args(kind)[0]), max_size=3).map(tuple)
    if get_origin(kind) is Mapping:
        return st.dictionaries(*map(anything, get_args(kind)), max_size=3)
    if get_args(kind):
        return st.one_of(*map(anything, get_args(kind)))
    if issubclass(kind, Enum):
        return st.sampled_from(list(kind))
    assert is_dataclass(kind), f"say what {kind} can be"
    hints = get_type_hints(kind)
    return st.builds(kind, **{each.name: anything(hints[each.name]) for each in fields(kind)})


@given(anything(Inputs))
def test_inputs_come_back_from_json_as_they_were(inputs: Inputs) -> None:
    restored = from_json(json.loads(json.dumps(to_json(inputs))))
    assert restored == inputs
    assert restored.now.utcoffset() == inputs.now.utcoffset()


INPUTS = inputs_of(request(language="de"), NOON, "aurora", {("credit 2026-01-01", Account.CONSUMED): 5})


def test_places_are_kept_as_postings() -> None:
    assert INPUTS.others == (Posting("credit 2026-01-01", Account.CONSUMED, 5),)


def test_a_field_that_did_not_exist_yet_has_its_default() -> None:
    data = to_json(INPUTS)
    del data["request"]["language"], data["request"]["ended"]
    restored = from_json(data).request
    assert (restored.language, restored.ended, restored.raised_by) == (None, None, MIRA)


def test_a_field_without_a_default_that_is_missing_is_not_guessed() -> None:
    data = to_json(INPUTS)
    del data["request"]["kind"]
    with pytest.raises(InputsUnreadable, match=r"^what it was made from cannot be read: Field required$"):
        from_json(data)


@pytest.mark.parametrize("into", ["request", "raised_by", "others"])
def test_what_a_newer_release_knew_is_not_passed_over(into: str) -> None:
    data = to_json(INPUTS)
    places = {"request": data["request"], "raised_by": data["request"]["raised_by"], "others": data["others"][0]}
    places[into]["mood"] = "grim"
    with pytest.raises(InputsUnreadable, match="kept by a release that knew other fields"):
        from_json(data)


def test_another_meaning_of_the_fields_is_not_misread() -> None:
    with pytest.raises(InputsUnreadable, match="kept by a release that knew other fields"):
        from_json({**to_json(INPUTS), "schema": 2})


def test_a_moment_keeps_its_offset_and_its_microseconds() -> None:
    raised = datetime(2026, 10, 25, 2, 30, 0, 1, tzinfo=timezone(timedelta(hours=1)))
    inputs = inputs_of(SupportRequest("1", "SUP-1", raised, MIRA, "fault"), NOON.astimezone(UTC), None, {})
    assert to_json(inputs)["request"]["raised"] == "2026-10-25T02:30:00.000001+01:00"
    assert from_json(to_json(inputs)).request.raised.isoformat() == raised.isoformat()
