"""The JSON of every decision is as its JSON Schema says, and the schema leaves no key out."""

import json
import re
from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, ValidationError
from jsonschema.validators import validator_for

from plugin.contract.decide import decide
from plugin.contract.decision import Citation, Eligibility, Finding
from plugin.contract.explain import as_json
from plugin.contract.model import Override
from plugin.contract.receipt import receipt_data
from plugin.contract.receipt_schema import receipt_schema
from tests.plugin.contract.builders import NOON, POLICY, agreement, request
from tests.plugin.contract.strategies import Given, cases

OVERRIDES = st.none() | st.builds(Override, st.sampled_from(Eligibility), st.sampled_from(["", "Goodwill"]))


def closed(schema: Any) -> Any:
    """The same schema with no room for keys that it does not name."""
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    shut = {"additionalProperties": False} if "properties" in schema else {}
    return {**{key: closed(each) for key, each in schema.items()}, **shut}


def strict() -> Draft202012Validator:
    """It notices every key that the schema does not name."""
    return Draft202012Validator(closed(receipt_schema()))


def data() -> dict[str, Any]:
    """A decision as a reader of the JSON gets it."""
    decision = decide(request("2.9", kind="fault", stated_severity=1), agreement(), POLICY, NOON)
    loaded: dict[str, Any] = json.loads(json.dumps(receipt_data(decision, POLICY)))
    return loaded


def objects(of: Any) -> Iterator[dict[str, Any]]:
    """Every object in the JSON that has named keys, not words of ours as keys."""
    if isinstance(of, list):
        for each in of:
            yield from objects(each)
    if isinstance(of, dict):
        yield of
        for name, each in of.items():
            if name not in ("facts", "clauses"):
                yield from objects(each)


def schemas(of: Any) -> Iterator[dict[str, Any]]:
    """The schema and all those within it."""
    yield of
    within = [each for several in ("properties", "$defs") for each in of.get(several, {}).values()]
    for each in (*within, of.get("items"), of.get("additionalProperties")):
        if each is not None:
            yield from schemas(each)


def test_the_schema_is_itself_one_and_says_of_which_kind() -> None:
    Draft202012Validator.check_schema(receipt_schema())
    assert validator_for(receipt_schema(), default=None) is Draft202012Validator


def test_the_schema_is_made_of_words_that_json_schema_knows() -> None:
    annotations = {"$schema", "$defs", "title", "description"}
    words = {word for each in schemas(receipt_schema()) for word in each}
    assert words - annotations <= Draft202012Validator.VALIDATORS.keys()
    assert words >= annotations | {"minItems", "required", "additionalProperties"}


def test_what_a_key_means_is_told_in_a_sentence() -> None:
    whole = receipt_schema()
    told = [each["description"] for each in schemas(whole) if "description" in each]
    for keys in (whole["properties"], whole["properties"]["rulings"]["properties"], whole["$defs"]):
        assert [key for key, value in keys.items() if "description" not in value] == []
    for text in (*told, f"{whole['title']}."):
        assert re.fullmatch(r"[A-Z].*[a-z0-9)]\.", text)
        assert text != text.upper()


@given(cases(), OVERRIDES)
def test_the_json_of_every_decision_is_as_the_schema_says(given_: Given, override: Override | None) -> None:
    asked, signed, under, now, booked = given_
    decision = decide(replace(asked, override=override), signed, under, now, booked)
    strict().validate(json.loads(json.dumps(receipt_data(decision, under))))


def test_a_key_that_the_schema_does_not_name_is_noticed_wherever_it_is() -> None:
    validator, whole = strict(), data()
    validator.validate(whole)
    places = list(objects(whole))
    assert len(places) > 20
    for place in places:
        place["added"] = 1
        with pytest.raises(ValidationError):
            validator.validate(whole)
        del place["added"]


def test_a_key_that_is_gone_is_noticed_wherever_it_was() -> None:
    validator, whole = strict(), data()
    for place in objects(whole):
        for name in list(place):
            value = place.pop(name)
            with pytest.raises(ValidationError):
                validator.validate(whole)
            place[name] = value
    validator.validate(whole)


def test_a_reader_may_meet_keys_that_a_newer_release_added() -> None:
    Draft202012Validator(receipt_schema()).validate({**data(), "added": 1})


def test_everything_that_a_finding_knows_is_in_the_json() -> None:
    [ruling] = [as_json(decide(request(), agreement(), POLICY, NOON))["rulings"]["tier"]]
    assert list(ruling["findings"][0]) == ["rule", "outcome", "sentence", "reason", "facts", "cites"]
    assert {each.name for each in fields(Finding)} == {*ruling["findings"][0]}
    assert {each.name for each in fields(Citation)} == {*ruling["findings"][0]["cites"][0]}
