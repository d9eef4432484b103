"""The receipt: what a person reads of a decision, first in three sentences, then value by value."""

from dataclasses import replace

import pytest
from hypothesis import given

from plugin.contract.decide import decide
from plugin.contract.decision import Citation, Decision, Eligibility, Outcome, Source
from plugin.contract.explain import reason_text
from plugin.contract.model import NoAgreement, Override, SupportAgreement, SupportRequest
from plugin.contract.policy import Clause
from plugin.contract.receipt import (
    LONGEST,
    Line,
    Receipt,
    Section,
    one_line,
    places,
    receipt,
    receipt_data,
    value_text,
)
from plugin.contract.receipt_text import as_text
from tests.plugin.contract.builders import NOON, POLICY, WITH_TRAINING, agreement, cite, entitlement, request
from tests.plugin.contract.strategies import Given, cases

FAULT = request(kind="fault", environment="production", impact="down", stated_severity=2)


def decided(asked: SupportRequest, signed: SupportAgreement | NoAgreement | None = None) -> Decision:
    return decide(asked, agreement() if signed is None else signed, POLICY, NOON)


def told(asked: SupportRequest, signed: SupportAgreement | NoAgreement | None = None) -> Receipt:
    return receipt(decided(asked, signed), POLICY)


def section(of: Receipt, title: str) -> Section:
    [found] = [each for each in of.sections if each.title == title]
    return found


def test_what_until_when_at_what_cost_and_why_come_first() -> None:
    assert told(FAULT).summary == (
        "SUP-1 is eligible for support under the agreement of Aurora Robotics (Premium), severity 1 "
        "(the customer stated 2).",
        "The first response is due Mon 23 Nov 2026 17:00 CET. It costs 1 credit; 31 left.",
        "All conditions of the support contract are met.",
    )
    assert section(told(FAULT), "Agreement").value == "Aurora Robotics"
    assert section(told(FAULT), "Severity").value == "1 (the customer stated 2)"


def test_a_refusal_says_every_reason_and_that_nothing_runs_and_nothing_is_charged() -> None:
    refused = told(replace(FAULT, version="2.9", product="expecco", stated_severity=None, modified=True))
    what, when, why = refused.summary
    assert what.startswith("SUP-1 is not eligible for support under the agreement of Aurora Robotics (Premium)")
    assert when == "The 8 h for severity 1 run once the customer has done what is asked. Nothing is charged."
    assert "expecco 2.9 is older" in why
    assert "no authorization of that is on file" in why


def test_a_request_of_nobody_known_is_told_without_an_agreement() -> None:
    unknown = told(request(), NoAgreement())
    assert unknown.summary[0] == "SUP-1 needs information from the customer, severity 3."
    assert section(unknown, "Agreement").value == section(unknown, "Tier").value == "none"
    assert section(unknown, "Credits").value == "0 charged"


def test_a_training_session_is_told_beside_the_credits_and_only_where_one_is_charged() -> None:
    training = receipt(decide(request(kind="training"), agreement(), WITH_TRAINING, NOON), WITH_TRAINING)
    assert training.summary[1].endswith("It costs 1 training session; 2 left.")
    assert section(training, "Training sessions").value == "1 charged, 2 left"
    assert "Training sessions" not in {each.title for each in told(request()).sections}


def test_what_a_tier_does_not_bring_is_not_worth_a_word() -> None:
    assert [each.title for each in told(request(), agreement(entitlement("basic"))).sections] == [
        "Agreement",
        "Tier",
        "Severity",
        "Eligibility",
        "Response due",
        "Credits",
    ]
    premium = told(request())
    assert section(premium, "Priority").value == "medium"
    assert "name one in agreements/aurora.yaml" in section(premium, "Account representative").lines[0].text


def test_a_refused_training_session_is_no_longer_left_out_when_something_stands_against_it() -> None:
    basic = agreement(entitlement("advanced"))
    short = receipt(decide(request(kind="training", version="2.9"), basic, WITH_TRAINING, NOON), WITH_TRAINING)
    assert section(short, "Training sessions").value == "0 charged, 1 left"


def test_the_steps_of_the_calendar_are_told_with_what_they_rest_on() -> None:
    [line] = section(told(replace(FAULT, raised=NOON.replace(hour=15))), "Response due").lines
    assert line.text == ("8 h of covered time for severity 1 from Mon 23 Nov 2026 15:00 CET: Mon 3 h, Tue 5 h.")
    assert places(line.rests_on) == "C2 tiers.yaml:1; C3 coverage.yaml:1"


