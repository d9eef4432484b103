"""Versions and refusing by itself: what went wrong elsewhere (the numbers are those of README.md here)."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.contract.decide import standing_after
from plugin.contract.decision import SEPARATOR, Reason
from plugin.contract.policy import Product, ReleaseLine
from tests.lessons.shipped import at, changed, due, fault, judged, reasons, shipped


def expecco() -> Product:
    product = shipped().policy.product_named("expecco")
    assert product is not None
    return product


LONG_AGO = (
    "agreements/aurora-robotics.yaml",
    "{from: 2024-04-01, to: 2034-03-31}",
    "{from: 2014-04-01, to: 2034-03-31}",
)


@pytest.mark.parametrize(
    ("raised", "supported"),
    [
        ("2016-07-10", {"2.8", "2.9"}),
        ("2016-07-11", {"2.9", "2.10"}),
        ("2017-06-19", {"2.10", "2.11"}),
        ("2018-04-16", {"2.11", "18.1"}),
        ("2018-10-15", {"18.1", "18.2"}),
        ("2026-10-12", {"26.1", "26.2"}),
    ],
)
def test_2_10_is_newer_than_2_9_and_18_1_follows_2_11(raised: str, supported: set[str], tmp_path: Path) -> None:
    """Lesson 69: https://github.com/StephaneCouturier/Katalog/issues/714, 2.10 was read as older than 2.9."""
    mappings = changed(tmp_path, LONG_AGO)
    found = {
        line.name
        for line in expecco().lines
        if not reasons(judged(fault(f"{raised} 09:00", version=line.name), mappings=mappings))
    }
    assert found == supported


@pytest.mark.parametrize("written", ["2.91", "2.1", "2.100", "21.0", "18.10", "26.20"])
def test_a_number_that_was_made_up_to_get_round_the_order_is_asked_about(written: str) -> None:
    """Lesson 69: https://github.com/flexera-public/policy_templates/pull/1692, somebody called 2.10 by 2.91."""
    (reason,) = reasons(judged(fault(version=written)))
    assert reason in (Reason.VERSION_UNLISTED, Reason.VERSION_TOO_NEW)
    assert judged(fault(version=written)).eligibility.value == "needs information"


SPELLINGS = ["{}", "`{}`", "v{}", "expecco {}", "{}.0", "{}.3.1", "Version: {}", "{} (64 bit)", "{} Build 3121", "{}.x"]


@given(
    st.sampled_from(expecco().lines),
    st.sampled_from(SPELLINGS),
    st.dates(date(2024, 4, 1), date(2034, 3, 31)),
    st.integers(0, 400),
)
def test_nobody_is_told_to_update_to_what_they_have(line: ReleaseLine, spelling: str, raised: date, later: int) -> None:
    """Lesson 70: https://github.com/open-gsd/gsd-pi/pull/2192, "you run 1.18.0, please upgrade to 1.18.0"."""
    lines = [each.name for each in expecco().lines]
    asked = fault(f"{raised} 09:00", version=spelling.format(line.name))
    for finding in judged(asked, asked.raised + timedelta(days=later)).reasons:
        if finding.reason is Reason.VERSION_TOO_OLD:
            assert lines.index(finding.facts["update_to"]) > lines.index(line.name)
            assert line.name not in finding.facts["supported"].split(SEPARATOR)
            updated = replace(asked, version=finding.facts["update_to"])
            assert reasons(judged(updated, asked.raised + timedelta(days=later))) == []
        else:
            assert finding.reason is Reason.VERSION_PRERELEASE
            assert finding.facts["update_to"] in finding.facts["supported"].split(SEPARATOR)


@pytest.mark.parametrize(
    ("written", "accepted"),
    [
        ("Version: 26.2\nVersion: 26.2 (Universal)", True),
        ("26.2 (Universal)", True),
        ("Version: 26.2\nVersion: 26.2.1", True),
        ("Version: 26.2\nVersion: 26.1", False),
        ("Version: 25.1\nVersion: 25.1 (Universal)", False),
    ],
)
def test_a_version_written_twice_and_a_suffix_confuse_nobody(written: str, accepted: bool) -> None:
    """Lesson 71: https://github.com/microsoft/vscode-github-triage-actions/issues/61, both confused the bot."""
    decision = judged(fault(version=written))
    assert reasons(decision) == ([] if accepted else [Reason.VERSION_UNCLEAR])


