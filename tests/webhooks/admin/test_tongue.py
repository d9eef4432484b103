"""Sentences of the contract in the reader's language: every pattern known, and what stands in it said as people do."""

from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

import pytest

from plugin.contract.decide import decide
from plugin.contract.decision import Eligibility
from plugin.contract.receipt import receipt
from plugin.contract.saying import AND, Several, say
from plugin.contract.steps import Days, Moment
from tests.plugin.contract.builders import NOON, POLICY, agreement, request
from webhooks.admin.language import LANGUAGES, Reader, reading
from webhooks.admin.tongue import told, tongue

BERLIN: Final = ZoneInfo("Europe/Berlin")
MONDAY: Final = datetime(2026, 11, 23, 14, 30, tzinfo=BERLIN)


def in_german(text: object) -> str:
    with reading(Reader("de", BERLIN)):
        return told(text)


SAID: Final = {
    "Die Antwort ist fällig: Mo., 23. Nov. 2026, 14:30 CET.": say("The response is due {due}.", due=Moment(MONDAY)),
    "geschlossen Fr., 25. Dez. (Christmas)": say(
        "closed {days} ({name})", days=Days(date(2026, 12, 25), date(2026, 12, 25), True), name="Christmas"
    ),
    "geschlossen Sa–So": say("closed {days}", days=Days(date(2026, 11, 21), date(2026, 11, 22), False)),
    "x wird auf a und b unterstützt.": say(
        "{product} is supported on {platforms}.", product="x", platforms=Several.of(("a", "b"), AND)
    ),
    "Stand der Anfrage: ruht. Nichts wird berechnet.": say(
        "The request is {eligibility}: nothing is charged.", eligibility=Eligibility.ON_HOLD
    ),
    "Am 02.11.2026 galt keine bezahlte Berechtigung, daher keine Stufe.": say(
        "No paid entitlement was in force on {day}, hence no tier.", day=date(2026, 11, 2)
    ),
}


@pytest.mark.parametrize("german", SAID)
def test_a_sentence_is_said_in_german(german: str) -> None:
    sentence = SAID[german]
    assert in_german(sentence) == german
    with reading(Reader("en", BERLIN)):
        assert told(sentence) == sentence


def test_what_somebody_typed_stays_as_it_is_and_fills_in_nothing() -> None:
    assert in_german("eligible") == "eligible"
    typed = "{customer} {0} %(x)s"
    assert in_german(say("{tier} includes {kind}.", tier=typed, kind="{tier}")) == f"{typed} umfasst {{tier}}."
    with reading(Reader("de", BERLIN)):
        assert (tongue("typed"), tongue(say("none"))) == ("en", "de")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_whole_receipt_is_in_one_language(language: str) -> None:
    decision = decide(request(kind="fault", environment="production", impact="down"), agreement(), POLICY, NOON)
    made = receipt(decision, POLICY)
    with reading(Reader(language, BERLIN)):
        texts = [*made.summary, made.decided, *(line.text for section in made.sections for line in section.lines)]
        assert {tongue(each) for each in (*texts, *(section.title for section in made.sections))} == {language}
        assert (told(made.summary[0]) == made.summary[0]) is (language == "en")