def test_credits_are_told_before_and_after() -> None:
    credits = section(told(FAULT), "Credits")
    assert credits.value == "1 charged, 31 left"
    assert [line.text for line in credits.lines] == [
        "A request of kind fault costs 1 credit.",
        "32 credits without this request, 31 credits with it.",
    ]


def test_an_override_is_heard_first_in_the_summary_and_in_the_order_of_values() -> None:
    override = Override(Eligibility.ELIGIBLE, "Goodwill,\nupdate planned")
    overruled = told(replace(FAULT, version="2.9", override=override))
    assert overruled.summary[2].startswith(
        "Overruled by an agent: eligible instead of not eligible. Goodwill, update planned. expecco 2.9 is older"
    )
    assert [each.title for each in overruled.sections][:2] == ["Eligibility", "Agreement"]
    assert overruled.sections[0].lines[0].text.startswith("Overruled by an agent")


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("Goodwill", "Goodwill."),
        ("Goodwill.", "Goodwill."),
        ("Goodwill!", "Goodwill!"),
        ("Why not?", "Why not?"),
        ("Well…", "Well…"),
    ],
)
def test_a_reason_that_an_agent_ended_without_a_stop_is_given_one(reason: str, said: str) -> None:
    overruled = told(replace(FAULT, override=Override(Eligibility.LIMITED, reason)))
    assert overruled.summary[2] == f"Overruled by an agent: limited instead of eligible. {said}"


def test_nothing_is_said_twice_but_what_stands_in_the_way() -> None:
    lowered = told(replace(FAULT, environment="test", stated_severity=1))
    sentences = [line.text for each in lowered.sections for line in each.lines]
    twice = {each for each in sentences if sentences.count(each) > 1}
    assert twice == {"The customer stated severity 1; the contract's own definition gives 3."}


def test_clauses_are_quoted_once_those_of_checks_that_went_well_are_not() -> None:
    quoted = [name for name, _ in told(FAULT).clauses]
    assert quoted == ["C1", "C2", "C3", "C8", "C9", "C11", "C15", "C18", "C30"]
    refused = [name for name, _ in told(replace(FAULT, version="2.9")).clauses]
    assert "C21" in refused


def test_a_clause_that_the_policy_does_not_have_is_cited_and_not_quoted() -> None:
    bare = replace(POLICY, clauses={})
    assert receipt(decided(FAULT), bare).clauses == ()
    assert "C1" in as_text(receipt(decided(FAULT), bare))


def test_the_rules_own_row_is_named_where_it_used_no_other_or_stands_in_the_way() -> None:
    lines = {line.text: line for line in section(told(replace(FAULT, version="2.9")), "Eligibility").lines}
    rule = "eligibility.yaml"
    met = lines["The agreement covers expecco with 1 licences."]
    against = next(line for text, line in lines.items() if text.startswith("expecco 2.9 is older"))
    alone = lines["The request names no third-party software."]
    assert [each.source.file for each in met.rests_on] == ["agreements/aurora.yaml"]
    assert [each.source.file for each in against.rests_on] == ["releases.yaml", "releases.yaml", rule]
    assert [each.source.file for each in alone.rests_on] == [rule]


def test_a_tier_that_the_policy_no_longer_has_is_told_by_its_id() -> None:
    assert (value_text("tier", "premium", POLICY), value_text("tier", "gold", POLICY)) == ("Premium", "gold")


def test_each_clause_is_named_once_with_all_its_places() -> None:
    rests_on = (cite("C2", "tiers.yaml", 12), cite("C3", "coverage.yaml", 5), Citation("C2", Source("a.yaml", 1)))
    assert places((*rests_on, rests_on[0])) == "C2 tiers.yaml:12, a.yaml:1; C3 coverage.yaml:5"


SHORT = Receipt(
    summary=("SUP-1 is not eligible.", "Nothing is charged.", "expecco 2.9 is older than what is supported."),
    sections=(
        Section(
            "tier",
            "Tier",
            "Premium",
            (Line(Outcome.MET, "Premium, for 1 licences.", (cite("C1", "agreements/aurora.yaml", 12),)),),
        ),
        Section(
            "eligibility",
            "Eligibility",
            "not eligible, whatever else this text may say",
            (
                Line(
                    Outcome.NOT_MET,
                    "expecco 2.9 is older than what is supported.",
                    (
                        cite("C21", "releases.yaml", 5),
                        cite("C21", "eligibility.yaml", 3),
                        cite("C28", "eligibility.yaml"),
                    ),
                ),
            ),
        ),
    ),
    clauses=(
        ("C1", Clause("Tiers", "There are three tiers.")),
        ("C21", Clause("Versions", "The current line and one-version-back count.")),
    ),
    decided="Decided Mon 23 Nov 2026 12:00 CET under policy r1.",
)


