"""Opening hours on the days of a week, in wall time (C3)."""

import re
from dataclasses import dataclass
from typing import Final

from plugin.contract.instants import MIDNIGHT

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_WALL_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])|24:00")


@dataclass(frozen=True, slots=True, order=True)
class CoverageWindow:
    """Opening hours on one weekday, in wall time.

    `weekday` counts from 0, Monday. `opens` and `closes` are minutes after that day's midnight; a window that runs past
    midnight closes later than 1440 and belongs to the day it opens on. Raises ValueError for what no clock can show.
    """

    weekday: int
    opens: int
    closes: int

    def __post_init__(self) -> None:
        """Refuse a window outside the day, without length, or of 24 hours and more that do not start at midnight."""
        if not 0 <= self.weekday < len(WEEKDAYS) or not 0 <= self.opens < MIDNIGHT:
            raise ValueError(f"weekday {self.weekday}, opening minute {self.opens}: expected 0 to 6 and 0 to 1439")
        if not self.opens < self.closes <= max(MIDNIGHT, self.opens + MIDNIGHT - 1):
            raise ValueError(
                f"{WEEKDAYS[self.weekday]}, minute {self.opens} to {self.closes}: expected closing after opening and "
                "less than 24 hours later; 24 hours is 00:00-24:00"
            )

    @classmethod
    def parse(cls, weekday: str, opens: str, closes: str) -> "CoverageWindow":
        """Read `("fri", "22:00", "06:00")`: closing before opening means the next morning; `24:00` is a closing time.

        Raises ValueError, saying what was expected, for an unknown weekday, a bad time or a window without length.
        """
        number = weekday_number(weekday)
        first, last = _minutes(weekday, opens), _minutes(weekday, closes)
        if first == MIDNIGHT:
            raise ValueError(f"{weekday}: 24:00 is a closing time only; open at 00:00 of the next day instead")
        if first == last:
            raise ValueError(f"{weekday} {opens}-{closes} has no length; 24 hours is 00:00-24:00")
        return cls(number, first, last if last > first else last + MIDNIGHT)


def weekday_number(weekday: str) -> int:
    """Count a weekday from 0, `mon`. Raises ValueError for any other word."""
    if weekday not in WEEKDAYS:
        raise ValueError(f"unknown weekday {weekday!r}; expected one of {', '.join(WEEKDAYS)}")
    return WEEKDAYS.index(weekday)


def _minutes(weekday: str, text: str) -> int:
    if not _WALL_TIME.fullmatch(str(text)):
        raise ValueError(f"{weekday}: {text!r} is no time of day; expected 00:00 to 23:59, or 24:00 for closing")
    hours, minutes = str(text).split(":")
    return int(hours) * 60 + int(minutes)
