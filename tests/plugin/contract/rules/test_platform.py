"""C28, C29: platforms that a product supports, and those that are asked about."""

import pytest

from plugin.contract.decide import decide
from plugin.contract.decision import Eligibility, Finding, Outcome, Reason
from plugin.contract.policy import ANY, Platform
from plugin.contract.rules.platform import platform
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


def test_the_minimum_configuration_is_named_and_its_row_cited() -> None:
    finding = judged("Windows 11")

    assert finding.sentence == "expecco is supported on Windows; minimum: 8 GB."
    assert [str(each) for each in finding.cites][1:] == ["C29, releases.yaml:1"]


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


def test_where_no_platform_is_listed_at_all_the_customer_is_still_only_asked() -> None:
    (finding,) = platform(case(request(platform="Windows"), under=policy(platforms=table("C29", "releases.yaml"))))

    assert finding.reason is Reason.PLATFORM_UNKNOWN
    assert finding.sentence.endswith("supported on 2026-11-23: none.")
