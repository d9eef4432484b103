"""The types of the values in mapping files: how the text of each is read, and what is said when it cannot be."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Final, TypeVar
from zoneinfo import ZoneInfo

import holidays
from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from plugin.contract.instants import named_zone
from plugin.contract.policy import ANY, UNLIMITED, Quantity
from plugin.contract.rules.severity import UNTOLD
from plugin.contract.versions import parts
from plugin.mappings.problem import nearest, one_of

D = TypeVar("D", date, datetime)

NONE: Final = "none"
CLOSED: Final = "closed"
ALL: Final = "all"
_YEARS: Final = range(1980, 2200)
_RESERVED: Final = (ANY, NONE, UNLIMITED.value, UNTOLD)


class Unread(ValueError):
    """A text that cannot be read, with a sentence of its own."""


@dataclass(frozen=True, slots=True)
class Reads:
    """How a scalar's text becomes a value: `expected` completes "expected ...".

    `parse` gets text that is not empty; it raises ValueError, or Unread with a sentence of its own.
    """

    expected: str
    parse: Callable[[str], Any]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Read text with `parse`, whatever the declared type is."""
        return core_schema.no_info_plain_validator_function(self._read)

    def _read(self, written: object) -> Any:
        if not isinstance(written, str):
            raise Unread(f"{'a list' if isinstance(written, list) else 'keys and values'} cannot stand here")
        text = " ".join(written.split())
        if not text:
            raise Unread("is empty")
        try:
            return self.parse(text)
        except Unread:
            raise
        except (ValueError, OverflowError):
            raise Unread(f"{text} is not understood") from None


def one_word_of(words: Iterable[str]) -> Reads:
    """One of these words, exactly as written here."""
    known = tuple(words)

    def parse(text: str) -> str:
        if text in known:
            return text
        near = nearest(text, known)
        raise Unread(f"{text} is not known" + (f" (nearest: {near})" if near else ""))

    return Reads(one_of(known), parse)


def member_of(enum: type[StrEnum]) -> Reads:
    """One member of an enumeration, by its word."""
    words = one_word_of(enum)
    return Reads(words.expected, lambda text: enum(words.parse(text)))


def _matching(pattern: str) -> Callable[[str], re.Match[str]]:
    compiled = re.compile(pattern)

    def match(text: str) -> re.Match[str]:
        found = compiled.fullmatch(text)
        if found is None:
            raise ValueError(text)
        return found

    return match


