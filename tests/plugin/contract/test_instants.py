"""Which names of zones are taken; the rest of the arithmetic is tried where it is used, in the tests of coverage."""

from zoneinfo import ZoneInfo

import pytest

from plugin.contract.instants import named_zone


@pytest.mark.parametrize("zone", ["UTC", "Etc/UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "CET", "Japan"])
def test_a_named_zone_is_taken(zone: str) -> None:
    assert named_zone(zone) == ZoneInfo(zone)


OFFSETS = ["+01:00", "-0330", "1", "UTC+1", "UTC +01:00", "UTC−3", "utc-3", "GMT+1", "Etc/GMT-1"]


@pytest.mark.parametrize("zone", [*OFFSETS, "GMT", "Z", "EST", "localtime", "right/Europe/Berlin"])
def test_an_offset_is_no_zone(zone: str) -> None:
    with pytest.raises(ValueError, match=r"is no named time zone .*; name a place such as Europe/Berlin, or UTC"):
        named_zone(zone)


@pytest.mark.parametrize(
    ("zone", "hint"),
    [
        ("Europe/Berlinn", r"did you mean Europe/Berlin\?"),
        ("Europe", "unknown time zone"),
        ("", "^unknown time zone ''; name an IANA zone such as Europe/Berlin$"),
        ("../../etc/passwd", "unknown time zone"),
    ],
)
def test_an_unknown_zone_is_refused_with_the_nearest_one(zone: str, hint: str) -> None:
    with pytest.raises(ValueError, match=hint):
        named_zone(zone)