IN_WHOLE_LINES = """\
SUP-1 is not eligible.
Nothing is charged.
expecco 2.9 is older than what is supported.

Tier: Premium
  + Premium, for 1 licences. [C1 agreements/aurora.yaml:12]

Eligibility: not eligible, whatever else this text may say
  - expecco 2.9 is older than what is supported. [C21 releases.yaml:5, eligibility.yaml:3; C28 eligibility.yaml:1]

What the contract says
  C1  Tiers. There are three tiers.
  C21 Versions. The current line and one-version-back count.

Decided Mon 23 Nov 2026 12:00 CET under policy r1.
+ met, ! limited, ? unknown, - not met"""

IN_48_COLUMNS = """\
SUP-1 is not eligible.
Nothing is charged.
expecco 2.9 is older than what is supported.

Tier: Premium
  + Premium, for 1 licences.
    [C1 agreements/aurora.yaml:12]

Eligibility: not eligible, whatever else this
  text may say
  - expecco 2.9 is older than what is supported.
    [C21 releases.yaml:5, eligibility.yaml:3;
    C28 eligibility.yaml:1]

What the contract says
  C1  Tiers. There are three tiers.
  C21 Versions. The current line and
      one-version-back count.

Decided Mon 23 Nov 2026 12:00 CET under policy
r1.
+ met, ! limited, ? unknown, - not met"""


@pytest.mark.parametrize(("width", "text"), [(None, IN_WHOLE_LINES), (48, IN_48_COLUMNS)])
def test_on_a_terminal_lines_break_under_their_text_and_never_between_a_clause_and_its_places(
    width: int | None, text: str
) -> None:
    assert as_text(SHORT, width) == text


def test_when_it_was_decided_is_told_in_the_vendors_zone_with_the_policys_revision() -> None:
    assert told(FAULT).decided == "Decided Mon 23 Nov 2026 12:00 CET under policy r1."


def test_every_outcome_has_its_mark_and_the_last_line_says_what_they_mean() -> None:
    text = as_text(told(replace(FAULT, version="latest", third_party="Selenium", modified=True)))
    for mark, outcome in zip("+!?-", Outcome, strict=True):
        assert f"\n  {mark} " in text
        assert f"{mark} {outcome.value}" in text.splitlines()[-1]


def test_what_somebody_typed_stays_on_one_line_of_bounded_length_and_steers_no_terminal() -> None:
    typed = "\x1b]0;owned\x07 first\nsecond \u202e" + "x" * 5_000
    long = told(replace(FAULT, product=typed, version=typed, platform=typed, third_party=typed))
    sentences = [*long.summary, *(line.text for each in long.sections for line in each.lines)]
    assert max(map(len, sentences)) < 3 * LONGEST
    assert all(sentence.isprintable() for sentence in sentences)
    assert max(map(len, as_text(long, 80).splitlines())) <= 80


def test_a_line_is_cut_after_the_longest_that_is_read() -> None:
    assert one_line("a" * LONGEST) == "a" * LONGEST
    assert one_line("a" * (LONGEST + 1)) == "a" * LONGEST + "…"
    assert one_line(" two\n\twords ") == "two words"


@given(cases())
def test_every_decision_can_be_told_and_no_finding_is_lost(given_: Given) -> None:
    asked, signed, under, now, booked = given_
    decision = decide(asked, signed, under, now, booked)
    whole = receipt(decision, under)
    said = {line.text for each in whole.sections for line in each.lines}
    assert {one_line(finding.sentence) for finding in decision.eligibility.findings} <= said
    assert {one_line(finding.sentence) for finding in decision.response_due.findings} <= said
    assert all(sentence in whole.summary[2] for sentence in {each.sentence for each in decision.reasons})
    assert whole.decided in as_text(whole, 100)


@given(cases())
def test_the_json_says_what_the_field_on_the_request_and_the_summary_say(given_: Given) -> None:
    asked, signed, under, now, booked = given_
    decision = decide(asked, signed, under, now, booked)
    data = receipt_data(decision, under)
    findings = [each for ruling in data["rulings"].values() for each in ruling["findings"]]
    assert data["clauses"].keys() == {each["clause"] for finding in findings for each in finding["cites"]}
    assert data["summary"] == list(receipt(decision, under).summary)
    for line in reason_text(decision).splitlines():
        assert line.rpartition(" (")[0] in data["summary"][2] or line == data["summary"][2]
