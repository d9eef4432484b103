"""The mistakes that `values.py` finds, each told with its place."""

from pathlib import Path

import pytest

from tests.plugin.mappings.broken import Mistake, problems

MISTAKES = [
    Mistake(
        "a clause in small letters",
        "tiers.yaml",
        "within: 8 h, cites: C2",
        "within: 8 h, cites: ^c2",
        "cites: c2 is not understood; expected a clause such as C21",
    ),
    Mistake(
        "a clause without a number",
        "tiers.yaml",
        "within: 8 h, cites: C2",
        "within: 8 h, cites: ^C0",
        "cites: C0 is not understood; expected a clause such as C21",
    ),
    Mistake(
        "a length in other words",
        "tiers.yaml",
        "within: 8 h",
        "within: ^8 hours",
        "within: 8 hours is not understood; expected a length such as 8 h, 90 min or 1 h 30 min, or none",
    ),
    Mistake(
        "no length at all",
        "tiers.yaml",
        "within: 8 h",
        "within: ^0 h",
        "within: 0 h has no length; where nothing is promised, write none; expected a length such as 8 h, 90 min or "
        "1 h 30 min, or none",
    ),
    Mistake(
        "another word for unlimited",
        "tiers.yaml",
        "limit: 5",
        "limit: ^infinite",
        "limit: infinite is not understood; expected none, a whole number or unlimited",
    ),
    Mistake(
        "a number with an underscore",
        "tiers.yaml",
        "limit: 5",
        "limit: ^1_000",
        "limit: 1_000 is not understood; expected none, a whole number or unlimited",
    ),
    Mistake(
        "true for yes",
        "eligibility.yaml",
        "reason: customer_unknown, eligibility: needs information, reply: yes",
        "reason: customer_unknown, eligibility: needs information, reply: ^true",
        "reply: true is not known; expected yes or no",
    ),
    Mistake(
        "a day that does not exist",
        "releases.yaml",
        "released: 2026-10-12",
        "released: ^2026-02-30",
        "released: 2026-02-30 is not understood; expected a date such as 2026-11-23",
    ),
    Mistake(
        "a date in German order",
        "releases.yaml",
        "released: 2026-10-12",
        "released: ^12.10.2026",
        "released: 12.10.2026 is not understood; expected a date such as 2026-11-23",
    ),
    Mistake(
        "a year of long ago",
        "releases.yaml",
        "released: 2026-10-12",
        "released: ^0226-10-12",
        "released: 0226 is not among the years 1980 to 2199; expected a date such as 2026-11-23",
    ),
    Mistake(
        "a release line that is no number",
        "releases.yaml",
        "line: 2.10,",
        "line: ^2.10.x,",
        "line: 2.10.x is not understood; expected a release line: numbers with dots between, such as 2.10",
    ),
    Mistake(
        "an eligibility with a letter missing",
        "eligibility.yaml",
        "{reason: customer_unknown, eligibility: needs information",
        "{reason: customer_unknown, eligibility: ^needs informaton",
        "eligibility: needs informaton is not known (nearest: needs information); expected eligible, limited, on "
        "hold, needs information or not eligible",
    ),
    Mistake(
        "a time zone with a letter missing",
        "coverage.yaml",
        "zone: Europe/Berlin\n\ncal",
        "zone: ^Europe/Berln\n\ncal",
        "zone: unknown time zone 'Europe/Berln'; did you mean Europe/Berlin?; expected a time zone such as "
        "Europe/Berlin",
    ),
    Mistake(
        "an offset for a time zone",
        "coverage.yaml",
        "zone: Europe/Berlin\n\ncal",
        "zone: ^+01:00\n\ncal",
        "zone: '+01:00' is no named time zone and would not follow the clock changes; name a place such as "
        "Europe/Berlin, or UTC; expected a time zone such as Europe/Berlin",
    ),
    Mistake(
        "a reserved word for a name",
        "severities.yaml",
        "environments: [production, test",
        "environments: [production, ^any, test",
        "environments: any has a meaning of its own and cannot be a name; expected a name of small letters, digits, "
        "- and _",
    ),
    Mistake(
        "a board in British spelling",
        "credits.yaml",
        "kind: organization_property",
        "kind: ^organisation_property",
        "kind: organisation_property is not known (nearest: organization_property); expected organization_property "
        "or none",
    ),
    Mistake(
        "hours without minutes",
        "coverage.yaml",
        "mon: 08:00-18:00",
        "mon: ^8-18",
        "mon: 8-18 is not understood; expected hours such as 08:00-18:00 or 08:00-12:00, 13:00-18:00, or closed",
    ),
    Mistake(
        "a part of a country that does not exist",
        "coverage.yaml",
        "public_holidays: DE-BW",
        "public_holidays: ^DE-WB",
        "public_holidays: no public holidays are known for the part WB of DE; its parts are BB, BE, BW, BY, HB, HE, "
        "HH, MV, NI, NW, RP, SH, SL, SN, ST, TH, Augsburg; expected a country such as DE, a part of one such as "
        "DE-BW, or none",
    ),
    Mistake(
        "a country by its name",
        "coverage.yaml",
        "public_holidays: DE-BW",
        "public_holidays: ^GERMANY",
        "public_holidays: no public holidays are known for GERMANY; expected a country such as DE, a part of one "
        "such as DE-BW, or none",
    ),
    Mistake(
        "an e-mail address without a domain",
        "agreements/aurora-robotics.yaml",
        "email: jonas.feld@aurora-robotics.example",
        "email: ^jonas.feld",
        "email: jonas.feld is not understood; expected an e-mail address such as mira@aurora-robotics.example",
    ),
    Mistake(
        "a number in words",
        "agreements/cobalt-rail.yaml",
        "licenses: 3",
        "licenses: ^three",
        "licenses: three is not understood; expected a whole number from 1 on",
    ),
    Mistake(
        "no supported line at all",
        "releases.yaml",
        "count: 2",
        "count: ^0",
        "count: 0 is not understood; expected a whole number from 1 on",
    ),
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=str)
def test_a_mistake_is_told_with_its_place_and_what_was_expected(mistake: Mistake, tmp_path: Path) -> None:
    expected = mistake.make(tmp_path)

    assert problems(tmp_path / "mappings") == expected
