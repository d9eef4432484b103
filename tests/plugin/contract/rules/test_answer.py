"""What an explanation says of the answers that count."""

from dataclasses import replace
from datetime import UTC, datetime

from plugin.contract.case import Heard
from plugin.contract.decision import Outcome
from plugin.contract.rules.answer import answer
from tests.plugin.contract.builders import at, case
from tests.plugin.contract.builders import request as request_of


def sentences(*heard: Heard) -> list[str]:
    return [each.sentence for each in answer(replace(case(), heard=heard))]


def test_without_an_answer_there_is_nothing_to_say() -> None:
    assert answer(case(request_of("25.1"))) == ()


def test_each_answer_says_when_it_was_given_and_instead_of_what_it_counts() -> None:
    when = at("2026-11-24 10:12")
    assert sentences(Heard("version", "26.2", "latest", when), Heard("product", "expecco", None, when)) == [
        "The customer answered on Tue 24 Nov 2026 10:12 CET: version 26.2; it counts instead of 'latest'.",
        "The customer answered on Tue 24 Nov 2026 10:12 CET: product expecco; it counts where the field says nothing.",
    ]
    assert sentences(Heard("version", "26.2", " ", when))[0].endswith("it counts where the field says nothing.")


def test_the_moment_is_told_by_the_vendors_clock() -> None:
    [sentence] = sentences(Heard("version", "26.2", "latest", datetime(2026, 7, 1, 22, 30, tzinfo=UTC)))
    assert "on Thu 2 Jul 2026 00:30 CEST" in sentence


def test_what_was_typed_at_length_is_repeated_only_in_part() -> None:
    [sentence] = sentences(Heard("version", "26.2", "x" * 5_000, at("2026-11-24 10:12")))
    assert len(sentence) < 200


def test_it_is_a_finding_of_its_own_that_stands_in_nobodys_way() -> None:
    [finding] = answer(replace(case(), heard=(Heard("version", "26.2", None, at("2026-11-24 10:12")),)))
    assert (finding.rule, finding.outcome, finding.reason) == ("answer", Outcome.MET, None)
    assert [each.clause for each in finding.cites] == ["C28"]
