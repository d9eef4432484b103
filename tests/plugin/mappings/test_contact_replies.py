"""What somebody is told who is no named contact: whom to ask, and whether there is room for another one (C4, C25)."""

from dataclasses import replace

import pytest

from plugin.contract.decide import decide
from plugin.contract.model import Organization
from plugin.mappings.load import Mappings, load
from tests.plugin.contract.builders import JONAS, NOON, POLICY, agreement, contact, entitlement, request
from tests.plugin.mappings.broken import SHIPPED


@pytest.fixture(scope="module")
def mappings() -> Mappings:
    loaded = load(SHIPPED).mappings
    assert loaded is not None
    return loaded


def told(mappings: Mappings, language: str, tier: str, contacts: int = 1, member: bool = True) -> str:
    people = [contact(f"Contact {number}", (f"acc-{number}",), ()) for number in range(contacts)]
    asked = request(raised_by=JONAS)
    if not member:
        asked = replace(asked, organizations=(Organization("999", "Elsewhere"),))
    decision = decide(asked, agreement(entitlement(tier), contacts=people), POLICY, NOON)
    return mappings.replies.letter(decision, JONAS.name, language)


@pytest.mark.parametrize(
    ("language", "tier", "contacts", "sentence"),
    [
        ("en", "premium", 2, "2 of the 5 contacts that your agreement includes are named, so there is room for you"),
        ("de", "premium", 2, "Von den 5 Ansprechpartnern, die Ihr Vertrag umfasst, sind 2 benannt"),
        (
            "en",
            "advanced",
            2,
            "All 2 contacts that your agreement includes are named already: one of them can be replaced",
        ),
        ("de", "advanced", 2, "Alle 2 Ansprechpartner, die Ihr Vertrag umfasst, sind bereits benannt"),
        ("en", "basic", 1, "The one contact that your agreement includes is named already"),
        ("de", "basic", 1, "Der eine Ansprechpartner, den Ihr Vertrag umfasst, ist bereits benannt"),
    ],
)
def test_a_colleague_is_told_how_to_be_added(
    mappings: Mappings, language: str, tier: str, contacts: int, sentence: str
) -> None:
    assert sentence in told(mappings, language, tier, contacts)


@pytest.mark.parametrize(("language", "word"), [("en", "includes"), ("de", "umfasst")])
def test_a_stranger_is_told_neither_names_nor_numbers(mappings: Mappings, language: str, word: str) -> None:
    body = told(mappings, language, "premium", 2, member=False)
    assert "Contact 0" not in body
    assert word not in body


def test_where_nobody_is_named_nobody_is_to_be_asked_for_a_message(mappings: Mappings) -> None:
    assert "a short message" not in told(mappings, "en", "premium", 0)
