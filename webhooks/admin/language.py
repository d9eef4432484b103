"""The pages in the reader's language: texts from `locale/<language>.po`, days and numbers as people there write them.

A text stands in the code in English, within `_("...")` (or `N_("...")` where it is only named, and said elsewhere); a
test holds the files against what the code and the templates say. The contract's own sentences are among them, by their
patterns (`tongue.py`); in Jira they are English.
"""

import gettext
import io
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cache
from pathlib import Path
from typing import Final

from babel import Locale
from babel.dates import format_date, format_skeleton, format_timedelta
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent
from markupsafe import escape

FOLDER: Final = Path(__file__).parent / "locale"
LANGUAGES: Final = {"en": "English", "de": "Deutsch"}
"""By their own names: whoever looks for theirs does not read the other."""

_LOCALES: Final = {"en": "en_GB", "de": "de_DE"}


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom a page is written: their language, and the zone in which moments are said, which is the vendor's."""

    language: str = "en"
    zone: tzinfo = UTC

    @property
    def locale(self) -> Locale:
        """The language with the customs of a country."""
        return Locale.parse(_LOCALES[self.language])


_reader: ContextVar[Reader] = ContextVar("reader")


@contextmanager
def reading(reader: Reader) -> Iterator[None]:
    """Write for this reader until the block ends."""
    token = _reader.set(reader)
    try:
        yield
    finally:
        _reader.reset(token)


def write_for(reader: Reader) -> None:
    """Write for this reader from now on, in this thread."""
    _reader.set(reader)


def reader() -> Reader:
    """For whom the present page is written; English in UTC where nobody said."""
    return _reader.get(Reader())


def N_(text: str) -> str:
    """A text that is said elsewhere; named here, so that its translation is not forgotten."""
    return text


def _(text: str, **values: object) -> str:
    """The text in the reader's language, with values filled in where it has them (`%(name)s`), escaped for HTML."""
    said = _catalogue(reader().language).gettext(text)
    return escape(said) % values if values else said


def plural(one: str, many: str, number: int, **values: object) -> str:
    """The text for that many, likewise; `%(number)s` is how many."""
    said = _catalogue(reader().language).ngettext(one, many, number)
    return escape(said) % {"number": number_text(number), **values}


def moment_text(moment: datetime) -> str:
    """`Mon, 23 Nov 2026, 14:30 CET`, `Mo., 23. Nov. 2026, 14:30 CET`."""
    here = reader()
    local = moment.astimezone(here.zone)
    said: str = format_skeleton("yMMMEd", local, tzinfo=here.zone, locale=here.locale)
    return f"{said}, {local:%H:%M} {local.tzname()}"


def time_text(moment: datetime) -> str:
    """`14:30`."""
    return f"{moment.astimezone(reader().zone):%H:%M}"


def day_text(day: date) -> str:
    """`23 Nov 2026`, `23.11.2026`."""
    said: str = format_date(day, "medium", locale=reader().locale)
    return said


def weekday_text(day: date) -> str:
    """`Mon 23 Nov`, `Mo., 23. Nov.`"""
    moment = datetime(day.year, day.month, day.day, tzinfo=UTC)
    said: str = format_skeleton("MMMEd", moment, tzinfo=UTC, locale=reader().locale)
    return said


def short_day_text(day: date) -> str:
    """`Mon`, `Mo`."""
    said: str = format_date(day, "ccc", locale=reader().locale)
    return said.rstrip(".")


def month_text(day: date, skeleton: str = "MMM") -> str:
    """`Nov`, of the month in which the day is."""
    moment = datetime(day.year, day.month, day.day, tzinfo=UTC)
    said: str = format_skeleton(skeleton, moment, tzinfo=UTC, locale=reader().locale)
    return said


def whole_month_text(day: date) -> str:
    """`November 2026`."""
    return month_text(day, "yMMMM")


def ago_text(moment: datetime, now: datetime) -> str:
    """`3 minutes ago`, `in 2 hours`, by the largest unit that says something."""
    if abs(moment - now) < timedelta(seconds=1):
        return _("just now")
    said: str = format_timedelta(moment - now, add_direction=True, locale=reader().locale, threshold=1.2)
    return said


def number_text(number: float) -> str:
    """`1,234.5`, `1.234,5`."""
    said: str = format_decimal(number, locale=reader().locale)
    return said


def percent_text(part: float) -> str:
    """`92 %`, of a part of 1; all is said only of all, and none of none."""
    hundredths = 100 if part == 1 else min(max(round(part * 100), 1), 99) if part else 0
    said: str = format_percent(hundredths / 100, locale=reader().locale)
    return said


def signed_text(number: float) -> str:
    """`+5`, `-5`: with a sign, as what is added."""
    return f"+{number_text(number)}" if number > 0 else number_text(number)


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    path = FOLDER / f"{language}.po"
    if not path.is_file():
        return gettext.NullTranslations()
    with path.open("rb") as file:
        compiled = io.BytesIO()
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
