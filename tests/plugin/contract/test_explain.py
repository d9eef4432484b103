"""A decision as the words of the field on the request, and as JSON."""

from dataclasses import replace

from plugin.contract.decide import decide
from plugin.contract.decision import AccountRepresentative, Source
from plugin.contract.explain import as_json, reason_text
from tests.plugin.contract.builders import JONAS, NOON, POLICY, agreement, request

NORA = AccountRepresentative("Nora Quist", "712020:nora", Source("agreements/aurora.yaml", 25))


def test_the_reason_is_every_objection_on_a_line_of_its_own_with_its_clauses() -> None:
    asked = request("24.1", raised_by=JONAS)
    assert reason_text(decide(asked, agreement(), POLICY, NOON)).splitlines() == [
        "Jonas Falk is not a named contact of Aurora Robotics. (C24, C4)",
        "expecco 24.1 is older than what is supported on 2026-11-23: 25.1 and 24.2. (C21)",
    ]


def test_without_an_objection_the_reason_says_so() -> None:
    assert reason_text(decide(request(), agreement(), POLICY, NOON)) == (
        "All conditions of the support contract are met."
    )


def test_in_json_moments_have_an_offset_people_a_name_and_an_account_and_values_their_place() -> None:
    told = as_json(decide(request(), replace(agreement(), account_representative=NORA), POLICY, NOON))
    assert told["clock_started"] == "2026-11-23T09:00:00+01:00"
    representative = told["rulings"]["account_representative"]
    assert representative["value"] == {"name": "Nora Quist", "account": "712020:nora"}
    assert representative["findings"][0]["cites"] == [
        {"clause": "C11", "source": "eligibility.yaml:56"},
        {"clause": "C11", "source": "tiers.yaml:1"},
        {"clause": "C11", "source": "agreements/aurora.yaml:25"},
    ]
