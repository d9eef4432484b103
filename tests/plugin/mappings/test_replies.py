"""What the customer is told, in their language."""

import pytest

from plugin.contract.decide import decide
from plugin.contract.model import Person
from plugin.mappings.load import Mappings, load
from tests.plugin.contract.builders import POLICY, agreement, at, request
from tests.plugin.mappings.broken import SHIPPED


@pytest.fixture(scope="module")
def mappings() -> Mappings:
    loaded = load(SHIPPED).mappings
    assert loaded is not None
    return loaded


def test_the_customers_language_counts_more_than_the_agreements_and_the_default_one_is_the_last(
    mappings: Mappings,
) -> None:
    replies = mappings.replies
    assert replies.language("de", "en") == "de"
    assert replies.language(None, "de") == "de"
    assert replies.language("ko", "de") == "de"
    assert replies.language("ko", None) == "en"


def test_all_reasons_are_told_in_one_reply_and_what_was_typed_stays_text(mappings: Mappings) -> None:
    old = request("2.8", raised_by=Person("Jonas *Falk*"))
    body = mappings.replies.body(decide(old, agreement(), POLICY, at("2026-11-23 10:00")), "Jonas *Falk*", "de")
    assert body.startswith("Guten Tag Jonas \\*Falk\\*,")
    assert "Bevor wir daran arbeiten können, bitten wir Sie um ein paar Dinge:" in body
    assert "benannten Ansprechpartnern" in body
    assert "aktualisieren Sie zuerst" in body
    assert "{{" not in body
    assert "Ihr Support-Team" in body
