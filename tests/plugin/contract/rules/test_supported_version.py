"""C21, C28: the current release line and one back; older ones update first; what is not certain is asked."""

import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.contract.decision import Finding, Outcome, Reason
from plugin.contract.policy import Policy
from plugin.contract.rules.supported_version import supported_version
from tests.plugin.contract.builders import (
    POLICY,
    RELEASED,
    at,
    case,
    policy,
    policy_with_lines,
    request,
    table,
)

ACCEPTED = None


def judged(version: str | None, raised: str = "2026-11-23 09:00", under: Policy = POLICY) -> Finding:
    """What is found on the very day of raising."""
    (finding,) = supported_version(case(request(version, raised), under=under, now=at(raised)))
    return finding


@pytest.mark.parametrize(
    ("version", "reason"),
    [
        # As people write it
        ("25.1", ACCEPTED),
        ("v25.1", ACCEPTED),
        ("expecco 25.1", ACCEPTED),
        ("25,1", ACCEPTED),
        ("25.1.3 (64 bit)", ACCEPTED),
        ("25.1 Build 3121", ACCEPTED),
        ("`25.1`", ACCEPTED),
        ("25.1 25.1", ACCEPTED),
        ("25.1 and 25.1.3", ACCEPTED),
        ("25.1 Build 25.1.0.3121", ACCEPTED),
        ("Version: 25.1\nVersion: 25.1 (Universal)", ACCEPTED),
        ("25.1 on Windows 11", ACCEPTED),
        ("24.2", ACCEPTED),
        ("24.2.x", ACCEPTED),
        # Older than one back
        ("24.1", Reason.VERSION_TOO_OLD),
        ("`24.1`", Reason.VERSION_TOO_OLD),
        ("expecco 2.10 (64 bit)", Reason.VERSION_TOO_OLD),
        ("18.1.0.4", Reason.VERSION_TOO_OLD),
        ("24.1, 24.1.3", Reason.VERSION_TOO_OLD),
        # Not released
        ("25.2", Reason.VERSION_PRERELEASE),
        ("beta 25.2", Reason.VERSION_PRERELEASE),
        ("25.1rc1", Reason.VERSION_PRERELEASE),
        ("25.1-beta.2", Reason.VERSION_PRERELEASE),
        ("25.1b2", Reason.VERSION_PRERELEASE),
        ("24.1 beta", Reason.VERSION_PRERELEASE),
        # Asked
        (None, Reason.VERSION_MISSING),
        ("", Reason.VERSION_MISSING),
        (" \n\t\u00a0 ", Reason.VERSION_MISSING),
        ("25", Reason.VERSION_UNCLEAR),
        ("latest", Reason.VERSION_UNCLEAR),
        ("the newest one, I think", Reason.VERSION_UNCLEAR),
        ("24.2 and 25.1", Reason.VERSION_UNCLEAR),
        ("24.2/25.1", Reason.VERSION_UNCLEAR),
        ("24.2,25.1", Reason.VERSION_UNCLEAR),
        ("25.1 and 99.1", Reason.VERSION_UNCLEAR),
        ("2026-11-20", Reason.VERSION_UNCLEAR),
        ("20.1.2026", Reason.VERSION_UNCLEAR),
        ("20.01.2026", Reason.VERSION_UNCLEAR),
        ("not the beta, 25.1", Reason.VERSION_UNCLEAR),
        ("beta of 25.2", Reason.VERSION_UNCLEAR),
        ("🦊", Reason.VERSION_UNCLEAR),
        ("127.0.0.1", Reason.VERSION_TOO_NEW),
        ("26.0", Reason.VERSION_TOO_NEW),
        ("25.9", Reason.VERSION_TOO_NEW),
        ("25.0", Reason.VERSION_UNLISTED),
        ("99.99 beta", Reason.VERSION_TOO_NEW),
        ("2.91", Reason.VERSION_UNLISTED),
        ("2.1", Reason.VERSION_UNLISTED),
        ("10.0.0.1", Reason.VERSION_UNLISTED),
        # Old, but something else is written beside it
        ("24.1 on Windows 11", Reason.VERSION_UNCLEAR),
        ("24.1?", Reason.VERSION_UNCLEAR),
        ("24.1/25", Reason.VERSION_UNCLEAR),
        ("24.1+", Reason.VERSION_UNCLEAR),
        ("24.1 or newer", Reason.VERSION_UNCLEAR),
        ("no longer 24.1", Reason.VERSION_UNCLEAR),
        ("expecco ALM 24.1", Reason.VERSION_UNCLEAR),
        ("expecco ALM 2.3", Reason.VERSION_UNLISTED),
        ("Selenium 4.25", Reason.VERSION_UNLISTED),
    ],
)
def test_what_is_written_is_accepted_refused_or_asked_about(version: str | None, reason: Reason | None) -> None:
    finding = judged(version)
    refusals = (Reason.VERSION_TOO_OLD, Reason.VERSION_PRERELEASE)
    outcome = Outcome.MET if reason is None else Outcome.NOT_MET if reason in refusals else Outcome.UNKNOWN
    assert (finding.reason, finding.outcome) == (reason, outcome)


