"""What the pages say in other languages: nothing is forgotten, nothing left over, and values stay where they were."""

import re
from datetime import timedelta

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from tests.road.house import FRIDAY, shipped
from webhooks.admin.language import (
    FOLDER,
    LANGUAGES,
    Reader,
    _,
    ago_text,
    moment_text,
    number_text,
    percent_text,
    plural,
    reading,
)
from webhooks.admin.locale.texts import named

NAMED = re.compile(r"%\(\w+\)s|\{\w+\}")


def told(language: str) -> dict[object, Message]:
    with (FOLDER / f"{language}.po").open("rb") as file:
        return {each.id: each for each in read_po(file, locale=language) if each.id}


@pytest.mark.parametrize("language", sorted(LANGUAGES.keys() - {"en"}))
def test_every_text_is_said_in_every_language(language: str) -> None:
    said, wanted = told(language), {each.id for each in named() if each.id}
    assert wanted - said.keys() == set(), "python -m webhooks.admin.locale brings them in"
    assert said.keys() - wanted == set(), "python -m webhooks.admin.locale takes them out"
    silent = [name for name, each in said.items() if not each.string or not all(each.string)]
    assert silent == []


@pytest.mark.parametrize("language", sorted(LANGUAGES.keys() - {"en"}))
def test_a_translation_names_the_same_values(language: str) -> None:
    for message in told(language).values():
        ids = (message.id,) if isinstance(message.id, str) else message.id
        strings = (message.string,) if isinstance(message.string, str) else message.string
        for text in strings:
            assert set(NAMED.findall(text)) == set(NAMED.findall(str(ids[-1]))), text


def test_numbers_and_moments_are_written_as_the_reader_writes_them() -> None:
    zone = shipped().policy.zone
    with reading(Reader("en", zone)):
        assert (number_text(1234.5), moment_text(FRIDAY)) == ("1,234.5", "Fri, 20 Nov 2026, 14:30 CET")
        assert plural("%(number)s response is late", "%(number)s responses are late", 1) == "1 response is late"
        assert [percent_text(part) for part in (0, 0.001, 0.5, 0.999, 1)] == ["0%", "1%", "50%", "99%", "100%"]
    with reading(Reader("de", zone)):
        assert (number_text(1234.5), moment_text(FRIDAY)) == ("1.234,5", "Fr., 20. Nov. 2026, 14:30 CET")
        assert (
            plural("%(number)s response is late", "%(number)s responses are late", 2) == "2 Antworten sind überfällig"
        )
        assert _("Sign in") == "Anmelden"
        assert ago_text(FRIDAY, FRIDAY) == "gerade eben"
        assert ago_text(FRIDAY, FRIDAY + timedelta(minutes=3)) == "vor 3 Minuten"


def test_values_in_a_text_are_escaped() -> None:
    assert _("Remove %(name)s", name="<b>") == "Remove &lt;b&gt;"
