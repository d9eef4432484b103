"""What comes of a request: values that refuse to exist without a reason."""

from itertools import combinations_with_replacement

import pytest

from plugin.contract.decision import Citation, Eligibility, Finding, Outcome, Ruling, Source

CITES = (Citation("C2", Source("tiers.yaml", 12)),)


def test_a_citation_says_the_clause_and_the_place() -> None:
    assert str(CITES[0]) == "C2, tiers.yaml:12"


def test_a_finding_without_a_clause_is_refused() -> None:
    with pytest.raises(ValueError, match="'tier' cites no clause: So it is"):
        Finding("tier", Outcome.MET, "So it is.", ())


def test_a_ruling_without_a_finding_is_refused() -> None:
    with pytest.raises(ValueError, match="a ruling of 3 needs a finding"):
        Ruling(3, ())
    assert Ruling(3, (Finding("severity", Outcome.MET, "So it is.", CITES),)).value == 3


def test_the_worst_of_several_wins_and_of_none_nothing_is_wrong() -> None:
    order = [
        Eligibility.ELIGIBLE,
        Eligibility.LIMITED,
        Eligibility.ON_HOLD,
        Eligibility.NEEDS_INFORMATION,
        Eligibility.NOT_ELIGIBLE,
    ]
    assert Eligibility.worst([]) is Eligibility.ELIGIBLE
    for better, worse in combinations_with_replacement(order, 2):
        assert Eligibility.worst([worse, better]) is worse


def test_the_customer_has_to_act_on_a_question_and_on_a_refusal_only() -> None:
    assert [each for each in Eligibility if each.waits] == [Eligibility.NEEDS_INFORMATION, Eligibility.NOT_ELIGIBLE]
