"""Dates, moments, lists and numbers as people write them, each in their language."""

import doctest
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from plugin.mappings import wording
from plugin.mappings.wording import Wording, counted, is_language

BERLIN = ZoneInfo("Europe/Berlin")
WINTER, SUMMER = datetime(2026, 11, 23, 16, 15, tzinfo=BERLIN), datetime(2026, 7, 6, 8, 5, tzinfo=BERLIN)
ENGLISH, GERMAN = Wording("en"), Wording("de")


@pytest.mark.parametrize(
    ("language", "written"),
    [("en", "25 November 2026"), ("de", "25. November 2026"), ("fr", "25 novembre 2026"), ("ja", "2026年11月25日")],
)
def test_a_day_is_written_as_its_language_does(language: str, written: str) -> None:
    assert Wording(language).day(date(2026, 11, 25)) == written


@pytest.mark.parametrize(
    ("language", "moment", "written"),
    [
        ("en", WINTER, "Monday, 23 November 2026, 16:15 (CET)"),
        ("en", SUMMER, "Monday, 6 July 2026, 08:05 (CEST)"),
        ("de", WINTER, "Montag, 23. November 2026, 16:15 Uhr (MEZ)"),
        ("de", SUMMER, "Montag, 6. Juli 2026, 08:05 Uhr (MESZ)"),
        ("en", WINTER.astimezone(UTC), "Monday, 23 November 2026, 15:15 (UTC)"),
        ("de", WINTER.astimezone(ZoneInfo("America/New_York")), "Montag, 23. November 2026, 10:15 Uhr (GMT-05:00)"),
        ("en", WINTER.astimezone(timezone(timedelta(hours=1))), "Monday, 23 November 2026, 16:15 (GMT+01:00)"),
    ],
)
def test_a_moment_has_its_weekday_its_time_and_its_zone(language: str, moment: datetime, written: str) -> None:
    assert Wording(language).moment(moment) == written


def test_several_are_listed_as_all_or_as_any_of_them() -> None:
    three = ("Premium", "Advanced", "Basic")
    assert (ENGLISH.all_of(three), ENGLISH.any_of(three)) == (
        "Premium, Advanced and Basic",
        "Premium, Advanced or Basic",
    )
    assert (GERMAN.all_of(three[:2]), GERMAN.any_of(three[:2])) == ("Premium und Advanced", "Premium oder Advanced")
    assert (ENGLISH.all_of(("26.2",)), ENGLISH.any_of(("26.2",)), ENGLISH.all_of(())) == ("26.2", "26.2", "")
    assert ENGLISH.all_of(("{0}", "{}")) == "{0} and {}"


@pytest.mark.parametrize(
    ("value", "written"),
    [(0, "0 credits are"), (1, "1 credit is"), (2, "2 credits are"), (-1, "-1 credits are"), ("", "")],
)
def test_one_is_spoken_of_as_one(value: object, written: str) -> None:
    assert counted(value, "credit is", "credits are") == written


def test_where_there_is_nothing_it_can_be_said_without_a_number() -> None:
    assert counted(0, "credit is", "credits are", none="none is") == "none is"
    assert counted(1, "credit is", "credits are", none="none is") == "1 credit is"


def test_what_has_no_value_stays_empty() -> None:
    assert (ENGLISH.day(""), ENGLISH.moment(""), ENGLISH.all_of(""), ENGLISH.any_of("")) == ("", "", "", "")


@pytest.mark.parametrize("value", ["expecco", 7, None, ("26.2",)])
def test_what_is_no_day_no_moment_or_no_number_is_told_from_one(value: object) -> None:
    with pytest.raises(TypeError, match="day is for a date, not for"):
        ENGLISH.day(value)
    with pytest.raises(TypeError, match="moment is for a date with a time, not for"):
        ENGLISH.moment(value)
    if value != 7:
        with pytest.raises(TypeError, match="counted is for a number, not for"):
            counted(value, "one", "several")


@pytest.mark.parametrize("value", ["expecco", 7, None, ["26.2"]])
def test_what_is_no_list_is_told_from_one(value: object) -> None:
    with pytest.raises(TypeError, match="all_of is for a list, not for"):
        ENGLISH.all_of(value)
    with pytest.raises(TypeError, match="any_of is for a list, not for"):
        ENGLISH.any_of(value)


def test_a_moment_without_a_zone_is_none() -> None:
    with pytest.raises(TypeError, match="moment"):
        ENGLISH.moment(WINTER.replace(tzinfo=None))


def test_a_language_has_its_name_in_another() -> None:
    assert (ENGLISH.language_name("de"), ENGLISH.language_name("en")) == ("German", "English")
    assert GERMAN.language_name("en") == "Englisch"


@pytest.mark.parametrize("code", ["en", "de", "fr", "ja", "gsw"])
def test_languages_are_known_by_their_code(code: str) -> None:
    assert is_language(code)
    assert Wording(code).day(date(2026, 11, 25))


@pytest.mark.parametrize("code", ["", "q", "xx", "EN", "deu", "de_DE", "de-DE", "german", "..", "e n"])
def test_what_is_no_code_of_a_language_is_not_taken_for_one(code: str) -> None:
    assert not is_language(code)


def test_the_examples_in_the_documentation_are_right() -> None:
    assert doctest.testmod(wording).failed == 0
