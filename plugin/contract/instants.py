"""Instants: moments as whole microseconds since 1970 in UTC, and what clocks on the wall of a zone show at them."""

import difflib
import re
from bisect import bisect_left
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

SECOND: Final = 1_000_000
DAY: Final = 86_400 * SECOND
MIDNIGHT: Final = 24 * 60
"""The minute at which a day ends."""

MICROSECOND: Final = timedelta(microseconds=1)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# A day more on either side: what zones show is up to a day away from UTC.
_FIRST = (datetime(1899, 12, 31, tzinfo=UTC) - _EPOCH) // MICROSECOND
_LAST = (datetime(2200, 1, 2, tzinfo=UTC) - _EPOCH) // MICROSECOND

# Offsets in disguise, whatever the server happens to be set to, and clocks that count leap seconds.
_NO_PLACE = re.compile(
    r"(UTC|GMT|UT|Z)?\s*[-+−]?\s*[0-9].*|Etc/(?!UTC$).*|GMT|UT|UCT|Zulu|Z|EST|MST|HST|(right|posix)/.*|"
    r"localtime|posixrules|Factory",
    re.IGNORECASE,
)


def wall_instant(day: date, minutes: int, tz: ZoneInfo, closing: bool = False) -> int:
    """The instant of a wall time, `minutes` after the midnight that `day` begins with.

    A wall time that does not exist is the moment at which the clocks jump. Of one that comes twice it is the earlier,
    for a `closing` time the later, except that 24:00 is where the next date begins.
    """
    wall = datetime.combine(day, time(), tz) + timedelta(minutes=minutes)
    once, again = (wall - _EPOCH) // MICROSECOND, (wall.replace(fold=1) - _EPOCH) // MICROSECOND
    if once <= again:
        # A date ends where the next begins: 24:00 is the first of two midnights, else it would leak into a closed day.
        return again if closing and minutes != MIDNIGHT else once
    # The clocks jump over this wall time (PEP 495: fold=1 is then the earlier reading). Find the second they jump at.
    before = moment_at(again, tz).utcoffset()
    seconds = range(again // SECOND, once // SECOND + 1)
    jump = bisect_left(seconds, True, key=lambda second: moment_at(second * SECOND, tz).utcoffset() != before)
    return seconds[jump] * SECOND


def instant_of(moment: datetime) -> int:
    """The instant of an aware moment. Raises ValueError for one without a zone or outside 1900 to 2199."""
    try:
        instant = (moment - _EPOCH) // MICROSECOND
    except TypeError:
        raise ValueError(f"{moment!r} is no time with a zone; give one like 2026-12-24T17:30:00+01:00") from None
    if not _FIRST <= instant < _LAST:
        raise ValueError(f"{moment.isoformat()} lies outside the years 1900 to 2199; give the time that is meant")
    return instant


def moment_at(instant: int, tz: ZoneInfo | timezone) -> datetime:
    """The moment at an instant, as clocks in `tz` show it."""
    return (_EPOCH + timedelta(microseconds=instant)).astimezone(tz)


def named_zone(name: str) -> ZoneInfo:
    """The IANA zone of that name. Raises ValueError for an unknown one, or an offset: wrong for half the year."""
    if _NO_PLACE.fullmatch(name):
        raise ValueError(
            f"{name!r} is no named time zone and would not follow the clock changes; "
            "name a place such as Europe/Berlin, or UTC"
        )
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        near = difflib.get_close_matches(name, available_timezones(), 1)
        hint = f"did you mean {near[0]}?" if near else "name an IANA zone such as Europe/Berlin"
        raise ValueError(f"unknown time zone {name!r}; {hint}") from None