_ID = _matching(r"[a-z0-9][a-z0-9_-]*")
_DATE = _matching(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = _matching(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}")
_NUMBER = _matching(r"0|[1-9][0-9]{0,5}")
_LENGTH = _matching(r"(?:([0-9]{1,4}) ?h)?(?: ?([0-9]{1,6}) ?min)?")
_DAYS = _matching(r"(0|[1-9][0-9]{0,3}) days?")
_MONTHS = _matching(r"([1-9][0-9]{0,2}) months?")
_MONEY = _matching(r"[0-9]{1,9}(?:\.[0-9]{1,2})?")
_PERCENT = _matching(r"[0-9]{1,3}(?:\.[0-9]{1,2})?")
_LANGUAGE = _matching(r"[a-z]{2}")
_CURRENCY = _matching(r"[A-Z]{3}")
_CLAUSE = _matching(r"C[1-9][0-9]{0,2}")
_EMAIL = _matching(r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;.]+")
_DOMAIN = _matching(r"(?:[\w-]+\.)+[\w-]+")
_WINDOW = _matching(r"([0-9]{1,2}:[0-9]{2}) ?- ?([0-9]{1,2}:[0-9]{2})")


def _id(text: str) -> str:
    if text in _RESERVED:
        raise Unread(f"{text} has a meaning of its own and cannot be a name")
    return _ID(text).group()


def is_id(text: str) -> bool:
    """Can this be a name of something in these files?"""
    try:
        return _id(text) == text
    except ValueError:
        return False


def _date(text: str) -> date:
    return _plausible(date.fromisoformat(_DATE(text).group()))


def _moment(text: str) -> datetime:
    return _plausible(datetime.fromisoformat(_MOMENT(text).group()))


def _plausible(day: D) -> D:
    if day.year not in _YEARS:
        raise Unread(f"{day.year:04} is not among the years {_YEARS[0]} to {_YEARS[-1]}")
    return day


def _number(text: str) -> int:
    return int(_NUMBER(text).group())


def _positive(text: str) -> int:
    number = _number(text)
    if number == 0:
        raise ValueError(text)
    return number


def _quantity(text: str) -> Quantity:
    if text == UNLIMITED.value:
        return UNLIMITED
    return None if text == NONE else _number(text)


def _left_over(text: str) -> Quantity:
    if text == ALL:
        return UNLIMITED
    return None if text == NONE else _positive(text)


def _months(text: str) -> int:
    return int(_MONTHS(text).group(1))


def _days(text: str) -> timedelta:
    return timedelta(days=int(_DAYS(text).group(1)))


def _within(text: str) -> timedelta | None:
    if text == NONE:
        return None
    hours, minutes = _LENGTH(text).groups()
    length = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    if not length:
        raise Unread(f"{text} has no length; where nothing is promised, write none")
    return length


def _line(text: str) -> str:
    parts(text)
    return text


def _zone(text: str) -> ZoneInfo:
    try:
        return named_zone(text)
    except ValueError as error:
        raise Unread(str(error)) from None


def _windows(text: str) -> tuple[tuple[str, str], ...]:
    if text == CLOSED:
        return ()
    found = (_WINDOW(each.strip()).groups() for each in text.split(","))
    return tuple((str(opens), str(closes)) for opens, closes in found)


def _region(text: str) -> tuple[str, str | None] | None:
    if text == NONE:
        return None
    country, _, part = text.partition("-")
    known = holidays.list_supported_countries()
    if country not in known:
        near = nearest(country, known)
        raise Unread(f"no public holidays are known for {country}" + (f" (nearest: {near})" if near else ""))
    if part and part not in known[country]:
        there = f"its parts are {', '.join(known[country])}" if known[country] else "it has no parts"
        raise Unread(f"no public holidays are known for the part {part} of {country}; {there}")
    return country, part or None


Text = Annotated[str, Reads("a text", str)]
Condition = Annotated[str, Reads(f"a word that is known, or {ANY} for all of them", str)]
Id = Annotated[str, Reads("a name of small letters, digits, - and _", _id)]
YesNo = Annotated[
    bool, Reads("yes or no", lambda text: {"yes": True, "no": False}[one_word_of(("yes", "no")).parse(text)])
]
Clause = Annotated[str, Reads("a clause such as C21", lambda text: _CLAUSE(text).group())]
Date = Annotated[date, Reads("a date such as 2026-11-23", _date)]
Moment = Annotated[datetime, Reads("a date and time such as 2026-11-23 14:30", _moment)]
MomentOrNone = Annotated[
    datetime | None,
    Reads("a date and time such as 2026-11-23 14:30, or none", lambda text: None if text == NONE else _moment(text)),
]
Number = Annotated[int, Reads("a whole number such as 0 or 12", _number)]
Positive = Annotated[int, Reads("a whole number from 1 on", _positive)]
NumberOrNone = Annotated[
    int | None, Reads("a whole number such as 0 or 12, or none", lambda text: None if text == NONE else _number(text))
]
Limit = Annotated[Quantity, Reads("none, a whole number or unlimited", _quantity)]
LeftOver = Annotated[Quantity, Reads("none, all or a whole number from 1 on", _left_over)]
Days = Annotated[timedelta, Reads("a number of days such as 30 days, or 0 days", _days)]
Months = Annotated[int, Reads("a number of months such as 3 months", _months)]
Within = Annotated[timedelta | None, Reads("a length such as 8 h, 90 min or 1 h 30 min, or none", _within)]
Line = Annotated[str, Reads("a release line: numbers with dots between, such as 2.10", _line)]
Money = Annotated[Decimal, Reads("an amount such as 4800 or 4800.50", lambda text: Decimal(_MONEY(text).group()))]
Percent = Annotated[Decimal, Reads("a percentage such as 65 or 12.5", lambda text: Decimal(_PERCENT(text).group()))]
Currency = Annotated[str, Reads("a currency such as EUR", lambda text: _CURRENCY(text).group())]
Language = Annotated[str, Reads("a language of two letters such as de", lambda text: _LANGUAGE(text).group())]
Zone = Annotated[ZoneInfo, Reads("a time zone such as Europe/Berlin", _zone)]
Windows = Annotated[
    tuple[tuple[str, str], ...],
    Reads("hours such as 08:00-18:00 or 08:00-12:00, 13:00-18:00, or closed", _windows),
]
Region = Annotated[
    tuple[str, str | None] | None, Reads("a country such as DE, a part of one such as DE-BW, or none", _region)
]
Email = Annotated[
    str, Reads("an e-mail address such as mira@aurora-robotics.example", lambda text: _EMAIL(text).group())
]
Domain = Annotated[
    str, Reads("a mail domain such as aurora-robotics.example", lambda text: _DOMAIN(text.casefold()).group())
]
