"""What can stand at a place of a mapping file: whatever is typed so far, and however."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.mappings.check import look_over
from plugin.mappings.completion import completion
from plugin.mappings.edit import on_disk
from plugin.mappings.words import Words

SHIPPED = on_disk(Path("mappings"))
TIERS = SHIPPED["tiers.yaml"].decode()


@pytest.fixture(scope="module")
def words() -> Words:
    return look_over(SHIPPED)[1]


def offered(name: str, text: str, words: Words | None = None) -> list[str] | None:
    """What is offered at `|`."""
    found = completion(name, text.replace("|", "", 1), text.index("|"), words)
    return None if found is None else [each.text for each in found.offers]


PLACES = [
    ("tiers.yaml", "# Levels.\nser|", ["services:"]),
    ("tiers.yaml", "tiers:\n  - {id: a, |}", ["name: ", "cites: ", "aliases: "]),
    ("tiers.yaml", "tiers:\n  - id: a\n    |", ["name: ", "cites: ", "aliases: "]),
    ("tiers.yaml", "tiers:\n- id: a\n  |", ["name: ", "cites: ", "aliases: "]),
    ("tiers.yaml", "tiers:\n  - id: a\n    ci|\n    name: x\nservices: []\n", ["cites: "]),
    ("tiers.yaml", "tiers:\n  - id: a\n    |\n    name: x\n", ["cites: ", "aliases: "]),
    ("tiers.yaml", "response_targets:\n  - {tier: p|}", ["premium"]),
    ("tiers.yaml", "response_targets:\n  - {tier: basic, severity: |, within", ["1", "2", "3", "any"]),
    ("tiers.yaml", "response_targets:\n  - tier: basic\n    within: |", ["none"]),
    ("tiers.yaml", "reminders:\n  - {tier: p, by: [note, f|", ["field"]),
    ("tiers.yaml", "reminders:\n  - {by: [note], pri|", ["priority: "]),
    ("tiers.yaml", "services:\n  - {tier: any, included: |}", ["yes", "guidance", "no"]),
    ("tiers.yaml", "priorities: [a]\nservices:\n  - kind: inst|", ["installation"]),
    ("examples/x.yaml", "examples:\n  - name: x # so\n    request: {kind: fault,\n       outc|", ["outcome: "]),
    ("examples/x.yaml", "examples:\n  - expect: {reasons: [version_too_old, credits_h|]}", ["credits_held"]),
    ("examples/x.yaml", "examples:\n  - name: x\n    exp|", ["expect:"]),
    ("coverage.yaml", "calendars:\n  - week:\n      mon: x\n      s|", ["sat: ", "sun: "]),
    ("agreements/a.yaml", 'entitlements:\n  - {product: "expecco-a|', ["expecco-alm"]),
    ("agreements/a.yaml", "match: {domains: [a.example], |", ["organization_ids: ", "organizations: "]),
    ("fields.yaml", "read:\n  product: {|", ["schema: ", "name: ", "values: "]),
    ("severities.yaml", "environments: [a, |", []),
    ("fields.yaml", "request_types:\n  Ask|", None),
    ("tiers.yaml", "tiers: # |", None),
    ("tiers.yaml", "# |", None),
    ("tiers.yaml", "tiers:\n  - {id: a} # |", None),
    ("tiers.yaml", "nothing:\n  - {|", None),
    ("replies/frame.en.md", "|", None),
]


@pytest.mark.parametrize(("name", "text", "wanted"), PLACES, ids=[each[1] for each in PLACES])
def test_what_fits_is_offered(name: str, text: str, wanted: list[str] | None, words: Words) -> None:
    assert offered(name, text, words) == wanted


def test_an_offer_says_what_it_means_and_what_it_takes_the_place_of(words: Words) -> None:
    text = "response_targets:\n  - {tier: basic, wit}"
    found = completion("tiers.yaml", text, text.index("wit") + 1, words)
    assert found is not None
    assert (found.typed, found.rest) == ("w", "it")
    assert [(each.text, each.about[:34]) for each in found.offers[:1]] == [
        ("within: ", "The time until the first response.")
    ]


@given(st.integers(0, len(TIERS)), st.text("{}[]\"'#,:- \nab", max_size=12))
def test_no_text_is_too_broken_to_ask(offset: int, typed: str) -> None:
    text = TIERS[:offset] + typed + TIERS[offset:]
    completion("tiers.yaml", text, offset + len(typed), None)
