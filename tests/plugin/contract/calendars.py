"""Weeks, holidays and wall times from plain values, for the tests of coverage."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from plugin.contract.week import WEEKDAYS

BERLIN = "Europe/Berlin"
OFFICE = {day: [("08:00", "18:00")] for day in WEEKDAYS[:5]}
ALWAYS = {day: [("00:00", "24:00")] for day in WEEKDAYS}
CHRISTMAS = {date(2026, 12, 25): "Christmas Day", date(2026, 12, 26): "Boxing Day"}
NIGHTS = {"thu": [("22:00", "06:00")], "fri": [("22:00", "06:00")]}


def at(text: str, zone: str = BERLIN) -> datetime:
    """Read `2026-11-20 16:00` as wall time; an offset at the end, such as `+02:00`, picks one of two readings."""
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))).astimezone(ZoneInfo(zone))


def hours(amount: float) -> timedelta:
    return timedelta(hours=amount)


def closed_all(first: date, last: date) -> list[date]:
    return [date.fromordinal(day) for day in range(first.toordinal(), last.toordinal() + 1)]