@pytest.mark.parametrize(
    "written",
    [
        *("26.2", "v26.2", "V 26.2", "26.2.0", "26.2.0.0", "[26.2]", "(26.2)", "'26.2'", "26,2", " 26.2 ", "26.2."),
        *("expecco_26.2", "Release 26.2", "ver. 26.2", "26.2 Build 3121", "26.2-build.5", "26.2 r3121", "26.2 64-bit"),
    ],
)
def test_prefixes_trailing_zeros_builds_and_brackets_make_no_other_version(written: str) -> None:
    """Lesson 72: https://github.com/updatest/feedback/issues/31, judged before they were taken off."""
    assert reasons(judged(fault(version=written))) == []


@pytest.mark.parametrize(
    "written",
    [
        *("25.1 I think", "25.1?", "25.1 or newer", "at least 25.1", "25.1 and 26.2", "from 25.1 to 26.2", "25.1 LTS"),
        *("not 25.1", "25.1 on Windows 11", "latest", "the newest", "n/a", "26", "2026-10-12", "12.10.2026"),
    ],
)
def test_what_is_not_plain_is_asked_about_and_never_refused(written: str) -> None:
    """Lesson 73: https://github.com/bottlesdevs/Bottles/issues/3335, reports on the latest version were closed."""
    decision = judged(fault(version=written))
    assert reasons(decision) == [Reason.VERSION_UNCLEAR]
    assert decision.eligibility.value == "needs information"


@pytest.mark.parametrize("first", ["25.1", "latest", None, "26.2 beta", "99.1", "17.4"])
@pytest.mark.parametrize("then", ["26.2", "26.1", "expecco 26.2 (64 bit)"])
def test_who_was_asked_or_refused_comes_back_by_an_edit(first: str | None, then: str) -> None:
    """Lesson 73: https://github.com/i3/i3/issues/2399, the bot said "re-open" to those who could not."""
    asked = fault("2026-11-23 09:00", version=first)
    waiting = judged(asked, "2026-11-23 09:01")
    answered = replace(
        asked, version=then, amended=at("2026-11-24 10:00"), standing=standing_after(waiting, asked.standing)
    )
    decision = judged(answered, "2026-11-24 10:01")
    assert waiting.eligibility.value.waits
    assert (decision.eligibility.value, reasons(decision), decision.charge.value) == ("eligible", [], 1)
    assert due(decision) == "Tue 2026-11-24 18:00"


def test_a_patch_of_a_line_is_on_the_line_and_no_line_of_its_own() -> None:
    """Lesson 74: https://github.com/elastic/apm-agent-ruby/pull/715, nobody had said what a major version is."""
    for line, reason in (("26.2", []), ("26.1", []), ("25.2", [Reason.VERSION_TOO_OLD])):
        for patch in ("", ".0", ".1", ".1.7", ".99"):
            assert reasons(judged(fault(version=line + patch))) == reason, line + patch


def test_a_release_changes_nothing_for_requests_raised_before_it(tmp_path: Path) -> None:
    """Lesson 79: https://appfire.atlassian.net/wiki/spaces/SUPPORT/pages/1793557149, the day raised has to decide."""
    newest = "      - {line: 26.2, released: 2026-10-12, cites: C13}\n"
    entered = newest + "      - {line: 27.1, released: 2026-11-23, cites: C13}\n"
    mappings = changed(tmp_path, ("releases.yaml", newest, entered))
    before, on_the_day = fault("2026-11-22 23:59", version="26.1"), fault("2026-11-23 00:00", version="26.1")
    for now in ("2026-11-23 00:00", "2027-02-01 09:00"):
        assert reasons(judged(before, now, mappings)) == []
        assert reasons(judged(on_the_day, now, mappings)) == [Reason.VERSION_TOO_OLD]
