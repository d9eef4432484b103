"""A receipt as a note: markup of ours, text of theirs, and never longer than a comment may be."""

import re
from dataclasses import replace
from typing import Final

from hypothesis import given
from hypothesis import strategies as st

from plugin.contract.decide import decide
from plugin.contract.decision import Eligibility, Outcome
from plugin.contract.model import Override, SupportRequest
from plugin.contract.policy import Clause
from plugin.contract.receipt import Line, Receipt, Section, receipt
from plugin.jira.note import SHORTENED, note
from plugin.jira.plan import LONGEST_TEXT, units
from plugin.jira.reply import escape
from tests.plugin.contract.builders import NOON, POLICY, agreement, cite, request

FAULT: Final = request(kind="fault", environment="production", impact="down", version="2.9", third_party="Selenium")
MARKUP: Final = "h1. *bold* [~mira] {color:red}x{color} !http://evil.example/x.png! (/) ----"


def told(asked: SupportRequest = FAULT) -> Receipt:
    return receipt(decide(asked, agreement(), POLICY, NOON), POLICY)


def plain(body: str) -> str:
    """The note as a person reads it."""
    return body.replace("\\", "").replace("\N{WORD JOINER}", "")


def test_the_note_says_what_the_receipt_says_in_its_order() -> None:
    body, whole = plain(note(told())), told()
    words = [
        *whole.summary,
        *(
            text
            for each in whole.sections
            for text in (f"*{each.title}:* {each.value}", *(line.text for line in each.lines))
        ),
        "*What the contract says*",
        *(clause.says for _, clause in whole.clauses),
        whole.decided,
    ]
    place = 0
    for each in words:
        place = body.index(each, place) + 1


def test_the_first_line_is_bold_and_every_outcome_has_its_icon() -> None:
    lines = note(told()).splitlines()
    assert lines[0].startswith("*SUP\\-1 is not eligible for support")
    assert lines[0].endswith("*")
    icons = {line[2:5] for line in lines if line.startswith("* (")}
    assert icons == {"(/)", "(x)", "(!)", "(?)"}


def test_a_line_names_clause_and_place_as_code() -> None:
    assert "{{C1 agreements/aurora.yaml:12}}" in note(told())


def test_what_changed_stands_at_the_top_with_the_moment_of_the_decision_before() -> None:
    body = plain(note(told(), "Fri 20 Nov 2026 16:30 CET", ("Severity: 1 instead of 3", f"New: {MARKUP}")))
    assert body.index("*Changed since the decision of Fri 20 Nov 2026 16:30 CET*") < body.index("*Agreement:*")
    assert "\n* Severity: 1 instead of 3\n* New: " in body
    assert "Changed" not in note(told())


def test_nothing_that_people_typed_works_as_markup() -> None:
    override = Override(Eligibility.ELIGIBLE, MARKUP)
    typed = replace(FAULT, product=MARKUP, version=MARKUP, platform=MARKUP, third_party=MARKUP, override=override)
    for body in (note(told(typed)), note(told(typed), "now", (MARKUP,))):
        assert escape(MARKUP) in body
        assert MARKUP not in body
        for mark in ("{color", "[~", "!http", "----", "*bold*"):
            assert mark not in re.sub(r"\\.", "", body)


LINES = st.builds(
    Line,
    st.sampled_from(Outcome),
    st.text(st.sampled_from("x*-😀 "), max_size=600),
    st.just((cite("C1", "tiers.yaml"),)),
)


@given(
    st.lists(
        st.builds(Section, st.just("n"), st.just("Title"), st.just("v"), st.lists(LINES, max_size=60).map(tuple)),
        max_size=8,
    )
)
def test_a_note_is_never_longer_than_a_comment_may_be(sections: list[Section]) -> None:
    whole = replace(told(), sections=tuple(sections))
    body = note(whole)
    assert units(body) <= LONGEST_TEXT
    assert body.startswith("*SUP\\-1")
    assert body.endswith(escape(whole.decided))


def test_the_quotes_go_first_and_it_is_said_that_something_is_missing() -> None:
    line = Line(Outcome.MET, "x" * 600, (cite("C1", "tiers.yaml"),))
    quotes = tuple((f"C{number}", Clause("Title", "y" * 300)) for number in range(1, 31))
    long = replace(told(), sections=(Section("n", "Title", "v", (line,) * 45),), clauses=quotes)
    body = note(long)
    assert body.splitlines()[-3:-1] == [SHORTENED, ""]
    assert body.count("x" * 600) == 45
    assert 0 < body.count("y" * 300) < 30
    much = note(replace(long, sections=(Section("n", "Title", "v", (line,) * 60),)))
    assert "What the contract says" not in much
    assert 45 < much.count("x" * 600) < 55
