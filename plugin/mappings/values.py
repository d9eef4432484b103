"""The types of the values in mapping files: how the text of each is read, and what is said when it cannot be."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Final, TypeVar
from zoneinfo import ZoneInfo

import holidays

from plugin.contract.instants import named_zone
from plugin.contract.policy import UNLIMITED, Quantity
from plugin.contract.reminding import Measure, Point
from plugin.contract.rules.severity import UNTOLD
from plugin.contract.tables import ANY
from plugin.contract.versions import parts
from plugin.mappings.problem import nearest
from plugin.mappings.reads import (
    A_TEXT,
    BOOLEAN,
    INTEGER,
    NUMBER,
    Entry,
    Of,
    Reads,
    Unread,
    matched,
    one_word_of,
    text_like,
)

D = TypeVar("D", date, datetime)
T = TypeVar("T")

NONE: Final = "none"
CLOSED: Final = "closed"
ALL: Final = "all"
_YEARS: Final = range(1980, 2200)
_RESERVED: Final = (ANY, NONE, UNLIMITED.value, UNTOLD)

_ID: Final = r"[a-z0-9][a-z0-9_-]*"
_DATE: Final = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_MOMENT: Final = rf"{_DATE} [0-9]{{2}}:[0-9]{{2}}"
_NUMBER: Final = r"0|[1-9][0-9]{0,5}"
_POSITIVE: Final = r"[1-9][0-9]{0,5}"
_LENGTH: Final = r"(?=[0-9])(?:([0-9]{1,4}) ?h)?(?: ?([0-9]{1,6}) ?min)?"
_POINT: Final = r"([1-9][0-9]?) ?%|(?=[0-9])(?:([0-9]{1,4}) ?h)?(?: ?([0-9]{1,6}) ?min)? before"
_DAYS: Final = r"(0|[1-9][0-9]{0,3}) days?"
_MONTHS: Final = r"([1-9][0-9]{0,2}) months?"
_LINE: Final = r"[0-9]+(?:\.[0-9]+)*"
_MONEY: Final = r"[0-9]{1,9}(?:\.[0-9]{1,2})?"
_PERCENT: Final = r"[0-9]{1,3}(?:\.[0-9]{1,2})?"
_EMAIL: Final = r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;.]+"
_DOMAIN: Final = r"(?:[\w-]+\.)+[\w-]+"
_WINDOW: Final = r"([0-9]{1,2}:[0-9]{2}) ?- ?([0-9]{1,2}:[0-9]{2})"

# Where more is checked than a pattern can say, editors get the pattern that comes nearest.
_DAY_THAT_EXISTS: Final = (
    r"(?:19[89]|2[01][0-9])[0-9]-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
    r"|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|[12][0-9]))"
)
_MOMENT_THAT_EXISTS: Final = rf"{_DAY_THAT_EXISTS} (?:[01][0-9]|2[0-3]):[0-5][0-9]"
_HOURS: Final = r"(?:[01]?[0-9]|2[0-4]):[0-5][0-9] ?- ?(?:[01]?[0-9]|2[0-4]):[0-5][0-9]"
_LETTER: Final = r"[^\s!-,./:-@\[-^`{-~]"  # their \w is ASCII, and a domain may be müller.example


def _id(text: str) -> str:
    if text in _RESERVED:
        raise Unread(f"{text} has a meaning of its own and cannot be a name")
    return matched(_ID, text).group()


def is_id(text: str) -> bool:
    """Can this be a name of something in these files?"""
    try:
        return _id(text) == text
    except ValueError:
        return False


def _date(text: str) -> date:
    return _plausible(date.fromisoformat(matched(_DATE, text).group()))


def _moment(text: str) -> datetime:
    return _plausible(datetime.fromisoformat(matched(_MOMENT, text).group()))


def _plausible(day: D) -> D:
    if day.year not in _YEARS:
        raise Unread(f"{day.year:04} is not among the years {_YEARS[0]} to {_YEARS[-1]}")
    return day


def _number(text: str) -> int:
    return int(matched(_NUMBER, text).group())


def _positive(text: str) -> int:
    return int(matched(_POSITIVE, text).group())


def _quantity(text: str) -> Quantity:
    if text == UNLIMITED.value:
        return UNLIMITED
    return None if text == NONE else _number(text)


def _left_over(text: str) -> Quantity:
    if text == ALL:
        return UNLIMITED
    return None if text == NONE else _positive(text)


def _months(text: str) -> int:
    return int(matched(_MONTHS, text).group(1))


def _days(text: str) -> timedelta:
    return timedelta(days=int(matched(_DAYS, text).group(1)))


def _within(text: str) -> timedelta | None:
    if text == NONE:
        return None
    hours, minutes = matched(_LENGTH, text).groups()
    length = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    if not length:
        raise Unread(f"{text} has no length; where nothing is promised, write none")
    return length


def _point(text: str) -> Point:
    if text == Measure.OVERDUE.value:
        return Point(Measure.OVERDUE)
    percent, hours, minutes = matched(_POINT, text).groups()
    if percent:
        return Point(Measure.PART, percent=int(percent))
    before = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    if not before:
        raise Unread(f"{text} is when the response is due; write {Measure.OVERDUE}")
    return Point(Measure.BEFORE, before=before)


def _line(text: str) -> str:
    parts(text)
    return matched(_LINE, text).group()


def _zone(text: str) -> ZoneInfo:
    try:
        return named_zone(text)
    except ValueError as error:
        raise Unread(str(error)) from None


def _windows(text: str) -> tuple[tuple[str, str], ...]:
    if text == CLOSED:
        return ()
    found = (matched(_WINDOW, each.strip()).groups() for each in text.split(","))
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


def _or_none(parse: Callable[[str], T]) -> Callable[[str], T | None]:
    return lambda text: None if text == NONE else parse(text)


def any_or(words: Iterable[str]) -> Reads:
    """A condition on words that are known beforehand."""
    return one_word_of((*words, ANY))


Text = Annotated[str, Reads(A_TEXT, str, types=(NUMBER, BOOLEAN))]
Condition = Annotated[
    str, Reads(f"a word that is known, or {ANY} for all of them", str, types=(NUMBER, BOOLEAN), suggests=(ANY,))
]
Id = Annotated[
    str,
    Reads(
        "a name of small letters, digits, - and _", _id, rf"(?!(?:{'|'.join(_RESERVED)})\s*$){_ID}", (NUMBER, BOOLEAN)
    ),
]
_yes_or_no = one_word_of(("yes", "no"))
YesNo = Annotated[
    bool,
    Reads(_yes_or_no.expected, lambda text: {"yes": True, "no": False}[_yes_or_no.parse(text)], words=_yes_or_no.words),
]
Clause = Annotated[str, text_like("a clause such as C21", r"C[1-9][0-9]{0,2}"), Of("clauses")]
Date = Annotated[date, Reads("a date such as 2026-11-23", _date, _DAY_THAT_EXISTS, entry=Entry.DATE)]
Moment = Annotated[
    datetime, Reads("a date and time such as 2026-11-23 14:30", _moment, _MOMENT_THAT_EXISTS, entry=Entry.MOMENT)
]
MomentOrNone = Annotated[
    datetime | None,
    Reads(
        "a date and time such as 2026-11-23 14:30, or none",
        _or_none(_moment),
        rf"{NONE}|{_MOMENT_THAT_EXISTS}",
        suggests=(NONE,),
    ),
]
Number = Annotated[
    int, Reads("a whole number such as 0 or 12", _number, _NUMBER, (INTEGER,), least=0, entry=Entry.WHOLE)
]
Positive = Annotated[
    int, Reads("a whole number from 1 on", _positive, _POSITIVE, (INTEGER,), least=1, entry=Entry.WHOLE)
]
NumberOrNone = Annotated[
    int | None,
    Reads(
        "a whole number such as 0 or 12, or none",
        _or_none(_number),
        rf"{NONE}|{_NUMBER}",
        (INTEGER,),
        least=0,
        suggests=(NONE,),
        entry=Entry.WHOLE,
    ),
]
Limit = Annotated[
    Quantity,
    Reads(
        "none, a whole number or unlimited",
        _quantity,
        rf"{NONE}|{UNLIMITED.value}|{_NUMBER}",
        (INTEGER,),
        least=0,
        suggests=(NONE, UNLIMITED.value),
        entry=Entry.WHOLE,
    ),
]
LeftOver = Annotated[
    Quantity,
    Reads(
        "none, all or a whole number from 1 on",
        _left_over,
        rf"{NONE}|{ALL}|{_POSITIVE}",
        (INTEGER,),
        least=1,
        suggests=(NONE, ALL),
        entry=Entry.WHOLE,
    ),
]
Days = Annotated[
    timedelta, Reads("a number of days such as 30 days, or 0 days", _days, _DAYS, entry=Entry.WHOLE, units=("days",))
]
Months = Annotated[
    int, Reads("a number of months such as 3 months", _months, _MONTHS, entry=Entry.WHOLE, units=("months",))
]
Within = Annotated[
    timedelta | None,
    Reads(
        "a length such as 8 h, 90 min or 1 h 30 min, or none",
        _within,
        rf"{NONE}|{_LENGTH}",
        suggests=(NONE,),
        entry=Entry.WHOLE,
        units=("h", "min"),
    ),
]
ResponsePoint = Annotated[
    Point,
    Reads(
        f"a point of the response time such as 50 %, 2 h before or {Measure.OVERDUE}",
        _point,
        rf"{Measure.OVERDUE}|{_POINT}",
        suggests=(Measure.OVERDUE.value,),
    ),
]
Line = Annotated[
    str, Reads("a release line: numbers with dots between, such as 2.10", _line, _LINE, (NUMBER,), least=0)
]
Money = Annotated[
    Decimal,
    Reads(
        "an amount such as 4800 or 4800.50",
        lambda text: Decimal(matched(_MONEY, text).group()),
        _MONEY,
        (NUMBER,),
        0,
        entry=Entry.DECIMAL,
    ),
]
Percent = Annotated[
    Decimal,
    Reads(
        "a percentage such as 65 or 12.5",
        lambda text: Decimal(matched(_PERCENT, text).group()),
        _PERCENT,
        (NUMBER,),
        0,
        entry=Entry.DECIMAL,
    ),
]
Currency = Annotated[str, text_like("a currency such as EUR", r"[A-Z]{3}", (BOOLEAN,))]
Language = Annotated[str, text_like("a language of two letters such as de", r"[a-z]{2}", (BOOLEAN,))]
Zone = Annotated[ZoneInfo, Reads("a time zone such as Europe/Berlin", _zone, r"[A-Za-z][A-Za-z0-9_+/-]*")]
Windows = Annotated[
    tuple[tuple[str, str], ...],
    Reads(
        "hours such as 08:00-18:00 or 08:00-12:00, 13:00-18:00, or closed",
        _windows,
        rf"{CLOSED}|{_HOURS}(?: ?, ?{_HOURS})*",
        suggests=(CLOSED,),
    ),
]
Region = Annotated[
    tuple[str, str | None] | None,
    Reads(
        "a country such as DE, a part of one such as DE-BW, or none",
        _region,
        rf"{NONE}|[A-Z]+(?:-.*)?",
        (BOOLEAN,),
        suggests=(NONE,),
    ),
]
RequestKey = Annotated[str, text_like("the key of a request such as SUP-7", r"[A-Z][A-Z0-9_]*-[1-9][0-9]*")]
Email = Annotated[str, text_like("an e-mail address such as mira@aurora-robotics.example", _EMAIL)]
Domain = Annotated[
    str,
    Reads(
        "a mail domain such as aurora-robotics.example",
        lambda text: matched(_DOMAIN, text.casefold()).group(),
        rf"(?:{_LETTER}+\.)+{_LETTER}+",
        (NUMBER,),
    ),
]
