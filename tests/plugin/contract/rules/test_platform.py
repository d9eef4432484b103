"""C28, C29: platforms that a product supports, and those that are asked about."""

import pytest

from plugin.contract.decide import decide
from plugin.contract.decision import Eligibility, Finding, Outcome, Reason
from plugin.contract.policy import Platform
from plugin.contract.rules.platform import platform
from plugin.contract.tables import ANY
from tests.plugin.contract.builders import NOON, POLICY, agreement, case, entitlement, policy, request, table


def judged(stated: str | None, product: str | None = "expecco", raised: str = "2026-11-23 09:00") -> Finding:
    both = agreement(entitlement(), entitlement(product="expecco-alm"))
    (finding,) = platform(case(request(platform=stated, product=product, raised=raised), both))
    return finding


@pytest.mark.parametrize(
    "stated",
    ["Windows", " windows ", "Windows 11 Pro 64 bit", "Win11", "Ubuntu 24.04", "Linux (Docker)", "Windows; Linux"],
)
def test_a_platform_that_the_product_supports_is_met_however_it_is_written(stated: str) -> None:
    finding = judged(stated)

    assert (finding.outcome, finding.reason) == (Outcome.MET, None)


@pytest.mark.parametrize("stated", ["Other", "macOS 26", "darwin", "Windowsill", "GNU", "?", "x" * 300])
def test_a_platform_that_is_not_known_is_asked_about_and_never_refused(stated: str) -> None:
    finding = judged(stated)

    assert (finding.outcome, finding.reason) == (Outcome.UNKNOWN, Reason.PLATFORM_UNKNOWN)
    assert len(finding.sentence) < 200
    assert finding.facts["platforms"] == "Windows; Linux"
    assert finding.sentence.endswith("; supported on 2026-11-23: Windows, Linux.")
    assert [str(each) for each in finding.cites][1:] == ["C21, releases.yaml:9"]
    decision = decide(request(platform=stated), agreement(), POLICY, NOON)
    assert decision.eligibility.value is Eligibility.NEEDS_INFORMATION


@pytest.mark.parametrize("stated", [None, "", "  "])
def test_a_platform_that_is_not_named_is_no_objection_and_the_finding_says_so(stated: str | None) -> None:
    finding = judged(stated)

    assert (finding.outcome, finding.reason) == (Outcome.MET, None)
    assert finding.sentence == "The request names no platform; that does not stand in the way."


def test_each_product_has_platforms_of_its_own() -> None:
    assert judged("Linux", product="ALM").reason is None
    windows = judged("Windows", product="ALM")
    assert windows.reason is Reason.PLATFORM_UNKNOWN
    assert windows.facts == {"product": "expecco ALM", "platform": "Windows", "platforms": "Linux"}


def test_without_a_product_the_platform_is_not_judged() -> None:
    finding = judged("macOS", product="Toaster")

    assert (finding.outcome, finding.reason) == (Outcome.UNKNOWN, None)
    assert finding.sentence == "The platform cannot be judged without knowing the product."


THREE = table(
    "C29",
    "releases.yaml",
    ({"product": ANY, "platform": "Windows"}, Platform("Windows", (), True, "8 GB")),
    ({"product": ANY, "platform": "Linux"}, Platform("Linux", (), True, None)),
    ({"product": ANY, "platform": "macOS"}, Platform("macOS", (), True, "16 GB")),
)


@pytest.mark.parametrize(
    ("stated", "where", "rows"),
    [
        ("Windows 11", "Windows; minimum: 8 GB", [1]),
        ("Linux", "Linux", [2]),
        ("Linux and Windows", "Windows and Linux; minimum: 8 GB", [1, 2]),
        ("macOS and Windows", "Windows and macOS; minimum: 8 GB; 16 GB", [1, 3]),
    ],
)
def test_the_minimum_configuration_is_named_and_its_row_cited(stated: str, where: str, rows: list[int]) -> None:
    (finding,) = platform(case(request(platform=stated), under=policy(platforms=THREE)))

    assert finding.sentence == f"expecco is supported on {where}."
    assert [str(each) for each in finding.cites][1:] == [f"C29, releases.yaml:{row}" for row in rows]


WINDOWS = Platform("Windows", (), True, None)
OLD = table(
    "C29",
    "releases.yaml",
    ({"product": ANY, "platform": "Windows"}, WINDOWS),
    ({"product": ANY, "platform": "Windows 7"}, Platform("Windows 7", (), True, None)),
    ({"product": ANY, "platform": "Windows 7"}, Platform("Windows 7", (), False, None), NOON.date()),
)


@pytest.mark.parametrize(
    ("stated", "raised", "reason"),
    [
        ("Windows 7 SP1", "2026-11-22 09:00", None),
        ("Windows 7 SP1", "2026-11-23 09:00", Reason.PLATFORM_UNKNOWN),
        ("Windows 10", "2026-11-23 09:00", None),
        ("Windows 10 and Windows 7", "2026-11-23 09:00", Reason.PLATFORM_UNKNOWN),
    ],
)
def test_a_platform_taken_away_from_a_day_on_is_asked_about_from_that_day_on(
    stated: str, raised: str, reason: Reason | None
) -> None:
    asked = request(platform=stated, raised=raised)
    (finding,) = platform(case(asked, under=policy(platforms=OLD)))

    assert finding.reason is reason
    if reason:
        assert finding.sentence == "expecco is not supported on Windows 7; supported on 2026-11-23: Windows."
        assert [str(each) for each in finding.cites][1:] == ["C29, releases.yaml:3"]


def test_where_no_platform_is_listed_at_all_the_customer_is_still_only_asked() -> None:
    (finding,) = platform(case(request(platform="Windows"), under=policy(platforms=table("C29", "releases.yaml"))))

    assert finding.reason is Reason.PLATFORM_UNKNOWN
    assert finding.sentence.endswith("supported on 2026-11-23: none.")