def test_the_order_is_that_of_the_list_and_not_of_the_numbers() -> None:
    """2.10 is newer than 2.9 and is not 2.1; 18.1 follows 2.11."""
    assert judged("2.9", "2016-12-01 09:00").reason is ACCEPTED
    assert judged("2.8", "2016-12-01 09:00").reason is Reason.VERSION_TOO_OLD
    assert judged("2.10", "2018-01-01 09:00").reason is ACCEPTED
    assert judged("2.9", "2018-01-01 09:00").reason is Reason.VERSION_TOO_OLD
    assert judged("2.11", "2018-06-01 09:00").reason is ACCEPTED
    assert judged("2.10", "2018-06-01 09:00").reason is Reason.VERSION_TOO_OLD


def test_25_is_asked_about_even_where_only_one_line_begins_so() -> None:
    only = policy_with_lines({"24.2": "2025-11-18", "25.1": "2026-05-19"})
    assert judged("25", under=only).reason is Reason.VERSION_UNCLEAR


def test_the_newest_of_nested_lines_decides() -> None:
    nested = policy_with_lines({"25.1.4": "2025-01-01", "25.1": "2026-01-01", "26.1": "2026-02-01"})
    assert judged("25.1.4", under=nested).reason is Reason.VERSION_TOO_OLD
    assert judged("25.1.3", under=nested).reason is ACCEPTED


def test_a_release_counts_from_its_day_on_in_the_vendors_zone() -> None:
    assert judged("24.2", "2026-11-30 23:59").reason is ACCEPTED
    assert judged("24.2", "2026-12-01 00:00").reason is Reason.VERSION_TOO_OLD


@pytest.mark.parametrize("version", ["24.1", "24.2", "25.1", "25.2 beta", "25", "24.1 or so", None])
def test_a_release_changes_nothing_for_requests_raised_before_it(version: str | None) -> None:
    without = policy_with_lines({line: day for line, day in RELEASED.items() if line != "25.2"})
    asked, after = request(version, "2026-11-30 23:59"), at("2027-02-01 09:00")
    if version == "25.2 beta":
        without = policy_with_lines({**RELEASED, "25.2": "2026-12-24"})
    assert supported_version(case(asked, now=after)) == supported_version(case(asked, under=without, now=after))


def test_who_updates_to_what_came_out_since_is_not_told_that_it_is_a_pre_release() -> None:
    asked = request("25.2", "2026-11-23 09:00")
    (before,) = supported_version(case(asked, now=at("2026-11-30 23:59")))
    (after,) = supported_version(case(asked, now=at("2026-12-01 00:00")))
    assert before.reason is Reason.VERSION_PRERELEASE
    assert (after.reason, after.outcome) == (None, Outcome.MET)
    assert after.sentence == "expecco 25.2 was released on 2026-12-01, since the request was raised."
    assert after.facts == {"product": "expecco", "line": "25.2"}
    assert after.cites == before.cites
    assert "expecco 25.2 is the current release" in judged("25.2", "2026-12-01 00:00").sentence


def test_a_refusal_names_the_line_and_what_to_update_to() -> None:
    finding = judged("expecco 24.1.2")
    assert finding.sentence == "expecco 24.1 is older than what is supported on 2026-11-23: 25.1 and 24.2."
    assert finding.facts == {
        "product": "expecco",
        "version": "expecco 24.1.2",
        "line": "24.1",
        "supported": "25.1; 24.2",
        "update_to": "25.1",
    }


def test_a_version_left_out_is_asked_for_with_what_is_supported() -> None:
    finding = judged(None)
    assert finding.sentence == "The request does not say which version of expecco it is about."
    assert finding.facts == {"product": "expecco", "version": "", "supported": "25.1; 24.2", "update_to": "25.1"}


def test_the_answer_cites_the_rule_the_line_and_the_number_of_lines() -> None:
    for version in ("25.1", "24.1", "25.2"):
        assert [str(each) for each in judged(version).cites] == [
            "C21, eligibility.yaml:44",
            "C21, releases.yaml:10",
            "C21, releases.yaml:1",
        ]
    assert [str(each) for each in judged("25").cites] == ["C21, eligibility.yaml:44", "C21, releases.yaml:9"]


@pytest.mark.parametrize(
    ("count", "supported"),
    [(0, []), (1, ["25.1"]), (3, ["24.1", "24.2", "25.1"]), (99, [line for line in RELEASED if line != "25.2"])],
)
def test_as_many_lines_are_supported_as_the_table_says(count: int, supported: list[str]) -> None:
    under = policy(supported_lines=table("C21", "releases.yaml", ({"product": "any"}, count)))
    assert [line for line in RELEASED if judged(line, under=under).reason is ACCEPTED] == supported


