"""What the customer is told, in their language, whatever they typed."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import example, given, settings

from plugin.contract.decide import decide
from plugin.contract.model import Person, SupportRequest
from plugin.jira.plan import LONGEST_TEXT
from plugin.jira.reply import escape
from plugin.mappings.replies import Markup, Replies
from plugin.mappings.reply_names import BODY, samples_of
from tests.plugin.contract.builders import (
    JONAS,
    NOON,
    POLICY,
    WITH_TRAINING,
    agreement,
    request,
)
from tests.plugin.jira.test_reply import active, typed
from tests.plugin.mappings.broken import SHIPPED
from tests.road.house import shipped

WRITTEN = sorted(
    (name, language) for name, language, _ in (path.name.split(".") for path in (SHIPPED / "replies").glob("*.md"))
)
"""Every shipped template: its name and language."""


def letter(asked: SupportRequest, language: str, **how: bool) -> str:
    return shipped().replies.letter(decide(asked, agreement(), POLICY, NOON), asked.raised_by.name, language, **how)


# Languages


def test_the_customers_language_counts_more_than_the_agreements_and_the_default_one_is_the_last() -> None:
    replies = shipped().replies
    assert replies.language("de", "en") == "de"
    assert replies.language(None, "de") == "de"
    assert replies.language("ko", "de") == "de"
    assert replies.language("ko", "fr") == "en"
    assert replies.language(None, None) == "en"


def test_a_language_without_a_template_of_that_name_has_the_default_one() -> None:
    replies = Replies({("frame", "fr"): "Bonjour, {{ reasons }}", ("frame", "en"): "Hello", ("draft", "en"): "Draft"})
    assert replies.render("frame", "fr", {"reasons": ()}) == "Bonjour,"
    assert replies.render("draft", "fr", {}) == "Draft"


# The letter


def test_all_reasons_are_told_in_one_letter_and_what_was_typed_stays_text() -> None:
    body = letter(request("2.8", raised_by=Person("Jonas *Falk*")), "de")
    assert body.startswith("Guten Tag Jonas \\*Falk\\*,")
    assert "Bevor wir daran arbeiten können, sind noch ein paar Punkte zu klären:" in body
    assert "benannten Ansprechpartnern" in body
    assert "aktualisieren Sie zuerst" in body
    assert "{{" not in body
    assert body.endswith("\nIhr Support-Team\n")


@pytest.mark.parametrize(
    ("language", "ways"),
    [
        ("en", ("raised again", "ended on 31 December 2026", "ask Mira Vogt", "update to 25.2 first")),
        ("de", ("endete am 31. Dezember 2026", "wenden Sie sich an Mira Vogt", "zuerst auf 25.2")),
    ],
)
def test_three_reasons_are_one_letter_with_the_way_out_of_each(language: str, ways: tuple[str, ...]) -> None:
    asked = request("2.9", raised="2027-03-01 09:00", raised_by=JONAS)
    body = letter(asked, language)
    assert all(way in body for way in ways[1:])
    greeting, opening, *reasons, closing, team = body.strip().split("\n\n")
    assert len(reasons) == 3
    assert all(len(paragraph.splitlines()) == 1 for paragraph in (greeting, opening, *reasons, closing, team))


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_letter_asks_for_something_only_where_the_request_waits(language: str) -> None:
    waits = {"en": "once it is done", "de": "sobald es erledigt ist"}[language]
    assert waits in letter(request("2.9"), language)
    assert waits not in letter(request(third_party="Selenium"), language)


# The receipt


def receipt(language: str, **changes: object) -> str:
    return letter(replace(request(kind="fault"), **changes), language, receipt=True)


def test_a_receipt_says_how_grave_until_when_and_at_what_cost() -> None:
    body = receipt("en", environment="production", impact="impaired")
    assert "Thank you for your request SUP-1. We have taken it up with severity 2, and you will hear from us by" in body
    assert "by Tuesday, 24 November 2026, 11:00 (CET) at the latest." in body
    assert "It uses 1 support credit of your agreement; 31 are left." in body


def test_a_receipt_in_german_is_german_down_to_the_time_zone() -> None:
    body = receipt("de", environment="production", impact="impaired")
    assert "Wir haben sie mit Schweregrad 2 aufgenommen, und Sie hören bis spätestens" in body
    assert "bis spätestens Dienstag, 24. November 2026, 11:00 Uhr (MEZ) von uns." in body
    assert "Dafür wird ein Support-Punkt Ihres Vertrags verwendet; übrig sind noch 31." in body


def test_a_receipt_says_what_is_limited_and_what_was_ruled_otherwise() -> None:
    body = receipt("en", third_party="Selenium", stated_severity=1)
    assert "software made by others: Selenium" in body
    assert "You chose severity 1; by the definitions in your support agreement it is severity 3." in body


@pytest.mark.parametrize(("language", "word"), [("en", "uses"), ("de", "verwendet")])
def test_a_receipt_of_what_costs_nothing_speaks_of_no_cost(language: str, word: str) -> None:
    assert word not in receipt(language, kind="enhancement")


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "It uses 1 training session of your agreement; 2 are left."),
        ("de", "Dafür wird eine Online-Schulung Ihres Vertrags verwendet; übrig sind noch 2."),
    ],
)
def test_a_receipt_of_a_training_counts_training_sessions(language: str, sentence: str) -> None:
    decision = decide(request(kind="training"), agreement(), WITH_TRAINING, NOON)
    assert sentence in shipped().replies.letter(decision, "Mira Vogt", language, receipt=True)


@pytest.mark.parametrize(
    ("name", "language", "facts", "sentence"),
    [
        ("receipt", "en", {"cost": 1, "left": 0}, "It uses 1 support credit of your agreement; none is left."),
        ("receipt", "en", {"cost": 1, "left": 1}, "It uses 1 support credit of your agreement; 1 is left."),
        ("receipt", "en", {"cost": 2, "left": 2}, "It uses 2 support credits of your agreement; 2 are left."),
        ("receipt", "de", {"cost": 1, "left": 0}, "wird ein Support-Punkt Ihres Vertrags verwendet; übrig ist keiner"),
        (
            "receipt",
            "de",
            {"cost": 1, "left": 1},
            "wird ein Support-Punkt Ihres Vertrags verwendet; übrig ist noch einer.",
        ),
        (
            "receipt",
            "de",
            {"cost": 2, "left": 2},
            "werden 2 Support-Punkte Ihres Vertrags verwendet; übrig sind noch 2.",
        ),
        ("receipt", "en", {"sessions": 2, "sessions_left": 0}, "2 training sessions of your agreement; none is left."),
        (
            "receipt",
            "de",
            {"sessions": 1, "sessions_left": 1},
            "wird eine Online-Schulung Ihres Vertrags verwendet; übrig ist noch eine.",
        ),
        (
            "receipt",
            "de",
            {"sessions": 2, "sessions_left": 0},
            "werden 2 Online-Schulungen Ihres Vertrags verwendet; übrig ist keine mehr.",
        ),
        ("credits_refused", "en", {"needed": 1, "left": 0}, "needs 1 support credit, and none is left in"),
        ("credits_refused", "en", {"needed": 2, "left": 1}, "needs 2 support credits, and 1 is left in"),
        ("credits_refused", "en", {"needed": 3, "left": 2}, "needs 3 support credits, and 2 are left in"),
        (
            "credits_refused",
            "de",
            {"needed": 1, "left": 0},
            "wird ein Support-Punkt gebraucht; in Ihrem Supportvertrag ist keiner mehr übrig.",
        ),
        (
            "credits_refused",
            "de",
            {"needed": 2, "left": 1},
            "werden 2 Support-Punkte gebraucht; in Ihrem Supportvertrag ist noch einer übrig.",
        ),
        (
            "credits_refused",
            "de",
            {"needed": 3, "left": 2},
            "werden 3 Support-Punkte gebraucht; in Ihrem Supportvertrag sind noch 2 übrig.",
        ),
        (
            "sessions_refused",
            "en",
            {"needed": 1, "left": 0},
            "needs 1 training session, and of those that come with your licences each year, none is left.",
        ),
        (
            "sessions_refused",
            "en",
            {"needed": 2, "left": 1},
            "needs 2 training sessions, and of those that come with your licences each year, 1 is left.",
        ),
        (
            "sessions_refused",
            "de",
            {"needed": 1, "left": 0},
            "wird eine Online-Schulung gebraucht; von denen, die jährlich mit Ihren Lizenzen kommen, ist keine mehr",
        ),
        (
            "sessions_refused",
            "de",
            {"needed": 3, "left": 2},
            "von denen, die jährlich mit Ihren Lizenzen kommen, sind noch 2 übrig",
        ),
        (
            "contact_not_named",
            "en",
            {"contacts": ("A",), "limit": 5, "seats": 1},
            "1 of the 5 contacts that your agreement includes is named",
        ),
        (
            "contact_not_named",
            "en",
            {"contacts": ("A", "B"), "limit": 5, "seats": 2},
            "2 of the 5 contacts that your agreement includes are named",
        ),
        (
            "contact_not_named",
            "en",
            {"limit": 1, "seats": 1, "full": "yes"},
            "The one contact that your agreement includes is named already",
        ),
        (
            "contact_not_named",
            "de",
            {"contacts": ("A",), "limit": 5, "seats": 1},
            "Von den 5 Ansprechpartnern, die Ihr Vertrag umfasst, ist erst einer benannt",
        ),
        (
            "contact_not_named",
            "de",
            {"limit": 1, "seats": 1, "full": "yes"},
            "Der eine Ansprechpartner, den Ihr Vertrag umfasst, ist bereits benannt",
        ),
    ],
)
def test_none_one_and_several_are_each_said_as_people_say_them(
    name: str, language: str, facts: dict[str, object], sentence: str
) -> None:
    assert sentence in shipped().replies.render(name, language, facts)


# The draft


def test_a_draft_says_what_it_is_why_and_in_which_language_and_then_the_letter_as_it_is() -> None:
    whole = letter(request("2.9"), "de")
    note = shipped().replies.draft(whole, "de", ["version_too_old (eligibility.yaml:44)"])
    first, _, rest = note.partition("\n")
    assert first.startswith("This is a draft of a reply to the customer, written in German. It was not sent: ")
    assert "version\\_too\\_old \\(eligibility.yaml:\N{WORD JOINER}44\\)" in first
    assert rest == f"\n----\n\n{whole}"


# Typed text


def test_a_list_that_no_filter_joins_is_plain_text_too() -> None:
    replies = Replies({("contact_not_named", "en"): "{{ contacts }}"})
    assert (
        replies.render("contact_not_named", "en", {"contacts": ("*Mira*", "[~jonas]")}) == "\\*Mira\\*, \\[\\~jonas\\]"
    )


def test_paragraphs_stand_one_line_apart_whatever_conditions_the_template_has_there() -> None:
    replies = Replies({("frame", "en"): "\n\nHello\n\n{% if waits %}\nSomething.\n{% endif %}\n\n\nGood bye\n\n"})
    assert replies.render("frame", "en", {}) == "Hello\n\nGood bye"


def test_nothing_that_a_letter_grows_to_is_too_long_for_jira() -> None:
    templates = {"frame": "{{ reasons }}", "version_too_old": "{{ person }}" * 100, "draft": "{{ letter }}"}
    replies = Replies({(name, "en"): text for name, text in templates.items()})
    body = replies.letter(decide(request("2.9"), agreement(), POLICY, NOON), "*" * 9_000, "en")
    assert len(body.strip()) == len(replies.draft("x" * 40_000, "en", ()).strip()) == LONGEST_TEXT


def filled(name: str, text: str) -> Iterator[dict[str, object]]:
    """Values for a template whose every text is this one, alone in a list and beside itself."""
    for times in (1, 2):
        values: dict[str, object] = {}
        for each, (usual, *_) in samples_of(name).items():
            several = (text,) * times if isinstance(usual, tuple) else usual
            values[each] = text if isinstance(usual, str) and each not in ("because", "full") else several
        body = Markup("A letter.") if name == "draft" else (Markup("A reason."),)
        yield values | ({BODY[name]: body} if name in BODY else {})


@given(typed.filter(str.strip))
@example("[~mira] h1. *x* {code}")
@example("!x.png! https://x.example")
@settings(max_examples=60)
def test_nothing_that_somebody_typed_works_as_markup_in_any_template_of_any_language(text: str) -> None:
    replies, word = shipped().replies, "Zyzzyva"
    text = text.strip()
    for name, language in WRITTEN:
        for plain, values in zip(filled(name, word), filled(name, text), strict=True):
            harmless, whole = (replies.render(name, language, each) for each in (plain, values))
            assert whole == harmless.replace(word, escape(text)), (name, language)
            assert set(active(whole)) <= set(active(harmless)), (name, language)
