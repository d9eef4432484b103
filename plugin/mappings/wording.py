"""How dates, moments, lists and numbers read in a language, after the Unicode CLDR (Babel).

What has no value ("") stays empty.
"""

from datetime import date, datetime
from typing import Final

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, format_time, get_timezone_gmt, get_timezone_name
from babel.lists import format_list
from babel.numbers import format_decimal

_LOCALES: Final = {"en": "en_GB"}
"""Where a language alone would mean another country's way: 25 November 2026, and 16:15."""

_MOMENTS: Final = {"de": "{day}, {time} Uhr ({zone})"}
_MOMENT: Final = "{day}, {time} ({zone})"


def is_language(code: str) -> bool:
    """Is this a code of two small letters or more for a language that can be written?"""
    try:
        return code.islower() and Locale.parse(code).language == code
    except (UnknownLocaleError, ValueError):
        return False


class Wording:
    """The ways of one language, by a code for which `is_language` says yes."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._locale = Locale.parse(_LOCALES.get(language, language))

    def day(self, value: object) -> str:
        """A date: `25 November 2026`, `25. November 2026`. Raises TypeError for what is none."""
        if value == "":
            return ""
        if not isinstance(value, date):
            raise TypeError(f"day is for a date, not for {value!r}")
        return format_date(value, "long", self._locale)

    def month(self, value: date) -> str:
        """The month of a date: `October 2026`, `Oktober 2026`."""
        return format_skeleton("yMMMM", value, locale=self._locale)

    def short_day(self, value: date) -> str:
        """A date in a table: `25 Nov 2026`, `25.11.2026`."""
        return format_date(value, "medium", self._locale)

    def short_moment(self, value: datetime) -> str:
        """A moment in a table, in its own zone, which it does not name: `25 Nov 2026, 16:15`."""
        time = format_time(value, "short", tzinfo=value.tzinfo, locale=self._locale)
        return f"{self.short_day(value)}, {time}"

    def number(self, value: int) -> str:
        """A whole number: `1,234`, `1.234`; a minus that is no hyphen."""
        return format_decimal(value, locale=self._locale).replace("-", "\N{MINUS SIGN}")

    def signed(self, value: int) -> str:
        """The same with its sign, whichever it is."""
        return f"+{self.number(value)}" if value > 0 else self.number(value)

    def moment(self, value: object) -> str:
        """An aware moment in its own zone: `Monday, 23 November 2026, 16:15 (CET)`. Raises TypeError for others."""
        if value == "":
            return ""
        if not isinstance(value, datetime) or value.tzinfo is None:
            raise TypeError(f"moment is for a date with a time, not for {value!r}")
        zone = get_timezone_name(value, "short", locale=self._locale)
        if not zone[:1].isalpha():
            # No short name that people here know it by.
            zone = get_timezone_gmt(value, "long", locale=self._locale)
        return _MOMENTS.get(self._language, _MOMENT).format(
            day=format_date(value, "full", self._locale),
            time=format_time(value, "short", tzinfo=value.tzinfo, locale=self._locale),
            zone=zone,
        )

    def all_of(self, value: object) -> str:
        """Every one of several: `A, B and C`. Raises TypeError for what is no tuple."""
        return format_list(_several("all_of", value), "standard", self._locale)

    def any_of(self, value: object) -> str:
        """One of several: `A, B or C`. Raises TypeError for what is no tuple."""
        return format_list(_several("any_of", value), "or", self._locale)

    def language_name(self, code: str) -> str:
        """Another language's name in this one: `German`, `Englisch`."""
        return Locale.parse(code).get_language_name(str(self._locale)) or code


def _several(name: str, value: object) -> list[str]:
    if value == "":
        return []
    if not isinstance(value, tuple):
        raise TypeError(f"{name} is for a list, not for {value!r}")
    return list(value)


def counted(value: object, one: str, several: str, none: str | None = None) -> str:
    """So many, and the words for it; `none` says it without a number where there is nothing. Raises TypeError.

    >>> counted(1, "credit is", "credits are"), counted(2, "credit is", "credits are")
    ('1 credit is', '2 credits are')
    >>> counted(0, "credit is", "credits are", none="no credit is")
    'no credit is'
    """
    if value == "":
        return ""
    if not isinstance(value, int):
        raise TypeError(f"counted is for a number, not for {value!r}")
    if value == 0 and none is not None:
        return none
    return f"{value} {one if value == 1 else several}"