@pytest.mark.parametrize(
    ("raised", "reason"),
    [("2026-06-17 23:59", ACCEPTED), ("2026-06-18 00:00", Reason.VERSION_TOO_OLD)],
)
def test_a_line_that_was_just_pushed_out_is_supported_until_its_grace_ends(raised: str, reason: Reason | None) -> None:
    grace = policy(grace=table("C21", "releases.yaml", ({"product": "any"}, timedelta(days=30))))
    finding = judged("24.1", raised, grace)

    assert finding.reason is reason
    if reason is None:
        assert finding.sentence == (
            "expecco 24.1 is older than 25.1 and 24.2, and still supported until 2026-06-17: 30 days of grace."
        )
        assert finding.facts == {"product": "expecco", "line": "24.1"}
        assert [str(each) for each in finding.cites][1:] == ["C21, releases.yaml:10"] + ["C21, releases.yaml:1"] * 2
    else:
        assert finding.facts["supported"] == "25.1; 24.2"


def test_the_current_release_and_those_back_are_called_so() -> None:
    assert judged("25.1").sentence == "expecco 25.1 is the current release; supported on 2026-11-23: 25.1 and 24.2."
    assert "24.2 is a supported version back" in judged("24.2").sentence
    assert judged("24.2").facts == {"product": "expecco", "line": "24.2"}


def test_nothing_is_said_of_the_version_of_an_unknown_product() -> None:
    (finding,) = supported_version(case(request("24.1", product="Toaster")))
    assert (finding.outcome, finding.reason) == (Outcome.UNKNOWN, None)
    assert finding.sentence == "The version cannot be judged without knowing the product."


def test_each_product_has_lines_of_its_own() -> None:
    (finding,) = supported_version(case(request("2.3", product="ALM")))
    assert finding.reason is ACCEPTED
    (finding,) = supported_version(case(request("ALM 2.2", product="ALM")))
    assert finding.reason is Reason.VERSION_TOO_OLD


def test_a_product_of_which_nothing_is_released_is_asked_about() -> None:
    finding = judged("25.1", under=policy_with_lines({}))
    assert (finding.reason, dict(finding.facts)) == (
        Reason.VERSION_UNLISTED,
        {"product": "expecco", "version": "25.1"},
    )


def test_a_product_without_a_number_of_supported_lines_is_a_mistake_in_the_mapping_files() -> None:
    nothing = policy(supported_lines=table("C21", "releases.yaml", ({"product": "other"}, 2)))
    with pytest.raises(LookupError, match=r"releases\.yaml does not say how many lines of expecco"):
        judged("25.1", under=nothing)


def test_a_very_long_text_is_not_repeated_to_anybody() -> None:
    finding = judged("x" * 100_000)
    assert finding.reason is Reason.VERSION_UNCLEAR
    assert len(finding.sentence) < 200
    assert finding.facts["version"] == "x" * 80 + "…"
    assert judged("x" * 80).facts["version"] == "x" * 80


_WORDS = "25.1 24.2 24.1 2.10 2.9 25.2 25 11 2026 20.1. v beta rc1 not or Build bit expecco ALM Windows Version: β"
_PIECES = st.sampled_from([*_WORDS.split(), *"(),./-?+`\n", " ", " ", " ", "64 bit"])
_HARMLESS = re.compile(
    r"expecco|versions?:?|(32|64) ?bit|build ?\d+|\bv(?=[ .\d]|$)|[ \n`().,/:-]|beta|rc|\bv\b", re.IGNORECASE
)


@given(st.lists(_PIECES, max_size=8).map("".join) | st.text(max_size=40))
def test_only_a_plain_reading_of_one_line_is_ever_refused(text: str) -> None:
    """Judged by another, much stricter reader: one line's number, and nothing else that means anything."""
    finding = judged(text)
    if finding.outcome is not Outcome.NOT_MET:
        return
    line = finding.facts["line"]
    # 24.1.64 bit is on the line, be it patch 64 or 64 bits. Between two numbers with dots a comma separates.
    text = re.sub(r"(?i)(?<=[.,])(32|64) ?bit", " ", text)
    text = re.sub(r"(?<=\d)(\.\d+),(?=\d+\.\d)", r"\1, ", text)
    rest = re.sub(
        rf"(?<![\d,])(?<!\d\.){re.escape(line)}(\.[\dx*]+)*(?![.,]?\d)|{line.replace('.', ',')}(?!\d)", " ", text
    )
    assert rest != text
    if finding.reason is Reason.VERSION_PRERELEASE:
        rest = re.sub(r"(?i)(beta|rc)[-. ]?\d*", " ", rest)
    assert not _HARMLESS.sub("", rest).strip(), f"{text!r} was refused as {line}"


@given(st.text(max_size=60))
def test_no_text_raises(text: str) -> None:
    assert judged(text).cites
